//! Names of new revision files, after Alembic's `file_template`.

use crate::config;
use crate::revision::RevisionId;

/// The moment at which a revision is made: a date and a time on somebody's wall, as Alembic has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Moment {
    pub year: u16,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub microsecond: u32,
    /// Seconds since 1970 in UTC.
    pub epoch: i64,
}

impl Moment {
    /// As Alembic prints a `Create Date`.
    pub fn create_date(&self) -> String {
        format!(
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}",
            self.year, self.month, self.day, self.hour, self.minute, self.second, self.microsecond
        )
    }
}

/// What a `file_template` may have; everything else in it stands for itself.
pub const TOKENS: [&str; 9] = [
    "{year}", "{month}", "{day}", "{hour}", "{minute}", "{second}", "{epoch}", "{rev}", "{slug}",
];

/// The name of a revision's file.
pub fn file_name(
    project: &config::Project,
    rev: &RevisionId,
    message: &str,
    moment: &Moment,
) -> String {
    let value = |token: &str| match token {
        "{year}" => format!("{:04}", moment.year),
        "{month}" => format!("{:02}", moment.month),
        "{day}" => format!("{:02}", moment.day),
        "{hour}" => format!("{:02}", moment.hour),
        "{minute}" => format!("{:02}", moment.minute),
        "{second}" => format!("{:02}", moment.second),
        "{epoch}" => moment.epoch.to_string(),
        "{rev}" => rev.to_string(),
        _ => slug(message, project.slug_length),
    };
    let name = TOKENS
        .iter()
        .fold(project.file_template.clone(), |name, token| {
            name.replace(token, &value(token))
        });
    // A revision without words leaves its separator behind.
    let name = match name.strip_suffix("_.sql") {
        Some(name) => format!("{name}.sql"),
        None => name,
    };
    if name.ends_with(".sql") {
        name
    } else {
        format!("{name}.sql")
    }
}

/// The words of a message as part of a file name, at most `length` characters, cut between words
/// (after `_rev_path` of alembic/script/base.py).
pub fn slug(message: &str, length: usize) -> String {
    let mut slug = String::new();
    for c in message.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    let slug = slug.trim_end_matches('_');
    let Some((end, next)) = slug.char_indices().nth(length) else {
        return slug.to_owned();
    };
    let cut = &slug[..end];
    match cut.rfind('_') {
        Some(at) if next != '_' => cut[..at].to_owned(),
        _ => cut.trim_end_matches('_').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Moment = Moment {
        year: 2025,
        month: 11,
        day: 23,
        hour: 9,
        minute: 5,
        second: 7,
        microsecond: 123,
        epoch: 1_763_888_707,
    };

    fn named(template: &str, message: &str) -> String {
        let project = config::Project {
            file_template: template.into(),
            ..config::Project::default()
        };
        let rev = RevisionId::new("3f2a9c1b7d40").expect("an id");
        file_name(&project, &rev, message, &MOMENT)
    }

    #[test]
    fn every_token_is_filled_in() {
        assert_eq!(
            named(config::DEFAULT_FILE_TEMPLATE, "Add email_verified to users"),
            "2025_11_23_0905-3f2a9c1b7d40_add_email_verified_to_users.sql"
        );
        assert_eq!(named("{epoch}-{second}-{slug}", "x"), "1763888707-07-x.sql");
        assert_eq!(named("{rev}_{slug}.sql", ""), "3f2a9c1b7d40.sql");
        assert_eq!(
            named("{rev}_{slug}.sql", "../../etc/passwd"),
            "3f2a9c1b7d40_etc_passwd.sql"
        );
        assert_eq!(
            named("{rev}_{slug}.sql", "{year} {rev}"),
            "3f2a9c1b7d40_year_rev.sql"
        );
    }

    #[test]
    fn the_create_date_is_as_alembic_prints_it() {
        assert_eq!(MOMENT.create_date(), "2025-11-23 09:05:07.000123");
    }

    #[test]
    fn a_slug_is_cut_between_words() {
        assert_eq!(slug("Add a very long message", 10), "add_a_very");
        assert_eq!(slug("Add a very long message", 12), "add_a_very");
        assert_eq!(slug("abcdefghijkl", 5), "abcde");
        assert_eq!(slug("¡Añade columnas!", 40), "añade_columnas");
        assert_eq!(slug("", 40), "");
        assert_eq!(slug("Add", 0), "");
    }
}
