//! Passes over a tensor's own buffer, where the device is this computer's processor.
//!
//! The flex backend lends its buffers without a copy but runs element-wise operations on one core; these run on all of
//! them, two or three operations in one pass. On any other device the same formulas are Burn operations.

use super::activation;
use burn::tensor::{Device, Tensor, TensorData};
use rayon::prelude::*;

/// Values per task: enough to be worth a task, few enough to stay in a core's cache.
const TASK_LEN: usize = 16_384;

/// Whether tensors of `device` lie in this process's memory.
pub(super) fn is_host(device: &Device) -> bool {
    *device == Device::flex()
}

/// The activation of both networks.
pub(super) fn elu(x: Tensor<2>) -> Tensor<2> {
    if !is_host(&x.device()) {
        return burn::tensor::activation::elu(x, 1.0);
    }
    each_rows(x, |rows, _| {
        for value in rows {
            *value = activation::elu(*value);
        }
    })
}

/// `x + bias` for `bias` of `[1, width]`.
pub(super) fn add_row(x: Tensor<2>, bias: Tensor<2>) -> Tensor<2> {
    if !is_host(&x.device()) {
        return x + bias;
    }
    let bias = values(bias);
    each_rows(x, |rows, width| {
        for row in rows.chunks_exact_mut(width) {
            for (value, bias) in row.iter_mut().zip(&bias) {
                *value += bias;
            }
        }
    })
}

/// A tensor's values, row-major.
pub(super) fn values(x: Tensor<2>) -> Vec<f32> {
    x.into_data().try_into_vec().expect("the network computes in f32")
}

/// Row-major values as a tensor `[values / width, width]`.
pub(super) fn tensor(values: Vec<f32>, width: usize, device: &Device) -> Tensor<2> {
    let shape = [values.len() / width, width];
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// Runs `pass` over blocks of whole rows, with their width, on all cores.
fn each_rows(x: Tensor<2>, pass: impl Fn(&mut [f32], usize) + Sync) -> Tensor<2> {
    let (device, width) = (x.device(), x.dims()[1]);
    let mut data = x.into_data();
    let values = data.as_mut_slice::<f32>().expect("the network computes in f32");
    let block = TASK_LEN.div_ceil(width) * width;
    values.par_chunks_mut(block).for_each(|rows| pass(rows, width));
    Tensor::from_data(data, &device)
}
