//! Whole and floating numbers, as Python computes with them.

use crate::value::Value;
use ruff_python_ast::Operator;
use std::cmp::Ordering;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Error {
    Division,
    /// Beyond 64 bits, which Python's numbers do not end at.
    Large,
}

#[derive(Clone, Copy)]
enum Number {
    Whole(i64),
    Floating(f64),
}

fn number(value: &Value) -> Option<Number> {
    Some(match value {
        Value::Int(value) => Number::Whole(*value),
        Value::Bool(value) => Number::Whole(i64::from(*value)),
        Value::Float(value) => Number::Floating(*value),
        _ => return None,
    })
}

fn float(number: Number) -> f64 {
    match number {
        Number::Whole(value) => value as f64,
        Number::Floating(value) => value,
    }
}

pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (number(left)?, number(right)?) {
        (Number::Whole(a), Number::Whole(b)) => Some(a.cmp(&b)),
        (a, b) => float(a).partial_cmp(&float(b)),
    }
}

/// None where one is no number.
pub(super) fn binary(
    operator: Operator,
    left: &Value,
    right: &Value,
) -> Option<Result<Value, Error>> {
    match (number(left)?, number(right)?) {
        (Number::Whole(a), Number::Whole(b)) => whole(operator, a, b),
        (a, b) => floating(operator, float(a), float(b)),
    }
}

fn whole(operator: Operator, a: i64, b: i64) -> Option<Result<Value, Error>> {
    let large = |value: Option<i64>| value.map(Value::Int).ok_or(Error::Large);
    let shift = u32::try_from(b).ok().filter(|b| *b < 64);
    Some(match operator {
        Operator::Add => large(a.checked_add(b)),
        Operator::Sub => large(a.checked_sub(b)),
        Operator::Mult => large(a.checked_mul(b)),
        Operator::Div | Operator::FloorDiv | Operator::Mod if b == 0 => Err(Error::Division),
        Operator::Div => Ok(Value::Float(a as f64 / b as f64)),
        Operator::FloorDiv => large(a.checked_div(b).and_then(|value| {
            let inexact = a.checked_rem(b)? != 0 && (a < 0) != (b < 0);
            value.checked_sub(i64::from(inexact))
        })),
        Operator::Mod => large(a.checked_rem(b).map(|rest| {
            if rest != 0 && (rest < 0) != (b < 0) {
                rest + b
            } else {
                rest
            }
        })),
        Operator::Pow => match u32::try_from(b) {
            Ok(power) => large(a.checked_pow(power)),
            Err(_) => Ok(Value::Float((a as f64).powf(b as f64))),
        },
        Operator::BitAnd => Ok(Value::Int(a & b)),
        Operator::BitOr => Ok(Value::Int(a | b)),
        Operator::BitXor => Ok(Value::Int(a ^ b)),
        Operator::RShift => large(shift.map(|by| a >> by)),
        Operator::LShift => large(shift.and_then(|by| {
            let moved = a.checked_shl(by)?;
            (moved >> by == a).then_some(moved)
        })),
        Operator::MatMult => return None,
    })
}

fn floating(operator: Operator, a: f64, b: f64) -> Option<Result<Value, Error>> {
    Some(match operator {
        Operator::Add => Ok(Value::Float(a + b)),
        Operator::Sub => Ok(Value::Float(a - b)),
        Operator::Mult => Ok(Value::Float(a * b)),
        Operator::Div | Operator::FloorDiv | Operator::Mod if b == 0.0 => Err(Error::Division),
        Operator::Div => Ok(Value::Float(a / b)),
        Operator::FloorDiv => Ok(Value::Float((a / b).floor())),
        Operator::Mod => Ok(Value::Float(a - b * (a / b).floor())),
        Operator::Pow => Ok(Value::Float(a.powf(b))),
        _ => return None,
    })
}
