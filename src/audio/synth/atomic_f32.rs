//! Real-time: a number, and two that change together, that any thread may read and write.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

/// An `f32` that any thread may read and write.
#[derive(Debug, Default)]
pub struct AtomicF32(AtomicU32);

impl AtomicF32 {
    /// Holding `value`.
    pub fn new(value: f32) -> Self {
        Self(AtomicU32::new(value.to_bits()))
    }

    /// The value.
    pub fn get(&self) -> f32 {
        f32::from_bits(self.0.load(Relaxed))
    }

    /// Replaces the value.
    pub fn set(&self, value: f32) {
        self.0.store(value.to_bits(), Relaxed);
    }

    /// Replaces the value and returns the old one.
    pub fn swap(&self, value: f32) -> f32 {
        f32::from_bits(self.0.swap(value.to_bits(), Relaxed))
    }
}

/// Two `f32` that are read as they were written, or nothing.
#[derive(Debug)]
pub struct AtomicPair(AtomicU64);

impl AtomicPair {
    /// No pair of numbers has these bits.
    const NOTHING: u64 = u64::MAX;

    /// Holding nothing.
    pub fn nothing() -> Self {
        Self(AtomicU64::new(Self::NOTHING))
    }

    /// Both numbers.
    pub fn get(&self) -> Option<(f32, f32)> {
        let bits = self.0.load(Relaxed);
        (bits != Self::NOTHING).then(|| (f32::from_bits((bits >> 32) as u32), f32::from_bits(bits as u32)))
    }

    /// Replaces both.
    pub fn set(&self, pair: Option<(f32, f32)>) {
        let bits = pair.map_or(Self::NOTHING, |(first, second)| {
            u64::from(first.to_bits()) << 32 | u64::from(second.to_bits())
        });
        self.0.store(bits, Relaxed);
    }
}
