//! Music that goes on, live: what the planner finds becomes one row that grows at its end while it plays.

use crate::app::App;
use crate::decode::{Choice, EndlessSteering, Place, Relatives, Resolved, Span, endless_part};
use crate::dsp::BandAxis;
use crate::session::{PlayMode, is_shown};
use crate::space::Snapshot;
use crate::values::{ChunkId, DecodeRequest};
use crate::workers::{Plan, PlanWish, RecordingRequest};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Planned and decoded beyond the playhead at least; a recording has so long to come from the disk.
const AHEAD_SECS: f32 = 12.0;
/// Planned at once.
const PLANNED_SECS: f32 = 9.0;
/// What sounds in any case before another way is taken: a decode takes so long.
const REACTION_SECS: f32 = 0.12;
/// A decode that was not answered for so long is asked for again.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Chunks of the way that the map shows.
const TRAIL: usize = 48;

impl App {
    /// Lets the walk begin with, or turn to, what `resolved` means.
    pub(super) fn request_endless(&mut self, resolved: &Resolved) {
        let (Some(snapshot), Some(goal)) = (
            self.snapshot(),
            resolved.sounding().or_else(|| self.nearest_to(resolved)),
        ) else {
            return;
        };
        let steering = self.steering(resolved);
        self.endless.strength = resolved.strength;
        self.endless.moved = self.moved_by_hand(resolved);
        self.sounding.generation += 1;
        let now = Instant::now();
        self.endless.row = Some((self.sounding.generation, now, now));
        let plays = self.session.transport.playing && self.audio.course_place().is_some();
        if !self.endless.is_walking() || !plays {
            self.endless.end();
            self.endless.row = Some((self.sounding.generation, now, now));
            self.endless.goal = Some(goal);
            self.session.trail = vec![goal];
            let seed = self.endless.seed;
            let wish = PlanWish::Begin {
                chunk: goal,
                steering,
                seed,
            };
            self.endless.ask(&snapshot, wish, AHEAD_SECS);
            self.first_sound(&snapshot, goal, resolved);
            return;
        }
        self.drop_heard_legs();
        let turns = self.endless.goal != Some(goal);
        self.endless.goal = Some(goal);
        let into_frames = self.frames_into_leg(&snapshot);
        if let Some(leg) = self.endless.legs.front().cloned() {
            let wish = PlanWish::Turn {
                leg,
                keep_frames: into_frames,
                to: turns.then_some(goal),
                steering,
            };
            self.endless.ask(&snapshot, wish, AHEAD_SECS);
        }
        self.decode_legs();
    }

    /// Once a frame: what has sounded is let go of, what is planned is decoded, and there is always something planned.
    pub(in crate::app) fn follow_endless(&mut self) {
        while let Some(plan) = self.endless.planner.take() {
            self.take_plan(plan);
        }
        let Some(snapshot) = self.snapshot() else { return };
        if self.span() != Span::Endless || !self.endless.is_walking() {
            return;
        }
        self.drop_heard_legs();
        let rate = snapshot.meta.model.frame_rate_hz();
        let planned: f32 = self
            .endless
            .legs
            .iter()
            .map(|leg| leg.stretch.frames as f32 / (rate * leg.stretch.pace))
            .sum();
        if planned < AHEAD_SECS
            && !self.endless.is_out
            && let Some(after) = self.endless.after.clone()
        {
            self.endless.ask(&snapshot, PlanWish::GoOn(after), PLANNED_SECS);
        }
        let last = self.endless.first + self.endless.legs.len() as u64 - 1;
        if let Some((generation, _, asked)) = self.endless.row
            && self.audio.course_end() != Some((generation, last))
            && asked.elapsed() > PATIENCE
        {
            self.decode_legs();
        }
    }

    fn take_plan(&mut self, plan: Plan) {
        if plan.id != self.endless.asked_for || self.endless.row.is_none() {
            return;
        }
        self.endless.is_out = false;
        log::debug!("planned {} legs in {:.1} ms", plan.legs.len(), plan.thought_secs * 1e3);
        let Plan { legs, after, index, .. } = plan;
        let begins = legs.first().zip(self.endless.legs.front());
        let replaces = begins
            .is_none_or(|(new, old)| new.stretch.chunk == old.stretch.chunk && new.stretch.from == old.stretch.from);
        let is_other_way = replaces && self.endless.after.is_some() && self.endless.is_walking();
        if replaces {
            self.endless.legs.clear();
        }
        self.endless.legs.extend(legs);
        (self.endless.after, self.endless.index) = (Some(after), Some(index));
        if is_other_way {
            // Numbers mean other stretches now.
            self.sounding.generation += 1;
            let now = Instant::now();
            self.endless.row = Some((self.sounding.generation, now, now));
        }
        self.decode_legs();
    }

    /// The first stretch sounds at once, before the planner has answered.
    fn first_sound(&mut self, snapshot: &Arc<Snapshot>, goal: ChunkId, resolved: &Resolved) {
        let Some((generation, asked_at, _)) = self.endless.row else {
            return;
        };
        let asked = self.session.asked();
        let mut row = resolved.row.clone();
        row.truncate(1);
        for part in &mut row {
            part.timing = Default::default();
            part.is_jump = true;
            part.loudness = asked.loudness(&snapshot.labels(goal), Span::Endless);
            if let Some(own) = &part.anchor {
                // What goes on is the recording itself.
                part.latent.global.clone_from(&own.global);
            }
        }
        self.read_recordings(snapshot, vec![goal]);
        self.backend.decode(DecodeRequest {
            generation,
            asked_at,
            row,
            strength: resolved.strength,
            context: Span::Endless.context(),
            first_number: Some(self.endless.first),
        });
    }

    /// Asks for every leg that was not published under the newest request.
    fn decode_legs(&mut self) {
        let (Some(snapshot), Some(index), Some((generation, asked_at, _))) =
            (self.snapshot(), self.endless.index.clone(), self.endless.row)
        else {
            return;
        };
        if !Arc::ptr_eq(index.snapshot(), &snapshot) {
            return;
        }
        let first = match self.audio.course_end() {
            Some((published, number)) if published == generation => (number + 1).max(self.endless.first),
            _ => self.endless.first,
        };
        let asked = self.session.asked();
        let moved = self.endless.moved.clone();
        let legs = self.endless.legs.iter().skip((first - self.endless.first) as usize);
        let row: Vec<_> = legs
            .map(|leg| endless_part(&index, &leg.stretch, &asked, moved.as_deref()))
            .collect();
        let mut chunks: Vec<ChunkId> = self.endless.legs.iter().map(|leg| leg.stretch.chunk).collect();
        chunks.dedup();
        self.read_recordings(&snapshot, chunks);
        if row.is_empty() {
            return;
        }
        self.endless.row = Some((generation, asked_at, Instant::now()));
        self.backend.decode(DecodeRequest {
            generation,
            asked_at,
            row,
            strength: self.endless.strength,
            context: Span::Endless.context(),
            first_number: Some(first),
        });
    }

    fn read_recordings(&mut self, snapshot: &Arc<Snapshot>, row: Vec<ChunkId>) {
        if self.session.transport.detail <= 0.0 || self.endless.recordings == row {
            return;
        }
        self.endless.recordings.clone_from(&row);
        self.recorded.forget();
        self.recorded.row.clear();
        self.recorded.loader.want(RecordingRequest {
            also: Vec::new(),
            roots: self.recording_roots(snapshot),
            snapshot: Arc::clone(snapshot),
            row,
        });
    }

    /// Lets go of legs that have sounded, and leaves their chunks on the trail.
    fn drop_heard_legs(&mut self) {
        let Some((number, _)) = self.audio.course_place() else {
            return;
        };
        while self.endless.first < number && self.endless.legs.len() > 1 {
            self.endless.legs.pop_front();
            self.endless.first += 1;
            if let Some(leg) = self.endless.legs.front() {
                let chunk = leg.stretch.chunk;
                if self.session.trail.last() != Some(&chunk) {
                    self.session.trail.push(chunk);
                }
                let surplus = self.session.trail.len().saturating_sub(TRAIL);
                self.session.trail.drain(..surplus);
                if let Some(view) = &self.session.space {
                    self.recorded.loader.played(&view.snapshot.recording_key(chunk));
                }
            }
        }
    }

    /// Frames of the leg that sounds that are heard before a turn can come.
    fn frames_into_leg(&self, snapshot: &Snapshot) -> usize {
        let axis = BandAxis::standard();
        let hops_per_sec = axis.sample_rate_hz() as f32 / axis.hop_len() as f32;
        let into_secs = match self.audio.course_place() {
            Some((number, hops)) if number == self.endless.first => hops as f32 / hops_per_sec,
            _ => 0.0,
        };
        ((into_secs + REACTION_SECS * self.session.transport.speed) * snapshot.meta.model.frame_rate_hz()) as usize
    }

    fn steering(&self, resolved: &Resolved) -> EndlessSteering {
        let asked = self.session.asked();
        let cursor = resolved.row.first().map(|part| part.latent.global.clone());
        let shown = self.session.shown().cloned();
        EndlessSteering {
            cursor: cursor.unwrap_or_default(),
            wanted: asked.condition.filter(|_| asked.relatives != Relatives::Off),
            adventure: self.session.transport.adventure,
            shown: shown.map(|shown| Arc::new(move |chunk| is_shown(Some(&shown), chunk)) as Arc<_>),
        }
    }

    fn moved_by_hand(&self, resolved: &Resolved) -> Option<Vec<f32>> {
        let global = self.sounding.choice.as_ref()?.global.as_ref()?;
        let home = self.session.space.as_ref()?.snapshot.latents.global(resolved.anchor?);
        Some(global.iter().zip(home).map(|(now, home)| now - home).collect())
    }

    /// The chunk whose g is nearest to a sound that no recording stands behind.
    fn nearest_to(&self, resolved: &Resolved) -> Option<ChunkId> {
        let wanted = &resolved.row.first()?.latent.global;
        let snapshot = &self.session.space.as_ref()?.snapshot;
        let rows = snapshot.latents.globals().chunks_exact(wanted.len().max(1));
        let apart = rows.map(|row| {
            row.iter()
                .zip(wanted)
                .map(|(a, b)| (a.to_f32() - b).powi(2))
                .sum::<f32>()
        });
        let nearest = apart.zip(0..).min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(ChunkId(nearest.1))
    }

    /// The walk is over: what sounds of it goes on as another mode plays it.
    pub(in crate::app) fn leave_endless(&mut self, mode: PlayMode) {
        let sounding = self.endless.legs.front().map(|leg| leg.stretch.chunk);
        self.endless.end();
        self.session.trail.clear();
        if let Some(chunk) = sounding.filter(|_| mode != PlayMode::Endless && self.session.transport.playing) {
            self.play_choice(Choice::new(Place::Chunk(chunk)));
        }
    }

    /// Adventure is another way from the next jump on.
    pub(in crate::app) fn set_adventure(&mut self, adventure: f32) {
        let adventure = if adventure.is_finite() {
            adventure.clamp(0.0, 1.0)
        } else {
            0.5
        };
        (self.session.transport.adventure, self.session.settings.adventure) = (adventure, adventure);
        if self.span() == Span::Endless && self.session.transport.playing {
            self.request_decode();
        }
    }
}
