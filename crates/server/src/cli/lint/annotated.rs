//! For people: the source with what is said of it beneath.

use super::input::Input;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use cofferdam_engine::finding::Severity;
use cofferdam_engine::lint::Found;
use std::fmt::Write;
use std::io::IsTerminal;

/// Longest part of a file that is shown, in lines.
const LINES: usize = 6;

pub(super) fn text(input: &Input, found: &[&Found]) -> String {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let renderer = match colour {
        true => Renderer::styled(),
        false => Renderer::plain(),
    };
    let mut out = String::new();
    for one in found {
        let level = match one.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let title = level.primary_title(one.message.as_str()).id(one.code);
        let source = input.text(&one.path).unwrap_or_default();
        let (first, lines, span) = excerpt(source, one);
        let snippet = Snippet::source(lines)
            .path(one.path.as_str())
            .line_start(first)
            .annotation(AnnotationKind::Primary.span(span));
        let mut group = title.element(snippet);
        if let Some(lock) = one.lock {
            group = group.element(Level::NOTE.with_name("lock").message(lock.as_str()));
        }
        if let Some(fix) = &one.fix {
            let words = format!("--fix: {}", fix.title);
            group = group.element(Level::HELP.message(words));
        } else if let Some(rule) = one.rule().filter(|rule| rule.is_example()) {
            let words = format!("the safe way, such as\n{}", rule.instead);
            group = group.element(Level::HELP.message(words));
        }
        if let Some(reason) = &one.allowed {
            group = group.element(Level::NOTE.message(format!("allowed: {reason}")));
        }
        let _ = writeln!(out, "{}\n", renderer.render(&[group]));
    }
    out.truncate(out.trim_end().len());
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// The first line's number, the lines that are shown, and the bytes of them that are meant.
fn excerpt<'a>(source: &'a str, found: &Found) -> (usize, &'a str, std::ops::Range<usize>) {
    let starts: Vec<usize> = std::iter::once(0)
        .chain(source.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let line = |number: u32| {
        let index = (number.saturating_sub(1) as usize).min(starts.len() - 1);
        (index, starts[index])
    };
    let (first, begin) = line(found.line);
    let last = line(found.end_line).0.min(first + LINES - 1).max(first);
    let end = starts.get(last + 1).map_or(source.len(), |next| next - 1);
    let shown = &source[begin..end];
    let byte = |line_start: usize, column: u32| {
        let rest = &source[line_start..];
        let skipped = rest.char_indices().nth(column.saturating_sub(1) as usize);
        line_start + skipped.map_or(rest.len(), |(at, _)| at)
    };
    let start = byte(begin, found.column).min(end) - begin;
    let stop = match line(found.end_line).0 == last {
        true => byte(starts[last], found.end_column).min(end) - begin,
        false => shown.len(),
    };
    (first + 1, shown, start..stop.max(start))
}
