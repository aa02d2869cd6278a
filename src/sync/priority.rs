//! Asks the system to run threads before others, or after them, and tells what it granted.

use super::granted::Priority;
#[cfg(target_os = "linux")]
use super::scheduling;
use std::cell::Cell;

/// The signal that [`give_up`] must answer.
#[cfg(target_os = "linux")]
pub use super::real_time_limit::OVERRUN;

thread_local! {
    static HURRIED: Cell<bool> = const { Cell::new(false) };
}

/// Raises the calling thread's priority as far as the system allows an ordinary thread. Neither allocates, locks nor logs.
pub fn raise() {
    #[cfg(target_os = "linux")]
    scheduling::raise();
}

/// Lowers the calling thread's priority: long work, for which a moment's delay does not matter.
pub fn lower() {
    #[cfg(target_os = "linux")]
    scheduling::lower();
}

/// Runs `work` at real-time priority if the system or rtkit grants that, at raised priority if that, and returns to what it was: it must
/// not take long, and threads that libraries start in it inherit what the system granted by itself.
pub fn while_urgent<T>(work: impl FnOnce() -> T) -> T {
    #[cfg(target_os = "linux")]
    let _until_done = scheduling::Urgency::of_this_thread();
    work()
}

/// Raises this process's threads of these names as far as the system allows - Linux may grant real-time priority over rtkit only when
/// they run - and tells what the worst off of them got. The first of the names must come up. May take a second: not for a thread that
/// somebody waits for.
pub fn of_threads_called(names: &[&str]) -> Priority {
    #[cfg(target_os = "linux")]
    return scheduling::urge(names);
    #[cfg(not(target_os = "linux"))]
    {
        let _ = names;
        Priority::OfTheSystem
    }
}

/// The program calls [`give_up`] when the system signals that a thread overran its share of real time (SIGXCPU); without that,
/// which would end the program, nothing is made real-time.
pub fn overruns_are_handled() {
    #[cfg(target_os = "linux")]
    scheduling::overruns_are_handled();
}

/// Makes the calling thread an ordinary one again. May be called by a signal handler.
pub fn give_up() {
    #[cfg(target_os = "linux")]
    scheduling::give_up();
}

/// Makes the calling thread an ordinary one: a helper that a real-time thread started.
pub fn be_ordinary() {
    #[cfg(target_os = "linux")]
    scheduling::be_ordinary();
}

/// Whether a thread had to [give up](give_up) since this was asked last.
pub fn was_given_up() -> bool {
    #[cfg(target_os = "linux")]
    return scheduling::was_given_up();
    #[cfg(not(target_os = "linux"))]
    false
}

/// Says that a device waits for the calling thread: it must not be kept, not even by its own last words.
pub fn hurry() {
    HURRIED.set(true);
}

/// Whether the calling thread is in a [hurry].
pub fn is_hurried() -> bool {
    HURRIED.get()
}
