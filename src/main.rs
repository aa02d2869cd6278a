//! Wiring only: reads the command line and hands over.

use songspace::crash;
use songspace::session::program_version;
use std::process::ExitCode;

/// Tensors come and go by the thousand a second: the system's allocator gives their pages back and fetches them again, which
/// took an eighth of a training step.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // What libraries have to say is for those who ask: RUST_LOG=warn.
    let logger = env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("songspace=warn")).build();
    let most = logger.filter();
    crash::LogTail::install(Box::new(logger), most);
    if let Some(folder) = crash::ReportFolder::standard() {
        crash::install(folder, program_version());
    }
    pin_default_device();
    keep_freed_memory();
    handle_overruns();
    songspace::cli::main()
}

/// Burn restores optimiser states on its default device, which may be a GPU that is not there. The state moves to the
/// training device at the next step, so the CPU is always right.
#[allow(
    unsafe_code,
    reason = "the one place where an environment variable is set, before any thread starts"
)]
fn pin_default_device() {
    // SAFETY: main has just begun and no other thread exists that could read the environment.
    unsafe { std::env::set_var("BURN_DEVICE", "flex") };
}

/// What one training step frees the next one wants again, and every page that comes back from the system is cleared first. With
/// the allocator's own delay of a second 80 steps beside other work met 273,000 such pages instead of 6,500 and took a quarter
/// more of the processor; on a quiet machine a step is shorter than that, and it is 3 %.
#[allow(unsafe_code, reason = "the allocator's options are set by a function of C")]
fn keep_freed_memory() {
    /// `mi_option_purge_delay` of mimalloc's third version, milliseconds.
    const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;
    // SAFETY: the function stores a number in a table of its own and may be called at any time.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, 10_000) };
}

/// A real-time thread that computes for too long becomes an ordinary one, where the system would otherwise end the program.
#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "a signal handler may only call what is safe in one")]
fn handle_overruns() {
    use songspace::sync::priority;
    // SAFETY: the handler makes two system calls and stores a flag; it neither allocates nor locks.
    let handled = unsafe { signal_hook_registry::register(priority::OVERRUN, priority::give_up) };
    if handled.is_ok() {
        priority::overruns_are_handled();
    }
}

#[cfg(not(target_os = "linux"))]
fn handle_overruns() {}
