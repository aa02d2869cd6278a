//! Music that goes on, offline: a walk of the asked length, decoded stretch by stretch and played by the live engine's own parts.

use super::offline::Rendered;
use super::recipe::{Recipe, RecipeError};
use super::row::{MAX_SECS, go_on};
use crate::audio::{AudioEngine, AudioOptions, Mode, Playback, RecordingOf};
use crate::decode::{
    Asked, Endless, EndlessIndex, EndlessSteering, MayBe, OwnLevels, Relatives, ResolveError, Resolver, SpaceDecoder,
    Span, Stretch, endless_part,
};
use crate::dsp::BandAxis;
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::{ChunkId, Course, DecodedChunk, LoopContext};
use std::sync::Arc;
use std::time::Instant;

/// Length where none is asked for.
const DEFAULT_SECS: f32 = 60.0;
/// Parts that are published beyond the one that sounds.
const AHEAD: u64 = 2;
/// Stereo frames that are made at once.
const BLOCK: usize = 256;

/// A walk that is ready to be rendered.
pub struct EndlessPlan {
    index: Arc<EndlessIndex>,
    stretches: Vec<Stretch>,
    asked: Asked,
    moved: Option<Vec<f32>>,
    seconds: f32,
}

impl EndlessPlan {
    /// The walk of `recipe`; `None` where that does not go on without end.
    ///
    /// # Errors
    /// When it names something the space does not have.
    pub fn of(snapshot: &Arc<Snapshot>, recipe: &Recipe) -> Result<Option<Self>, RecipeError> {
        recipe.check(snapshot)?;
        match recipe.choice(snapshot)? {
            Some((_, Span::Endless)) => {
                let index = Arc::new(EndlessIndex::new(Arc::clone(snapshot)));
                Self::with_index(index, recipe).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The same by an index that is there.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn with_index(index: Arc<EndlessIndex>, recipe: &Recipe) -> Result<Self, RecipeError> {
        Self::among(index, recipe, None)
    }

    /// The same where only some chunks may sound.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn among(index: Arc<EndlessIndex>, recipe: &Recipe, shown: Option<MayBe>) -> Result<Self, RecipeError> {
        let snapshot = Arc::clone(index.snapshot());
        let nowhere = ResolveError::NowhereOnMap;
        let (choice, _) = recipe.choice(&snapshot)?.ok_or_else(|| nowhere.clone())?;
        let mut resolver = Resolver::by(recipe.version, Arc::clone(&snapshot));
        let asked = recipe.asked();
        let resolved = resolver.resolve(&choice, &asked, Span::Endless)?;
        let begin = resolved.sounding().ok_or(nowhere)?;
        let cursor = resolved
            .row
            .first()
            .map(|part| part.latent.global.clone())
            .unwrap_or_default();
        let moved = choice.global.as_ref().map(|global| {
            let home = snapshot.latents.global(begin);
            global.iter().zip(home).map(|(now, home)| now - home).collect()
        });
        let wanted = match asked.relatives {
            Relatives::Off => None,
            Relatives::Nearest | Relatives::Pinned(_) => asked.condition.clone(),
        };
        let steering = EndlessSteering {
            cursor,
            wanted,
            adventure: recipe.adventure,
            shown,
        };
        let seconds = recipe.seconds.filter(|secs| secs.is_finite()).unwrap_or(DEFAULT_SECS);
        let seconds = seconds.clamp(0.05, MAX_SECS);
        let rate = snapshot.meta.model.frame_rate_hz();
        let mut walk = Endless::begin(Arc::clone(&index), (begin, 0), steering, recipe.seed);
        let (mut stretches, mut planned_secs) = (Vec::new(), 0.0);
        // A little more than is heard: the last stretch has something after it.
        while planned_secs < seconds + 2.0 * snapshot.chunk_secs() {
            let stretch = walk.stretch();
            planned_secs += stretch.frames as f32 / (rate * stretch.pace);
            stretches.push(stretch);
        }
        Ok(Self {
            index,
            stretches,
            asked,
            moved,
            seconds,
        })
    }

    /// What sounds, in order; a little more than is heard.
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// The chunks whose recordings are played, in the order in which they sound.
    pub fn chunks(&self) -> Vec<ChunkId> {
        let mut chunks: Vec<ChunkId> = self.stretches.iter().map(|stretch| stretch.chunk).collect();
        chunks.dedup();
        chunks
    }

    /// Seconds from the beginning at which it jumps, as far as they are heard.
    pub fn jumps_secs(&self) -> Vec<f32> {
        let rate = self.index.snapshot().meta.model.frame_rate_hz();
        let mut at = 0.0;
        let mut jumps = Vec::new();
        for stretch in &self.stretches {
            if stretch.is_jump && at > 0.0 && at < self.seconds {
                jumps.push(at);
            }
            at += stretch.frames as f32 / (rate * stretch.pace);
        }
        jumps
    }

    /// Renders it as `recipe` says with `decoder`, which must hold its space; stereo at the player's rate, limited as live.
    ///
    /// # Errors
    /// When the device fails; [`RecipeError::Stopped`] soon after `stop` is set.
    pub fn render(
        &self,
        decoder: &SpaceDecoder,
        recipe: &Recipe,
        recording_of: &mut RecordingOf<'_>,
        stop: &StopFlag,
    ) -> Result<Rendered, RecipeError> {
        let sample_rate_hz = BandAxis::standard().sample_rate_hz();
        let options = AudioOptions {
            seed: recipe.seed,
            silent: true,
            ..AudioOptions::default()
        };
        let (engine, mut renderer) =
            AudioEngine::detached(options, sample_rate_hz).map_err(|error| RecipeError::Engine(error.to_string()))?;
        engine.set_playback(Playback {
            mode: Mode::Loop,
            speed: 1.0,
            volume: 1.0,
            texture: recipe.texture,
            detail: recipe.detail,
            ..Playback::default()
        });
        let asked_at = Instant::now();
        let mut own_levels = OwnLevels::default();
        let len = (self.seconds * sample_rate_hz as f32) as usize;
        let mut samples = Vec::with_capacity(2 * len + 2 * BLOCK);
        let mut upcoming = (0u64..).zip(&self.stretches);
        let mut published = 0;
        engine.play();
        while samples.len() < 2 * len {
            go_on(stop)?;
            let playing = engine.course_place().map_or(0, |(number, _)| number);
            while published <= playing + AHEAD
                && let Some((number, stretch)) = upcoming.next()
            {
                let mut chunk = self.decoded(decoder, stretch, recipe.strength, &mut own_levels)?;
                if recipe.detail > 0.0
                    && let Some(steering) = &chunk.steering
                    && let Some(recording) = recording_of(&steering.recording)
                {
                    engine.publish_recording(recording);
                }
                chunk.asked_at = asked_at;
                chunk.course = Some(Course {
                    number,
                    is_jump: stretch.is_jump,
                });
                engine.publish_row(&[Arc::new(chunk)]);
                published = number + 1;
            }
            let place = samples.len();
            samples.resize(place + 2 * BLOCK, 0.0);
            renderer.render(&mut samples[place..], 2);
        }
        samples.truncate(2 * len);
        Ok(Rendered {
            samples,
            channels: 2,
            sample_rate_hz,
            loops: false,
        })
    }

    fn decoded(
        &self,
        decoder: &SpaceDecoder,
        stretch: &Stretch,
        strength: f32,
        own_levels: &mut OwnLevels,
    ) -> Result<DecodedChunk, RecipeError> {
        let part = endless_part(&self.index, stretch, &self.asked, self.moved.as_deref());
        let context = LoopContext::Open;
        let (frames, steering) = decoder.decode_steered(&part, strength, context, own_levels)?;
        let mut audio = decoder.audio(frames, context);
        let raise = decoder.raise_audio(&mut audio, part.loudness);
        let steering = match steering {
            None => decoder.steer_samples(&part, (&audio, raise), context, own_levels)?,
            steering => steering,
        };
        Ok(DecodedChunk {
            generation: 1,
            steering,
            timing: part.timing,
            ..DecodedChunk::of(audio)
        })
    }
}
