//! What was recorded by hand, as the window lists it.

use std::path::PathBuf;

/// A recording of what was heard.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedTake {
    /// A WAV file.
    pub path: PathBuf,
    /// From its header.
    pub secs: f32,
}

impl RecordedTake {
    /// The file's name without its ending.
    pub fn name(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }
}
