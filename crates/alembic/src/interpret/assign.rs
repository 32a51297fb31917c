//! Statements that give names their values: imports and assignments.

use super::Interpreter;
use crate::value::{Stop, Value};
use ruff_python_ast::{Expr, StmtAugAssign, StmtImport, StmtImportFrom};
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    pub(super) fn import(&mut self, it: &StmtImport) {
        for alias in &it.names {
            let name = alias.name.id.as_str();
            match &alias.asname {
                Some(other) => self.set(&other.id, Value::Name(Rc::from(name))),
                None => {
                    let root = name.split('.').next().unwrap_or(name);
                    self.set(root, Value::Name(Rc::from(root)));
                }
            }
        }
    }

    pub(super) fn import_from(&mut self, it: &StmtImportFrom) {
        let module = it.module.as_ref().map_or("", |module| module.id.as_str());
        let dots = ".".repeat(it.level as usize);
        for alias in &it.names {
            let name = alias.name.id.as_str();
            if name == "*" {
                continue;
            }
            let full = match module {
                "" => format!("{dots}{name}"),
                module => format!("{dots}{module}.{name}"),
            };
            let local = alias.asname.as_ref().unwrap_or(&alias.name);
            self.set(&local.id, Value::Name(Rc::from(full)));
        }
    }

    pub(super) fn delete(&mut self, target: &'a Expr) -> Result<(), Stop> {
        match target {
            Expr::Name(name) => {
                self.scope.names.borrow_mut().remove(name.id.as_str());
            }
            Expr::Subscript(it) => {
                let (holder, key) = (self.value(&it.value)?, self.value(&it.slice)?);
                self.remove(&holder, &key)?;
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn augment(&mut self, it: &'a StmtAugAssign) -> Result<(), Stop> {
        let before = self.value(&it.target)?;
        let with = self.value(&it.value)?;
        let after = match (&before, it.op) {
            // In place: the list has other names too.
            (Value::List(items), ruff_python_ast::Operator::Add) => match self.elements(&with)? {
                Ok(more) => {
                    items.borrow_mut().extend(more);
                    before.clone()
                }
                Err(unknown) => Value::Unknown(unknown),
            },
            _ => self.binary(it.op, &before, &with)?,
        };
        self.assign(&it.target, after)
    }

    pub(super) fn assign(&mut self, target: &'a Expr, value: Value) -> Result<(), Stop> {
        match target {
            Expr::Name(name) => self.set(&name.id, value),
            Expr::Tuple(it) => self.unpack(&it.elts, value)?,
            Expr::List(it) => self.unpack(&it.elts, value)?,
            Expr::Starred(it) => self.assign(&it.value, value)?,
            Expr::Subscript(it) => {
                let (holder, key) = (self.value(&it.value)?, self.value(&it.slice)?);
                self.store(&holder, key, value)?;
            }
            // An attribute of something that is not the file's: nothing here reads it.
            _ => {}
        }
        Ok(())
    }

    fn unpack(&mut self, targets: &'a [Expr], value: Value) -> Result<(), Stop> {
        let items = match self.elements(&value)? {
            Ok(items) => items,
            Err(unknown) => {
                for target in targets {
                    self.assign(target, Value::Unknown(unknown.clone()))?;
                }
                return Ok(());
            }
        };
        let star = targets
            .iter()
            .position(|target| matches!(target, Expr::Starred(_)));
        let fits = match star {
            Some(_) => items.len() + 1 >= targets.len(),
            None => items.len() == targets.len(),
        };
        if !fits {
            return Err(self.raise(
                "ValueError",
                format!("{} values for {} names", items.len(), targets.len()),
            ));
        }
        let rest = items.len() + 1 - targets.len().min(items.len() + 1);
        let mut items = items.into_iter();
        for (at, target) in targets.iter().enumerate() {
            if Some(at) == star {
                let taken: Vec<Value> = items.by_ref().take(rest).collect();
                self.assign(target, Value::list(taken))?;
            } else if let Some(item) = items.next() {
                self.assign(target, item)?;
            }
        }
        Ok(())
    }
}
