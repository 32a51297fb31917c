//! For programs: JSON, SARIF 2.1.0, GitHub's workflow commands, JUnit's XML.

use cofferdam_engine::finding::Severity;
use cofferdam_engine::lint::Found;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io;

fn severity(found: &Found) -> &'static str {
    match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A finding of Cofferdam's own JSON.
#[derive(Serialize)]
struct JsonFinding<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    lock: Option<&'a str>,
    fixable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed: Option<&'a str>,
}

/// Cofferdam's own, each finding a line.
pub(super) fn json(found: &[&Found], out: &mut dyn io::Write) -> io::Result<()> {
    write!(out, r#"{{"format":1,"findings":["#)?;
    for (index, found) in found.iter().enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        let finding = JsonFinding {
            code: found.code,
            severity: severity(found),
            message: &found.message,
            file: &found.path,
            line: found.line,
            column: found.column,
            end_line: found.end_line,
            end_column: found.end_column,
            lock: found.lock.map(|lock| lock.as_str()),
            fixable: found.fix.is_some(),
            allowed: found.allowed.as_deref(),
        };
        serde_json::to_writer(&mut *out, &finding)?;
    }
    write!(out, "\n]}}")
}

/// The Static Analysis Results Interchange Format, version 2.1.0 (OASIS).
pub(super) fn sarif(found: &[&Found]) -> Value {
    let codes: BTreeSet<&str> = found.iter().map(|one| one.code).collect();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| match cofferdam_engine::hazard::Rule::by_code(code) {
            Some(rule) => json!({
                "id": code,
                "shortDescription": {"text": rule.title},
                "fullDescription": {"text": rule.happens},
                "helpUri": rule.manual_url(),
            }),
            None => json!({"id": code}),
        })
        .collect();
    let results: Vec<Value> = found
        .iter()
        .map(|one| {
            let mut result = json!({
                "ruleId": one.code,
                "level": severity(one),
                "message": {"text": one.message},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": one.path.replace('\\', "/")},
                    "region": {
                        "startLine": one.line,
                        "startColumn": one.column,
                        "endLine": one.end_line,
                        "endColumn": one.end_column,
                    },
                }}],
            });
            if let Some(reason) = &one.allowed {
                result["suppressions"] = json!([{"kind": "inSource", "justification": reason}]);
            }
            result
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "cofferdam",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// Workflow commands that GitHub shows in a pull request.
pub(super) fn github(found: &[&Found]) -> Vec<String> {
    let property = |text: &str| {
        text.replace('%', "%25")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
            .replace(':', "%3A")
            .replace(',', "%2C")
    };
    let data = |text: &str| {
        text.replace('%', "%25")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    let one = |found: &&Found| {
        let command = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        format!(
            "::{command} file={},line={},col={},endLine={},endColumn={},title={}::{}",
            property(&found.path),
            found.line,
            found.column,
            found.end_line,
            found.end_column,
            property(found.code),
            data(&found.message)
        )
    };
    found.iter().map(one).collect()
}

/// One test suite a file; a finding above a note is a failure.
pub(super) fn junit(found: &[&Found]) -> String {
    let mut files: BTreeMap<&str, Vec<&Found>> = BTreeMap::new();
    for one in found {
        files.entry(&one.path).or_default().push(one);
    }
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cofferdam lint\">\n",
    );
    for (path, found) in files {
        let failures = found.iter().filter(|one| one.is_serious()).count();
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\">",
            escaped(path),
            found.len()
        );
        for one in found {
            let _ = writeln!(
                xml,
                "    <testcase classname=\"{}\" name=\"{} at {}:{}\">",
                escaped(path),
                escaped(one.code),
                one.line,
                one.column
            );
            let message = escaped(&one.message);
            let _ = match one.is_serious() {
                true => writeln!(
                    xml,
                    "      <failure type=\"{}\" message=\"{message}\"/>",
                    severity(one)
                ),
                false => writeln!(xml, "      <system-out>{message}</system-out>"),
            };
            xml.push_str("    </testcase>\n");
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

/// Text for XML: its signs, and no control characters, which XML 1.0 cannot hold.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
