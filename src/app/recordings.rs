//! The recordings of the space on screen, where they have moved: the user points to a folder, and it is remembered.

use super::App;
use crate::jobs::{count_recordings, lacking_grooves, with_grooves};
use crate::session::{Banner, Command, FileAsk, PlaybackSource};
use crate::space::Snapshot;
use crate::sync::priority;
use std::path::PathBuf;
use std::sync::Arc;

impl App {
    /// Folders in which the recordings of `snapshot` may lie, the likeliest first.
    pub(super) fn recording_roots(&self, snapshot: &Snapshot) -> Vec<PathBuf> {
        let learned_from = &snapshot.meta.corpus_root;
        let moved = self.session.settings.moved_recordings.iter();
        moved
            .filter(|(from, _)| from == learned_from)
            .map(|(_, to)| to.clone())
            .chain(std::iter::once(PathBuf::from(learned_from)))
            .collect()
    }

    /// Looks for the beats of clips that an older import has not looked for, on a thread of its own.
    pub(super) fn look_for_beats(&mut self) {
        let Some(snapshot) = self.snapshot().filter(|snapshot| lacking_grooves(snapshot) > 0) else {
            return;
        };
        let roots = self.recording_roots(&snapshot);
        self.tasks.run(
            "looking for beats",
            move |stop| {
                priority::lower();
                // One thread: what sounds and what is drawn come first.
                let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
                let found = pool
                    .ok()
                    .and_then(|pool| pool.install(|| with_grooves(&snapshot, &roots, stop)));
                Box::new(move |app: &mut App| {
                    if let Some(found) = found {
                        app.take_beats(&snapshot, found);
                    }
                })
            },
            |message| Box::new(move |_: &mut App| log::error!("the look for beats failed: {message}")),
        );
    }

    /// Looks for the recordings of the space on screen below `folder`, on a thread of its own.
    pub(super) fn look_for_recordings(&mut self, folder: PathBuf) {
        let Some(snapshot) = self.session.space.as_ref().map(|view| Arc::clone(&view.snapshot)) else {
            return;
        };
        self.tasks.run(
            "looking for the recordings",
            move |stop| {
                let found = count_recordings(&snapshot, &folder, stop);
                let (of, from) = (snapshot.clips.len(), snapshot.meta.corpus_root.clone());
                Box::new(move |app: &mut App| match found {
                    Ok(found) => app.on_recordings_found(from, folder, found, of),
                    Err(error) => app.session.announce(Banner::error(error.to_string())),
                })
            },
            |message| {
                Box::new(move |app: &mut App| {
                    let text = format!("The look through the folder failed; try it again (details: {message})");
                    app.session.announce(Banner::error(text));
                })
            },
        );
    }

    fn on_recordings_found(&mut self, from: String, folder: PathBuf, found: usize, of: usize) {
        if found == 0 {
            let text = format!(
                "None of the {of} clips that this space was learned from are in {}.",
                folder.display()
            );
            let again = Command::Ask(FileAsk::Recordings);
            self.session
                .announce(Banner::warning(text).with_action("Another folder…", again));
            return;
        }
        let text = format!(
            "{found} of the {of} clips that this space was learned from are in {}.",
            folder.display()
        );
        self.session.announce(Banner::note(text));
        self.session.settings.moved_recordings.retain(|(old, _)| *old != from);
        self.session.settings.moved_recordings.push((from, folder));
        self.recorded.forget();
        self.request_decode();
        if self.session.transport.source == PlaybackSource::Original {
            self.load_original();
        }
    }
}
