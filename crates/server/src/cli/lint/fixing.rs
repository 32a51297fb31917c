//! `--fix`: one hazard at a time; all is judged anew after each.

use super::input::Input;
use anyhow::{Context as _, Result};
use cofferdam_engine::hazard;
use cofferdam_engine::lint::Found;
use std::collections::BTreeMap;

/// More than so many fixes of one file come from a fix that does not take its hazard away.
const MOST: usize = 1000;

/// Writes every fix into its file. Returns how many there were.
pub(super) fn fix(input: &mut Input) -> Result<usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    loop {
        let mut found = input.judge();
        found.retain(|found| {
            found.allowed.is_none()
                && found.fix.is_some()
                && counts.get(&found.path).is_none_or(|count| *count < MOST)
        });
        // The worst first: its fix often takes the lesser ones away. Of several, the first in the text.
        found.sort_by_key(|found| std::cmp::Reverse(found.severity));
        let next = found.into_iter().next();
        let Some(Found {
            path,
            fix: Some(fix),
            ..
        }) = next
        else {
            break;
        };
        *counts.entry(path.clone()).or_default() += 1;
        for unit in input.units_mut() {
            if unit.path == path {
                let text = hazard::apply(&unit.text, 0, &fix);
                unit.rewrite(text);
            }
        }
    }
    for unit in input.units_mut() {
        if counts.contains_key(&unit.path) {
            std::fs::write(&unit.place, &unit.text)
                .with_context(|| format!("cannot write {}", unit.path))?;
        }
    }
    Ok(counts.values().sum())
}
