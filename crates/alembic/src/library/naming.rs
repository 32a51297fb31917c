//! Names that a naming convention gives (`sqlalchemy.sql.naming`), and names that are too long
//! (`IdentifierPreparer.format_constraint`).

use super::name::{LONGEST, Name};
use super::trouble::{Known, raise, unknown};
use crate::settings::Settings;
use md5::{Digest, Md5};

/// What a naming convention knows of a constraint or an index.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    pub table: String,
    pub schema: Option<String>,
    /// Name and key of each column.
    pub columns: Vec<(String, String)>,
    /// The names of all columns of the table, which a label must not repeat.
    pub siblings: Vec<String>,
    pub referred_table: String,
    pub referred_columns: Vec<String>,
}

/// The name of a constraint or index of `kind` (`ix`, `uq`, `ck`, `fk`, `pk`); none where it has none.
pub fn name(
    settings: &Settings,
    kind: &str,
    given: Option<&Name>,
    parts: &Parts,
) -> Known<Option<Name>> {
    if let Some(name) = given
        && name.fixed
    {
        return Ok(Some(name.clone()));
    }
    if let Some(hides) = &settings.unknown_convention {
        return Err(unknown(format!(
            "the name may follow a naming convention that could not be read: {hides}"
        )));
    }
    let template = match settings.naming_convention.get(kind) {
        Some(template) => Some(template.as_str()),
        None if settings.naming_convention.is_empty() && kind == "ix" => {
            Some("ix_%(column_0_label)s")
        }
        None => None,
    };
    match (given, template) {
        (None, Some(template)) => filled(settings, template, None, parts).map(Some),
        (Some(name), Some(template)) if template.contains("constraint_name") => {
            filled(settings, template, Some(name), parts).map(Some)
        }
        (given, _) => Ok(given.cloned()),
    }
}

/// A name as it stands in SQL, shortened where it is final and too long.
pub fn sql(name: &Name) -> Known<String> {
    let length = name.text.chars().count();
    if length <= LONGEST {
        return Ok(name.sql());
    }
    if !name.fixed {
        return Err(raise(
            "IdentifierError",
            format!(
                "Identifier '{}' exceeds maximum length of {LONGEST} characters",
                name.text
            ),
        ));
    }
    let digest = Md5::digest(name.text.as_bytes());
    let start: String = name.text.chars().take(LONGEST - 8).collect();
    let [.., a, b]: [u8; 16] = digest.into();
    Ok(Name {
        text: format!("{start}_{a:02x}{b:02x}").into(),
        ..name.clone()
    }
    .sql())
}

fn filled(settings: &Settings, template: &str, given: Option<&Name>, parts: &Parts) -> Known<Name> {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('%') {
        text.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix('%') {
            text.push('%');
            rest = after;
            continue;
        }
        let token = rest
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(")s"));
        let Some((token, after)) = token else {
            return Err(unknown(format!(
                "the naming convention {template:?} is not known to Cofferdam"
            )));
        };
        text.push_str(&value(settings, template, token, given, parts)?);
        rest = after;
    }
    text.push_str(rest);
    Ok(Name::fixed(text))
}

fn value(
    settings: &Settings,
    template: &str,
    token: &str,
    given: Option<&Name>,
    parts: &Parts,
) -> Known<String> {
    match token {
        "table_name" => return Ok(parts.table.clone()),
        "referred_table_name" => return Ok(parts.referred_table.clone()),
        "constraint_name" => {
            return given.map(|name| name.text.to_string()).ok_or_else(|| {
                raise(
                    "InvalidRequestError",
                    "Naming convention including %(constraint_name)s token requires that constraint is explicitly named.",
                )
            });
        }
        _ => {}
    }
    let not_known = || {
        let what = match settings.naming_convention.contains_key(token) {
            true => "is a function",
            false => "is not known to Cofferdam",
        };
        unknown(format!(
            "%({token})s in the naming convention {template:?} {what}"
        ))
    };
    let (before, after) = token.split_once("column_").ok_or_else(not_known)?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    let index: usize = digits.parse().map_err(|_| not_known())?;
    let after = after.get(digits.len()..).unwrap_or_default();
    let (every, separator, attribute) = if let Some(attribute) = after.strip_prefix("_N_") {
        (true, "_", attribute)
    } else if let Some(attribute) = after.strip_prefix("N_") {
        (true, "", attribute)
    } else {
        (false, "", after.strip_prefix('_').ok_or_else(not_known)?)
    };
    let one = |index: usize| -> Known<String> {
        Ok(match (before, attribute) {
            ("", "name") => parts.columns.get(index).map(|(name, _)| name.clone()),
            ("", "key") => parts.columns.get(index).map(|(_, key)| key.clone()),
            ("", "label") => parts.columns.get(index).map(|(name, _)| label(parts, name)),
            ("referred_", "name") => parts.referred_columns.get(index).cloned(),
            _ => return Err(not_known()),
        }
        .unwrap_or_default())
    };
    if !every {
        return one(index);
    }
    let count = match before {
        "referred_" => parts.referred_columns.len(),
        _ => parts.columns.len(),
    };
    let all: Vec<String> = (0..count).map(one).collect::<Known<_>>()?;
    Ok(all.join(separator))
}

/// `schema_table_column`, with a number where a column has that name (`ColumnClause._ddl_label`).
fn label(parts: &Parts, column: &str) -> String {
    let label = match &parts.schema {
        Some(schema) => format!("{}_{}_{column}", schema.replace('.', "_"), parts.table),
        None => format!("{}_{column}", parts.table),
    };
    let mut numbered = label.clone();
    let mut number = 1;
    while parts.siblings.contains(&numbered) {
        numbered = format!("{label}_{number}");
        number += 1;
    }
    numbered
}
