//! `match`.

use super::statement::Flow;
use super::{Interpreter, truth};
use crate::value::{Stop, Unknown, Value, equal};
use ruff_python_ast::{Pattern, Singleton, StmtMatch};
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    pub(super) fn match_statement(&mut self, it: &'a StmtMatch) -> Result<Flow, Stop> {
        self.stand_at(it.range);
        let subject = self.value(&it.subject)?;
        for (at, case) in it.cases.iter().enumerate() {
            let mut fits = self.fits(&case.pattern, &subject)?;
            if let (Ok(true), Some(guard)) = (&fits, &case.guard) {
                let guard = self.value(guard)?;
                fits = truth(&guard);
            }
            match fits {
                Ok(true) => return self.block(&case.body),
                Ok(false) => {}
                Err(unknown) => {
                    let mut flow = Flow::Next;
                    for case in &it.cases[at..] {
                        if let Flow::Lost(unknown) = self.skip(&case.body, &unknown) {
                            flow = Flow::Lost(unknown);
                        }
                    }
                    return Ok(flow);
                }
            }
        }
        Ok(Flow::Next)
    }

    /// Whether a value fits a pattern, whose names it then has.
    fn fits(
        &mut self,
        pattern: &'a Pattern,
        value: &Value,
    ) -> Result<Result<bool, Rc<Unknown>>, Stop> {
        self.spend()?;
        let compared = |this: &Self, wanted: &Value| match equal(value, wanted) {
            Some(same) => Ok(same),
            None => Err(value.find_unknown().unwrap_or_else(|| {
                Rc::new(Unknown {
                    line: this.world.line,
                    reason: "compares what cannot be compared here".into(),
                })
            })),
        };
        Ok(match pattern {
            Pattern::MatchValue(it) => {
                let wanted = self.value(&it.value)?;
                compared(self, &wanted)
            }
            Pattern::MatchSingleton(it) => {
                let wanted = match it.value {
                    Singleton::None => Value::None,
                    Singleton::True => Value::Bool(true),
                    Singleton::False => Value::Bool(false),
                };
                match value {
                    Value::Int(_) | Value::Float(_) => Ok(false),
                    _ => compared(self, &wanted),
                }
            }
            Pattern::MatchOr(it) => {
                for pattern in &it.patterns {
                    match self.fits(pattern, value)? {
                        Ok(false) => {}
                        other => return Ok(other),
                    }
                }
                Ok(false)
            }
            Pattern::MatchAs(it) => {
                let fits = match &it.pattern {
                    Some(pattern) => self.fits(pattern, value)?,
                    None => Ok(true),
                };
                if let (Ok(true), Some(name)) = (&fits, &it.name) {
                    self.set(&name.id, value.clone());
                }
                fits
            }
            Pattern::MatchSequence(_)
            | Pattern::MatchMapping(_)
            | Pattern::MatchClass(_)
            | Pattern::MatchStar(_) => Err(Rc::new(Unknown {
                line: self.world.line,
                reason: "is a kind of pattern that Cofferdam does not follow".into(),
            })),
        })
    }
}
