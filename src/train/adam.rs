//! AdamW (Loshchilov & Hutter 2019) in as few passes over the values as its equations need: bias corrections, rate and decay are
//! numbers before they meet a tensor. Burn's makes three passes more, a fortieth of a training step; its state is used, so that
//! a checkpoint is the same.

use burn::optim::{AdamWState, AdaptiveMomentumState, LearningRate, ModuleOptimizer, Optimizer};
use burn::tensor::{Device, Tensor};

/// Keeps quotients steady where nothing moves.
const EPSILON: f64 = 1e-8;

/// The optimiser of one tensor.
#[derive(Clone, Copy, Debug)]
pub(super) struct AdamW {
    /// Of the first and the second moment.
    pub decays: (f32, f32),
    /// Share of a value that is lost at a rate of 1.
    pub weight_decay: f64,
}

impl AdamW {
    /// For the parameters of a module.
    pub fn for_module(self) -> ModuleOptimizer {
        ModuleOptimizer::from(self)
    }
}

impl Optimizer for AdamW {
    type State<const D: usize> = AdamWState<D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        value: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<AdamWState<D>>,
    ) -> (Tensor<D>, Option<AdamWState<D>>) {
        let (first, second) = self.decays;
        let news = gradient.clone() * (1.0 - first);
        let square = gradient.square() * (1.0 - second);
        let moments = match state.map(|state| state.momentum) {
            Some(before) => AdaptiveMomentumState {
                time: before.time + 1,
                moment_1: before.moment_1 * first + news,
                moment_2: before.moment_2 * second + square,
                max_moment_2: None,
            },
            None => AdaptiveMomentumState {
                time: 1,
                moment_1: news,
                moment_2: square,
                max_moment_2: None,
            },
        };
        let missing = |decay: f32| 1.0 - f64::from(decay).powi(moments.time as i32);
        let root = missing(second).sqrt();
        let size = rate * root / missing(first);
        let spread = moments.moment_2.clone().sqrt() + EPSILON * root;
        let decayed = match self.weight_decay {
            0.0 => value,
            decay => value * (1.0 - rate * decay),
        };
        let moved = decayed - moments.moment_1.clone() / spread * size;
        (moved, Some(AdamWState { momentum: moments }))
    }

    fn to_device<const D: usize>(mut state: AdamWState<D>, device: &Device) -> AdamWState<D> {
        state.momentum = state.momentum.to_device(device);
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::optim::AdamWConfig;

    #[test]
    fn it_moves_values_as_burns_own_does() {
        let device = Device::flex();
        let ours = AdamW {
            decays: (0.9, 0.99),
            weight_decay: 0.1,
        };
        let theirs = AdamWConfig::new()
            .with_beta_2(0.99)
            .with_epsilon(EPSILON as f32)
            .with_weight_decay(0.1)
            .build();
        let start = || Tensor::<1>::from_floats([1.0, -2.0, 0.5], &device);
        let (mut a, mut b) = ((start(), None), (start(), None));
        for step in 1..6 {
            let gradient = || Tensor::<1>::from_floats([0.3, -1e-3, 20.0], &device) * (step as f32).sin();
            a = ours.step(1e-2, a.0, gradient(), a.1);
            b = theirs.step(1e-2, b.0, gradient(), b.1);
        }
        let values = |tensor: Tensor<1>| tensor.try_into_vec_as::<f32>().unwrap();
        let (a, b) = (values(a.0), values(b.0));
        assert!((a[0] - 1.0).abs() > 1e-3, "nothing moved");
        for (a, b) in a.iter().zip(&b) {
            assert!((a - b).abs() < 1e-6, "{a} and {b}");
        }
    }
}
