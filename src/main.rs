//! Wiring only: reads the command line and hands over.

use std::process::ExitCode;

/// Tensors come and go by the thousand a second: the system's allocator gives their pages back and fetches them again, which
/// took an eighth of a training step.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // What libraries have to say is for those who ask: RUST_LOG=warn.
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("songspace=warn")).init();
    pin_default_device();
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
