//! The folder of reports: the last ten, written whole, the new ones marked until somebody has seen them.

use crate::files::{WriteError, make_own_folder_for, write_whole};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::moment::civil;

/// Reports that are kept.
const KEPT: usize = 10;

const PREFIX: &str = "crash-";
const ENDING: &str = ".txt";
/// Before the ending, of a report that nobody has seen.
const UNSEEN: &str = "-new";

/// Where reports lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFolder(PathBuf);

impl ReportFolder {
    /// The platform's folder for what a program keeps about itself; `None` where the user has no home.
    pub fn standard() -> Option<Self> {
        let folders = directories::ProjectDirs::from("org", "songspace", "songspace")?;
        let state = folders.state_dir().unwrap_or_else(|| folders.data_local_dir());
        Some(Self::at(state.join("crashes")))
    }

    /// A folder of one's own choosing.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// The folder itself, which need not be there.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The reports, the oldest first.
    pub fn reports(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        let mut found: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| is_report(path))
            .collect();
        // Named by their times.
        found.sort_by_key(|path| name(path).replace(UNSEEN, ""));
        found
    }

    /// The newest report that nobody has seen: where it is, and its text.
    pub fn newest_unseen(&self) -> Option<(PathBuf, String)> {
        let newest = self
            .reports()
            .into_iter()
            .rev()
            .find(|path| name(path).contains(UNSEEN))?;
        let text = std::fs::read_to_string(&newest).ok()?;
        Some((newest, text))
    }

    /// Every report counts as seen from now on. What cannot be renamed is offered again.
    pub fn all_are_seen(&self) {
        for path in self.reports() {
            let (old, seen) = (name(&path), name(&path).replace(UNSEEN, ""));
            if old != seen
                && let Err(error) = std::fs::rename(&path, path.with_file_name(seen))
            {
                log::debug!("a crash report stays new: {error}");
            }
        }
    }

    /// Removes every report.
    ///
    /// # Errors
    /// The first one that cannot be removed.
    pub fn delete_all(&self) -> std::io::Result<()> {
        self.reports().iter().try_for_each(std::fs::remove_file)
    }

    /// Writes a report of a panic at `time` and forgets all but the last ten.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub(super) fn add(&self, time: SystemTime, text: &str) -> Result<PathBuf, WriteError> {
        let [year, month, day, hour, minute, second] = civil(time);
        let stem = format!("{PREFIX}{year:04}-{month:02}-{day:02}-{hour:02}{minute:02}{second:02}");
        let taken = |number: &usize| {
            let seen = self.0.join(format!("{stem}-{number:02}{ENDING}"));
            seen.exists() || self.0.join(format!("{stem}-{number:02}{UNSEEN}{ENDING}")).exists()
        };
        let number = (0..KEPT).find(|number| !taken(number)).unwrap_or(0);
        let path = self.0.join(format!("{stem}-{number:02}{UNSEEN}{ENDING}"));
        make_own_folder_for(&path)?;
        write_whole(&path, text.as_bytes())?;
        let reports = self.reports();
        for old in &reports[..reports.len().saturating_sub(KEPT)] {
            // Another process may have been faster.
            let _ = std::fs::remove_file(old);
        }
        Ok(path)
    }
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn is_report(path: &Path) -> bool {
    name(path).starts_with(PREFIX) && name(path).ends_with(ENDING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    fn at(secs: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_767_225_590 + secs)
    }

    #[test]
    fn only_the_last_ten_reports_are_kept_and_other_files_are_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let folder = ReportFolder::at(root.path().join("state").join("crashes"));
        assert_eq!(folder.newest_unseen(), None);
        folder.add(at(0), "report 0").unwrap();
        let other = folder.path().join("mine.txt");
        std::fs::write(&other, "kept").unwrap();
        for number in 1..KEPT + 4 {
            // Two in each second.
            folder.add(at(number as u64 / 2), &format!("report {number}")).unwrap();
        }
        let texts: Vec<String> = folder
            .reports()
            .iter()
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect();
        let expected: Vec<String> = (4..KEPT + 4).map(|number| format!("report {number}")).collect();
        assert_eq!(texts, expected);
        assert!(other.exists());
    }

    #[test]
    fn a_report_is_offered_until_it_was_seen() {
        let root = tempfile::tempdir().unwrap();
        let folder = ReportFolder::at(root.path().to_owned());
        folder.add(at(0), "first").unwrap();
        folder.add(at(1), "second").unwrap();
        assert_eq!(folder.newest_unseen().map(|(_, text)| text).as_deref(), Some("second"));
        folder.all_are_seen();
        assert_eq!(folder.newest_unseen(), None);
        assert_eq!(folder.reports().len(), 2);
        folder.add(at(1), "third").unwrap();
        assert_eq!(folder.newest_unseen().map(|(_, text)| text).as_deref(), Some("third"));
        folder.delete_all().unwrap();
        assert!(folder.reports().is_empty());
    }
}
