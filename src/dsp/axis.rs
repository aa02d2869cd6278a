//! The hybrid band axis: one-bin bands where pitch lives, geometric triangular bands above.
//!
//! A mel axis of the same size loses the low harmonics; see the ceilings in the crate's design notes: hybrid bands keep
//! 3 dB more of the spectrum than 256 mel bands.

use super::AxisError;
use super::lanes::{LANES, weighted_sum};
use super::logarithm::ln_in_place;
use super::simd::wide;
use std::ops::Range;

/// Level of silence: `0.5 * ln(1e-8)`, -80 dBFS. No band value lies below it.
pub const LEVEL_FLOOR: f32 = -9.210_34;

/// Added to the mean power of a band so that silence has a finite level.
const POWER_FLOOR: f32 = 1e-8;

/// Highest frequency that a band covers; above lies what lossy formats remove and few people hear.
const TOP_HZ: f64 = 20_000.0;

/// Bins over which the spectrum falls to the floor above the highest band.
const TOP_SLOPE_BINS: f64 = 4.0;

/// Where the bands lie, and how power spectra become band levels and back.
#[derive(Clone, Debug)]
pub struct BandAxis {
    sample_rate_hz: u32,
    fft_len: usize,
    hop_len: usize,
    /// Centre of every band in bins (fractional).
    centres: Vec<f32>,
    /// Bins each band averages over.
    supports: Vec<Range<usize>>,
    /// So many bands from the first on are one bin each, the bin of their own number.
    single: usize,
    /// Weights of all bands' bins, one band after the other, each band's summing to 1.
    weights: Vec<f32>,
    /// For every bin the band whose centre lies at or below it...
    lower: Vec<u16>,
    /// ...and how far the bin is on the way to the next centre, 0..=1. Past the last centre the way leads to the floor.
    fraction: Vec<f32>,
}

impl BandAxis {
    /// The axis of the built-in codec: 44.1 kHz, 2048-sample spectra 256 samples apart, 224 bands.
    pub fn standard() -> Self {
        Self::hybrid(44_100, 2048, 256, 224).expect("the standard geometry is valid")
    }

    /// Three sevenths of the bands are single bins from DC upwards, the rest geometric triangles up to 20 kHz (or the
    /// Nyquist frequency). Where geometric bands would be narrower than a bin, more single bins take their place.
    ///
    /// # Errors
    /// Sizes that cannot be analysed and put together again.
    pub fn hybrid(sample_rate_hz: u32, fft_len: usize, hop_len: usize, bands: usize) -> Result<Self, AxisError> {
        if !(64..=65_536).contains(&fft_len) || fft_len % 2 == 1 || !(4_000..=400_000).contains(&sample_rate_hz) {
            return Err(AxisError::Transform {
                fft_len,
                sample_rate_hz,
            });
        }
        if hop_len == 0 || !fft_len.is_multiple_of(hop_len) || fft_len / hop_len < 5 {
            return Err(AxisError::Hop { fft_len, hop_len });
        }
        let nyquist_bin = fft_len / 2;
        let top = (TOP_HZ * fft_len as f64 / f64::from(sample_rate_hz)).min(nyquist_bin as f64);
        let most = top as usize + 1;
        if !(8..=most).contains(&bands) {
            return Err(AxisError::Bands { bands, fft_len, most });
        }
        let (centres, single) = hybrid_centres(bands, top);
        let (supports, weights) = triangles(&centres, single, nyquist_bin);
        let (lower, fraction) = interpolation(&centres, nyquist_bin);
        Ok(Self {
            sample_rate_hz,
            fft_len,
            hop_len,
            centres: centres.iter().map(|centre| *centre as f32).collect(),
            single: (0..bands)
                .take_while(|band| supports[*band] == (*band..band + 1))
                .count(),
            supports,
            weights,
            lower,
            fraction,
        })
    }

    /// Samples per second.
    pub fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    /// Samples under one window.
    pub fn fft_len(&self) -> usize {
        self.fft_len
    }

    /// Samples between frames.
    pub fn hop_len(&self) -> usize {
        self.hop_len
    }

    /// Values per frame.
    pub fn bands(&self) -> usize {
        self.centres.len()
    }

    /// Values per spectrum: DC to Nyquist.
    pub fn bins(&self) -> usize {
        self.fft_len / 2 + 1
    }

    /// Frequency of the centre of `band`.
    pub fn centre_hz(&self, band: usize) -> f32 {
        self.centres[band] * self.sample_rate_hz as f32 / self.fft_len as f32
    }

    /// Folds a power spectrum `[bins]` into levels `[bands]`: `0.5 * ln(weighted mean power + 1e-8)`.
    /// Power that is not a number counts as silence.
    pub fn levels_from_power(&self, power: &[f32], levels: &mut [f32]) {
        assert_eq!(
            (power.len(), levels.len()),
            (self.bins(), self.bands()),
            "spectrum and frame fit the axis"
        );
        wide(
            #[inline(always)]
            || self.fold(power, levels),
        );
    }

    #[inline(always)]
    fn fold(&self, power: &[f32], levels: &mut [f32]) {
        let (single, others) = levels.split_at_mut(self.single);
        single.copy_from_slice(&power[..self.single]);
        let mut weights = &self.weights[self.single..];
        for (level, support) in others.iter_mut().zip(&self.supports[self.single..]) {
            let (own, rest) = weights.split_at(support.len());
            weights = rest;
            *level = weighted_sum(&power[support.clone()], own);
        }
        for level in levels.iter_mut() {
            let mean = if level.is_finite() { level.max(0.0) } else { 0.0 };
            *level = mean + POWER_FLOOR;
        }
        ln_in_place(levels);
        for level in levels {
            *level *= 0.5;
        }
    }

    /// Spreads values of bands `[bands]` over bins `[bins]`, linearly in frequency between the centres and down to
    /// `beyond` above the last one.
    pub fn bins_from_bands(&self, bands: &[f32], beyond: f32, bins: &mut [f32]) {
        assert_eq!(
            (bands.len(), bins.len()),
            (self.bands(), self.bins()),
            "frame and spectrum fit the axis"
        );
        for ((bin, lower), fraction) in bins.iter_mut().zip(&self.lower).zip(&self.fraction) {
            let lower = usize::from(*lower);
            let here = bands[lower];
            let next = bands.get(lower + 1).copied().unwrap_or(beyond);
            *bin = here + fraction * (next - here);
        }
    }
}

/// Centres in bins: 0, 1, 2, ... and then geometrically to `top`; and how many are single bins.
fn hybrid_centres(bands: usize, top: f64) -> (Vec<f64>, usize) {
    let ratio = |single: usize| (top / (single - 1) as f64).powf(1.0 / (bands - single) as f64);
    let narrow = |single: usize| (single - 1) as f64 * (ratio(single) - 1.0) < 1.0;
    let mut single = (bands * 3 / 7).max(2);
    while single < bands && narrow(single) {
        single += 1;
    }
    let geometric = (single..bands).map(|band| (single - 1) as f64 * ratio(single).powi((band + 1 - single) as i32));
    ((0..single).map(|bin| bin as f64).chain(geometric).collect(), single)
}

/// Single bins first, then triangles between neighbouring centres, at least one bin wide to each side: supports and
/// normalised weights.
fn triangles(centres: &[f64], single: usize, nyquist_bin: usize) -> (Vec<Range<usize>>, Vec<f32>) {
    let mut supports = Vec::with_capacity(centres.len());
    let mut weights = Vec::new();
    for (band, &centre) in centres.iter().enumerate() {
        let below = if band < single { 1.0 } else { centre - centres[band - 1] };
        let above = centres.get(band + 1).map_or(below, |next| next - centre);
        let above = if band < single { 1.0 } else { above };
        let weight = |bin: usize| {
            let offset = bin as f64 - centre;
            let side = if offset < 0.0 { below } else { above };
            1.0 - offset.abs() / side.max(1.0)
        };
        let inside: Vec<usize> = (0..=nyquist_bin).filter(|bin| weight(*bin) > 1e-9).collect();
        let sum: f64 = inside.iter().map(|bin| weight(*bin)).sum();
        let support = if band < single {
            inside[0]..inside[0] + 1
        } else {
            whole_lanes(&(inside[0]..inside[inside.len() - 1] + 1), nyquist_bin + 1)
        };
        weights.extend(support.clone().map(|bin| (weight(bin).max(0.0) / sum) as f32));
        supports.push(support);
    }
    (supports, weights)
}

/// `support` with as many more of the `bins` as make it whole lanes: what is left over would be summed one after the other.
fn whole_lanes(support: &Range<usize>, bins: usize) -> Range<usize> {
    let len = support.len().next_multiple_of(LANES).min(bins);
    let start = support.start.min(bins - len);
    start..start + len
}

/// For every bin the centre at or below it and the way to the next.
fn interpolation(centres: &[f64], nyquist_bin: usize) -> (Vec<u16>, Vec<f32>) {
    (0..=nyquist_bin)
        .map(|bin| {
            let bin = bin as f64;
            let lower = centres.partition_point(|centre| *centre <= bin + 1e-9) - 1;
            let next = centres
                .get(lower + 1)
                .copied()
                .unwrap_or(centres[lower] + TOP_SLOPE_BINS);
            let fraction = (bin - centres[lower]) / (next - centres[lower]);
            (lower as u16, fraction.clamp(0.0, 1.0) as f32)
        })
        .unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_standard_axis_is_the_documented_one() {
        let axis = BandAxis::standard();
        assert_eq!((axis.bands(), axis.bins()), (224, 1025));
        let single = (0..224).take_while(|band| axis.supports[*band].len() == 1).count();
        assert_eq!(single, 96, "one-bin bands");
        assert!((axis.centre_hz(95) - 2045.0).abs() < 1.0);
        assert!((axis.centre_hz(223) - 20_000.0).abs() < 1.0);
    }

    #[test]
    fn a_flat_spectrum_is_flat_in_bands_and_back() {
        let axis = BandAxis::standard();
        let mut levels = vec![0.0; axis.bands()];
        axis.levels_from_power(&vec![0.25; axis.bins()], &mut levels);
        assert!(levels.iter().all(|level| (level - 0.5f32.ln()).abs() < 1e-5));
        let mut bins = vec![0.0; axis.bins()];
        axis.bins_from_bands(&levels, LEVEL_FLOOR, &mut bins);
        assert!(bins[..928].iter().all(|bin| (bin - 0.5f32.ln()).abs() < 1e-5));
        assert!((bins[1024] - LEVEL_FLOOR).abs() < 1e-5);
    }

    #[test]
    fn impossible_sizes_are_refused() {
        assert!(BandAxis::hybrid(44_100, 2048, 0, 224).is_err());
        assert!(BandAxis::hybrid(44_100, 2048, 1024, 224).is_err());
        assert!(BandAxis::hybrid(44_100, 2048, 256, 2000).is_err());
        assert!(BandAxis::hybrid(0, 2048, 256, 224).is_err());
    }

    proptest! {
        #[test]
        fn any_accepted_axis_covers_every_bin_up_to_its_top(
            rate in 4_000u32..200_000, log_fft in 7usize..13, bands in 8usize..1100
        ) {
            let fft_len = 1 << log_fft;
            if let Ok(axis) = BandAxis::hybrid(rate, fft_len, fft_len / 8, bands) {
                prop_assert!(axis.centres.windows(2).all(|pair| pair[1] - pair[0] > 0.99));
                let top = axis.centres[bands - 1] as usize;
                // Supports reach further than their triangles: only a weight counts.
                let bins = axis.supports.iter().cloned().flatten();
                let mut heard = vec![false; axis.bins()];
                for (bin, weight) in bins.zip(&axis.weights) {
                    heard[bin] |= *weight > 0.0;
                }
                prop_assert!(heard[..=top].iter().all(|heard| *heard), "a bin up to {top} is lost");
            }
        }

        #[test]
        fn levels_are_finite_for_any_power(power in prop::collection::vec(any::<f32>(), 1025)) {
            let axis = BandAxis::standard();
            let mut levels = vec![0.0; axis.bands()];
            axis.levels_from_power(&power, &mut levels);
            prop_assert!(levels.iter().all(|level| level.is_finite() && *level >= LEVEL_FLOOR - 1e-4));
        }
    }
}
