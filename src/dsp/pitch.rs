//! The pitch of a sound that has one, from how it repeats itself.
//!
//! After P. McLeod & G. Wyvill, "A smarter way to find pitch" (ICMC 2005): the normalised square difference function of a window,
//! its first high peak, and here the peaks at multiples of it, which make the period exact.

use realfft::RealFftPlanner;
use realfft::num_complex::Complex32;

/// Samples of a window: 93 ms at 44.1 kHz, four periods of the lowest pitch.
const WINDOW: usize = 4_096;
/// Windows that are looked at, evenly spread.
const WINDOWS: usize = 12;
const LOWEST_HZ: f32 = 45.0;
const HIGHEST_HZ: f32 = 1_600.0;
/// A window repeats itself where its function is as high as this.
const CLEAR: f32 = 0.85;
/// The first peak that is as high as this share of the highest is the period.
const NEARLY_HIGHEST: f32 = 0.9;
/// Quieter windows than this share of the loudest say nothing.
const LOUD_ENOUGH: f32 = 0.02;
/// Windows agree that are no further than this from their median: half a semitone.
const AGREE_OCTAVES: f32 = 1.0 / 24.0;

/// A pitch and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pitch {
    /// Of the fundamental.
    pub hz: f32,
    /// Share of what is heard that has this pitch, 0..=1.
    pub clarity: f32,
}

/// The pitch of mono `samples`; `None` where nothing repeats itself.
pub fn pitch_of(samples: &[f32], sample_rate_hz: u32) -> Option<Pitch> {
    let room = samples.len().checked_sub(WINDOW)?;
    let windows: Vec<&[f32]> = (0..WINDOWS)
        .map(|index| &samples[room * index / (WINDOWS - 1)..][..WINDOW])
        .collect();
    let energy = |window: &[f32]| window.iter().map(|sample| sample * sample).sum::<f32>();
    let loudest = windows.iter().map(|window| energy(window)).fold(0.0, f32::max);
    if !loudest.is_finite() || loudest <= 1e-6 {
        return None;
    }
    let loud: Vec<&[f32]> = windows
        .into_iter()
        .filter(|window| energy(window) >= LOUD_ENOUGH * loudest)
        .collect();
    let mut pitches: Vec<f32> = loud
        .iter()
        .filter_map(|window| period_of(window, sample_rate_hz))
        .map(|period| (sample_rate_hz as f32 / period).log2())
        .collect();
    pitches.sort_by(f32::total_cmp);
    let median = *pitches.get(pitches.len() / 2)?;
    let agreeing: Vec<f32> = pitches
        .into_iter()
        .filter(|pitch| (pitch - median).abs() <= AGREE_OCTAVES)
        .collect();
    Some(Pitch {
        hz: (agreeing.iter().sum::<f32>() / agreeing.len() as f32).exp2(),
        clarity: agreeing.len() as f32 / loud.len() as f32,
    })
}

/// Samples after which `window` repeats itself.
fn period_of(window: &[f32], sample_rate_hz: u32) -> Option<f32> {
    let rate_hz = sample_rate_hz as f32;
    let function = square_difference(window);
    let (shortest, longest) = ((rate_hz / HIGHEST_HZ) as usize, (rate_hz / LOWEST_HZ) as usize);
    let longest = longest.min(function.len() - 2);
    // The peak at no delay ends where the function falls below nothing.
    let first = (1..longest).find(|lag| function[*lag] < 0.0)?.max(shortest);
    let peaks = (first..longest).filter(|lag| {
        let here = function[*lag];
        here > function[lag - 1] && here >= function[lag + 1]
    });
    let highest = peaks.clone().map(|lag| function[lag]).fold(0.0, f32::max);
    if highest < CLEAR {
        return None;
    }
    let lag = peaks
        .into_iter()
        .find(|lag| function[*lag] >= NEARLY_HIGHEST * highest)?;
    let mut period = summit(&function, lag);
    for times in [2.0, 4.0, 8.0, 16.0] {
        let place = (period * times).round() as usize;
        if place + 4 >= function.len() * 3 / 4 {
            break;
        }
        let reach = (period * 0.1) as usize + 2;
        let around = place.saturating_sub(reach).max(1)..(place + reach).min(function.len() - 1);
        let best = around.max_by(|a, b| function[*a].total_cmp(&function[*b]))?;
        if function[best] < CLEAR {
            break;
        }
        period = summit(&function, best) / times;
    }
    Some(period)
}

/// Where the parabola through a peak and its neighbours is highest.
fn summit(function: &[f32], lag: usize) -> f32 {
    let (below, here, above) = (function[lag - 1], function[lag], function[lag + 1]);
    let bend = below - 2.0 * here + above;
    let offset = if bend < 0.0 { 0.5 * (below - above) / bend } else { 0.0 };
    lag as f32 + offset.clamp(-0.5, 0.5)
}

/// The normalised square difference function, -1..=1, of every delay.
fn square_difference(window: &[f32]) -> Vec<f32> {
    let len = window.len();
    let mut planner = RealFftPlanner::<f32>::new();
    let (forward, inverse) = (planner.plan_fft_forward(2 * len), planner.plan_fft_inverse(2 * len));
    let mut padded = forward.make_input_vec();
    padded[..len].copy_from_slice(window);
    let mut spectrum = forward.make_output_vec();
    if forward.process(&mut padded, &mut spectrum).is_err() {
        return vec![0.0; len];
    }
    for value in &mut spectrum {
        *value = Complex32::new(value.norm_sqr(), 0.0);
    }
    let mut correlation = inverse.make_output_vec();
    if inverse.process(&mut spectrum, &mut correlation).is_err() {
        return vec![0.0; len];
    }
    let scale = (2.0 * len as f32).recip();
    let mut energy = 2.0 * window.iter().map(|sample| sample * sample).sum::<f32>();
    (0..len)
        .map(|lag| {
            if lag > 0 {
                energy -= window[lag - 1].powi(2) + window[len - lag].powi(2);
            }
            2.0 * correlation[lag] * scale / energy.max(1e-9)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::WhiteNoise;

    fn voice(hz: f64, len: usize) -> Vec<f32> {
        let partial = |i: usize, number: u32| {
            let turn = std::f64::consts::TAU * hz * f64::from(number) * i as f64 / 44_100.0;
            (turn.sin() / f64::from(number)) as f32
        };
        (0..len)
            .map(|i| 0.2 * (1..=12).map(|number| partial(i, number)).sum::<f32>())
            .collect()
    }

    #[test]
    fn the_pitch_of_harmonic_sounds_is_found_to_two_cents() {
        for hz in [55.0, 98.7, 220.3, 441.5, 987.0, 1_480.0] {
            let pitch = pitch_of(&voice(hz, 131_072), 44_100).expect("it has a pitch");
            let cents = 1_200.0 * (f64::from(pitch.hz) / hz).log2();
            assert!(cents.abs() < 2.0, "{hz}: {cents} cents away");
            assert!(pitch.clarity > 0.9);
        }
    }

    #[test]
    fn noise_silence_and_a_little_have_no_pitch() {
        let noise: Vec<f32> = WhiteNoise::new(9).take(100_000).collect();
        assert_eq!(pitch_of(&noise, 44_100), None);
        assert_eq!(pitch_of(&vec![0.0; 50_000], 44_100), None);
        assert_eq!(pitch_of(&[0.5; 100], 44_100), None);
        assert_eq!(pitch_of(&vec![f32::NAN; 50_000], 44_100), None);
    }
}
