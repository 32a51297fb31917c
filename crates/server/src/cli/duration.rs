//! Durations as people write them: `30s`, `5m`, `1h`, `14d`.

use std::time::Duration;

/// Reads a number with a unit: ms, s, m or min, h, d. A bare number is seconds.
pub fn parse(text: &str) -> Result<Duration, String> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let wrong = || format!("{text:?} is not a duration: write 30s, 5m, 1h or 14d");
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let scale = match unit.trim() {
        "ms" => return Ok(Duration::from_millis(number)),
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86400,
        _ => return Err(wrong()),
    };
    number
        .checked_mul(scale)
        .map(Duration::from_secs)
        .ok_or_else(wrong)
}

/// How long something took, for people.
pub fn show(taken: Duration) -> String {
    match taken.as_secs() {
        0 => format!("{} ms", taken.as_millis()),
        1..60 => format!("{:.1} s", taken.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read() {
        for (text, seconds) in [
            ("30s", 30),
            ("5m", 300),
            ("2min", 120),
            ("1h", 3600),
            ("7", 7),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(parse("250ms"), Ok(Duration::from_millis(250)));
        for text in [
            "",
            "s",
            "-1s",
            "1.5s",
            "5 weeks",
            "99999999999999999999h",
            "9999999999999999999h",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_shown_for_people() {
        assert_eq!(show(Duration::from_millis(12)), "12 ms");
        assert_eq!(show(Duration::from_millis(1250)), "1.2 s");
        assert_eq!(show(Duration::from_secs(135)), "2 min 15 s");
    }
}
