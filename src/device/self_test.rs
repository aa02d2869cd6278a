//! Does a device compute what the CPU computes? One forward pass and one training step of a small network.

use crate::model::{CodecKind, ModelConfig, Network, NetworkStage, Preset, WeightError, Weights};
use crate::sync::guarded;
use crate::values::LoopContext;
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};

/// Largest difference that rounding explains, relative to the largest value.
const TOLERANCE: f32 = 2e-3;

/// Largest relative differences between a device and the CPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelfTestReport {
    /// Over the decoded frames; infinite when a value is not finite.
    pub forward: f32,
    /// Over the decoder head's weights after one step; infinite when a value is not finite.
    pub training_step: f32,
}

impl SelfTestReport {
    /// Whether both differences are rounding.
    pub fn agrees(&self) -> bool {
        self.forward <= TOLERANCE && self.training_step <= TOLERANCE
    }
}

impl std::fmt::Display for SelfTestReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "forward {:.1e}, training step {:.1e} of at most {TOLERANCE:.0e}",
            self.forward, self.training_step
        )
    }
}

/// Why a device could not be tested.
#[derive(Debug, thiserror::Error)]
pub enum SelfTestError {
    /// The device gave no result, or its driver panicked; with the reason.
    #[error("it stopped working: {0}")]
    Failed(String),
    /// The test network could not be put together.
    #[error(transparent)]
    Weights(#[from] WeightError),
}

/// Runs the same work on `device` and on the CPU.
///
/// # Errors
/// When the device fails outright.
pub fn compare(device: &Device) -> Result<SelfTestReport, SelfTestError> {
    let mut config = ModelConfig::new(CodecKind::Spectral, Preset::S, 3, 1.0);
    config.encoder = vec![
        NetworkStage {
            steps_per_patch: 4,
            width: 64,
            blocks: 1,
        },
        NetworkStage {
            steps_per_patch: 1,
            width: 64,
            blocks: 1,
        },
    ];
    config.decoder = vec![
        NetworkStage {
            steps_per_patch: 1,
            width: 64,
            blocks: 1,
        },
        NetworkStage {
            steps_per_patch: 4,
            width: 64,
            blocks: 1,
        },
    ];
    let mut weights = Weights::of_module(&Network::new(&config, &Device::flex()));
    // Heads that start at zero would hide everything behind them.
    for (i, tensor) in weights.0.values_mut().enumerate() {
        for (j, value) in tensor.values.iter_mut().enumerate() {
            if *value == 0.0 {
                *value = 0.02 * ((i * 31 + j) as f32).sin();
            }
        }
    }
    let run = |device: &Device| {
        guarded(|| forward_and_step(&config, &weights, device))
            .map_err(|_| SelfTestError::Failed("its driver panicked".into()))?
    };
    let (cpu, other) = (run(&Device::flex())?, run(device)?);
    Ok(SelfTestReport {
        forward: relative_difference(&cpu.0, &other.0),
        training_step: relative_difference(&cpu.1, &other.1),
    })
}

/// Decoded frames, and the decoder's head after one optimiser step.
fn forward_and_step(
    config: &ModelConfig,
    weights: &Weights,
    device: &Device,
) -> Result<(Vec<f32>, Vec<f32>), SelfTestError> {
    let device = device.clone().autodiff();
    let network = Network::from_weights(config, weights, &device)?;
    let wave = |shape: [usize; 3], speed: f32| {
        let values: Vec<f32> = (0..shape.iter().product::<usize>())
            .map(|i| (i as f32 * speed).sin())
            .collect();
        Tensor::<3>::from_data(TensorData::new(values, shape), &device)
    };
    let x = wave([2, config.chunk_frames, config.bands], 0.37);
    let condition = wave([2, 1, config.condition_width()], 0.71).reshape([2, config.condition_width()]);
    let posterior = network.encode(x.clone(), condition.clone());
    let decoded = network.decode(
        posterior.global_mean,
        posterior.local_mean,
        condition,
        LoopContext::Circular,
    );
    let failed = |error: burn::tensor::TensorReadError| SelfTestError::Failed(error.to_string());
    let frames = decoded.mean.clone().try_into_vec_as::<f32>().map_err(failed)?;
    let loss = (decoded.mean - x).square().mean() + decoded.log_scale.square().mean();
    let grads = GradientsParams::from_grads(loss.backward(), &network);
    let stepped = AdamWConfig::new().init().step(1e-2, network, grads);
    let weights = Weights::of_module(&stepped);
    let head = weights
        .0
        .get("decoder.head.weight")
        .ok_or_else(|| SelfTestError::Failed("the step lost the weights".into()))?;
    Ok((frames, head.values.clone()))
}

/// Largest difference over the largest reference value; infinite when anything is not finite.
fn relative_difference(reference: &[f32], other: &[f32]) -> f32 {
    let peak = reference.iter().fold(1e-6f32, |peak, value| peak.max(value.abs()));
    reference
        .iter()
        .zip(other)
        .map(|(a, b)| (a - b).abs() / peak)
        .fold(0.0, |worst, difference| {
            if difference.is_finite() {
                f32::max(worst, difference)
            } else {
                f32::INFINITY
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_agrees_with_itself_and_a_wrong_device_would_not() {
        let report = compare(&Device::flex()).unwrap();
        assert!(report.agrees(), "{report}");
        assert!(relative_difference(&[1.0, -2.0], &[1.0, -1.9]) > TOLERANCE);
        assert_eq!(relative_difference(&[1.0], &[f32::NAN]), f32::INFINITY);
    }
}
