//! Times and counts in words.

/// `3.1 ms`, `41 ms`, `0.97 s`.
pub fn time(ms: f64) -> String {
    if ms < 9.95 {
        format!("{ms:.1} ms")
    } else if ms < 999.5 {
        format!("{ms:.0} ms")
    } else {
        format!("{:.2} s", ms / 1000.0)
    }
}

/// `1 row`, `4,812 rows`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// `4,812`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        assert_eq!(time(3.14), "3.1 ms");
        assert_eq!(time(41.2), "41 ms");
        assert_eq!(time(1970.0), "1.97 s");
        assert_eq!(grouped(4812), "4,812");
        assert_eq!(grouped(812), "812");
        assert_eq!(counted(1, "row", "rows"), "1 row");
    }
}
