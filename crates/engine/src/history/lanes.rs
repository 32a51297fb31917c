//! Rows, lanes and edges for drawing a history, independent of any drawing technology.

use super::{History, Link};
use petgraph::graph::NodeIndex;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A row of the drawing: one revision.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Row {
    /// The lane (0-based column) of the revision's own mark.
    pub lane: usize,
    /// The colour (0-based, taken modulo the palette by who draws) of the mark's lane.
    pub color: usize,
    /// What is drawn in this row, in order of lane.
    pub edges: Vec<Edge>,
    /// How many lanes this row needs.
    pub width: usize,
}

/// A piece of line inside one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    pub color: usize,
    pub part: Part,
    /// The edge is a `depends_on`, not a parent.
    pub dependency: bool,
}

/// Which half of the row an edge crosses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// From the row's top edge at `from` to its bottom edge at `to`, past the mark.
    Through,
    /// From the row's top edge at `from` into the mark at `to` (a child's line arrives).
    Into,
    /// From the mark at `from` to the row's bottom edge at `to` (towards a parent).
    OutOf,
}

/// One node to lay out; nodes come newest first, children before parents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Positions (in the same list) of its parents, each further down; first parent first.
    pub parents: Vec<usize>,
    /// Positions of its dependencies, each further down.
    pub dependencies: Vec<usize>,
}

/// A line on its way down.
#[derive(Clone, Copy)]
struct Line {
    color: usize,
    dependency: bool,
}

/// The lanes between two rows.
#[derive(Default)]
struct Lanes {
    lines: Vec<Option<Line>>,
    /// Lanes that have become free; some may be taken again, or gone, since.
    free: BinaryHeap<Reverse<usize>>,
    colors: usize,
}

impl Lanes {
    fn color(&mut self) -> usize {
        self.colors += 1;
        self.colors - 1
    }

    /// The leftmost free lane.
    fn vacant(&mut self) -> usize {
        while let Some(Reverse(lane)) = self.free.pop() {
            if self.lines.get(lane).is_some_and(Option::is_none) {
                return lane;
            }
        }
        self.lines.push(None);
        self.lines.len() - 1
    }

    fn release(&mut self, lane: usize) {
        self.lines[lane] = None;
        self.free.push(Reverse(lane));
    }

    fn trim(&mut self) {
        while self.lines.last().is_some_and(Option::is_none) {
            self.lines.pop();
        }
    }
}

/// Lays out `nodes`, newest first, one row each. A branch keeps its lane and colour while it lives.
///
/// A node stands in the leftmost lane that arrives at it; its first parent's line goes on in that lane, and
/// lines to the other parents join a line that goes there already, or take the leftmost free lane. Lines to
/// the same parent meet in its row.
pub fn layout(nodes: &[Node]) -> Vec<Row> {
    let mut lanes = Lanes::default();
    let mut arriving: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut rows = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        let mut arrivals = std::mem::take(&mut arriving[at]);
        arrivals.sort_unstable();
        let mut row = Row::default();
        row.edges
            .reserve(lanes.lines.len() + node.parents.len() + node.dependencies.len());
        let ends: Vec<(usize, Line)> = arrivals
            .iter()
            .filter_map(|lane| Some((*lane, lanes.lines[*lane]?)))
            .collect();
        match ends
            .iter()
            .find(|(_, line)| !line.dependency)
            .or(ends.first())
        {
            Some((lane, line)) => (row.lane, row.color) = (*lane, line.color),
            None => (row.lane, row.color) = (lanes.vacant(), lanes.color()),
        }
        for (lane, line) in ends {
            row.edges.push(line.edge(lane, row.lane, Part::Into));
            lanes.release(lane);
        }
        let passing = lanes
            .lines
            .iter()
            .enumerate()
            .filter_map(|(lane, line)| Some((lane, (*line)?)));
        row.edges
            .extend(passing.map(|(lane, line)| line.edge(lane, lane, Part::Through)));
        leave(node, &mut row, &mut lanes, &mut arriving);
        row.edges.sort_unstable();
        row.width = row
            .edges
            .iter()
            .map(|edge| edge.from.max(edge.to) + 1)
            .max()
            .unwrap_or(0)
            .max(row.lane + 1);
        lanes.trim();
        rows.push(row);
    }
    rows
}

/// Starts the lines from a node towards what it stands on.
fn leave(node: &Node, row: &mut Row, lanes: &mut Lanes, arriving: &mut [Vec<usize>]) {
    let parents = node.parents.iter().map(|goal| (*goal, false));
    let dependencies = node.dependencies.iter().map(|goal| (*goal, true));
    for (place, (goal, dependency)) in parents.chain(dependencies).enumerate() {
        let first = place == 0 && !dependency;
        let going = arriving[goal]
            .iter()
            .filter_map(|lane| Some((*lane, lanes.lines[*lane]?)));
        // A parent's line never hides in that of a dependency.
        let joined = going
            .filter(|(_, line)| dependency || !line.dependency)
            .min_by_key(|(lane, _)| *lane);
        let (lane, color) = match joined {
            Some((lane, line)) if !first => (lane, line.color),
            _ => {
                let (lane, color) = if first {
                    (row.lane, row.color)
                } else {
                    (lanes.vacant(), lanes.color())
                };
                lanes.lines[lane] = Some(Line { color, dependency });
                arriving[goal].push(lane);
                (lane, color)
            }
        };
        row.edges
            .push(Line { color, dependency }.edge(row.lane, lane, Part::OutOf));
    }
}

impl Line {
    fn edge(self, from: usize, to: usize, part: Part) -> Edge {
        Edge {
            from,
            to,
            color: self.color,
            part,
            dependency: self.dependency,
        }
    }
}

/// The nodes of `history`, newest first: the reverse of [`History::scripts`].
pub fn nodes(history: &History) -> Vec<Node> {
    let row = |at: &NodeIndex| history.len() - 1 - at.index();
    let rows = |nodes: Vec<NodeIndex>| nodes.iter().map(row).collect();
    let node = |at| Node {
        parents: rows(history.below(at, Link::Parent)),
        dependencies: rows(history.below(at, Link::Dependency)),
    };
    history.graph.node_indices().rev().map(node).collect()
}
