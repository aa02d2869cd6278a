//! Where the files of a job go that nobody names one by one: frames, trainings, measurements.

use crate::files::check_folder;
use crate::jobs::JobFolders;
use std::path::PathBuf;

/// The folders below `outputs` where that was given, else the usual ones.
///
/// # Errors
/// When `outputs` can only be a slip: not even the folder above it is there.
pub fn job_folders(outputs: Option<&PathBuf>) -> anyhow::Result<JobFolders> {
    let Some(folder) = outputs else {
        return Ok(JobFolders::standard());
    };
    check_folder(folder)?;
    Ok(JobFolders::below(folder))
}
