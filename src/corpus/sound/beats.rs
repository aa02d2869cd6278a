//! When a clip beats, from its onset-strength curve, by dynamic programming.
//!
//! After Ellis, "Beat tracking by dynamic programming" (2007): one tempo for the clip from the weighted autocorrelation of
//! onset strength, then the row of moments that lie on strong onsets and one beat apart. Here lags are read between frames, the
//! beat is refined at its multiples, and every beat is moved to the attack of the samples themselves.

use crate::values::{Groove, Key};

const SLOWEST_BPM: f32 = 40.0;
const FASTEST_BPM: f32 = 240.0;
const PREFERRED_BPM: f32 = 115.0;
/// Width of the preference in octaves.
const PREFERENCE_OCTAVES: f32 = 0.9;
/// Looked at from one tempo to the next.
const TEMPO_STEP: f32 = 1.005;
/// Onset strength is judged against its surroundings over so many seconds to each side.
const AROUND_SECS: f32 = 1.5;
/// Steps of the tracker per frame of the curve.
const FINER: usize = 4;
/// How much a beat that is not one tempo apart costs, per squared log ratio: Ellis' tightness.
const TIGHTNESS: f32 = 100.0;
/// The attack is looked for so far to each side of a beat.
const ATTACK_SECS: f32 = 0.04;
/// Samples in a block of the curve in which it is looked for.
const ATTACK_BLOCK: usize = 128;
/// Factor on the energy by which an attack rises at least.
const ATTACK_RISE: f32 = 2.0;
/// The tempo is refined at these multiples of its beat.
const REFINED_AT: [f32; 4] = [2.0, 4.0, 8.0, 16.0];

/// Tempo and beats of mono `samples`, whose onset strength is `strength`: value `i` tells how much louder bands became from the
/// spectrum around sample `i * hop_len` to the next.
pub(super) fn groove(strength: &[f32], hop_len: usize, samples: &[f32], sample_rate_hz: u32, key: Key) -> Groove {
    let frame_rate_hz = sample_rate_hz as f32 / hop_len as f32;
    let curve = standardised(strength, frame_rate_hz);
    let energy: f32 = curve.iter().map(|value| value * value).sum();
    let nothing = Groove {
        key,
        ..Groove::default()
    };
    if energy <= 1e-6 {
        return nothing;
    }
    let Some((beat_frames, pulse)) = beat_len(&curve, energy, frame_rate_hz) else {
        return nothing;
    };
    let beats = track(&curve, beat_frames);
    let secs_of = |frames: f32| (frames + 0.5) * hop_len as f32 / sample_rate_hz as f32;
    let mut beats_ms: Vec<u32> = beats
        .into_iter()
        .map(|frames| attack_near(secs_of(frames), samples, sample_rate_hz))
        .map(|secs| (secs * 1e3).round().max(0.0) as u32)
        .collect();
    beats_ms.dedup();
    Groove {
        tempo_bpm: 60.0 * frame_rate_hz / beat_frames,
        pulse,
        beats_ms,
        key,
    }
}

/// Onset strength above its surroundings, in units of their spread over the clip; nothing below 0.
fn standardised(strength: &[f32], frame_rate_hz: f32) -> Vec<f32> {
    let around = ((AROUND_SECS * frame_rate_hz) as usize).max(1);
    let mut sums = vec![0.0f64];
    for value in strength {
        sums.push(sums[sums.len() - 1] + f64::from(*value));
    }
    let above: Vec<f32> = (0..strength.len())
        .map(|i| {
            let (from, to) = (i.saturating_sub(around), (i + around + 1).min(strength.len()));
            let mean = (sums[to] - sums[from]) / (to - from) as f64;
            (strength[i] - mean as f32).max(0.0)
        })
        .collect();
    let square = above.iter().map(|value| value * value).sum::<f32>() / above.len().max(1) as f32;
    let scale = square.sqrt().max(1e-6).recip();
    above.into_iter().map(|value| value * scale).collect()
}

/// Frames from beat to beat, and how high the autocorrelation is there; `None` for what is too short.
fn beat_len(curve: &[f32], energy: f32, frame_rate_hz: f32) -> Option<(f32, f32)> {
    let mean = curve.iter().sum::<f32>() / curve.len() as f32;
    let centred: Vec<f32> = curve.iter().map(|value| value - mean).collect();
    let spread: f32 = centred
        .iter()
        .map(|value| value * value)
        .sum::<f32>()
        .max(energy * 1e-3);
    let longest = (curve.len() / 2).min((REFINED_AT[3] * 60.0 / SLOWEST_BPM * frame_rate_hz) as usize + 2);
    // The mean over as many frames as overlap, so that long lags are not at a disadvantage.
    let correlations: Vec<f32> = (0..longest)
        .map(|lag| {
            let sum: f32 = centred.iter().zip(&centred[lag..]).map(|(a, b)| a * b).sum();
            sum / spread * curve.len() as f32 / (curve.len() - lag) as f32
        })
        .collect();
    let at = |lag: f32| {
        let (whole, share) = (lag as usize, lag.fract());
        let pair = correlations.get(whole).zip(correlations.get(whole + 1));
        pair.map(|(a, b)| a + share * (b - a))
    };
    let tempi = std::iter::successors(Some(SLOWEST_BPM), |bpm| Some(bpm * TEMPO_STEP));
    let lags = tempi
        .take_while(|bpm| *bpm <= FASTEST_BPM)
        .map(|bpm| 60.0 * frame_rate_hz / bpm);
    let weighted = |lag: f32| {
        let octaves = (60.0 * frame_rate_hz / lag / PREFERRED_BPM).log2() / PREFERENCE_OCTAVES;
        let own = at(lag)?;
        // A beat is regular at its multiples too.
        let more = [(2.0, 0.5), (3.0, 0.2), (4.0, 0.3)]
            .iter()
            .map(|(times, share)| share * at(lag * times).unwrap_or(0.0));
        Some((own + more.sum::<f32>()) * (-0.5 * octaves * octaves).exp())
    };
    let best = lags
        .filter_map(|lag| Some((lag, weighted(lag)?)))
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    let pulse = at(best.0).unwrap_or(0.0).clamp(0.0, 1.0);
    Some((refined(best.0, &at), pulse))
}

/// `lag` made exact: at a multiple, the same error of the peak is as many times smaller.
fn refined(lag: f32, at: &impl Fn(f32) -> Option<f32>) -> f32 {
    let mut lag = lag;
    for times in REFINED_AT {
        let around = 0.5 * lag / times.max(4.0);
        let steps = 20;
        let places = (-steps..=steps).map(|step| lag * times + around * times * 0.5 * step as f32 / steps as f32);
        let peak = places
            .filter_map(|place| Some((place, at(place)?)))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        match peak {
            Some((place, height)) if height > 0.0 => lag = place / times,
            _ => break,
        }
    }
    lag
}

/// The row of frames (between frames, too) that lie on strong onsets and `beat_frames` apart.
fn track(curve: &[f32], beat_frames: f32) -> Vec<f32> {
    let beat = beat_frames * FINER as f32;
    let fine = smoothed(curve, (beat / 32.0).max(FINER as f32 * 0.5));
    let (nearest, farthest) = ((beat / 2.0) as usize, (beat * 2.0).ceil() as usize);
    let costs: Vec<f32> = (nearest.max(1)..=farthest)
        .map(|steps| -TIGHTNESS * (steps as f32 / beat).ln().powi(2))
        .collect();
    let mut scores = fine.clone();
    let mut before: Vec<Option<usize>> = vec![None; fine.len()];
    for place in nearest.max(1)..fine.len() {
        let earlier = costs
            .iter()
            .zip(nearest.max(1)..)
            .take_while(|(_, steps)| *steps <= place)
            .map(|(cost, steps)| (scores[place - steps] + cost, place - steps))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((score, from)) = earlier.filter(|(score, _)| *score > 0.0) {
            scores[place] += score;
            before[place] = Some(from);
        }
    }
    // The best of the last beat's length: the row ends where the clip does.
    let last = fine.len().saturating_sub(beat.ceil() as usize)..fine.len();
    let mut place = last.max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let mut row = Vec::new();
    while let Some(here) = place {
        row.push(here as f32 / FINER as f32);
        place = before[here];
    }
    row.reverse();
    row
}

/// `curve` at [`FINER`] steps a frame, under a Gaussian of `width` steps.
fn smoothed(curve: &[f32], width: f32) -> Vec<f32> {
    let reach = (3.0 * width).ceil() as i64;
    let window: Vec<f32> = (-reach..=reach)
        .map(|step| (-0.5 * (step as f32 / width).powi(2)).exp())
        .collect();
    let scale = window.iter().sum::<f32>().recip() * FINER as f32 * 0.5;
    let mut fine = vec![0.0; curve.len() * FINER];
    for (frame, value) in curve.iter().enumerate().filter(|(_, value)| **value > 0.0) {
        for (step, weight) in (-reach..=reach).zip(&window) {
            let place = (frame * FINER) as i64 + step;
            if let Some(sum) = usize::try_from(place).ok().and_then(|place| fine.get_mut(place)) {
                *sum += value * weight * scale;
            }
        }
    }
    fine
}

/// Where `samples` rise most around `secs`; there, unless something does.
fn attack_near(secs: f32, samples: &[f32], sample_rate_hz: u32) -> f32 {
    let rate_hz = sample_rate_hz as f32;
    let blocks = (ATTACK_SECS * rate_hz) as usize / ATTACK_BLOCK;
    let middle = (secs * rate_hz).max(0.0) as usize / ATTACK_BLOCK;
    let first = middle.saturating_sub(blocks + 2);
    // Differences of neighbouring samples: an attack is brighter than what rings on.
    let energy = |block: usize| {
        let from = block * ATTACK_BLOCK;
        let part = samples
            .get(from..(from + ATTACK_BLOCK).min(samples.len()))
            .unwrap_or_default();
        part.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum::<f32>() + 1e-9
    };
    let energies: Vec<f32> = (first..middle + blocks + 3).map(energy).collect();
    let rise = |at: usize| (energies[at] + energies[at + 1]) / (energies[at - 1] + energies[at - 2]);
    let best = (2..energies.len().saturating_sub(1)).max_by(|a, b| rise(*a).total_cmp(&rise(*b)));
    match best.filter(|at| rise(*at) >= ATTACK_RISE) {
        Some(at) => ((first + at) * ATTACK_BLOCK) as f32 / rate_hz,
        None => secs,
    }
}

#[cfg(test)]
mod tests {
    use super::super::SpectrumTap;

    const RATE_HZ: u32 = 44_100;

    /// A click on every beat, over a quiet tone.
    fn clicks(bpm: f32, first_secs: f32, secs: f32) -> Vec<f32> {
        let beat = 60.0 / bpm;
        (0..(secs * RATE_HZ as f32) as usize)
            .map(|i| {
                let time = i as f32 / RATE_HZ as f32;
                let since = (time - first_secs).rem_euclid(beat);
                let click = if time < first_secs { 0.0 } else { (-60.0 * since).exp() };
                let noise = ((i as u32).wrapping_mul(2_654_435_761) >> 16) as f32 / 32_768.0 - 1.0;
                0.3 * click * noise + 0.02 * (time * 1_382.0).sin()
            })
            .collect()
    }

    #[test]
    fn every_beat_is_found_within_a_few_milliseconds_at_its_tempo() {
        for bpm in [72.0, 97.3, 128.0, 171.0] {
            let groove = SpectrumTap::new(RATE_HZ).finish(&clicks(bpm, 0.31, 20.0)).2;
            let octaves = (groove.tempo_bpm / bpm).log2();
            assert!((octaves - octaves.round()).abs() < 0.007, "{bpm}: {}", groove.tempo_bpm);
            let beat_ms = 60e3 / groove.tempo_bpm;
            let inner = &groove.beats_ms[1..groove.beats_ms.len() - 1];
            let own_beat = 60e3 / bpm / (bpm / groove.tempo_bpm).log2().round().exp2().recip().max(1.0);
            let off = |ms: &u32| {
                let beats = (*ms as f32 - 310.0) / own_beat;
                ((beats - beats.round()) * own_beat).abs()
            };
            let near = inner.iter().filter(|ms| off(ms) < 8.0).count();
            assert!(
                near * 10 >= inner.len() * 9,
                "{bpm}: {near} of {} ({beat_ms})",
                inner.len()
            );
            assert!(inner.len() as f32 > 17_000.0 / beat_ms, "{bpm}: {} beats", inner.len());
        }
    }

    #[test]
    fn silence_and_a_steady_tone_have_no_beat_and_no_end_of_trouble() {
        for samples in [vec![], vec![0.0; 100], vec![0.0; 100_000]] {
            let groove = SpectrumTap::new(RATE_HZ).finish(&samples).2;
            assert_eq!((groove.beats_ms.len(), groove.tempo_bpm), (0, 0.0));
        }
        let tone: Vec<f32> = (0..400_000).map(|i| 0.1 * (i as f32 * 0.05).sin()).collect();
        let groove = SpectrumTap::new(RATE_HZ).finish(&tone).2;
        assert_eq!(groove.steady_tempo_bpm(), None, "{groove:?}");
    }
}
