//! The whole concurrency vocabulary of Songspace: a newest-wins slot, named workers and a waker.
//!
//! No other room calls `std::thread::spawn`, so every thread has a name, a stop flag and a panic that is reported.

mod granted;
mod guarded;
mod latest;
pub mod priority;
#[cfg(target_os = "linux")]
mod real_time_limit;
#[cfg(target_os = "linux")]
mod rtkit;
#[cfg(target_os = "linux")]
mod scheduling;
#[cfg(target_os = "linux")]
mod standing;
mod waker;
mod worker;

pub use granted::Priority;
pub use guarded::{guarded, is_guarded};
pub use latest::Latest;
pub use waker::Waker;
pub use worker::{StopFlag, Worker, panic_message};
