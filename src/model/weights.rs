//! A model's named tensors on the host, independent of any device.

use crate::files::HostTensor;
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor, TensorData};
use std::collections::BTreeMap;

/// Row-major f32 tensors by name (`decoder.stages.0.1.mix.taps.weight`, ...).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights(pub BTreeMap<String, HostTensor>);

/// Tensors of the linear model by their names in files of format 1, and by those of today.
const RENAMED: [(&str, &str); 4] = [
    ("movement_encode", "modulation_encode"),
    ("movement_decode", "modulation_decode"),
    ("spread.weight", "log_std.weight"),
    ("spread.bias", "log_std.bias"),
];

/// Why weights do not fit a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightError {
    /// The network has a parameter of this dotted path, the weights do not.
    #[error("the tensor {0} is missing")]
    Missing(String),
    /// The sizes differ, or there are more or fewer values than the shape says.
    #[error("the tensor {name} has the shape {found:?} where {expected:?} is needed")]
    Shape {
        /// Dotted path of the parameter.
        name: String,
        /// In the weights.
        found: Vec<usize>,
        /// In the network.
        expected: Vec<usize>,
    },
    /// The tensor of this dotted path has an infinity or a NaN in it.
    #[error("the tensor {0} holds numbers that are not finite")]
    NotFinite(String),
}

impl Weights {
    /// Every float parameter of `module`, under its dotted path.
    pub fn of_module<M: Module>(module: &M) -> Self {
        let mut collector = Collector {
            path: Vec::new(),
            weights: Self::default(),
        };
        module.visit(&mut collector);
        collector.weights
    }

    /// `module` with every parameter replaced by the tensor of its name.
    ///
    /// # Errors
    /// When one is missing, misshapen or not finite; all are checked before any is used.
    pub fn load_into<M: Module>(&self, module: M, device: &Device) -> Result<M, WeightError> {
        let mut check = Checker {
            path: Vec::new(),
            weights: self,
            problem: None,
        };
        module.visit(&mut check);
        if let Some(problem) = check.problem {
            return Err(problem);
        }
        Ok(module.map(&mut Loader {
            path: Vec::new(),
            weights: self,
            device,
        }))
    }

    /// The same tensors under the names of today: files of format 1 call some of the linear model's otherwise, the first of
    /// them the linear model itself. It may be a part of something larger.
    pub fn with_current_names(self) -> Self {
        let current = |name: String| {
            let parts = name.split_once("linear_model.");
            match parts.or_else(|| name.split_once("closed_form.")) {
                Some((whole, tensor)) => {
                    let renamed = RENAMED.iter().find(|(before, _)| *before == tensor);
                    format!("{whole}linear_model.{}", renamed.map_or(tensor, |(_, today)| today))
                }
                None => name,
            }
        };
        Self(
            self.0
                .into_iter()
                .map(|(name, tensor)| (current(name), tensor))
                .collect(),
        )
    }
}

struct Collector {
    path: Vec<String>,
    weights: Weights,
}

impl ModuleVisitor for Collector {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let data = param.val().into_data();
        let tensor = HostTensor {
            shape: data.shape().to_vec(),
            values: data.try_to_vec().unwrap_or_default(),
        };
        self.weights.0.insert(self.path.join("."), tensor);
    }

    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }
}

struct Checker<'a> {
    path: Vec<String>,
    weights: &'a Weights,
    problem: Option<WeightError>,
}

impl ModuleVisitor for Checker<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let name = self.path.join(".");
        let expected = param.lazy_shape().to_vec();
        let problem = match self.weights.0.get(&name) {
            None => Some(WeightError::Missing(name)),
            Some(found) if found.shape != expected || found.values.len() != expected.iter().product::<usize>() => {
                Some(WeightError::Shape {
                    name,
                    found: found.shape.clone(),
                    expected,
                })
            }
            Some(found) if found.values.iter().any(|value| !value.is_finite()) => Some(WeightError::NotFinite(name)),
            Some(_) => None,
        };
        self.problem = self.problem.take().or(problem);
    }

    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }
}

struct Loader<'a> {
    path: Vec<String>,
    weights: &'a Weights,
    device: &'a Device,
}

impl ModuleMapper for Loader<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        // The checker saw every name before; a tensor that is not there keeps what it has.
        match self.weights.0.get(&self.path.join(".")) {
            Some(found) => {
                let data = TensorData::new(found.values.clone(), found.shape.clone());
                let tensor = Tensor::from_data(data, self.device);
                let tensor = if self.device.is_autodiff() && param.is_require_grad() {
                    tensor.require_grad()
                } else {
                    tensor
                };
                Param::initialized(param.id, tensor)
            }
            None => param,
        }
    }

    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CodecKind, ModelConfig, Network, Preset};

    fn tiny() -> ModelConfig {
        ModelConfig::new(CodecKind::Spectral, Preset::S, 3, 1.0)
    }

    #[test]
    fn weights_survive_the_way_to_the_host_and_back() {
        let device = Device::flex();
        let weights = Weights::of_module(&Network::new(&tiny(), &device));
        let again = Weights::of_module(&Network::from_weights(&tiny(), &weights, &device).unwrap());
        assert_eq!(weights, again);
        assert!(
            weights.0.keys().any(|name| name.starts_with("decoder.stages.0.")),
            "{:?}",
            weights.0.keys()
        );
    }

    #[test]
    fn foreign_weights_are_refused_by_name() {
        let device = Device::flex();
        let mut weights = Weights::of_module(&Network::new(&tiny(), &device));
        weights.0.get_mut("decoder.head.bias").unwrap().shape[0] += 1;
        let error = Network::from_weights(&tiny(), &weights, &device).unwrap_err();
        assert!(error.to_string().contains("decoder.head.bias"), "{error}");
        weights.0.remove("decoder.head.bias");
        let error = Network::from_weights(&tiny(), &weights, &device).unwrap_err();
        assert_eq!(error, WeightError::Missing("decoder.head.bias".into()));
    }
}
