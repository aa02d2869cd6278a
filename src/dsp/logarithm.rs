//! Natural logarithms of many numbers at once.
//!
//! The library function takes one number and branches; this one is straight arithmetic, so the compiler takes several
//! numbers per instruction. Half of the analysis of a frame was logarithms.

use super::simd::wide;
use std::f32::consts::{LN_2, SQRT_2};

/// Coefficients for `ln(1 + x)` on `sqrt(1/2) - 1 .. sqrt(2) - 1`, highest power first: S. L. Moshier's Cephes library, `logf`.
const COEFFICIENTS: [f32; 9] = [
    7.037_684e-2,
    -1.151_461e-1,
    1.167_699_9e-1,
    -1.242_014_1e-1,
    1.424_932_3e-1,
    -1.666_805_8e-1,
    2.000_071_5e-1,
    -2.499_999_4e-1,
    3.333_333e-1,
];

/// Replaces every value by its natural logarithm, to a few units in the last place. Values must be positive and normal.
pub fn ln_all(values: &mut [f32]) {
    wide(
        #[inline(always)]
        || ln_in_place(values),
    );
}

/// [`ln_all`] inside of [`wide`].
#[inline(always)]
pub(super) fn ln_in_place(values: &mut [f32]) {
    for value in values {
        let bits = value.to_bits();
        let mantissa = f32::from_bits((bits & 0x007f_ffff) | 0x3f80_0000);
        let upper = mantissa > SQRT_2;
        let exponent = (bits >> 23) as i32 - 127 + i32::from(upper);
        let x = if upper { 0.5 * mantissa } else { mantissa } - 1.0;
        let series = COEFFICIENTS.iter().fold(0.0, |sum, coefficient| sum * x + coefficient);
        *value = x + x * x * (x * series - 0.5) + exponent as f32 * LN_2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_logarithm_over_the_whole_range_of_powers() {
        let numbers: Vec<f32> = (-90..130)
            .map(|i| 1.253f32.powi(i) * 1.000_7)
            .chain([1.0, 1e-8, SQRT_2])
            .collect();
        let mut logarithms = numbers.clone();
        ln_in_place(&mut logarithms);
        for (number, logarithm) in numbers.iter().zip(logarithms) {
            let truth = f64::from(*number).ln();
            let error = (f64::from(logarithm) - truth).abs();
            assert!(
                error < 1e-6 * truth.abs().max(1.0),
                "ln {number} is {truth}, not {logarithm}"
            );
        }
    }
}
