//! Text graphs in, text pictures out; and what holds for every layout.

use cofferdam_engine::history::draw;
use cofferdam_engine::history::lanes::{self, Edge, Node, Part, Row};
use proptest::prelude::*;

/// Reads lines, newest first: `m < a b ~ x` is m with parents a and b and a dependency on x.
fn read(text: &str) -> (Vec<Node>, Vec<String>) {
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().collect())
        .filter(|words: &Vec<&str>| !words.is_empty())
        .collect();
    let place = |name: &str| {
        let found = lines.iter().position(|words| words[0] == name);
        found.unwrap_or_else(|| panic!("{name} is in the graph"))
    };
    let node = |words: &Vec<&str>| {
        let mut below = words[1..].split(|word| *word == "~");
        let mut part = || {
            let names = below.next().unwrap_or_default().iter();
            names
                .filter(|word| **word != "<")
                .map(|name| place(name))
                .collect()
        };
        Node {
            parents: part(),
            dependencies: part(),
        }
    };
    let names = lines.iter().map(|words| words[0].to_owned()).collect();
    (lines.iter().map(node).collect(), names)
}

fn picture(text: &str) -> String {
    let (nodes, names) = read(text);
    draw::picture(&lanes::layout(&nodes), |at| names[at].clone())
}

#[track_caller]
fn drawn(graph: &str, expected: &str) {
    let found = picture(graph);
    assert_eq!(found.trim_end(), expected.trim_matches('\n'), "\n{found}");
}

#[test]
fn nothing() {
    drawn("", "");
}

#[test]
fn a_line() {
    drawn("c < b\nb < a\na", "● c\n● b\n● a");
}

#[test]
fn a_branch_and_its_merge() {
    drawn(
        "m < c b
         c < a
         b < a
         a",
        "
●   m
├─╮
● │ c
│ ● b
├─╯
●   a",
    );
}

#[test]
fn two_heads() {
    drawn(
        "d < c
         e < b
         c < b
         b < a
         a",
        "
● d
│ ● e
● │ c
├─╯
●   b
● a",
    );
}

#[test]
fn a_merge_joins_a_line_that_goes_there_already() {
    drawn(
        "n < m2
         m2 < m1 c
         m1 < a1 b1
         c < b1
         a1 < r
         b1 < r
         r",
        "
● n
●   m2
├─╮
● │   m1
├─┼─╮
│ ● │ c
● │ │ a1
│ ├─╯
│ ●   b1
├─╯
●   r",
    );
}

#[test]
fn crossing_merges() {
    drawn(
        "m < p q
         n < q p
         p < r
         q < r
         r",
        "
●   m
├─╮
│ │ ● n
├─┼─┤
● │ │ p
│ ├─╯
│ ●   q
├─╯
●   r",
    );
}

#[test]
fn several_at_once() {
    drawn(
        "m < a b c
         a < r
         b < r
         c < r
         r",
        "
●     m
├─┬─╮
● │ │ a
│ ● │ b
│ │ ● c
├─┴─╯
●     r",
    );
}

#[test]
fn a_dependency_is_dashed_and_does_not_swallow_a_parents_line() {
    drawn(
        "x ~ b
         c < b
         b",
        "
●   x
╰─╮
  ╎ ● c
  ╰─┤
    ● b",
    );
}

#[test]
fn a_freed_lane_is_taken_again() {
    drawn(
        "e < d x
         x < d
         d < c y
         y < c
         c",
        "
●   e
├─╮
│ ● x
├─╯
●   d
├─╮
│ ● y
├─╯
●   c",
    );
    let (nodes, _) = read("e < d x\nx < d\nd < c y\ny < c\nc");
    let rows = lanes::layout(&nodes);
    let colors: Vec<usize> = rows.iter().map(|row| row.color).collect();
    assert_eq!(
        colors,
        [0, 1, 0, 2, 0],
        "a new branch gets a colour of its own"
    );
}

/// Nodes, newest first, each with up to three parents and a dependency below it.
fn any_nodes() -> impl Strategy<Value = Vec<Node>> {
    let below = proptest::collection::btree_set(1..12_usize, 0..=4);
    proptest::collection::vec((below, any::<bool>()), 0..40).prop_map(|nodes| {
        let count = nodes.len();
        let node = |(at, (below, depends)): (usize, (std::collections::BTreeSet<usize>, bool))| {
            let mut parents: Vec<usize> = below
                .iter()
                .map(|step| at + step)
                .filter(|place| *place < count)
                .collect();
            let dependencies = if depends { parents.pop() } else { None };
            Node {
                parents,
                dependencies: dependencies.into_iter().collect(),
            }
        };
        nodes.into_iter().enumerate().map(node).collect()
    })
}

/// The lanes and colours at the top edge of a row.
fn arriving(row: &Row) -> Vec<(usize, usize)> {
    let top = row.edges.iter().filter(|edge| edge.part != Part::OutOf);
    top.map(|edge| (edge.from, edge.color)).collect()
}

/// The lanes and colours at the bottom edge of a row, each once.
fn leaving(row: &Row) -> Vec<(usize, usize)> {
    let bottom = row.edges.iter().filter(|edge| edge.part != Part::Into);
    let mut found: Vec<(usize, usize)> = bottom.map(|edge| (edge.to, edge.color)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Follows the line that leaves row `at` along `edge` down to the row whose mark it enters.
fn follow(rows: &[Row], at: usize, edge: &Edge) -> usize {
    let lane = edge.to;
    let enters = |row: &Row| {
        row.edges
            .iter()
            .any(|edge| edge.from == lane && edge.part == Part::Into)
    };
    let below = rows[at + 1..].iter().position(enters);
    at + 1 + below.expect("a line ends at a mark")
}

proptest! {
    #[test]
    fn every_edge_arrives_where_it_left_for(nodes in any_nodes()) {
        let rows = lanes::layout(&nodes);
        prop_assert_eq!(rows.len(), nodes.len());
        let mut above: Vec<(usize, usize)> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let top = arriving(row);
            prop_assert_eq!(&top, &above, "row {}", at);
            above = leaving(row);
            let lanes: Vec<usize> = above.iter().map(|(lane, _)| *lane).collect();
            prop_assert!(lanes.windows(2).all(|pair| pair[0] < pair[1]), "one line a lane");

            prop_assert!(row.edges.is_sorted());
            for edge in &row.edges {
                prop_assert!(edge.from.max(edge.to) < row.width);
                match edge.part {
                    Part::Through => prop_assert!(edge.from == edge.to && edge.from != row.lane),
                    Part::Into => prop_assert_eq!(edge.to, row.lane),
                    Part::OutOf => prop_assert_eq!(edge.from, row.lane),
                }
            }
            let out = row.edges.iter().filter(|edge| edge.part == Part::OutOf);
            let mut reached: Vec<(bool, usize)> =
                out.map(|edge| (edge.dependency, follow(&rows, at, edge))).collect();
            reached.sort_unstable();
            let parents = nodes[at].parents.iter().map(|place| (false, *place));
            let dependencies = nodes[at].dependencies.iter().map(|place| (true, *place));
            let expected: Vec<(bool, usize)> = parents.chain(dependencies).collect();
            prop_assert_eq!(reached, expected);
        }
        prop_assert!(above.is_empty(), "no line goes on below the last row");
    }
}
