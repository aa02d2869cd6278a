//! What cannot be heard and must not be learnt: offset and rumble under 20 Hz.

use super::loudness;
use std::f64::consts::{FRAC_1_SQRT_2, TAU};

/// Corner frequency of the filter.
const CORNER_HZ: f64 = 20.0;

/// Removes a constant offset and then, with a second-order Butterworth high-pass (R. Bristow-Johnson's cookbook form),
/// what lies under 20 Hz. In f64: the poles lie close to 1.
pub fn remove_subsonic(samples: &mut [f32], sample_rate_hz: u32) {
    let mean = loudness::sum(samples, f64::from) / samples.len().max(1) as f64;
    let omega = TAU * CORNER_HZ / f64::from(sample_rate_hz.max(200));
    let alpha = omega.sin() * FRAC_1_SQRT_2;
    // Divided by the leading coefficient once: a division per sample would be most of the work.
    let a0 = 1.0 + alpha;
    let (a1, a2) = (-2.0 * omega.cos() / a0, (1.0 - alpha) / a0);
    let edge = 0.5 * (1.0 + omega.cos()) / a0;
    // Both sides of the difference equation are filtered with its mirror image, 1 - a1/z + a2/z^2 (scattered look-ahead,
    // Parhi & Messerschmitt 1989): an output then waits for the last but one only. Begins at rest because the offset is gone.
    let (b2, b4) = (a1 * a1 - 2.0 * a2, -a2 * a2);
    let (mut input, mut feed, mut output) = ([0.0f64; 2], [0.0f64; 2], [0.0f64; 4]);
    for sample in samples {
        let now = f64::from(*sample) - mean;
        let fed = edge * (now - 2.0 * input[0] + input[1]);
        let mirrored = fed - a1 * feed[0] + a2 * feed[1];
        let filtered = mirrored + b4 * output[3] + b2 * output[1];
        (input, feed) = ([now, input[0]], [fed, feed[0]]);
        output = [filtered, output[0], output[1], output[2]];
        *sample = filtered as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gain_of(frequency_hz: f32, offset: f32) -> f32 {
        let rate = 44_100;
        let wave = |i: usize| 0.5 * (std::f32::consts::TAU * frequency_hz * i as f32 / rate as f32).sin() + offset;
        let mut samples: Vec<f32> = (0..rate as usize * 4).map(wave).collect();
        remove_subsonic(&mut samples, rate);
        let late = &samples[rate as usize * 2..];
        late.iter().copied().fold(0.0f32, |peak, sample| peak.max(sample.abs())) / 0.5
    }

    #[test]
    fn rumble_and_offset_go_and_music_stays() {
        assert!(
            gain_of(4.0, 0.3) < 0.06,
            "4 Hz and an offset are left at {}",
            gain_of(4.0, 0.3)
        );
        assert!((gain_of(20.0, 0.3) - 0.707).abs() < 0.02);
        assert!(gain_of(60.0, 0.3) > 0.98);
    }
}
