//! The second table: as the first one will be, under names of its own until it takes its place.

use super::super::ChangeError;
use super::super::build::{Builder, own_part};
use super::super::names::TableName;
use super::super::section::Section;
use super::super::view;
use super::{Rebuilt, owned};
use crate::catalog::{Catalog, Index, Object, Relation, Sequence, Statistics};
use crate::draft::{between, qualified};
use crate::sql::identifier;

/// What is made, and what becomes of it.
#[derive(Clone, Debug)]
pub struct Second {
    pub name: TableName,
    /// The statements that make it.
    made: Vec<String>,
    /// `ALTER …` of each thing that changes its name, and the name that it gets, as SQL.
    renames: Vec<(String, String)>,
    /// What it gets when it has its name.
    rest: Vec<String>,
    /// The sequences of identities, each with the second one's, as SQL.
    identities: Vec<(String, String)>,
}

impl Second {
    /// # Errors
    /// Where something of the table cannot be made again, in words.
    pub fn new(
        builder: &Builder<'_>,
        rebuilt: &Rebuilt,
        name: &TableName,
    ) -> Result<Self, ChangeError> {
        let major = builder.change.start.major;
        // Foreign keys change over with the names.
        let target = without_foreign_keys(&rebuilt.target);
        let bare = bare(&target);
        let mut names = Names {
            builder,
            name,
            renames: Vec::new(),
            identities: Vec::new(),
        };
        let mut made = vec![Object::Table(names.relation(&bare))];
        made.extend(names.sequences());
        made.extend(names.statistics());
        let owner = &builder.table.owner;
        let (made, missing) = between(&Catalog::new(major, []), &Catalog::new(major, made), owner);
        // Rows are copied, and sequences go on.
        let is_carried =
            |one: &&String| !one.starts_with("the rows of ") && !one.starts_with("the value of ");
        if let Some(missing) = missing.iter().find(is_carried) {
            return Err(ChangeError(format!(
                "no other table can be made like {}, for it would not have {missing}",
                builder.name.words()
            )));
        }
        let with_sequences = |table: Relation| {
            let sequences = owned(builder).into_iter();
            let sequences = sequences.map(|(sequence, _)| Object::Sequence(sequence.clone()));
            Catalog::new(major, sequences.chain([Object::Table(table)]))
        };
        // The owner is who it is by then; nobody else is whoever runs it.
        let (rest, _) = between(&with_sequences(bare), &with_sequences(target), "");
        Ok(Second {
            name: name.clone(),
            made,
            renames: names.renames,
            rest,
            identities: names.identities,
        })
    }

    /// Writes what makes it, in the transaction under way.
    pub fn make(&self, section: &mut Section, builder: &Builder<'_>) {
        for statement in &self.made {
            view::push(section, statement);
        }
        section
            .allow("opaque-statement", "it gets the table's owner")
            .push(view::give("TABLE", &self.name, builder.name));
    }

    /// What changes its name once the first table is gone.
    pub fn renames(&self) -> &[(String, String)] {
        &self.renames
    }

    /// What it gets once it has its name.
    pub fn rest(&self) -> &[String] {
        &self.rest
    }

    /// The second table's sequence in the place of an identity's.
    pub fn identity(&self, of: &Sequence) -> Option<String> {
        let of = qualified(&of.schema, &of.name);
        let mut all = self.identities.iter();
        all.find(|(first, _)| *first == of)
            .map(|(_, second)| second.clone())
    }
}

fn without_foreign_keys(table: &Relation) -> Relation {
    let mut table = table.clone();
    table.constraints.retain(|one| one.type_ != "foreign key");
    table
}

/// The table without what names it, or what would be in the way of copying.
fn bare(table: &Relation) -> Relation {
    let mut table = Relation {
        triggers: Vec::new(),
        policies: Vec::new(),
        rules: Vec::new(),
        ..table.clone()
    };
    for column in &mut table.columns {
        if column.identity.is_some() {
            column.identity = Some("by default".into());
        }
    }
    table
}

/// The names that the second table's things have until the first is gone.
struct Names<'b, 'a> {
    builder: &'b Builder<'a>,
    name: &'b TableName,
    renames: Vec<(String, String)>,
    identities: Vec<(String, String)>,
}

impl Names<'_, '_> {
    fn made(&self, letter: &str) -> String {
        let at = self.renames.len() + 1;
        self.builder.change.id.made(&format!("{letter}{at}"))
    }

    fn renamed(&mut self, what: &str, schema: &str, from: &str, to: &str) {
        self.renames.push((
            format!("ALTER {what} {}", qualified(schema, from)),
            identifier(to),
        ));
    }

    fn relation(&mut self, bare: &Relation) -> Relation {
        let mut table = bare.clone();
        table.name.clone_from(&self.name.name);
        for constraint in &mut table.constraints {
            if !matches!(
                constraint.type_.as_str(),
                "primary key" | "unique" | "exclusion"
            ) {
                continue;
            }
            let own = self.made("i");
            for index in &mut table.indexes {
                if index.constraint.as_deref() == Some(constraint.name.as_str()) {
                    index.constraint = Some(own.clone());
                    index.name.clone_from(&own);
                }
            }
            self.renamed("INDEX", &table.schema, &own, &constraint.name);
            constraint.name = own;
        }
        for index in &mut table.indexes {
            if index.constraint.is_none() {
                let own = self.made("i");
                self.renamed("INDEX", &table.schema, &own, &index.name);
                index.definition = definition(index, &own, self.name);
                index.name = own;
            }
        }
        table
    }

    /// Those of the identities.
    fn sequences(&mut self) -> Vec<Object> {
        let mut made = Vec::new();
        for (sequence, column) in owned(self.builder) {
            if column.identity.is_none() {
                continue;
            }
            let own = self.made("s");
            self.renamed("SEQUENCE", &sequence.schema, &own, &sequence.name);
            self.identities.push((
                qualified(&sequence.schema, &sequence.name),
                qualified(&sequence.schema, &own),
            ));
            made.push(Object::Sequence(Sequence {
                name: own,
                owned_by: Some(format!("{}.{}", self.name, identifier(&column.name))),
                ..sequence.clone()
            }));
        }
        made
    }

    fn statistics(&mut self) -> Vec<Object> {
        let mut made = Vec::new();
        let table = self.builder.name.sql();
        for object in self.builder.change.start.objects() {
            let Object::Statistics(one) = object else {
                continue;
            };
            let Some(what) = one.definition.strip_suffix(&format!(" FROM {table}")) else {
                continue;
            };
            let own = self.made("e");
            let first = qualified(&one.schema, &one.name);
            self.renamed("STATISTICS", &one.schema, &own, &one.name);
            made.push(Object::Statistics(Statistics {
                definition: format!(
                    "{} FROM {}",
                    what.replacen(&first, &qualified(&one.schema, &own), 1),
                    self.name
                ),
                name: own,
                ..one.clone()
            }));
        }
        made
    }
}

/// The definition of an index like `index` under another name, on another table.
fn definition(index: &Index, name: &str, table: &TableName) -> String {
    let unique = match index.definition.starts_with("CREATE UNIQUE ") {
        true => "UNIQUE ",
        false => "",
    };
    format!(
        "CREATE {unique}INDEX {} ON {table} USING {}",
        identifier(name),
        own_part(index)
    )
}
