//! What a training takes in memory, from its sizes alone.

use super::TrainOptions;
use crate::model::ModelConfig;

/// Copies of every weight: itself, its gradient, Adam's two moments and the moving average.
const COPIES: usize = 5;

/// Values kept per channel and time step of a residual block until the backward pass: its input, the normalised input,
/// three shifted copies, and the results of the two matrices, the modulation and the activation.
const KEPT: usize = 10;

/// Bytes of weights and activations of one step; frames in memory and the program itself come on top.
pub fn step_memory_bytes(config: &ModelConfig, options: &TrainOptions) -> u64 {
    let stages = config.encoder.iter().chain(&config.decoder);
    let (mut weights, mut kept) = (0, 0);
    for stage in stages {
        // Three taps and the matrix after them.
        weights += 4 * stage.width * stage.width * stage.blocks;
        kept += KEPT * stage.width * stage.blocks * stage.steps_per_patch * config.local_steps();
    }
    let frames = 4 * config.bands * config.chunk_frames;
    let values = COPIES * weights + options.batch * (kept + frames);
    (values * size_of::<f32>()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CodecKind, Preset};

    #[test]
    fn a_larger_network_and_a_larger_batch_take_more() {
        let of = |preset, batch| {
            let options = TrainOptions {
                preset,
                batch,
                ..TrainOptions::default()
            };
            step_memory_bytes(&ModelConfig::new(CodecKind::Spectral, preset, 10, 2.972), &options)
        };
        assert!(of(Preset::M, 32) > 2 * of(Preset::S, 32));
        assert!(of(Preset::S, 64) > of(Preset::S, 32));
        assert!(
            (50e6..8e9).contains(&(of(Preset::M, 32) as f64)),
            "{}",
            of(Preset::M, 32)
        );
    }
}
