//! What the window knows of crash reports.

use crate::crash::ReportFolder;

/// Where reports lie, and which of them the user has been told of.
#[derive(Default)]
pub struct KnownCrashes {
    /// `None` where there is none to look into.
    pub(super) folder: Option<ReportFolder>,
    /// Reports of this run that were offered.
    pub(super) offered: u64,
}
