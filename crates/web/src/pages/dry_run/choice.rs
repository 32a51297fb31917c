//! The states that a range may start from or end at.

use crate::dry_run::range::{Place, Project};

/// Most lines that a list shows at once.
pub const SHOWN: usize = 60;

/// One line of a picker's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub place: Place,
    /// `staging, 328917e7`.
    pub name: String,
    /// The revision's message.
    pub detail: String,
    /// Lower case: what is searched.
    words: String,
}

impl Choice {
    fn new(place: Place, name: String, detail: String) -> Self {
        let words = format!("{} {name} {detail}", place.address()).to_lowercase();
        Choice {
            place,
            name,
            detail,
            words,
        }
    }
}

/// Everything that can be picked: environments, `heads`, `base`, then the revisions, newest first.
pub fn choices(project: &Project) -> Vec<Choice> {
    let history = &project.history;
    let environments = project.environments.iter().map(|(name, rows)| {
        let ids: Vec<&str> = rows.iter().map(|id| id.short()).collect();
        let message = match rows.as_slice() {
            [row] => history
                .get(row)
                .map_or("", |script| script.revision.message.as_str()),
            [] => "nothing applied yet",
            _ => "several revisions",
        };
        let at = if ids.is_empty() {
            "base".to_owned()
        } else {
            ids.join(" + ")
        };
        Choice::new(
            Place::Environment(name.clone()),
            format!("{name}, {at}"),
            message.to_owned(),
        )
    });
    let heads = history.heads();
    let newest = match heads.as_slice() {
        [head] => history
            .get(head)
            .map_or_else(String::new, |script| script.revision.message.clone()),
        several => format!("all {} heads", several.len()),
    };
    let fixed = [("heads", newest), ("base", "an empty database".to_owned())]
        .map(|(name, detail)| Choice::new(Place::Target(name.into()), name.into(), detail));
    let revisions = history.scripts().rev().map(|script| {
        let id = &script.revision.id;
        let draft = if project.drafted.contains(id) {
            "draft: "
        } else {
            ""
        };
        let detail = format!("{draft}{}", script.revision.message);
        Choice::new(Place::Target(id.to_string()), id.to_string(), detail)
    });
    environments.chain(fixed).chain(revisions).collect()
}

/// Those of `choices` that hold every word of `typed`.
pub fn matching(choices: &[Choice], typed: &str) -> Vec<Choice> {
    let typed = typed.to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let found = choices
        .iter()
        .filter(|choice| words.iter().all(|word| choice.words.contains(word)));
    found.take(SHOWN).cloned().collect()
}

/// The line for `place`; one of its own for a partial id or a label.
pub fn named(choices: &[Choice], place: &Place) -> Choice {
    let listed = choices.iter().find(|choice| &choice.place == place);
    listed
        .cloned()
        .unwrap_or_else(|| Choice::new(place.clone(), place.words().to_owned(), String::new()))
}
