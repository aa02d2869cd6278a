//! What is left of a panic: a report on this machine, without names of files, for whoever wants to hand it on. Nothing is sent.
//!
//! [`install`] is called once by the program; tests and benches, which call it not, leave no reports.

mod facts;
mod folder;
mod hook;
mod log_tail;
mod moment;
mod report;
mod scrub;

pub use facts::remember;
pub use folder::ReportFolder;
pub use hook::{install, written};
pub use log_tail::LogTail;
