//! Asks the system to run the calling thread before others, or after them.

/// As urgent as sound servers run; real-time classes would need rights that a desktop program rarely has.
#[cfg(target_os = "linux")]
const URGENT: i32 = -11;

/// Gives way to whatever a person waits for.
#[cfg(target_os = "linux")]
const PATIENT: i32 = 10;

/// Raises the calling thread's priority as far as the system allows. Where it does not, the device's own buffer must do.
/// Neither allocates, locks nor logs.
pub fn raise() {
    #[cfg(target_os = "linux")]
    set(URGENT);
}

/// Lowers the calling thread's priority: long work, for which a moment's delay does not matter.
pub fn lower() {
    #[cfg(target_os = "linux")]
    set(PATIENT);
}

/// Other systems give their sound callbacks priority by themselves; the other threads stay ordinary there.
#[cfg(target_os = "linux")]
fn set(niceness: i32) {
    // On Linux "the calling process" of this call is the calling thread.
    // Where the system says no, the thread keeps its ordinary priority.
    let _ = rustix::process::setpriority_process(None, niceness);
}
