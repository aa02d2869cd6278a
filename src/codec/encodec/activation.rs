//! The networks' non-linearities as branch-free arithmetic, which the compiler can vectorise.
//!
//! All of them stand on `exp(x) - 1` for `x <= 0`, which keeps its digits near zero.

/// Below this `exp(x)` is nothing beside one.
const LOWEST: f32 = -80.0;
/// Adding it leaves a float's nearest integer in the low bits of its mantissa.
const ROUNDING: f32 = 12_582_912.0;
/// `ln 2` in two parts, the first with spare low bits, so that `n ln 2` is exact to more than a float (Cody & Waite).
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// `exp(x) - 1` for `x <= 0`: `(2^n - 1) + 2^n (exp(r) - 1)` with `x = n ln 2 + r`, the last by its Taylor series.
#[inline(always)]
fn exp_less_one(x: f32) -> f32 {
    let x = x.max(LOWEST);
    let shifted = x * std::f32::consts::LOG2_E + ROUNDING;
    let n = shifted - ROUNDING;
    let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0f32.to_bits()));
    let series = 1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5040.0));
    let series = r + r * r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * series)));
    (power - 1.0) + power * series
}

/// `x` above zero, `exp(x) - 1` below (Clevert et al. 2015).
#[inline(always)]
pub(super) fn elu(x: f32) -> f32 {
    let below = exp_less_one(x.min(0.0));
    if x > 0.0 { x } else { below }
}

/// `1 / (1 + exp(-x))`.
#[inline(always)]
pub(super) fn sigmoid(x: f32) -> f32 {
    let small = 1.0 + exp_less_one(-x.abs());
    let larger = if x > 0.0 { 1.0 } else { small };
    larger / (1.0 + small)
}

/// Hyperbolic tangent.
#[inline(always)]
pub(super) fn tanh(x: f32) -> f32 {
    let e = exp_less_one(-2.0 * x.abs());
    (-e / (2.0 + e)).copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_follow_the_exact_functions() {
        let worst = |ours: fn(f32) -> f32, exact: fn(f64) -> f64| {
            let points = (-100_000..=100_000).map(|step| step as f32 * 1e-3);
            let near_zero = (-1000..=1000).map(|step| step as f32 * 1e-8);
            let errors = points.chain(near_zero).map(|x| {
                let exact = exact(f64::from(x));
                (f64::from(ours(x)) - exact).abs() / exact.abs().max(1e-30)
            });
            errors.fold(0.0, f64::max)
        };
        assert!(worst(elu, |x| if x > 0.0 { x } else { x.exp_m1() }) < 1e-6);
        assert!(worst(tanh, f64::tanh) < 1e-6);
        let sigmoid_error = (-100_000..=100_000).map(|step| {
            let x = step as f32 * 1e-3;
            (f64::from(sigmoid(x)) - 1.0 / (1.0 + (-f64::from(x)).exp())).abs()
        });
        assert!(sigmoid_error.fold(0.0, f64::max) < 2e-7);
    }
}
