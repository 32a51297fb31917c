//! stdout for results, stderr for the rest; a closed pipe never panics.
//!
//! As with Alembic, `--quiet` leaves only errors, SQL and JSON.

use anyhow::Result;
use std::io::{BufWriter, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

static QUIET: AtomicBool = AtomicBool::new(false);

/// From now on only errors, SQL and JSON are printed.
pub fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

pub fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Prints a result for people, with a line end where it has none. An empty one prints nothing.
pub fn print(text: impl AsRef<str>) -> Result<()> {
    if is_quiet() {
        return Ok(());
    }
    print_always(text)
}

/// Prints results for people, each with a line end.
pub fn print_lines(lines: impl IntoIterator<Item = String>) -> Result<()> {
    let mut text = String::new();
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
    print(text)
}

/// Prints what a program reads.
pub fn print_always(text: impl AsRef<str>) -> Result<()> {
    let text = text.as_ref();
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.is_empty() && !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}

/// Prints what a program reads as it is made: the findings of a large history are many megabytes.
pub fn print_as_made(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<()> {
    let mut out = BufWriter::with_capacity(64 * 1024, std::io::stdout().lock());
    write(&mut out)?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(())
}

/// Prints a value as JSON.
pub fn print_json(value: &impl serde::Serialize) -> Result<()> {
    print_as_made(|out| Ok(serde_json::to_writer_pretty(out, value)?))
}

/// Tells the person something, a line of its own on stderr. When nobody listens, nothing is lost.
pub fn say(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stderr().lock(), "{}", text.as_ref());
}

/// Tells the person something that is no error.
pub fn note(text: impl AsRef<str>) {
    if !is_quiet() {
        say(text);
    }
}

/// Whether a result could not be printed because its reader left.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == ErrorKind::BrokenPipe)
}
