//! Keeps a decoded chunk no louder than the loud passages of the music it was learned from: a slider at its end can lift
//! every band at once, and the limiter would then squash what should be coloured.

use crate::dsp::BandAxis;
use crate::values::Frames;

/// Loudest mean square of a chunk, -14 dBFS: clips are imported at -20 dBFS, their loud passages lie some decibels above.
const CEILING: f32 = 0.04;
/// Equivalent noise bandwidth of the Blackman window in bins (Harris 1978): a sine's power spreads over so many.
const WINDOW_BINS: f32 = 1.727;

/// The ceiling for frames of the built-in codec.
#[derive(Clone, Debug)]
pub(super) struct LoudnessCeiling {
    /// Bins that each band stands for.
    bins_per_band: Vec<f32>,
}

impl LoudnessCeiling {
    pub(super) fn new(axis: &BandAxis) -> Self {
        let bin_hz = axis.sample_rate_hz() as f32 / axis.fft_len() as f32;
        let last = axis.bands() - 1;
        let centre = |band: usize| axis.centre_hz(band) / bin_hz;
        let bins_per_band = (0..=last)
            .map(|band| {
                let (below, above) = (band.saturating_sub(1), (band + 1).min(last));
                (centre(above) - centre(below)) / (above - below) as f32
            })
            .collect();
        Self { bins_per_band }
    }

    /// Lowers all of `levels` `[frames x bands]`, nats, by the same amount where they are too loud together.
    pub(super) fn hold(&self, levels: &mut Frames) {
        let excess = 0.5 * (self.mean_square(levels) / CEILING).ln();
        if excess > 0.0 && excess.is_finite() {
            levels.as_mut_slice().iter_mut().for_each(|level| *level -= excess);
        }
    }

    /// Mean square of the sound of `levels`, full scale 1.
    fn mean_square(&self, levels: &Frames) -> f32 {
        let frame = |row: &[f32]| -> f32 {
            row.iter()
                .zip(&self.bins_per_band)
                .map(|(level, bins)| bins * (2.0 * level).exp())
                .sum()
        };
        levels.rows().map(frame).sum::<f32>() / (2.0 * WINDOW_BINS * levels.len().max(1) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::SpectralCodec;

    #[test]
    fn loud_chunks_are_lowered_to_the_ceiling_and_others_left_alone() {
        let codec = SpectralCodec::new(BandAxis::standard());
        let ceiling = LoudnessCeiling::new(codec.axis());
        let noise = |amplitude: f32| -> Vec<f32> {
            let mut seed = 1u32;
            let next = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                amplitude * (seed as f32 / u32::MAX as f32 - 0.5)
            };
            std::iter::repeat_with(next).take(44_100).collect()
        };
        // Uniform noise of width a has a mean square of a^2 / 12, a tenth of it above 20 kHz, which no band holds.
        let quiet = codec.analyse(&noise(0.3));
        let heard = ceiling.mean_square(&quiet);
        assert!((heard / (0.09 / 12.0 * 0.9) - 1.0).abs() < 0.25, "mean square {heard}");
        let mut same = quiet.clone();
        ceiling.hold(&mut same);
        assert_eq!(same, quiet);
        let mut loud = codec.analyse(&noise(1.9));
        ceiling.hold(&mut loud);
        assert!((ceiling.mean_square(&loud) / CEILING - 1.0).abs() < 0.01);
    }
}
