//! The whole concurrency vocabulary of Songspace: a newest-wins slot, named workers and a waker.
//!
//! No other room calls `std::thread::spawn`, so every thread has a name, a stop flag and a panic that is reported.

mod latest;
pub mod priority;
mod waker;
mod worker;

pub use latest::Latest;
pub use waker::Waker;
pub use worker::{StopFlag, Worker, panic_message};
