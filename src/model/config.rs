//! The shape of a model: everything that must be known to rebuild it from its weights.

use crate::dsp::BandAxis;
use serde::{Deserialize, Serialize};

/// Which representation the frames are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum CodecKind {
    /// 224 hybrid bands of log magnitude, voiced by RTPGHI.
    Spectral,
    /// EnCodec's continuous 128-d latents, voiced by its own decoder.
    Encodec,
}

/// Named sizes of the residual network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// For two CPU cores.
    S,
    /// For a GPU.
    M,
}

/// Residual blocks at one time resolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkStage {
    /// Time steps per local latent: 1 is the coarsest, `patch_frames` the finest.
    pub steps_per_patch: usize,
    /// Channels.
    pub width: usize,
    /// Residual blocks in a row.
    pub blocks: usize,
}

/// Sizes of frames, latents and network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelConfig {
    /// What the frames are made by and voiced with.
    pub codec: CodecKind,
    /// The named size that `encoder` and `decoder` were chosen by.
    pub preset: Preset,
    /// Of the audio behind the frames.
    pub sample_rate_hz: u32,
    /// Samples between frames.
    pub hop_len: usize,
    /// Values per frame.
    pub bands: usize,
    /// Frames per chunk; a multiple of `patch_frames`.
    pub chunk_frames: usize,
    /// Frames per local latent.
    pub patch_frames: usize,
    /// Length of g.
    pub global_dims: usize,
    /// Width of l: values per local latent.
    pub local_dims: usize,
    /// Genres of the corpus: the length of every genre mix.
    pub genres: usize,
    /// Shapes of the spectrum whose modulation labels scale; 0 = every band is one. `movement_dims` in files of format 1.
    #[serde(default, alias = "movement_dims")]
    pub modulation_dims: usize,
    /// Finest first.
    pub encoder: Vec<NetworkStage>,
    /// Coarsest first.
    pub decoder: Vec<NetworkStage>,
}

/// Cepstral coefficients whose modulation labels scale: the coarse shape of the spectrum, without its pitches.
const CEPSTRA: usize = 20;

/// Width of the FiLM vector that carries g and the condition into every decoder block.
pub const FILM_WIDTH: usize = 128;

impl ModelConfig {
    /// The sizes of `preset` for `codec` and a corpus of `genres` genres, with chunks near `chunk_secs`.
    pub fn new(codec: CodecKind, preset: Preset, genres: usize, chunk_secs: f32) -> Self {
        let (sample_rate_hz, hop_len, bands, patch_frames) = match codec {
            CodecKind::Spectral => (44_100, 256, 224, 16),
            CodecKind::Encodec => (24_000, 320, 128, 8),
        };
        let stage = |steps_per_patch, width, blocks| NetworkStage {
            steps_per_patch,
            width,
            blocks,
        };
        let (encoder, decoder) = match preset {
            Preset::S => (
                vec![stage(4, 128, 1), stage(1, 256, 2)],
                vec![stage(1, 256, 3), stage(4, 192, 2)],
            ),
            Preset::M => (
                vec![stage(8, 256, 1), stage(4, 384, 2), stage(1, 512, 3)],
                vec![stage(1, 512, 4), stage(4, 384, 3), stage(8, 320, 2)],
            ),
        };
        let config = Self {
            codec,
            preset,
            sample_rate_hz,
            hop_len,
            bands,
            chunk_frames: 4 * patch_frames,
            patch_frames,
            global_dims: 32,
            local_dims: 64,
            genres,
            modulation_dims: match codec {
                CodecKind::Spectral => CEPSTRA,
                CodecKind::Encodec => 0,
            },
            encoder,
            decoder,
        };
        config.with_frames(sample_rate_hz, hop_len, bands, chunk_secs)
    }

    /// The same for frames of another geometry, with chunks near `chunk_secs`: EnCodec's rate, hop and width are what
    /// its weights say.
    pub fn with_frames(mut self, sample_rate_hz: u32, hop_len: usize, bands: usize, chunk_secs: f32) -> Self {
        let patch_secs = (self.patch_frames * hop_len) as f32 / sample_rate_hz as f32;
        let patches = (chunk_secs.clamp(0.5, 30.0) / patch_secs).round().max(4.0) as usize;
        (self.sample_rate_hz, self.hop_len, self.bands) = (sample_rate_hz, hop_len, bands);
        self.chunk_frames = patches * self.patch_frames;
        self
    }

    /// Where the bands of its frames lie; `None` where they are not levels of the built-in codec.
    pub fn level_axis(&self) -> Option<BandAxis> {
        let axis = BandAxis::standard();
        let is = (self.codec, self.sample_rate_hz, self.hop_len, self.bands);
        (is == (CodecKind::Spectral, axis.sample_rate_hz(), axis.hop_len(), axis.bands())).then_some(axis)
    }

    /// Shapes of the spectrum whose modulation labels scale.
    pub fn modulations(&self) -> usize {
        if self.modulation_dims == 0 {
            self.bands
        } else {
            self.modulation_dims
        }
    }

    /// Gains that labels set: of every slow modulation, every fast one, and the rest of the deviation.
    pub fn gains(&self) -> usize {
        2 * self.modulations() + 1
    }

    /// Local latents per chunk.
    pub fn local_steps(&self) -> usize {
        self.chunk_frames / self.patch_frames
    }

    /// Length of a chunk in seconds.
    pub fn chunk_secs(&self) -> f32 {
        (self.chunk_frames * self.hop_len) as f32 / self.sample_rate_hz as f32
    }

    /// Frames per second.
    pub fn frame_rate_hz(&self) -> f32 {
        self.sample_rate_hz as f32 / self.hop_len as f32
    }

    /// Width of a condition vector: genre shares, valence, arousal, three "unknown" flags.
    pub fn condition_width(&self) -> usize {
        self.genres + 5
    }

    /// Why these sizes cannot be built or trusted, if so. Files are checked with this before anything is allocated.
    pub fn problem(&self) -> Option<String> {
        let within = |name: &str, value: usize, low: usize, high: usize| {
            (!(low..=high).contains(&value)).then(|| format!("{name} is {value}, outside {low}..{high}"))
        };
        let stage_problem = |stage: &NetworkStage| {
            within("a stage's width", stage.width, 8, 4_096)
                .or_else(|| within("a stage's block count", stage.blocks, 0, 64))
                .or_else(|| {
                    (stage.steps_per_patch == 0 || !self.patch_frames.is_multiple_of(stage.steps_per_patch))
                        .then(|| format!("{} steps do not divide a patch", stage.steps_per_patch))
                })
        };
        within("sample rate", self.sample_rate_hz as usize, 8_000, 192_000)
            .or_else(|| within("hop length", self.hop_len, 16, 8_192))
            .or_else(|| within("bands", self.bands, 8, 4_096))
            .or_else(|| within("patch length", self.patch_frames, 1, 256))
            .or_else(|| within("chunk length", self.chunk_frames, 4 * self.patch_frames, 65_536))
            .or_else(|| {
                (!self.chunk_frames.is_multiple_of(self.patch_frames))
                    .then(|| "a chunk is no whole number of patches".into())
            })
            .or_else(|| within("global latent size", self.global_dims, 2, 512))
            .or_else(|| within("local latent size", self.local_dims, 1, 512))
            .or_else(|| within("count of modulations", self.modulation_dims, 0, self.bands))
            .or_else(|| within("genre count", self.genres, 0, 4_096))
            .or_else(|| within("encoder stages", self.encoder.len(), 1, 8))
            .or_else(|| within("decoder stages", self.decoder.len(), 1, 8))
            .or_else(|| self.encoder.iter().chain(&self.decoder).find_map(stage_problem))
            .or_else(|| {
                let coarse_to_fine = |pair: &[NetworkStage]| {
                    pair[1].steps_per_patch > pair[0].steps_per_patch
                        && pair[1].steps_per_patch.is_multiple_of(pair[0].steps_per_patch)
                };
                let reversed: Vec<NetworkStage> = self.encoder.iter().rev().copied().collect();
                (!self.decoder.windows(2).all(coarse_to_fine)
                    || !reversed.windows(2).all(coarse_to_fine)
                    || self.decoder[0].steps_per_patch != 1
                    || reversed[0].steps_per_patch != 1)
                    .then(|| "its stages do not step from one latent to finer time".into())
            })
    }
}
