//! What stands in a node, asked of its green tree: the other one makes an object of each node and token that is looked at.

use rowan::{GreenNodeData, NodeOrToken};
use squawk_syntax::{SyntaxKind, SyntaxNode, ast};

/// All of its text.
pub(crate) fn text(node: &SyntaxNode) -> String {
    let green = node.green();
    let mut text = String::with_capacity(green.text_len().into());
    write(&green, &mut text);
    text
}

/// Adds all of its text.
pub(super) fn write(node: &GreenNodeData, text: &mut String) {
    for child in node.children() {
        match child {
            NodeOrToken::Node(node) => write(node, text),
            NodeOrToken::Token(token) => text.push_str(token.text()),
        }
    }
}

/// The node and those in it whose kind is wanted, in order of place.
pub(crate) fn nodes(
    node: &SyntaxNode,
    is_wanted: impl Fn(SyntaxKind) -> bool,
) -> std::vec::IntoIter<SyntaxNode> {
    let mut all = Vec::new();
    if any(&node.green(), &is_wanted) {
        add_nodes(node, &is_wanted, &mut all);
    }
    all.into_iter()
}

/// Goes only to where there is one.
fn add_nodes(
    node: &SyntaxNode,
    is_wanted: &impl Fn(SyntaxKind) -> bool,
    all: &mut Vec<SyntaxNode>,
) {
    if is_wanted(node.kind()) {
        all.push(node.clone());
    }
    let green = node.green();
    let mut within = green.children().filter_map(NodeOrToken::into_node);
    if within.any(|child| any(child, is_wanted)) {
        let children = node.children();
        for child in children.filter(|child| any(&child.green(), is_wanted)) {
            add_nodes(&child, is_wanted, all);
        }
    }
}

/// As [`nodes`], of a kind that can be an `N`.
pub(crate) fn all<N: ast::AstNode>(node: &SyntaxNode) -> impl Iterator<Item = N> {
    nodes(node, N::can_cast).filter_map(N::cast)
}

/// Whether the node is of a kind that is wanted, or one in it.
pub(crate) fn has(node: &SyntaxNode, is_wanted: impl Fn(SyntaxKind) -> bool) -> bool {
    any(&node.green(), &is_wanted)
}

fn any(node: &GreenNodeData, is_wanted: &impl Fn(SyntaxKind) -> bool) -> bool {
    let mut children = node.children();
    is_wanted(kind(node))
        || children.any(|child| {
            let node = child.into_node();
            node.is_some_and(|node| any(node, is_wanted))
        })
}

/// The kinds of the node and of those in it, each once.
pub(crate) fn kinds(node: &SyntaxNode) -> Vec<SyntaxKind> {
    let mut kinds = Vec::with_capacity(64);
    let mut is_seen = [0; KINDS];
    gather(&node.green(), &mut is_seen, &mut kinds);
    kinds
}

/// How many numbers have a bit for each kind.
const KINDS: usize = SyntaxKind::__LAST as usize / 64 + 1;

fn gather(node: &GreenNodeData, is_seen: &mut [u64; KINDS], kinds: &mut Vec<SyntaxKind>) {
    let own = kind(node);
    let (at, bit) = (usize::from(u16::from(own)) / 64, u16::from(own) % 64);
    if is_seen[at] >> bit & 1 == 0 {
        is_seen[at] |= 1 << bit;
        kinds.push(own);
    }
    for node in node.children().filter_map(NodeOrToken::into_node) {
        gather(node, is_seen, kinds);
    }
}

/// Whether a node of the kind `of`, the node or one in it, has a token of the kind `token` itself.
pub(crate) fn has_token(node: &SyntaxNode, of: SyntaxKind, token: SyntaxKind) -> bool {
    fn look(node: &GreenNodeData, of: SyntaxKind, token: SyntaxKind) -> bool {
        let is_of = kind(node) == of;
        node.children().any(|child| match child {
            NodeOrToken::Node(node) => look(node, of, token),
            NodeOrToken::Token(one) => is_of && one.kind().0 == u16::from(token),
        })
    }
    look(&node.green(), of, token)
}

/// The parts of a dotted name, folded.
pub(crate) fn segments(node: &SyntaxNode) -> Vec<String> {
    let mut parts = segments_of(&node.green()).unwrap_or_else(|| segments_of_any(node));
    parts.retain(|part| !part.is_empty());
    parts
}

/// The names that an expression uses, in their order; those of functions are not among them.
pub(crate) fn names(expression: &SyntaxNode) -> Vec<String> {
    let is_name = |node: &SyntaxNode| {
        let parent = node.parent();
        node.kind() == SyntaxKind::NAME_REF
            && parent.is_none_or(|parent| parent.kind() != SyntaxKind::CALL_EXPR)
    };
    let around = expression.parent().map(|parent| parent.kind());
    let mut all = Vec::new();
    if !add_names(&expression.green(), around, &mut all) {
        let nodes = expression.descendants().filter(is_name);
        all = nodes.filter_map(|node| segments(&node).pop()).collect();
    }
    all.retain(|name| !name.is_empty());
    all
}

/// Adds the names that an expression uses; false where one is too rare a kind to be read here.
fn add_names(node: &GreenNodeData, parent: Option<SyntaxKind>, all: &mut Vec<String>) -> bool {
    let own = kind(node);
    if own == SyntaxKind::NAME_REF && parent != Some(SyntaxKind::CALL_EXPR) {
        let Some(mut parts) = segments_of(node) else {
            return false;
        };
        all.extend(parts.pop());
    }
    let mut nodes = node.children().filter_map(NodeOrToken::into_node);
    nodes.all(|node| add_names(node, Some(own), all))
}

/// The parts of a dotted name, or of a word; none where one is too rare a kind to be read here.
fn segments_of(node: &GreenNodeData) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let is_read =
        add_segments(node, &mut parts) && (!parts.is_empty() || add_name(node, &mut parts));
    is_read.then_some(parts)
}

/// Adds the names of the segments in it; false where one is too rare a kind to be read here.
fn add_segments(node: &GreenNodeData, parts: &mut Vec<String>) -> bool {
    if is_segment(kind(node)) && !add_name(node, parts) {
        return false;
    }
    let mut nodes = node.children().filter_map(NodeOrToken::into_node);
    nodes.all(|node| add_segments(node, parts))
}

/// Adds the name that the node's own tokens spell; false where that is `U&"..."`, or a role behind GROUP.
fn add_name(node: &GreenNodeData, parts: &mut Vec<String>) -> bool {
    let mut tokens = node.children().filter_map(NodeOrToken::into_token);
    let first = tokens.find(|token| !SyntaxKind::from(token.kind().0).is_trivia());
    let raw = first.map_or("", |token| token.text());
    if kind(node) == SyntaxKind::ROLE_REF || raw.as_bytes().get(1) == Some(&b'&') {
        return false;
    }
    let quoted = raw
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    parts.push(match quoted {
        Some(inner) => inner.replace("\"\"", "\""),
        None => raw.to_ascii_lowercase(),
    });
    true
}

/// As [`segments`], of whatever kind they are.
fn segments_of_any(node: &SyntaxNode) -> Vec<String> {
    let segments = node.descendants().filter(|node| is_segment(node.kind()));
    let parts: Vec<String> = segments
        .map(|part| ast::normalize_name_node(&part))
        .collect();
    match parts.is_empty() {
        true => vec![ast::normalize_name_node(node)],
        false => parts,
    }
}

fn is_segment(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::PATH_SEGMENT | SyntaxKind::PATH_SEGMENT_REF
    )
}

/// Whether a node or token of that kind stands directly in the node.
pub(super) fn holds(node: &GreenNodeData, wanted: SyntaxKind) -> bool {
    let mut children = node.children();
    children.any(|child| child.kind().0 == u16::from(wanted))
}

pub(super) fn kind(node: &GreenNodeData) -> SyntaxKind {
    SyntaxKind::from(node.kind().0)
}
