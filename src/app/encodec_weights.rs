//! EnCodec's weights are the user's file: chosen once, remembered, used for trainings and for spaces that need them.

use super::App;
use crate::session::SpaceView;
use crate::space::Snapshot;
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl App {
    /// Remembers `path` and lets the space on screen sound through it.
    pub(super) fn use_encodec(&mut self, path: PathBuf) {
        self.session.settings.encodec_weights = Some(path.clone());
        self.panes.training.options.encodec_weights = Some(path.clone());
        let Some(view) = &self.session.space else { return };
        if view.snapshot.meta.codec_weights.is_none() {
            return;
        }
        let mut snapshot = Snapshot::clone(&view.snapshot);
        snapshot.relink_codec(&path);
        let snapshot = Arc::new(snapshot);
        self.backend.set_snapshot(Arc::clone(&snapshot));
        self.session.space = Some(Arc::new(SpaceView::new(snapshot)));
        if self.session.transport.playing {
            self.request_decode();
        }
    }

    /// `snapshot` with the weights that were chosen once, where its own are gone.
    pub(super) fn with_known_weights(&self, snapshot: Arc<Snapshot>) -> Arc<Snapshot> {
        let gone = |path: &str| !Path::new(path).exists();
        match (&snapshot.meta.codec_weights, &self.session.settings.encodec_weights) {
            (Some(own), Some(known)) if gone(&own.path) => {
                let mut relinked = Snapshot::clone(&snapshot);
                relinked.relink_codec(known);
                Arc::new(relinked)
            }
            _ => snapshot,
        }
    }
}
