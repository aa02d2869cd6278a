//! The K-weighting of ITU-R BS.1770-5: how much each frequency counts for loudness.

use std::f64::consts::TAU;

/// The rate that the standard gives its coefficients for.
const RATE_HZ: f64 = 48_000.0;

/// A second-order filter: its numerator, and its denominator without the leading 1.
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
}

/// The head as a sphere (annex 1, table 1), and the ear's deafness to lows (table 2).
const STAGES: [Biquad; 2] = [
    Biquad {
        b: [1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85],
        a: [-1.690_659_293_182_41, 0.732_480_774_215_85],
    },
    Biquad {
        b: [1.0, -2.0, 1.0],
        a: [-1.990_047_454_833_98, 0.990_072_250_366_21],
    },
];

impl Biquad {
    /// Power response at an angle per sample.
    fn power(&self, angle: f64) -> f64 {
        let at = |c: [f64; 3]| {
            let (re, im) = c.iter().enumerate().fold((0.0, 0.0), |(re, im), (delay, value)| {
                let turn = angle * delay as f64;
                (re + value * turn.cos(), im - value * turn.sin())
            });
            re * re + im * im
        };
        at(self.b) / at([1.0, self.a[0], self.a[1]])
    }
}

/// Factor on the power at `hz`.
pub(super) fn k_weight(hz: f32) -> f32 {
    let angle = TAU * (f64::from(hz) / RATE_HZ).clamp(0.0, 0.5);
    STAGES.iter().map(|stage| stage.power(angle)).product::<f64>() as f32
}

/// LUFS of a K-weighted mean square, summed over the channels.
pub(super) fn lufs(mean_square: f32) -> f32 {
    -0.691 + 10.0 * mean_square.log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tone_of_the_standard_reads_what_the_standard_says() {
        // Annex 1: a full-scale 997 Hz sine in one channel reads -3.01 LKFS.
        let loudness = lufs(0.5 * k_weight(997.0));
        assert!((loudness + 3.01).abs() < 0.02, "{loudness}");
        // Lows hardly count, the presence region counts most.
        assert!(k_weight(20.0) < 0.1 && k_weight(5_000.0) > 2.0);
    }
}
