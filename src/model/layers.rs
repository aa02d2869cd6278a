//! The network's bricks. Everything is `Linear` over `[batch, time, channels]`: on GPU back-ends the gradient of a
//! convolution is several times slower than a matmul of the same work, and a matmul runs well everywhere.

use crate::values::LoopContext;
use burn::module::Module;
use burn::nn::{Initializer, Linear, LinearConfig, RmsNorm, RmsNormConfig};
use burn::tensor::activation::silu;
use burn::tensor::{Device, Tensor};

/// A linear layer whose output starts at zero, so that what it feeds starts as the identity.
pub(crate) fn zero_linear(inputs: usize, outputs: usize, device: &Device) -> Linear {
    LinearConfig::new(inputs, outputs)
        .with_initializer(Initializer::Zeros)
        .init(device)
}

/// Whether nothing comes out of `layer` but zeros.
pub(crate) fn is_silent(layer: &Linear) -> bool {
    let most = |values: Tensor<1>| values.abs().max().into_scalar::<f32>();
    let bias = layer.bias.as_ref().map_or(0.0, |bias| most(bias.val()));
    bias == 0.0 && most(layer.weight.val().flatten::<1>(0, 1)) == 0.0
}

/// A linear layer with the framework's default initialisation.
pub(crate) fn linear(inputs: usize, outputs: usize, device: &Device) -> Linear {
    LinearConfig::new(inputs, outputs).init(device)
}

/// [`RmsNorm`] by a product: the gradient of a quotient takes two passes more over the values.
pub(super) fn normed(norm: &RmsNorm, x: Tensor<3>) -> Tensor<3> {
    let gain = (x.clone().square().mean_dim(2) + norm.epsilon).sqrt().recip();
    x * gain * norm.gamma.val().unsqueeze()
}

/// Three-tap time convolution as one matmul: `[x(t-d), x(t), x(t+d)] -> Linear`.
#[derive(Module, Debug)]
pub struct ShiftLinear {
    taps: Linear,
    #[module(skip)]
    dilation: usize,
}

impl ShiftLinear {
    pub fn new(channels: usize, outputs: usize, dilation: usize, device: &Device) -> Self {
        Self {
            taps: linear(3 * channels, outputs, device),
            dilation,
        }
    }

    /// `[batch, time, channels] -> [batch, time, outputs]`.
    pub fn forward(&self, x: Tensor<3>, context: LoopContext) -> Tensor<3> {
        let [batch, time, channels] = x.dims();
        let d = self.dilation.min(time);
        let kept = time - d;
        let (before, after) = match context {
            LoopContext::Circular => (x.clone().narrow(1, kept, d), x.clone().narrow(1, 0, d)),
            LoopContext::Open => {
                let nothing = Tensor::zeros([batch, d, channels], &x.device());
                (nothing.clone(), nothing)
            }
        };
        let (past, future) = if kept == 0 {
            (before, after)
        } else {
            (
                Tensor::cat(vec![before, x.clone().narrow(1, 0, kept)], 1),
                Tensor::cat(vec![x.clone().narrow(1, d, kept), after], 1),
            )
        };
        self.taps.forward(Tensor::cat(vec![past, x, future], 2))
    }
}

/// `x + W2 SiLU(FiLM(ShiftLinear(RMSNorm x)))`, with W2 zero at the start.
#[derive(Module, Debug)]
pub struct ResidualBlock {
    norm: RmsNorm,
    mix: ShiftLinear,
    film: Option<Linear>,
    out: Linear,
}

impl ResidualBlock {
    /// `film_width` is the length of the modulating vector; `None` for blocks that nothing modulates.
    pub fn new(channels: usize, dilation: usize, film_width: Option<usize>, device: &Device) -> Self {
        Self {
            norm: RmsNormConfig::new(channels).init(device),
            mix: ShiftLinear::new(channels, channels, dilation, device),
            film: film_width.map(|width| zero_linear(width, 2 * channels, device)),
            out: zero_linear(channels, channels, device),
        }
    }

    /// `x`: `[batch, time, channels]`, `film`: `[batch, film_width]`.
    pub fn forward(&self, x: Tensor<3>, film: Option<&Tensor<2>>, context: LoopContext) -> Tensor<3> {
        let channels = x.dims()[2];
        let mut h = self.mix.forward(normed(&self.norm, x.clone()), context);
        if let (Some(layer), Some(film)) = (&self.film, film) {
            let modulation = layer.forward(film.clone()).unsqueeze_dim::<3>(1);
            let scale = modulation.clone().narrow(2, 0, channels).add_scalar(1.0);
            h = h * scale + modulation.narrow(2, channels, channels);
        }
        x + self.out.forward(silu(h))
    }
}

/// Blocks of one stage with dilations 1, 3, 1, 3, ...
pub(crate) fn blocks(count: usize, channels: usize, film: Option<usize>, device: &Device) -> Vec<ResidualBlock> {
    (0..count)
        .map(|i| ResidualBlock::new(channels, if i % 2 == 0 { 1 } else { 3 }, film, device))
        .collect()
}

/// A two-layer perceptron whose output starts at zero.
#[derive(Module, Debug)]
pub struct ZeroMlp {
    hidden: Linear,
    out: Linear,
}

impl ZeroMlp {
    pub fn new(inputs: usize, hidden: usize, outputs: usize, device: &Device) -> Self {
        Self {
            hidden: linear(inputs, hidden, device),
            out: zero_linear(hidden, outputs, device),
        }
    }

    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.out.forward(silu(self.hidden.forward(x)))
    }

    /// Whether its output is still zero.
    pub fn is_silent(&self) -> bool {
        is_silent(&self.out)
    }
}
