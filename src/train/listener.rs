//! How alike two sounds are to a listener, from their levels alone and with gradients: a stand-in for ViSQOL.
//!
//! ViSQOL's measure is the similarity of two neurograms (NSIM: Hines, Skoglund, Kokaram & Harte 2015): levels in 32 bands of
//! equal loudness (ERB), over windows of 80 ms, compared in small neighbourhoods by their mean and by their correlation. Its
//! scale reaches 90 dB down from a frame's peak, so it hears gaps and faint partials that a spectral distance in dB does not
//! weigh. Here powers are summed from band levels instead of samples, so phases, and what playback adds, are left out.

use crate::codec::BandStats;
use crate::dsp::BandAxis;
use crate::model::ModelConfig;
use burn::tensor::{Device, Tensor, TensorData};

const EAR_BANDS: usize = 32;
const LOWEST_HZ: f64 = 50.0;
/// A window, and from one to the next.
const WINDOW_SECS: f64 = 0.08;
const HOP_SECS: f64 = 0.02;
/// Weights of a value and its two neighbours: ViSQOL's 3 by 3 window is their product.
const NEIGHBOURHOOD: [f64; 3] = [0.106_5, 0.787, 0.106_5];
/// What is 58 dB under a clip of the reference level is not heard, as summed power of the spectral levels (whose unit is a
/// sine of full scale): -90 dBFS where the clip has -32.
const INAUDIBLE: f64 = 5.5e-8;
/// Units of NSIM (10 log10 of an amplitude) in a nat of power.
const UNITS_PER_NAT: f64 = 5.0 / std::f64::consts::LN_10;
/// Keep quotients steady where nothing varies, in those units squared.
const LEAST_MEAN: f64 = 1e-2;
const LEAST_VARIANCE: f64 = 2e-2;

/// The measure for one set of levels, on one device.
#[derive(Clone, Debug)]
pub struct Listener {
    axis: BandAxis,
    /// From standardised levels to the logarithm of power, `[1, 1, bands]`.
    scale: Tensor<3>,
    offset: Tensor<3>,
    /// Sums band powers in the listener's bands, `[1, bands, ear bands]`.
    bands: Tensor<3>,
    /// Mixes neighbouring bands, `[1, ear bands, ear bands]`.
    across: Tensor<3>,
    device: Device,
}

impl Listener {
    /// For the frames of a model, which `stats` has standardised; `None` where they are not levels on the standard axis.
    pub fn of(config: &ModelConfig, stats: &BandStats, device: &Device) -> Option<Self> {
        Some(Self::new(&config.level_axis()?, stats, device))
    }

    /// For levels on `axis` that `stats` has standardised.
    pub fn new(axis: &BandAxis, stats: &BandStats, device: &Device) -> Self {
        let bands = axis.bands();
        // Power is an amplitude squared.
        let row = |values: &[f32]| {
            let twice: Vec<f32> = values.iter().map(|value| 2.0 * value).collect();
            Tensor::from_data(TensorData::new(twice, [1, 1, bands]), device)
        };
        Self {
            axis: axis.clone(),
            scale: row(&stats.std),
            offset: row(&stats.mean),
            bands: matrix(ear_bands(axis), [bands, EAR_BANDS], device),
            across: matrix(neighbours(EAR_BANDS), [EAR_BANDS, EAR_BANDS], device),
            device: device.clone(),
        }
    }

    /// Mean similarity of standardised levels `heard` to `reference`, both `[batch, frames, bands]`: 1 where they are the
    /// same, about 0 where they have nothing in common. `[1]`.
    pub fn similarity(&self, reference: Tensor<3>, heard: Tensor<3>) -> Tensor<1> {
        let frames = reference.dims()[1];
        let (windows, count) = self.windows(frames);
        let along = matrix(neighbours(count), [count, count], &self.device);
        let near = |x: Tensor<3>| along.clone().matmul(x).matmul(self.across.clone());
        let (r, h) = (self.neurogram(reference, &windows), self.neurogram(heard, &windows));
        let (mean_r, mean_h) = (near(r.clone()), near(h.clone()));
        let variance = |x: Tensor<3>, mean: &Tensor<3>| (near(x.square()) - mean.clone().square()).clamp_min(0.0);
        let (var_r, var_h) = (variance(r.clone(), &mean_r), variance(h.clone(), &mean_h));
        let together = near(r * h) - mean_r.clone() * mean_h.clone();
        let level =
            (mean_r.clone() * mean_h.clone() * 2.0 + LEAST_MEAN) / (mean_r.square() + mean_h.square() + LEAST_MEAN);
        let course = (together + LEAST_VARIANCE) / ((var_r + LEAST_VARIANCE) * (var_h + LEAST_VARIANCE)).sqrt();
        (level * course).mean()
    }

    /// Levels over what cannot be heard, `[batch, windows, ear bands]`.
    fn neurogram(&self, standardised: Tensor<3>, windows: &Tensor<3>) -> Tensor<3> {
        let power = (standardised * self.scale.clone() + self.offset.clone()).exp();
        let heard = windows.clone().matmul(power.matmul(self.bands.clone()));
        (heard / INAUDIBLE).log1p() * UNITS_PER_NAT
    }

    /// Means over windows, `[1, windows, frames]`, and how many there are.
    fn windows(&self, frames: usize) -> (Tensor<3>, usize) {
        let rate = f64::from(self.axis.sample_rate_hz()) / self.axis.hop_len() as f64;
        let len = ((WINDOW_SECS * rate).round() as usize).clamp(1, frames.max(1));
        let count = 1 + ((frames - len) as f64 / (HOP_SECS * rate)) as usize;
        let mut values = vec![0.0; count * frames];
        for window in 0..count {
            let start = (window as f64 * HOP_SECS * rate) as usize;
            values[window * frames + start..][..len].fill(1.0 / len as f32);
        }
        (matrix(values, [count, frames], &self.device), count)
    }
}

fn matrix(values: Vec<f32>, [rows, columns]: [usize; 2], device: &Device) -> Tensor<3> {
    Tensor::from_data(TensorData::new(values, [1, rows, columns]), device)
}

/// The mean with the values to either side, the last value standing for those beyond the ends: `[count, count]`, symmetric.
fn neighbours(count: usize) -> Vec<f32> {
    let mut values = vec![0.0; count * count];
    for row in 0..count {
        for (offset, weight) in NEIGHBOURHOOD.iter().enumerate() {
            let column = (row + offset).saturating_sub(1).min(count - 1);
            values[row * count + column] += *weight as f32;
        }
    }
    values
}

/// Responses of gammatone filters at equal distances of the ERB-rate scale (Glasberg & Moore 1990; Slaney 1993), by the magnitude
/// of the fourth order, times the bins that a band stands for.
fn ear_bands(axis: &BandAxis) -> Vec<f32> {
    let bandwidth = |hz: f64| 24.7 + hz / 9.264_49;
    let (ear_q, least) = (9.264_49, 24.7);
    let top = f64::from(axis.sample_rate_hz()) / 2.0;
    let ratio = ((LOWEST_HZ + ear_q * least) / (top + ear_q * least)).ln() / EAR_BANDS as f64;
    let centres: Vec<f64> = (1..=EAR_BANDS)
        .rev()
        .map(|i| (i as f64 * ratio).exp() * (top + ear_q * least) - ear_q * least)
        .collect();
    let bin_hz = f64::from(axis.sample_rate_hz()) / axis.fft_len() as f64;
    let last = axis.bands() - 1;
    (0..axis.bands())
        .flat_map(|band| {
            let hz = |band: usize| f64::from(axis.centre_hz(band));
            let bins = (hz((band + 1).min(last)) - hz(band.saturating_sub(1))) / 2.0 / bin_hz;
            centres
                .iter()
                .map(move |centre| {
                    let off = (hz(band) - centre) / (1.019 * bandwidth(*centre));
                    (bins.max(0.5) * (1.0 + off * off).powi(-4)) as f32
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAMES: usize = 128;

    /// Levels in nats as the measure is given them: a hum of partials that stops for a third of the time.
    fn hum(axis: &BandAxis, in_the_gap: f32, louder: f32, device: &Device) -> Tensor<3> {
        let level = |place: usize| {
            let (frame, band) = (place / axis.bands(), place % axis.bands());
            match (frame / 42) % 2 {
                1 => in_the_gap,
                _ if band % 12 == 3 => -3.0 + louder,
                _ => -6.0 + louder,
            }
        };
        let values: Vec<f32> = (0..FRAMES * axis.bands()).map(level).collect();
        Tensor::from_data(TensorData::new(values, [1, FRAMES, axis.bands()]), device)
    }

    fn listener(device: &Device) -> (Listener, BandAxis) {
        let axis = BandAxis::standard();
        let stats = BandStats {
            mean: vec![0.0; axis.bands()],
            std: vec![1.0; axis.bands()],
        };
        (Listener::new(&axis, &stats, device), axis)
    }

    #[test]
    fn a_gap_that_is_filled_is_heard_more_than_a_change_of_level() {
        let device = Device::flex();
        let (listener, axis) = listener(&device);
        let reference = || hum(&axis, -9.0, 0.0, &device);
        let similarity = |heard| listener.similarity(reference(), heard).into_scalar::<f32>();
        let same = similarity(reference());
        // Both are as far from it in dB: a third of the frames by 3 nats, two thirds by 1.5.
        let (filled, louder) = (
            similarity(hum(&axis, -6.0, 0.0, &device)),
            similarity(hum(&axis, -9.0, 1.5, &device)),
        );
        let silence = || Tensor::full([1, FRAMES, axis.bands()], -9.21, &device);
        let silent = listener.similarity(silence(), silence()).into_scalar::<f32>();
        for same in [same, silent] {
            assert!((same - 1.0).abs() < 1e-3, "the same sound is told apart: {same}");
        }
        assert!(
            filled < louder - 0.05 && louder < 0.999,
            "filled {filled}, louder {louder}"
        );
    }

    #[test]
    fn silence_has_a_finite_gradient() {
        let device = Device::flex().autodiff();
        let (listener, axis) = listener(&device);
        let heard = hum(&axis, -9.21, 0.3, &device).require_grad();
        let silence = Tensor::full([1, FRAMES, axis.bands()], -9.21, &device);
        for reference in [silence, hum(&axis, -9.21, 0.0, &device)] {
            let grads = listener.similarity(reference, heard.clone()).backward();
            let grad: Vec<f32> = heard.grad(&grads).unwrap().try_into_vec_as().unwrap();
            assert!(grad.iter().all(|value| value.is_finite()));
            assert!(
                grad.iter().any(|value| value.abs() > 1e-7),
                "nothing is learned from it"
            );
        }
    }
}
