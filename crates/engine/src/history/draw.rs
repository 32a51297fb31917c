//! The text drawing of a history, for the command line and for tests.

use super::History;
use super::lanes::{self, Edge, Part, Row};
use crate::revision::Script;

/// Draws the history newest first, a row a revision (and joining rows where lanes move), each followed by `words`.
pub fn text(history: &History, words: impl Fn(&Script) -> String) -> String {
    let rows = lanes::layout(&lanes::nodes(history));
    let mut scripts = history.scripts().rev();
    picture(&rows, |_| scripts.next().map(&words).unwrap_or_default())
}

/// Draws `rows`, two characters a lane; `words` are those of the row with that position.
pub fn picture(rows: &[Row], mut words: impl FnMut(usize) -> String) -> String {
    let mut text = String::new();
    for (at, row) in rows.iter().enumerate() {
        if row
            .edges
            .iter()
            .any(|edge| edge.part == Part::Into && edge.from != edge.to)
        {
            line(&mut text, &joint(row, Part::Into), "");
        }
        line(&mut text, &mark(row), &words(at));
        if row
            .edges
            .iter()
            .any(|edge| edge.part == Part::OutOf && edge.from != edge.to)
        {
            line(&mut text, &joint(row, Part::OutOf), "");
        }
    }
    text
}

fn line(text: &mut String, cells: &[char], words: &str) {
    let mut line: String = cells.iter().collect();
    if !words.is_empty() {
        line.push(' ');
        line.push_str(words);
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

/// Blank cells: the lanes are the even ones.
fn blank(row: &Row) -> Vec<char> {
    vec![' '; (row.width * 2).saturating_sub(1)]
}

fn upright(edge: &Edge) -> char {
    if edge.dependency { '╎' } else { '│' }
}

fn passing(row: &Row) -> impl Iterator<Item = &Edge> {
    row.edges.iter().filter(|edge| edge.part == Part::Through)
}

fn mark(row: &Row) -> Vec<char> {
    let mut cells = blank(row);
    for edge in passing(row) {
        cells[edge.from * 2] = upright(edge);
    }
    cells[row.lane * 2] = '●';
    cells
}

/// The line above the mark where lanes come into it, or the one below where they go out of it.
fn joint(row: &Row, part: Part) -> Vec<char> {
    let mut cells = blank(row);
    let outer = |edge: &Edge| {
        if part == Part::Into {
            edge.from
        } else {
            edge.to
        }
    };
    let edges: Vec<&Edge> = row.edges.iter().filter(|edge| edge.part == part).collect();
    let left = edges
        .iter()
        .map(|edge| outer(edge))
        .min()
        .unwrap_or(row.lane)
        .min(row.lane);
    let right = edges
        .iter()
        .map(|edge| outer(edge))
        .max()
        .unwrap_or(row.lane)
        .max(row.lane);
    for cell in &mut cells[left * 2..=right * 2] {
        *cell = '─';
    }
    // What each lane of the line has: something above, something below.
    for lane in 0..row.width {
        let here = edges.iter().any(|edge| outer(edge) == lane);
        let through = passing(row).find(|edge| edge.from == lane);
        let at_mark = lane == row.lane;
        let up =
            through.is_some() || (here && part == Part::Into) || (at_mark && part == Part::OutOf);
        let down =
            through.is_some() || (here && part == Part::OutOf) || (at_mark && part == Part::Into);
        let sides = (lane > left && lane <= right, lane >= left && lane < right);
        cells[lane * 2] = match (up, down, sides) {
            (true, true, (false, false)) => through.map_or('│', upright),
            (true, true, (true, true)) => '┼',
            (true, true, (true, false)) => '┤',
            (true, true, (false, true)) => '├',
            (true, false, (true, true)) => '┴',
            (true, false, (true, false)) => '╯',
            (true, false, (false, true)) => '╰',
            (false, true, (true, true)) => '┬',
            (false, true, (true, false)) => '╮',
            (false, true, (false, true)) => '╭',
            _ => continue,
        };
    }
    cells
}
