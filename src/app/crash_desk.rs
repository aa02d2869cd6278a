//! What the window knows of reports of faults.

use crate::crash::ReportFolder;

/// Where they lie, and how many of this run were offered.
#[derive(Default)]
pub struct CrashDesk {
    /// `None` where there is none to look into.
    pub folder: Option<ReportFolder>,
    pub offered: u64,
}
