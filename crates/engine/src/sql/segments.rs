//! Which statements of a section commit together.

use super::{Directive, Execution, Segment, Statement, execution};

/// Groups `statements` of `text`, in order: a segment ends at `-- +commit` and beside what runs
/// outside a transaction.
pub(super) fn segments(text: &str, statements: Vec<Statement>) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut open = false;
    for statement in statements {
        let execution = execution(&text[statement.body.clone()], &statement.directives);
        let transactional = execution == Execution::Transactional;
        let joins = open && transactional && !statement.directives.contains(&Directive::Commit);
        match segments.last_mut() {
            Some(segment) if joins => segment.statements.push(statement),
            _ => segments.push(Segment {
                execution,
                statements: vec![statement],
            }),
        }
        open = transactional;
    }
    segments
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_section_is_cut_at_commits_and_around_what_runs_outside() {
        let sql = "A;B;\n-- +commit\nC;CREATE INDEX CONCURRENTLY ON t (a);D;\n-- +commit\nVACUUM t;VACUUM u;";
        let segments: Vec<(bool, Vec<&str>)> = super::super::segments(sql)
            .iter()
            .map(|segment| {
                let bodies = segment.statements.iter();
                let bodies = bodies.map(|statement| &sql[statement.body.clone()]);
                (segment.is_outside(), bodies.collect())
            })
            .collect();
        assert_eq!(
            segments,
            [
                (false, vec!["A;", "B;"]),
                (false, vec!["C;"]),
                (true, vec!["CREATE INDEX CONCURRENTLY ON t (a);"]),
                (false, vec!["D;"]),
                (true, vec!["VACUUM t;"]),
                (true, vec!["VACUUM u;"]),
            ]
        );
        assert_eq!(super::super::segments(" -- nothing\n"), []);
    }
}
