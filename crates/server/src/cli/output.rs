//! stdout for results, stderr for the rest; a closed pipe never panics.

use anyhow::Result;
use std::io::{ErrorKind, Write};

/// Prints a result, with a line end where it has none. An empty one prints nothing.
pub fn print(text: impl AsRef<str>) -> Result<()> {
    let text = text.as_ref();
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.is_empty() && !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}

/// Prints a value as JSON.
pub fn print_json(value: &impl serde::Serialize) -> Result<()> {
    print(serde_json::to_string_pretty(value)?)
}

/// Tells the person something, a line of its own on stderr. When nobody listens, nothing is lost.
pub fn say(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stderr().lock(), "{}", text.as_ref());
}

/// Whether a result could not be printed because its reader left.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == ErrorKind::BrokenPipe)
}
