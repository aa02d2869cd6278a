//! Not real-time: what ALSA's C library would write to standard error by itself, about every plug-in and card that is not there.
//!
//! It goes to the log under the name `alsa` instead, for those who ask: `RUST_LOG=alsa=debug`. ALSA keeps its handler a thread, so
//! whoever calls it wraps the call; what the thread of an open stream says goes to standard error as before.

/// What `work` returns, its complaints logged.
#[cfg(target_os = "linux")]
pub fn with_alsa_logged<T>(work: impl FnOnce() -> T) -> T {
    let messages = alsa::Output::local_error_handler();
    let outcome = work();
    match messages {
        Ok(messages) => {
            for line in messages.borrow().to_string().lines() {
                log::debug!(target: "alsa", "{line}");
            }
        }
        Err(error) => log::debug!(target: "alsa", "its messages cannot be gathered: {error}"),
    }
    outcome
}

/// What `work` returns: there is no ALSA here.
#[cfg(not(target_os = "linux"))]
pub fn with_alsa_logged<T>(work: impl FnOnce() -> T) -> T {
    work()
}
