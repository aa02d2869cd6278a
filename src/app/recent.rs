//! Which of the recent files are still there, looked up on a thread of its own: a disk may be away.

use super::App;
use std::collections::BTreeSet;
use std::path::PathBuf;

impl App {
    /// Looks which recent files are gone; the menu shows it.
    pub(super) fn look_for_recent_files(&mut self) {
        let recent = self.session.settings.recent.clone();
        self.tasks.run(
            "looking for the recent files",
            move |_| {
                let gone: BTreeSet<PathBuf> = recent.into_iter().filter(|path| !path.exists()).collect();
                Box::new(move |app: &mut App| app.session.gone = gone)
            },
            |message| {
                log::error!("the look for the recent files ended: {message}");
                Box::new(|_: &mut App| {})
            },
        );
    }
}
