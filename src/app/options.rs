//! What the window is opened with.

use crate::device::DeviceChoice;
use crate::jobs::JobFolders;
use std::path::PathBuf;

/// What the window is opened with.
#[derive(Clone, Debug)]
pub struct AppOptions {
    /// The space to open; the demo space without one.
    pub file: Option<PathBuf>,
    /// `Auto` leaves the choice to the saved settings.
    pub device: DeviceChoice,
    /// Where the cache, the trainings and the recordings lie.
    pub folders: JobFolders,
    /// Never open a sound card.
    pub silent: bool,
}

impl Default for AppOptions {
    fn default() -> Self {
        Self {
            file: None,
            device: DeviceChoice::Auto,
            folders: JobFolders::standard(),
            silent: false,
        }
    }
}
