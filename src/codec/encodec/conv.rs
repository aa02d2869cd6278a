//! The two convolutions of SEANet, each as one matrix product over `[time x channels]` windows.
//!
//! Row-major `[time x channels]` makes the taps of a window neighbours in memory: the im2col matrix is a strided view of
//! the padded input, never a copy. A transposed convolution whose kernel is twice its stride writes every output block
//! from two neighbouring inputs, so it is a two-tap convolution to `stride x outputs` columns.

use super::EncodecError;
use super::checkpoint::Checkpoint;
use super::config::{EncodecConfig, PadMode};
use super::host::add_row;
use super::padding::pad;
use super::tensors::matrix;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

/// Size of one convolution.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConvShape {
    pub inputs: usize,
    pub outputs: usize,
    pub kernel: usize,
    pub stride: usize,
    pub dilation: usize,
}

impl ConvShape {
    /// Stride and dilation one.
    pub fn plain(inputs: usize, outputs: usize, kernel: usize) -> Self {
        Self {
            inputs,
            outputs,
            kernel,
            stride: 1,
            dilation: 1,
        }
    }

    /// Rows a causal convolution looks back.
    pub fn reach(&self) -> usize {
        ((self.kernel - 1) * self.dilation + 1).saturating_sub(self.stride)
    }
}

/// A strided or dilated convolution that pads its own input.
#[derive(Module, Debug)]
pub struct Conv {
    /// `[taps * inputs, outputs]`
    weight: Param<Tensor<2>>,
    /// `[1, outputs]`
    bias: Param<Tensor<2>>,
    #[module(skip)]
    shape: ConvShape,
    #[module(skip)]
    pad_mode: PadMode,
}

impl Conv {
    /// Takes `{layer}.conv`.
    pub(super) fn load(
        checkpoint: &mut Checkpoint,
        layer: &str,
        shape: ConvShape,
        config: &EncodecConfig,
        device: &Device,
    ) -> Result<Self, EncodecError> {
        let ConvShape {
            inputs,
            outputs,
            kernel,
            ..
        } = shape;
        let conv = format!("{layer}.conv");
        let torch = checkpoint.take_kernel(&conv, [outputs, inputs, kernel])?;
        let bias = checkpoint.take(&format!("{conv}.bias"), &[outputs])?;
        let mut weight = vec![0.0; torch.len()];
        for (output, row) in torch.chunks_exact(inputs * kernel).enumerate() {
            for (input, taps) in row.chunks_exact(kernel).enumerate() {
                for (tap, value) in taps.iter().enumerate() {
                    weight[(tap * inputs + input) * outputs + output] = *value;
                }
            }
        }
        Ok(Self {
            weight: matrix(weight, [kernel * inputs, outputs], device),
            bias: matrix(bias, [1, outputs], device),
            shape,
            pad_mode: config.pad_mode,
        })
    }

    /// `[time x inputs]` to `[ceil(time / stride) x outputs]`.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let time = x.dims()[0];
        let rows = time.div_ceil(self.shape.stride);
        let missing = rows * self.shape.stride - time;
        let x = pad(x, self.shape.reach(), missing, self.pad_mode);
        add_row(self.windows_times_weight(x, rows), self.bias.val())
    }

    fn windows_times_weight(&self, x: Tensor<2>, rows: usize) -> Tensor<2> {
        let ConvShape {
            inputs,
            kernel,
            stride,
            dilation,
            ..
        } = self.shape;
        if dilation == 1 {
            return windows(x, kernel, stride).matmul(self.weight.val());
        }
        let tap = |tap: usize| {
            let weight = self.weight.val().narrow(0, tap * inputs, inputs);
            x.clone().narrow(0, tap * dilation, rows).matmul(weight)
        };
        (1..kernel).fold(tap(0), |sum, index| sum + tap(index))
    }
}

/// A transposed convolution whose kernel has twice its stride.
#[derive(Module, Debug)]
pub struct Upsampling {
    /// `[2 * inputs, stride * outputs]`: the taps that meet the input before, then those that meet the input itself.
    weight: Param<Tensor<2>>,
    /// `[1, outputs]`
    bias: Param<Tensor<2>>,
    #[module(skip)]
    outputs: usize,
    #[module(skip)]
    stride: usize,
}

impl Upsampling {
    /// Takes `{layer}.conv`.
    pub(super) fn load(
        checkpoint: &mut Checkpoint,
        layer: &str,
        [inputs, outputs, stride]: [usize; 3],
        device: &Device,
    ) -> Result<Self, EncodecError> {
        let conv = format!("{layer}.conv");
        let torch = checkpoint.take_kernel(&conv, [inputs, outputs, 2 * stride])?;
        let bias = checkpoint.take(&format!("{conv}.bias"), &[outputs])?;
        let mut weight = vec![0.0; torch.len()];
        for (input, row) in torch.chunks_exact(2 * stride * outputs).enumerate() {
            for (output, taps) in row.chunks_exact(2 * stride).enumerate() {
                for (tap, value) in taps.iter().enumerate() {
                    let from = if tap < stride { inputs + input } else { input };
                    weight[(from * stride + tap % stride) * outputs + output] = *value;
                }
            }
        }
        Ok(Self {
            weight: matrix(weight, [2 * inputs, stride * outputs], device),
            bias: matrix(bias, [1, outputs], device),
            outputs,
            stride,
        })
    }

    /// `[time x inputs]` to `[time * stride x outputs]`.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let time = x.dims()[0];
        let y = windows(pad(x, 1, 0, PadMode::Constant), 2, 1).matmul(self.weight.val());
        add_row(y.reshape([time * self.stride, self.outputs]), self.bias.val())
    }
}

/// `[time x channels]` to its windows `[count x taps * channels]`, a view where the device can make one.
fn windows(x: Tensor<2>, taps: usize, stride: usize) -> Tensor<2> {
    let [time, channels] = x.dims();
    if taps == 1 && stride == 1 {
        return x;
    }
    x.reshape([time * channels])
        .unfold::<2, _>(0, taps * channels, stride * channels)
}
