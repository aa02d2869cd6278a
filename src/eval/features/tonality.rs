//! Tonality: which pitch classes sound together, whatever the key. Everything here is the same after transposition.

use super::SAMPLE_RATE_HZ;
use super::summary::course;

const LOWEST_HZ: f32 = 110.0;
const HIGHEST_HZ: f32 = 2_000.0;
/// How well each pitch class fits a major and a minor key on C (probe-tone ratings, Krumhansl & Kessler 1982).
const MAJOR: [f32; 12] = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
const MINOR: [f32; 12] = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

const MAJOR_TRIAD: [f32; 12] = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
const MINOR_TRIAD: [f32; 12] = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];

/// Which pitch class each bin speaks for.
pub(super) struct Tonality {
    /// First bin, and per bin its pitch class and how near it lies to that pitch's centre (0..1).
    first: usize,
    classes: Vec<(usize, f32)>,
}

impl Tonality {
    pub(super) fn new(fft_len: usize) -> Self {
        let bin_hz = SAMPLE_RATE_HZ / fft_len as f32;
        let (first, last) = ((LOWEST_HZ / bin_hz) as usize, (HIGHEST_HZ / bin_hz) as usize);
        let class = |bin: usize| {
            let pitch = 12.0 * (bin as f32 * bin_hz / 440.0).log2() + 120.0;
            let off = (pitch - pitch.round()).abs();
            (pitch.round() as usize % 12, (1.0 - 2.0 * off).max(0.0))
        };
        Self {
            first,
            classes: (first..=last).map(class).collect(),
        }
    }

    pub(super) fn features(&self, spectra: &[Vec<f32>]) -> Vec<f32> {
        let frames: Vec<[f32; 12]> = spectra.iter().map(|power| self.chroma(power)).collect();
        let mut sum = [0.0f32; 12];
        for frame in &frames {
            for (sum, value) in sum.iter_mut().zip(frame) {
                *sum += value;
            }
        }
        let chroma = normalised(sum);
        let fit = |profile: &[f32; 12]| {
            (0..12)
                .map(|tonic| correlation(&chroma, profile, tonic))
                .collect::<Vec<_>>()
        };
        let (major, minor) = (fit(&MAJOR), fit(&MINOR));
        let best = |fits: &[f32]| fits.iter().copied().fold(-1.0, f32::max);
        let tonic = (0..12)
            .max_by(|a, b| major[*a].max(minor[*a]).total_cmp(&major[*b].max(minor[*b])))
            .unwrap_or(0);
        let mut features = vec![best(&major), best(&minor), best(&major) - best(&minor)];
        // The chroma seen from its own tonic: the third (index 3 against 4) is what makes a mode.
        features.extend((0..12).map(|step| chroma[(tonic + step) % 12]));
        features.extend(chords(&frames, tonic));
        features.extend(intervals(&frames));
        features.extend((1..=6).map(|k| fourier_magnitude(&chroma, k)));
        let change: Vec<f32> = frames
            .windows(2)
            .map(|pair| (0..12).map(|i| (pair[1][i] - pair[0][i]).abs()).sum())
            .collect();
        features.extend(course(&change));
        features
    }

    /// Amplitude of local spectral maxima by pitch class, compressed, summing to 1.
    fn chroma(&self, power: &[f32]) -> [f32; 12] {
        let mut chroma = [0.0f32; 12];
        for (offset, (class, nearness)) in self.classes.iter().enumerate() {
            let bin = self.first + offset;
            let peak = power[bin] >= power[bin - 1] && power[bin] >= power[bin + 1];
            if peak {
                chroma[*class] += nearness * power[bin].sqrt();
            }
        }
        normalised(chroma.map(f32::sqrt))
    }
}

/// Share of each major and each minor triad over time, seen from the tonic, and how often the clearer triad is a major one.
fn chords(frames: &[[f32; 12]], tonic: usize) -> Vec<f32> {
    let mut shares = [0.0f32; 24];
    let mut major_wins = 0.0;
    for centre in 0..frames.len() {
        // Chords last: frames are read with their neighbours, about a third of a second together.
        let near = &frames[centre.saturating_sub(3)..(centre + 4).min(frames.len())];
        let chroma: [f32; 12] = std::array::from_fn(|class| near.iter().map(|frame| frame[class]).sum());
        let fits: [f32; 24] = std::array::from_fn(|chord| {
            let (template, step) = if chord < 12 {
                (&MAJOR_TRIAD, chord)
            } else {
                (&MINOR_TRIAD, chord - 12)
            };
            correlation(&chroma, template, (tonic + step) % 12)
        });
        let best = |fits: &[f32]| fits.iter().copied().fold(-1.0, f32::max);
        major_wins += f32::from(u8::from(best(&fits[..12]) > best(&fits[12..])));
        let weights = fits.map(|fit| (8.0 * fit).exp());
        let total: f32 = weights.iter().sum();
        for (share, weight) in shares.iter_mut().zip(weights) {
            *share += weight / total;
        }
    }
    let count = frames.len().max(1) as f32;
    shares
        .iter()
        .map(|share| share / count)
        .chain([major_wins / count])
        .collect()
}

/// How much of the sound lies each interval (1..=6 semitones) apart within one frame, averaged over frames.
fn intervals(frames: &[[f32; 12]]) -> [f32; 6] {
    let mut strength = [0.0f32; 6];
    for frame in frames {
        for (i, value) in strength.iter_mut().enumerate() {
            *value += (0..12)
                .map(|class| frame[class] * frame[(class + i + 1) % 12])
                .sum::<f32>();
        }
    }
    strength.map(|value| 12.0 * value / frames.len().max(1) as f32)
}

fn normalised(chroma: [f32; 12]) -> [f32; 12] {
    let sum: f32 = chroma.iter().sum();
    if sum > 0.0 {
        chroma.map(|value| value / sum)
    } else {
        [1.0 / 12.0; 12]
    }
}

/// Pearson correlation of `chroma` with `profile` moved up to `tonic`.
fn correlation(chroma: &[f32; 12], profile: &[f32; 12], tonic: usize) -> f32 {
    let turned: Vec<f32> = (0..12).map(|class| profile[(class + 12 - tonic) % 12]).collect();
    crate::eval::stats::pearson(chroma, &turned)
}

/// Size of the k-th Fourier coefficient over the circle of pitch classes (Quinn 2006): k = 3 augmented, 5 diatonic, ...
fn fourier_magnitude(chroma: &[f32; 12], k: usize) -> f32 {
    let (re, im) = chroma
        .iter()
        .enumerate()
        .fold((0.0f32, 0.0f32), |(re, im), (class, value)| {
            let angle = std::f32::consts::TAU * (k * class) as f32 / 12.0;
            (re + value * angle.cos(), im + value * angle.sin())
        });
    re.hypot(im)
}
