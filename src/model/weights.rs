//! A model's named tensors on the host, independent of any device.

use std::collections::BTreeMap;

/// Row-major f32 tensors by name (`decoder.block3.fc1.weight`, `stats.mean`, ...).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights(pub BTreeMap<String, HostTensor>);

/// Shape and row-major values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostTensor {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}
