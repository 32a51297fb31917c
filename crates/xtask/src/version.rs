//! Version numbers as programs print them: `trunk 0.21.14`, `v20.20.2`, `Chromium 156.0.8078.73 built on …`.

use std::fmt;

/// Numbers between dots. Compared number by number; a missing one counts as zero.
#[derive(Debug, Clone)]
pub struct Version(Vec<u64>);

impl Version {
    /// The first word of a text that is a version number.
    pub fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::word)
    }

    fn word(word: &str) -> Option<Self> {
        let word = word.strip_prefix('v').unwrap_or(word);
        let numbers: String = word
            .chars()
            .take_while(|character| character.is_ascii_digit() || *character == '.')
            .collect();
        let numbers = numbers.trim_end_matches('.');
        if numbers.is_empty() || !numbers.contains('.') && numbers.len() != word.len() {
            return None;
        }
        numbers
            .split('.')
            .map(|number| number.parse().ok())
            .collect::<Option<Vec<u64>>>()
            .map(Self)
    }

    pub fn part(&self, index: usize) -> u64 {
        self.0.get(index).copied().unwrap_or(0)
    }

    pub fn major(&self) -> u64 {
        self.part(0)
    }

    /// At least `wanted`, and of the same series in Cargo's sense (`0.21` for `0.21.14`, `1` for `1.4`).
    pub fn satisfies(&self, wanted: &Self) -> bool {
        let leading = (0..).find(|index| wanted.part(*index) != 0 || *index >= 2);
        let series = leading.unwrap_or(0);
        (0..=series).all(|index| self.part(index) == wanted.part(index)) && self >= wanted
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let length = self.0.len().max(other.0.len());
        (0..length)
            .map(|index| self.part(index).cmp(&other.part(index)))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(u64::to_string).collect();
        out.write_str(&parts.join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::find(text).unwrap()
    }

    #[test]
    fn is_found_in_what_programs_print() {
        assert_eq!(version("trunk 0.21.14").to_string(), "0.21.14");
        assert_eq!(version("v20.20.2").to_string(), "20.20.2");
        assert_eq!(
            version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)").major(),
            15
        );
        assert!(Version::find("postgres (PostgreSQL) 19beta1").is_none());
        assert_eq!(version("ChromeDriver 156.0.8078.73 (9f5)").major(), 156);
        assert_eq!(version("16").major(), 16);
        assert!(Version::find("no number here").is_none());
        assert!(Version::find("").is_none());
        assert!(Version::find("99999999999999999999999.1").is_none());
    }

    #[test]
    fn compares_number_by_number() {
        assert!(version("0.21.9") < version("0.21.14"));
        assert!(version("16") > version("9.6"));
        assert_eq!(version("1.0"), version("1"));
    }

    #[test]
    fn a_later_one_of_the_same_series_satisfies() {
        let wanted = version("0.21.14");
        assert!(version("0.21.14").satisfies(&wanted));
        assert!(version("0.21.20").satisfies(&wanted));
        assert!(!version("0.21.13").satisfies(&wanted));
        assert!(!version("0.22.1").satisfies(&wanted));
        assert!(version("1.9").satisfies(&version("1.4")));
        assert!(!version("2.0").satisfies(&version("1.4")));
    }
}
