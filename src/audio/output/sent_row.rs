//! Not real-time: the row that was left for the synth last, as its sender remembers it.

use crate::audio::score::{CallKind, SoundedPart};
use crate::audio::synth::{Origin, Part, Raises, SourceKind};
use crate::values::{DecodedChunk, Recording};
use std::sync::Arc;

/// Hops that a row without end keeps: a minute, the part that is still to come among them.
const KEPT_HOPS: usize = 10_336;

fn hops(parts: &[(Part, SourceKind)], hop_len: usize) -> usize {
    parts.iter().map(|(part, _)| part.hops(hop_len)).sum()
}

/// The row sent last: one that has grown is not converted again from its beginning.
#[derive(Default)]
pub struct SentRow {
    pub parts: Vec<(Part, SourceKind)>,
    pub origin: Option<Origin>,
    pub raises: Raises,
    /// Hops of its beginning that were let go of.
    pub lead: usize,
}

impl SentRow {
    /// Whether `chunk` answers the same request.
    pub fn answers_as(&self, chunk: &DecodedChunk) -> bool {
        self.origin
            .is_some_and(|origin| (origin.generation, origin.asked_at) == (chunk.generation, chunk.asked_at))
    }

    /// Index of the part with this number in a row without end.
    pub fn index_of(&self, number: u64) -> Option<usize> {
        let is_it = |(part, _): &(Part, SourceKind)| part.course().is_some_and(|course| course.number == number);
        self.parts.iter().position(is_it)
    }

    /// The hop at which the part with this number begins, where it is known or comes next.
    pub fn start_of(&self, number: u64, hop_len: usize) -> usize {
        let index = self.index_of(number).unwrap_or(match self.end() {
            Some(last) if last + 1 == number => self.parts.len(),
            _ => 0,
        });
        self.lead + hops(&self.parts[..index], hop_len)
    }

    /// Number of the last part of a row without end.
    pub fn end(&self) -> Option<u64> {
        Some(self.parts.last()?.0.course()?.number)
    }

    /// Lets go of parts at the beginning that end more than [`KEPT_HOPS`] before the end.
    pub fn let_go(&mut self, hop_len: usize) {
        let mut left = hops(&self.parts, hop_len);
        while self.parts.len() > 1 && left - hops(&self.parts[..1], hop_len) > KEPT_HOPS {
            let gone = hops(&self.parts[..1], hop_len);
            self.parts.remove(0);
            self.raises.let_go();
            self.lead += gone;
            left -= gone;
        }
    }

    /// Whether `row` answers the same request with more.
    pub fn is_beginning_of(&self, row: &[Arc<DecodedChunk>]) -> bool {
        let request = |chunk: &Arc<DecodedChunk>| (chunk.generation, chunk.asked_at);
        let own = self.origin.map(|origin| (origin.generation, origin.asked_at));
        self.parts.len() < row.len() && own.is_some() && own == row.first().map(request)
    }

    pub fn wants(&self, recording: &Recording) -> bool {
        let steerings = self.parts.iter().filter_map(|(part, _)| part.steering());
        steerings
            .map(|steering| &steering.recording)
            .any(|key| key == recording.key())
    }

    /// `row`, of which the beginning is there as `sent`, as a call.
    pub fn call(sent: Option<&Self>, row: &[Arc<DecodedChunk>]) -> CallKind {
        let is_course = row.first().is_some_and(|chunk| chunk.course.is_some());
        let kept = sent.filter(|sent| !is_course && sent.is_beginning_of(row));
        let kept = kept.map_or(0, |sent| sent.parts.len());
        CallKind::Row {
            request: row.first().map_or(0, |chunk| chunk.generation),
            kept,
            parts: row[kept..].iter().map(|chunk| SoundedPart::of(chunk)).collect(),
        }
    }
}
