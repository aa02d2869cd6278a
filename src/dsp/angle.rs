//! The angle of a complex number, without a library call per bin.

use realfft::num_complex::Complex32;
use std::f32::consts::{FRAC_PI_2, PI};

/// `atan2(im, re)` to 2e-5 rad: a minimax polynomial of the arc tangent on 0..=1, mirrored into the other octants.
/// Not for zero.
pub fn angle(value: Complex32) -> f32 {
    let (along, across) = (value.re.abs(), value.im.abs());
    let slope = along.min(across) / along.max(across);
    let square = slope * slope;
    let series = [0.052_653_32, -0.116_432_87, 0.193_543_46, -0.332_623_47, 0.999_977_26];
    let octant = slope
        * series
            .iter()
            .fold(-0.011_721_2, |sum, coefficient| sum * square + coefficient);
    let quadrant = if across > along { FRAC_PI_2 - octant } else { octant };
    let half = if value.re < 0.0 { PI - quadrant } else { quadrant };
    half.copysign(value.im)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_direction_is_read(turn in -PI..PI, size in 1e-6f32..1e6) {
            let value = Complex32::from_polar(size, turn);
            prop_assert!((angle(value) - value.arg()).abs() < 2e-5);
        }
    }
}
