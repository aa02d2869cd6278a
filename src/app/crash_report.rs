//! What was left of a fault, of the last run or of this one, offered to whoever wants to read it.

use super::App;
use crate::crash::{self, ReportFolder};
use crate::session::{Banner, Command};

impl App {
    /// Looks into `folder` for the report of an earlier run, now, and for those of this run from now on.
    pub fn offer_crash_reports(&mut self, folder: ReportFolder) {
        if folder.newest_unseen().is_some() {
            self.offer("Songspace ended with a fault, or had one, since a report of it was last read.");
        }
        self.crash_reports.offered = crash::written();
        self.crash_reports.folder = Some(folder);
    }

    /// Offers the report of a fault that the program has survived.
    pub(super) fn listen_to_crashes(&mut self) {
        let written = crash::written();
        if self.crash_reports.folder.is_some() && written != self.crash_reports.offered {
            self.crash_reports.offered = written;
            self.offer("Songspace had a fault and goes on.");
        }
    }

    fn offer(&mut self, what: &str) {
        let text = format!("{what} The report is on this machine only.");
        let banner = Banner::warning(text).with_action("Read it…", Command::ReadCrashReport);
        self.session.announce(banner);
    }

    pub(super) fn read_crash_report(&mut self) {
        let newest = self.crash_reports.folder.as_ref().and_then(ReportFolder::newest_unseen);
        self.session.crash_report = newest.map(|(_, text)| text);
    }

    /// The sheet was closed: what was in it is not offered again.
    pub(super) fn close_crash_report(&mut self) {
        self.session.crash_report = None;
        if let Some(folder) = &self.crash_reports.folder {
            folder.all_are_seen();
        }
    }

    pub(super) fn copy_crash_report(&mut self) {
        self.clipboard.clone_from(&self.session.crash_report);
    }

    pub(super) fn delete_crash_reports(&mut self) {
        self.session.crash_report = None;
        let Some(folder) = &self.crash_reports.folder else {
            return;
        };
        let banner = match folder.delete_all() {
            Ok(()) => Banner::note("The crash reports are deleted."),
            Err(error) => Banner::error(format!(
                "The crash reports in {} cannot be deleted: {error}.",
                folder.path().display()
            )),
        };
        self.session.announce(banner);
    }
}
