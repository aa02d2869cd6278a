//! What the command line says: results on standard output, everything else on standard error.
//!
//! A reader that has gone (`| head`, a terminal that was closed) is no fault, so nothing here panics as `println!` does. Names of
//! files may hold anything: no control character of theirs reaches a terminal.

use anyhow::Context;
use serde::Serialize;
use std::fmt::{Display, Write as _};
use std::io::{ErrorKind, Write};

/// Nobody reads standard output any more: whatever was only to be said there is done.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads the output any more")]
pub struct Unread;

/// Writes `text` and the end of a line to standard output.
///
/// # Errors
/// [`Unread`] once the reader has gone; another where the output leads to a file that cannot be written.
pub fn print(text: impl Display) -> anyhow::Result<()> {
    write_out(&harmless(&text.to_string()))
}

/// Writes `value` as JSON, which escapes by itself, to standard output.
///
/// # Errors
/// As [`print()`].
pub fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    write_out(&serde_json::to_string_pretty(value)?)
}

/// Writes `text` and the end of a line to standard error; there is nobody to tell where that fails.
pub fn tell(text: impl Display) {
    let _ = writeln!(std::io::stderr(), "{}", harmless(&text.to_string()));
}

fn write_out(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Unread.into()),
        written => written.context("the output cannot be written"),
    }
}

/// `text` with every control character but the ends of lines escaped, as paths are shown.
fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for symbol in text.chars() {
        if symbol.is_control() && symbol != '\n' {
            let _ = write!(shown, "\\x{:02X}", u32::from(symbol));
        } else {
            shown.push(symbol);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_moves_a_cursor_reaches_the_terminal() {
        assert_eq!(
            harmless("a\u{1b}[31m\u{9b}2J\r\u{7}b\nc é"),
            "a\\x1B[31m\\x9B2J\\x0D\\x07b\nc é"
        );
    }
}
