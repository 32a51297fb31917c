//! What a rule sees of a statement, and what it says.

use super::Rule;
use super::memory::{Memory, Transaction};
use super::options::Options;
use super::words::Words;
use crate::lock::LockMode;
use crate::sql::effect::{Effect, Facts, Lock, WorkKind};
use crate::sql::forest::Parsed;
use crate::sql::green;
use crate::sql::reader::Reader;
use crate::sql::schema::{MADE_FOR_ITSELF, Schema, TableName};
use crate::sql::tree;
use crate::sql::{Directive, fold};
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;

/// One statement, and what is known when it runs.
#[derive(Clone)]
pub(super) struct Look<'a> {
    pub sql: &'a str,
    /// The statement's bytes.
    pub body: Range<usize>,
    pub directives: &'a [Directive],
    pub tree: &'a ast::Stmt,
    pub effect: &'a Effect,
    /// The schema before it.
    pub schema: &'a Schema,
    /// The transaction that it runs in, so far; not open where it runs by itself.
    pub transaction: &'a Transaction,
    /// What the plan did before this section.
    pub memory: &'a Memory,
    pub options: &'a Options,
    /// Bytes of what squawk found, for rules that ask it.
    pub found: Range<usize>,
    /// It stands in a revision, and not in a plain file.
    pub is_revision: bool,
    /// Which statement of the section it is, of all of them.
    pub at: usize,
    pub statements: &'a [Parsed],
    /// What the statements say; made when it is first asked for.
    pub words: &'a OnceCell<Words>,
    /// Tables that earlier statements of the section dropped.
    pub dropped: &'a BTreeSet<TableName>,
    pub parts: &'a Parts,
}

/// What many rules ask of a statement, made when it is first asked for.
#[derive(Default)]
pub(super) struct Parts {
    alter: OnceCell<Option<(TableName, Vec<ast::AlterTableAction>)>>,
    columns: OnceCell<Vec<NewColumn>>,
    lower: OnceCell<String>,
    /// The kinds of its nodes, each once.
    kinds: OnceCell<Vec<SyntaxKind>>,
    harmless: OnceCell<bool>,
}

/// The end of a section or file.
pub(super) struct End<'a> {
    pub transaction: &'a Transaction,
    /// The revision's message; none for a plain file.
    pub message: Option<&'a str>,
}

/// What a rule found.
#[derive(Default)]
pub(super) struct Hits(pub Vec<Hit>);

pub(super) struct Hit {
    pub range: Range<usize>,
    /// The rule's own words where it is none.
    pub message: Option<String>,
    pub lock: Option<LockMode>,
}

impl Hits {
    /// Says it of these bytes, with a message for this very place.
    pub fn add(&mut self, range: Range<usize>, message: impl Into<String>) {
        self.0.push(Hit {
            range,
            message: Some(message.into()),
            lock: None,
        });
    }

    /// Says it of these bytes, in the rule's own words.
    pub fn here(&mut self, range: Range<usize>) {
        self.0.push(Hit {
            range,
            message: None,
            lock: None,
        });
    }
}

/// The bytes of a node, without the white space and comments before it.
pub(super) fn range(node: &SyntaxNode) -> Range<usize> {
    let whole = node.text_range();
    let first = node
        .descendants_with_tokens()
        .filter_map(|element| element.into_token())
        .find(|token| !token.kind().is_trivia());
    let start = first.map_or(whole.start(), |token| token.text_range().start());
    start.into()..whole.end().into()
}

/// The name that a node spells, such as `public."Odd"`.
pub(super) fn name_of(text: &str) -> Option<TableName> {
    let mut reader = Reader::new(text);
    reader.eat("only");
    let mut name = fold(reader.word()?);
    let mut schema = None;
    while reader.eat_kind(squawk_lexer::TokenKind::Dot) {
        let before = std::mem::replace(&mut name, fold(reader.word()?));
        schema = (before != "public").then_some(before);
    }
    Some(TableName { schema, name })
}

/// The name that a node spells.
pub(super) fn name(node: Option<&impl AstNode>) -> Option<TableName> {
    tree::name_of(node?.syntax())
}

/// The one word that a node spells, folded.
pub(super) fn word(node: Option<&impl AstNode>) -> Option<String> {
    name(node).map(|name| name.name)
}

impl<'a> Look<'a> {
    pub fn text(&self) -> &'a str {
        &self.sql[self.body.clone()]
    }

    /// The same, with that place as what is found.
    pub fn at(&self, found: Range<usize>) -> Self {
        Look {
            found,
            ..self.clone()
        }
    }

    /// Takes into `schema` what it does.
    pub fn apply_to(&self, schema: &mut Schema) {
        if let Some(tree) = &self.statements[self.at].tree {
            schema.apply_tree(tree);
        }
    }

    /// Its words and signs, without white space and comments.
    pub fn reader(&self) -> Reader<'a> {
        Reader::new(self.text())
    }

    /// The bytes of the statement's first line: where it is shown when it is about all of it.
    pub fn head(&self) -> Range<usize> {
        let text = self.text();
        let length = text.find(['\n', '\r']).unwrap_or(text.len());
        self.body.start..self.body.start + length
    }

    /// What it is known to do; nothing where that is not known.
    pub fn facts(&self) -> Option<&'a Facts> {
        match self.effect {
            Effect::Known(facts) => Some(facts),
            Effect::Unknown { .. } => None,
        }
    }

    /// The text in lower case.
    pub fn lower(&self) -> &'a str {
        let lower = &self.parts.lower;
        lower.get_or_init(|| self.text().to_ascii_lowercase())
    }

    /// The table of an ALTER TABLE, with its actions.
    pub fn alter(&self) -> Option<(&'a TableName, &'a [ast::AlterTableAction])> {
        let read = || {
            let ast::Stmt::AlterTable(alter) = self.tree else {
                return None;
            };
            let table = name(alter.table_relation_name().as_ref())?;
            Some((table, alter.actions().collect()))
        };
        let (table, actions) = self.parts.alter.get_or_init(read).as_ref()?;
        Some((table, actions))
    }

    /// The actions of an ALTER TABLE; none where it is another statement.
    pub fn actions(&self) -> &'a [ast::AlterTableAction] {
        self.alter().map_or(&[], |(_, actions)| actions)
    }

    /// The columns' definitions that it adds: each with its table, and whether the table is made by it.
    pub fn new_columns(&self) -> &'a [NewColumn] {
        self.parts.columns.get_or_init(|| self.read_columns())
    }

    fn read_columns(&self) -> Vec<NewColumn> {
        match self.tree {
            ast::Stmt::AlterTable(alter) => {
                let Some(table) = name(alter.table_relation_name().as_ref()) else {
                    return vec![];
                };
                let added = alter.actions().filter_map(|action| match action {
                    ast::AlterTableAction::AddColumn(added) => Some(added),
                    _ => None,
                });
                added
                    .filter_map(|added| {
                        Some(NewColumn {
                            name: word(added.column_name().as_ref())?,
                            ty: added.ty(),
                            constraints: added.constraints().collect(),
                            node: added.syntax().clone(),
                            in_new_table: self.is_new(&table),
                        })
                    })
                    .collect()
            }
            ast::Stmt::CreateTable(create) => {
                let Some(list) = create.table_arg_list() else {
                    return vec![];
                };
                let columns = list.args().filter_map(|argument| match argument {
                    ast::TableArg::Column(column) => Some(column),
                    _ => None,
                });
                columns
                    .filter_map(|column| {
                        let constraints = column.syntax().children();
                        Some(NewColumn {
                            name: word(column.name().as_ref())?,
                            ty: column.ty(),
                            constraints: constraints.filter_map(ast::Constraint::cast).collect(),
                            node: column.syntax().clone(),
                            in_new_table: true,
                        })
                    })
                    .collect()
            }
            _ => vec![],
        }
    }

    /// Whether the table was made in this plan, so that it is empty and nobody uses it yet.
    pub fn is_new(&self, table: &TableName) -> bool {
        self.schema.is_new(table)
    }

    /// Whether every table that it locks or works on is new; not so where none is known.
    pub fn is_harmless(&self) -> bool {
        *self.parts.harmless.get_or_init(|| self.touches_new_only())
    }

    fn touches_new_only(&self) -> bool {
        match self.tree {
            ast::Stmt::AlterTable(alter) => {
                return name(alter.table_relation_name().as_ref())
                    .is_some_and(|table| self.is_new(&table));
            }
            ast::Stmt::CreateIndex(create) => {
                return name(create.table_relation_name().as_ref())
                    .is_some_and(|table| self.is_new(&table));
            }
            _ => {}
        }
        let Some(facts) = self.facts() else {
            return false;
        };
        let tables: Vec<&TableName> = facts.locks.iter().map(|lock| &lock.relation).collect();
        !tables.is_empty() && tables.iter().all(|table| self.is_new(table))
    }

    /// Whether somebody can feel it: a table that it locks or works on is not new, or is not known.
    pub fn is_felt(&self) -> bool {
        !self.is_harmless()
    }

    /// Whether it builds an index on rows that a change keeps aside, which nobody else reads or writes.
    pub fn indexes_what_is_aside(&self) -> bool {
        let ast::Stmt::CreateIndex(create) = self.tree else {
            return false;
        };
        let table = name(create.table_relation_name().as_ref());
        let schema = table.and_then(|table| table.schema);
        schema.is_some_and(|schema| schema.starts_with(MADE_FOR_ITSELF))
    }

    /// The later statements of the section that say all these words.
    pub fn later(&self, words: &[&str]) -> impl Iterator<Item = &'a str> {
        let all = self
            .words
            .get_or_init(|| Words::of(self.sql, self.statements));
        let (sql, statements) = (self.sql, self.statements);
        let found = all.later(self.at, words).into_iter();
        found.map(move |at| &sql[statements[at].statement.body.clone()])
    }

    /// Whether a later statement of the section says all these words.
    pub fn says_later(&self, words: &[&str]) -> bool {
        self.later(words).next().is_some()
    }

    /// Whether a later statement of the section makes a view of that name.
    pub fn made_again(&self, view: &TableName) -> bool {
        self.later(&["create", "view", &view.name]).any(|text| {
            let mut reader = Reader::new(text);
            if !reader.eat("create") {
                return false;
            }
            reader.eat_all(&["or", "replace"]);
            reader.eat_any(&["recursive", "materialized"]);
            reader.eat("view") && {
                reader.eat_all(&["if", "not", "exists"]);
                reader.name().and_then(|name| name_of(&name)).as_ref() == Some(view)
            }
        })
    }

    /// Whether it does such work on a table that is not new.
    pub fn works(&self, kind: WorkKind) -> bool {
        self.facts().is_some_and(|facts| {
            let mut work = facts.work.iter();
            work.any(|work| work.kind == kind && !self.is_new(&work.table))
        })
    }

    /// The strongest lock on a table that is not new.
    pub fn strongest(&self) -> Option<&'a Lock> {
        let locks = self.facts()?.locks.iter();
        locks
            .filter(|lock| !self.is_new(&lock.relation))
            .max_by_key(|lock| lock.mode)
    }

    /// All nodes of that kind in it.
    pub fn nodes<N: AstNode>(&self) -> Vec<N> {
        let kinds = self
            .parts
            .kinds
            .get_or_init(|| green::kinds(self.tree.syntax()));
        if !kinds.iter().any(|kind| N::can_cast(*kind)) {
            return vec![];
        }
        green::all(self.tree.syntax()).collect()
    }
}

/// A column that a statement adds.
pub(super) struct NewColumn {
    pub name: String,
    pub ty: Option<ast::Type>,
    pub constraints: Vec<ast::Constraint>,
    pub node: SyntaxNode,
    /// The table is made by the statement, or was in this plan.
    pub in_new_table: bool,
}

impl NewColumn {
    /// The type's words, lower case, one space between them.
    pub fn type_words(&self) -> String {
        let text = self.ty.as_ref().map(|ty| green::text(ty.syntax()));
        let text = text.unwrap_or_default().to_ascii_lowercase();
        text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn range(&self) -> Range<usize> {
        range(&self.node)
    }
}

impl Rule {
    /// What happens, who waits, and what to do where that is words and no example.
    pub(super) fn sentence(&self) -> String {
        let mut sentence = self.happens.to_owned();
        let advice = (!self.is_example()).then_some(self.instead);
        for part in [Some(self.waits), advice].into_iter().flatten() {
            if !part.is_empty() {
                sentence.push(' ');
                sentence.push_str(part);
            }
        }
        sentence
    }
}
