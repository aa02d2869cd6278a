//! The pitches of recordings, as far as they were found.

use crate::dsp::Pitch;
use crate::values::RecordingKey;

/// Pitches of so many recordings are remembered.
const KNOWN: usize = 64;

/// The pitches that were found, the newest at the end.
#[derive(Default)]
pub struct KnownPitches(Vec<(RecordingKey, Option<Pitch>)>);

impl KnownPitches {
    /// Remembers what was found for `key`.
    pub fn learn(&mut self, key: RecordingKey, pitch: Option<Pitch>) {
        self.0.retain(|(known, _)| *known != key);
        self.0.push((key, pitch));
        let surplus = self.0.len().saturating_sub(KNOWN);
        self.0.drain(..surplus);
    }

    /// That of `key`; `None` where it has none, or none was looked for.
    pub fn of(&self, key: &RecordingKey) -> Option<Pitch> {
        self.0.iter().find(|(known, _)| known == key)?.1
    }
}
