//! Alembic's own form of a `file_template`: Python's `%` operator on a mapping, as far as integers and texts need it.
//!
//! <https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting>

const NAMES: [(&str, char); 9] = [
    ("year", 'd'),
    ("month", 'd'),
    ("day", 'd'),
    ("hour", 'd'),
    ("minute", 'd'),
    ("second", 'd'),
    ("epoch", 'd'),
    ("rev", 's'),
    ("slug", 's'),
];

/// Whether a template is of this form.
pub fn is_percent(template: &str) -> bool {
    template.contains("%(")
}

/// Fills a template in; what is wrong with it, in words that go on from "it has".
pub fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            text.push('%');
            rest = after;
            continue;
        }
        let (token, after) = Token::read(after)
            .ok_or("a % that is neither %% nor the beginning of a token such as %(rev)s")?;
        let known = NAMES.iter().find(|(name, _)| *name == token.name);
        let value = known.and_then(|_| value(token.name));
        let fits = |kind| token.kind == 's' || token.kind == kind;
        match (known, value) {
            (Some((_, kind)), Some(value)) if fits(*kind) => {
                text.push_str(&token.format(&value, *kind));
            }
            _ => {
                return Err(format!(
                    "%({}){}: there are {}",
                    token.name,
                    token.kind,
                    all()
                ));
            }
        }
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

fn all() -> String {
    let names = NAMES.iter().map(|(name, kind)| format!("%({name}){kind}"));
    names.collect::<Vec<_>>().join(" ")
}

/// `%(name)` with its flags, width, precision and kind.
struct Token<'a> {
    name: &'a str,
    left: bool,
    zeros: bool,
    width: usize,
    precision: Option<usize>,
    kind: char,
}

/// Wider than any file name may be.
const WIDEST: usize = 255;

impl<'a> Token<'a> {
    /// Reads one from after its `%`, with what comes after it.
    fn read(text: &'a str) -> Option<(Self, &'a str)> {
        let (name, rest) = text.strip_prefix('(')?.split_once(')')?;
        let flags = rest.len() - rest.trim_start_matches(['-', '0', ' ', '+', '#']).len();
        let (flags, rest) = rest.split_at(flags);
        let (width, rest) = number(rest)?;
        let (precision, rest) = match rest.strip_prefix('.') {
            Some(rest) => {
                let (precision, rest) = number(rest)?;
                (Some(precision.unwrap_or(0)), rest)
            }
            None => (None, rest),
        };
        let kind = rest
            .chars()
            .next()
            .filter(|kind| matches!(kind, 'd' | 'i' | 's'))?;
        let token = Token {
            name,
            left: flags.contains('-'),
            zeros: flags.contains('0'),
            width: width.unwrap_or(0),
            precision,
            kind: if kind == 'i' { 'd' } else { kind },
        };
        Some((token, &rest[1..]))
    }

    fn format(&self, value: &str, value_kind: char) -> String {
        let as_number = self.kind == 'd' && value_kind == 'd';
        let value = match self.precision {
            Some(digits) if as_number => format!("{value:0>digits$}"),
            Some(length) => value.chars().take(length).collect(),
            None => value.to_owned(),
        };
        let width = self.width;
        match (self.left, self.zeros && as_number) {
            (true, _) => format!("{value:<width$}"),
            (false, true) => format!("{value:0>width$}"),
            (false, false) => format!("{value:>width$}"),
        }
    }
}

/// The number at the beginning, where there is one, and the rest.
fn number(text: &str) -> Option<(Option<usize>, &str)> {
    let end = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() {
        return Some((None, rest));
    }
    let number = digits.parse().ok().filter(|number| *number <= WIDEST)?;
    Some((Some(number), rest))
}
