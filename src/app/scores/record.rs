//! The score of what is recorded: begun with the recording, told what hands, controllers and messages do, ended with it.

use super::scribe::{Scribe, ScribeEvent};
use super::stand::Stand;
use crate::app::App;
use crate::dsp::BandAxis;
use crate::render::{Act, ActBy, TAKE_ENDING, TakeAct, TakeHeader, TakeWriter};
use crate::session::{Banner, program_version};
use std::path::Path;

impl App {
    /// Has the score of what is recorded to `audio` written beside it.
    pub(in crate::app) fn begin_take(&mut self, audio: &Path) {
        self.end_take();
        let Some(snapshot) = self.snapshot() else { return };
        let feed = self.audio.begin_score();
        let name = audio.file_name().unwrap_or_default().to_string_lossy();
        let header = TakeHeader {
            format: 0,
            program: program_version().to_owned(),
            space: snapshot.meta.name.clone(),
            hash: snapshot.hash.clone(),
            audio: name.into_owned(),
            rate_hz: BandAxis::standard().sample_rate_hz(),
            genres: snapshot.meta.genres.clone(),
        };
        match TakeWriter::create(&audio.with_extension(TAKE_ENDING), header, feed.opening()) {
            Ok(writer) => {
                let events = self.takes.events_tx.clone();
                self.takes.scribe = Some(Scribe::start(feed, writer, events, self.takes.waker.clone()));
            }
            Err(error) => {
                self.audio.end_score();
                self.session.announce(Banner::warning(error.to_string()));
                return;
            }
        }
        if !self.takes.compared.is_empty() {
            self.take_act(Act::Compared(self.takes.compared.clone()));
        }
        self.takes.stand = None;
        self.takes.pressed = false;
        self.write_acts();
    }

    /// The score is over, whatever becomes of the recording.
    pub(in crate::app) fn end_take(&mut self) {
        if let Some(scribe) = self.takes.scribe.take() {
            self.audio.end_score();
            scribe.finish();
        }
    }

    /// Writes down what was done since the last call.
    pub(in crate::app) fn write_acts(&mut self) {
        if self.takes.scribe.is_none() {
            return;
        }
        let stand = Stand::of(&self.session, self.sounding.held, self.sounding.choice.as_ref());
        let pressed = std::mem::take(&mut self.takes.pressed);
        for act in stand.acts_since(self.takes.stand.as_ref(), pressed) {
            self.take_act(act);
        }
        self.takes.stand = Some(stand);
    }

    /// Writes `act` down, where a score is written.
    pub(in crate::app) fn take_act(&self, act: Act) {
        if let Some(scribe) = &self.takes.scribe {
            scribe.act(TakeAct {
                at: self.audio.score_clock(),
                by: self.takes.by,
                act,
            });
        }
    }

    /// What `work` does is done `by` somebody else than the hand.
    pub(in crate::app) fn acting(&mut self, by: ActBy, work: impl FnOnce(&mut Self)) {
        self.write_acts();
        self.takes.by = by;
        work(self);
        self.write_acts();
        self.takes.by = ActBy::Hand;
    }

    /// Once a frame: what the score's thread has to say, and what has changed by itself.
    pub(in crate::app) fn follow_takes(&mut self) {
        while let Ok(event) = self.takes.events.try_recv() {
            match event {
                ScribeEvent::Done(path, 0) => self.session.last_take = Some(path),
                ScribeEvent::Done(path, lost) => {
                    let text = format!(
                        "{}: {lost} notes of the take's score were lost because the machine was too busy; rendered again it sounds \
                         otherwise than the recording.",
                        path.display()
                    );
                    self.session.announce(Banner::warning(text));
                    self.session.last_take = Some(path);
                }
                ScribeEvent::Failed(sentence) => {
                    self.end_take();
                    self.session.announce(Banner::warning(sentence));
                }
            }
        }
        self.write_acts();
        self.advance_replay();
    }
}
