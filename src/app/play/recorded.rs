//! The recordings behind what sounds: asked for with every sound, read on while a song plays, missed in a sentence.

use crate::app::App;
use crate::decode::Resolved;
use crate::jobs::Unheard;
use crate::session::RecordingGap;
use crate::values::ChunkId;
use crate::workers::{RecordingEvent, RecordingRequest};
use std::sync::Arc;

/// Points around the one that sounds whose recordings are read ahead.
const LIKELY_NEXT: usize = 8;

impl App {
    /// Brings the recordings of what is about to sound, unless the model is to sound alone.
    pub(super) fn want_recordings(&mut self, resolved: &Resolved) {
        let (Some(view), Some(anchor)) = (&self.session.space, resolved.sounding()) else {
            self.session.recording_gap = None;
            return;
        };
        let snapshot = Arc::clone(&view.snapshot);
        let row = self.span().chunks_from(&snapshot, anchor);
        let wanted = Some((snapshot.hash.clone(), row.clone()));
        if self.recorded.wanted == wanted {
            return;
        }
        if self.session.transport.detail <= 0.0 {
            // Whether it has one is not looked up.
            self.session.recording_gap = None;
            return;
        }
        let chunk_frames = snapshot.meta.model.chunk_frames;
        let parts = resolved.row.iter();
        self.recorded.row = parts
            .filter_map(|part| Some((part.anchor.as_ref()?.recording.clone(), chunk_frames - part.skip_frames)))
            .collect();
        self.recorded.wanted = wanted;
        self.recorded.sounding = None;
        self.session.recording_gap = None;
        self.recorded.loader.want(RecordingRequest {
            also: self.likely_next(anchor),
            roots: self.recording_roots(&snapshot),
            snapshot,
            row,
        });
    }

    /// Once a frame: tells the loader what sounds, and takes what it has to say.
    pub(in crate::app) fn follow_recordings(&mut self) {
        while let Ok(event) = self.recorded.events.try_recv() {
            match event {
                RecordingEvent::Unheard { why, .. } => self.session.recording_gap = gap(why),
                RecordingEvent::Died(message) => log::error!("the loader of recordings died: {message}"),
            }
        }
        if self.recorded.row.is_empty() {
            return;
        }
        let frames: usize = self.recorded.row.iter().map(|(_, frames)| frames).sum();
        let mut place = (self.audio.position() * frames as f32) as usize;
        let mut sounding = self.recorded.row.iter().enumerate();
        let found = sounding.find(|(_, (_, frames))| {
            let is_here = place < *frames;
            place = place.saturating_sub(*frames);
            is_here
        });
        if let Some((index, (key, _))) = found
            && self.recorded.sounding != Some(index)
        {
            self.recorded.loader.played(key);
            self.recorded.sounding = Some(index);
        }
    }

    /// The points around `anchor` on the map, the nearest first.
    fn likely_next(&self, anchor: ChunkId) -> Vec<ChunkId> {
        let around = self.session.layout().and_then(|layout| {
            let place = *layout.positions.get(anchor.0 as usize)?;
            Some(layout.nearest_many(place, LIKELY_NEXT + 1, self.session.shown()))
        });
        let mut around = around.unwrap_or_default();
        around.retain(|chunk| *chunk != anchor);
        around
    }
}

fn gap(why: Unheard) -> Option<RecordingGap> {
    let can_be_found = matches!(why, Unheard::Missing(_) | Unheard::Changed(_));
    (why != Unheard::Stopped).then(|| RecordingGap {
        sentence: why.to_string(),
        can_be_found,
    })
}
