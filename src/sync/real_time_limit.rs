//! How long a real-time thread of this process may compute without a pause.

use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};

/// Computing so long without a pause, in microseconds, is no synthesis any more: a block takes a hundredth of it.
pub const SOFT_US: u64 = 100_000;

/// The signal that comes after [`SOFT_US`].
pub const OVERRUN: i32 = Signal::XCPU.as_raw();

/// Asks for the signal, and for the end of the process after `most_us`, which is what rtkit demands; `None` leaves the end where it is.
///
/// # Errors
/// As the system gives them.
pub fn limit_real_time(most_us: Option<u64>) -> rustix::io::Result<()> {
    let now = getrlimit(Resource::Rttime);
    let maximum = match (now.maximum, most_us) {
        (Some(now), Some(asked)) => Some(now.min(asked)),
        (now, asked) => now.or(asked),
    };
    let current = Some(maximum.map_or(SOFT_US, |maximum| maximum.min(SOFT_US)));
    setrlimit(Resource::Rttime, Rlimit { current, maximum })
}
