//! The beat of the recording under the playhead.

use crate::app::App;
use crate::decode::Relative;
use crate::dsp::BandAxis;
use crate::session::PlayMode;
use crate::values::ChunkId;

/// A beat of a recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::app) struct SoundingBeat {
    /// From 0, counted in its clip; what comes before the first is -1.
    pub number: i32,
    /// Of the clip.
    pub tempo_bpm: f32,
}

impl App {
    /// The beat that sounds; `None` in silence and where the recording has none.
    pub(in crate::app) fn sounding_beat(&self) -> Option<SoundingBeat> {
        let (chunk, into_secs) = self.sounding_moment()?;
        let snapshot = &self.session.space.as_ref()?.snapshot;
        let chunk = snapshot.chunks.get(chunk.0 as usize)?;
        let groove = snapshot.clips.get(chunk.clip.0 as usize)?.groove.as_ref()?;
        let begun_ms = ((chunk.start_secs + into_secs) * 1e3) as u32;
        let begun = groove.beats_ms.partition_point(|beat| *beat <= begun_ms);
        (!groove.beats_ms.is_empty()).then_some(SoundingBeat {
            number: begun as i32 - 1,
            tempo_bpm: groove.tempo_bpm,
        })
    }

    /// The chunk under the playhead, and the seconds into it.
    fn sounding_moment(&self) -> Option<(ChunkId, f32)> {
        if !self.session.transport.playing {
            return None;
        }
        let snapshot = &self.session.space.as_ref()?.snapshot;
        if self.session.transport.mode == PlayMode::Endless {
            let (number, hops) = self.audio.course_place()?;
            let leg = self
                .endless
                .legs
                .get(number.checked_sub(self.endless.first)? as usize)?;
            let axis = BandAxis::standard();
            let hop_secs = axis.hop_len() as f32 / axis.sample_rate_hz() as f32;
            let from_secs = leg.stretch.from as f32 / snapshot.meta.model.frame_rate_hz();
            return Some((leg.stretch.chunk, from_secs + hops as f32 * hop_secs));
        }
        let row = match self.session.relative.filter(Relative::sounds) {
            Some(relative) => vec![relative.chunk],
            None => self.sounding_row(),
        };
        let parts = self.audio.position() * row.len() as f32;
        let index = (parts as usize).min(row.len().checked_sub(1)?);
        Some((row[index], (parts - index as f32) * snapshot.chunk_secs()))
    }
}
