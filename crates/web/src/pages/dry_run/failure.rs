//! Why a run ended early: what the database said, and the very statement.

use super::link::revision_link;
use crate::dry_run::record::{At, Ending, Proof, Subject};
use crate::pages::trouble::means;
use cofferdam_engine::run::DbError;
use leptos::prelude::*;
use std::sync::Arc;

/// The card of a failure; nothing where the run is under way or went through.
#[component]
pub fn Failure(proof: Arc<Proof>) -> impl IntoView {
    let ending = proof.ending.clone();
    move || {
        match ending.get()? {
        Ending::Done => None,
        Ending::Failed { at, statement, what, error } => Some(refused(&proof, at, statement, &what, *error).into_any()),
        Ending::Engine { at, message } => {
            let here = at.and_then(|at| proof.entry(at)).map(|entry| entry.subject.words().to_owned());
            Some(engine(here, message).into_any())
        }
        Ending::NotStarted(message) => Some(not_started(message).into_any()),
        Ending::Refused(message) => Some(
            view! {
                <section class="card dr-failure">
                    <h2>"Refused"</h2>
                    <p>{message}</p>
                </section>
            }
            .into_any(),
        ),
        Ending::Cancelled => Some(
            view! {
                <p class="dr-stale">
                    "The database in this tab was thrown away in the middle, which is safe: nothing else knew of it. What had run until then is shown."
                </p>
            }
            .into_any(),
        ),
    }
    }
}

fn engine(here: Option<String>, message: String) -> impl IntoView {
    view! {
        <section class="card dr-failure">
            <h2>"PostgreSQL in this tab stopped working"</h2>
            <p>{here.map(|here| format!("It happened in “{here}”: "))} {message} "."</p>
            <p>
                "This says nothing of the SQL on a server: the PostgreSQL of a browser tab has less memory and a smaller stack. "
                "A fresh one has been started; run again, or take a shorter range to find the statement."
            </p>
        </section>
    }
}

fn not_started(message: String) -> impl IntoView {
    view! {
        <section class="card dr-failure">
            <h2>"PostgreSQL did not start in this tab"</h2>
            <p>{message}</p>
            <p>
                "Dry runs need its files (16 MB, loaded once and then kept) and about 230 MB of memory. "
                "Without a connection, open this page once while there is one; otherwise close other tabs and run again."
            </p>
        </section>
    }
}

fn refused(
    proof: &Proof,
    at: At,
    statement: Option<usize>,
    what: &str,
    error: DbError,
) -> impl IntoView + use<> {
    let entry = proof.entry(at);
    let found = entry
        .zip(statement)
        .and_then(|(entry, index)| entry.work.read().statements.get(index).cloned());
    let subject = entry.map(|entry| entry.subject.clone());
    let place = found
        .as_ref()
        .and_then(|one| one.line)
        .map(|line| format!(", line {line}"));
    let means = means(&error);
    let rest = [
        ("Detail", error.detail),
        ("Hint", error.hint),
        ("Context", error.context),
    ];
    let rest: Vec<_> = rest
        .into_iter()
        .filter_map(|(name, text)| Some((name, text?)))
        .collect();
    let rest = (!rest.is_empty()).then(|| {
        let rest = rest
            .into_iter()
            .map(|(name, text)| view! { <dt>{name}</dt> <dd>{text}</dd> });
        view! { <dl>{rest.collect_view()}</dl> }
    });
    let rolled_back = match &subject {
        Some(Subject::Revision { .. }) => "The transaction was rolled back.",
        _ => "",
    };
    let not_loaded = (error.code == "0A000" && error.message.ends_with("is not available")).then(|| {
        view! {
            <p>
                "PostgreSQL in this tab starts with the extensions that a CREATE EXTENSION statement of these files names. "
                "One that is only created inside a DO block or a function is not among them; this says nothing of a server."
            </p>
        }
    });
    view! {
        <section class="card dr-failure">
            <h2>
                {error.message}
                {(!error.code.is_empty()).then(|| view! { <span class="badge des mono" title="SQLSTATE">{error.code}</span> })}
            </h2>
            <p>
                {found.is_none().then(|| format!("PostgreSQL could not {what}. "))}
                {subject.map(|subject| revision_link(&subject))} {place} ". " {rolled_back}
            </p>
            {not_loaded}
            {found.map(|one| statement_text(&one.sql, error.position))}
            {rest}
            {means}
        </section>
    }
}

/// The statement with the place underlined; its first line where PostgreSQL names none.
fn statement_text(sql: &str, position: Option<u32>) -> impl IntoView + use<> {
    let (before, marked, after) = split_at(sql, position);
    view! {
        <pre class="dr-statement mono" tabindex="0">
            {before.to_owned()}<mark>{marked.to_owned()}</mark>{after.to_owned()}
        </pre>
    }
}

/// Cuts `sql` around the word at `position`, which counts code points from 1.
fn split_at(sql: &str, position: Option<u32>) -> (&str, &str, &str) {
    let start = position
        .and_then(|position| usize::try_from(position).ok()?.checked_sub(1))
        .and_then(|skip| sql.char_indices().nth(skip))
        .map(|(start, _)| start);
    let Some(start) = start else {
        let (first, rest) = sql.split_at(sql.find('\n').unwrap_or(sql.len()));
        return ("", first, rest);
    };
    let rest = &sql[start..];
    let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    let end = match word {
        Some(0) => rest.chars().next().map_or(0, char::len_utf8),
        Some(end) => end,
        None => rest.len(),
    };
    (&sql[..start], &rest[..end], &rest[end..])
}

#[cfg(test)]
mod tests {
    use super::split_at;

    #[test]
    fn positions_count_code_points() {
        assert_eq!(
            split_at("SELECT '☌é', nope;", Some(14)),
            ("SELECT '☌é', ", "nope", ";")
        );
        assert_eq!(split_at("SELECT (1;", Some(8)), ("SELECT ", "(", "1;"));
    }

    #[test]
    fn without_a_position_the_first_line_is_marked() {
        assert_eq!(split_at("DROP TABLE x;", None), ("", "DROP TABLE x;", ""));
        assert_eq!(
            split_at("DROP TABLE\n x;", None),
            ("", "DROP TABLE", "\n x;")
        );
        assert_eq!(split_at("SELECT", Some(99)), ("", "SELECT", ""));
    }
}
