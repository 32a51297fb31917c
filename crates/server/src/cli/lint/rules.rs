//! `--rules`: what is looked for.

use super::Format;
use crate::cli::output;
use anyhow::Result;
use cofferdam_engine::finding::Severity;
use cofferdam_engine::hazard::{RULES, Rule, UNION};
use std::collections::BTreeSet;
use std::process::ExitCode;

pub(super) fn run(format: Format) -> Result<ExitCode> {
    if format == Format::Json {
        let rules: Vec<serde_json::Value> = RULES.iter().map(|rule| json(rule)).collect();
        output::print_json(&serde_json::json!({"format": 1, "rules": rules}))?;
        return Ok(ExitCode::SUCCESS);
    }
    let wide = RULES.iter().map(|rule| rule.code.len()).max().unwrap_or(0);
    let mut lines: Vec<String> = RULES
        .iter()
        .map(|rule| {
            let marks = match (rule.is_default, rule.has_fix()) {
                (true, true) => " (fix)",
                (true, false) => "",
                (false, true) => " (off, fix)",
                (false, false) => " (off)",
            };
            format!(
                "{:wide$}  {:7}  {}{marks}",
                rule.code,
                severity(rule),
                rule.title
            )
        })
        .collect();
    let rows: BTreeSet<u8> = RULES.iter().flat_map(|rule| rule.rows).copied().collect();
    lines.push(format!(
        "{} rules, {} of them on by default, {} with a fix; they cover {} of the {UNION} hazards that other tools know",
        RULES.len(),
        RULES.iter().filter(|rule| rule.is_default).count(),
        RULES.iter().filter(|rule| rule.has_fix()).count(),
        rows.len()
    ));
    output::print_lines(lines)?;
    Ok(ExitCode::SUCCESS)
}

fn severity(rule: &Rule) -> &'static str {
    match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn json(rule: &Rule) -> serde_json::Value {
    serde_json::json!({
        "code": rule.code,
        "severity": severity(rule),
        "default": rule.is_default,
        "fixable": rule.has_fix(),
        "title": rule.title,
        "happens": rule.happens,
        "waits": rule.waits,
        "applies": rule.applies,
        "instead": rule.instead,
        "manual": rule.manual_url(),
    })
}
