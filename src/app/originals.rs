//! The recording behind what sounds, for A/B.

use super::App;
use super::original_loader::Found;
use crate::jobs::{Unheard, Wanted};
use crate::session::{Banner, Command, FileAsk, PlaybackSource};
use std::sync::Arc;

impl App {
    /// Loads the recording of what sounds.
    pub(super) fn load_original(&mut self) {
        if let Some(view) = &self.session.space {
            self.originals.want(Wanted {
                snapshot: Arc::clone(&view.snapshot),
                row: self.sounding_row(),
                roots: self.recording_roots(&view.snapshot),
            });
        }
    }

    pub(super) fn listen_to_originals(&mut self) {
        while let Some(found) = self.originals.take() {
            match found {
                Ok(Found { row, audio }) => {
                    if self.sounding_row() == row {
                        self.audio.set_original(Some(audio));
                    }
                }
                Err(unheard) => {
                    self.audio.set_original(None);
                    self.perform(Command::SetSource(PlaybackSource::Model));
                    self.session.announce(match unheard {
                        Unheard::Broken(sentence) => Banner::warning(sentence),
                        Unheard::Missing(sentence) => Banner::warning(sentence)
                            .with_action("Find the recordings…", Command::Ask(FileAsk::Recordings)),
                    });
                }
            }
        }
    }
}
