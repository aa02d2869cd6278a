//! Keeps a panic of a decoder to the file that caused it. Any thread.

use crate::corpus::DecodeError;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `read`; a panic of a decoder becomes an error of this one file.
pub(in crate::corpus) fn guarded<T>(read: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|payload| {
        let message = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned());
        Err(DecodeError::Panic(message.unwrap_or_else(|| "no message".into())))
    })
}
