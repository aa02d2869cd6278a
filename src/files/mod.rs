//! How files are written - whole or not at all, through links, with the permissions they had - and tensors read from them.
//! Any thread.

mod ending;
mod error;
mod stamp;
mod tensor;
mod write;

pub use ending::with_ending;
pub use error::WriteError;
pub use stamp::{SharedStamp, Stamp, modified_ms};
pub use tensor::HostTensor;
pub use write::{check_target, make_folder_for, replace_whole, write_whole, write_whole_unsynced};
