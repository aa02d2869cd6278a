//! How files are written - whole or not at all, through links, with the permissions they had - and tensors read from them.
//! Any thread.

mod ending;
mod error;
mod folders;
mod positioned;
mod stamp;
mod tensor;
mod write;

pub use ending::with_ending;
pub use error::{WriteError, in_words};
pub use folders::{check_folder, make_folder, make_folder_for, make_own_folder_for};
pub use positioned::read_exact_at;
pub use stamp::{SharedStamp, Stamp, modified_ms};
pub use tensor::HostTensor;
pub use write::{check_target, replace_whole_by, write_whole, write_whole_by, write_whole_unsynced};
