//! Classes of the file: enumerations, types of columns, and holders of constants.

use super::Interpreter;
use crate::library;
use crate::value::{Args, Class, Member, Stop, Value, equal};
use ruff_python_ast::StmtClassDef;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    pub(super) fn class(&mut self, it: &'a StmtClassDef) -> Result<Value, Stop> {
        let mut bases = Vec::new();
        let mut inherited: Vec<(String, Value)> = Vec::new();
        if let Some(arguments) = &it.arguments {
            for base in &arguments.args {
                match self.raw(base)? {
                    Value::Name(name) => bases.push(name.to_string()),
                    Value::Class(class) => {
                        bases.extend(class.bases.clone());
                        inherited.extend(class.attributes.clone());
                    }
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
        let mut attributes: Vec<(String, Value)> = order
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
        for (name, value) in inherited {
            if !attributes.iter().any(|(own, _)| *own == name) {
                attributes.push((name, value));
            }
        }
        Ok(Value::class(Class {
            name: it.name.id.to_string(),
            bases,
            attributes,
        }))
    }

    /// `Class(…)`: a type of columns, a member by its value; instances of other classes are not followed.
    pub(super) fn instance(&mut self, class: &Rc<Class>, args: &Args) -> Result<Value, Stop> {
        if library::is_type_class(&class.bases) {
            return self.column_type(class, args);
        }
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

    /// An instance of a `TypeDecorator` or a `UserDefinedType`.
    fn column_type(&mut self, class: &Rc<Class>, args: &Args) -> Result<Value, Stop> {
        let own = |name: &str| {
            let mut attributes = class.attributes.iter();
            attributes
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
        };
        if own("__init__").is_some() || own("__new__").is_some() {
            return Ok(self.unknown(format!(
                "needs what the __init__ of the type {} does",
                class.name
            )));
        }
        let itself = self.unknown(format!("needs an instance of the type {}", class.name));
        let called = |positional: Vec<Value>| Args {
            positional,
            named: Vec::new(),
        };
        let written = if let Some(Value::Function(function)) = own("get_col_spec") {
            self.call_function(&function, called(vec![itself]))?
        } else if let Some(Value::Function(function)) = own("load_dialect_impl") {
            self.call_function(&function, called(vec![itself, library::dialect()]))?
        } else {
            match own("impl") {
                Some(of @ (Value::Name(_) | Value::Class(_))) => {
                    self.call_value(&of, args.clone())?
                }
                Some(of @ Value::Object(_)) => of,
                _ => itself,
            }
        };
        let processed = library::PROCESSING.iter().any(|name| own(name).is_some());
        Ok(library::column_type(self.world.line, &written, processed))
    }

    /// With instances of the file's types instead of their classes, as SQLAlchemy makes them.
    pub(super) fn with_types(&mut self, mut args: Args) -> Result<Args, Stop> {
        let named = args.named.iter_mut().map(|(_, value)| value);
        for value in args.positional.iter_mut().chain(named) {
            if let Value::Class(class) = value
                && library::is_type_class(&class.bases)
            {
                *value = self.column_type(&class.clone(), &Args::default())?;
            }
        }
        Ok(args)
    }
}
