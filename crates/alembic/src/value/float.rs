//! Floating numbers as Python writes them.

/// `repr(value)`: the shortest digits that read back, with a point, and exponents from 1e16 on.
pub fn repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.into();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        let text = format!("{value:e}");
        let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
        let power: i32 = power.parse().unwrap_or(0);
        let sign = if power < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", power.abs());
    }
    let text = value.to_string();
    match text.contains('.') {
        true => text,
        false => text + ".0",
    }
}

#[cfg(test)]
mod tests {
    use super::repr;

    #[test]
    fn as_python_writes_it() {
        assert_eq!(repr(1e-7), "1e-07");
        assert_eq!(repr(1.5e20), "1.5e+20");
        assert_eq!(repr(0.1), "0.1");
        assert_eq!(repr(-0.0), "-0.0");
    }
}
