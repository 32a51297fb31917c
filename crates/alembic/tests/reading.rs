//! Reading revision files: headers, plain Python, and what is left unknown.

use cofferdam_alembic::{Depth, Settings, Source, read};
use cofferdam_engine::revision::{Direction, Downgrade, Script};
use cofferdam_engine::script::Reading;
use cofferdam_engine::sql;
use proptest::prelude::*;

fn reading(text: &str, depth: Depth) -> Reading {
    let file = Source {
        path: "versions/a.py",
        bytes: text.as_bytes(),
    };
    let mut readings = read(&[file], &Settings::default(), depth);
    assert_eq!(readings.len(), 1);
    readings.remove(0)
}

fn script(text: &str) -> Script {
    let reading = reading(text, Depth::Whole);
    reading
        .script
        .unwrap_or_else(|| panic!("{:?}", reading.findings))
}

/// A revision whose `upgrade()` has these lines.
fn revision(module: &str, body: &str) -> Script {
    let body: String = body.lines().map(|line| format!("    {line}\n")).collect();
    script(&format!(
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'a1'\ndown_revision = None\n{module}\ndef upgrade():\n{body}\ndef downgrade():\n    pass\n"
    ))
}

fn statements(script: &Script, direction: Direction) -> Vec<String> {
    let text = script.revision.sql(direction);
    let split = sql::split(text);
    let bodies = split.statements.iter();
    bodies.map(|it| text[it.body.clone()].to_owned()).collect()
}

/// The statements of `upgrade()`, where everything is known.
fn up(module: &str, body: &str) -> Vec<String> {
    let script = revision(module, body);
    let python = script.python.as_ref().expect("a Python file");
    assert_eq!(python.upgrade.unreadable, []);
    let statements = statements(&script, Direction::Upgrade);
    assert_eq!(python.upgrade.lines.len(), statements.len());
    statements
}

/// The statements of `upgrade()` and the unreadable lines with their reasons.
fn partly(module: &str, body: &str) -> (Vec<String>, Vec<(u32, String)>) {
    let script = revision(module, body);
    let parts = &script.python.as_ref().expect("Python").upgrade.unreadable;
    let parts = parts.iter().map(|part| (part.line, part.reason.clone()));
    (statements(&script, Direction::Upgrade), parts.collect())
}

#[test]
fn windows_line_ends_are_line_ends_in_texts_too() {
    let unix = "from alembic import op\nrevision = 'a1'\ndown_revision = None\n\ndef upgrade():\n    op.execute(\"\"\"CREATE TABLE a (\n  id int\n)\"\"\")\n\ndef downgrade():\n    op.execute('DROP TABLE a')\n";
    let windows = script(&unix.replace('\n', "\r\n"));
    let unix = script(unix);
    assert_eq!(windows.revision, unix.revision);
    assert_eq!(windows.python, unix.python);
}

#[test]
fn a_docstring_is_the_first_statement_at_every_depth() {
    let rest = "revision = 'a1'\ndown_revision = None\n\ndef upgrade():\n    pass\n";
    for (start, doc) in [
        (
            "\"\"\"Add users\n\nRevision ID: a1\n\"\"\"\n",
            "Add users\n\nRevision ID: a1",
        ),
        ("# coding: utf-8\n\n'one\\nline'\n", "one\nline"),
        ("# coding: utf-8\n'plain'\n", "plain"),
        ("r\"\"\"a\\b\"\"\"\n", "a\\b"),
        ("\"\"\"Add\r\n\r\nMore\\r\r\"\"\"\r\n", "Add\n\nMore"),
        ("b'bytes'\n", ""),
        ("f'format'\n", ""),
        ("", ""),
    ] {
        for depth in [Depth::Header, Depth::Whole] {
            let script = reading(&format!("{start}{rest}"), depth).script;
            let python = script.and_then(|script| script.python).expect("Python");
            assert_eq!(python.doc, doc, "{start}");
        }
    }
}

#[test]
fn a_file_without_upgrade_is_no_empty_upgrade() {
    let script = script("revision = 'a1'\ndown_revision = None\n\ndef downgrade():\n    pass\n");
    let python = script.python.expect("a Python file");
    let reasons: Vec<&str> = python
        .upgrade
        .unreadable
        .iter()
        .map(|part| part.reason.as_str())
        .collect();
    assert_eq!(
        reasons,
        ["the file has no function upgrade(), without which Alembic stops"]
    );
}

#[test]
fn a_header_is_read_in_every_form() {
    let text = "\"\"\"Add users\n\nRevision ID: b2\nRevises: a1, c3\nCreate Date: 2025-10-02 09:14:27.481920+02:00\n\nFor the shop.\n\"\"\"\nfrom typing import Sequence, Union\nrevision: str = 'b2'\ndown_revision: Union[str, Sequence[str], None] = ('a1', 'c3')\nbranch_labels = ['shop']\ndepends_on = 'd4'\n\ndef upgrade():\n    pass\n";
    for depth in [Depth::Header, Depth::Whole] {
        let script = reading(text, depth).script.expect("a revision");
        let revision = &script.revision;
        assert_eq!(revision.id.as_str(), "b2");
        let down: Vec<&str> = revision.down.iter().map(|id| id.as_str()).collect();
        assert_eq!(down, ["a1", "c3"]);
        assert_eq!(revision.branch_labels, ["shop"]);
        assert_eq!(revision.depends_on, ["d4"]);
        assert_eq!(revision.message, "Add users");
        assert_eq!(revision.description, ["For the shop."]);
        assert_eq!(
            revision.create_date.as_deref(),
            Some("2025-10-02 09:14:27.481920+02:00")
        );
    }
    let script = reading(text, Depth::Whole).script.expect("a revision");
    assert_eq!(script.revision.downgrade, Downgrade::Missing);
}

#[test]
fn a_file_whose_place_in_the_history_is_not_known_says_where() {
    for (text, line) in [
        ("x = 1\n", 1),
        ("x = 1\nrevision = 2\n", 2),
        ("revision = 'a1'\n", 1),
        ("revision = 'a1'\ndown_revision = (\n", 3),
        ("revision = 'a b'\n", 1),
        ("import app\n\nrevision = app.ID\n", 3),
        ("revision = 'a'\ndown_revision = {1: 2}\n", 2),
    ] {
        let reading = reading(text, Depth::Whole);
        assert_eq!(reading.script, None, "{text}");
        assert_eq!(
            reading.findings[0].line, line,
            "{text}: {:?}",
            reading.findings
        );
    }
}

#[test]
fn plain_python_is_evaluated() {
    assert_eq!(
        up(
            "TABLES = ['a', 'b']",
            "for name in TABLES:\n    op.execute(f'DROP TABLE {name}')"
        ),
        ["DROP TABLE a;", "DROP TABLE b;"]
    );
    assert_eq!(
        up(
            "def drop(name, schema='public', *, cascade=False):\n    op.execute(f\"DROP TABLE {schema}.{name}{' CASCADE' if cascade else ''}\")",
            "drop('a')\ndrop(name='b', cascade=True)"
        ),
        ["DROP TABLE public.a;", "DROP TABLE public.b CASCADE;"]
    );
    assert_eq!(
        up(
            "",
            "op.execute('SELECT %s, %(a)s' % ('x',) if False else 'SELECT {0}, {n!r:>5}'.format(1, n='y'))"
        ),
        ["SELECT 1,   'y';"]
    );
    assert_eq!(
        up(
            "from textwrap import dedent\nimport json",
            "op.execute(dedent('''\n    SELECT 1;\n    SELECT 2\n'''))\nop.execute(\"SELECT '\" + json.dumps({'é': [1, None, 2.5]}) + \"'\")"
        ),
        [
            "SELECT 1;",
            "SELECT 2;",
            "SELECT '{\"\\u00e9\": [1, null, 2.5]}';"
        ]
    );
    assert_eq!(
        up(
            "import enum\nclass Role(str, enum.Enum):\n    ADMIN = 'admin'\n    USER = 'user'",
            "op.execute('SELECT ' + ', '.join(f\"'{r.value}'\" for r in Role))\nop.execute(Role.ADMIN.name)"
        ),
        ["SELECT 'admin', 'user';", "ADMIN;"]
    );
    assert_eq!(
        up(
            "",
            "names = {'b': 2, 'a': 1}\nnames.update(c=3)\nx, *rest = sorted(names, key=lambda n: names[n], reverse=True)\nop.execute(f'SELECT {x} {rest[-1]} {len(rest):03d}')\ni = 0\nwhile True:\n    i += 1\n    if i % 2: continue\n    if i > 4: break\n    op.execute(str(i))"
        ),
        ["SELECT c a 002;", "2;", "4;"]
    );
    assert_eq!(
        up(
            "",
            "try:\n    {}['x']\nexcept KeyError as error:\n    op.execute('caught')\nfinally:\n    op.execute('finally')"
        ),
        ["caught;", "finally;"]
    );
    assert_eq!(
        up(
            &format!("X = {}", vec!["'a'"; 2_000].join(" + ")),
            "op.execute(str(len(X)))"
        ),
        ["2000;"]
    );
}

#[test]
fn what_cannot_be_known_is_told_with_its_line() {
    assert_eq!(
        partly(
            "from app.models import TABLE\nNAME = TABLE",
            "op.execute('one')\nfor t in NAME:\n    op.execute(t)\nop.execute('two')"
        ),
        (
            vec!["one;".into(), "two;".into()],
            vec![(
                9,
                "needs the application's code: app.models.TABLE (line 6)".into()
            )]
        )
    );
    assert_eq!(
        partly(
            "import os",
            "if os.environ.get('X'):\n    name = 'a'\nelse:\n    name = 'b'\nop.execute('plain')"
        ),
        (vec!["plain;".into()], vec![])
    );
    let (sql, parts) = partly(
        "import os",
        "if os.getenv('X'):\n    return\nop.execute('maybe')\nop.execute('maybe')",
    );
    assert_eq!(sql, Vec::<String>::new());
    assert_eq!(
        parts,
        [(
            9,
            "runs or not by line 7, which needs the environment variable X".to_owned()
        )]
    );
    let (sql, parts) = partly("from app import helper", "helper(op)\nop.execute('after')");
    assert_eq!(sql, ["after;"]);
    assert_eq!(
        parts,
        [(7, "needs the application's code: app.helper".to_owned())]
    );
    let (_, parts) = partly("", "while True:\n    pass");
    assert_eq!(parts[0].1, "is too much work to follow");
    let (sql, parts) = partly("", "op.execute('one')\nraise ValueError('no')");
    assert_eq!(sql, ["one;"]);
    assert_eq!(parts, [(8, "raises ValueError: no".to_owned())]);
}

#[test]
fn a_loop_that_the_database_ends_is_not_run_once_and_called_known() {
    let (_, parts) = partly(
        "",
        "bind = op.get_bind()\nwhile True:\n    done = bind.execute(sa.text('DELETE FROM t WHERE id IN (SELECT id FROM t LIMIT 5)'))\n    if done.rowcount == 0:\n        break",
    );
    assert_eq!(
        parts,
        [(
            9,
            "runs again or not by line 9, which needs data from the database".to_owned()
        )]
    );
    let (sql, parts) = partly(
        "import os",
        "for name in ('a', 'b'):\n    op.drop_table(name)\n    if os.getenv('X'):\n        break\nop.execute('after')",
    );
    assert_eq!(sql, ["DROP TABLE a;", "after;"]);
    assert_eq!(
        parts,
        [(
            8,
            "runs again or not by line 9, which needs the environment variable X".to_owned()
        )]
    );
}

#[test]
fn a_generator_gives_only_what_is_known() {
    let (_, parts) = partly(
        "import os\ndef names():\n    yield 'a'\n    if os.getenv('X'):\n        yield 'b'",
        "for name in names():\n    op.drop_table(name)",
    );
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].1, "needs the environment variable X (line 8)");
    let (_, parts) = partly(
        "import os\ndef names():\n    yield from os.getenv('X')",
        "for name in names():\n    op.execute('one')",
    );
    assert_eq!(parts[0].1, "needs the environment variable X (line 7)");
    let (_, parts) = partly(
        "def names():\n    op.execute('one')\n    yield 'a'",
        "for name in names():\n    op.drop_table(name)",
    );
    assert_eq!(
        parts[0].1,
        "needs a generator that changes the database on its way"
    );
}

#[test]
fn a_match_that_depends_on_something_unknown_is_told() {
    let (sql, parts) = partly(
        "import os",
        "match os.getenv('X'):\n    case 'a':\n        op.execute('one')\n    case _:\n        op.execute('two')\nop.execute('after')",
    );
    assert_eq!(sql, ["after;"]);
    assert_eq!(parts[0].1, "needs the environment variable X");
}

#[test]
fn a_downgrade_that_always_raises_cannot_be_undone() {
    let script = script(
        "revision = 'a1'\ndown_revision = None\ndef upgrade():\n    pass\ndef downgrade():\n    raise NotImplementedError('data is gone')\n",
    );
    assert_eq!(
        script.revision.downgrade,
        Downgrade::Impossible {
            reason: "data is gone".into()
        }
    );
}

#[test]
fn nesting_that_no_parser_stands_is_refused() {
    for text in [
        format!("revision = {}1{}", "(".repeat(50_000), ")".repeat(50_000)),
        format!("revision = {}1", "-".repeat(50_000)),
        format!("revision = {}1", "not ".repeat(50_000)),
        format!("revision = {}1", "lambda: ".repeat(50_000)),
        (0..5_000)
            .map(|depth| format!("{}if 1:\n", " ".repeat(depth)))
            .collect(),
        format!("revision = {}1", "1 if 1 else ".repeat(50_000)),
    ] {
        let reading = reading(&text, Depth::Whole);
        assert_eq!(reading.script, None);
        assert_eq!(reading.findings.len(), 1);
    }
}

#[test]
fn values_that_nest_without_end_are_let_go() {
    for body in [
        "x = []\nx.append(x)\nop.execute(str(x))\nop.execute(str(x == [x]))",
        "x = {}\nx['x'] = x\nop.execute(json.dumps(x))\nx == {'x': x}",
        "x = 1\nfor i in range(100000):\n    x = [x]\nop.execute(f'{x}')\nop.execute(x)",
        "x = 1\nfor i in range(100000):\n    x = (x,)\nop.execute(f'{x}')",
        "x = 1\nfor i in range(100000):\n    x = {1: x}\ny = x == x",
        "x = []\nt = x\nfor i in range(100000):\n    y = []\n    t.append(y)\n    t = y\nop.execute(str(x))",
        "x = [1]\nfor i in range(60):\n    x = [x, x]\nop.execute(str(x == [x]))\nop.execute(str(x))",
        "x = [1]\nfor i in range(60):\n    x = [x, x]\nop.execute(x)\nsorted([x, x])",
        "x = ['a' * 1000000] * 1000\nop.execute(str(x))\nop.execute(''.join(x))",
        "s = 'a' * 3000000\nop.execute('%s%s%s' % (s, s, s))\nop.execute(f'{s}{s}{s}')",
        "d = {}\nfor i in range(1000000):\n    d[i] = i",
        "d = set()\nfor i in range(1000000):\n    d.add(i)",
        "x = 'a'\nfor i in range(100000):\n    x = x.lower",
        "p = None\nfor i in range(100000):\n    class A:\n        q = p\n    p = A",
        "x = 0\nfor i in range(100000):\n    x = list(enumerate([x]))",
        "f = None\nfor i in range(100000):\n    f = lambda f=f: f",
    ] {
        let start = std::time::Instant::now();
        revision("import json", body);
        println!(
            "{:.1?} {}",
            start.elapsed(),
            body.lines().last().unwrap_or_default()
        );
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let file = Source { path: "a.py", bytes: &bytes };
        read(&[file], &Settings::default(), Depth::Whole);
    }

    #[test]
    fn any_python_ends(words in prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..40)) {
        let body: String = words.join("");
        let text = format!("from alembic import op\nimport sqlalchemy as sa\nrevision = 'a'\ndef upgrade():\n    x = 'a'\n    {body}\n");
        let file = Source { path: "a.py", bytes: text.as_bytes() };
        read(&[file], &Settings::default(), Depth::Whole);
        read(&[file], &Settings::default(), Depth::Header);
    }
}

/// Pieces of Python that make many programs that parse, and some that do not.
const WORDS: [&str; 46] = [
    "x",
    "y",
    " = ",
    "\n    ",
    "\n        ",
    "if x:",
    "else:",
    "for x in ",
    "while x:",
    "return ",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ", ",
    " + ",
    " * ",
    " % ",
    " - ",
    "'a{}'",
    "1",
    "-3",
    "99999999",
    ".format",
    ".join",
    ".split",
    ".append",
    "range",
    "sorted",
    "op.execute",
    "sa.text",
    "f'{x:>9}'",
    "[1, 2, 3]",
    "lambda y: y",
    " if x else ",
    "x[",
    "1:2",
    "None",
    "raise ",
    "try:",
    "except:",
    "def y(x=1):",
    "break",
];

#[test]
fn json_is_written_and_read_as_python_does() {
    assert_eq!(
        up(
            "import json",
            "it = json.loads('{\"b\": [1, 2.5], \"a\": null}')\nop.execute(\"SELECT '\" + json.dumps(it) + \"'\")\nop.execute(\"SELECT '\" + json.dumps(it, indent=1, sort_keys=True) + \"'\")"
        ),
        [
            "SELECT '{\"b\": [1, 2.5], \"a\": null}';",
            "SELECT '{\n \"a\": null,\n \"b\": [\n  1,\n  2.5\n ]\n}';",
        ]
    );
}
