//! Runs `cargo test` and counts what it ran: a green run of no test is no green run.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::shown;
use crate::steps::say;

/// Passes the tests' output on, and adds up their closing lines.
pub fn run_counting(test: &mut Command) -> Result<Counts> {
    say(shown(test));
    let mut child = test
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", shown(test)))?;
    let mut counts = Counts::default();
    let mut output = BufReader::new(child.stdout.take().context("no output")?);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        counts.add(&String::from_utf8_lossy(&line));
        std::io::stdout().write_all(&line)?;
        std::io::stdout().flush()?;
        line.clear();
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{}` failed: {status}; {counts}", shown(test));
    }
    Ok(counts)
}

#[derive(Debug, Default, PartialEq)]
pub struct Counts {
    pub passed: usize,
    failed: usize,
    ignored: usize,
}

impl Counts {
    /// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; …`.
    fn add(&mut self, line: &str) {
        let Some(rest) = line.strip_prefix("test result: ") else {
            return;
        };
        let words: Vec<&str> = rest.split_whitespace().collect();
        for pair in words.windows(2) {
            let Ok(number) = pair[0].parse::<usize>() else {
                continue;
            };
            match pair[1].trim_end_matches(';') {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 {
            write!(out, ", {} skipped", self.ignored)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_added_up() {
        let mut counts = Counts::default();
        counts.add("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n");
        counts.add("test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 9 filtered out; finished in 1.20s");
        counts.add("test something ... ok");
        assert_eq!(
            counts,
            Counts {
                passed: 5,
                failed: 1,
                ignored: 1
            }
        );
        assert_eq!(counts.to_string(), "5 passed, 1 failed, 1 skipped");
        assert_eq!(
            Counts {
                passed: 7,
                ..Counts::default()
            }
            .to_string(),
            "7 passed, 0 failed"
        );
    }
}
