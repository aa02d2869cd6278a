//! The doctor in the window: every file of the inspected music is decoded on a thread of its own, and what the user
//! decides about it is kept beside the music, where every later import finds it. UI thread.

use super::App;
use super::inspect::moods;
use crate::corpus::Overrides;
use crate::files::in_words;
use crate::jobs::{self, Audit, JobError, UntilStopped};
use crate::session::{Banner, Diagnosis};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

impl App {
    /// Decodes every file of the inspected music; the report appears in the training sheet.
    pub(super) fn examine(&mut self) {
        let Some(folder) = self.inspected_folder() else { return };
        let (sources, options) = self.sources(&folder);
        let (folders, training) = (self.folders.clone(), self.panes.training.options.clone());
        self.tasks.run(
            "examining every file",
            move |stop| {
                let split = (training.chunk_secs, training.seed);
                let found = jobs::audit(&sources, &options, &folders, split, &UntilStopped(stop));
                Box::new(move |app: &mut Self| app.on_examined(found))
            },
            |message| {
                Box::new(move |app: &mut Self| {
                    app.session
                        .announce(Banner::error(format!("The music cannot be examined: {message}")));
                })
            },
        );
    }

    fn on_examined(&mut self, found: Result<Audit, JobError>) {
        match found {
            Ok(Audit { corpus, report }) => {
                self.session.training.diagnosis = Some(Diagnosis {
                    text: report.to_string(),
                    moods: moods(&corpus),
                    leave_out: report.suggested_exclusions,
                });
            }
            Err(error) => self.session.announce(Banner::error(error.to_string())),
        }
    }

    /// Leaves `files` out of every import of the inspected folder from now on.
    pub(super) fn leave_out(&mut self, files: BTreeSet<String>) {
        self.keep_choices(|choices| choices.exclude.extend(files));
    }

    /// Names genres from now on as `names` says.
    pub(super) fn rename_genres(&mut self, names: BTreeMap<String, String>) {
        self.keep_choices(|choices| choices.genre_names.extend(names));
        self.panes.training.genre_names.clear();
    }

    /// Changes what is kept beside the inspected music, and looks at it again.
    fn keep_choices(&mut self, change: impl FnOnce(&mut Overrides)) {
        let Some(folder) = self.inspected_folder() else { return };
        let mut choices = Overrides::read(&folder);
        change(&mut choices);
        match choices.write(&folder) {
            Ok(()) => self.inspect_again(folder),
            Err(error) => {
                let reason = in_words(&error);
                let text = format!("{}: your choices cannot be kept there: {reason}", folder.display());
                self.session.announce(Banner::error(text));
            }
        }
    }

    fn inspected_folder(&self) -> Option<PathBuf> {
        self.session
            .training
            .inspected
            .as_ref()
            .map(|found| found.folder.clone())
    }
}
