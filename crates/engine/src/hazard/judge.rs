//! Walking statements with what is known before each.

use super::look::{End, Hits, Look, name_of};
use super::memory::{Memory, Past, Transaction};
use super::options::Options;
use super::suppress::{Suppression, suppress};
use super::{Find, Hazard, RULES, Rule, squawk};
use crate::finding::Severity;
use crate::sql::effect::{Action, Effect, ObjectKind, effect_of};
use crate::sql::forest::{self, Parsed, ignored_in_file};
use crate::sql::reader::Reader;
use crate::sql::schema::Schema;
use crate::sql::tree::Tree;
use crate::sql::{Directive, Execution, execution};
use squawk_syntax::ast;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// How a text is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// An upgrade: in a transaction, but for what cannot run in one, and for `-- +commit`.
    Upgrade,
    /// A downgrade, likewise.
    Downgrade,
    /// As psql runs a file: each statement by itself, but for BEGIN and COMMIT.
    Plain,
}

/// Judges one text after another, each with what those before it did.
#[derive(Clone)]
pub struct Judge {
    options: Arc<Options>,
    schema: Schema,
    memory: Memory,
}

impl Judge {
    /// One that knows of nothing yet.
    pub fn new(options: &Options) -> Self {
        Judge {
            options: Arc::new(options.clone()),
            schema: Schema::default(),
            memory: Memory::default(),
        }
    }

    /// Takes in what ran long ago: its tables are there, and not empty.
    pub fn replay(&mut self, sql: &str) {
        for parsed in forest::read(sql).statements {
            if let Some(tree) = parsed.tree {
                self.schema.apply_tree(&tree);
            }
        }
        self.schema.mark();
    }

    /// What each statement of `sql` does, in order. The judge then knows of it.
    pub fn effects(&mut self, sql: &str) -> Vec<Effect> {
        let statements = forest::read(sql).statements.into_iter();
        statements
            .map(|parsed| {
                let known = self.effect(&parsed);
                if let Some(tree) = &parsed.tree {
                    self.schema.apply_tree(tree);
                }
                known
            })
            .collect()
    }

    fn effect(&self, parsed: &Parsed) -> Effect {
        match &parsed.tree {
            Some(tree) => effect_of(tree, &self.schema, self.options.version.major),
            None => Effect::Unknown {
                reason: "It cannot be read.".into(),
            },
        }
    }

    /// A plan begins: what is made from here on is new, and nobody uses it yet.
    pub fn mark(&mut self) {
        self.schema.mark();
        self.memory = Memory::default();
    }

    /// The hazards of `sql`, in order of place and code, those that are allowed among them. `message` is the revision's.
    /// The judge then knows of what it does.
    pub fn judge(&mut self, sql: &str, frame: Frame, message: Option<&str>) -> Vec<Hazard> {
        let forest = forest::read(sql);
        let is_downgrade = frame == Frame::Downgrade;
        let options = Arc::clone(&self.options);
        let wanted =
            |rule: &Rule| options.severity(rule).is_some() && (rule.in_downgrade || !is_downgrade);
        let mut theirs = squawk::find(&forest.whole, sql, self.options.version, false, wanted)
            .into_iter()
            .peekable();
        let mut hazards = Vec::new();
        let mut suppressions = Vec::new();
        let mut transaction = Transaction {
            is_open: frame != Frame::Plain,
            ..Transaction::default()
        };
        let mut all = Vec::new();
        for (at, parsed) in forest.statements.iter().enumerate() {
            let (statement, body) = (&parsed.statement, parsed.statement.body.clone());
            let text = &sql[body.clone()];
            let directives = &statement.directives;
            for directive in directives {
                let head = statement.range.start..body.start;
                suppressions.extend(Suppression::allow(directive, Some(at), head));
            }
            for codes in &parsed.ignored {
                let head = statement.range.start..body.start;
                suppressions.extend(Suppression::squawk(codes, Some(at), head));
            }
            if directives.contains(&Directive::Commit) {
                transaction = transaction.after_commit();
            }
            let control = Control::of(text);
            if frame == Frame::Plain && control == Control::Begin {
                transaction = Transaction {
                    is_explicit: true,
                    is_open: true,
                    ..transaction.after_commit()
                };
            }
            let is_outside = execution(text, directives) != Execution::Transactional;
            let alone = Transaction {
                has_lock_timeout: transaction.has_lock_timeout,
                has_statement_timeout: transaction.has_statement_timeout,
                ..Transaction::default()
            };
            let known = self.effect(parsed);
            let mut finds = Vec::new();
            while let Some(find) = theirs.next_if(|find| find.range.start < body.end) {
                finds.push(find);
            }
            if let Some(tree) = &parsed.tree {
                let mut look = Look {
                    sql,
                    body: body.clone(),
                    directives,
                    tree: tree.statement(),
                    effect: &known,
                    schema: &self.schema,
                    transaction: if is_outside && frame != Frame::Plain {
                        &alone
                    } else {
                        &transaction
                    },
                    memory: &self.memory,
                    options: &options,
                    found: body.clone(),
                    is_revision: frame != Frame::Plain,
                    later: &forest.statements[at + 1..],
                };
                for find in finds {
                    look.found = find.range.clone();
                    if let Find::Squawk(_, applies) = find.rule.find
                        && applies(&look)
                    {
                        let mut hits = Hits::default();
                        match find.rule.happens {
                            "" => hits.add(find.range, find.message),
                            _ => hits.here(find.range),
                        }
                        self.report(&mut hazards, find.rule, hits, Some(at), &look);
                    }
                }
                look.found = body.clone();
                for rule in RULES.iter().copied().filter(|rule| wanted(rule)) {
                    if let Find::Own(find) = rule.find {
                        let mut hits = Hits::default();
                        find(&look, &mut hits);
                        self.report(&mut hazards, rule, hits, Some(at), &look);
                    }
                }
            }
            transaction.settings(text);
            let past = past(parsed, body.clone(), known);
            if let Some(tree) = &parsed.tree {
                self.schema.apply_tree(tree);
            }
            if !is_outside {
                transaction.take(past.clone());
            }
            all.push(past);
            if frame == Frame::Plain && (control == Control::End || !transaction.is_open) {
                transaction = Transaction {
                    is_open: false,
                    is_explicit: false,
                    ..transaction.after_commit()
                };
            }
        }
        self.finish(
            &mut hazards,
            &forest.statements,
            &transaction,
            message,
            is_downgrade,
        );
        suppress(&mut hazards, &mut suppressions);
        self.unused(&mut hazards, &suppressions);
        let schema = &self.schema;
        self.memory.take(&all, |table| schema.is_new(table));
        hazards.sort_by(|one, other| {
            let key = |hazard: &Hazard| (hazard.range.start, hazard.rule.code, hazard.range.end);
            key(one).cmp(&key(other))
        });
        hazards.dedup();
        hazards
    }

    /// Allows what the file's own suppressions, in the text `file`, allow in all of `hazards`; reports those that allow
    /// nothing.
    pub fn allow_in_file(&self, file: &str, hazards: &mut Vec<Hazard>) {
        let mut suppressions = Vec::new();
        for raw in crate::sql::directive::all(file) {
            if let Ok(directive @ Directive::AllowFile { .. }) = raw.parse() {
                suppressions.extend(Suppression::allow(&directive, None, raw.range));
            }
        }
        for codes in ignored_in_file(file) {
            suppressions.extend(Suppression::squawk(&codes, None, 0..0));
        }
        suppress(hazards, &mut suppressions);
        self.unused(hazards, &suppressions);
    }

    /// The rules that are looked for, with their severities, in the registry's order.
    pub fn rules(&self) -> Vec<(&'static Rule, Severity)> {
        let rules = RULES.iter().copied();
        rules
            .filter_map(|rule| Some((rule, self.options.severity(rule)?)))
            .collect()
    }

    fn report(
        &self,
        hazards: &mut Vec<Hazard>,
        rule: &'static Rule,
        hits: Hits,
        statement: Option<usize>,
        look: &Look<'_>,
    ) {
        let Some(severity) = self.options.severity(rule) else {
            return;
        };
        let strongest = look.strongest().map(|lock| lock.mode);
        hazards.extend(hits.0.into_iter().map(|hit| Hazard {
            fix: rule.fix.and_then(|fix| fix(&look.at(hit.range.clone()))),
            rule,
            severity,
            message: hit.message.unwrap_or_else(|| rule.sentence()),
            range: hit.range,
            statement,
            lock: hit.lock.or(strongest),
            allowed: None,
        }));
    }

    fn finish(
        &self,
        hazards: &mut Vec<Hazard>,
        statements: &[Parsed],
        transaction: &Transaction,
        message: Option<&str>,
        is_downgrade: bool,
    ) {
        let bodies: Vec<Range<usize>> = statements
            .iter()
            .map(|parsed| parsed.statement.body.clone())
            .collect();
        let end = End {
            transaction,
            message,
        };
        for rule in RULES
            .iter()
            .copied()
            .filter(|rule| rule.in_downgrade || !is_downgrade)
        {
            let (Find::AtEnd(find), Some(severity)) = (rule.find, self.options.severity(rule))
            else {
                continue;
            };
            let mut hits = Hits::default();
            find(&end, &mut hits);
            hazards.extend(hits.0.into_iter().map(|hit| {
                Hazard {
                    rule,
                    severity,
                    message: hit.message.unwrap_or_else(|| rule.sentence()),
                    statement: bodies
                        .iter()
                        .position(|body| body.contains(&hit.range.start)),
                    range: hit.range,
                    lock: hit.lock,
                    allowed: None,
                    fix: None,
                }
            }));
        }
    }

    fn unused(&self, hazards: &mut Vec<Hazard>, suppressions: &[Suppression]) {
        let rule = &super::rule::unused_ignore::RULE;
        let Some(severity) = self.options.severity(rule) else {
            return;
        };
        for suppression in suppressions
            .iter()
            .filter(|suppression| !suppression.is_used)
        {
            let code = suppression.code();
            let message = match Rule::by_code(code) {
                None if code != "any hazard" => {
                    format!(
                        "There is no rule {code}: correct the code, or take the suppression away."
                    )
                }
                _ => {
                    format!("The suppression of {code} suppresses nothing any more: take it away.")
                }
            };
            hazards.push(Hazard {
                rule,
                severity,
                message,
                range: suppression.range.clone(),
                statement: None,
                lock: None,
                allowed: None,
                fix: None,
            });
        }
    }
}

impl Transaction {
    /// The next one after a COMMIT: settings of the session stay.
    fn after_commit(&self) -> Transaction {
        Transaction {
            is_open: self.is_open,
            is_explicit: self.is_explicit,
            has_lock_timeout: self.has_lock_timeout,
            has_statement_timeout: self.has_statement_timeout,
            ..Transaction::default()
        }
    }

    /// Takes in `SET lock_timeout` and its like.
    fn settings(&mut self, text: &str) {
        let mut reader = Reader::new(text);
        if !reader.eat("set") {
            return;
        }
        reader.eat_any(&["local", "session"]);
        self.has_lock_timeout |= reader.is("lock_timeout");
        self.has_statement_timeout |= reader.is("statement_timeout");
    }
}

/// What a statement of a plain file does to its transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Control {
    Begin,
    End,
    None,
}

impl Control {
    fn of(text: &str) -> Self {
        let mut reader = Reader::new(text);
        if reader.eat("begin") || reader.eat_all(&["start", "transaction"]) {
            Control::Begin
        } else if reader.is_any(&["commit", "end", "abort"]) {
            Control::End
        } else if reader.eat("rollback") {
            reader.eat_any(&["work", "transaction"]);
            match reader.is("to") {
                true => Control::None,
                false => Control::End,
            }
        } else {
            Control::None
        }
    }
}

/// What later statements want to know of one that ran.
fn past(parsed: &Parsed, body: Range<usize>, effect: Effect) -> Past {
    let mut defines = BTreeSet::new();
    if let Effect::Known(facts) = &effect {
        for touch in &facts.touches {
            let is_table = matches!(
                touch.kind,
                ObjectKind::Table | ObjectKind::Column | ObjectKind::Constraint
            );
            if is_table && matches!(touch.action, Action::Create | Action::Alter | Action::Drop) {
                defines.insert(touch.name.clone());
            }
        }
    }
    let mut past = Past {
        body,
        effect,
        defines,
        enum_values: vec![],
        not_valid: vec![],
    };
    match parsed.tree.as_ref().map(Tree::statement) {
        Some(ast::Stmt::AlterType(alter)) => {
            if let Some(ast::AlterTypeAction::AddValue(value)) = alter.action()
                && let Some(literal) = value.literal().and_then(|literal| literal.string_value())
                && let Some(name) = alter_type_name(alter)
            {
                past.enum_values.push((name, literal));
            }
        }
        Some(ast::Stmt::AlterTable(alter)) => {
            let Some(table) = super::look::name(alter.table_relation_name().as_ref()) else {
                return past;
            };
            for action in alter.actions() {
                if let ast::AlterTableAction::AddConstraint(added) = action
                    && let Some(constraint) = added.constraint()
                    && constraint.is_not_valid()
                    && let Some(name) = super::look::word(constraint.constraint_name().as_ref())
                {
                    past.not_valid.push((table.clone(), name));
                }
            }
        }
        _ => {}
    }
    past
}

fn alter_type_name(alter: &ast::AlterType) -> Option<crate::sql::schema::TableName> {
    use squawk_syntax::ast::AstNode;
    let text = alter.syntax().text().to_string();
    let mut reader = Reader::new(&text);
    reader.eat_all(&["alter", "type"]);
    name_of(&reader.name()?)
}
