//! What PostgreSQL adds to a table only while nobody can use it: a second table has it from the beginning, is filled in
//! batches and kept equal, and takes the table's place in the contract.

mod guard;
mod second;

use super::build::{Builder, list};
use super::constraints::Kept;
use super::dependents::{dependents, in_words, named};
use super::kind::drop_table::foreign_keys;
use super::names::{OWN, TableName};
use super::parity::Parity;
use super::quarantine::Quarantine;
use super::section::Section;
use super::trigger::{Fires, Trigger};
use super::{ChangeError, Phase};
use crate::catalog::{Column, Kind, Object, Relation, Sequence};
use crate::draft::{mentions, qualified, replaced};
use crate::sql::{identifier, literal};
use second::Second;
use std::collections::BTreeSet;

/// What is added.
#[derive(Clone, Debug)]
pub struct Rebuilt {
    /// The table as it will be.
    pub target: Relation,
    /// What takes that back at once, as SQL.
    pub undo: String,
    /// The hazard that this would be elsewhere.
    pub undo_code: &'static str,
    /// In words, such as `the exclusion constraint rooms_excl`.
    pub what: String,
}

/// Adds all the phases.
///
/// # Errors
/// Where something stands on the table that no other one can take over, in words.
pub fn build(builder: &mut Builder<'_>, rebuilt: &Rebuilt) -> Result<(), ChangeError> {
    let work = Work::new(builder, rebuilt)?;
    let (parts, parity) = (work.parts(), work.parity());
    for (phase, message, up, down) in parts {
        builder.part(phase, message, up, down);
    }
    builder.parity(parity);
    builder.replaces_table();
    let (words, second) = (builder.name.words(), rebuilt.second(builder).words());
    builder.note(format!(
        "{second} takes as much space as {words} until the contract, and every write to {words} is written there, too."
    ));
    builder.note(format!(
        "Do not change {words} in other revisions meanwhile: the contract stops where it has other columns, indexes, constraints, triggers or policies than now, and then the expand has to be undone and made anew."
    ));
    builder.note(format!(
        "The contract takes {words}, and every table that a foreign key joins to it, for as long as names change. A subscription that writes into it would not find the new one: this cannot be seen from here."
    ));
    Ok(())
}

impl Rebuilt {
    fn second(&self, builder: &Builder<'_>) -> TableName {
        TableName::new(&builder.name.schema, &builder.change.id.made("new"))
    }
}

/// The change of one table into another.
struct Work<'b, 'a> {
    builder: &'b Builder<'a>,
    rebuilt: &'b Rebuilt,
    second: Second,
    key: Vec<&'a str>,
    views: Vec<&'a Relation>,
    keys: Vec<Kept<'a>>,
}

/// Of a part: its phase, message and sections.
type Written = (Phase, String, Section, Section);

impl<'b, 'a> Work<'b, 'a> {
    fn new(builder: &'b Builder<'a>, rebuilt: &'b Rebuilt) -> Result<Self, ChangeError> {
        builder.plain_table()?;
        let key = builder.key()?;
        builder.comparable(&key)?;
        check(builder, &key)?;
        let views = views(builder)?;
        let name = rebuilt.second(builder);
        Ok(Work {
            second: Second::new(builder, rebuilt, &name)?,
            keys: foreign_keys(builder),
            builder,
            rebuilt,
            key,
            views,
        })
    }

    fn parts(&self) -> Vec<Written> {
        let (table, what) = (self.builder.name, &self.rebuilt.what);
        let (words, second) = (table.words(), &self.second.name);
        let mut parts = Vec::new();

        let (mut up, mut down) = Section::both();
        self.make(&mut up);
        down.change(table);
        for trigger in self.triggers() {
            trigger.unmake(&mut down);
        }
        down.allow("ban-drop-table", "all its rows are in the other one")
            .push(format!("DROP TABLE {second}"));
        let message = format!("{words}: make a second table with {what}, kept equal");
        parts.push((Phase::Expand, message, up, down));

        let (mut up, mut down) = Section::both();
        self.fill(&mut up);
        down.nothing("What was copied goes with the second table.");
        let message = format!("{words}: copy the rows into the second table");
        parts.push((Phase::Migrate, message, up, down));

        let (mut up, mut down) = Section::both();
        self.quarantine().keep(&mut up);
        self.swap(&mut up);
        self.validate(&mut up, &self.joined());
        down.change(table)
            .allow(self.rebuilt.undo_code, "it was added without")
            .push(&self.rebuilt.undo);
        self.validate(&mut down, std::slice::from_ref(table));
        self.make(&mut down);
        self.fill(&mut down);
        let message = format!("{words}: the second table, with {what}, takes its place");
        parts.push((Phase::Contract, message, up, down));
        parts
    }

    /// The columns that are written, as SQL.
    fn columns(&self) -> Vec<String> {
        let all = self.builder.table.columns.iter();
        all.filter(|one| one.generated.is_none())
            .map(|one| identifier(&one.name))
            .collect()
    }

    fn key_of(&self, row: &str) -> String {
        let names = self
            .key
            .iter()
            .map(|one| format!("{row}.{}", identifier(one)));
        names.collect::<Vec<_>>().join(", ")
    }

    /// Makes the second table, empty, and what keeps it equal from now on.
    fn make(&self, section: &mut Section) {
        section.check(self.builder.name);
        self.second.make(section, self.builder);
        section.change(self.builder.name);
        for trigger in self.triggers() {
            trigger.make(section);
        }
    }

    /// What makes the row of the second table with a key what the table's row with that key is. It is read again, as other
    /// triggers of the table may have written it meanwhile.
    fn triggers(&self) -> [Trigger<'a>; 2] {
        let (table, second) = (self.builder.name, &self.second.name);
        let (list, key) = (self.columns().join(", "), list(&self.key));
        let is_key = |name: &String| self.key.iter().any(|one| identifier(one) == *name);
        let set: Vec<String> = self
            .columns()
            .iter()
            .filter(|name| !is_key(name))
            .map(|name| format!("{name} = EXCLUDED.{name}"))
            .collect();
        let then = match set.is_empty() {
            true => "NOTHING".to_owned(),
            false => format!("UPDATE SET {}", set.join(", ")),
        };
        let (old, new) = (self.key_of("OLD"), self.key_of("NEW"));
        let gone: Vec<String> = self
            .columns()
            .iter()
            .map(|name| format!("OLD.{name}"))
            .collect();
        let gone = gone.join(", ");
        let rows = format!(
            "BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND ROW({old}) IS DISTINCT FROM ROW({new}) THEN
        IF TG_OP = 'UPDATE' OR NOT EXISTS (SELECT FROM {table} WHERE ({key}) = ({old})) THEN
            DELETE FROM {second} WHERE ({key}) = ({old});
            IF NOT FOUND AND pg_catalog.current_setting('transaction_isolation') <> 'read committed' THEN
                -- Where the row was copied after this transaction's snapshot, it is there unseen, and this fails to serialize.
                INSERT INTO {second} ({list}) VALUES ({gone}) ON CONFLICT ({key}) DO NOTHING;
                DELETE FROM {second} WHERE ({key}) = ({old});
            END IF;
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO {second} ({list}) SELECT {list} FROM {table} WHERE ({key}) = ({new}) ON CONFLICT ({key}) DO {then};
    END IF;
    RETURN NULL;
END
",
        );
        let truncate = format!("BEGIN\n    TRUNCATE {second};\n    RETURN NULL;\nEND\n");
        [
            ("", Fires::After, rows),
            ("t", Fires::AfterTruncate, truncate),
        ]
        .map(|(what, fires, body)| Trigger {
            id: &self.builder.change.id,
            table,
            relation: self.builder.table,
            what,
            fires,
            body,
            reason: "it keeps the second table equal",
        })
    }

    /// Copies the rows that are there. A row that is deleted meanwhile waits for the batch that has it, so that it cannot come
    /// back; what the trigger wrote meanwhile is newer, and stays.
    fn fill(&self, section: &mut Section) {
        let (table, second) = (self.builder.name, &self.second.name);
        let list_of = self.columns().join(", ");
        let mut all = self.builder.table.columns.iter();
        if all.any(|one| one.identity.is_some()) {
            section
                .commit()
                .allow("sequence-behind-rows", "the contract sets it");
        }
        section.batches(
            &self.key,
            format!(
                "INSERT INTO {second} ({list_of}) SELECT {list_of} FROM {table} FOR KEY SHARE ON CONFLICT ({}) DO NOTHING",
                list(&self.key)
            ),
        );
        section.check(table).push(format!("ANALYZE {second}"));
    }

    /// A condition: `row` of the table is not in the second one as it is.
    fn is_missing(&self, row: &str) -> String {
        let all = |of: &str| {
            let names = self.columns();
            let names = names.iter().map(|name| format!("{of}.{name}"));
            names.collect::<Vec<_>>().join(", ")
        };
        format!(
            "NOT EXISTS (SELECT FROM {} AS there WHERE ({}) = ({}) AND ROW({})::record OPERATOR(pg_catalog.*=) ROW({})::record)",
            self.second.name,
            self.key_of("there"),
            self.key_of(row),
            all("there"),
            all(row)
        )
    }

    /// Rows disagree that are not in the second table as they are, and rows of that that are not in the first.
    fn parity(&self) -> Parity {
        let table = self.builder.name;
        let owned = |names: &[&str]| names.iter().map(|one| (*one).to_owned()).collect();
        let others: Vec<&str> = {
            let all = self.builder.table.columns.iter();
            all.map(|one| one.name.as_str())
                .filter(|name| !self.key.contains(name))
                .collect()
        };
        let id = &self.builder.change.id;
        let here = Parity {
            table: table.clone(),
            key: owned(&self.key),
            differ: self.is_missing("page"),
            columns: owned(&others),
            functions: ["", "t"]
                .map(|what| TableName::new(&table.schema, &id.made(what)))
                .to_vec(),
            back: None,
        };
        let there = Parity {
            table: self.second.name.clone(),
            differ: format!(
                "NOT EXISTS (SELECT FROM {table} AS there WHERE ({}) = ({}))",
                self.key_of("there"),
                self.key_of("page")
            ),
            functions: Vec::new(),
            ..here.clone()
        };
        Parity {
            back: Some(Box::new(there)),
            ..here
        }
    }

    /// What keeps the rows that are not in the second table as they are: none, but where a gate was opened by force.
    fn quarantine(&self) -> Quarantine {
        let parity = self.parity();
        Quarantine {
            id: self.builder.change.id.clone(),
            table: self.builder.name.clone(),
            key: parity.key,
            columns: parity.columns,
            only: Some(self.is_missing(&identifier(&self.builder.name.name))),
            as_text: None,
        }
    }

    /// The tables that a foreign key joins to this one, which is the first.
    fn joined(&self) -> Vec<TableName> {
        let mut tables = vec![self.builder.name.clone()];
        for key in &self.keys {
            let referred = mentions(&key.constraint.definition).into_iter();
            let referred = referred.map(|(schema, name)| TableName::new(&schema, &name));
            for one in referred.chain([key.table.clone()]) {
                if !tables.contains(&one) {
                    tables.push(one);
                }
            }
        }
        tables
    }

    /// The second table takes the name of the first, and all that stands on it; the first one goes.
    fn swap(&self, section: &mut Section) {
        let (table, second) = (self.builder.name, &self.second.name);
        let aside = TableName::new(&table.schema, &self.builder.change.id.made("old"));
        section.change_all(&self.joined());
        for view in &self.views {
            section.push(hold(view));
        }
        section
            .allow("opaque-statement", "it changes nothing")
            .push(guard::statement(self.builder, second));
        for trigger in self.triggers() {
            trigger.unmake(section);
        }
        for key in &self.keys {
            key.drop(section);
        }
        self.sequences(section);
        section
            .allow("renaming-table", "the second table gets its name at once")
            .push(format!("ALTER TABLE {table} RENAME TO {}", aside.name));
        section.push(format!(
            "ALTER TABLE {second} RENAME TO {}",
            identifier(&table.name)
        ));
        for view in &self.views {
            section.push(replaced(view));
        }
        section
            .allow("ban-drop-table", "all its rows are in the new one")
            .push(format!("DROP TABLE {aside}"));
        for (from, to) in self.second.renames() {
            if from.starts_with("ALTER SEQUENCE ") {
                section.allow("renaming-object", "it takes the place of the first");
            }
            section.push(format!("{from} RENAME TO {to}"));
        }
        for statement in self.second.rest() {
            let reads_others = || mentions(statement).len() > 1;
            if statement.starts_with("CREATE POLICY ") && reads_others() {
                section.allow("ban-create-policy", "the first table has it");
            }
            section.push(statement);
        }
        for key in &self.keys {
            key.add(section);
        }
    }

    /// Looks whether all rows keep the foreign keys, where they did before, each in a transaction on the same tables.
    fn validate(&self, section: &mut Section, tables: &[TableName]) {
        for key in self.keys.iter().filter(|one| !one.constraint.not_valid) {
            section.check_all(tables).push(format!(
                "ALTER TABLE {} VALIDATE CONSTRAINT {}",
                key.table,
                identifier(&key.constraint.name)
            ));
        }
    }

    /// What gives the numbers of the first table gives those of the second.
    fn sequences(&self, section: &mut Section) {
        for (sequence, column) in owned(self.builder) {
            let name = qualified(&sequence.schema, &sequence.name);
            match self.second.identity(sequence) {
                // An identity has its own, which goes on where the other one is.
                Some(own) => section.push(format!(
                    "SELECT pg_catalog.setval({}, last_value, is_called) FROM {name}",
                    literal(&own)
                )),
                None => section.push(format!(
                    "ALTER SEQUENCE {name} OWNED BY {}.{}",
                    self.second.name,
                    identifier(&column.name)
                )),
            };
        }
    }
}

/// A statement that changes nothing, and has the view for itself: who reads it locks it before its table.
fn hold(view: &Relation) -> String {
    let mut options = view.options.iter();
    let barrier = options.find_map(|one| one.strip_prefix("security_barrier="));
    let what = match barrier {
        Some(value) => format!("SET (security_barrier = {value})"),
        None => "RESET (security_barrier)".to_owned(),
    };
    format!("ALTER VIEW {} {what}", qualified(&view.schema, &view.name))
}

/// The sequences that go with a column of the table.
fn owned<'a>(builder: &Builder<'a>) -> Vec<(&'a Sequence, &'a Column)> {
    let sequences = builder.change.start.objects();
    let sequences = sequences.filter_map(|object| match object {
        Object::Sequence(it) => Some(it),
        _ => None,
    });
    let column = |sequence: &Sequence| {
        let mut all = builder.table.columns.iter();
        let owner = sequence.owned_by.as_deref();
        all.find(|one| {
            owner == Some(format!("{}.{}", builder.name, identifier(&one.name)).as_str())
        })
    };
    sequences
        .filter_map(|sequence| Some((sequence, column(sequence)?)))
        .collect()
}

/// The views that read the table, which read the other one from the contract on.
///
/// # Errors
/// Where something else stands on the table, in words.
fn views<'a>(builder: &Builder<'a>) -> Result<Vec<&'a Relation>, ChangeError> {
    let words = builder.name.words();
    // What PostgreSQL reads when it runs finds the other table by its name.
    let is_late = |definition: &str| {
        let head = definition.split("AS $").next().unwrap_or(definition);
        head != definition && !super::columns::mentions(head, &builder.name.name)
    };
    let late: BTreeSet<String> = builder
        .change
        .start
        .objects()
        .filter_map(|object| match object {
            Object::Function(it) | Object::Procedure(it) if is_late(&it.definition) => {
                Some(in_words(object))
            }
            _ => None,
        })
        .collect();
    let mut others = dependents(builder, None);
    others.retain(|(kind, words)| *kind != Kind::View && !late.contains(words));
    if !others.is_empty() {
        return Err(ChangeError(format!(
            "{words} is used by {}, which no other table can take over beside everybody's work: change or drop what uses it in a revision before, and then make this change anew",
            named(&others)
        )));
    }
    let wanted = (builder.name.schema.clone(), builder.name.name.clone());
    let views = builder
        .change
        .start
        .objects()
        .filter_map(|object| match object {
            Object::View(it) => Some(it),
            _ => None,
        });
    Ok(views
        .filter(|view| {
            let query = view.definition.as_deref().unwrap_or_default();
            mentions(query).contains(&wanted)
        })
        .collect())
}

/// # Errors
/// Where another table cannot be made like this one, in words.
fn check(builder: &Builder<'_>, key: &[&str]) -> Result<(), ChangeError> {
    let (table, words) = (builder.table, builder.name.words());
    let no = |why: String| Err(ChangeError(format!("{words} {why}")));
    if table.force_row_security {
        return no("forces row-level security on its owner, who has to copy its rows: say NO FORCE ROW LEVEL SECURITY in a revision before, and FORCE in one after".into());
    }
    if let Some(type_) = &table.of_type {
        return no(format!(
            "is a table of the type {type_}: change it in a revision of your own"
        ));
    }
    let columns = format!("({})", list(key));
    let is_key = |definition: &str| {
        let kinds = ["PRIMARY KEY ", "UNIQUE "].into_iter();
        let mut own = kinds.filter_map(|kind| definition.strip_prefix(kind));
        own.any(|rest| rest.starts_with(&columns))
    };
    let mut constraints = table.constraints.iter();
    let deferrable = constraints.find(|one| one.deferrable.is_some() && is_key(&one.definition));
    if let Some(constraint) = deferrable {
        return no(format!(
            "has the key {}, which is DEFERRABLE, so that no row can be told by it while it is written: name another unique key that is NOT NULL as the change's `key`",
            identifier(&constraint.name)
        ));
    }
    if let Some(trigger) = table.triggers.iter().find(|one| one.name.contains(OWN)) {
        return no(format!(
            "is part of another change, whose trigger is {}: finish that first",
            identifier(&trigger.name)
        ));
    }
    let own = builder.name.sql();
    let has_rows = |columns: &[Column]| {
        let mut types = columns.iter().map(|one| one.type_.trim_end_matches("[]"));
        types.any(|type_| type_ == own)
    };
    for object in builder.change.start.objects() {
        let (schema, name) = object.name();
        let uses = match object {
            Object::Table(it) => has_rows(&it.columns),
            Object::Composite(it) => has_rows(&it.columns),
            Object::Other(it) if it.type_ == "publication" => publishes(
                it.definition.as_deref().unwrap_or_default(),
                &builder.name.schema,
            ),
            _ => false,
        };
        if uses {
            let other = match object {
                Object::Other(it) => format!("the publication {}", it.name),
                _ => TableName::new(schema, name).words(),
            };
            return no(format!(
                "is used by {other}, which no other table can take over beside everybody's work: change it in a revision of your own"
            ));
        }
    }
    Ok(())
}

/// Whether a publication is of all tables, or of all of a schema.
fn publishes(definition: &str, schema: &str) -> bool {
    let schema = identifier(schema);
    definition.starts_with("t ") || definition.split([' ', ',']).any(|word| word == schema)
}
