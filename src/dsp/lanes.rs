//! Sums and maxima in several lanes side by side: one after the other, each step waits for the last.
//!
//! Inlined always, so that they are compiled for the processor of the [`wide`](super::simd::wide) work that calls them.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

pub(super) const LANES: usize = 8;

/// Sum of `of` over `samples`.
#[inline(always)]
pub(super) fn sum_of<T>(samples: &[f32], of: impl Fn(f32) -> T) -> T
where
    T: Copy + Default + Add<Output = T> + AddAssign + Sum,
{
    let mut lanes = [T::default(); LANES];
    let parts = samples.chunks_exact(LANES);
    let rest: T = parts.remainder().iter().map(|sample| of(*sample)).sum();
    for part in parts {
        for (lane, sample) in lanes.iter_mut().zip(part) {
            *lane += of(*sample);
        }
    }
    lanes.into_iter().sum::<T>() + rest
}

/// Sum of `values`.
#[inline(always)]
pub fn sum(values: &[f32]) -> f32 {
    sum_of(values, |value| value)
}

/// Sum of products.
#[inline(always)]
pub(super) fn weighted_sum(values: &[f32], weights: &[f32]) -> f32 {
    let (values, weights) = (values.chunks_exact(LANES), weights.chunks_exact(LANES));
    let rest = values.remainder().iter().zip(weights.remainder());
    let rest: f32 = rest.map(|(value, weight)| value * weight).sum();
    let mut lanes = [0.0f32; LANES];
    for (values, weights) in values.zip(weights) {
        for ((lane, value), weight) in lanes.iter_mut().zip(values).zip(weights) {
            *lane += value * weight;
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// Largest of `of` over `samples`, at least 0.
#[inline(always)]
pub(super) fn max_of(samples: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0f32; LANES];
    let parts = samples.chunks_exact(LANES);
    let rest = parts.remainder().iter().map(|sample| of(*sample)).fold(0.0, f32::max);
    for part in parts {
        for (lane, sample) in lanes.iter_mut().zip(part) {
            *lane = lane.max(of(*sample));
        }
    }
    lanes.into_iter().fold(rest, f32::max)
}
