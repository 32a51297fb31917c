//! A catalog as a tree, for a text and for a page: objects, what they are made of, and how two catalogs differ in them.

use super::diff::PARTS;
use super::words::{Described, definition, text};
use super::{Catalog, CatalogError, Kind, Object, value};
use crate::sql::identifier;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What a comparison says of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    Added,
    Removed,
    /// It, or something below it.
    Changed,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    Object,
    /// The parts of one kind that an object has.
    List,
    Part,
    /// A property, such as an owner.
    Field,
}

/// One line of a tree, with what stands below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    pub sort: Sort,
    /// Of an object its kind, of a part what it is (`column`); of a list and a field the same as `name`.
    pub kind: String,
    /// As SQL writes it; an object's with its schema, but for `public`.
    pub name: String,
    /// What it is, in SQL's words; it may have several lines, and be empty.
    pub words: String,
    /// What the words were, where two catalogs are compared and they changed.
    pub before: Option<String>,
    /// None where nothing is compared, or nothing differs.
    pub mark: Option<Mark>,
    pub children: Vec<Node>,
}

impl Node {
    fn new(sort: Sort, kind: &str, name: String, words: String, children: Vec<Node>) -> Self {
        Node {
            sort,
            kind: kind.to_owned(),
            name,
            words,
            before: None,
            mark: None,
            children,
        }
    }

    /// It and everything below it.
    pub fn count(&self) -> usize {
        1 + self.children.iter().map(Node::count).sum::<usize>()
    }

    fn marked(mut self, mark: Mark) -> Self {
        self.mark = Some(mark);
        let children = std::mem::take(&mut self.children);
        self.children = children.into_iter().map(|one| one.marked(mark)).collect();
        self
    }
}

/// The catalog's objects in its own order, each with what it is made of: its parts list by list, then its other properties.
pub fn tree(catalog: &Catalog) -> Vec<Node> {
    catalog.objects().map(object).collect()
}

/// Both catalogs as one tree: what is in `after`, with marks where `before` differs, and what is in `before` only at its old
/// place. Where [`super::diff`] finds nothing, nothing is marked; what it finds is marked, with everything above it.
///
/// # Errors
/// Where they are of different major versions.
pub fn compared(before: &Catalog, after: &Catalog) -> Result<Vec<Node>, CatalogError> {
    if before.major != after.major {
        return Err(CatalogError::OtherMajor(before.major, after.major));
    }
    Ok(merged(tree(before), tree(after)))
}

/// A tree as indented lines; `+`, `-` and `~` stand before what was added, removed and changed where anything is marked.
pub fn lines(nodes: &[Node]) -> String {
    let with_marks = nodes.iter().any(|node| node.mark.is_some());
    let mut text = String::new();
    for node in nodes {
        write_node(&mut text, node, 0, with_marks);
    }
    text
}

fn write_node(text: &mut String, node: &Node, depth: usize, with_marks: bool) {
    let mark = match node.mark {
        _ if !with_marks => "",
        None => "  ",
        Some(Mark::Added) => "+ ",
        Some(Mark::Removed) => "- ",
        Some(Mark::Changed) => "~ ",
    };
    let was = node.before.as_deref().map(one_line);
    let was = was.map_or_else(String::new, |before| format!("  (was: {before})"));
    let words = one_line(&node.words);
    let space = if words.is_empty() { "" } else { "  " };
    let name = &node.name;
    let line = match node.sort {
        Sort::Object => format!("{} {name}", node.kind),
        Sort::Field => format!("{name}: {words}{was}"),
        Sort::List | Sort::Part => format!("{name}{space}{words}{was}"),
    };
    let _ = writeln!(
        text,
        "{mark}{:indent$}{}",
        "",
        line.trim(),
        indent = depth * 2
    );
    for child in &node.children {
        write_node(text, child, depth + 1, with_marks);
    }
}

fn object(object: &Object) -> Node {
    let (schema, own) = object.name();
    let is_other = object.kind() == Kind::Other;
    let kind = match object {
        Object::Other(it) => it.type_.as_str(),
        object => object.kind().words(),
    };
    let name = match object {
        // Their names come as PostgreSQL prints them.
        Object::Other(_) => own.to_owned(),
        Object::Function(_) | Object::Procedure(_) | Object::Aggregate(_) => match schema {
            "public" => own.to_owned(),
            schema => format!("{}.{own}", identifier(schema)),
        },
        _ if ["", "public"].contains(&schema) => identifier(own),
        _ => format!("{}.{}", identifier(schema), identifier(own)),
    };
    let Value::Object(fields) = value(object) else {
        return Node::new(Sort::Object, kind, name, String::new(), Vec::new());
    };
    let mut lists = Vec::new();
    let mut properties = Vec::new();
    for (field, value) in &fields {
        let known = ["kind", "schema", "name"].contains(&field.as_str());
        if known || (is_other && field == "type") {
            continue;
        }
        match PARTS.iter().position(|(list, _)| list == field) {
            Some(at) => lists.push((at, list(PARTS[at], value))),
            None => properties.extend(property(field, value)),
        }
    }
    lists.sort_by_key(|(at, _)| *at);
    let mut children: Vec<Node> = lists.into_iter().map(|(_, list)| list).collect();
    children.extend(properties);
    Node::new(Sort::Object, kind, name, String::new(), children)
}

fn list((field, kind): (&str, &str), parts: &Value) -> Node {
    let parts = parts.as_array().into_iter().flatten();
    let children = parts.map(|one| part(kind, one)).collect();
    Node::new(Sort::List, field, field.to_owned(), String::new(), children)
}

/// A part with what its definition leaves out below it.
fn part(kind: &str, part: &Value) -> Node {
    let Described { words, said } = definition(kind, part);
    let fields = part.as_object().into_iter().flatten();
    let children = fields
        .filter(|(field, _)| *field != "name" && !said.contains(&field.as_str()))
        .filter_map(|(field, value)| property(field, value));
    let name = part.get("name").and_then(Value::as_str).unwrap_or_default();
    Node::new(
        Sort::Part,
        kind,
        identifier(name),
        words,
        children.collect(),
    )
}

fn property(field: &str, value: &Value) -> Option<Node> {
    let name = field.replace('_', " ");
    let words = text(value)?;
    Some(Node::new(
        Sort::Field,
        &name,
        name.clone(),
        words,
        Vec::new(),
    ))
}

/// What tells nodes of one parent apart.
fn identity(node: &Node) -> (Sort, String, String) {
    (node.sort, node.kind.clone(), node.name.clone())
}

/// Both lists as one, in the order of the second; what is only in the first stands after what it stood after there.
fn merged(before: Vec<Node>, after: Vec<Node>) -> Vec<Node> {
    let staying: BTreeSet<_> = after.iter().map(identity).collect();
    let places: BTreeMap<_, usize> = before
        .iter()
        .enumerate()
        .map(|(at, node)| (identity(node), at))
        .collect();
    let mut old: Vec<Option<Node>> = before.into_iter().map(Some).collect();
    let mut nodes = Vec::new();
    let mut next = 0;
    // What left from before this place is told here.
    let mut gone = |until: usize, old: &mut Vec<Option<Node>>, nodes: &mut Vec<Node>| {
        while next < until {
            let left = old[next]
                .as_ref()
                .is_some_and(|it| !staying.contains(&identity(it)));
            if left && let Some(node) = old[next].take() {
                nodes.push(node.marked(Mark::Removed));
            }
            next += 1;
        }
    };
    for node in after {
        let Some(at) = places.get(&identity(&node)).copied() else {
            nodes.push(node.marked(Mark::Added));
            continue;
        };
        gone(at, &mut old, &mut nodes);
        nodes.push(match old[at].take() {
            Some(was) => both(was, node),
            None => node,
        });
    }
    let end = old.len();
    gone(end, &mut old, &mut nodes);
    nodes
}

/// One node as it was and as it is.
fn both(before: Node, mut after: Node) -> Node {
    if before == after {
        return after;
    }
    let order = (after.kind == "columns")
        .then(|| order(&before, &after))
        .flatten();
    if before.words != after.words {
        after.before = Some(before.words);
    }
    after.children = merged(before.children, after.children);
    if let Some((was, is)) = order {
        after.before = Some(was);
        after.words = is;
    }
    after.mark = Some(Mark::Changed);
    after
}

/// The columns that both have, where they stand in another order.
fn order(before: &Node, after: &Node) -> Option<(String, String)> {
    let names = |one: &Node, other: &Node| {
        let there: BTreeSet<&str> = other.children.iter().map(|it| it.name.as_str()).collect();
        let names = one.children.iter().map(|it| it.name.as_str());
        let names: Vec<&str> = names.filter(|name| there.contains(name)).collect();
        names.join(", ")
    };
    let (was, is) = (names(before, after), names(after, before));
    (was != is).then_some((was, is))
}

/// A text of several lines as one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
