//! SEANet (Tagliasacchi et al. 2020) as EnCodec uses it (Défossez et al. 2022, section 3.1): convolutions that narrow
//! or widen time, an LSTM where time is narrowest.
//!
//! Both networks are three causal sections - convolutions, LSTM, convolutions - so that [`super::stream`] can run them
//! piece by piece. The numbers in the tensors' names count the reference's layers, activations included.

use super::EncodecError;
use super::checkpoint::Checkpoint;
use super::config::EncodecConfig;
use super::conv::{Conv, ConvShape, Upsampling};
use super::host::elu;
use super::lstm::{Lstm, LstmState};
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// `shortcut(x) + conv(elu(conv(elu(x))))`.
#[derive(Module, Debug)]
pub struct ResidualUnit {
    wide: Conv,
    point: Conv,
    shortcut: Option<Conv>,
}

impl ResidualUnit {
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let skip = match &self.shortcut {
            Some(shortcut) => shortcut.forward(x.clone()),
            None => x.clone(),
        };
        let h = self.wide.forward(elu(x));
        skip + self.point.forward(elu(h))
    }
}

/// Residual units, then a strided convolution.
#[derive(Module, Debug)]
pub struct DownStage {
    residual: Vec<ResidualUnit>,
    down: Conv,
}

/// A transposed convolution, then residual units.
#[derive(Module, Debug)]
pub struct UpStage {
    up: Upsampling,
    residual: Vec<ResidualUnit>,
}

/// Samples to latents.
#[derive(Module, Debug)]
pub struct Encoder {
    first: Conv,
    stages: Vec<DownStage>,
    lstm: Lstm,
    last: Conv,
}

/// Latents to samples.
#[derive(Module, Debug)]
pub struct Decoder {
    first: Conv,
    lstm: Lstm,
    stages: Vec<UpStage>,
    last: Conv,
}

impl Encoder {
    /// Takes `encoder.layers.*`.
    pub(super) fn load(
        checkpoint: &mut Checkpoint,
        config: &EncodecConfig,
        device: &Device,
    ) -> Result<Self, EncodecError> {
        let mut layers = Layers::new("encoder", checkpoint, config, device);
        let mut channels = config.num_filters;
        let first = layers.conv(ConvShape::plain(config.audio_channels, channels, config.kernel_size))?;
        let mut stages = Vec::new();
        for ratio in config.upsampling_ratios.iter().rev().copied() {
            let residual = layers.residual_units(channels)?;
            layers.skip_activation();
            let down = layers.conv(ConvShape {
                stride: ratio,
                ..ConvShape::plain(channels, 2 * channels, 2 * ratio)
            })?;
            stages.push(DownStage { residual, down });
            channels *= 2;
        }
        let lstm = layers.lstm(channels)?;
        layers.skip_activation();
        let last = layers.conv(ConvShape::plain(channels, config.hidden_size, config.last_kernel_size))?;
        Ok(Self {
            first,
            stages,
            lstm,
            last,
        })
    }

    /// `[samples x channels]` to `[frames x widest]`.
    pub fn before_lstm(&self, x: Tensor<2>) -> Tensor<2> {
        self.stages.iter().fold(self.first.forward(x), |x, stage| {
            let x = stage.residual.iter().fold(x, |x, unit| unit.forward(x));
            stage.down.forward(elu(x))
        })
    }

    /// `[frames x widest]` to the same.
    pub fn lstm(&self, x: Tensor<2>, state: &mut LstmState) -> Tensor<2> {
        self.lstm.forward(x, state)
    }

    /// `[frames x widest]` to `[frames x latent]`.
    pub fn after_lstm(&self, x: Tensor<2>) -> Tensor<2> {
        self.last.forward(elu(x))
    }
}

impl Decoder {
    /// Takes `decoder.layers.*`.
    pub(super) fn load(
        checkpoint: &mut Checkpoint,
        config: &EncodecConfig,
        device: &Device,
    ) -> Result<Self, EncodecError> {
        let mut layers = Layers::new("decoder", checkpoint, config, device);
        let mut channels = config.widest();
        let first = layers.conv(ConvShape::plain(config.hidden_size, channels, config.kernel_size))?;
        let lstm = layers.lstm(channels)?;
        let mut stages = Vec::new();
        for ratio in config.upsampling_ratios.iter().copied() {
            layers.skip_activation();
            let up = layers.upsampling([channels, channels / 2, ratio])?;
            channels /= 2;
            let residual = layers.residual_units(channels)?;
            stages.push(UpStage { up, residual });
        }
        layers.skip_activation();
        let last = layers.conv(ConvShape::plain(
            channels,
            config.audio_channels,
            config.last_kernel_size,
        ))?;
        Ok(Self {
            first,
            lstm,
            stages,
            last,
        })
    }

    /// `[frames x latent]` to `[frames x widest]`.
    pub fn before_lstm(&self, x: Tensor<2>) -> Tensor<2> {
        self.first.forward(x)
    }

    /// `[frames x widest]` to the same.
    pub fn lstm(&self, x: Tensor<2>, state: &mut LstmState) -> Tensor<2> {
        self.lstm.forward(x, state)
    }

    /// `[frames x widest]` to `[samples x channels]`.
    pub fn after_lstm(&self, x: Tensor<2>) -> Tensor<2> {
        let x = self.stages.iter().fold(x, |x, stage| {
            let x = stage.up.forward(elu(x));
            stage.residual.iter().fold(x, |x, unit| unit.forward(x))
        });
        self.last.forward(elu(x))
    }
}

/// Rows each causal section looks back, in rows of its own input.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// Samples, a multiple of the hop.
    pub encoder_before: usize,
    /// Frames.
    pub encoder_after: usize,
    pub decoder_before: usize,
    pub decoder_after: usize,
}

impl Reach {
    /// Sums what every layer looks back, in samples.
    pub fn of(config: &EncodecConfig) -> Self {
        let hop_len = config.hop_len();
        let residual: usize = (0..config.num_residual_layers)
            .map(|index| (config.residual_kernel_size - 1) * config.dilation_growth_rate.pow(index as u32))
            .sum();
        // Encoder and decoder have the same ladder of sample steps; stride `ratio` leads from `step` to `step * ratio`.
        let (mut down, mut up, mut step) = (config.kernel_size - 1, config.last_kernel_size - 1, 1);
        for ratio in config.upsampling_ratios.iter().rev() {
            down += (residual + ratio) * step;
            up += residual * step + ratio * step;
            step *= ratio;
        }
        Self {
            encoder_before: down.div_ceil(hop_len) * hop_len,
            encoder_after: config.last_kernel_size - 1,
            decoder_before: config.kernel_size - 1,
            decoder_after: up.div_ceil(hop_len),
        }
    }
}

/// Hands out one network's layers in the reference's order.
struct Layers<'a> {
    network: &'static str,
    next: usize,
    checkpoint: &'a mut Checkpoint,
    config: &'a EncodecConfig,
    device: &'a Device,
}

impl<'a> Layers<'a> {
    fn new(
        network: &'static str,
        checkpoint: &'a mut Checkpoint,
        config: &'a EncodecConfig,
        device: &'a Device,
    ) -> Self {
        Self {
            network,
            next: 0,
            checkpoint,
            config,
            device,
        }
    }

    fn name(&mut self) -> String {
        self.next += 1;
        format!("{}.layers.{}", self.network, self.next - 1)
    }

    fn skip_activation(&mut self) {
        self.next += 1;
    }

    fn conv(&mut self, shape: ConvShape) -> Result<Conv, EncodecError> {
        let name = self.name();
        Conv::load(self.checkpoint, &name, shape, self.config, self.device)
    }

    fn upsampling(&mut self, shape: [usize; 3]) -> Result<Upsampling, EncodecError> {
        let name = self.name();
        Upsampling::load(self.checkpoint, &name, shape, self.device)
    }

    fn lstm(&mut self, width: usize) -> Result<Lstm, EncodecError> {
        let name = self.name();
        Lstm::load(
            self.checkpoint,
            &name,
            [self.config.num_lstm_layers, width],
            self.device,
        )
    }

    fn residual_units(&mut self, channels: usize) -> Result<Vec<ResidualUnit>, EncodecError> {
        let hidden = channels / self.config.compress;
        (0..self.config.num_residual_layers)
            .map(|index| {
                let name = self.name();
                let mut conv = |part: &str, shape| {
                    Conv::load(
                        self.checkpoint,
                        &format!("{name}.{part}"),
                        shape,
                        self.config,
                        self.device,
                    )
                };
                let wide = conv(
                    "block.1",
                    ConvShape {
                        dilation: self.config.dilation_growth_rate.pow(index as u32),
                        ..ConvShape::plain(channels, hidden, self.config.residual_kernel_size)
                    },
                )?;
                let point = conv("block.3", ConvShape::plain(hidden, channels, 1))?;
                let shortcut = self
                    .config
                    .use_conv_shortcut
                    .then(|| conv("shortcut", ConvShape::plain(channels, channels, 1)))
                    .transpose()?;
                Ok(ResidualUnit { wide, point, shortcut })
            })
            .collect()
    }
}
