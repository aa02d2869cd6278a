//! Keeps a panic of a decoder to the file that caused it. Any thread.

use crate::corpus::DecodeError;
use crate::sync::{self, panic_message};

/// Runs `read`; a panic of a decoder becomes an error of this one file.
pub(in crate::corpus) fn guarded<T>(read: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    sync::guarded(read).unwrap_or_else(|payload| Err(DecodeError::Panic(panic_message(payload.as_ref()))))
}
