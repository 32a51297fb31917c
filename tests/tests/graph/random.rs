//! Random histories, and random questions about them.

use cofferdam_engine::revision::{Downgrade, Revision, RevisionId, Script};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// SplitMix64: a number from a seed, the same on every machine.
pub struct Random(u64);

#[derive(Clone, Debug)]
pub struct Node {
    /// The place of its file.
    pub file: usize,
    pub id: String,
    pub down: Vec<String>,
    pub depends_on: Vec<String>,
    pub labels: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Question {
    pub kind: &'static str,
    pub rows: Vec<String>,
    pub target: String,
}

impl Question {
    pub fn json(&self) -> Value {
        json!({ "kind": self.kind, "rows": self.rows, "target": self.target })
    }
}

impl Node {
    pub fn json(&self) -> Value {
        json!({ "id": self.id, "down": self.down, "depends_on": self.depends_on, "labels": self.labels })
    }

    pub fn script(&self) -> Script {
        let id = |text: &String| RevisionId::new(text.clone()).expect("an id");
        Script {
            revision: Revision {
                id: id(&self.id),
                down: self.down.iter().map(id).collect(),
                depends_on: self.depends_on.clone(),
                branch_labels: self.labels.clone(),
                message: String::new(),
                description: Vec::new(),
                author: None,
                create_date: None,
                extra: Vec::new(),
                upgrade: String::new(),
                downgrade: Downgrade::Missing,
            },
            path: format!("versions/{:03}.sql", self.file),
            sha256: String::new(),
            upgrade_at: 0,
            downgrade_at: 0,
            upgrade_line: 1,
            downgrade_line: 1,
            python: None,
            cuts: None,
        }
    }
}

/// The history as text, a line a file.
pub fn text(nodes: &[Node]) -> String {
    let lines = nodes.iter().map(|node| {
        format!(
            "{} < {} ~ {} # {}\n",
            node.id,
            node.down.join(" "),
            node.depends_on.join(" "),
            node.labels.join(" ")
        )
    });
    lines.collect()
}

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// True in `percent` of a hundred cases.
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }

    /// A history, in the order of its files.
    pub fn nodes(&mut self) -> Vec<Node> {
        let count = match self.below(20) {
            0 => 0,
            1..5 => 1 + self.below(4),
            5..16 => 4 + self.below(10),
            _ => 12 + self.below(18),
        };
        let style = self.below(4);
        let (branchy, merges, depends, labels) = (
            self.below(50),
            self.below(40),
            [0, 10, 30][self.below(3)],
            [0, 10, 25][self.below(3)],
        );
        let mut nodes: Vec<Node> = Vec::new();
        for at in 0..count {
            let id = match style {
                0 => format!("{:03}", at + 1),
                1 => format!("{:04}", at + 1),
                2 => format!("{:012x}", self.next() & 0xffff_ffff_ffff),
                _ => format!("{}{at}", ["rev", "abcd", "ab", "_x_"][self.below(4)]),
            };
            let mut down = Vec::new();
            if at > 0 && !self.chance(12) {
                let wanted =
                    1 + usize::from(self.chance(merges)) + usize::from(self.chance(merges / 3));
                for _ in 0..wanted {
                    let back = if self.chance(branchy) {
                        self.below(at)
                    } else {
                        self.below(3)
                    };
                    let parent = nodes[at - 1 - back.min(at - 1)].id.clone();
                    if !down.contains(&parent) {
                        down.push(parent);
                    }
                }
            }
            let mut depends_on = Vec::new();
            while at > 0 && depends_on.len() < 3 && self.chance(depends) {
                let below = &nodes[self.below(at)];
                let name = match below.labels.first() {
                    Some(label) if self.chance(50) => label.clone(),
                    _ => below.id.clone(),
                };
                if !depends_on.contains(&name) {
                    depends_on.push(name);
                }
            }
            let mut own = Vec::new();
            while own.len() < 2 && self.chance(labels) {
                own.push(format!(
                    "{}{at}{}",
                    ["branch", "feat-x", "l"][self.below(3)],
                    ["", "_b"][own.len()]
                ));
            }
            nodes.push(Node {
                file: 0,
                id,
                down,
                depends_on,
                labels: own,
            });
        }
        if count > 1 && self.chance(2) {
            // A history that does not hold.
            let (at, other) = (self.below(count), self.below(count));
            let broken = match self.below(3) {
                0 => "nowhere".to_owned(),
                _ => nodes[other].id.clone(),
            };
            match self.below(3) {
                0 => nodes[at].depends_on.push(broken),
                1 => nodes[at].labels.push(broken),
                _ if !nodes[at].down.contains(&broken) => nodes[at].down.push(broken),
                _ => {}
            }
        }
        if !self.chance(30) {
            self.shuffle(&mut nodes);
        }
        for (file, node) in nodes.iter_mut().enumerate() {
            node.file = file;
        }
        nodes
    }

    /// Rows that a database can have: the highest of some revisions; sometimes rows that it cannot have.
    fn rows(&mut self, nodes: &[Node]) -> Vec<String> {
        let mut rows: Vec<String> = Vec::new();
        let wanted = [0, 1, 1, 1, 2, 2, 3, nodes.len()][self.below(8)];
        for _ in 0..wanted {
            if let Some(node) = self.pick(nodes) {
                rows.push(node.id.clone());
            }
        }
        rows.sort();
        rows.dedup();
        if !self.chance(4) {
            let under: BTreeSet<String> = rows
                .iter()
                .flat_map(|row| {
                    next(nodes, row)
                        .into_iter()
                        .flat_map(|at| below(nodes, &at))
                })
                .collect();
            rows.retain(|row| !under.contains(row));
        }
        if self.chance(2) {
            rows.push("gone".into());
        }
        self.shuffle(&mut rows);
        rows
    }

    fn id(&mut self, nodes: &[Node]) -> String {
        self.pick(nodes)
            .map_or_else(|| "gone".into(), |node| node.id.clone())
    }

    fn label(&mut self, nodes: &[Node]) -> Option<String> {
        let labels: Vec<&String> = nodes.iter().flat_map(|node| &node.labels).collect();
        self.pick(&labels).map(|label| (*label).clone())
    }

    /// A name without `@`.
    fn name(&mut self, nodes: &[Node]) -> String {
        match self.below(24) {
            0 => "head".into(),
            1..4 => "heads".into(),
            4..6 => "base".into(),
            6..9 => self.label(nodes).unwrap_or_else(|| "nolabel".into()),
            9..11 => {
                let text = match self.chance(30) {
                    true => self.label(nodes),
                    false => None,
                };
                let text = text.unwrap_or_else(|| self.id(nodes));
                let length = text.chars().count();
                let length = if self.chance(60) {
                    length.saturating_sub(1)
                } else {
                    1 + self.below(length)
                };
                text.chars().take(length).collect()
            }
            11 => ["nowhere", "", "current", "0"][self.below(4)].to_owned(),
            _ => self.id(nodes),
        }
    }

    fn branch(&mut self, nodes: &[Node]) -> String {
        let label = self.label(nodes);
        match self.below(24) {
            0 => "nobranch".into(),
            1..7 => self.id(nodes),
            7 => self.name(nodes),
            _ => label.unwrap_or_else(|| self.id(nodes)),
        }
    }

    fn count(&mut self) -> usize {
        match self.below(24) {
            0 => 0,
            1 => 40,
            2..5 => 3 + self.below(3),
            _ => 1 + self.below(2),
        }
    }

    fn target(&mut self, nodes: &[Node], sign: char) -> String {
        let sign = match self.chance(6) {
            true => ['+', '-'][self.below(2)],
            false => sign,
        };
        match self.below(16) {
            0..6 => self.name(nodes),
            6..9 => format!("{sign}{}", self.count()),
            9..11 => format!(
                "{}{}{}",
                self.name(nodes),
                ['+', '-'][self.below(2)],
                self.count()
            ),
            11..14 => format!("{}@{}", self.branch(nodes), self.name(nodes)),
            14 => format!("{}@{sign}{}", self.branch(nodes), self.count()),
            _ => format!(
                "{}@{}{sign}{}",
                self.branch(nodes),
                self.name(nodes),
                self.count()
            ),
        }
    }

    /// One end of a range.
    fn end(&mut self, nodes: &[Node], sign: char) -> String {
        match self.below(8) {
            0..2 => String::new(),
            2 => "current".into(),
            _ => self.target(nodes, sign),
        }
    }

    pub fn question(&mut self, nodes: &[Node]) -> Question {
        let rows = self.rows(nodes);
        let (kind, target) = match self.below(14) {
            0..4 => ("upgrade", self.target(nodes, '+')),
            4..8 => ("downgrade", self.target(nodes, '-')),
            8..11 => {
                let mut targets = vec![self.target(nodes, '-')];
                while self.chance(25) {
                    targets.push(self.target(nodes, '-'));
                }
                targets.retain(|target| !target.is_empty());
                (
                    "stamp",
                    if targets.is_empty() {
                        "heads".into()
                    } else {
                        targets.join(" ")
                    },
                )
            }
            11..13 => {
                let (from, to) = (self.end(nodes, '-'), self.end(nodes, '+'));
                ("range", format!("{from}:{to}"))
            }
            _ => ("resolve", self.target(nodes, '-')),
        };
        Question { kind, rows, target }
    }
}

/// The revisions on which `id` stands.
fn next(nodes: &[Node], id: &str) -> Vec<String> {
    let Some(node) = nodes.iter().find(|node| node.id == id) else {
        return Vec::new();
    };
    let named = |name: &String| {
        let labelled = nodes.iter().find(|node| node.labels.contains(name));
        labelled.map_or_else(|| name.clone(), |node| node.id.clone())
    };
    node.down
        .iter()
        .chain(&node.depends_on)
        .map(named)
        .collect()
}

/// `id` and all below it.
pub fn below(nodes: &[Node], id: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![id.to_owned()];
    while let Some(id) = open.pop() {
        if found.insert(id.clone()) {
            open.extend(next(nodes, &id));
        }
    }
    found
}
