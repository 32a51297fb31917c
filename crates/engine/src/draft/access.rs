//! Owners, privileges and comments.

use super::op::Rank;
use super::restore::Restore;
use crate::sql::{fold, identifier, literal};
use std::collections::{BTreeMap, BTreeSet};

/// What privileges are on: its words in GRANT, and its letter for `acldefault` (manual, 5.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grantable {
    Table,
    Column,
    Sequence,
    Routine,
    Type,
    Schema,
}

/// Who may do what: letters of privileges, each with whether it may be passed on.
type Rights = BTreeMap<String, BTreeMap<char, bool>>;

/// Letters and names of privileges (manual, table 5.1).
const PRIVILEGES: [(char, &str); 12] = [
    ('r', "SELECT"),
    ('a', "INSERT"),
    ('w', "UPDATE"),
    ('d', "DELETE"),
    ('D', "TRUNCATE"),
    ('x', "REFERENCES"),
    ('t', "TRIGGER"),
    ('m', "MAINTAIN"),
    ('X', "EXECUTE"),
    ('U', "USAGE"),
    ('C', "CREATE"),
    ('s', "SET"),
];

impl Grantable {
    /// What the owner has, and what everybody has, where nothing was granted or revoked.
    fn defaults(self, owner: &str, major: u32) -> Rights {
        let (own, everybody) = match self {
            Grantable::Table if major >= 17 => ("arwdDxtm", ""),
            Grantable::Table => ("arwdDxt", ""),
            Grantable::Column => ("", ""),
            Grantable::Sequence => ("rwU", ""),
            Grantable::Routine => ("X", "X"),
            Grantable::Type => ("U", "U"),
            Grantable::Schema => ("UC", ""),
        };
        let letters = |text: &str| text.chars().map(|letter| (letter, false)).collect();
        [(owner, own), ("", everybody)]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(who, text)| (who.to_owned(), letters(text)))
            .collect()
    }
}

/// An object whose owner, privileges and comment are restored.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Such as `TABLE`, for COMMENT and ALTER.
    pub kind: &'a str,
    /// As SQL.
    pub name: &'a str,
    /// None for what nothing can be granted on.
    pub grantable: Option<Grantable>,
}

/// Owner, privileges and comment at one moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Access<'a> {
    pub owner: &'a str,
    pub grants: Option<&'a [String]>,
    pub comment: Option<&'a str>,
}

impl Restore<'_> {
    /// Restores them for an object that is there in both catalogs.
    pub(super) fn access(&mut self, subject: Subject<'_>, now: Access<'_>, then: Access<'_>) {
        if now.owner != then.owner {
            let owner = self.who(then.owner);
            self.push(
                Rank::Owner,
                format!("ALTER {} {} OWNER TO {owner};", subject.kind, subject.name),
            );
        }
        if let Some(grantable) = subject.grantable {
            let on = match grantable {
                Grantable::Table => subject.name.to_owned(),
                Grantable::Column => String::new(),
                Grantable::Sequence => format!("SEQUENCE {}", subject.name),
                Grantable::Routine => format!("{} {}", subject.kind, subject.name),
                Grantable::Type => format!("TYPE {}", subject.name),
                Grantable::Schema => format!("SCHEMA {}", subject.name),
            };
            self.grants(grantable, &on, None, now, then);
        }
        self.comment(subject, now.comment, then.comment);
    }

    /// Restores them for an object that is made anew.
    pub(super) fn access_of_new(&mut self, subject: Subject<'_>, then: Access<'_>) {
        let now = Access {
            owner: self.role,
            grants: None,
            comment: None,
        };
        self.access(subject, now, then);
    }

    pub(super) fn comment(&mut self, subject: Subject<'_>, now: Option<&str>, then: Option<&str>) {
        if now != then {
            let text = then.map_or_else(|| "NULL".to_owned(), literal);
            self.push(
                Rank::Comment,
                format!("COMMENT ON {} {} IS {text};", subject.kind, subject.name),
            );
        }
    }

    /// Grants what is missing, and revokes what is too much, on `on`, or on a column of it.
    pub(super) fn grants(
        &mut self,
        grantable: Grantable,
        on: &str,
        column: Option<&str>,
        now: Access<'_>,
        then: Access<'_>,
    ) {
        let major = self.to.major;
        // With the owner, what the owner has goes to the new one.
        let moved = |who: String| match who == now.owner && now.owner != then.owner {
            true => then.owner.to_owned(),
            false => who,
        };
        let read = |access: Access<'_>, moved: &dyn Fn(String) -> String| -> (Rights, bool) {
            let Some(items) = access.grants else {
                return (grantable.defaults(then.owner, major), false);
            };
            let mut rights = Rights::new();
            let mut foreign = false;
            for item in items {
                let Some((who, letters, grantor)) = item_of(item) else {
                    foreign = true;
                    continue;
                };
                foreign |= moved(grantor) != then.owner;
                rights.entry(moved(who)).or_default().extend(letters);
            }
            (rights, foreign)
        };
        let (have, foreign) = read(now, &moved);
        let (want, foreign_then) = read(then, &|who| who);
        if have == want {
            return;
        }
        if foreign || foreign_then {
            self.miss(format!(
                "the privileges on {on} as they were: some are granted by others than the owner, and only they can."
            ));
            return;
        }
        let nobody = BTreeMap::new();
        let people: BTreeSet<&String> = have.keys().chain(want.keys()).collect();
        for who in people {
            let (has, wants) = (
                have.get(who).unwrap_or(&nobody),
                want.get(who).unwrap_or(&nobody),
            );
            let role = match who.as_str() {
                "" => "PUBLIC".to_owned(),
                who => self.who(who),
            };
            let too_much = has.keys().filter(|letter| !wants.contains_key(letter));
            let passing = has
                .iter()
                .filter(|(letter, passes)| **passes && wants.get(letter) == Some(&false))
                .map(|(letter, _)| letter);
            let missing = |passes: bool| {
                wants
                    .iter()
                    .filter(move |(letter, wanted)| {
                        **wanted == passes && has.get(letter).is_none_or(|had| passes && !had)
                    })
                    .map(|(letter, _)| letter)
            };
            let lists = [
                ("REVOKE", "FROM", "", names(too_much, column)),
                (
                    "REVOKE GRANT OPTION FOR",
                    "FROM",
                    "",
                    names(passing, column),
                ),
                ("GRANT", "TO", "", names(missing(false), column)),
                (
                    "GRANT",
                    "TO",
                    " WITH GRANT OPTION",
                    names(missing(true), column),
                ),
            ];
            for (verb, preposition, end, list) in lists {
                if !list.is_empty() {
                    self.push(
                        Rank::Grant,
                        format!("{verb} {list} ON {on} {preposition} {role}{end};"),
                    );
                }
            }
        }
    }

    /// A role, as SQL; whoever ran the upgrade is whoever runs the downgrade.
    pub(super) fn who(&self, role: &str) -> String {
        match role == self.role {
            true => "CURRENT_USER".to_owned(),
            false => identifier(role),
        }
    }
}

fn names<'l>(letters: impl Iterator<Item = &'l char>, column: Option<&str>) -> String {
    let column = column.map_or_else(String::new, |column| format!(" ({column})"));
    let letters: BTreeSet<&char> = letters.collect();
    let named = PRIVILEGES
        .iter()
        .filter(|(letter, _)| letters.contains(letter))
        .map(|(_, name)| format!("{name}{column}"));
    named.collect::<Vec<_>>().join(", ")
}

/// Who, what, by whom of an `aclitem` such as `ann=r*w/bob` (manual, 5.8).
fn item_of(item: &str) -> Option<(String, BTreeMap<char, bool>, String)> {
    let mut quoted = false;
    let at = item.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == '=' && !quoted).then_some(at)
    })?;
    let (who, rest) = (&item[..at], &item[at + 1..]);
    let (letters, grantor) = rest.split_once('/')?;
    let mut rights = BTreeMap::new();
    let mut last = None;
    for letter in letters.chars() {
        match (letter, last) {
            ('*', Some(last)) => {
                rights.insert(last, true);
            }
            (letter, _) => {
                rights.insert(letter, false);
                last = Some(letter);
            }
        }
    }
    let role = |text: &str| match text.starts_with('"') {
        true => fold(text),
        false => text.to_owned(),
    };
    Some((role(who), rights, role(grantor)))
}

/// The statements that grant on a table or view (as SQL) what the `aclitem`s of another one say, but for its `owner`'s. Roles
/// that were granted something by others than its owner are granted it by whoever runs this.
pub fn grant_table(table: &str, owner: &str, items: &[String]) -> Vec<String> {
    grant(table, None, items, |who| who != owner)
}

/// The statements that grant on `column` of `table` (both as SQL) what the `aclitem`s of another column say. Roles that
/// were granted something by others than its owner are granted it by whoever runs this.
pub fn grant_column(table: &str, column: &str, items: &[String]) -> Vec<String> {
    grant(table, Some(column), items, |_| true)
}

/// The roles to which these `aclitem`s give something, as SQL, but for `owner`.
pub fn grantees(items: &[String], owner: &str) -> BTreeSet<String> {
    let given = items.iter().filter_map(|item| item_of(item));
    given
        .filter(|(who, ..)| who != owner)
        .map(|(who, ..)| role(&who))
        .collect()
}

fn role(who: &str) -> String {
    match who {
        "" => "PUBLIC".to_owned(),
        who => identifier(who),
    }
}

fn grant(
    table: &str,
    column: Option<&str>,
    items: &[String],
    is_wanted: impl Fn(&str) -> bool,
) -> Vec<String> {
    let granted = items.iter().filter_map(|item| item_of(item));
    granted
        .filter(|(who, ..)| is_wanted(who))
        .flat_map(|(who, letters, _)| {
            let role = role(&who);
            [false, true].into_iter().filter_map(move |passes| {
                let of = letters.iter().filter(|(_, passed)| **passed == passes);
                let list = names(of.map(|(letter, _)| letter), column);
                let end = if passes { " WITH GRANT OPTION" } else { "" };
                (!list.is_empty()).then(|| format!("GRANT {list} ON {table} TO {role}{end}"))
            })
        })
        .collect()
}
