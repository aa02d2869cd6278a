//! The random weights that a training starts from, drawn on the host: a seed means the same on every device, and no other
//! thread's draws come between.

use crate::model::{ModelConfig, Network, WeightError, Weights};
use burn::module::Module;
use burn::tensor::Device;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The weights of a network that has learned nothing: equal seeds, equal weights.
pub fn untrained(config: &ModelConfig, seed: u64) -> Weights {
    network(config, &mut ChaCha8Rng::seed_from_u64(seed))
}

/// The same from a generator that goes on to other draws.
pub(super) fn network(config: &ModelConfig, rng: &mut impl Rng) -> Weights {
    draw(&Network::new(config, &Device::flex()), rng)
}

/// What `make` builds on a device, on `device`, its random weights drawn from `rng`.
///
/// # Errors
/// When `make` builds something else each time.
pub(super) fn module<M: Module>(
    make: impl Fn(&Device) -> M,
    rng: &mut impl Rng,
    device: &Device,
) -> Result<M, WeightError> {
    draw(&make(&Device::flex()), rng).load_into(make(device), device)
}

/// The weights of `module` with every random one drawn again from `rng`; what starts as a constant stays.
///
/// The distribution is that of Burn's linear layers: uniform within one over the root of the number of inputs (He et al.
/// 2015, scaled as in PyTorch).
fn draw<M: Module>(module: &M, rng: &mut impl Rng) -> Weights {
    let mut weights = Weights::of_module(module);
    let inputs_of = |name: &str, weights: &Weights| {
        let (layer, _) = name.rsplit_once('.')?;
        weights.0.get(&format!("{layer}.weight"))?.shape.first().copied()
    };
    let random: Vec<(String, f32)> = weights
        .0
        .iter()
        .filter(|(_, tensor)| tensor.values.iter().any(|value| *value != tensor.values[0]))
        .filter_map(|(name, _)| Some((name.clone(), (inputs_of(name, &weights)? as f32).sqrt().recip())))
        .collect();
    for (name, bound) in random {
        if let Some(tensor) = weights.0.get_mut(&name) {
            tensor
                .values
                .iter_mut()
                .for_each(|value| *value = rng.random_range(-bound..bound));
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CodecKind, Preset};

    #[test]
    fn a_seed_draws_the_same_weights_and_keeps_burns_spread() {
        let config = ModelConfig::new(CodecKind::Spectral, Preset::S, 3, 1.0);
        let (one, other) = (untrained(&config, 1), untrained(&config, 2));
        assert_eq!(one, untrained(&config, 1));
        let burns = Weights::of_module(&Network::new(&config, &Device::flex()));
        let spread = |weights: &Weights, name: &str| {
            let values = &weights.0[name].values;
            (values.iter().map(|value| value * value).sum::<f32>() / values.len() as f32).sqrt()
        };
        let mut random = 0;
        for (name, tensor) in &burns.0 {
            if tensor.values.iter().all(|value| *value == tensor.values[0]) {
                assert_eq!(one.0[name], *tensor, "{name} starts as a constant");
                continue;
            }
            random += 1;
            assert_ne!(one.0[name], other.0[name], "{name}");
            if tensor.values.len() > 1_000 {
                let ratio = spread(&one, name) / spread(&burns, name);
                assert!((0.9..1.1).contains(&ratio), "{name}: {ratio}");
            }
        }
        assert!(random > 20, "{random}");
    }
}
