//! The safe way as an edit of the text. What it leaves has the same catalog, and not the hazard.

use super::look::{Look, name, range, word};
use crate::sql::batches::{Backfill, Batched};
use crate::sql::green;
use crate::sql::identifier;
use crate::sql::reader::{Reader, begins};
use crate::sql::schema::{ConstraintKind, TableName};
use serde::{Deserialize, Serialize};
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode};
use std::ops::Range;

/// A change of a text that takes a hazard away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What it does, as a button says it.
    pub title: String,
    /// In order, apart from each other.
    pub edits: Vec<Edit>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Bytes of the text that was judged.
    pub range: Range<usize>,
    pub text: String,
}

/// The text with the edits made, `base` bytes further on.
pub fn apply(text: &str, base: usize, fix: &Fix) -> String {
    let mut changed = text.to_owned();
    for edit in fix.edits.iter().rev() {
        let range = edit.range.start + base..edit.range.end + base;
        if changed.get(range.clone()).is_some() {
            changed.replace_range(range, &edit.text);
        }
    }
    changed
}

fn one(title: &str, range: Range<usize>, text: impl Into<String>) -> Option<Fix> {
    Some(Fix {
        title: title.to_owned(),
        edits: vec![Edit {
            range,
            text: text.into(),
        }],
    })
}

/// The fix with timeouts that last, where it ends the transaction for which SET LOCAL was meant: a plan resets the session
/// before each revision.
pub(super) fn keeping_timeouts(look: &Look<'_>, mut fix: Fix) -> Fix {
    let ends = ["-- +commit", "-- +backfill", "CONCURRENTLY"];
    let splits = |edit: &Edit| ends.iter().any(|word| edit.text.contains(word));
    if !look.is_revision || !fix.edits.iter().any(splits) {
        return fix;
    }
    let before = look.statements[..look.at].iter();
    let mut edits: Vec<Edit> = before
        .filter_map(|parsed| {
            let body = parsed.statement.body.clone();
            if !begins(&look.sql[body.clone()], &["set"]) {
                return None;
            }
            let mut reader = Reader::new(&look.sql[body.clone()]);
            if !reader.eat("set") || !reader.is("local") {
                return None;
            }
            let start = body.start + reader.peek()?.range.start;
            reader.skip();
            let end = body.start + reader.peek()?.range.start;
            let is_timeout = reader.is_any(&["lock_timeout", "statement_timeout"]);
            is_timeout.then(|| Edit {
                range: start..end,
                text: String::new(),
            })
        })
        .collect();
    edits.append(&mut fix.edits);
    Fix { edits, ..fix }
}

impl Look<'_> {
    /// What ends a transaction between two statements here; none where BEGIN and COMMIT are the file's own.
    fn between(&self) -> Option<&'static str> {
        match (self.is_revision, self.transaction.is_explicit) {
            (true, _) => Some("\n-- +commit\n"),
            (false, false) => Some("\n"),
            (false, true) => None,
        }
    }

    /// The statement in place of which others are written, with its `;`.
    fn replaced(&self, title: &str, text: String) -> Option<Fix> {
        one(title, self.body.clone(), text)
    }

    /// The one action of an ALTER TABLE; none where there are several.
    fn action(&self) -> Option<(TableName, ast::AlterTableAction)> {
        match self.alter()? {
            (table, [only]) => Some((table.clone(), only.clone())),
            _ => None,
        }
    }

    /// The key by whose ranges a revision's statement can be run in batches: the table's primary key, where it is known and
    /// one column.
    fn batch_key(&self, table: &TableName) -> Option<String> {
        let mut constraints = self.schema.table(table)?.constraints.iter();
        let key = constraints.find(|one| one.kind == ConstraintKind::PrimaryKey)?;
        match key.columns.as_slice() {
            [only] if self.is_revision => Some(identifier(only)),
            _ => None,
        }
    }

    /// A table's name as the statement writes it.
    fn written_table(&self) -> Option<String> {
        let ast::Stmt::AlterTable(alter) = self.tree else {
            return None;
        };
        let relation = alter.table_relation_name()?;
        Some(
            relation
                .table_name_ref()?
                .syntax()
                .text()
                .to_string()
                .trim()
                .to_owned(),
        )
    }
}

/// CONCURRENTLY, where PostgreSQL takes it. A statement in a transaction of the file's own cannot have it.
pub(super) fn concurrently(look: &Look<'_>) -> Option<Fix> {
    look.between()?;
    let title = "Do it CONCURRENTLY, outside the transaction";
    let after = |range: Range<usize>| one(title, range.end..range.end, " CONCURRENTLY");
    match look.tree {
        // Without a name Cofferdam cannot find out what became of it.
        ast::Stmt::CreateIndex(create) => {
            create.index()?;
            let index = create.index_token()?.text_range();
            after(index.start().into()..index.end().into())
        }
        ast::Stmt::DropIndex(drop) => {
            let is_one = drop.index_refs().count() == 1;
            let index = drop.index_token()?.text_range();
            (is_one && drop.drop_behavior().is_none())
                .then(|| after(index.start().into()..index.end().into()))?
        }
        ast::Stmt::Reindex(reindex) => {
            let mut words = reindex.syntax().descendants_with_tokens();
            let kind = words.find(|element| {
                matches!(element.kind(), SyntaxKind::INDEX_KW | SyntaxKind::TABLE_KW)
            })?;
            let range = kind.text_range();
            after(range.start().into()..range.end().into())
        }
        ast::Stmt::Refresh(refresh) => {
            let view = refresh.view_token()?.text_range();
            // It needs a unique index without a WHERE on the view.
            let name = name(refresh.view_ref().as_ref())?;
            let has_key = look
                .schema
                .indexes_of(&name)
                .any(|(_, index)| index.is_unique && !index.is_partial && index.is_plain);
            has_key.then(|| {
                one(
                    "Refresh it CONCURRENTLY",
                    view.end().into()..view.end().into(),
                    " CONCURRENTLY",
                )
            })?
        }
        ast::Stmt::AlterTable(_) => match look.action()? {
            (_, ast::AlterTableAction::DetachPartition(detach)) => {
                let end = range(detach.syntax()).end;
                one(title, end..end, " CONCURRENTLY")
            }
            _ => None,
        },
        _ => None,
    }
}

/// NOT VALID, and VALIDATE in a transaction after it.
pub(super) fn not_valid(look: &Look<'_>) -> Option<Fix> {
    let between = look.between()?;
    let (table, action) = look.action()?;
    let ast::AlterTableAction::AddConstraint(added) = action else {
        return None;
    };
    let constraint = added.constraint()?;
    let own = word(constraint.constraint_name().as_ref());
    let text = green::text(constraint.syntax());
    let text = text.trim();
    let (given, name) = match own {
        Some(name) => (String::new(), name),
        None => {
            let columns = columns(&constraint)?;
            let ending = match &constraint {
                ast::Constraint::ForeignKeyConstraint(_) => "fkey",
                _ => return None,
            };
            let name = default_name(&table, &columns, ending)?;
            (format!("CONSTRAINT {} ", identifier(&name)), name)
        }
    };
    let written = look.written_table()?;
    look.replaced(
        "Add it NOT VALID, and validate it in a transaction after",
        format!(
            "ALTER TABLE {written} ADD {given}{text} NOT VALID;{between}ALTER TABLE {written} VALIDATE CONSTRAINT {};",
            identifier(&name)
        ),
    )
}

/// A CHECK that is validated first, so that SET NOT NULL need not read the table.
pub(super) fn not_null(look: &Look<'_>) -> Option<Fix> {
    let between = look.between()?;
    let (table, action) = look.action()?;
    let ast::AlterTableAction::AlterColumn(altered) = action else {
        return None;
    };
    let column = word(altered.column_name_ref().as_ref())?;
    let check = default_name(&table, std::slice::from_ref(&column), "not_null_check")?;
    let (check, column) = (identifier(&check), identifier(&column));
    let written = look.written_table()?;
    let own = look.text().trim_end_matches(';');
    look.replaced(
        "Prove it with a CHECK first",
        format!(
            "ALTER TABLE {written} ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID;{between}ALTER TABLE {written} VALIDATE CONSTRAINT {check};{between}{own};\nALTER TABLE {written} DROP CONSTRAINT {check};"
        ),
    )
}

/// A unique index that is built concurrently first.
pub(super) fn using_index(look: &Look<'_>) -> Option<Fix> {
    look.between()?;
    let (table, action) = look.action()?;
    let ast::AlterTableAction::AddConstraint(added) = action else {
        return None;
    };
    let constraint = added.constraint()?;
    let columns = columns(&constraint)?;
    let (words, name) = match &constraint {
        ast::Constraint::UniqueConstraint(unique) => {
            unique.using_index().is_none().then_some(())?;
            ("UNIQUE", default_name(&table, &columns, "key")?)
        }
        ast::Constraint::PrimaryKeyConstraint(key) => {
            key.using_index().is_none().then_some(())?;
            // A column that may be NULL would be read under the lock after all.
            let known = look.schema.table(&table)?;
            let set = |name: &String| known.column(name).is_some_and(|one| !one.is_nullable);
            columns.iter().all(set).then_some(())?;
            ("PRIMARY KEY", default_name(&table, &[], "pkey")?)
        }
        _ => return None,
    };
    if constraint
        .syntax()
        .text()
        .to_string()
        .to_ascii_lowercase()
        .contains("nulls not distinct")
        || constraint.constraint_options().next().is_some()
    {
        return None;
    }
    let name = identifier(&word(constraint.constraint_name().as_ref()).unwrap_or(name));
    let list: Vec<String> = columns.iter().map(|column| identifier(column)).collect();
    let written = look.written_table()?;
    look.replaced(
        "Build its index concurrently first",
        format!(
            "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {written} ({});\nALTER TABLE {written} ADD CONSTRAINT {name} {words} USING INDEX {name};",
            list.join(", ")
        ),
    )
}

/// The column without its default, the default for new rows, and the old rows in a transaction of their own.
pub(super) fn default_after(look: &Look<'_>) -> Option<Fix> {
    let between = look.between()?;
    let (_, action) = look.action()?;
    let ast::AlterTableAction::AddColumn(added) = action else {
        return None;
    };
    let mut constraints = added.constraints();
    let Some(ast::Constraint::DefaultConstraint(default)) = constraints.next() else {
        return None;
    };
    constraints.next().is_none().then_some(())?;
    let (column, ty) = (
        identifier(&word(added.column_name().as_ref())?),
        added.ty()?,
    );
    let key = look.batch_key(look.alter()?.0);
    let between = match key {
        Some(key) => format!("\n-- +backfill key={key}\n"),
        None => between.to_owned(),
    };
    let expression = green::text(default.expr()?.syntax());
    let (ty, expression) = (green::text(ty.syntax()), expression.trim().to_owned());
    let written = look.written_table()?;
    look.replaced(
        "Add it without the default, and fill the rows after",
        format!(
            "ALTER TABLE {written} ADD COLUMN {column} {};\nALTER TABLE {written} ALTER COLUMN {column} SET DEFAULT {expression};{between}UPDATE {written} SET {column} = {expression} WHERE {column} IS NULL;",
            ty.trim()
        ),
    )
}

/// The statement in batches.
pub(super) fn in_batches(look: &Look<'_>) -> Option<Fix> {
    let relation = match look.tree {
        ast::Stmt::Update(update) => update.relation_name()?,
        ast::Stmt::Delete(delete) => delete.relation_name()?,
        _ => return None,
    };
    let key = look.batch_key(&name(Some(&relation))?)?;
    let words = format!("key={key}");
    Batched::read(look.text(), &Backfill::read(&words).ok()?).ok()?;
    let start = look.body.start;
    let directive = format!("-- +backfill {words}\n");
    one(
        "Run it in batches, each a transaction",
        start..start,
        directive,
    )
}

/// A transaction's end before the statement.
pub(super) fn commit_between(look: &Look<'_>) -> Option<Fix> {
    let start = look.body.start;
    look.is_revision.then(|| {
        one(
            "End the transaction before it",
            start..start,
            "-- +commit\n",
        )
    })?
}

/// A lock_timeout before the first statement.
pub(super) fn lock_timeout(look: &Look<'_>) -> Option<Fix> {
    let start = look.body.start;
    // A plan resets the session before each revision, and SET LOCAL would end with the revision's first transaction.
    let words = match look.transaction.is_explicit {
        true => "SET LOCAL lock_timeout = '2s';\n",
        false => "SET lock_timeout = '2s';\n",
    };
    one("Set a lock_timeout before it", start..start, words)
}

/// Without IF NOT EXISTS.
pub(super) fn without_if_not_exists(look: &Look<'_>) -> Option<Fix> {
    let text = &look.sql[look.found.end..];
    let blank = text.len() - text.trim_start().len();
    one(
        "Take IF NOT EXISTS away",
        look.found.start..look.found.end + blank,
        "",
    )
}

/// jsonb in place of json.
pub(super) fn jsonb(look: &Look<'_>) -> Option<Fix> {
    column_type(look, "Use jsonb", "jsonb")
}

/// timestamptz in place of timestamp.
pub(super) fn timestamptz(look: &Look<'_>) -> Option<Fix> {
    column_type(look, "Use timestamptz", "timestamptz")
}

/// Another type in place of a column's, which has no arguments.
fn column_type(look: &Look<'_>, title: &str, to: &str) -> Option<Fix> {
    let columns = look.new_columns();
    let column = columns.iter().find(|column| {
        let own = column.range();
        own.start <= look.found.start && look.found.end <= own.end
    })?;
    let ty = column.ty.as_ref()?;
    let place = range(ty.syntax());
    (!look.sql[place.clone()].contains('(')).then(|| one(title, place, to))?
}

/// The columns of a constraint, folded.
fn columns(constraint: &ast::Constraint) -> Option<Vec<String>> {
    // NULLS NOT DISTINCT, INCLUDE and the like are left to a person: the list must be all there is.
    let list = match constraint {
        ast::Constraint::ForeignKeyConstraint(key) => key.from_columns()?.syntax().clone(),
        ast::Constraint::UniqueConstraint(unique) => unique.index_parameters()?.syntax().clone(),
        ast::Constraint::PrimaryKeyConstraint(key) => key.index_parameters()?.syntax().clone(),
        _ => return None,
    };
    let text = green::text(&list);
    let inner = text.trim().strip_prefix('(')?.strip_suffix(')')?;
    let names = inner.split(',').map(|part| {
        let mut reader = crate::sql::reader::Reader::new(part);
        let name = crate::sql::fold(reader.word()?);
        reader.is_end().then_some(name)
    });
    names.collect()
}

/// The name that PostgreSQL would choose, where it need not be cut.
fn default_name(table: &TableName, columns: &[String], ending: &str) -> Option<String> {
    let mut parts = vec![table.name.as_str()];
    parts.extend(columns.iter().map(String::as_str));
    parts.push(ending);
    let name = parts.join("_");
    (name.len() <= 63).then_some(name)
}
