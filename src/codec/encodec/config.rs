//! What a checkpoint's `config.json` says, checked before any tensor is made from it.

use super::EncodecError;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Upper bound of every width and kernel: far above the published models, far below what exhausts memory.
const WIDEST: usize = 4096;
/// Upper bound of the list lengths and layer counts.
const LONGEST: usize = 64;

/// How a convolution's input is continued past its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PadMode {
    /// Mirrored about the end sample, which is not repeated; a window too short gets zeros first.
    Reflect,
    /// With zeros.
    Constant,
    /// With copies of the end sample.
    Replicate,
}

/// How a convolution is normalised. Only weight norm can be played: see [`EncodecConfig::unsuited`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NormType {
    /// `weight = g v / |v|` per output row, folded into the weight when it is loaded.
    WeightNorm,
    /// One group over all channels and all time of a window, as in the 48 kHz model.
    TimeGroupNorm,
}

/// The fields of Hugging Face's `EncodecConfig` that shape the network; absent ones are the 24 kHz model's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EncodecConfig {
    /// Must be `encodec`; absent, it reads as empty and is refused.
    pub model_type: String,
    /// Bit rates it can run at, in kbps, ascending; the highest decides the number of codebooks.
    pub target_bandwidths: Vec<f64>,
    /// In Hz, of the input and the output.
    pub sampling_rate: u32,
    /// 1 for mono, the only one that is suited; 2 for stereo.
    pub audio_channels: usize,
    /// Whether each window is divided by its RMS before encoding and scaled back after decoding; unsuited.
    pub normalize: bool,
    /// Window length in seconds, unsuited; `None` = all audio in one window.
    pub chunk_length_s: Option<f64>,
    /// Values per latent: the encoder's outputs, the decoder's inputs.
    pub hidden_size: usize,
    /// Channels after the encoder's first convolution; every downsampling stage doubles them.
    pub num_filters: usize,
    /// Residual units per stage; may be 0.
    pub num_residual_layers: usize,
    /// Strides in the decoder's order; the encoder takes them in reverse.
    pub upsampling_ratios: Vec<usize>,
    /// For every convolution, transposed ones included.
    pub norm_type: NormType,
    /// Taps of the first convolution in the encoder and in the decoder.
    pub kernel_size: usize,
    /// Taps of the last convolution in the encoder and in the decoder.
    pub last_kernel_size: usize,
    /// Taps of the first, dilated convolution in a residual unit; the second has one.
    pub residual_kernel_size: usize,
    /// The dilation of a stage's residual unit `i`, counted from 0, is this to the power of `i`.
    pub dilation_growth_rate: usize,
    /// Whether convolutions see only the past; others are unsuited.
    pub use_causal_conv: bool,
    /// For plain and strided convolutions; transposed ones always pad with zeros.
    pub pad_mode: PadMode,
    /// Factor by which a residual unit narrows its channels between its two convolutions.
    pub compress: usize,
    /// In the encoder and in the decoder each; at least 1.
    pub num_lstm_layers: usize,
    /// Share of a transposed convolution's surplus that is cut from the end: all, 1.0, is suited.
    pub trim_right_ratio: f64,
    /// Entries per codebook: a power of two, 2 to 65,536.
    pub codebook_size: usize,
    /// Must equal `hidden_size` where given; `None` means the same.
    pub codebook_dim: Option<usize>,
    /// Whether a residual unit's skip path is a one-tap convolution instead of the identity.
    pub use_conv_shortcut: bool,
}

impl Default for EncodecConfig {
    fn default() -> Self {
        Self {
            model_type: String::new(),
            target_bandwidths: vec![1.5, 3.0, 6.0, 12.0, 24.0],
            sampling_rate: 24_000,
            audio_channels: 1,
            normalize: false,
            chunk_length_s: None,
            hidden_size: 128,
            num_filters: 32,
            num_residual_layers: 1,
            upsampling_ratios: vec![8, 5, 4, 2],
            norm_type: NormType::WeightNorm,
            kernel_size: 7,
            last_kernel_size: 7,
            residual_kernel_size: 3,
            dilation_growth_rate: 2,
            use_causal_conv: true,
            pad_mode: PadMode::Reflect,
            compress: 2,
            num_lstm_layers: 2,
            trim_right_ratio: 1.0,
            codebook_size: 1024,
            codebook_dim: None,
            use_conv_shortcut: true,
        }
    }
}

impl EncodecConfig {
    /// Reads and checks `config.json`.
    ///
    /// # Errors
    /// When the file cannot be read, is no JSON of an EnCodec model, or describes a network that cannot be built.
    pub fn read(path: &Path) -> Result<Self, EncodecError> {
        let text = std::fs::read_to_string(path).map_err(|source| EncodecError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text).map_err(|reason| EncodecError::Config {
            path: path.to_owned(),
            reason,
        })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let config: Self = serde_json::from_str(text).map_err(|problem| problem.to_string())?;
        if config.model_type != "encodec" {
            return Err(format!("its model_type is {:?}", config.model_type));
        }
        config.check()?;
        Ok(config)
    }

    /// Samples between two latents: the product of the strides.
    pub fn hop_len(&self) -> usize {
        self.upsampling_ratios.iter().product()
    }

    /// Latents per second, rounded up.
    pub fn frame_rate(&self) -> usize {
        (self.sampling_rate as usize).div_ceil(self.hop_len())
    }

    /// Channels at the narrowest time resolution.
    pub fn widest(&self) -> usize {
        self.num_filters << self.upsampling_ratios.len()
    }

    /// Number of residual codebooks the checkpoint holds.
    pub fn codebooks(&self) -> usize {
        let highest = self.target_bandwidths.last().copied().unwrap_or(0.0);
        let bits = self.codebook_size.next_power_of_two().ilog2() as usize;
        (1000.0 * highest / (self.frame_rate() * bits) as f64) as usize
    }

    /// Number of codebooks used at `kbps`, one of the model's bandwidths; `None` for any other.
    pub fn codebooks_at(&self, kbps: f64) -> Option<usize> {
        let per_codebook = self.frame_rate() as f64 * (self.codebook_size as f64).log2();
        self.target_bandwidths
            .contains(&kbps)
            .then(|| ((1000.0 * kbps / per_codebook) as usize).clamp(1, self.codebooks()))
    }

    /// Why audio of any length cannot flow through the network piece by piece, as a clause; `None` when it can.
    pub fn unsuited(&self) -> Option<&'static str> {
        if self.audio_channels != 1 && self.chunk_length_s.is_some() {
            Some("it is a stereo model that works in separate windows, like the one at 48 kHz")
        } else if self.audio_channels != 1 {
            Some("it is a stereo model")
        } else if self.chunk_length_s.is_some() || self.normalize {
            Some("it works in separate windows, each with its own loudness")
        } else if !self.use_causal_conv || self.trim_right_ratio != 1.0 {
            Some("its convolutions look ahead")
        } else if self.norm_type != NormType::WeightNorm {
            Some("its normalisation depends on the length of the audio")
        } else {
            None
        }
    }

    fn check(&self) -> Result<(), String> {
        let widths = [
            ("hidden_size", self.hidden_size),
            ("num_filters", self.num_filters),
            ("kernel_size", self.kernel_size),
            ("last_kernel_size", self.last_kernel_size),
            ("residual_kernel_size", self.residual_kernel_size),
            ("dilation_growth_rate", self.dilation_growth_rate),
            ("compress", self.compress),
        ];
        for (name, value) in widths {
            if !(1..=WIDEST).contains(&value) {
                return Err(format!("{name} is {value}"));
            }
        }
        let ratios = &self.upsampling_ratios;
        if ratios.is_empty() || ratios.len() > 8 || ratios.iter().any(|ratio| !(1..=LONGEST).contains(ratio)) {
            return Err(format!("upsampling_ratios is {ratios:?}"));
        }
        if self.num_filters > WIDEST >> ratios.len() || self.compress > self.num_filters {
            return Err(format!(
                "num_filters is {}, compress {}",
                self.num_filters, self.compress
            ));
        }
        let dilation = self
            .dilation_growth_rate
            .checked_pow(self.num_residual_layers.saturating_sub(1) as u32);
        if self.num_residual_layers > LONGEST || dilation.is_none_or(|dilation| dilation > WIDEST) {
            return Err(format!("num_residual_layers is {}", self.num_residual_layers));
        }
        if !(1..=LONGEST).contains(&self.num_lstm_layers) {
            return Err(format!("num_lstm_layers is {}", self.num_lstm_layers));
        }
        if !(100..=384_000).contains(&self.sampling_rate) {
            return Err(format!("sampling_rate is {}", self.sampling_rate));
        }
        if !self.codebook_size.is_power_of_two() || !(2..=65_536).contains(&self.codebook_size) {
            return Err(format!("codebook_size is {}, no power of two", self.codebook_size));
        }
        if self.codebook_dim.is_some_and(|dim| dim != self.hidden_size) {
            return Err(format!("codebook_dim is not hidden_size, {}", self.hidden_size));
        }
        let rising = self.target_bandwidths.is_sorted() && self.target_bandwidths.iter().all(|kbps| *kbps > 0.0);
        if !rising || !(1..=1024).contains(&self.codebooks()) {
            return Err(format!("target_bandwidths is {:?}", self.target_bandwidths));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(changes: &str) -> Result<EncodecConfig, String> {
        EncodecConfig::parse(&format!("{{\"model_type\": \"encodec\"{changes}}}"))
    }

    #[test]
    fn the_published_models_have_their_geometry() {
        let mono = with("").unwrap();
        assert_eq!((mono.hop_len(), mono.frame_rate(), mono.codebooks()), (320, 75, 32));
        let used: Vec<_> = [1.5, 3.0, 6.0, 12.0, 24.0, 7.0]
            .map(|kbps| mono.codebooks_at(kbps))
            .into();
        assert_eq!(used, [Some(2), Some(4), Some(8), Some(16), Some(32), None]);
        assert_eq!(mono.unsuited(), None);

        let stereo = with(
            r#", "sampling_rate": 48000, "audio_channels": 2, "normalize": true, "chunk_length_s": 1.0, "overlap": 0.01,
            "norm_type": "time_group_norm", "use_causal_conv": false, "target_bandwidths": [3.0, 6.0, 12.0, 24.0]"#,
        )
        .unwrap();
        assert_eq!((stereo.frame_rate(), stereo.codebooks()), (150, 16));
        assert!(stereo.unsuited().is_some_and(|reason| reason.contains("stereo")));
    }

    #[test]
    fn networks_that_need_the_whole_audio_at_once_are_unsuited() {
        for changes in [
            r#", "audio_channels": 2"#,
            r#", "normalize": true"#,
            r#", "chunk_length_s": 1.0, "overlap": 0.01"#,
            r#", "use_causal_conv": false"#,
            r#", "trim_right_ratio": 0.5"#,
            r#", "norm_type": "time_group_norm""#,
        ] {
            assert!(with(changes).unwrap().unsuited().is_some(), "{changes} was accepted");
        }
    }

    #[test]
    fn what_cannot_be_built_is_refused() {
        for changes in [
            r#", "num_filters": 0"#,
            r#", "upsampling_ratios": []"#,
            r#", "upsampling_ratios": [8, 0]"#,
            r#", "num_filters": 4096"#,
            r#", "dilation_growth_rate": 9, "num_residual_layers": 60"#,
            r#", "codebook_size": 1000"#,
            r#", "codebook_dim": 64"#,
            r#", "target_bandwidths": []"#,
            r#", "target_bandwidths": [1e300]"#,
            r#", "pad_mode": "circular""#,
        ] {
            assert!(with(changes).is_err(), "{changes} was accepted");
        }
        assert!(EncodecConfig::parse(r#"{"model_type": "bert"}"#).is_err());
        assert!(EncodecConfig::parse("[").is_err());
    }
}
