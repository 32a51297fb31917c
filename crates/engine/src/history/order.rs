//! The order of steps: Alembic's own (`_topological_sort` of alembic/script/revision.py), in linear time for the shapes that histories have.
//!
//! Alembic goes down one line of revisions as long as nothing above the next one is missing. Where something is, it
//! changes to the first line that is above it. Where lines begin together (several heads), the order of
//! their files decides; at a merge, the order of its parents.

use super::History;
use petgraph::Direction as Way;
use petgraph::graph::NodeIndex;
use std::collections::BTreeMap;

/// The nodes of `todo`, those above before those below, beginning at those of `heads` that are among them.
///
/// Where Alembic would fail (`assert not todo`), because nodes are not below the heads within `todo`, they come last.
pub(super) fn from_above(
    history: &History,
    todo: Vec<bool>,
    heads: &[NodeIndex],
) -> Vec<NodeIndex> {
    let inside = heads.iter().copied().filter(|at| todo[at.index()]);
    let lines = with_unreached(history, &todo, history.in_file_order(inside));
    let mut waiting = vec![0_u32; history.len()];
    let mut done = vec![true; history.len()];
    let mut slots = vec![NONE; history.len()];
    for (slot, at) in (0..).zip(&lines) {
        done[at.index()] = false;
        slots[at.index()] = slot;
    }
    let mut open = lines.clone();
    while let Some(at) = open.pop() {
        for below in &history.stands_on[at.index()] {
            waiting[below.index()] += 1;
            if std::mem::replace(&mut done[below.index()], false) {
                open.push(*below);
            }
        }
    }
    let mut lowest = slots.clone();
    for at in history.graph.node_indices().rev() {
        for below in &history.stands_on[at.index()] {
            lowest[below.index()] = lowest[below.index()].min(lowest[at.index()]);
        }
    }
    Order {
        history,
        todo,
        lines: (0..).zip(lines).collect(),
        slots,
        waiting,
        done,
        lowest,
        known: vec![0; history.len()],
        questions: 0,
    }
    .run()
}

/// No line.
const NONE: u32 = u32::MAX;

/// `lines` and the highest of those nodes of `todo` to which they do not lead.
fn with_unreached(history: &History, todo: &[bool], mut lines: Vec<NodeIndex>) -> Vec<NodeIndex> {
    let mut reached = vec![false; history.len()];
    let mut open = lines.clone();
    let mut candidates = history.graph.node_indices().rev();
    loop {
        while let Some(at) = open.pop() {
            if todo[at.index()] && !std::mem::replace(&mut reached[at.index()], true) {
                open.extend(&history.stands_on[at.index()]);
            }
        }
        let Some(at) = candidates.find(|at| todo[at.index()] && !reached[at.index()]) else {
            return lines;
        };
        lines.push(at);
        open.push(at);
    }
}

struct Order<'h> {
    history: &'h History,
    todo: Vec<bool>,
    /// The next node of each line that is being followed, by the line's number.
    lines: BTreeMap<u32, NodeIndex>,
    /// The line that a node is the next of, or [`NONE`].
    slots: Vec<u32>,
    /// How many nodes that stand on a node are to come before it.
    waiting: Vec<u32>,
    /// Which nodes need not be waited for.
    done: Vec<bool>,
    /// No line at a node or above it has a lower number than this; what is above a node changes only so that
    /// this grows.
    lowest: Vec<u32>,
    /// The last question for which `lowest` was brought up to date.
    known: Vec<u32>,
    questions: u32,
}

impl Order<'_> {
    fn run(mut self) -> Vec<NodeIndex> {
        let mut order = Vec::new();
        let mut next_line = self.lines.len() as u32;
        let mut line = 0;
        while let Some(at) = self.lines.get(&line).copied() {
            if self.waiting[at.index()] > 0
                && let Some(other) = self.line_above(at)
            {
                line = other;
                continue;
            }
            order.push(at);
            self.release(at);
            self.slots[at.index()] = NONE;
            let mut slot = line;
            for below in &self.history.stands_on[at.index()] {
                if self.todo[below.index()] && self.slots[below.index()] == NONE {
                    self.lines.insert(slot, *below);
                    self.slots[below.index()] = slot;
                    slot = next_line;
                    next_line += 1;
                }
            }
            if slot == line {
                self.lines.remove(&line);
                let before = self.lines.range(..line).next_back();
                line = before
                    .or(self.lines.first_key_value())
                    .map_or(NONE, |(line, _)| *line);
            }
        }
        order
    }

    /// The first line that is above `at`.
    fn line_above(&mut self, at: NodeIndex) -> Option<u32> {
        self.questions += 1;
        let own = std::mem::replace(&mut self.slots[at.index()], NONE);
        let mut open = vec![at];
        while let Some(at) = open.last().copied() {
            // The lowest of what is known for certain, and the likeliest to be lower still.
            let mut best = self.slots[at.index()];
            let mut likely: Option<NodeIndex> = None;
            for above in self.history.graph.neighbors_directed(at, Way::Outgoing) {
                if self.done[above.index()] {
                    continue;
                }
                let lowest = self.lowest[above.index()];
                if self.known[above.index()] == self.questions {
                    best = best.min(lowest);
                } else if likely.is_none_or(|other| lowest < self.lowest[other.index()]) {
                    likely = Some(above);
                }
            }
            match likely.filter(|likely| self.lowest[likely.index()] < best) {
                Some(above) => open.push(above),
                None => {
                    self.lowest[at.index()] = best;
                    self.known[at.index()] = self.questions;
                    open.pop();
                }
            }
        }
        self.slots[at.index()] = own;
        let found = self.lowest[at.index()];
        self.lowest[at.index()] = found.min(own);
        Some(found).filter(|line| *line != NONE)
    }

    /// Says that `at` has had its turn, and with it all below that have none and wait for nothing else.
    fn release(&mut self, at: NodeIndex) {
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            self.done[at.index()] = true;
            for below in &self.history.stands_on[at.index()] {
                let waiting = &mut self.waiting[below.index()];
                *waiting -= 1;
                if *waiting == 0 && !self.todo[below.index()] {
                    open.push(*below);
                }
            }
        }
    }
}
