//! Real-time: from the engine's sample rate to the device's, hop by hop; never allocates after `new`.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{
    Async, FixedAsync, Resampler, ResamplerConstructionError, SincInterpolationParameters, SincInterpolationType,
    WindowFunction,
};

/// Taps of the windowed sinc: flat to 18 kHz at 44.1 kHz, 0.7 ms of delay.
const SINC_LEN: usize = 64;

/// A rate converter for stereo hops of a fixed length; equal rates pass through.
pub struct RateConverter {
    sinc: Option<Async<f32>>,
    converted: Vec<[f32; 2]>,
    ratio: f64,
}

impl RateConverter {
    /// From `from_hz` to `to_hz`.
    ///
    /// # Errors
    /// Rates so far apart that no filter can be built.
    pub fn new(from_hz: u32, to_hz: u32, hop_len: usize) -> Result<Self, ResamplerConstructionError> {
        let ratio = f64::from(to_hz) / f64::from(from_hz);
        if from_hz == to_hz {
            return Ok(Self {
                sinc: None,
                converted: Vec::new(),
                ratio,
            });
        }
        let parameters = SincInterpolationParameters::new(SINC_LEN, WindowFunction::Blackman2)
            .oversampling_factor(256)
            .interpolation(SincInterpolationType::Linear);
        let sinc = Async::new_sinc(ratio, 1.0, &parameters, hop_len, 2, FixedAsync::Input)?;
        Ok(Self {
            converted: vec![[0.0; 2]; sinc.output_frames_max()],
            sinc: Some(sinc),
            ratio,
        })
    }

    /// Output samples per input sample.
    pub fn ratio(&self) -> f64 {
        self.ratio
    }

    /// The most output samples that a hop of `hop_len` can become.
    pub fn most_samples(&self, hop_len: usize) -> usize {
        self.converted.len().max(hop_len)
    }

    /// Output samples between a sample and its image.
    pub fn latency_samples(&self) -> usize {
        self.sinc.as_ref().map_or(0, Resampler::output_delay)
    }

    /// The image of the stereo frames of `hop`.
    pub fn process<'a>(&'a mut self, hop: &'a [[f32; 2]]) -> &'a [[f32; 2]] {
        let Some(sinc) = &mut self.sinc else {
            return hop;
        };
        let room = self.converted.len();
        let written = match (
            InterleavedSlice::new(hop.as_flattened(), 2, hop.len()),
            InterleavedSlice::new_mut(self.converted.as_flattened_mut(), 2, room),
        ) {
            (Ok(input), Ok(mut output)) => sinc
                .process_into_buffer(&input, &mut output, None)
                .map_or(0, |(_, out)| out),
            _ => 0,
        };
        &self.converted[..written]
    }
}
