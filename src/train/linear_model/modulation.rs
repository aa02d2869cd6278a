//! The shapes of the spectrum whose modulation labels scale, and how strong that is in a chunk.
//!
//! Cepstral coefficients: what listeners and judges tell timbres by is how the whole shape of a spectrum moves, and gains of
//! single bands leave that to chance. Held-out songs under another genre were heard as that genre, of what the judge can
//! tell on real audio, in 46 % of the cases with gains of bands and in 57 % with gains of cepstra.

use super::columns::column_means;
use crate::codec::BandStats;
use crate::dsp::BandAxis;
use crate::model::{ModelConfig, identity};
use crate::values::Frames;
use linfa_linalg::cholesky::SolveCInplace;
use ndarray::{Array2, ArrayView1, Axis};

/// Groups of bands of equal width on the mel scale that coefficients are made of.
const GROUPS: usize = 40;
const LOWEST_HZ: f32 = 40.0;
const HIGHEST_HZ: f32 = 16_000.0;
/// Standard deviations below this share of the average count as this: silence has no dynamics to compare.
const LEAST_SHARE: f64 = 0.1;

/// Maps between the deviation of frames and its modulations.
pub(super) struct ModulationShapes {
    /// `[bands, modulations]`.
    pub encode: Array2<f64>,
    /// `[modulations, bands]`, with `decode * encode = 1`: the smallest change of a frame that reads so.
    pub decode: Array2<f64>,
    patch_frames: usize,
}

impl ModulationShapes {
    /// For `config`: every band by itself where there is no order among bands.
    ///
    /// # Errors
    /// When the linear algebra fails.
    pub fn new(config: &ModelConfig, stats: &BandStats) -> Result<Self, String> {
        let (bands, count) = (config.bands, config.modulations());
        let axis = BandAxis::standard();
        let encode = if config.modulation_dims > 0 && axis.bands() == bands {
            cepstral(&axis, &stats.std, count)
        } else {
            identity(bands).into_iter().take(bands * count).map(f64::from).collect()
        };
        let encode = Array2::from_shape_vec((bands, count), encode).map_err(|error| error.to_string())?;
        let decode = encode
            .t()
            .dot(&encode)
            .solvec_into(encode.t().to_owned())
            .map_err(|error| error.to_string())?;
        Ok(Self {
            encode,
            decode,
            patch_frames: config.patch_frames,
        })
    }

    /// Standard deviations of `chunk` about `mean`: of every slow modulation, then of every fast one, and of the rest, as many
    /// as the model has gains.
    pub fn stds(&self, chunk: &Frames, mean: ArrayView1<'_, f64>) -> Vec<f64> {
        let deviation = about(chunk, mean);
        let modulations = deviation.dot(&self.encode);
        let count = self.encode.ncols();
        let (mut slow, mut fast) = (vec![0.0; count], vec![0.0; count]);
        for patch in modulations.axis_chunks_iter(Axis(0), self.patch_frames) {
            let len = patch.nrows() as f64;
            for (shape, course) in patch.columns().into_iter().enumerate() {
                let centre = course.sum() / len;
                slow[shape] += len * centre * centre;
                fast[shape] += course.iter().map(|value| (value - centre).powi(2)).sum::<f64>();
            }
        }
        let rest = deviation - modulations.dot(&self.decode);
        let rest = rest.iter().map(|value| value * value).sum::<f64>() / chunk.width() as f64;
        let sums = slow.iter().chain(&fast).chain([&rest]);
        sums.map(|sum| (sum / chunk.len().max(1) as f64).sqrt()).collect()
    }

    /// One `patch` about `mean` with its modulations divided by the gains of its labels, whose logarithms are given in the order
    /// of [`stds`](Self::stds): `[frames, bands]`.
    pub fn unscaled(&self, patch: &Frames, mean: ArrayView1<'_, f64>, log_gains: ArrayView1<'_, f64>) -> Array2<f64> {
        let deviation = about(patch, mean);
        let modulations = deviation.dot(&self.encode);
        let slow = column_means(&modulations);
        let gains = log_gains.mapv(|log_gain| (-log_gain).exp());
        let (of_modulations, rest) = gains.view().split_at(Axis(0), 2 * self.encode.ncols());
        let over_rest = &of_modulations - &rest;
        let (of_slow, of_fast) = over_rest.view().split_at(Axis(0), self.encode.ncols());
        let change = (&modulations - &slow) * of_fast + &slow * &of_slow;
        deviation * rest[0] + change.dot(&self.decode)
    }
}

/// `frames` less `mean`: `[frames, bands]`.
fn about(frames: &Frames, mean: ArrayView1<'_, f64>) -> Array2<f64> {
    Array2::from_shape_fn((frames.len(), frames.width()), |(frame, band)| {
        f64::from(frames.row(frame)[band]) - mean[band]
    })
}

/// Logarithms of `stds` `[chunks, gains]`.
pub(super) fn log_stds(stds: &Array2<f64>) -> Array2<f64> {
    let least = column_means(stds) * LEAST_SHARE + f64::MIN_POSITIVE;
    let mut logs = stds.clone();
    for mut row in logs.rows_mut() {
        row.zip_mut_with(&least, |value, least| *value = value.max(*least).ln());
    }
    logs
}

/// Cepstral coefficients (Davis & Mermelstein 1980) of standardised bands whose deviations are `std`: `[bands x count]`.
fn cepstral(axis: &BandAxis, std: &[f32], count: usize) -> Vec<f64> {
    let mel = |hz: f32| f64::from(2_595.0 * (1.0 + hz / 700.0).log10());
    let (low, high) = (mel(LOWEST_HZ), mel(HIGHEST_HZ));
    let width = (high - low) / (GROUPS + 1) as f64;
    // The lowest groups hold no band's centre: each group reads all bands, the near ones most.
    let weight = |group: usize, band: usize| {
        let away = (mel(axis.centre_hz(band)) - low) / width - (group + 1) as f64;
        (-2.0 * away * away).exp()
    };
    let sums: Vec<f64> = (0..GROUPS)
        .map(|group| (0..axis.bands()).map(|band| weight(group, band)).sum::<f64>())
        .collect();
    let cosine =
        |k: usize, group: usize| (std::f64::consts::PI / GROUPS as f64 * k as f64 * (group as f64 + 0.5)).cos();
    let coefficient = |band: usize, k: usize| {
        let sum: f64 = (0..GROUPS)
            .map(|group| weight(group, band) / sums[group] * cosine(k, group))
            .sum();
        f64::from(std[band]) * sum
    };
    (0..axis.bands())
        .flat_map(|band| (0..count).map(move |k| (band, k)))
        .map(|(band, k)| coefficient(band, k))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CodecKind, Preset};
    use ndarray::Array1;

    #[test]
    fn a_change_by_decode_is_read_by_encode_as_it_was_meant() {
        let config = ModelConfig::new(CodecKind::Spectral, Preset::S, 3, 3.0);
        let stats = BandStats {
            mean: vec![-4.0; config.bands],
            std: (0..config.bands).map(|band| 0.6 + band as f32 / 200.0).collect(),
        };
        let shapes = ModulationShapes::new(&config, &stats).unwrap();
        let round_trip = shapes.decode.dot(&shapes.encode);
        for ((i, j), value) in round_trip.indexed_iter() {
            let wanted = if i == j { 1.0 } else { 0.0 };
            assert!((value - wanted).abs() < 1e-6, "{i} is read as {value} of {j}");
        }
    }

    #[test]
    fn slow_and_fast_movements_are_told_apart() {
        let config = ModelConfig {
            modulation_dims: 0,
            ..ModelConfig::new(CodecKind::Spectral, Preset::S, 3, 3.0)
        };
        let stats = BandStats {
            mean: vec![0.0; config.bands],
            std: vec![1.0; config.bands],
        };
        let shapes = ModulationShapes::new(&config, &stats).unwrap();
        let sign = |on: bool| if on { 1.0 } else { -1.0 };
        let mut chunk = Frames::zeros(0, config.bands);
        for frame in 0..config.chunk_frames {
            let mut row = vec![0.0; config.bands];
            row[3] = sign((frame / config.patch_frames).is_multiple_of(2));
            row[5] = sign(frame.is_multiple_of(2));
            chunk.push_row(&row);
        }
        let stds = shapes.stds(&chunk, Array1::zeros(config.bands).view());
        let (slow, fast) = stds.split_at(config.bands);
        assert!((slow[3] - 1.0).abs() < 1e-6 && fast[3] < 1e-6);
        assert!((fast[5] - 1.0).abs() < 1e-6 && slow[5] < 1e-6);
    }
}
