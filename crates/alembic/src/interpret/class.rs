//! Classes of the file: enumerations, and holders of constants.

use super::Interpreter;
use crate::value::{Args, Class, Member, Stop, Value, equal};
use ruff_python_ast::StmtClassDef;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    pub(super) fn class(&mut self, it: &'a StmtClassDef) -> Result<Value, Stop> {
        let mut bases = Vec::new();
        if let Some(arguments) = &it.arguments {
            for base in &arguments.args {
                match self.raw(base)? {
                    Value::Name(name) => bases.push(name.to_string()),
                    Value::Class(class) => bases.extend(class.bases.clone()),
                    _ => bases.push("?".into()),
                }
            }
        }
        let outer = self.scope.clone();
        self.scope = self.open(outer.clone());
        let mut order: Vec<Rc<str>> = Vec::new();
        let mut result = Ok(());
        for statement in &it.body {
            if let Err(stop) = self.statement(statement) {
                result = Err(stop);
                break;
            }
            for name in self.scope.names.borrow().keys() {
                if !order.contains(name) {
                    order.push(name.clone());
                }
            }
        }
        let inner = std::mem::replace(&mut self.scope, outer);
        result?;
        let names = inner.names.borrow();
        let is_enum = bases.iter().any(|base| base.starts_with("enum."));
        let kind = if bases.iter().any(|base| base == "enum.StrEnum") {
            "StrEnum "
        } else if bases
            .iter()
            .any(|base| base == "builtins.str" || base == "enum.IntEnum")
        {
            "mixed "
        } else {
            ""
        };
        let attributes = order
            .into_iter()
            .filter_map(|name| {
                let value = names.get(&name)?.clone();
                let member =
                    is_enum && !name.starts_with('_') && !matches!(value, Value::Function(_));
                let value = if member {
                    Value::Member(Rc::new(Member {
                        class: format!("{kind}{}", it.name.id),
                        name: name.to_string(),
                        value,
                    }))
                } else {
                    value
                };
                Some((name.to_string(), value))
            })
            .collect();
        Ok(Value::class(Class {
            name: it.name.id.to_string(),
            bases,
            attributes,
        }))
    }

    /// `Class(…)`: a member by its value; instances of other classes are not followed.
    pub(super) fn instance(&mut self, class: &Rc<Class>, args: &Args) -> Result<Value, Stop> {
        if let [wanted] = args.positional.as_slice() {
            for (_, value) in &class.attributes {
                if let Value::Member(member) = value
                    && equal(&member.value, wanted) == Some(true)
                {
                    return Ok(value.clone());
                }
            }
        }
        Ok(self.unknown(format!("needs an instance of the class {}", class.name)))
    }
}
