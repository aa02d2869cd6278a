//! How files are written: whole or not at all, through links, with the permissions they had. Any thread.

mod error;
mod stamp;
mod write;

pub use error::WriteError;
pub use stamp::Stamp;
pub use write::{check_target, replace_whole, write_whole, write_whole_unsynced};
