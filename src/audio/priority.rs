//! Not real-time: asks the system to wake the calling thread before others.

/// As urgent as sound servers run; real-time classes would need rights that a desktop program rarely has.
#[cfg(target_os = "linux")]
const NICENESS: i32 = -11;

/// Raises the calling thread's priority as far as the system allows. Where it does not, the ring's reserve must do.
#[cfg(target_os = "linux")]
pub fn raise() {
    // On Linux "the calling process" of this call is the calling thread.
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        log::debug!("the sound thread keeps its ordinary priority: {error}");
    }
}

/// Other systems give their sound callbacks priority by themselves; the synth thread stays ordinary.
#[cfg(not(target_os = "linux"))]
pub fn raise() {}
