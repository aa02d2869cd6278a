//! What a library says of a file, in words for a person; its own words go to the log. Any thread.

use std::io::ErrorKind;
use symphonia::core::errors::Error;

/// A clause that says why `error` ended the reading of a file or of a part of it.
pub(super) fn in_words(error: &Error) -> &'static str {
    log::debug!("a reader of music gave up: {error}");
    match error {
        Error::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => "it ends too early",
        Error::IoError(_) => "the disk did not give it",
        Error::Unsupported(_) => "nothing in it looks like a kind of audio that is read here",
        Error::LimitError(_) => "it claims sizes that no music has",
        _ => "a part of it makes no sense",
    }
}
