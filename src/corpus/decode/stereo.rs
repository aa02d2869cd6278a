//! Samples of any rate and channel count in, bounded clean left and right at one rate out, as they come. Any thread.

use super::channels::StereoMix;
use super::decoded::repair;
use super::resample::{ToRate, check_rate};
use super::sink::Sink;
use crate::corpus::DecodeError;
use std::ops::ControlFlow;

/// Takes what a decoder gives and hands it on; keeps nothing.
pub(super) struct StereoSink<'a> {
    target_rate_hz: u32,
    to_rate: ToRate,
    take: &'a mut dyn FnMut(&[[f32; 2]]) -> ControlFlow<()>,
    /// Whether `take` wants no more.
    broken_off: bool,
    given: u64,
    pairs: Vec<[f32; 2]>,
    /// Interleaved, at the target rate.
    ready: Vec<f32>,
}

impl<'a> StereoSink<'a> {
    /// Hands everything to `take`, at `target_rate_hz`.
    pub(super) fn new(target_rate_hz: u32, take: &'a mut dyn FnMut(&[[f32; 2]]) -> ControlFlow<()>) -> Self {
        Self {
            target_rate_hz,
            to_rate: ToRate::new(target_rate_hz, 2),
            take,
            broken_off: false,
            given: 0,
            pairs: Vec::new(),
            ready: Vec::new(),
        }
    }

    /// Hands on what the converter still holds.
    pub(super) fn finish(mut self) -> Result<(), DecodeError> {
        if self.broken_off {
            return Ok(());
        }
        self.to_rate.drain(&mut self.ready)?;
        self.hand_on();
        if self.given == 0 {
            return Err(DecodeError::NoAudio("no sample came out of it".into()));
        }
        Ok(())
    }

    fn hand_on(&mut self) {
        let (pairs, _) = self.ready.as_chunks::<2>();
        if pairs.is_empty() {
            return;
        }
        self.given += pairs.len() as u64;
        self.broken_off = (self.take)(pairs).is_break();
        self.ready.clear();
    }
}

impl Sink for StereoSink<'_> {
    fn push(&mut self, interleaved: &[f32], mix: &StereoMix, rate_hz: u32) -> Result<(), DecodeError> {
        check_rate(rate_hz)?;
        if interleaved.is_empty() || self.broken_off {
            return Ok(());
        }
        mix.pairs(interleaved, &mut self.pairs);
        repair(self.pairs.as_flattened_mut());
        self.to_rate.push(self.pairs.as_flattened(), rate_hz, &mut self.ready)?;
        self.hand_on();
        Ok(())
    }

    fn secs(&self) -> f32 {
        (self.given as f64 + self.to_rate.owed()) as f32 / self.target_rate_hz as f32
    }

    fn is_full(&self) -> bool {
        self.broken_off
    }

    fn is_empty(&self) -> bool {
        self.to_rate.is_empty()
    }
}
