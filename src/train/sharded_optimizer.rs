//! What follows the backward passes: gradients are summed and clipped and move the parameters, by several threads.
//!
//! All of it is element by element, which Burn's CPU back-end does on one core; so the parameters are dealt out to parts of
//! about one size, and threads take parts.

use super::adam::AdamW;
use super::params::{clip_factor, scale, squared_norm};
use super::threads::Threads;
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::optim::{GradientsAccumulator, GradientsParams, ModuleOptimizer};
use burn::tensor::Tensor;
use std::collections::HashMap;

/// Independent of the machine, because a checkpoint holds each part's moments.
pub(super) const PARTS: usize = 4;

/// AdamW in [`PARTS`] parts.
pub(super) struct Updater {
    pub optimizers: Vec<ModuleOptimizer>,
    part_of: HashMap<ParamId, usize>,
}

impl Updater {
    /// For `module`, whose ids stay.
    pub fn new<M: Module>(adam: AdamW, module: &M) -> Self {
        let mut dealer = Dealer {
            sizes: [0; PARTS],
            part_of: HashMap::new(),
        };
        module.visit(&mut dealer);
        Self {
            optimizers: (0..PARTS).map(|_| adam.for_module()).collect(),
            part_of: dealer.part_of,
        }
    }

    /// `module` moved by the sum of `grads`, scaled so that its norm over all parameters is at most `clip_norm`. Nothing is
    /// read back from the device.
    pub fn step<M: Module + Sync>(
        &mut self,
        threads: &Threads,
        rate: f64,
        module: M,
        grads: Vec<GradientsParams>,
        clip_norm: f32,
    ) -> M {
        let summed = threads.each(self.deal(&module, grads), |grads| {
            let mut sum = GradientsAccumulator::new();
            for grads in grads {
                sum.accumulate(&module, grads);
            }
            let sum = sum.grads();
            (squared_norm(&module, &sum), sum)
        });
        let (norms, sums): (Vec<Option<Tensor<1>>>, Vec<GradientsParams>) = summed.into_iter().unzip();
        let Some(squares) = norms.into_iter().flatten().reduce(|a, b| a + b) else {
            return module;
        };
        let factor = clip_factor(squares, clip_norm);
        let work = self.optimizers.iter_mut().zip(sums).enumerate().collect();
        let moved = threads.each(work, |(part, (optimizer, sum))| {
            let moved = optimizer.step(rate, module.clone(), scale(&module, sum, &factor));
            let mut gathered = Gatherer {
                part,
                part_of: &self.part_of,
                values: GradientsParams::new(),
            };
            moved.visit(&mut gathered);
            gathered.values
        });
        moved
            .into_iter()
            .fold(module, |module, values| module.map(&mut Placer { values }))
    }

    /// The gradients of every part: one container of each of `grads`.
    fn deal<M: Module>(&self, module: &M, grads: Vec<GradientsParams>) -> Vec<Vec<GradientsParams>> {
        let mut parts: Vec<Vec<GradientsParams>> = (0..PARTS).map(|_| Vec::new()).collect();
        for from in grads {
            let mut splitter = Splitter {
                from,
                part_of: &self.part_of,
                to: (0..PARTS).map(|_| GradientsParams::new()).collect(),
            };
            module.visit(&mut splitter);
            for (part, grads) in parts.iter_mut().zip(splitter.to) {
                part.push(grads);
            }
        }
        parts
    }
}

/// Gives every parameter to the smallest part so far.
struct Dealer {
    sizes: [usize; PARTS],
    part_of: HashMap<ParamId, usize>,
}

impl ModuleVisitor for Dealer {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let part = (0..PARTS).min_by_key(|part| self.sizes[*part]).unwrap_or(0);
        self.sizes[part] += param.val().shape().num_elements();
        self.part_of.insert(param.id, part);
    }
}

struct Splitter<'a> {
    from: GradientsParams,
    part_of: &'a HashMap<ParamId, usize>,
    to: Vec<GradientsParams>,
}

impl ModuleVisitor for Splitter<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(grad) = self.from.remove::<D>(param.id) {
            self.to[self.part_of[&param.id]].register(param.id, grad);
        }
    }
}

/// Takes the values of one part's parameters.
struct Gatherer<'a> {
    part: usize,
    part_of: &'a HashMap<ParamId, usize>,
    values: GradientsParams,
}

impl ModuleVisitor for Gatherer<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if self.part_of[&param.id] == self.part && param.is_require_grad() {
            self.values.register(param.id, param.val());
        }
    }
}

/// Puts them in their places.
struct Placer {
    values: GradientsParams,
}

impl ModuleMapper for Placer {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        match self.values.remove::<D>(param.id) {
            Some(value) => {
                let (id, _, mapper) = param.consume();
                Param::from_mapped_value(id, value, mapper)
            }
            None => param,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::params::with_stable_ids;
    use burn::nn::{Linear, LinearConfig};
    use burn::tensor::Device;

    fn model() -> Vec<Linear> {
        let device = Device::flex().autodiff();
        device.seed(7);
        with_stable_ids((0..3).map(|_| LinearConfig::new(3, 3).init(&device)).collect())
    }

    /// Gradients of two shares of a batch, far above the limit of the norm.
    fn shares(model: &Vec<Linear>, step: usize) -> Vec<GradientsParams> {
        let device = Device::flex().autodiff();
        let share = |share: usize| {
            let x = Tensor::<2>::full([2, 3], 1.0 + (step + share) as f32, &device);
            let y = model.iter().fold(x, |x, layer| layer.forward(x));
            GradientsParams::from_grads((y.square().sum() * 50.0).backward(), model)
        };
        vec![share(0), share(1)]
    }

    fn values(model: &[Linear]) -> Vec<f32> {
        let layer = |layer: &Linear| -> Vec<f32> {
            let bias = layer.bias.as_ref().expect("layers have one").val().into_data();
            let weight = layer.weight.val().into_data();
            weight.iter::<f32>().chain(bias.iter::<f32>()).collect()
        };
        model.iter().flat_map(layer).collect()
    }

    #[test]
    fn parts_move_a_module_as_one_optimiser_does() {
        let adam = AdamW {
            decays: (0.9, 0.999),
            weight_decay: 0.1,
        };
        let (mut whole, mut parted) = (model(), model());
        let mut optimizer = adam.for_module();
        let mut updater = Updater::new(adam, &parted);
        let threads = Threads::with(3);
        for step in 0..4 {
            let mut sum = GradientsAccumulator::new();
            for grads in shares(&whole, step) {
                sum.accumulate(&whole, grads);
            }
            let sum = sum.grads();
            let factor = clip_factor(squared_norm(&whole, &sum).expect("there are gradients"), 1.0);
            whole = optimizer.step(1e-2, whole.clone(), scale(&whole, sum, &factor));
            let grads = shares(&parted, step);
            parted = updater.step(&threads, 1e-2, parted, grads, 1.0);
        }
        let (whole, parted) = (values(&whole), values(&parted));
        assert!(
            whole
                .iter()
                .zip(values(&model()))
                .any(|(moved, start)| (moved - start).abs() > 1e-2)
        );
        for (a, b) in whole.iter().zip(&parted) {
            assert!((a - b).abs() < 1e-5, "{a} and {b}");
        }
    }
}
