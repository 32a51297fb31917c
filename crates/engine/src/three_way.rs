//! Three versions of a text, line by line: what each side changed, and both changes in one text.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::ops::Range;

/// The line before yours where both sides clash.
pub const OPENS: &str = "<<<<<<< yours";
/// The line after theirs.
pub const CLOSES: &str = ">>>>>>> theirs";

/// A stretch of lines, by line numbers from 0 in each version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    pub base: Range<usize>,
    pub mine: Range<usize>,
    pub theirs: Range<usize>,
    pub kind: Kind,
}

/// Who changed a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Same,
    Mine,
    Theirs,
    /// Both changed it to the same.
    Alike,
    /// Both changed it, differently.
    Clash,
}

/// The lines of `text`, each with its line end.
pub fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Cuts three versions into stretches that tile each of them, in order.
pub fn hunks(base: &[&str], mine: &[&str], theirs: &[&str]) -> Vec<Hunk> {
    let mine_changes = changes(base, mine);
    let their_changes = changes(base, theirs);
    let mut hunks = Vec::new();
    let (mut m, mut t) = (0, 0);
    let mut at = Hunk {
        base: 0..0,
        mine: 0..0,
        theirs: 0..0,
        kind: Kind::Same,
    };
    loop {
        let next_mine = mine_changes.get(m);
        let next_theirs = their_changes.get(t);
        let start = match (next_mine, next_theirs) {
            (Some(a), Some(b)) => a.0.start.min(b.0.start),
            (Some(a), None) => a.0.start,
            (None, Some(b)) => b.0.start,
            (None, None) => base.len(),
        };
        let same = start - at.base.end;
        if same > 0 {
            at = Hunk {
                base: at.base.end..start,
                mine: at.mine.end..at.mine.end + same,
                theirs: at.theirs.end..at.theirs.end + same,
                kind: Kind::Same,
            };
            hunks.push(at.clone());
        }
        if next_mine.is_none() && next_theirs.is_none() {
            return hunks;
        }
        // Changes that touch each other make one stretch.
        let mut end = start;
        let (m0, t0) = (m, t);
        loop {
            if let Some((range, _)) = mine_changes.get(m).filter(|(range, _)| range.start <= end) {
                end = end.max(range.end);
                m += 1;
            } else if let Some((range, _)) =
                their_changes.get(t).filter(|(range, _)| range.start <= end)
            {
                end = end.max(range.end);
                t += 1;
            } else {
                break;
            }
        }
        let mine_end = after(&mine_changes[..m], end);
        let theirs_end = after(&their_changes[..t], end);
        at = Hunk {
            base: start..end,
            mine: at.mine.end..mine_end,
            theirs: at.theirs.end..theirs_end,
            kind: Kind::Same,
        };
        at.kind = match (m > m0, t > t0) {
            (true, false) => Kind::Mine,
            (false, true) => Kind::Theirs,
            _ if mine[at.mine.clone()] == theirs[at.theirs.clone()] => Kind::Alike,
            _ => Kind::Clash,
        };
        hunks.push(at.clone());
    }
}

/// Where in the changed version stands what follows line `end` of the base.
fn after(changes: &[(Range<usize>, Range<usize>)], end: usize) -> usize {
    changes
        .last()
        .map_or(end, |(base, changed)| changed.end + (end - base.end))
}

/// What was changed from `base` to `changed`: ranges of both, in order.
fn changes(base: &[&str], changed: &[&str]) -> Vec<(Range<usize>, Range<usize>)> {
    capture_diff_slices(Algorithm::Myers, base, changed)
        .into_iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }))
        .map(|op| (op.old_range(), op.new_range()))
        .collect()
}

/// Both sides' changes in one text, and how often they clash: there both stand, between marks as git has
/// them, for the author to choose.
pub fn merged(base: &str, mine: &str, theirs: &str) -> (String, usize) {
    let (base, mine, theirs) = (lines(base), lines(mine), lines(theirs));
    let mut text = String::new();
    let mut clashes = 0;
    for hunk in hunks(&base, &mine, &theirs) {
        match hunk.kind {
            Kind::Same | Kind::Mine | Kind::Alike => text.extend(mine[hunk.mine].iter().copied()),
            Kind::Theirs => text.extend(theirs[hunk.theirs].iter().copied()),
            Kind::Clash => {
                clashes += 1;
                mark(&mut text, OPENS);
                text.extend(mine[hunk.mine].iter().copied());
                mark(&mut text, "=======");
                text.extend(theirs[hunk.theirs].iter().copied());
                mark(&mut text, CLOSES);
            }
        }
    }
    (text, clashes)
}

fn mark(text: &mut String, line: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(line);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_in_different_places_are_both_kept() {
        let merge = merged("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\ne\n");
        assert_eq!(merge, ("A\nb\nc\nD\ne\n".into(), 0));
    }

    #[test]
    fn the_same_change_on_both_sides_is_no_clash() {
        assert_eq!(merged("a\nb\n", "a\nx\n", "a\nx\n"), ("a\nx\n".into(), 0));
        assert_eq!(merged("a\n", "a\n", "a\n"), ("a\n".into(), 0));
    }

    #[test]
    fn different_changes_in_one_place_both_stand() {
        let (text, clashes) = merged("a\nb\nc\n", "a\nmine\nc\n", "a\ntheirs\nc\n");
        assert_eq!(clashes, 1);
        assert_eq!(
            text,
            "a\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> theirs\nc\n"
        );
        let (text, clashes) = merged("", "mine", "theirs");
        assert_eq!(
            (text.as_str(), clashes),
            ("<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> theirs\n", 1)
        );
    }

    #[test]
    fn stretches_tile_every_version() {
        let texts = [
            "",
            "a\n",
            "a\nb\nc\n",
            "b\nc\nd\n",
            "x\na\nc\ny",
            "c\nb\na\n",
            "a\na\na\nb\n",
        ];
        for base in texts {
            for mine in texts {
                for theirs in texts {
                    let (b, m, t) = (lines(base), lines(mine), lines(theirs));
                    let mut ends = (0, 0, 0);
                    for hunk in hunks(&b, &m, &t) {
                        assert_eq!((hunk.base.start, hunk.mine.start, hunk.theirs.start), ends);
                        ends = (hunk.base.end, hunk.mine.end, hunk.theirs.end);
                        if hunk.kind == Kind::Same {
                            assert_eq!(m[hunk.mine.clone()], b[hunk.base.clone()]);
                            assert_eq!(t[hunk.theirs.clone()], b[hunk.base.clone()]);
                        }
                        if hunk.kind == Kind::Mine {
                            assert_eq!(t[hunk.theirs.clone()], b[hunk.base.clone()]);
                        }
                        if hunk.kind == Kind::Theirs {
                            assert_eq!(m[hunk.mine.clone()], b[hunk.base.clone()]);
                        }
                    }
                    assert_eq!(ends, (b.len(), m.len(), t.len()));
                }
            }
        }
    }
}
