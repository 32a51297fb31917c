//! Foreign key without an index on its columns.

use super::{Find, Rule};
use super::{Hits, Look, name_of, range};
use crate::sql::green;
use squawk_syntax::ast::{AlterTableAction, AstNode, Constraint};

pub(in crate::hazard) const RULE: Rule = Rule {
    code: "foreign-key-without-index",
    rows: &[11],
    title: "Foreign key without an index on its columns",
    happens: "Every DELETE or change of a key in the referenced table reads the whole referencing table.",
    applies: "Where the history knows the referencing table, and no index begins with the foreign key's columns.",
    instead: "CREATE INDEX CONCURRENTLY on the columns, in a revision before.",
    manual: "ddl-constraints",
    find: Find::Own(find),
    ..Rule::BASE
};

fn find(look: &Look<'_>, hits: &mut Hits) {
    let Some((table, actions)) = look.alter() else {
        return;
    };
    let Some(known) = look.schema.table(table) else {
        return;
    };
    for action in actions {
        let AlterTableAction::AddConstraint(added) = action else {
            continue;
        };
        let Some(Constraint::ForeignKeyConstraint(key)) = added.constraint() else {
            continue;
        };
        let columns: Vec<String> = key
            .from_columns()
            .map(|list| green::text(list.syntax()))
            .unwrap_or_default()
            .trim_matches(|c| c == '(' || c == ')')
            .split(',')
            .filter_map(|column| Some(name_of(column)?.name))
            .collect();
        let leads = |index: &[String]| {
            index.len() >= columns.len()
                && columns
                    .iter()
                    .all(|column| index[..columns.len()].contains(column))
        };
        let keyed = known
            .constraints
            .iter()
            .any(|one| one.kind.has_index() && leads(&one.columns));
        let indexed = look
            .schema
            .indexes_of(table)
            .any(|(_, index)| !index.is_partial && leads(&index.columns));
        let words: Vec<&str> = ["create", "index", &table.name]
            .into_iter()
            .chain(columns.iter().map(String::as_str))
            .collect();
        let later = look.says_later(&words);
        if !columns.is_empty() && !keyed && !indexed && !later {
            hits.add(
                range(key.syntax()),
                format!("No index of {table} begins with {}: every DELETE in the referenced table reads all of {table}. Build one concurrently before.", columns.join(", ")),
            );
        }
    }
}
