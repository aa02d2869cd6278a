//! Spaces made up for tests: one that does everything right, and ones with a single fault each. The figures must tell
//! them apart, or the figures are worth nothing.

use super::control::RealReadings;
use super::evaluator::Evaluator;
use super::features::{FeatureExtractor, SAMPLE_RATE_HZ};
use super::probe::Heard;
use super::space_under_test::{Encoded, RealChunk, SoundAsked, SpaceUnderTest};
use crate::codec::SpectralCodec;
use crate::dsp::BandAxis;
use crate::eval::{Dataset, EvalError, ModelFigures, model_figures};
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, ChunkId, Condition, Frames, Latent};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::f32::consts::TAU;
use std::sync::LazyLock;

const GENRES: usize = 3;
const STEPS: usize = 8;
const LEN: usize = 32_768;

/// What is wrong with a space.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    /// Decodes the same whatever the condition.
    IgnoresCondition,
    /// g is constant and changes nothing.
    DeadGlobal,
    /// Another rhythm for every condition.
    LosesContent,
    /// Moves arousal whenever valence moves.
    Entangled,
}

struct FakeSpace {
    fault: Fault,
    /// The true latent of every clip.
    truth: Vec<Latent>,
    band_std: Vec<f32>,
}

/// Genre is the wave's shape, valence its brightness, arousal its noise; g is pitch and register, l the rhythm.
fn sing(latent: &Latent, condition: &Condition) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let hz = 220.0 * (0.5 * latent.global[0]).exp2();
    let register = 1.0 + 0.5 * latent.global[1].tanh();
    let brightness = 0.55 + 0.25 * condition.valence.unwrap_or(0.0);
    let noise = 0.15 * (1.2 * condition.arousal.unwrap_or(0.0)).exp();
    let shares: Vec<f32> = condition.genre.iter().map(|share| share.sqrt()).collect();
    (0..LEN)
        .map(|i| {
            let t = i as f32 / SAMPLE_RATE_HZ;
            let step = i * STEPS / LEN;
            let within = (i * STEPS % LEN) as f32 / LEN as f32;
            let envelope = latent.local.row(step)[0].max(0.05) * (-5.0 * within).exp();
            let wave: f32 = (1..=12)
                .map(|k| {
                    let partial = (TAU * hz * k as f32 * t).sin() * brightness.powf(k as f32 * register);
                    let shape = [
                        1.0,
                        if k % 2 == 1 { 1.0 } else { 0.0 },
                        if k % 3 == 0 { 1.5 } else { 0.1 },
                    ];
                    let weight: f32 = shape.iter().zip(&shares).map(|(a, b)| a * b).sum();
                    weight * partial
                })
                .sum();
            0.3 * envelope * (wave + noise * rng.random_range(-1.0f32..1.0))
        })
        .collect()
}

impl SpaceUnderTest for FakeSpace {
    fn band_std(&self) -> &[f32] {
        &self.band_std
    }

    fn encode(&self, chunks: &[&RealChunk]) -> Result<Vec<Encoded>, EvalError> {
        let encoded = |chunk: &&RealChunk| {
            let mut latent = self.truth[chunk.clip as usize].clone();
            let mut global_kl_nats = vec![2.0; 2];
            if self.fault == Fault::DeadGlobal {
                latent.global.fill(0.0);
                global_kl_nats.fill(0.0);
            }
            Encoded {
                latent,
                global_kl_nats,
                local_kl_nats: vec![20.0],
            }
        };
        Ok(chunks.iter().map(encoded).collect())
    }

    fn decode(&self, items: &[SoundAsked<'_>]) -> Result<Vec<ChunkAudio>, EvalError> {
        let decoded = |item: &SoundAsked<'_>| {
            let (mut latent, mut condition) = (item.latent.clone(), item.condition.clone());
            match self.fault {
                Fault::None => {}
                Fault::IgnoresCondition => {
                    condition = Condition {
                        genre: vec![1.0, 0.0, 0.0],
                        valence: None,
                        arousal: None,
                    }
                }
                Fault::DeadGlobal => latent.global.fill(0.0),
                Fault::LosesContent => {
                    let turn = condition.genre.iter().position(|share| *share > 0.5).unwrap_or(0);
                    latent.local.as_mut_slice().rotate_right(2 * turn + 1);
                }
                Fault::Entangled => condition.arousal = condition.valence,
            }
            ChunkAudio::Pcm {
                channels: 1,
                samples: sing(&latent, &condition),
                sample_rate_hz: 44_100,
            }
        };
        Ok(items.iter().map(decoded).collect())
    }

    fn device(&self) -> String {
        "nothing".into()
    }
}

struct World {
    truth: Vec<Latent>,
    material: Dataset,
    codec: SpectralCodec,
}

/// 90 songs of three genres, random g, l, valence and arousal; every third is held out.
static WORLD: LazyLock<World> = LazyLock::new(|| {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let codec = SpectralCodec::new(BandAxis::standard());
    let mut ear = FeatureExtractor::default();
    let mut truth = Vec::new();
    let mut material = Dataset {
        training: Vec::new(),
        held_out: Vec::new(),
        sources: Vec::new(),
        missing: 0,
        wanted: 0,
    };
    for clip in 0..120u32 {
        let mut draw = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.random_range(-1.0f32..1.0)).collect() };
        let latent = Latent {
            global: draw(2),
            local: Frames::from_vec(1, draw(STEPS)),
        };
        let emotions = draw(2);
        let genre = (0..GENRES)
            .map(|genre| f32::from(u8::from(genre == clip as usize % GENRES)))
            .collect();
        let labels = Condition {
            genre,
            valence: Some(emotions[0]),
            arousal: Some(emotions[1]),
        };
        let samples = sing(&latent, &labels);
        let heard = Heard {
            features: ear.listen(&samples),
            labels: labels.clone(),
        };
        truth.push(latent);
        if clip / 3 % 4 == 0 {
            material.held_out.push((clip, heard));
            if material.sources.len() < 9 {
                material.sources.push(RealChunk {
                    id: ChunkId(clip),
                    clip,
                    labels,
                    frames: codec.analyse(&samples),
                    samples,
                });
            }
        } else {
            material.training.push((clip, heard));
        }
    }
    World { truth, material, codec }
});

fn figures(fault: Fault) -> (RealReadings, ModelFigures) {
    let world = &*WORLD;
    let space = FakeSpace {
        fault,
        truth: world.truth.clone(),
        band_std: vec![1.0; world.codec.axis().bands()],
    };
    let evaluator = Evaluator::train(&world.material.lessons(), &world.material.held_out).unwrap();
    let model = model_figures(
        &space,
        &evaluator,
        &world.material,
        GENRES,
        &world.codec,
        &StopFlag::default(),
    )
    .unwrap();
    (evaluator.real, model)
}

#[test]
fn a_perfect_space_passes() {
    let (real, model) = figures(Fault::None);
    assert!(real.genre_accuracy.unwrap() > 0.9, "{real:?}");
    let value = |figure: &super::Metric| figure.value().unwrap();
    let control = &model.control;
    assert!(value(&model.reconstruction.lsd_db) < 0.1, "{model:?}");
    assert!(value(&model.reconstruction.lsd_mean_frame_db) > 3.0, "{model:?}");
    // Real chunks of one genre also differ in valence and arousal here, so g alone cannot make up all of the difference.
    let latent = &model.latent;
    assert!(
        value(&latent.map_effect) > 0.25 && value(&latent.click_effect) > 0.5,
        "{latent:?}"
    );
    assert_eq!(value(&model.latent.active_fraction_global), 1.0);
    assert!(value(&control.genre_swap_accuracy_normalised) > 0.8, "{control:?}");
    assert!(value(&control.genre_slider_spearman) > 0.8, "{control:?}");
    assert!(
        value(&control.valence_slider_spearman) > 0.8 && value(&control.arousal_slider_spearman) > 0.8,
        "{control:?}"
    );
    assert!(
        value(&control.valence_slider_range) > 0.4 && value(&control.arousal_slider_range) > 0.4,
        "{control:?}"
    );
    assert!(value(&control.onset_correlation) > 0.7, "{control:?}");
    assert!(value(&control.cross_talk) < 0.5, "{control:?}");
}

#[test]
fn a_space_that_ignores_the_condition_fails_every_control_gate() {
    let (_, model) = figures(Fault::IgnoresCondition);
    let control = &model.control;
    let below = |figure: &super::Metric, gate: f64| figure.value().is_none_or(|value| value < gate);
    assert!(below(&control.genre_swap_accuracy_normalised, 0.3), "{control:?}");
    assert!(below(&control.genre_slider_spearman, 0.2), "{control:?}");
    assert!(
        below(&control.valence_slider_spearman, 0.2) && below(&control.arousal_slider_spearman, 0.2),
        "{control:?}"
    );
    assert!(
        below(&control.valence_slider_range, 0.1) && below(&control.arousal_slider_range, 0.1),
        "{control:?}"
    );
    assert!(below(&control.condition_to_map_ratio, 0.05), "{control:?}");
    assert_eq!(
        control.cross_talk.value(),
        None,
        "an inaudible slider has no cross-talk"
    );
}

#[test]
fn a_dead_g_shows_in_the_latent_figures_and_nowhere_else() {
    let (_, model) = figures(Fault::DeadGlobal);
    assert_eq!(model.latent.active_fraction_global.value(), Some(0.0));
    assert_eq!(model.latent.kl_global_nats.value(), Some(0.0));
    assert!(model.latent.map_effect.value().unwrap() < 0.05, "{:?}", model.latent);
    assert!(
        model.latent.click_effect.value().unwrap() > 0.0,
        "l still changes: {:?}",
        model.latent
    );
    assert_eq!(
        model.control.condition_to_map_ratio.value(),
        None,
        "{:?}",
        model.control
    );
    assert!(
        model.control.genre_swap_accuracy.value().unwrap() > 0.6,
        "{:?}",
        model.control
    );
}

#[test]
fn losing_the_rhythm_under_a_swap_shows_in_the_onset_correlation() {
    let (_, sound) = figures(Fault::None);
    let (_, lost) = figures(Fault::LosesContent);
    let of = |model: &ModelFigures| model.control.onset_correlation.value().unwrap();
    assert!(
        of(&lost) < 0.6 && of(&sound) > of(&lost) + 0.3,
        "{} against {}",
        of(&lost),
        of(&sound)
    );
}

#[test]
fn entangled_sliders_show_in_the_cross_talk() {
    let (_, sound) = figures(Fault::None);
    let (_, entangled) = figures(Fault::Entangled);
    // Valence drags arousal along fully, arousal does nothing: either a large figure or none at all.
    let of = |model: &ModelFigures| model.control.cross_talk.value();
    assert!(
        of(&entangled).is_none_or(|value| value > of(&sound).unwrap() + 0.2),
        "{:?} against {:?}",
        of(&entangled),
        of(&sound)
    );
}
