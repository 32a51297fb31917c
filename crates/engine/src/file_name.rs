//! Names of new revision files, after Alembic's `file_template`.

mod percent;

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

/// Checks a template; what is wrong with it, in words that go on from "it has".
pub fn check(template: &str) -> Result<(), String> {
    if percent::is_percent(template) {
        return percent::fill(template, |_| Some("0".to_owned())).map(|_| ());
    }
    let mut rest = TOKENS
        .iter()
        .fold(template.to_owned(), |rest, token| rest.replace(token, ""));
    if let Some(at) = rest.find(['{', '}']) {
        let wrong = rest.split_off(at);
        let end = wrong.find('}').map_or(wrong.len(), |end| end + 1);
        return Err(format!("{}: there are {}", &wrong[..end], TOKENS.join(" ")));
    }
    Ok(())
}

/// The name of a revision's SQL file.
pub fn file_name(
    project: &config::Project,
    rev: &RevisionId,
    message: &str,
    moment: &Moment,
) -> String {
    file_name_with(project, rev, message, moment, ".sql")
}

/// The name of a revision's file that ends with `ending`: `.sql`, or `.py` in an Alembic project.
pub fn file_name_with(
    project: &config::Project,
    rev: &RevisionId,
    message: &str,
    moment: &Moment,
    ending: &str,
) -> String {
    let template = project.file_template.as_str();
    let name = if percent::is_percent(template) {
        let value = |name: &str| match name {
            "year" => Some(moment.year.to_string()),
            "month" => Some(moment.month.to_string()),
            "day" => Some(moment.day.to_string()),
            "hour" => Some(moment.hour.to_string()),
            "minute" => Some(moment.minute.to_string()),
            "second" => Some(moment.second.to_string()),
            "epoch" => Some(moment.epoch.to_string()),
            "rev" => Some(rev.to_string()),
            "slug" => Some(alembic_slug(message, project.slug_length)),
            _ => None,
        };
        // A template that cannot be filled is refused where it is read.
        percent::fill(template, value).unwrap_or_else(|_| rev.to_string())
    } else {
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
        let name = TOKENS.iter().fold(template.to_owned(), |name, token| {
            name.replace(token, &value(token))
        });
        let name = name.strip_suffix(ending).unwrap_or(&name);
        // A revision without words leaves its separator behind.
        name.strip_suffix('_').unwrap_or(name).to_owned()
    };
    format!("{name}{ending}")
}

/// The words of a message as Alembic has them in a file name (`_rev_path` of alembic/script/base.py): cut between words,
/// with a `_` where it was cut.
fn alembic_slug(message: &str, length: usize) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words: Vec<&str> = message
        .split(|c| !is_word(c))
        .filter(|word| !word.is_empty())
        .collect();
    let slug = words.join("_").to_lowercase();
    let Some((end, _)) = slug.char_indices().nth(length) else {
        return slug;
    };
    let cut = &slug[..end];
    format!("{}_", cut.rsplit_once('_').map_or(cut, |(kept, _)| kept))
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
    fn alembics_own_templates_are_filled_in_as_alembic_does() {
        for (template, message, name) in [
            (
                "%(rev)s_%(slug)s",
                "Add Users",
                "3f2a9c1b7d40_add_users.sql",
            ),
            ("%(rev)s_%(slug)s", "", "3f2a9c1b7d40_.sql"),
            (
                "%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s_%(slug)s",
                "Add email_verified to users",
                "2025_11_23_0905-3f2a9c1b7d40_add_email_verified_to_users.sql",
            ),
            ("%(year)d%(month)02d%(day)02d", "x", "20251123.sql"),
            ("%(month)d-%(second)s-%(rev).4s", "x", "11-7-3f2a.sql"),
            ("%(epoch)s%%", "x", "1763888707%.sql"),
            (
                "%(slug)s",
                "a very long message that goes on beyond forty characters",
                "a_very_long_message_that_goes_on_beyond_.sql",
            ),
        ] {
            assert_eq!(named(template, message), name, "{template}");
        }
    }

    #[test]
    fn a_template_that_cannot_be_filled_in_is_told() {
        for (template, told) in [
            (
                "%(week)d",
                "%(week)d: there are %(year)d %(month)d %(day)d %(hour)d %(minute)d %(second)d %(epoch)d %(rev)s %(slug)s",
            ),
            (
                "%(rev",
                "a % that is neither %% nor the beginning of a token such as %(rev)s",
            ),
            (
                "%(rev)s_%d",
                "a % that is neither %% nor the beginning of a token such as %(rev)s",
            ),
        ] {
            assert_eq!(check(template).err().as_deref(), Some(told));
        }
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
