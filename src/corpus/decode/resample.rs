//! One sample rate to another, streaming. Any thread.
//!
//! rubato's synchronous FFT resampler; its start-up delay is trimmed, so time zero stays time zero.

use crate::corpus::DecodeError;
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler};

/// Samples handed to the resampler at once.
pub(super) const CHUNK_LEN: usize = 4_096;

/// One rate to another, streaming.
pub(super) struct Converter {
    /// The rate that goes in.
    pub(super) rate_hz: u32,
    /// `None` when the rates are equal.
    resampler: Option<Fft<f32>>,
    pending: Vec<f32>,
    scratch: Vec<f32>,
    to_trim: usize,
    taken: u64,
    given: u64,
    ratio: f64,
}

impl Converter {
    pub(super) fn new(rate_hz: u32, target_rate_hz: u32) -> Result<Self, DecodeError> {
        let resampler = (rate_hz != target_rate_hz)
            .then(|| Fft::new(rate_hz as usize, target_rate_hz as usize, CHUNK_LEN, 1, FixedSync::Both))
            .transpose()
            .map_err(|error| DecodeError::Format(error.to_string()))?;
        Ok(Self {
            rate_hz,
            to_trim: resampler.as_ref().map_or(0, Resampler::output_delay),
            scratch: vec![0.0; resampler.as_ref().map_or(0, Resampler::output_frames_max)],
            resampler,
            pending: Vec::new(),
            taken: 0,
            given: 0,
            ratio: f64::from(target_rate_hz) / f64::from(rate_hz),
        })
    }

    pub(super) fn push(&mut self, mono: &[f32], out: &mut Vec<f32>) -> Result<(), DecodeError> {
        if self.resampler.is_none() {
            out.extend_from_slice(mono);
            return Ok(());
        }
        self.taken += mono.len() as u64;
        self.pending.extend_from_slice(mono);
        let mut start = 0;
        while let Some(needed) = self.resampler.as_ref().map(Resampler::input_frames_next)
            && self.pending.len() - start >= needed
        {
            self.step(start, needed, out)?;
            start += needed;
        }
        self.pending.drain(..start);
        Ok(())
    }

    /// Samples that are still to come of what was taken.
    pub(super) fn owed(&self) -> f64 {
        self.taken as f64 * self.ratio - self.given as f64
    }

    /// Pushes out what is still inside: exactly as many samples as the input was long.
    pub(super) fn drain(&mut self, out: &mut Vec<f32>) -> Result<(), DecodeError> {
        let expected = (self.taken as f64 * self.ratio).ceil() as u64;
        while self.given < expected {
            let Some(needed) = self.resampler.as_ref().map(Resampler::input_frames_next) else {
                break;
            };
            self.pending.resize(needed.max(self.pending.len()), 0.0);
            self.step(0, needed, out)?;
            self.pending.drain(..needed);
        }
        let excess = self.given.saturating_sub(expected) as usize;
        out.truncate(out.len().saturating_sub(excess));
        Ok(())
    }

    fn step(&mut self, start: usize, needed: usize, out: &mut Vec<f32>) -> Result<(), DecodeError> {
        let Some(resampler) = &mut self.resampler else {
            return Ok(());
        };
        let failed = |error: &dyn std::fmt::Display| DecodeError::Format(format!("resampling failed: {error}"));
        let input = &self.pending[start..start + needed];
        let input = InterleavedSlice::new(input, 1, needed).map_err(|error| failed(&error))?;
        let room = self.scratch.len();
        let mut output = InterleavedSlice::new_mut(&mut self.scratch[..], 1, room).map_err(|error| failed(&error))?;
        let (_, produced) = resampler
            .process_into_buffer(&input, &mut output, None::<&Indexing>)
            .map_err(|error| failed(&error))?;
        let skipped = self.to_trim.min(produced);
        self.to_trim -= skipped;
        self.given += (produced - skipped) as u64;
        out.extend_from_slice(&self.scratch[skipped..produced]);
        Ok(())
    }
}
