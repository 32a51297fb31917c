//! Scripts → history: every check, the order, and the branch labels.

use super::{History, HistoryError, Link};
use crate::config::Project;
use crate::revision::{RevisionId, Script};
use petgraph::Direction as Way;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::Arc;

/// Builds the history of `scripts`, or tells everything that is wrong with them, in order of path.
pub(super) fn build(
    mut scripts: Vec<Script>,
    project: Option<&Project>,
) -> Result<History, Vec<HistoryError>> {
    scripts.sort_by(|a, b| reading_order(&a.path, &b.path));
    if let Some(project) = project.filter(|project| project.version_locations.len() > 1) {
        scripts.sort_by_cached_key(|script| project.location_of(&script.path));
    }
    let mut errors: Vec<(String, HistoryError)> = Vec::new();
    let names = Names::of(&scripts, &mut errors);
    let links = links(&scripts, &names, &mut errors);
    let order = order(&scripts, &links);
    if order.len() < scripts.len() {
        cycles(&scripts, &links, &mut errors);
    }
    if !errors.is_empty() {
        errors.sort_by(|a, b| a.0.cmp(&b.0));
        return Err(errors.into_iter().map(|(_, error)| error).collect());
    }
    let labels = names
        .labels
        .into_iter()
        .map(|(label, at)| (label.to_owned(), at))
        .collect();
    Ok(assemble(scripts, &links, &order, labels))
}

/// The order in which Alembic reads files (`_list_py_dir` of alembic/script/base.py): by name, the files of a folder
/// before those of the folders in it. It decides between steps that may stand in any order.
fn reading_order(a: &str, b: &str) -> Ordering {
    let (folder_a, name_a) = a.rsplit_once('/').unwrap_or(("", a));
    let (folder_b, name_b) = b.rsplit_once('/').unwrap_or(("", b));
    match folder_a == folder_b {
        true => name_a.cmp(name_b),
        false => folder_a.split('/').cmp(folder_b.split('/')),
    }
}

/// What a script hangs on, by positions in order of path.
struct Links {
    /// Parents first, in the file's order, each once.
    edges: Vec<(usize, Link)>,
    /// Every dependency, those too that are parents.
    depends: Vec<usize>,
}

/// What the scripts are called, by their positions in order of path.
struct Names<'a> {
    ids: HashMap<&'a str, usize>,
    labels: BTreeMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn of(scripts: &'a [Script], errors: &mut Vec<(String, HistoryError)>) -> Self {
        let mut ids: HashMap<&str, usize> = HashMap::default();
        ids.reserve(scripts.len());
        for (at, script) in scripts.iter().enumerate() {
            let id = &script.revision.id;
            if let Some(first) = ids.get(id.as_str()) {
                let error = HistoryError::DuplicateId {
                    id: id.clone(),
                    first: scripts[*first].path.clone(),
                    second: script.path.clone(),
                };
                errors.push((script.path.clone(), error));
            } else {
                ids.insert(id.as_str(), at);
            }
        }
        let mut labels: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, script) in scripts.iter().enumerate() {
            for label in &script.revision.branch_labels {
                let path = script.path.clone();
                if let Some(other) = ids.get(label.as_str()) {
                    let other = scripts[*other].path.clone();
                    let error = HistoryError::LabelIsId {
                        label: label.clone(),
                        path: path.clone(),
                        other,
                    };
                    errors.push((path, error));
                    continue;
                }
                match labels.get(label.as_str()) {
                    Some(first) if *first != at => {
                        let first = scripts[*first].path.clone();
                        let error = HistoryError::DuplicateLabel {
                            label: label.clone(),
                            first,
                            second: path.clone(),
                        };
                        errors.push((path, error));
                    }
                    Some(_) => {}
                    None => {
                        labels.insert(label, at);
                    }
                }
            }
        }
        Names { ids, labels }
    }

    /// Every script whose id, or branch label, `text` is; else those whose id begins with it.
    fn find(&self, text: &str) -> Vec<usize> {
        if let Some(at) = self.ids.get(text).or_else(|| self.labels.get(text)) {
            return vec![*at];
        }
        if text.is_empty() {
            return Vec::new();
        }
        let mut longer: Vec<(&str, usize)> = self
            .ids
            .iter()
            .filter(|(id, _)| id.starts_with(text))
            .map(|(id, at)| (*id, *at))
            .collect();
        longer.sort_unstable();
        longer.into_iter().map(|(_, at)| at).collect()
    }
}

fn links(
    scripts: &[Script],
    names: &Names<'_>,
    errors: &mut Vec<(String, HistoryError)>,
) -> Vec<Links> {
    let mut all = Vec::with_capacity(scripts.len());
    for (at, script) in scripts.iter().enumerate() {
        let (id, path) = (&script.revision.id, &script.path);
        let mut links: Vec<(usize, Link)> = Vec::new();
        let mut depends: Vec<usize> = Vec::new();
        let mut found = |below: usize, link: Link, errors: &mut Vec<(String, HistoryError)>| {
            if below == at {
                let error = HistoryError::SelfLoop {
                    id: id.clone(),
                    path: path.clone(),
                };
                if errors.last().is_none_or(|(_, last)| *last != error) {
                    errors.push((path.clone(), error));
                }
            } else if links.iter().all(|(other, _)| *other != below) {
                links.push((below, link));
            }
        };
        for down in &script.revision.down {
            match names.ids.get(down.as_str()) {
                Some(below) if scripts[*below].revision.id == *id => {
                    found(at, Link::Parent, errors)
                }
                Some(below) => found(*below, Link::Parent, errors),
                None => errors.push((
                    path.clone(),
                    HistoryError::MissingDown {
                        id: id.clone(),
                        path: path.clone(),
                        missing: down.to_string(),
                    },
                )),
            }
        }
        for text in &script.revision.depends_on {
            match names.find(text).as_slice() {
                [below] if scripts[*below].revision.id == *id => {
                    found(at, Link::Dependency, errors)
                }
                [below] => {
                    depends.push(*below);
                    found(*below, Link::Dependency, errors);
                }
                [] => errors.push((
                    path.clone(),
                    HistoryError::MissingDependency {
                        id: id.clone(),
                        path: path.clone(),
                        missing: text.clone(),
                    },
                )),
                several => errors.push((
                    path.clone(),
                    HistoryError::AmbiguousDependency {
                        id: id.clone(),
                        path: path.clone(),
                        text: text.clone(),
                        candidates: several
                            .iter()
                            .map(|at| scripts[*at].revision.id.clone())
                            .collect(),
                    },
                )),
            }
        }
        all.push(Links {
            edges: links,
            depends,
        });
    }
    all
}

/// The positions of the scripts, those below first; ties by create date, then id. Members of circles, and
/// what is above them, are left out.
fn order(scripts: &[Script], links: &[Links]) -> Vec<usize> {
    let mut above: Vec<Vec<usize>> = vec![Vec::new(); scripts.len()];
    let mut waiting: Vec<usize> = links.iter().map(|links| links.edges.len()).collect();
    for (at, links) in links.iter().enumerate() {
        for (below, _) in &links.edges {
            above[*below].push(at);
        }
    }
    let key = |at: usize| {
        let revision = &scripts[at].revision;
        Reverse((
            revision.create_date.as_deref().unwrap_or(""),
            revision.id.as_str(),
            at,
        ))
    };
    let mut ready: BinaryHeap<_> = (0..scripts.len())
        .filter(|at| waiting[*at] == 0)
        .map(key)
        .collect();
    let mut order = Vec::with_capacity(scripts.len());
    while let Some(Reverse((_, _, at))) = ready.pop() {
        order.push(at);
        for next in &above[at] {
            waiting[*next] -= 1;
            if waiting[*next] == 0 {
                ready.push(key(*next));
            }
        }
    }
    order
}

/// One error for each knot of circles: its shortest way to describe it is one circle through its smallest id.
fn cycles(scripts: &[Script], links: &[Links], errors: &mut Vec<(String, HistoryError)>) {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(scripts.len(), scripts.len());
    for _ in scripts {
        graph.add_node(());
    }
    for (at, links) in links.iter().enumerate() {
        for (below, _) in &links.edges {
            graph.add_edge(NodeIndex::new(at), NodeIndex::new(*below), ());
        }
    }
    for knot in kosaraju_scc(&graph) {
        if knot.len() < 2 {
            continue;
        }
        let inside: BTreeSet<usize> = knot.iter().map(|at| at.index()).collect();
        let walk = walk_circle(scripts, links, &inside);
        let member = |at: &usize| (scripts[*at].revision.id.clone(), scripts[*at].path.clone());
        let members: Vec<(RevisionId, String)> = walk.iter().map(member).collect();
        let path = members
            .iter()
            .map(|(_, path)| path.clone())
            .min()
            .unwrap_or_default();
        errors.push((path, HistoryError::Cycle { members }));
    }
}

/// Walks down inside a strongly connected part until a revision comes again; the circle, from its smallest id.
fn walk_circle(scripts: &[Script], links: &[Links], inside: &BTreeSet<usize>) -> Vec<usize> {
    let id = |at: &usize| scripts[*at].revision.id.clone();
    let mut walk: Vec<usize> = Vec::new();
    let mut seen: HashMap<usize, usize> = HashMap::default();
    let mut next = inside.iter().copied().min_by_key(id);
    while let Some(at) = next {
        if let Some(first) = seen.get(&at) {
            walk.drain(..*first);
            break;
        }
        seen.insert(at, walk.len());
        walk.push(at);
        next = links[at]
            .edges
            .iter()
            .map(|(below, _)| *below)
            .find(|below| inside.contains(below));
    }
    if let Some(start) = (0..walk.len()).min_by_key(|place| id(&walk[*place])) {
        walk.rotate_left(start);
    }
    walk
}

/// Puts checked scripts into the graph in their order.
fn assemble(
    scripts: Vec<Script>,
    links: &[Links],
    order: &[usize],
    labels_at: Vec<(String, usize)>,
) -> History {
    let mut places = vec![NodeIndex::new(0); scripts.len()];
    for (place, at) in order.iter().enumerate() {
        places[*at] = NodeIndex::new(place);
    }
    let mut taken: Vec<Option<Script>> = scripts.into_iter().map(Some).collect();
    let mut history = History {
        graph: DiGraph::with_capacity(order.len(), order.len()),
        ..History::default()
    };
    history.positions.reserve(order.len());
    for at in order {
        if let Some(script) = taken[*at].take() {
            let id = script.revision.id.clone();
            let node = history.graph.add_node(script);
            history.positions.insert(id, node);
        }
    }
    for at in order {
        for (below, link) in &links[*at].edges {
            history.graph.add_edge(places[*below], places[*at], *link);
        }
    }
    history.labelled = labels_at
        .into_iter()
        .map(|(label, at)| (label, places[at]))
        .collect();
    history.labels = labels(&history);
    history.files = order.to_vec();
    let depends: Vec<Vec<NodeIndex>> = order
        .iter()
        .map(|at| {
            links[*at]
                .depends
                .iter()
                .map(|below| places[*below])
                .collect()
        })
        .collect();
    history.stands_on = stands_on(&history, &depends);
    history
}

/// The parents of each node, then its dependencies without those on which a revision further down its
/// own branch depends already.
fn stands_on(history: &History, depends: &[Vec<NodeIndex>]) -> Vec<Vec<NodeIndex>> {
    let mut first: HashMap<NodeIndex, NodeIndex> = HashMap::default();
    let mut all = Vec::with_capacity(history.len());
    for at in history.graph.node_indices() {
        let parents = history.below(at, Link::Parent);
        let mut dependencies = history.below(at, Link::Dependency);
        let earliest = dependencies
            .iter()
            .filter_map(|below| first.get(below))
            .min();
        if let Some(earliest) = earliest.copied() {
            let mut open = parents.clone();
            let mut seen: HashSet<NodeIndex> = open.iter().copied().collect();
            while let Some(node) = open.pop()
                && !dependencies.is_empty()
            {
                dependencies.retain(|below| !depends[node.index()].contains(below));
                // What is below the first of those that depend on any of them depends on none.
                let parents = history.linked(node, Way::Incoming, Link::Parent);
                open.extend(parents.filter(|parent| *parent >= earliest && seen.insert(*parent)));
            }
        }
        for below in &depends[at.index()] {
            first.entry(*below).or_insert(at);
        }
        let mut below = parents;
        below.append(&mut dependencies);
        all.push(below);
    }
    all
}

/// The labels of every node: inherited from parents upwards, and, as Alembic does (`_add_branches` of
/// alembic/script/revision.py), downwards from a label whose branch has neither forked nor merged, as far as
/// the point where the branch began.
fn labels(history: &History) -> Vec<Arc<BTreeSet<String>>> {
    let none = Arc::new(BTreeSet::new());
    let mut own: HashMap<NodeIndex, Vec<&String>> = HashMap::default();
    for (label, at) in &history.labelled {
        own.entry(*at).or_default().push(label);
    }
    let mut all: Vec<Arc<BTreeSet<String>>> = Vec::with_capacity(history.len());
    for at in history.graph.node_indices() {
        let mut labels = Arc::clone(&none);
        for parent in history.linked(at, Way::Incoming, Link::Parent) {
            let inherited = &all[parent.index()];
            if labels.is_empty() {
                labels = Arc::clone(inherited);
            } else if !Arc::ptr_eq(&labels, inherited) {
                Arc::make_mut(&mut labels).extend(inherited.iter().cloned());
            }
        }
        if let Some(own) = own.get(&at) {
            Arc::make_mut(&mut labels).extend(own.iter().map(|label| (*label).clone()));
        }
        all.push(labels);
    }
    for (label, at) in &history.labelled {
        for below in branch_below(history, *at) {
            Arc::make_mut(&mut all[below.index()]).insert(label.clone());
        }
    }
    all
}

/// The revisions of the branch of `at` that are below it, where it has neither forked nor merged since.
fn branch_below(history: &History, at: NodeIndex) -> Vec<NodeIndex> {
    let joint = |at: NodeIndex| {
        history
            .graph
            .edges_directed(at, Way::Outgoing)
            .nth(1)
            .is_some()
            || history
                .linked(at, Way::Incoming, Link::Parent)
                .nth(1)
                .is_some()
    };
    let mut above = Some(at);
    while let Some(at) = above {
        if joint(at) {
            return Vec::new();
        }
        above = history.linked(at, Way::Outgoing, Link::Parent).next();
    }
    let mut below = Vec::new();
    let mut next = history.linked(at, Way::Incoming, Link::Parent).next();
    while let Some(at) = next {
        if joint(at) {
            break;
        }
        below.push(at);
        next = history.linked(at, Way::Incoming, Link::Parent).next();
    }
    below
}
