//! The networks' activation.

use burn::tensor::Tensor;

/// `x` above zero, `exp(x) - 1` below (Clevert et al. 2015).
pub(super) fn elu(x: Tensor<2>) -> Tensor<2> {
    burn::tensor::activation::elu(x, 1.0)
}
