//! One pass over one clip's recording, from its beginning.

use super::cut::{Admit, Audience, Cutter};
use super::shelf::RecordingShelf;
use super::source::{Folders, Source};
use super::unheard::Unheard;
use crate::corpus::decode::{DEFAULT_LIMIT_SECS, decode_stereo};
use crate::dsp::{BandAxis, StreamLevel};
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::{Recording, RecordingKey};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Which clip of which space is to be read, and where it may lie.
#[derive(Clone, Copy)]
pub(super) struct ClipPass<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) clip: u32,
    pub(super) roots: &'a [PathBuf],
    pub(super) shelf: &'a RecordingShelf,
    pub(super) stop: &'a StopFlag,
}

impl ClipPass<'_> {
    /// Hands the stretches of `keys` to `audience` as the recording goes by, and puts them on the shelf.
    ///
    /// # Errors
    /// When the recording is nowhere, was changed or cannot be decoded, or when the pass is stopped.
    pub(super) fn read(
        &self,
        folders: &mut Folders,
        keys: Vec<RecordingKey>,
        audience: &mut dyn Audience,
    ) -> Result<(), Unheard> {
        let source = Source::open(self.snapshot, self.clip, self.roots, folders, self.shelf, self.stop)?;
        let gain_db = self.gain_db(source.path())?;
        let mut relay = Relay {
            source: &source,
            shelf: self.shelf,
            gain_db,
            audience,
            changed: false,
        };
        let mut cutter = Cutter::new(keys, gain_db);
        let mut flow = ControlFlow::Continue(());
        let decoded = decode_stereo(source.path(), BandAxis::standard().sample_rate_hz(), &mut |block| {
            flow = match self.stop.is_stopped() {
                true => ControlFlow::Break(()),
                false => cutter.feed(block, &mut relay),
            };
            flow
        });
        if self.stop.is_stopped() {
            return Err(Unheard::Stopped);
        }
        decoded.map_err(|error| self.broken(&error))?;
        if flow.is_continue() {
            cutter.end(&mut relay);
        }
        match relay.changed {
            true => Err(Unheard::changed(source.path())),
            false => Ok(()),
        }
    }

    /// The gain that the import gave the clip; measured by the import's own rule where an older space does not know it.
    fn gain_db(&self, path: &Path) -> Result<f32, Unheard> {
        if let Some(known) = known_gain_db(self.snapshot, self.clip, self.shelf) {
            return Ok(known);
        }
        let rate_hz = self.snapshot.meta.model.sample_rate_hz;
        let mut level = StreamLevel::new(rate_hz, DEFAULT_LIMIT_SECS);
        let heard = decode_stereo(path, rate_hz, &mut |block| {
            level.add(block);
            match level.is_full() || self.stop.is_stopped() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        if self.stop.is_stopped() {
            return Err(Unheard::Stopped);
        }
        heard.map_err(|error| self.broken(&error))?;
        let clip = &self.snapshot.clips[self.clip as usize];
        self.shelf.remember_gain(&clip.content_hash, rate_hz, level.gain_db());
        Ok(level.gain_db())
    }

    fn broken(&self, reason: &dyn std::fmt::Display) -> Unheard {
        Unheard::broken(&self.snapshot.clips[self.clip as usize], reason)
    }
}

/// The gain of clip number `clip`, if it need not be measured.
pub(super) fn known_gain_db(snapshot: &Snapshot, clip: u32, shelf: &RecordingShelf) -> Option<f32> {
    let row = snapshot.clips.get(clip as usize)?;
    let measured = || shelf.gain_db(&row.content_hash, snapshot.meta.model.sample_rate_hz);
    row.gain_db.or_else(measured)
}

/// Puts what goes by on the shelf, as long as nobody writes the file.
struct Relay<'a> {
    source: &'a Source,
    shelf: &'a RecordingShelf,
    gain_db: f32,
    audience: &'a mut dyn Audience,
    changed: bool,
}

impl Audience for Relay<'_> {
    fn admit(&mut self, key: &RecordingKey, waits: bool) -> Admit {
        match self.changed {
            true => Admit::Stop,
            false => self.audience.admit(key, waits),
        }
    }

    fn deliver(&mut self, piece: Arc<Recording>) {
        self.changed |= !self.source.is_as_found();
        if !self.changed {
            self.shelf.put(&piece, self.gain_db);
            self.audience.deliver(piece);
        }
    }

    fn lacks(&mut self, key: &RecordingKey) {
        self.audience.lacks(key);
    }
}
