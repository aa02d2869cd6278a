//! Linux's scheduling: niceness and the round-robin class.
//!
//! A thread that a library starts inherits class and niceness of the one that calls the library; for those that the system does not
//! let us raise, rtkit is asked by their numbers once they run. rtkit grants real time only to processes that may be ended when one of
//! their threads computes without a pause for long; the signal that comes before that makes the thread an ordinary one.

use super::granted::Priority;
use super::real_time_limit::limit_real_time;
use super::rtkit;
use super::standing::{Standing, threads_called};
use rustix::process::{getpriority_process, setpriority_process};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};
use thread_priority::{
    NormalThreadSchedulePolicy, RealtimeThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy,
    set_thread_priority_and_policy, thread_native_id,
};

/// As urgent as sound servers run among ordinary threads.
const URGENT: i32 = -11;
/// Gives way to whatever a person waits for.
const PATIENT: i32 = 10;
/// Above the sound server's 5, below everything of the kernel's.
const REAL_TIME: u8 = 10;
/// [`ThreadPriority::Crossplatform`] of niceness 0.
const MIDDLE: u8 = 47;

static HANDLED: AtomicBool = AtomicBool::new(false);
static GIVEN_UP: AtomicBool = AtomicBool::new(false);
static OVERRAN: AtomicBool = AtomicBool::new(false);

/// How long a thread may take to get its name.
const BIRTH: Duration = Duration::from_millis(500);

/// Runs before other ordinary threads, where that is allowed.
pub fn raise() {
    nice(URGENT);
}

/// Runs after other ordinary threads.
pub fn lower() {
    nice(PATIENT);
}

/// See [`crate::sync::priority::overruns_are_handled`].
pub fn overruns_are_handled() {
    HANDLED.store(true, Relaxed);
}

/// See [`crate::sync::priority::give_up`].
pub fn give_up() {
    GIVEN_UP.store(true, Relaxed);
    be_ordinary();
}

/// See [`crate::sync::priority::be_ordinary`].
pub fn be_ordinary() {
    // Dropping out of the class is never refused.
    let _ = set(ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Other), MIDDLE);
}

/// See [`crate::sync::priority::was_given_up`].
pub fn was_given_up() -> bool {
    let was_given_up = GIVEN_UP.swap(false, Relaxed);
    // Once is enough.
    OVERRAN.fetch_or(was_given_up, Relaxed);
    was_given_up
}

/// Whether a thread may be made real-time: the end of the program must not follow from it.
fn is_safe() -> Result<(), String> {
    match (HANDLED.load(Relaxed), OVERRAN.load(Relaxed)) {
        (true, false) => Ok(()),
        (false, _) => Err("nobody asked for it".to_owned()),
        (_, true) => Err("it computed for too long without a pause".to_owned()),
    }
}

/// The calling thread is urgent until this is dropped.
pub struct Urgency {
    niceness: i32,
    is_real_time: bool,
}

impl Urgency {
    /// Real-time if the system grants it at once - to members of a group for sound, as a rule - or rtkit does, else as [`raise`] does.
    /// Nothing changes for a thread that is real-time already.
    pub fn of_this_thread() -> Self {
        let niceness = getpriority_process(None).unwrap_or(0);
        let own = Standing::own_thread();
        if own.and_then(Standing::of).is_some_and(|standing| standing.level > 0) {
            return Self {
                niceness,
                is_real_time: false,
            };
        }
        let real_time = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::RoundRobin);
        let directly = || limit_real_time(None).is_ok() && set(real_time, REAL_TIME);
        let over_rtkit = || own.is_some_and(|own| rtkit::ask(&[own], REAL_TIME, URGENT).is_ok());
        let is_real_time = is_safe().is_ok() && (directly() || over_rtkit());
        if !is_real_time {
            raise();
        }
        Self { niceness, is_real_time }
    }
}

impl Drop for Urgency {
    fn drop(&mut self) {
        if self.is_real_time {
            let _ = set(ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Other), MIDDLE);
        }
        nice(self.niceness);
    }
}

/// See [`crate::sync::priority::of_threads_called`].
pub fn urge(names: &[&str]) -> Priority {
    let threads = born(names);
    let is_ordinary = |id: &u32| Standing::of(*id).is_some_and(|standing| standing.level == 0);
    let ordinary: Vec<u32> = threads.iter().copied().filter(is_ordinary).collect();
    let asked = match ordinary.is_empty() {
        true => Ok(()),
        false => is_safe().and_then(|()| rtkit::ask(&ordinary, REAL_TIME, URGENT)),
    };
    let why = asked.err().unwrap_or_else(|| "the system took it back".to_owned());
    let granted = threads.iter().filter_map(|id| Standing::of(*id));
    match granted.min_by_key(|standing| (standing.level, -standing.niceness)) {
        None => Priority::Ordinary("its threads were not found".to_owned()),
        Some(Standing { level: level @ 1.., .. }) => Priority::RealTime(level),
        Some(Standing {
            niceness: niceness @ ..0,
            ..
        }) => Priority::Raised { niceness, why },
        Some(_) => Priority::Ordinary(why),
    }
}

/// The threads with these names; the first of them is waited for, because a thread names itself when it has its first turn.
fn born(names: &[&str]) -> Vec<u32> {
    let until = Instant::now() + BIRTH;
    while names.first().is_some_and(|first| threads_called(&[first]).is_empty()) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    threads_called(names)
}

fn nice(niceness: i32) {
    // On Linux "the calling process" of this call is the calling thread.
    // Where the system says no, the thread keeps its ordinary priority.
    let _ = setpriority_process(None, niceness);
}

/// Whether the calling thread got `policy` at `level`.
fn set(policy: ThreadSchedulePolicy, level: u8) -> bool {
    ThreadPriority::try_from(level)
        .is_ok_and(|level| set_thread_priority_and_policy(thread_native_id(), level, policy).is_ok())
}
