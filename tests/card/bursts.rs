//! How much a switch is heard as a click: energy of the highs in short frames, against what surrounds it.

use super::RATE_HZ;

/// Samples per frame of the envelope, 2.7 ms, and between frames.
const FRAME_LEN: usize = 128;
const HOP_LEN: usize = 32;

/// What counts as the surroundings of a switch.
const AROUND: usize = RATE_HZ as usize * 3 / 4;

/// Highest energy of the highs within `window` of `samples`, in dB over their 95th percentile outside of it and
/// within three quarters of a second.
pub fn burst_db(samples: &[f32], window: std::ops::Range<usize>) -> f32 {
    let start = window.start.saturating_sub(AROUND);
    let end = (window.end + AROUND).min(samples.len());
    let energy = highs(&samples[start..end]);
    let inside = (window.start - start) / HOP_LEN..(window.end - start) / HOP_LEN;
    let peak = energy[inside.clone()].iter().copied().fold(0.0, f32::max);
    let mut around: Vec<f32> = energy[..inside.start]
        .iter()
        .chain(&energy[inside.end..])
        .copied()
        .collect();
    around.sort_by(f32::total_cmp);
    let usual = around[around.len() * 95 / 100];
    10.0 * (peak.max(1e-20) / usual.max(1e-20)).log10()
}

/// The same for a raw cut of the samples from `leave` to `enter`.
pub fn raw_cut_db(samples: &[f32], leave: usize, enter: usize) -> f32 {
    let before = &samples[leave.saturating_sub(AROUND)..leave];
    let after = &samples[enter..(enter + AROUND).min(samples.len())];
    let cut = before.len();
    burst_db(&[before, after].concat(), cut - FRAME_LEN..cut + FRAME_LEN)
}

/// Energy of the second difference per frame: +12 dB per octave, which turns the -6 dB of a step's spectrum upwards and
/// leaves little of notes.
fn highs(samples: &[f32]) -> Vec<f32> {
    let mut highs = samples.to_vec();
    for _ in 0..2 {
        for index in (1..highs.len()).rev() {
            highs[index] -= highs[index - 1];
        }
    }
    highs
        .windows(FRAME_LEN)
        .step_by(HOP_LEN)
        .map(|frame| frame.iter().map(|sample| sample * sample).sum())
        .collect()
}

/// Longest run of samples that are nothing at all, which no voice produces.
pub fn longest_silence(samples: &[f32]) -> usize {
    samples
        .split(|sample| sample.abs() > 1e-8)
        .map(<[f32]>::len)
        .max()
        .unwrap_or(0)
}
