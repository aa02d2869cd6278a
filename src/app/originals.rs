//! The recording behind what sounds, for A/B.

use super::App;
use super::original_loader::Found;
use crate::jobs::{Unheard, Wanted};
use crate::render::Act;
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
                        self.takes.compared = row.iter().map(|chunk| chunk.0).collect();
                        self.take_act(Act::Compared(self.takes.compared.clone()));
                        self.audio.set_original(Some(audio));
                    }
                }
                Err(Unheard::Missing(sentence) | Unheard::Changed(sentence)) => {
                    let find = Command::Ask(FileAsk::Recordings);
                    self.hear_the_model(Banner::warning(sentence).with_action("Find the recordings…", find));
                }
                Err(Unheard::Broken(sentence)) => self.hear_the_model(Banner::warning(sentence)),
                Err(Unheard::Stopped) => {}
            }
        }
    }

    fn hear_the_model(&mut self, because: Banner) {
        self.audio.set_original(None);
        self.perform(Command::SetSource(PlaybackSource::Model));
        self.session.announce(because);
    }
}
