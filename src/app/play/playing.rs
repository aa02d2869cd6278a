//! From a gesture to a request: which latent, under which condition, and what the player does with it.

use super::inverse::Inverse;
use crate::app::App;
use crate::atlas::Content;
use crate::audio::{Mode, Playback};
use crate::session::{Gesture, LayoutView, PlayMode, PlayPoint, PlaybackSource, Selection, Standing};
use crate::values::{ChunkId, DecodeRequest, Latent, LoopContext, RowChunk};
use std::sync::Arc;
use std::time::Instant;

/// What sounds, and the index that answers where a click is.
#[derive(Default)]
pub struct Sounding {
    /// Rises with every request.
    pub generation: u64,
    pub latent: Option<Arc<Latent>>,
    inverse: Option<Inverse>,
    /// The hand is on the map, so a one-shot goes round until it is lifted.
    pub held: bool,
}

impl Sounding {
    /// Forgets everything about an old snapshot; what sounds goes on.
    pub fn space_changed(&mut self) {
        self.inverse = None;
    }
}

impl App {
    /// Plays `point`.
    pub(in crate::app) fn play(&mut self, point: PlayPoint, gesture: Gesture) {
        if gesture == Gesture::Begin {
            self.remember_edit("point");
            self.sounding.held = true;
        }
        let Some((latent, selection)) = self.locate(point) else {
            return;
        };
        let moved_to_another_clip = self.clip_of(Some(selection)) != self.clip_of(self.session.selection);
        self.session.selection = Some(selection);
        self.session.sample = None;
        self.session.global.clone_from(&latent.global);
        self.sounding.latent = Some(Arc::new(latent));
        self.follow_labels();
        self.session.transport.playing = true;
        self.push_playback();
        if gesture == Gesture::Begin && self.session.transport.mode == PlayMode::Song {
            self.audio.seek(0.0);
        }
        self.request_decode();
        self.audio.play();
        if self.session.transport.source == PlaybackSource::Original
            && (moved_to_another_clip || gesture == Gesture::Begin)
        {
            self.load_original();
        }
    }

    /// The hand left the map.
    pub(in crate::app) fn release(&mut self) {
        self.sounding.held = false;
        self.push_playback();
    }

    /// Starts what was selected last, or stops.
    pub(in crate::app) fn toggle_play(&mut self) {
        self.sounding.held = false;
        if self.session.transport.playing {
            self.session.transport.playing = false;
            self.session.motion = None;
            self.audio.stop();
        } else if self.sounding.latent.is_some() {
            self.session.transport.playing = true;
            self.push_playback();
            if self.session.transport.mode == PlayMode::OneShot {
                self.audio.seek(0.0);
            }
            self.request_decode();
            self.audio.play();
        } else if let Some(chunk) = self.middle_chunk() {
            self.play(PlayPoint::Chunk(chunk), Gesture::Begin);
            self.sounding.held = false;
        }
    }

    /// Asks for the current latent under the current condition.
    pub(in crate::app) fn request_decode(&mut self) {
        let (Some(latent), Some(condition)) = (self.sounding.latent.clone(), self.condition_now()) else {
            return;
        };
        self.sounding.generation += 1;
        self.backend.decode(DecodeRequest {
            generation: self.sounding.generation,
            asked_at: Instant::now(),
            rest: self.rest_of_the_song(&latent),
            start_secs: self
                .session
                .selection
                .map_or(0.0, |selection| self.start_secs(selection.chunk)),
            latent,
            condition,
            strength: self.session.mixer.strength,
            context: match self.effective_mode() {
                PlayMode::OneShot | PlayMode::Song => LoopContext::Open,
                PlayMode::Loop | PlayMode::Freeze => LoopContext::Circular,
            },
        });
    }

    /// Plays `latent`, which belongs to no place on the map.
    pub(in crate::app) fn play_latent(&mut self, latent: Latent) {
        self.session.global.clone_from(&latent.global);
        self.sounding.latent = Some(Arc::new(latent));
        self.session.transport.playing = true;
        self.push_playback();
        self.request_decode();
        self.audio.play();
    }

    /// Hands the player's controls to the engine.
    pub(in crate::app) fn push_playback(&self) {
        let transport = &self.session.transport;
        self.audio.set_playback(Playback {
            mode: match self.effective_mode() {
                PlayMode::Loop | PlayMode::Song => Mode::Loop,
                PlayMode::OneShot => Mode::OneShot,
                PlayMode::Freeze => Mode::Freeze,
            },
            speed: transport.speed,
            volume: transport.volume,
            texture: transport.texture,
        });
        self.audio.hear_original(transport.source == PlaybackSource::Original);
    }

    /// A one-shot goes round while the hand holds it.
    fn effective_mode(&self) -> PlayMode {
        match self.session.transport.mode {
            PlayMode::OneShot if self.sounding.held => PlayMode::Loop,
            mode => mode,
        }
    }

    /// The chunks whose recordings belong to what sounds, in the order they sound.
    pub(in crate::app) fn sounding_row(&self) -> Vec<ChunkId> {
        match (&self.session.space, self.session.selection) {
            (Some(view), Some(selection)) if self.session.transport.mode == PlayMode::Song => {
                view.snapshot.song_from(selection.chunk)
            }
            (_, selection) => selection.map(|selection| selection.chunk).into_iter().collect(),
        }
    }

    /// What follows `latent` when the whole song is played: the clip's other chunks, moved as far in timbre as `latent`
    /// was moved away from its own.
    fn rest_of_the_song(&self, latent: &Latent) -> Vec<RowChunk> {
        let Some(view) = &self.session.space else {
            return Vec::new();
        };
        let row = self.sounding_row();
        let alone = row.len() < 2 || self.session.sample.is_some();
        let Some((first, rest)) = row.split_first().filter(|_| !alone) else {
            return Vec::new();
        };
        let latents = &view.snapshot.latents;
        let home = latents.get(*first).global;
        rest.iter()
            .map(|chunk| {
                let mut other = latents.get(*chunk);
                let moved = latent.global.iter().zip(&home).map(|(now, home)| now - home);
                other.global.iter_mut().zip(moved).for_each(|(g, by)| *g += by);
                RowChunk {
                    latent: Arc::new(other),
                    start_secs: self.start_secs(*chunk),
                }
            })
            .collect()
    }

    /// Where `chunk` begins in its recording.
    fn start_secs(&self, chunk: ChunkId) -> f32 {
        let chunks = self.session.space.as_ref().map(|view| &view.snapshot.chunks);
        let chunk = chunks.and_then(|chunks| chunks.get(chunk.0 as usize));
        chunk.map_or(0.0, |chunk| chunk.start_secs)
    }

    fn locate(&mut self, point: PlayPoint) -> Option<(Latent, Selection)> {
        let view = self.session.space.clone()?;
        let layout = view.layout(self.session.settings.layout)?;
        let playing = self.session.selection.map(|selection| selection.chunk);
        let held = playing.filter(|_| self.session.transport.hold_content);
        match point {
            PlayPoint::Chunk(chunk) => {
                let place = *layout.positions.get(chunk.0 as usize)?;
                let mut latent = view.snapshot.latents.get(chunk);
                if let Some(held) = held.filter(|held| (held.0 as usize) < view.snapshot.latents.len()) {
                    latent.local = view.snapshot.latents.get(held).local;
                }
                let selection = Selection {
                    point: layout.map_from_view(place),
                    chunk: held.unwrap_or(chunk),
                    standing: if held.is_none() {
                        Standing::Chunk
                    } else {
                        Standing::Blend
                    },
                };
                Some((latent, selection))
            }
            PlayPoint::At(at) => {
                let content = held.map_or(Content::Nearest { playing }, Content::Held);
                let (located, on_plane) = self.inverse(layout)?.locate(at, content)?;
                let selection = Selection {
                    point: at,
                    chunk: located.anchor,
                    standing: match (located.blend.len(), held) {
                        (1, None) => Standing::Chunk,
                        _ if on_plane => Standing::Exact,
                        _ => Standing::Blend,
                    },
                };
                Some((located.latent, selection))
            }
        }
    }

    fn inverse(&mut self, layout: &LayoutView) -> Option<&Inverse> {
        if self.sounding.inverse.as_ref().map(Inverse::kind) != Some(layout.kind) {
            let snapshot = Arc::clone(&self.session.space.as_ref()?.snapshot);
            self.sounding.inverse = Some(Inverse::new(snapshot, layout.kind)?);
        }
        self.sounding.inverse.as_ref()
    }

    fn clip_of(&self, selection: Option<Selection>) -> Option<crate::values::ClipId> {
        let chunk = selection?.chunk.0 as usize;
        Some(self.session.space.as_ref()?.snapshot.chunks.get(chunk)?.clip)
    }

    /// What the play button plays before anything was chosen.
    fn middle_chunk(&self) -> Option<ChunkId> {
        self.session.layout()?.nearest([0.0, 0.0]).map(|(chunk, _)| chunk)
    }
}
