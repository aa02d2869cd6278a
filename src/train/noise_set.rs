//! Noise instead of music, for measuring: a step costs the same.

use super::training_set::{FrameSource, TrainingClip, TrainingSet};
use crate::codec::BandStats;
use crate::dsp::WhiteNoise;
use crate::model::ModelConfig;
#[cfg(test)]
use crate::model::{CodecKind, NetworkStage, Preset};
use crate::values::{Condition, Frames};
use std::sync::Arc;

const CLIPS: usize = 8;
const CLIP_FRAMES: usize = 2_048;

struct Noise(Frames);

impl FrameSource for Noise {
    fn frame_count(&self, _: usize) -> usize {
        CLIP_FRAMES
    }

    fn read(&self, _: usize, start: usize, count: usize) -> std::io::Result<Frames> {
        Ok(self.0.slice(start, start + count))
    }
}

impl TrainingSet {
    /// Eight clips of the same noise in memory, the same on every machine.
    pub fn of_noise(config: ModelConfig) -> Self {
        let noise = WhiteNoise::new(1).map(|x| 4.0 * x);
        let values = noise.take(CLIP_FRAMES * config.bands).collect();
        let labels = Condition {
            valence: Some(0.3),
            arousal: Some(-0.2),
            ..Condition::unknown(config.genres)
        };
        let clip = TrainingClip {
            labels,
            emotion_track: None,
            held_out: false,
        };
        Self {
            stats: BandStats {
                mean: vec![0.0; config.bands],
                std: vec![1.0; config.bands],
            },
            clips: vec![clip; CLIPS],
            source: Arc::new(Noise(Frames::from_vec(config.bands, values))),
            config,
        }
    }
}

/// A network that tests can afford: two stages each way, half a second a chunk.
#[cfg(test)]
pub(super) fn tiny_model() -> ModelConfig {
    let stage = |steps_per_patch, width| NetworkStage {
        steps_per_patch,
        width,
        blocks: 1,
    };
    ModelConfig {
        encoder: vec![stage(4, 8), stage(1, 8)],
        decoder: vec![stage(1, 8), stage(4, 8)],
        global_dims: 4,
        local_dims: 4,
        ..ModelConfig::new(CodecKind::Spectral, Preset::S, 2, 0.5)
    }
}
