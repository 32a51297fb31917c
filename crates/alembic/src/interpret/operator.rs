//! Operators between two values.

use super::{Interpreter, LENGTH, format, number};
use crate::library;
use crate::value::{Stop, Value, contains, equal};
use ruff_python_ast::{CmpOp, Operator, UnaryOp};
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) fn unary_sign(sign: UnaryOp) -> &'static str {
    match sign {
        UnaryOp::Invert => "~",
        UnaryOp::Not => "not",
        UnaryOp::UAdd => "+",
        UnaryOp::USub => "-",
    }
}

/// Which of two comes first; none where Python has no order or it cannot be known.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Str(a), Value::Str(b)) => Some(a.chars().cmp(b.chars())),
        (Value::List(a), Value::List(b)) => sequence(&a.borrow(), &b.borrow()),
        (Value::Tuple(a), Value::Tuple(b)) => sequence(a, b),
        (Value::Bytes(a), Value::Bytes(b)) => Some(a.cmp(b)),
        _ => number::order(left, right),
    }
}

fn sequence(left: &[Value], right: &[Value]) -> Option<Ordering> {
    for (a, b) in left.iter().zip(right) {
        if !equal(a, b)? {
            return order(a, b);
        }
    }
    Some(left.len().cmp(&right.len()))
}

impl Interpreter<'_> {
    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &Value,
        right: &Value,
    ) -> Result<Value, Stop> {
        use Value::{Bytes, Dict, List, Object, Set, Str, Tuple, Unknown};
        Ok(match (operator, left, right) {
            (_, Unknown(unknown), _) | (_, _, Unknown(unknown)) => Unknown(unknown.clone()),
            (Operator::Mod, Str(text), with) => match format::percent(text, with) {
                Ok(text) => return self.bounded(text),
                Err(reason) => match with.find_unknown() {
                    Some(unknown) => Unknown(unknown),
                    None => self.unknown(reason),
                },
            },
            (_, Object(_), _) | (_, _, Object(_)) => {
                return library::binary(&mut self.world, operator.as_str(), left, right);
            }
            (Operator::Add, Str(a), Str(b)) => return self.bounded(format!("{a}{b}")),
            (Operator::Add, Bytes(a), Bytes(b)) => Bytes([&**a, &**b].concat().into()),
            (Operator::Add, List(a), List(b)) => {
                self.bounded_list([&**a.borrow(), &**b.borrow()].concat())?
            }
            (Operator::Add, Tuple(a), Tuple(b)) => {
                self.spend_on(a.len() + b.len())?;
                Value::tuple([&**a, &**b].concat())
            }
            (Operator::Mult, Str(text), Value::Int(count))
            | (Operator::Mult, Value::Int(count), Str(text)) => {
                let count = usize::try_from(*count).unwrap_or(0);
                if text.len().saturating_mul(count) > LENGTH {
                    return Err(Stop::Limit);
                }
                return self.bounded(text.repeat(count));
            }
            (Operator::Mult, List(items), Value::Int(count))
            | (Operator::Mult, Value::Int(count), List(items)) => {
                let count = usize::try_from(*count).unwrap_or(0);
                self.spend_on(items.borrow().len().saturating_mul(count))?;
                Value::list(
                    std::iter::repeat_n(items.borrow().clone(), count)
                        .flatten()
                        .collect(),
                )
            }
            (Operator::BitOr, Dict(a), Dict(b)) => {
                let merged = Value::dict(a.borrow().clone());
                for (key, value) in b.borrow().clone() {
                    self.store(&merged, key, value)?;
                }
                merged
            }
            (
                Operator::BitOr | Operator::BitAnd | Operator::Sub | Operator::BitXor,
                Set(a),
                Set(b),
            ) => {
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                let inside = |items: &[Value], item: &Value| contains(items, item) == Some(true);
                let items: Vec<Value> = match operator {
                    Operator::BitOr => a.into_iter().chain(b).collect(),
                    Operator::BitAnd => a.into_iter().filter(|x| inside(&b, x)).collect(),
                    Operator::Sub => a.into_iter().filter(|x| !inside(&b, x)).collect(),
                    _ => {
                        let left: Vec<Value> =
                            a.iter().filter(|x| !inside(&b, x)).cloned().collect();
                        let right = b.into_iter().filter(|x| !inside(&a, x));
                        left.into_iter().chain(right).collect()
                    }
                };
                self.set_of(items)
            }
            (Operator::BitOr, Value::Name(_) | Value::None, Value::Name(_) | Value::None) => {
                // `str | None`: a type.
                left.clone()
            }
            _ => match number::binary(operator, left, right) {
                Some(Ok(value)) => value,
                Some(Err(number::Error::Division)) => {
                    return Err(self.raise("ZeroDivisionError", "division by zero"));
                }
                Some(Err(number::Error::Large)) => self.unknown("is a number beyond 64 bits"),
                None => {
                    return Err(self.raise(
                        "TypeError",
                        format!(
                            "unsupported operand types for {}: '{}' and '{}'",
                            operator.as_str(),
                            left.type_name(),
                            right.type_name()
                        ),
                    ));
                }
            },
        })
    }

    pub(super) fn bounded_list(&mut self, items: Vec<Value>) -> Result<Value, Stop> {
        self.spend_on(items.len())?;
        Ok(Value::list(items))
    }

    pub(super) fn comparison(
        &mut self,
        sign: CmpOp,
        left: &Value,
        right: &Value,
    ) -> Result<Value, Stop> {
        if let Value::Unknown(unknown) = left {
            return Ok(Value::Unknown(unknown.clone()));
        }
        let known = |result: Option<bool>, this: &Self| match result {
            Some(result) => Value::Bool(result),
            None => match left.find_unknown().or_else(|| right.find_unknown()) {
                Some(unknown) => Value::Unknown(unknown),
                None => this.unknown("compares what cannot be compared here"),
            },
        };
        Ok(match sign {
            CmpOp::Is | CmpOp::IsNot => {
                let same = match (left, right) {
                    (_, Value::Unknown(unknown)) => return Ok(Value::Unknown(unknown.clone())),
                    (Value::Object(a), Value::Object(b)) => Some(Rc::ptr_eq(a, b)),
                    _ => equal(left, right),
                };
                known(same.map(|same| same == (sign == CmpOp::Is)), self)
            }
            CmpOp::In | CmpOp::NotIn => {
                let inside = match (left, right) {
                    (_, Value::Unknown(unknown)) => return Ok(Value::Unknown(unknown.clone())),
                    (Value::Str(part), Value::Str(whole)) => Some(whole.contains(&**part)),
                    (_, Value::Object(_)) => {
                        return library::binary(&mut self.world, sign.as_str(), left, right);
                    }
                    _ => match self.elements(right)? {
                        Ok(items) => contains(&items, left),
                        Err(unknown) => return Ok(Value::Unknown(unknown)),
                    },
                };
                known(inside.map(|inside| inside == (sign == CmpOp::In)), self)
            }
            _ => match (left, right) {
                (_, Value::Unknown(unknown)) => Value::Unknown(unknown.clone()),
                (Value::Object(_), _) | (_, Value::Object(_)) => {
                    return library::binary(&mut self.world, sign.as_str(), left, right);
                }
                _ => match sign {
                    CmpOp::Eq => known(equal(left, right), self),
                    CmpOp::NotEq => known(equal(left, right).map(|same| !same), self),
                    _ => {
                        let order = order(left, right);
                        known(
                            order.map(|order| match sign {
                                CmpOp::Lt => order.is_lt(),
                                CmpOp::LtE => order.is_le(),
                                CmpOp::Gt => order.is_gt(),
                                _ => order.is_ge(),
                            }),
                            self,
                        )
                    }
                },
            },
        })
    }
}
