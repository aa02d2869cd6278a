//! From a gesture to a request: which latent, under which condition, and what the player does with it.

use crate::app::App;
use crate::atlas::Content;
use crate::audio::{Mode, Playback};
use crate::decode::{Choice, Place, Resolved, Resolver, Span};
use crate::session::{Gesture, PlayMode, PlayPoint, PlaybackSource, Selection, Standing, is_shown};
use crate::values::{ChunkId, DecodeRequest, MapPoint};
use std::sync::Arc;
use std::time::Instant;

impl App {
    /// Plays `point`.
    pub(in crate::app) fn play(&mut self, point: PlayPoint, gesture: Gesture) {
        let Some((choice, standing)) = self.choice_at(point) else {
            return;
        };
        if gesture == Gesture::Begin {
            self.remember_edit("point");
            self.sounding.held = true;
            self.takes.pressed = true;
        }
        let before = self.clip_of(self.session.selection);
        if gesture == Gesture::Begin {
            self.take_marks_back();
            self.begin_at_start();
        }
        if !self.play_choice(choice) {
            return;
        }
        if let (Some(standing), Some(selection)) = (standing, &mut self.session.selection) {
            selection.standing = standing;
        }
        let has_start = self.session.transport.start_secs.is_some();
        if gesture == Gesture::Begin && self.session.transport.mode == PlayMode::Song && !has_start {
            self.audio.seek(0.0);
        }
        let moved_to_another_clip = self.clip_of(self.session.selection) != before;
        if self.session.transport.source == PlaybackSource::Original
            && (moved_to_another_clip || gesture == Gesture::Begin)
        {
            self.load_original();
        }
    }

    /// Plays `choice` whatever led to it; `false` when the space does not have it.
    pub(super) fn play_choice(&mut self, choice: Choice) -> bool {
        let Some(resolved) = self.select(choice) else {
            return false;
        };
        self.session.transport.playing = true;
        self.push_playback();
        self.request(resolved);
        self.audio.play();
        true
    }

    /// Makes `choice` what the play button plays and lets the window show it.
    pub(super) fn select(&mut self, choice: Choice) -> Option<Resolved> {
        let resolved = self.resolve(&choice)?;
        self.show(&choice, &resolved);
        self.sounding.choice = Some(with_content_named(choice, &resolved));
        Some(resolved)
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
        } else if self.sounding.choice.is_some() && self.is_choice_shown() {
            self.session.transport.playing = true;
            self.take_marks_back();
            self.push_playback();
            if !self.go_to_start() && self.session.transport.mode == PlayMode::OneShot {
                self.audio.seek(0.0);
            }
            self.request_decode();
            self.audio.play();
        } else if let Some(chunk) = self.nearest_shown() {
            self.play(PlayPoint::Chunk(chunk), Gesture::Begin);
            self.sounding.held = false;
        }
    }

    /// Asks for what was chosen under the current condition.
    pub(in crate::app) fn request_decode(&mut self) {
        if let Some(resolved) = self.resolved_now() {
            self.request(resolved);
        }
    }

    fn request(&mut self, mut resolved: Resolved) {
        self.take_marks_back();
        self.fit_to_clock(&mut resolved);
        self.follow(&resolved);
        self.session.relative = resolved.relative;
        if self.span() == Span::Endless {
            self.request_endless(&resolved);
            return;
        }
        self.sounding.generation += 1;
        self.want_recordings(&resolved);
        self.backend.decode(DecodeRequest {
            generation: self.sounding.generation,
            asked_at: Instant::now(),
            row: resolved.row,
            strength: resolved.strength,
            context: resolved.context,
            first_number: None,
        });
    }

    /// Latents and conditions of what was chosen.
    pub(super) fn resolved_now(&mut self) -> Option<Resolved> {
        let choice = self.sounding.choice.clone()?;
        self.resolve(&choice)
    }

    /// Hands the player's controls to the engine.
    pub(in crate::app) fn push_playback(&mut self) {
        self.push_keys();
        let transport = &self.session.transport;
        self.audio.set_playback(Playback {
            mode: match self.effective_mode() {
                PlayMode::Loop | PlayMode::Song | PlayMode::Endless => Mode::Loop,
                // Keys begin it as often as they are pressed; only by itself it plays once.
                PlayMode::OneShot if self.session.keys.on => Mode::Loop,
                PlayMode::OneShot => Mode::OneShot,
                PlayMode::Freeze => Mode::Freeze,
            },
            speed: transport.speed,
            volume: transport.volume,
            texture: transport.texture,
            detail: transport.detail,
            region: transport.region.filter(|_| transport.takes_region()),
            start_secs: transport.start_secs.filter(|_| transport.takes_region()),
        });
        self.audio.hear_original(transport.source == PlaybackSource::Original);
    }

    /// How much of what was chosen sounds.
    pub(super) fn span(&self) -> Span {
        match self.effective_mode() {
            PlayMode::Loop | PlayMode::Freeze => Span::Loop,
            PlayMode::OneShot => Span::Once,
            PlayMode::Song => Span::Song,
            PlayMode::Endless => Span::Endless,
        }
    }

    /// Plays as much from now on; a frozen or held sound is a loop already.
    pub(super) fn set_span(&mut self, span: Span) {
        if span != self.span() {
            self.session.transport.mode = match span {
                Span::Loop => PlayMode::Loop,
                Span::Once => PlayMode::OneShot,
                Span::Song => PlayMode::Song,
                Span::Endless => PlayMode::Endless,
            };
        }
    }

    /// The chunks whose recordings belong to what sounds, in the order they sound.
    pub(in crate::app) fn sounding_row(&self) -> Vec<ChunkId> {
        match (&self.session.space, self.session.selection) {
            (Some(view), Some(selection)) => self.span().chunks_from(&view.snapshot, selection.chunk),
            (_, selection) => selection.map(|selection| selection.chunk).into_iter().collect(),
        }
    }

    /// A one-shot goes round while the hand holds it.
    fn effective_mode(&self) -> PlayMode {
        match self.session.transport.mode {
            PlayMode::OneShot if self.sounding.held => PlayMode::Loop,
            mode => mode,
        }
    }

    fn resolve(&mut self, choice: &Choice) -> Option<Resolved> {
        let (asked, span) = (self.session.asked(), self.span());
        self.resolver()?.resolve(choice, &asked, span).ok()
    }

    fn resolver(&mut self) -> Option<&mut Resolver> {
        let snapshot = &self.session.space.as_ref()?.snapshot;
        let shown = self.session.shown().cloned();
        let resolver = &mut self.sounding.resolver;
        Some(resolver.get_or_insert_with(|| {
            let mut resolver = Resolver::new(Arc::clone(snapshot));
            resolver
                .set_may_be_relative(shown.map(|shown| Arc::new(move |chunk| is_shown(Some(&shown), chunk)) as Arc<_>));
            resolver
        }))
    }

    /// What `point` means with Hold as it is and some of the map hidden, and how the sound stands to that place where the
    /// choice does not tell.
    fn choice_at(&mut self, point: PlayPoint) -> Option<(Choice, Option<Standing>)> {
        let layout = self.session.layout()?.kind;
        let playing = self.session.selection.map(|selection| selection.chunk);
        let content = match playing.filter(|_| self.session.transport.hold_content) {
            Some(held) => Content::Held(held),
            None => Content::Nearest { playing },
        };
        let on_map = match point {
            PlayPoint::Chunk(_) => None,
            PlayPoint::At(point) => Some((layout, point)),
            PlayPoint::On(layout, point) => Some((layout, point)),
        };
        let place = match (point, on_map, self.session.shown()) {
            (PlayPoint::Chunk(chunk), _, shown) if !is_shown(shown, chunk) => return None,
            (PlayPoint::Chunk(chunk), ..) => Place::Chunk(chunk),
            (_, Some(on_map), Some(shown)) => {
                let shown = shown.clone();
                let chosen = self.resolver()?.choose_among(on_map, content, |chunk| shown.has(chunk));
                return chosen.ok().map(|(choice, standing)| (choice, Some(standing)));
            }
            (_, Some((layout, point)), None) => Place::At { layout, point },
            (_, None, _) => return None,
        };
        let content = match content {
            Content::Held(held) if !is_shown(self.session.shown(), held) => Content::Nearest { playing: None },
            content => content,
        };
        let choice = Choice {
            content,
            ..Choice::new(place)
        };
        Some((choice, None))
    }

    /// Lets the window show what `choice` has led to.
    fn show(&mut self, choice: &Choice, resolved: &Resolved) {
        self.session.sample = match choice.place {
            Place::Draw { index, .. } => Some(index),
            Place::Chunk(_) | Place::At { .. } => None,
        };
        if let Some(chunk) = resolved.anchor
            && let Some(point) = self.place_of(choice, chunk)
        {
            self.session.selection = Some(Selection {
                point,
                chunk,
                standing: resolved.standing,
            });
        }
    }

    /// Where `choice` lies on the layout on screen; where its `anchor` does when it names a place of another layout.
    fn place_of(&self, choice: &Choice, anchor: ChunkId) -> Option<MapPoint> {
        let on_screen = self.session.layout()?;
        let chunk = match choice.place {
            Place::At { layout, point } if layout == on_screen.kind => return Some(point),
            Place::Chunk(chunk) => chunk,
            Place::At { .. } | Place::Draw { .. } => anchor,
        };
        let view = *on_screen.positions.get(chunk.0 as usize)?;
        Some(on_screen.map_from_view(view))
    }

    fn clip_of(&self, selection: Option<Selection>) -> Option<crate::values::ClipId> {
        let chunk = selection?.chunk.0 as usize;
        Some(self.session.space.as_ref()?.snapshot.chunks.get(chunk)?.clip)
    }

    /// What the play button plays before anything was chosen, or after that was hidden.
    fn nearest_shown(&self) -> Option<ChunkId> {
        let layout = self.session.layout()?;
        let here = self
            .session
            .selection
            .map_or([0.0, 0.0], |selection| layout.view_from_map(selection.point));
        layout.nearest(here, self.session.shown()).map(|(chunk, _)| chunk)
    }
}

/// `choice` with the chunk whose events it turned out to have: between two chunks that depends on what sounded before.
fn with_content_named(choice: Choice, resolved: &Resolved) -> Choice {
    match (choice.place, resolved.anchor) {
        (Place::At { .. }, Some(anchor)) => Choice {
            content: Content::Held(anchor),
            ..choice
        },
        _ => choice,
    }
}
