//! INI files as Python's `configparser` reads them, which has no standard but its own documentation:
//! <https://docs.python.org/3/library/configparser.html#supported-ini-file-structure>.

/// The section whose options every section has too.
const DEFAULT: &str = "DEFAULT";

/// How deep an option may refer to others (`MAX_INTERPOLATION_DEPTH`).
const DEPTH: usize = 10;

/// A file's sections, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ini {
    sections: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Section {
    name: String,
    options: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    /// In lower case.
    name: String,
    value: String,
    line: u32,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// 1-based.
    pub line: u32,
    pub message: String,
}

impl Ini {
    pub fn read(text: &str) -> Result<Self, Wrong> {
        let mut ini = Ini::default();
        // The indentation of the option that lines may go on with; none where there is none.
        let mut open: Option<usize> = None;
        for (at, line) in text.lines().enumerate() {
            let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
            let words = line.trim();
            if words.is_empty() {
                if open.is_some() {
                    ini.go_on("");
                }
                continue;
            }
            if words.starts_with(['#', ';']) {
                continue;
            }
            let indent = line.chars().take_while(|c| c.is_whitespace()).count();
            if open.is_some_and(|of_option| indent > of_option) {
                ini.go_on(words);
                continue;
            }
            let wrong = |message: String| Wrong {
                line: number,
                message,
            };
            open = None;
            let header = words
                .strip_prefix('[')
                .and_then(|rest| rest.rsplit_once(']'));
            if let Some((name, _)) = header.filter(|(name, _)| !name.is_empty()) {
                let again = ini.sections.iter().any(|section| section.name == name);
                if again && name != DEFAULT {
                    return Err(wrong(format!("section [{name}] is there twice")));
                }
                if !again {
                    ini.sections.push(Section {
                        name: name.to_owned(),
                        options: Vec::new(),
                    });
                }
                continue;
            }
            let Some(section) = ini.sections.last_mut() else {
                return Err(wrong("there is no [section] before this line".into()));
            };
            let (name, value) = words
                .split_once(['=', ':'])
                .filter(|(name, _)| !name.trim().is_empty())
                .ok_or_else(|| wrong("this is neither a [section] nor `name = value`".into()))?;
            let name = name.trim_end().to_lowercase();
            if section.options.iter().any(|option| option.name == name) {
                return Err(wrong(format!(
                    "{name} is there twice in section [{}]",
                    section.name
                )));
            }
            section.options.push(Entry {
                name,
                value: value.trim().to_owned(),
                line: number,
            });
            open = Some(indent);
        }
        for section in &mut ini.sections {
            for option in &mut section.options {
                option.value.truncate(option.value.trim_end().len());
            }
        }
        Ok(ini)
    }

    /// A further line of the last option's value.
    fn go_on(&mut self, words: &str) {
        let section = self.sections.last_mut();
        if let Some(option) = section.and_then(|section| section.options.last_mut()) {
            option.value.push('\n');
            option.value.push_str(words);
        }
    }

    pub fn has_section(&self, name: &str) -> bool {
        self.sections.iter().any(|section| section.name == name)
    }

    /// The names of the sections.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().map(|section| section.name.as_str())
    }

    /// Whether a section has an option of its own.
    pub fn says(&self, section: &str, name: &str) -> bool {
        let mut sections = self.sections.iter().filter(|it| it.name == section);
        sections.any(|it| it.options.iter().any(|option| option.name == name))
    }

    /// An option's value, with what `%(name)s` and `%%` stand for; `here` is what `%(here)s` stands for.
    pub fn get(&self, section: &str, name: &str, here: &str) -> Result<Option<String>, Wrong> {
        if !self.has_section(section) {
            return Ok(None);
        }
        let Some(option) = self.option(section, name) else {
            return Ok(None);
        };
        let value = interpolate(
            &option.value,
            DEPTH,
            &|name| match self.option(section, name) {
                Some(other) => Some(other.value.clone()),
                None => (name == "here").then(|| here.replace('%', "%%")),
            },
        );
        value.map(Some).map_err(|message| Wrong {
            line: option.line,
            message: format!("{name}: {message}"),
        })
    }

    fn option(&self, section: &str, name: &str) -> Option<&Entry> {
        [section, DEFAULT].iter().find_map(|wanted| {
            let section = self
                .sections
                .iter()
                .find(|section| section.name == *wanted)?;
            section.options.iter().find(|option| option.name == name)
        })
    }
}

/// Puts in what `%(name)s` stands for, and `%` for `%%`.
pub fn interpolate(
    text: &str,
    depth: usize,
    value: &dyn Fn(&str) -> Option<String>,
) -> Result<String, String> {
    if depth == 0 {
        return Err("it refers to itself".into());
    }
    let mut done = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        done.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            done.push('%');
            rest = after;
            continue;
        }
        let name = after
            .strip_prefix('(')
            .and_then(|after| after.split_once(")s"))
            .filter(|(name, _)| !name.contains(')'));
        let Some((name, after)) = name else {
            return Err("a % has to be written %%".into());
        };
        let Some(found) = value(&name.to_lowercase()) else {
            return Err(format!("there is no {name}, which %({name})s refers to"));
        };
        done.push_str(&interpolate(&found, depth - 1, value)?);
        rest = after;
    }
    done.push_str(rest);
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_configparser_reads_them() {
        let text = "# a comment\n[DEFAULT]\nroot = db\n[alembic]\nScript_Location: %(here)s/%(root)s\n; a comment\npaths = a\n  b ; no comment\n\n  # a comment\n\tc=d\n\nempty =\nname = %%(rev)s = 1\n[other] x\nk=v\n";
        let ini = Ini::read(text).expect("an INI file");
        let get = |name| ini.get("alembic", name, "/h%e").expect("a value");
        assert_eq!(get("script_location").as_deref(), Some("/h%e/db"));
        assert_eq!(get("paths").as_deref(), Some("a\nb ; no comment\n\nc=d"));
        assert_eq!(get("empty").as_deref(), Some(""));
        assert_eq!(get("name").as_deref(), Some("%(rev)s = 1"));
        assert_eq!(get("root").as_deref(), Some("db"));
        assert_eq!(get("k"), None);
        assert_eq!(ini.get("other", "k", ""), Ok(Some("v".into())));
        assert_eq!(ini.get("none", "root", ""), Ok(None));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, line, message) in [
            ("\nx = 1\n", 2, "there is no [section] before this line"),
            (
                "[a]\nx\n",
                2,
                "this is neither a [section] nor `name = value`",
            ),
            (
                "[a]\n= 1\n",
                2,
                "this is neither a [section] nor `name = value`",
            ),
            ("[a]\n[a]\n", 2, "section [a] is there twice"),
            ("[a]\nx=1\nX=2\n", 3, "x is there twice in section [a]"),
        ] {
            let wrong = Ini::read(text).expect_err(text);
            assert_eq!((wrong.line, wrong.message.as_str()), (line, message));
        }
        for (value, message) in [
            ("100%", "x: a % has to be written %%"),
            ("%(y)s", "x: there is no y, which %(y)s refers to"),
            ("%(x)s", "x: it refers to itself"),
        ] {
            let ini = Ini::read(&format!("[a]\nx = {value}\n")).expect("an INI file");
            let wrong = ini.get("a", "x", "").expect_err(value);
            assert_eq!((wrong.line, wrong.message.as_str()), (2, message));
        }
    }
}
