//! `cargo xtask size`: what each library adds to the wasm programs.
//!
//! It reads the programs as the linker makes them, where functions still have names; wasm-opt then takes some bytes of each. A
//! function that was inlined counts for the library that calls it, and one of Rust's own library that is made for a type of
//! another library counts for that.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result};
use wasmparser::{KnownCustom, Name, Parser, Payload};

use crate::UsageError;
use crate::steps::Steps;
use crate::web;
use crate::workspace::Workspace;

/// Libraries that are fewer bytes are one line together.
const SHOWN: u64 = 40_000;

/// Rust's own.
const OWN: [&str; 4] = ["core", "alloc", "std", "compiler_builtins"];

pub fn main(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    if let Some(one) = arguments.first() {
        return Err(UsageError(format!("`size` takes no argument `{one}`")).into());
    }
    web::build(workspace, &mut Steps::new())?;
    let folder = workspace
        .target()
        .join("wasm/wasm32-unknown-unknown/wasm-release");
    for program in ["web", "python"] {
        let path = folder.join(program).with_extension("wasm");
        print!("\n{}", table(&path)?);
    }
    Ok(())
}

/// The libraries of the program, the largest first, as a table.
fn table(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let (libraries, data) = measure(&bytes)?;
    let all: u64 = libraries.values().sum();
    let mut largest: Vec<_> = libraries.into_iter().collect();
    largest.sort_by_key(|(name, bytes)| (std::cmp::Reverse(*bytes), name.clone()));
    let (shown, rest): (Vec<_>, Vec<_>) =
        largest.into_iter().partition(|(_, bytes)| *bytes >= SHOWN);
    let share = |bytes: u64| bytes as f64 * 100.0 / all as f64;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut text = format!("| {name} | bytes of code | % |\n|---|---:|---:|\n");
    for (library, bytes) in shown {
        text += &format!("| {library} | {bytes} | {:.1} |\n", share(bytes));
    }
    let bytes = rest.iter().map(|(_, bytes)| bytes).sum();
    text += &format!(
        "| {} others | {bytes} | {:.1} |\n",
        rest.len(),
        share(bytes)
    );
    text += &format!("| all | {all} | |\n| data | {data} | |\n");
    Ok(text)
}

/// The bytes of code of each library, and the bytes of data.
fn measure(program: &[u8]) -> Result<(BTreeMap<String, u64>, u64)> {
    let mut bodies = Vec::new();
    let mut imported = 0_u32;
    let mut names = BTreeMap::new();
    let mut data = 0;
    for payload in Parser::new(0).parse_all(program) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let is_function = matches!(import?.ty, wasmparser::TypeRef::Func(_));
                    imported += u32::from(is_function);
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(length(body.range())),
            Payload::DataSection(section) => data = length(section.range()),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(parts) = section.as_known() else {
                    continue;
                };
                for part in parts {
                    let Name::Function(functions) = part? else {
                        continue;
                    };
                    for function in functions {
                        let function = function?;
                        names.insert(function.index, library(function.name));
                    }
                }
            }
            _ => {}
        }
    }
    let mut libraries = BTreeMap::new();
    for (index, bytes) in (imported..).zip(bodies) {
        let library = names.get(&index).cloned();
        *libraries
            .entry(library.unwrap_or_else(|| "(no name)".into()))
            .or_insert(0) += bytes;
    }
    Ok((libraries, data))
}

fn length(range: Range<u64>) -> u64 {
    range.end - range.start
}

/// The library of a function, by its mangled name.
fn library(mangled: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(mangled));
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    // The word before the first `::` of each path.
    let mut found = name
        .split(|c: char| !is_part(c) && c != ':')
        .filter_map(|path| path.split_once("::"))
        .map(|(first, _)| first)
        .filter(|first| first.starts_with(|c: char| c.is_ascii_lowercase()));
    let first = found.clone().next();
    let other = found.find(|name| !OWN.contains(name));
    match (first, other) {
        (_, Some(other)) => other.to_owned(),
        (Some(_), None) => "Rust's own library".to_owned(),
        (None, None) => "(no path)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::library;

    #[test]
    fn a_function_belongs_to_the_library_whose_type_it_is_made_for() {
        for (mangled, expected) in [
            (
                "_ZN13squawk_parser7grammar4stmt17h6370ea6538917b9cE",
                "squawk_parser",
            ),
            (
                "_ZN4core3fmt5write17h6370ea6538917b9cE",
                "Rust's own library",
            ),
            (
                "_ZN4core3ptr59drop_in_place$LT$cofferdam_engine..hazard..judge..Judge$GT$17h6370ea6538917b9cE",
                "cofferdam_engine",
            ),
            (
                "_ZN64_$LT$rowan..cursor..Preorder$u20$as$u20$core..iter..Iterator$GT$4next17h6370ea6538917b9cE",
                "rowan",
            ),
            ("memcpy", "(no path)"),
        ] {
            assert_eq!(library(mangled), expected, "{mangled}");
        }
    }
}
