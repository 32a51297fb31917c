"""The real Alembic answers questions about histories: a line of JSON in, a line of JSON out.

Nothing of Alembic is replaced but three orders that it takes from Python sets, so that they change from run to run:
the dependencies of a revision, the rows that a merge deletes, and the rows that undoing one inserts. Here they are in
the order of the file.
"""

import json
import signal
import sys
import types
import warnings

from alembic.runtime import migration
from alembic.script import ScriptDirectory
from alembic.script import revision as model
from alembic.util import CommandError

warnings.simplefilter("ignore")

MODULE = types.SimpleNamespace(upgrade=lambda: None, downgrade=lambda: None)


class Map(model.RevisionMap):
    def _normalize_depends_on(self, revisions, map_):
        super()._normalize_depends_on(revisions, map_)
        for revision in revisions:
            left = set(revision._normalized_resolved_dependencies)
            revision._normalized_resolved_dependencies = tuple(
                dependency for dependency in dict.fromkeys(revision._resolved_dependencies) if dependency in left
            )


class Step(migration.RevisionStep):
    def merge_branch_idents(self, heads):
        delete, update, to = super().merge_branch_idents(heads)
        rows = sorted([*delete, update], key=self.from_revisions.index)
        return rows[:-1], rows[-1], to

    def _unmerge_to_revisions(self, heads):
        return tuple(sorted(super()._unmerge_to_revisions(heads), key=self.to_revisions.index))


migration.RevisionStep = Step


class Column:
    def __eq__(self, other):
        return str(other).strip("'")


class Write:
    """A statement on the version table, as the HeadMaintainer makes it."""

    def __init__(self, kind):
        self.kind, self.value, self.row = kind, None, None

    def values(self, version_num):
        self.value = str(version_num).strip("'")
        return self

    def where(self, row):
        self.row = row
        return self


class Table:
    c = types.SimpleNamespace(version_num=Column())
    insert = staticmethod(lambda: Write("insert"))
    update = staticmethod(lambda: Write("update"))
    delete = staticmethod(lambda: Write("delete"))


class Context:
    """What a HeadMaintainer needs of a MigrationContext."""

    as_sql = True
    _version = Table
    version_table = "alembic_version"

    def __init__(self):
        self.impl = self
        self.writes = []

    def _exec(self, write):
        self.writes.append([write.kind, *(text for text in (write.row, write.value) if text is not None)])


def script_directory(nodes):
    revisions = []
    for node in nodes:
        revision = model.Revision(
            node["id"], tuple(node["down"]), tuple(node["depends_on"]) or None, tuple(node["labels"])
        )
        revision.module = MODULE
        revisions.append(revision)
    directory = ScriptDirectory.__new__(ScriptDirectory)
    directory.revision_map = Map(lambda: revisions)
    directory.revision_map._revision_map
    return directory, revisions


def steps(directory, question):
    rows, target = tuple(question["rows"]), question["target"]
    match question["kind"]:
        case "upgrade":
            return directory._upgrade_revs(target, rows)
        case "downgrade":
            return directory._downgrade_revs(target, rows)
        case "stamp":
            return directory._stamp_revs(tuple(target.split()), rows)


def answer(directory, question):
    kind, target = question["kind"], question["target"]
    if kind == "resolve":
        found = directory.get_revisions(target)
        return {"revisions": [revision.revision for revision in found]}
    if kind == "range":
        low, high = (
            tuple(question["rows"]) if end == "current" else end for end in target.split(":")
        )
        found = directory.walk_revisions(low or "base", high or "heads")
        return {"revisions": [revision.revision for revision in found]}
    context = Context()
    maintainer = migration.HeadMaintainer(context, question["rows"])
    answered = {"revisions": [], "writes": [], "heads": []}
    try:
        for step in steps(directory, question):
            context.writes = []
            if kind != "stamp":
                answered["revisions"].append(step.revision.revision)
            maintainer.update_to_step(step)
            answered["writes"].append(context.writes)
            answered["heads"].append(sorted(maintainer.heads))
    except (AssertionError, KeyError) as error:
        if not answered["revisions"] and not answered["writes"]:
            raise
        # The steps are known, and one of them cannot be written.
        answered["stuck"] = type(error).__name__
        if kind != "stamp":
            answered["revisions"] = [step.revision.revision for step in steps(directory, question)]
    return answered


def give_up(*_):
    raise TimeoutError


# A circle that Alembic does not see can keep it busy for ever.
signal.signal(signal.SIGALRM, give_up)


def asked(ask, *arguments):
    signal.alarm(5)
    try:
        return ask(*arguments)
    except CommandError as error:
        cause = error.__cause__
        return {"error": type(cause or error).__name__, "words": str(error)}
    except model.RevisionError as error:
        return {"error": type(error).__name__, "words": str(error)}
    except Exception as error:
        return {"crash": type(error).__name__, "words": str(error)}
    finally:
        signal.alarm(0)


def shape(directory, revisions):
    map_ = directory.revision_map
    return {
        "heads": list(map_.heads),
        "effective_heads": list(map_._real_heads),
        "bases": list(map_.bases),
        "labels": {revision.revision: sorted(revision.branch_labels) for revision in revisions},
    }


for line in sys.stdin:
    task = json.loads(line)
    loaded = asked(lambda: {"directory": script_directory(task["nodes"])})
    if "directory" not in loaded:
        print(json.dumps(loaded), flush=True)
        continue
    directory, revisions = loaded["directory"]
    answers = [asked(answer, directory, question) for question in task["questions"]]
    print(json.dumps({"shape": shape(directory, revisions), "answers": answers}), flush=True)
