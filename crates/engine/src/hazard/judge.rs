//! Walking statements with what is known before each.

use super::heard::Heard;
use super::look::{End, Hits, Look, Parts};
use super::memory::{Memory, Transaction};
use super::options::Options;
use super::suppress::{Suppression, suppress};
use super::{Asked, Find, Hazard, RULES, Rule, fix, squawk};
use crate::finding::Code;
use crate::lock::LockMode;
use crate::sql::effect::{Action, Effect, Lock, ObjectKind, effect_of};
use crate::sql::forest::{self, Parsed, Source, ignored_in_file};
use crate::sql::reader::{Reader, begins};
use crate::sql::schema::Schema;
use crate::sql::split::{Cut, cut};
use crate::sql::{Directive, Execution, execution};
use crate::two::{InTurn, Two};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// What a rule of our own finds by.
type OwnFind = fn(&Look<'_>, &mut Hits);

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

/// A text, read, and what of it can be judged by itself.
pub struct Prepared<'a> {
    pub(crate) cut: Cut<'a>,
    pub(crate) statements: Vec<Parsed>,
    frame: Frame,
    /// The rules of our own that may find something in it.
    own: Vec<(&'static Rule, OwnFind)>,
    /// What squawk found, in order of place.
    theirs: Vec<squawk::Found>,
}

impl<'a> Prepared<'a> {
    /// Reads `sql`, which runs in `frame`.
    pub fn new(sql: &'a str, frame: Frame, options: &Options, two: impl Two) -> Self {
        let cut = cut(sql);
        let lower = sql.to_ascii_lowercase();
        let asked = Asked {
            cut: &cut,
            lower: &lower,
        };
        let wanted = |rule: &Rule| {
            is_wanted(rule, frame, options) && lower.contains(rule.word) && (rule.may_be)(&asked)
        };
        let (mut own, mut rules) = (Vec::new(), Vec::new());
        for rule in RULES.iter().copied().filter(|rule| wanted(rule)) {
            match rule.find {
                Find::Own(find) => own.push((rule, find)),
                Find::Squawk(theirs, _) => rules.push((theirs, rule)),
                Find::AtEnd(_) | Find::Judge => {}
            }
        }
        let heard = Heard::of(rules.iter().map(|(theirs, _)| *theirs), &lower);
        let source = Source::parse(cut, |cut, piece| !heard.hears(cut, piece), two);
        let (errors, theirs) = two.both(
            || source.errors(),
            || squawk::find(&source.whole, sql, options.version, &rules),
        );
        Prepared {
            statements: source.plant(&errors),
            cut: source.cut,
            frame,
            own,
            theirs,
        }
    }
}

/// A text that ran long ago, read.
pub struct Past(Vec<Parsed>);

impl Past {
    pub fn read(sql: &str) -> Self {
        Past(forest::read(sql))
    }
}

fn is_wanted(rule: &Rule, frame: Frame, options: &Options) -> bool {
    options.severity(rule).is_some() && (rule.in_downgrade || frame != Frame::Downgrade)
}

/// Judges one text after another, each with what those before it did.
#[derive(Clone)]
pub struct Judge {
    options: Arc<Options>,
    schema: Schema,
    memory: Memory,
    /// How many upgrades or plain files it judged since the plan began.
    judged: usize,
}

impl Judge {
    /// One that knows of nothing yet.
    pub fn new(options: &Options) -> Self {
        Judge {
            options: Arc::new(options.clone()),
            schema: Schema::default(),
            memory: Memory::default(),
            judged: 0,
        }
    }

    /// What it judges by.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Takes in what ran long ago: its tables are there, and not empty.
    pub fn replay(&mut self, sql: &str) {
        self.take_past(Past::read(sql));
    }

    /// As [`Self::replay`], of what is read already.
    pub fn take_past(&mut self, past: Past) {
        for parsed in past.0 {
            if let Some(tree) = parsed.tree {
                self.schema.apply_tree(&tree);
            }
        }
        self.schema.mark();
    }

    /// Makes copies cheap: what differs from copies that are kept is no longer carried beside what they share.
    pub fn settle(&mut self) {
        self.schema.settle();
    }

    /// What each statement of `sql` does, in order. The judge then knows of it.
    pub fn effects(&mut self, sql: &str) -> Vec<Effect> {
        let statements = forest::read(sql).into_iter();
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
        self.judged = 0;
    }

    /// The hazards of `sql`, in order of place and code, those that are allowed among them. `message` is the revision's.
    /// The judge then knows of what it does.
    pub fn judge(&mut self, sql: &str, frame: Frame, message: Option<&str>) -> Vec<Hazard> {
        let prepared = Prepared::new(sql, frame, &self.options, InTurn);
        self.judge_prepared(prepared, message)
    }

    /// As [`Self::judge`] of a text that was prepared with this judge's options.
    pub fn judge_prepared(&mut self, prepared: Prepared<'_>, message: Option<&str>) -> Vec<Hazard> {
        let Prepared {
            cut,
            statements,
            frame,
            own,
            theirs,
        } = prepared;
        let sql = cut.text;
        let is_downgrade = frame == Frame::Downgrade;
        self.judged += usize::from(!is_downgrade);
        let options = Arc::clone(&self.options);
        let mut theirs = theirs.into_iter().peekable();
        let mut hazards = Vec::new();
        let mut suppressions = Vec::new();
        let mut transaction = Transaction {
            is_open: frame != Frame::Plain,
            ..Transaction::default()
        };
        let words = OnceCell::new();
        let mut dropped = BTreeSet::new();
        let mut hit = BTreeSet::new();
        for (at, parsed) in statements.iter().enumerate() {
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
            // psql knows no directives.
            let heeded = match frame {
                Frame::Plain => &[],
                Frame::Upgrade | Frame::Downgrade => directives.as_slice(),
            };
            let is_outside = match &parsed.tree {
                Some(tree) if heeded.is_empty() => tree.is_outside(),
                _ => execution(text, heeded) != Execution::Transactional,
            };
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
                let parts = Parts::default();
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
                    at,
                    statements: &statements,
                    words: &words,
                    dropped: &dropped,
                    parts: &parts,
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
                for (rule, find) in &own {
                    let mut hits = Hits::default();
                    find(&look, &mut hits);
                    self.report(&mut hazards, rule, hits, Some(at), &look);
                }
            }
            transaction.settings(text);
            if let Effect::Known(facts) = &known {
                let strong = |lock: &&Lock| {
                    lock.mode == LockMode::AccessExclusive && !transaction.waits_briefly
                };
                let locks = facts.locks.iter().filter(strong);
                let old = locks.filter(|lock| !self.schema.is_new(&lock.relation));
                hit.extend(old.map(|lock| lock.relation.clone()));
                let gone = facts.touches.iter().filter(|touch| {
                    touch.action == Action::Drop && touch.kind == ObjectKind::Table
                });
                dropped.extend(gone.map(|touch| touch.name.clone()));
            }
            if !is_outside {
                transaction.take(parsed, &known, |table| self.schema.is_new(table));
            }
            if let Some(tree) = &parsed.tree {
                self.schema.apply_tree(tree);
            }
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
            &statements,
            &transaction,
            message,
            is_downgrade,
        );
        suppress(&mut hazards, &mut suppressions);
        self.unused(&mut hazards, &suppressions, is_downgrade);
        for table in hit {
            *self.memory.hits.entry(table).or_default() += 1;
        }
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
        if !["+allow-file", "squawk-ignore-file"]
            .iter()
            .any(|word| file.contains(word))
        {
            return;
        }
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
        self.unused(hazards, &suppressions, false);
    }

    fn report(
        &self,
        hazards: &mut Vec<Hazard>,
        rule: &'static Rule,
        hits: Hits,
        statement: Option<usize>,
        look: &Look<'_>,
    ) {
        if hits.0.is_empty() {
            return;
        }
        let Some(severity) = self.options.severity(rule) else {
            return;
        };
        let strongest = look.strongest().map(|lock| lock.mode);
        hazards.extend(hits.0.into_iter().map(|hit| {
            Hazard {
                fix: rule
                    .fix
                    .and_then(|fix| fix(&look.at(hit.range.clone())))
                    .map(|fix| fix::keeping_timeouts(look, fix)),
                rule,
                severity,
                message: hit.message.unwrap_or_else(|| rule.sentence()),
                range: hit.range,
                statement,
                lock: hit.lock.or(strongest),
                allowed: None,
            }
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

    fn unused(&self, hazards: &mut Vec<Hazard>, suppressions: &[Suppression], is_downgrade: bool) {
        let rule = &super::rule::unused_ignore::RULE;
        let Some(severity) = self.options.severity(rule) else {
            return;
        };
        for suppression in suppressions
            .iter()
            .filter(|suppression| !suppression.is_used)
            // It is about the text, and is heeded where that is checked.
            .filter(|suppression| suppression.code() != Code::MixedTransactions.as_str())
            // What is new in this plan may not be when the revision runs alone.
            .filter(|suppression| self.judged < 2 || Rule::by_code(suppression.code()).is_none())
            // What is looked for in upgrades only is meant for where this becomes one.
            .filter(|suppression| {
                let rule = Rule::by_code(suppression.code());
                !is_downgrade || rule.is_none_or(|rule| rule.in_downgrade)
            })
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

/// What a statement of a plain file does to its transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Control {
    Begin,
    End,
    None,
}

impl Control {
    fn of(text: &str) -> Self {
        if !begins(
            text,
            &["begin", "start", "commit", "end", "abort", "rollback"],
        ) {
            return Control::None;
        }
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
