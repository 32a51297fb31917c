//! Says what is being done while it is done, and how long it took.
//!
//! All of it goes to standard error: standard output belongs to the programs that are started.

use std::time::{Duration, Instant};

use anyhow::Result;

struct Done {
    name: String,
    took: Duration,
    ok: bool,
}

pub struct Steps {
    started: Instant,
    done: Vec<Done>,
}

/// Tells that something that takes a while begins.
pub fn say(text: impl AsRef<str>) {
    eprintln!("· {}", text.as_ref());
}

impl Steps {
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
            done: Vec::new(),
        }
    }

    /// Does one step. What it gives back beside its value is the note on its line.
    pub fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<(T, String)>) -> Result<T> {
        let started = Instant::now();
        let result = work();
        let took = started.elapsed();
        self.done.push(Done {
            name: name.to_string(),
            took,
            ok: result.is_ok(),
        });
        match result {
            Ok((value, note)) => {
                eprintln!("✓ {name}: {note} ({})", seconds(took));
                Ok(value)
            }
            Err(error) => {
                eprintln!("✗ {name} ({})", seconds(took));
                Err(error)
            }
        }
    }

    /// One line for each step that has been done, and the whole.
    pub fn table(&self) -> String {
        let width = self.done.iter().map(|done| done.name.chars().count());
        let width = width.max().unwrap_or(0).max("total".len());
        let mut text = String::new();
        for Done { name, took, ok } in &self.done {
            let mark = if *ok { '✓' } else { '✗' };
            text += &format!("{mark} {name:<width$} {:>9}\n", seconds(*took));
        }
        text += &format!(
            "  {:<width$} {:>9}\n",
            "total",
            seconds(self.started.elapsed())
        );
        text
    }
}

pub fn seconds(duration: Duration) -> String {
    let tenths = duration.as_millis() / 100;
    if tenths < 600 {
        format!("{}.{} s", tenths / 10, tenths % 10)
    } else {
        let whole = duration.as_secs();
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short_to_read() {
        assert_eq!(seconds(Duration::from_millis(40)), "0.0 s");
        assert_eq!(seconds(Duration::from_millis(4_250)), "4.2 s");
        assert_eq!(seconds(Duration::from_millis(59_999)), "59.9 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }

    #[test]
    fn the_table_has_every_step_and_the_total() {
        let mut steps = Steps::new();
        steps.step("one", || Ok(((), "done".into()))).unwrap();
        let failed: Result<()> = steps.step("two", || anyhow::bail!("no"));
        assert!(failed.is_err());
        let table = steps.table();
        let marks: Vec<_> = table.lines().map(|line| line.chars().next()).collect();
        assert_eq!(marks, [Some('✓'), Some('✗'), Some(' ')]);
        assert!(table.contains("total"));
    }
}
