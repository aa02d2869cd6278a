//! Panics that are expected: of a decoder that meets a broken file, of a driver that is tried out.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Runs `work`, whose panic is an outcome like any other and no fault of the program: nobody is told about it but the caller.
///
/// # Errors
/// What `work` panicked with.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Box<dyn Any + Send>> {
    DEPTH.set(DEPTH.get() + 1);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    DEPTH.set(DEPTH.get() - 1);
    outcome
}

/// Whether a panic of this thread would be an expected one now.
pub fn is_guarded() -> bool {
    DEPTH.get() > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::panic_message;

    #[test]
    fn only_what_runs_inside_is_guarded() {
        assert!(!is_guarded());
        let failed = guarded(|| {
            assert_eq!(guarded(is_guarded).ok(), Some(true));
            assert!(is_guarded(), "the outer one still holds");
            panic!("as expected");
        });
        assert_eq!(panic_message(failed.unwrap_err().as_ref()), "as expected");
        assert!(!is_guarded());
    }
}
