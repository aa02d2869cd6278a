//! Whole-model passes over parameters: stable names, global gradient norm, moving average.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

/// Gives every parameter an id derived from its path, so that a saved optimiser finds it again.
pub fn with_stable_ids<M: Module>(module: M) -> M {
    module.map(&mut StableIds { path: Vec::new() })
}

struct StableIds {
    path: Vec<String>,
}

impl ModuleMapper for StableIds {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let digest = blake3::hash(self.path.join(".").as_bytes());
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest.as_bytes()[..8]);
        let (_, value, _) = param.consume();
        Param::initialized(ParamId::from(u64::from_le_bytes(bytes)), value)
    }

    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }
}

/// Sum of the squares of `grads`, on their device; `None` where there is none.
pub fn squared_norm<M: Module>(module: &M, grads: &GradientsParams) -> Option<Tensor<1>> {
    let mut norm = NormVisitor { grads, squares: None };
    module.visit(&mut norm);
    norm.squares
}

/// What gradients whose squares sum to `squares` are scaled by, so that their joint norm is at most `limit` (Pascanu et al.
/// 2013), without reading back.
pub fn clip_factor(squares: Tensor<1>, limit: f32) -> Tensor<1> {
    (squares.sqrt() + 1e-6).recip().mul_scalar(limit).clamp_max(1.0)
}

/// `grads` times `factor` `[1]`.
pub fn scale<M: Module>(module: &M, grads: GradientsParams, factor: &Tensor<1>) -> GradientsParams {
    let mut scaler = ScaleVisitor {
        grads,
        factor: factor.clone(),
    };
    module.visit(&mut scaler);
    scaler.grads
}

struct NormVisitor<'a> {
    grads: &'a GradientsParams,
    squares: Option<Tensor<1>>,
}

impl ModuleVisitor for NormVisitor<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(grad) = self.grads.get::<D>(param.id) {
            let square = grad.square().sum();
            self.squares = Some(match self.squares.take() {
                Some(sum) => sum + square,
                None => square,
            });
        }
    }
}

struct ScaleVisitor {
    grads: GradientsParams,
    factor: Tensor<1>,
}

impl ModuleVisitor for ScaleVisitor {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(grad) = self.grads.remove::<D>(param.id) {
            let factor = self.factor.clone().reshape([1; D]);
            self.grads.register(param.id, grad * factor);
        }
    }
}

/// `average <- decay * average + (1 - decay) * current` (Polyak & Juditsky 1992, exponential form).
pub fn move_average<M: Module>(average: M, current: &M, decay: f32) -> M {
    let mut values = Values(GradientsParams::new());
    current.visit(&mut values);
    average.map(&mut Averager {
        values: values.0,
        decay,
    })
}

/// A container of tensors by parameter, borrowed from the optimiser's vocabulary.
struct Values(GradientsParams);

impl ModuleVisitor for Values {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.register(param.id, param.val().inner());
    }
}

struct Averager {
    values: GradientsParams,
    decay: f32,
}

impl ModuleMapper for Averager {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        match self.values.remove::<D>(param.id) {
            Some(current) => {
                let decay = self.decay;
                param.map(|average| average * decay + current * (1.0 - decay))
            }
            None => param,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::nn::{Linear, LinearConfig};
    use burn::tensor::Device;

    fn pair() -> Vec<Linear> {
        let device = Device::flex().autodiff();
        with_stable_ids((0..2).map(|_| LinearConfig::new(3, 2).init(&device)).collect())
    }

    #[test]
    fn the_joint_norm_is_clipped_and_directions_stay() {
        let model = pair();
        let x = Tensor::<2>::ones([1, 3], &Device::flex().autodiff());
        let loss = (model[0].forward(x.clone()).sum() + model[1].forward(x).sum() * 3.0) * 100.0;
        let grads = GradientsParams::from_grads(loss.backward(), &model);
        let factor = clip_factor(squared_norm(&model, &grads).unwrap(), 1.0);
        let clipped = scale(&model, grads, &factor);
        let norm = |linear: &Linear| -> f32 {
            let weight = clipped
                .get::<2>(linear.weight.id)
                .unwrap()
                .square()
                .sum()
                .into_scalar::<f32>();
            let bias = clipped.get::<1>(linear.bias.as_ref().unwrap().id).unwrap();
            weight + bias.square().sum().into_scalar::<f32>()
        };
        let (first, second) = (norm(&model[0]), norm(&model[1]));
        assert!(
            (first + second - 1.0).abs() < 1e-3,
            "joint norm {}",
            (first + second).sqrt()
        );
        assert!(
            (second / first - 9.0).abs() < 1e-2,
            "the ratio between layers must survive"
        );
    }

    #[test]
    fn ids_follow_the_path_and_not_the_instance() {
        let (a, b) = (pair(), pair());
        assert_eq!(a[1].weight.id, b[1].weight.id);
        assert_ne!(a[0].weight.id, a[1].weight.id);
    }

    #[test]
    fn the_average_moves_part_of_the_way() {
        let (start, target) = (pair().valid(), pair());
        let before = start[0].weight.val().into_data();
        let goal = target[0].weight.val().inner().into_data();
        let moved = move_average(start, &target, 0.75)[0].weight.val().into_data();
        for ((a, b), m) in before.iter::<f32>().zip(goal.iter::<f32>()).zip(moved.iter::<f32>()) {
            assert!((m - (0.75 * a + 0.25 * b)).abs() < 1e-6);
        }
    }
}
