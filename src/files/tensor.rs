//! Float tensors of safetensors files on the host.

use half::{bf16, f16};
use safetensors::tensor::{Dtype, TensorView};

/// Shape and row-major values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostTensor {
    /// Slowest-varying dimension first; empty for a scalar.
    pub shape: Vec<usize>,
    /// As many as the product of `shape`.
    pub values: Vec<f32>,
}

impl HostTensor {
    /// The tensor of a file, halves widened; `None` where its elements are no floats.
    pub fn read(view: &TensorView<'_>) -> Option<Self> {
        let bytes = view.data();
        let halves = |widen: fn([u8; 2]) -> f32| bytes.as_chunks().0.iter().map(|pair| widen(*pair)).collect();
        let values = match view.dtype() {
            Dtype::F32 => bytes
                .as_chunks()
                .0
                .iter()
                .map(|quad| f32::from_le_bytes(*quad))
                .collect(),
            Dtype::F16 => halves(|pair| f16::from_le_bytes(pair).to_f32()),
            Dtype::BF16 => halves(|pair| bf16::from_le_bytes(pair).to_f32()),
            _ => return None,
        };
        Some(Self {
            shape: view.shape().to_vec(),
            values,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_float_type_is_widened_and_others_are_refused() {
        let view = |dtype, bytes: &'static [u8]| TensorView::new(dtype, vec![2], bytes).unwrap();
        let read = |dtype, bytes| HostTensor::read(&view(dtype, bytes)).map(|tensor| tensor.values);
        assert_eq!(read(Dtype::F32, &[0, 0, 128, 63, 0, 0, 0, 192]), Some(vec![1.0, -2.0]));
        assert_eq!(read(Dtype::F16, &[0, 60, 0, 192]), Some(vec![1.0, -2.0]));
        assert_eq!(read(Dtype::BF16, &[128, 63, 0, 192]), Some(vec![1.0, -2.0]));
        assert_eq!(read(Dtype::U8, &[1, 2]), None);
    }
}
