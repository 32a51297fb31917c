//! Which lines of a tree are shown: what is open, what the search finds, and where they stand.

use cofferdam_engine::catalog::tree::{Mark, Node, Sort};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where a node stands: its index among its siblings, from the top down.
pub type Path = Vec<usize>;

/// A tree with a line for each kind of object above its objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    nodes: Vec<Node>,
}

/// What a person looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// In lower case; each has to be in a line's name or words.
    pub words: Vec<String>,
    pub only_changes: bool,
}

/// One line of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub path: Path,
    pub sort: Sort,
    /// What stands before the name, where the line above does not say it.
    pub kind: String,
    pub name: String,
    pub words: String,
    pub before: Option<String>,
    pub mark: Option<Mark>,
    /// None where there is nothing to open.
    pub open: Option<bool>,
    /// Its number among the siblings that are shown, from 1, and how many these are.
    pub place: (usize, usize),
    /// How many things are in it.
    pub inside: Option<usize>,
}

impl Line {
    pub fn level(&self) -> usize {
        self.path.len()
    }
}

/// What tells a line's element apart from others of its tree.
pub fn id(path: &[usize]) -> String {
    let numbers: Vec<String> = path.iter().map(usize::to_string).collect();
    numbers.join("-")
}

impl Tree {
    /// `nodes` in groups of one kind, in their order.
    pub fn new(nodes: Vec<Node>) -> Arc<Self> {
        let mut groups: Vec<Node> = Vec::new();
        for node in nodes {
            match groups.last_mut() {
                Some(group) if group.kind == node.kind => group.children.push(node),
                _ => groups.push(Node {
                    sort: Sort::List,
                    kind: node.kind.clone(),
                    name: plural(&node.kind),
                    words: String::new(),
                    before: None,
                    mark: None,
                    children: vec![node],
                }),
            }
        }
        for group in &mut groups {
            if group.children.iter().any(|node| node.mark.is_some()) {
                group.mark = Some(Mark::Changed);
            }
        }
        Arc::new(Tree { nodes: groups })
    }

    /// How many objects there are, and how many of them differ.
    pub fn counts(&self) -> (usize, usize) {
        let objects = || self.nodes.iter().flat_map(|group| &group.children);
        let differing = objects().filter(|node| node.mark.is_some());
        (objects().count(), differing.count())
    }

    /// What is open before anybody has opened anything: the kinds, and the way to every change while these are few.
    pub fn first_open(&self) -> BTreeSet<Path> {
        let mut open: BTreeSet<Path> = (0..self.nodes.len()).map(|at| vec![at]).collect();
        let (objects, differing) = self.counts();
        if differing > FEW {
            return open;
        }
        // A tree of new objects only says nothing with every line of them.
        let is_all_new = differing == objects && objects > 1;
        for (at, group) in self.nodes.iter().enumerate() {
            for (index, node) in group.children.iter().enumerate() {
                let whole = matches!(node.mark, Some(Mark::Added | Mark::Removed));
                if node.mark.is_some() && !(whole && is_all_new) {
                    open_changes(node, vec![at, index], &mut open);
                }
            }
        }
        open
    }

    /// The lines to show, from the top.
    pub fn lines(&self, open: &BTreeSet<Path>, wanted: &Wanted) -> Vec<Line> {
        let mut lines = Vec::new();
        push(&self.nodes, &mut Vec::new(), open, wanted, &mut lines);
        lines
    }
}

/// Objects that differ and are open from the start.
const FEW: usize = 12;

fn open_changes(node: &Node, path: Path, open: &mut BTreeSet<Path>) {
    for (at, child) in node.children.iter().enumerate() {
        if child.mark.is_some() && node.sort != Sort::Part {
            let mut below = path.clone();
            below.push(at);
            open_changes(child, below, open);
        }
    }
    if !node.children.is_empty() {
        open.insert(path);
    }
}

fn push(
    nodes: &[Node],
    path: &mut Path,
    open: &BTreeSet<Path>,
    wanted: &Wanted,
    lines: &mut Vec<Line>,
) {
    let shown: Vec<(usize, &Node)> = nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| is_shown(node, wanted))
        .collect();
    let all = shown.len();
    for (place, (at, node)) in shown.into_iter().enumerate() {
        path.push(at);
        let long = node.words.contains('\n');
        // What is found inside shows itself.
        let found = !wanted.words.is_empty()
            && node
                .children
                .iter()
                .any(|child| contains(child, &wanted.words));
        let is_open = open.contains(path) || found;
        lines.push(Line {
            path: path.clone(),
            sort: node.sort,
            kind: node.kind.clone(),
            name: node.name.clone(),
            words: node.words.clone(),
            before: node.before.clone(),
            mark: node.mark,
            open: (long || !node.children.is_empty()).then_some(is_open),
            place: (place + 1, all),
            inside: (node.sort == Sort::List).then_some(node.children.len()),
        });
        if is_open {
            // Below what is found itself, everything stands as usual.
            let below = match matches(node, &wanted.words) {
                true if !found => &Wanted {
                    words: Vec::new(),
                    ..wanted.clone()
                },
                _ => wanted,
            };
            push(&node.children, path, open, below, lines);
        }
        path.pop();
    }
}

fn is_shown(node: &Node, wanted: &Wanted) -> bool {
    (!wanted.only_changes || node.mark.is_some()) && contains(node, &wanted.words)
}

fn contains(node: &Node, words: &[String]) -> bool {
    matches(node, words) || node.children.iter().any(|child| contains(child, words))
}

fn matches(node: &Node, words: &[String]) -> bool {
    let name = node.name.to_lowercase();
    let text = node.words.to_lowercase();
    words
        .iter()
        .all(|word| name.contains(word) || text.contains(word))
}

/// Such as `Tables`, of `table`.
fn plural(kind: &str) -> String {
    let many = match kind.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if kind.ends_with('s') || kind.ends_with("ex") => format!("{kind}es"),
        None => format!("{kind}s"),
    };
    let mut letters = many.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => many,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cofferdam_engine::catalog::tree::{compared, tree};
    use cofferdam_engine::catalog::{Catalog, Column, Object, Relation};

    fn catalog(tables: &[(&str, &[&str])]) -> Catalog {
        let tables = tables.iter().map(|(name, columns)| {
            Object::Table(Relation {
                schema: "public".into(),
                name: (*name).into(),
                columns: columns
                    .iter()
                    .map(|name| Column {
                        name: (*name).into(),
                        type_: "text".into(),
                        ..Column::default()
                    })
                    .collect(),
                ..Relation::default()
            })
        });
        Catalog::new(18, tables)
    }

    fn names(lines: &[Line]) -> Vec<String> {
        lines
            .iter()
            .map(|line| format!("{}{}", "  ".repeat(line.level() - 1), line.name))
            .collect()
    }

    #[test]
    fn lines_show_what_is_open_and_count_those_that_are_shown() {
        let tree = Tree::new(tree(&catalog(&[("a", &["x"]), ("b", &["y", "z"])])));
        let open = tree.first_open();
        let lines = tree.lines(&open, &Wanted::default());
        assert_eq!(names(&lines), ["Tables", "  a", "  b"]);
        assert_eq!(lines[2].place, (2, 2));
        assert_eq!(lines[2].open, Some(false));
        let more = open
            .into_iter()
            .chain([vec![0, 1], vec![0, 1, 0]])
            .collect();
        let lines = tree.lines(&more, &Wanted::default());
        assert_eq!(
            names(&lines),
            ["Tables", "  a", "  b", "    columns", "      y", "      z"]
        );
    }

    #[test]
    fn a_search_opens_the_way_to_what_it_finds() {
        let tree = Tree::new(tree(&catalog(&[("a", &["x"]), ("b", &["y", "z"])])));
        let find = |words: &[&str]| {
            let wanted = Wanted {
                words: words.iter().map(|word| (*word).to_owned()).collect(),
                only_changes: false,
            };
            names(&tree.lines(&BTreeSet::new(), &wanted))
        };
        assert_eq!(
            find(&["z", "text"]),
            ["Tables", "  b", "    columns", "      z"]
        );
        assert_eq!(find(&["nothing"]), Vec::<String>::new());
    }

    #[test]
    fn changes_are_open_from_the_start_and_can_stand_alone() {
        let before = catalog(&[("a", &["x"]), ("b", &["y"])]);
        let after = catalog(&[("a", &["x"]), ("b", &["y", "z"])]);
        let tree = Tree::new(compared(&before, &after).expect("one version"));
        assert_eq!(tree.counts(), (2, 1));
        let wanted = Wanted {
            only_changes: true,
            ..Wanted::default()
        };
        let lines = tree.lines(&tree.first_open(), &wanted);
        assert_eq!(names(&lines), ["Tables", "  b", "    columns", "      z"]);
        assert_eq!(lines[3].mark, Some(Mark::Added));
    }

    #[test]
    fn kinds_have_their_plural() {
        assert_eq!(plural("table"), "Tables");
        assert_eq!(plural("policy"), "Policies");
        assert_eq!(plural("index"), "Indexes");
    }
}
