//! Calls.

use super::statement::Flow;
use super::{Definition, Interpreter, standard};
use crate::library;
use crate::value::{Args, Function, Stop, Unknown, Value};
use ruff_python_ast::{ExprCall, Parameters};
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    pub(super) fn call(&mut self, it: &'a ExprCall) -> Result<Value, Stop> {
        let callee = self.raw(&it.func)?;
        let mut args = Args {
            positional: self.display(&it.arguments.args)?,
            named: Vec::with_capacity(it.arguments.keywords.len()),
        };
        for keyword in &it.arguments.keywords {
            let value = self.value(&keyword.value)?;
            match &keyword.arg {
                Some(name) => args.named.push((Rc::from(name.id.as_str()), value)),
                None => match &value {
                    Value::Dict(items) => {
                        for (key, value) in items.borrow().iter() {
                            if let Value::Str(key) = key {
                                args.named.push((key.clone(), value.clone()));
                            }
                        }
                    }
                    Value::Unknown(_) => args.positional.push(value),
                    _ => return Err(self.raise("TypeError", "** needs a dict")),
                },
            }
        }
        self.call_value(&callee, args)
    }

    pub(super) fn call_value(&mut self, callee: &Value, args: Args) -> Result<Value, Stop> {
        self.spend()?;
        match callee {
            Value::Function(function) => self.call_function(function, args),
            Value::Name(name) if library::knows(name) => {
                let args = self.with_called_values(args)?;
                let args = self.with_types(args)?;
                library::call(&mut self.world, name, &args)
            }
            Value::Object(object) => library::method(&mut self.world, object, "__call__", &args),
            Value::Name(name) if standard::knows(name) => self.standard(name, args),
            Value::Name(name) => {
                let unknown = self.foreign(name);
                Ok(self.lost(unknown))
            }
            Value::Method(value, name) => match &**value {
                Value::Object(object) => {
                    let args = self.with_types(args)?;
                    library::method(&mut self.world, object, name, &args)
                }
                value => self.method(value, name, args),
            },
            Value::Class(class) => self.instance(class, &args),
            Value::Unknown(_) => Ok(self.lost(callee.clone())),
            other => Err(self.raise(
                "TypeError",
                format!("'{}' object is not callable", other.type_name()),
            )),
        }
    }

    /// With what `values_callable` gives for the class of an enumeration, instead of the function.
    fn with_called_values(&mut self, mut args: Args) -> Result<Args, Stop> {
        let given = args
            .named
            .iter()
            .position(|(name, _)| &**name == "values_callable");
        if let Some(at) = given
            && let (Value::Function(function), Some(class @ Value::Class(_))) =
                (args.named[at].1.clone(), args.positional.first())
        {
            let class = Args {
                positional: vec![class.clone()],
                named: Vec::new(),
            };
            args.named[at].1 = self.call_function(&function, class)?;
        }
        Ok(args)
    }

    /// A call of something unknown: it may do anything.
    fn lost(&mut self, value: Value) -> Value {
        if let Value::Unknown(unknown) = &value {
            self.world.unreadable(unknown);
        }
        value
    }

    pub(super) fn call_function(
        &mut self,
        function: &Rc<Function>,
        args: Args,
    ) -> Result<Value, Stop> {
        let definition = self.definitions[function.definition];
        let here = (self.world.line, self.world.statement.clone());
        let scope = self.open(function.scope.clone());
        let outer = std::mem::replace(&mut self.scope, scope);
        let declared = std::mem::take(&mut self.declared);
        let generator = self.may_yield
            && matches!(definition, Definition::Function(it) if super::generator::is_generator(&it.body));
        let outer_yielded = self.yielded.take();
        let result = self.deeper(|this| match definition {
            Definition::Function(it) => {
                this.bind(&it.parameters, args, function)?;
                if generator {
                    return this.generator(&it.body);
                }
                Ok(match this.block(&it.body)? {
                    Flow::Return(value) => value,
                    Flow::Lost(unknown) => Value::Unknown(unknown),
                    _ => Value::None,
                })
            }
            Definition::Lambda(it) => {
                if let Some(parameters) = &it.parameters {
                    this.bind(parameters, args, function)?;
                }
                this.value(&it.body)
            }
        });
        self.scope = outer;
        self.declared = declared;
        self.yielded = outer_yielded;
        (self.world.line, self.world.statement) = here;
        result
    }

    fn bind(
        &mut self,
        parameters: &'a Parameters,
        args: Args,
        function: &Rc<Function>,
    ) -> Result<(), Stop> {
        let mut named = args.named;
        let mut positional = args.positional.into_iter();
        let ordered = parameters.posonlyargs.iter().chain(&parameters.args);
        let all = ordered.map(|parameter| (parameter, true)).chain(
            parameters
                .kwonlyargs
                .iter()
                .map(|parameter| (parameter, false)),
        );
        for (parameter, by_place) in all {
            let name = parameter.parameter.name.id.as_str();
            let place = by_place.then(|| positional.next()).flatten();
            let value = match place {
                Some(value) => value,
                None => match named.iter().position(|(known, _)| &**known == name) {
                    Some(at) => named.swap_remove(at).1,
                    None => match &parameter.default {
                        Some(default) => {
                            let inner = std::mem::replace(&mut self.scope, function.scope.clone());
                            let value = self.value(default);
                            self.scope = inner;
                            value?
                        }
                        None => {
                            return Err(
                                self.raise("TypeError", format!("argument '{name}' is missing"))
                            );
                        }
                    },
                },
            };
            self.scope.set(name, value);
        }
        let rest: Vec<Value> = positional.collect();
        match &parameters.vararg {
            Some(parameter) => self.scope.set(&parameter.name.id, Value::tuple(rest)),
            None if !rest.is_empty() => {
                return Err(self.raise("TypeError", "too many arguments"));
            }
            None => {}
        }
        match &parameters.kwarg {
            Some(parameter) => {
                let items = named
                    .into_iter()
                    .map(|(name, value)| (Value::Str(name), value));
                self.scope
                    .set(&parameter.name.id, Value::dict(items.collect()));
            }
            None => {
                if let Some((name, _)) = named.first() {
                    return Err(self.raise("TypeError", format!("there is no argument '{name}'")));
                }
            }
        }
        Ok(())
    }

    /// A method of one of Python's own values.
    fn method(&mut self, value: &Value, name: &str, args: Args) -> Result<Value, Stop> {
        match value {
            Value::Str(text) => self.text_method(text, name, &args),
            Value::List(_) | Value::Tuple(_) | Value::Set(_) | Value::Dict(_) => {
                self.container_method(value, name, args)
            }
            Value::Unknown(_) => Ok(self.lost(value.clone())),
            Value::Bytes(bytes) if name == "decode" => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Value::str(text)),
                Err(_) => Err(self.raise("UnicodeDecodeError", "not UTF-8")),
            },
            other => {
                let unknown = Unknown {
                    line: self.world.line,
                    reason: format!("needs the method {name} of a {}", other.type_name()),
                };
                Ok(Value::Unknown(Rc::new(unknown)))
            }
        }
    }
}
