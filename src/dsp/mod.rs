//! Pure f32 signal maths: spectra, bands, phase, overlap-add. No Burn, no IO, no threads.
//!
//! The way in: [`PowerPairs`] cuts samples into power spectra and [`BandAxis`] folds those into frames of log amplitude.
//! The way back: [`FrameSynth`] unfolds band frames, adds [`NoiseTexture`], finds phases with [`Rtpghi`] and
//! overlap-adds, one hop at a time; [`RecordingFilter`] filters a recording's own spectra instead. Levels are natural-log amplitudes; 0 is a full-scale sine.

mod angle;
mod axis;
mod bin_levels;
mod blackman_lobe;
mod error;
mod frame_synth;
mod k_weighting;
mod lanes;
mod limiter;
mod logarithm;
pub mod loudness;
mod loudness_meter;
mod measures;
mod mono;
mod overlap_add;
mod paired_fft;
mod partials;
mod phase_gradient;
mod pitch;
mod pitch_shift;
mod recording_filter;
mod resample;
mod rtpghi;
mod simd;
mod spectrum_synth;
mod stft;
mod stream_level;
mod subsonic;
mod texture;
mod true_peak;
mod white_noise;
mod window;

pub use axis::{BandAxis, LEVEL_FLOOR};
pub use bin_levels::BinLevels;
pub use error::AxisError;
pub use frame_synth::FrameSynth;
pub use lanes::sum;
pub use limiter::{Limiter, Peaks};
pub use logarithm::ln_all;
pub use loudness_meter::{BandPowerMeter, LevelMeter, lufs_of_filtered};
pub use measures::{DB_PER_NAT, log_spectral_distance_db, spectral_convergence_db};
pub use mono::{MidSideEnergy, MonoMix, mid_side};
pub use overlap_add::OverlapAdd;
pub use paired_fft::PowerPairs;
pub use partials::PartialFrame;
pub use pitch::{Pitch, pitch_of};
pub use pitch_shift::{PitchRatio, PitchTables, PitchVoice};
pub use recording_filter::{GAIN_LIMIT, RecordingFilter};
pub use resample::resample;
pub use rtpghi::Rtpghi;
pub use spectrum_synth::{SpectrumSynth, render_hops};
pub use stft::Stft;
pub use stream_level::StreamLevel;
pub use subsonic::remove_subsonic;
pub use texture::{NOISE_DEVIATION, NoiseTexture};
pub use white_noise::WhiteNoise;
pub use window::Window;
