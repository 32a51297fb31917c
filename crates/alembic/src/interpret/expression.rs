//! Expressions.

use super::{Definition, Interpreter, LENGTH, format, operator, truth};
use crate::library;
use crate::value::{Stop, Unknown, Value};
use ruff_python_ast::{
    BoolOp, Comprehension, Expr, ExprAttribute, ExprCompare, ExprFString, ExprSubscript,
    FStringPart, InterpolatedStringElement, Number, UnaryOp,
};
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// Goes one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        if self.depth == super::DEPTH {
            return Err(Stop::Limit);
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    /// The value of an expression, as something computes with it.
    pub(super) fn value(&mut self, expression: &'a Expr) -> Result<Value, Stop> {
        let value = self.raw(expression)?;
        Ok(self.used(value))
    }

    /// The value of an expression; the application's own names are still names.
    pub(super) fn raw(&mut self, expression: &'a Expr) -> Result<Value, Stop> {
        self.spend()?;
        self.deeper(|this| this.raw_inside(expression))
    }

    fn raw_inside(&mut self, expression: &'a Expr) -> Result<Value, Stop> {
        Ok(match expression {
            Expr::StringLiteral(it) => Value::str(it.value.to_str()),
            Expr::BytesLiteral(it) => Value::Bytes(it.value.bytes().collect()),
            Expr::NumberLiteral(it) => match &it.value {
                Number::Int(value) => match value.as_i64() {
                    Some(value) => Value::Int(value),
                    None => self.unknown("is a number beyond 64 bits"),
                },
                Number::Float(value) => Value::Float(*value),
                Number::Complex { .. } => self.unknown("is a complex number"),
            },
            Expr::BooleanLiteral(it) => Value::Bool(it.value),
            Expr::NoneLiteral(_) => Value::None,
            Expr::EllipsisLiteral(_) => Value::Name(Rc::from("builtins.Ellipsis")),
            Expr::Name(it) => self.name(&it.id)?,
            Expr::Attribute(it) => self.attribute_of(it)?,
            Expr::Call(it) => self.call(it)?,
            Expr::List(it) => Value::list(self.display(&it.elts)?),
            Expr::Tuple(it) => Value::tuple(self.display(&it.elts)?),
            Expr::Set(it) => {
                let items = self.display(&it.elts)?;
                self.set_of(items)
            }
            Expr::Dict(it) => {
                let dict = Value::dict(Vec::new());
                for item in &it.items {
                    let value = self.value(&item.value)?;
                    match &item.key {
                        Some(key) => {
                            let key = self.value(key)?;
                            self.store(&dict, key, value)?;
                        }
                        None => match &value {
                            Value::Dict(others) => {
                                for (key, value) in others.borrow().clone() {
                                    self.store(&dict, key, value)?;
                                }
                            }
                            Value::Unknown(_) => return Ok(value),
                            _ => return Err(self.raise("TypeError", "** needs a dict")),
                        },
                    }
                }
                dict
            }
            Expr::BoolOp(it) => {
                let mut last = Value::None;
                for value in &it.values {
                    last = self.value(value)?;
                    match (truth(&last), it.op) {
                        (Err(_), _) => return Ok(last),
                        (Ok(false), BoolOp::And) | (Ok(true), BoolOp::Or) => return Ok(last),
                        _ => {}
                    }
                }
                last
            }
            Expr::UnaryOp(it) => {
                let value = self.value(&it.operand)?;
                self.unary(it.op, value)?
            }
            Expr::BinOp(it) => {
                // A long sum nests to the left: it is followed without going deeper.
                let mut rights = vec![(it.op, &*it.right)];
                let mut left = &*it.left;
                while let Expr::BinOp(inner) = left {
                    rights.push((inner.op, &*inner.right));
                    left = &inner.left;
                }
                let mut result = self.value(left)?;
                for (operator, right) in rights.into_iter().rev() {
                    let right = self.value(right)?;
                    result = self.binary(operator, &result, &right)?;
                }
                result
            }
            Expr::Compare(it) => self.compare(it)?,
            Expr::If(it) => {
                let test = self.value(&it.test)?;
                match truth(&test) {
                    Ok(true) => self.value(&it.body)?,
                    Ok(false) => self.value(&it.orelse)?,
                    Err(unknown) => Value::Unknown(unknown),
                }
            }
            Expr::Named(it) => {
                let value = self.value(&it.value)?;
                self.assign(&it.target, value.clone())?;
                value
            }
            Expr::Subscript(it) => self.subscript_of(it)?,
            Expr::FString(it) => self.f_string(it)?,
            Expr::Lambda(it) => self.define(Definition::Lambda(it)),
            Expr::ListComp(it) => self.comprehension(&it.generators, |this| this.value(&it.elt))?,
            Expr::Generator(it) => {
                self.comprehension(&it.generators, |this| this.value(&it.elt))?
            }
            Expr::SetComp(it) => {
                let items = self.comprehension(&it.generators, |this| this.value(&it.elt))?;
                match items.items() {
                    Some(items) => self.set_of(items),
                    None => items,
                }
            }
            Expr::DictComp(it) => {
                let pairs = self.comprehension(&it.generators, |this| {
                    let key = match &it.key {
                        Some(key) => this.value(key)?,
                        None => Value::None,
                    };
                    Ok(Value::tuple([key, this.value(&it.value)?]))
                })?;
                match pairs.items() {
                    Some(pairs) => {
                        let dict = Value::dict(Vec::new());
                        for pair in pairs {
                            if let Value::Tuple(pair) = &pair
                                && let [key, value] = &**pair
                            {
                                self.store(&dict, key.clone(), value.clone())?;
                            }
                        }
                        dict
                    }
                    None => pairs,
                }
            }
            Expr::Starred(it) => self.value(&it.value)?,
            Expr::Yield(it) => {
                let value = match &it.value {
                    Some(value) => self.value(value)?,
                    None => Value::None,
                };
                self.yield_value(value)
            }
            Expr::YieldFrom(it) => {
                let over = self.value(&it.value)?;
                self.yield_from(&over)?
            }
            Expr::Slice(_) | Expr::TString(_) | Expr::Await(_) | Expr::IpyEscapeCommand(_) => {
                self.unknown("is a kind of expression that Cofferdam does not follow")
            }
        })
    }

    fn name(&mut self, name: &str) -> Result<Value, Stop> {
        if let Some(value) = self.scope.find(name) {
            return Ok(value);
        }
        match name {
            "__name__" => return Ok(Value::str("migration")),
            "__file__" => return Ok(self.unknown("needs the place of the file")),
            _ => {}
        }
        if super::standard::is_builtin(name) {
            return Ok(Value::Name(Rc::from(format!("builtins.{name}"))));
        }
        Err(self.raise("NameError", format!("name '{name}' is not defined")))
    }

    fn attribute_of(&mut self, it: &'a ExprAttribute) -> Result<Value, Stop> {
        let value = self.raw(&it.value)?;
        self.attribute(&value, it.attr.id.as_str())
    }

    pub(super) fn attribute(&mut self, value: &Value, name: &str) -> Result<Value, Stop> {
        Ok(match value {
            Value::Name(of) => match super::standard::constant(of, name) {
                Some(value) => value,
                None => Value::Name(Rc::from(format!("{of}.{name}"))),
            },
            Value::Unknown(unknown) => Value::Unknown(unknown.clone()),
            Value::Object(object) => match library::attribute(&mut self.world, object, name)? {
                Some(value) => value,
                None => Value::Method(Rc::new(value.clone()), Rc::from(name)),
            },
            Value::Class(class) => {
                let found = class.attributes.iter().find(|(known, _)| known == name);
                match (found, name) {
                    (Some((_, value)), _) => value.clone(),
                    (None, "__name__") => Value::str(&class.name),
                    (None, "__members__") => Value::dict(
                        class
                            .attributes
                            .iter()
                            .filter(|(_, value)| matches!(value, Value::Member(_)))
                            .map(|(name, value)| (Value::str(name), value.clone()))
                            .collect(),
                    ),
                    _ => self.unknown(format!("needs {}.{name}", class.name)),
                }
            }
            Value::Member(member) => match name {
                "value" => member.value.clone(),
                "name" => Value::str(&member.name),
                _ => self.unknown(format!("needs {}.{}.{name}", member.class, member.name)),
            },
            Value::Function(_) | Value::Method(..) => {
                self.unknown(format!("needs the attribute {name} of a function"))
            }
            _ => Value::Method(Rc::new(value.clone()), Rc::from(name)),
        })
    }

    fn subscript_of(&mut self, it: &'a ExprSubscript) -> Result<Value, Stop> {
        let value = self.value(&it.value)?;
        if let Value::Name(name) = &value {
            // `Sequence[str]`: a type, which nothing computes with.
            return Ok(Value::Name(name.clone()));
        }
        if let Expr::Slice(slice) = &*it.slice {
            let mut ends = [Value::None, Value::None, Value::None];
            let parts = [&slice.lower, &slice.upper, &slice.step];
            for (end, part) in ends.iter_mut().zip(parts) {
                if let Some(part) = part {
                    *end = self.value(part)?;
                }
            }
            return self.slice(&value, &ends);
        }
        let key = self.value(&it.slice)?;
        self.subscript(&value, &key)
    }

    /// The elements of a display, `*` opened.
    pub(super) fn display(&mut self, items: &'a [Expr]) -> Result<Vec<Value>, Stop> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            if let Expr::Starred(starred) = item {
                let over = self.value(&starred.value)?;
                match self.elements(&over)? {
                    Ok(more) => values.extend(more),
                    Err(unknown) => values.push(Value::Unknown(unknown)),
                }
            } else {
                values.push(self.value(item)?);
            }
        }
        Ok(values)
    }

    /// What `for` goes over.
    pub(super) fn elements(
        &mut self,
        value: &Value,
    ) -> Result<Result<Vec<Value>, Rc<Unknown>>, Stop> {
        let items = match value {
            Value::Object(object) => library::iterate(&mut self.world, object),
            Value::Unknown(unknown) => return Ok(Err(unknown.clone())),
            Value::Name(name) => {
                return Ok(Err(Rc::new(Unknown {
                    line: self.world.line,
                    reason: format!("needs what is in {name}"),
                })));
            }
            other => other.items(),
        };
        match (items, value) {
            (Some(items), _) => {
                self.spend_on(items.len())?;
                Ok(Ok(items))
            }
            (None, Value::Object(_)) => Ok(Err(Rc::new(Unknown {
                line: self.world.line,
                reason: "needs data from the database".into(),
            }))),
            (None, other) => Err(self.raise(
                "TypeError",
                format!("'{}' object is not iterable", other.type_name()),
            )),
        }
    }

    fn comprehension(
        &mut self,
        generators: &'a [Comprehension],
        mut element: impl FnMut(&mut Self) -> Result<Value, Stop>,
    ) -> Result<Value, Stop> {
        let outer = self.scope.clone();
        self.scope = self.open(outer.clone());
        let mut items = Vec::new();
        let result = self.generate(generators, &mut element, &mut items);
        self.scope = outer;
        Ok(match result? {
            Some(unknown) => Value::Unknown(unknown),
            None => Value::list(items),
        })
    }

    fn generate(
        &mut self,
        generators: &'a [Comprehension],
        element: &mut impl FnMut(&mut Self) -> Result<Value, Stop>,
        items: &mut Vec<Value>,
    ) -> Result<Option<Rc<Unknown>>, Stop> {
        let Some((first, rest)) = generators.split_first() else {
            self.spend()?;
            items.push(element(self)?);
            return Ok(None);
        };
        let over = self.value(&first.iter)?;
        let values = match self.elements(&over)? {
            Ok(values) => values,
            Err(unknown) => return Ok(Some(unknown)),
        };
        'values: for value in values {
            self.spend()?;
            self.assign(&first.target, value)?;
            for test in &first.ifs {
                let test = self.value(test)?;
                match truth(&test) {
                    Ok(true) => {}
                    Ok(false) => continue 'values,
                    Err(unknown) => return Ok(Some(unknown)),
                }
            }
            if let Some(unknown) = self.generate(rest, element, items)? {
                return Ok(Some(unknown));
            }
        }
        Ok(None)
    }

    fn compare(&mut self, it: &'a ExprCompare) -> Result<Value, Stop> {
        let mut left = self.value(&it.left)?;
        let mut last = Value::Bool(true);
        for (sign, right) in it.ops.iter().zip(&it.comparators) {
            let right = self.value(right)?;
            last = self.comparison(*sign, &left, &right)?;
            match truth(&last) {
                Ok(true) => {}
                _ => return Ok(last),
            }
            left = right;
        }
        Ok(last)
    }

    fn unary(&mut self, sign: UnaryOp, value: Value) -> Result<Value, Stop> {
        if let Value::Object(object) = &value {
            return library::unary(&mut self.world, operator::unary_sign(sign), object);
        }
        Ok(match (sign, value) {
            (_, Value::Unknown(unknown)) => Value::Unknown(unknown),
            (UnaryOp::Not, value) => match truth(&value) {
                Ok(value) => Value::Bool(!value),
                Err(unknown) => Value::Unknown(unknown),
            },
            (UnaryOp::USub, Value::Int(value)) => match value.checked_neg() {
                Some(value) => Value::Int(value),
                None => self.unknown("is a number beyond 64 bits"),
            },
            (UnaryOp::USub, Value::Float(value)) => Value::Float(-value),
            (UnaryOp::UAdd, value @ (Value::Int(_) | Value::Float(_))) => value,
            (UnaryOp::Invert, Value::Int(value)) => Value::Int(!value),
            (_, value) => {
                return Err(self.raise(
                    "TypeError",
                    format!("bad operand type: '{}'", value.type_name()),
                ));
            }
        })
    }

    fn f_string(&mut self, it: &'a ExprFString) -> Result<Value, Stop> {
        let mut text = String::new();
        for part in it.value.iter() {
            match part {
                FStringPart::Literal(literal) => text.push_str(literal),
                FStringPart::FString(part) => {
                    if let Some(unknown) = self.interpolate(&part.elements, &mut text)? {
                        return Ok(Value::Unknown(unknown));
                    }
                }
            }
        }
        self.bounded(text)
    }

    fn interpolate(
        &mut self,
        elements: &'a [InterpolatedStringElement],
        text: &mut String,
    ) -> Result<Option<Rc<Unknown>>, Stop> {
        for element in elements {
            if text.len() > LENGTH {
                return Err(Stop::Limit);
            }
            match element {
                InterpolatedStringElement::Literal(literal) => text.push_str(&literal.value),
                InterpolatedStringElement::Interpolation(it) => {
                    let value = self.value(&it.expression)?;
                    if let Some(debug) = &it.debug_text {
                        let _ = debug;
                        return Ok(Some(Rc::new(Unknown {
                            line: self.world.line,
                            reason: "is an f-string with `=`".into(),
                        })));
                    }
                    let mut spec = String::new();
                    if let Some(parts) = &it.format_spec
                        && let Some(unknown) = self.interpolate(&parts.elements, &mut spec)?
                    {
                        return Ok(Some(unknown));
                    }
                    let conversion = it.conversion.to_byte().map(char::from);
                    match format::format(&value, conversion, &spec) {
                        Ok(piece) => text.push_str(&piece),
                        Err(reason) => {
                            let unknown = match value.find_unknown() {
                                Some(unknown) => unknown,
                                None => Rc::new(Unknown {
                                    line: self.world.line,
                                    reason,
                                }),
                            };
                            return Ok(Some(unknown));
                        }
                    }
                }
            }
        }
        Ok(None)
    }

    /// A text within the bound on length.
    pub(super) fn bounded(&mut self, text: String) -> Result<Value, Stop> {
        self.spend_on(text.len() / 64)?;
        if text.len() > LENGTH {
            return Err(Stop::Limit);
        }
        Ok(Value::str(text))
    }
}
