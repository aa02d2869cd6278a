//! Values of a checkpoint as parameters of a module.

use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};

/// Row-major values as a parameter.
pub(super) fn matrix(values: Vec<f32>, shape: [usize; 2], device: &Device) -> Param<Tensor<2>> {
    Param::from_tensor(Tensor::from_data(TensorData::new(values, shape), device))
}
