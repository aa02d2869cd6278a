//! One sample rate to another, streaming. Any thread.
//!
//! rubato's synchronous FFT resampler; its start-up delay is trimmed, so time zero stays time zero. Channels are converted each by
//! itself: what one becomes does not depend on how many there are.

use super::decoded::RATES_HZ;
use crate::corpus::DecodeError;
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler};

/// Samples handed to the resampler at once.
pub(super) const CHUNK_LEN: usize = 4_096;

/// Samples of any rate, which may change on the way, at one rate.
pub(super) struct ToRate {
    target_rate_hz: u32,
    channels: usize,
    converter: Option<Converter>,
}

impl ToRate {
    /// Takes and gives interleaved samples of `channels`.
    pub(super) fn new(target_rate_hz: u32, channels: usize) -> Self {
        Self {
            target_rate_hz,
            channels,
            converter: None,
        }
    }

    /// Appends what becomes of `samples` to `out`; their rate was [checked](check_rate).
    pub(super) fn push(&mut self, samples: &[f32], rate_hz: u32, out: &mut Vec<f32>) -> Result<(), DecodeError> {
        if self
            .converter
            .as_ref()
            .is_none_or(|converter| converter.rate_hz != rate_hz)
        {
            self.drain(out)?;
            self.converter = Some(Converter::new(rate_hz, self.target_rate_hz, self.channels)?);
        }
        match &mut self.converter {
            Some(converter) => converter.push(samples, out),
            None => Ok(()),
        }
    }

    /// Whether nothing has come in since the beginning, or since it was [drained](Self::drain).
    pub(super) fn is_empty(&self) -> bool {
        self.converter.is_none()
    }

    /// Samples of each channel that are still inside.
    pub(super) fn owed(&self) -> f64 {
        self.converter.as_ref().map_or(0.0, Converter::owed)
    }

    /// Appends what is still inside to `out`.
    pub(super) fn drain(&mut self, out: &mut Vec<f32>) -> Result<(), DecodeError> {
        self.converter
            .take()
            .map_or(Ok(()), |mut converter| converter.drain(out))
    }
}

/// Rates that no recording has are damage.
pub(super) fn check_rate(rate_hz: u32) -> Result<(), DecodeError> {
    if RATES_HZ.contains(&rate_hz) {
        Ok(())
    } else {
        Err(DecodeError::Rate(rate_hz))
    }
}

/// One rate to another, streaming.
struct Converter {
    /// The rate that goes in.
    rate_hz: u32,
    channels: usize,
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
    fn new(rate_hz: u32, target_rate_hz: u32, channels: usize) -> Result<Self, DecodeError> {
        let resampler = (rate_hz != target_rate_hz)
            .then(|| {
                Fft::new(
                    rate_hz as usize,
                    target_rate_hz as usize,
                    CHUNK_LEN,
                    channels,
                    FixedSync::Both,
                )
            })
            .transpose()
            .map_err(|error| {
                log::debug!("no converter of sample rates: {error}");
                DecodeError::Format("its sample rate cannot be converted".into())
            })?;
        Ok(Self {
            rate_hz,
            channels,
            to_trim: resampler.as_ref().map_or(0, Resampler::output_delay),
            scratch: vec![0.0; resampler.as_ref().map_or(0, Resampler::output_frames_max) * channels],
            resampler,
            pending: Vec::new(),
            taken: 0,
            given: 0,
            ratio: f64::from(target_rate_hz) / f64::from(rate_hz),
        })
    }

    fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<(), DecodeError> {
        if self.resampler.is_none() {
            out.extend_from_slice(samples);
            return Ok(());
        }
        self.taken += (samples.len() / self.channels) as u64;
        self.pending.extend_from_slice(samples);
        let mut start = 0;
        while let Some(needed) = self.resampler.as_ref().map(Resampler::input_frames_next)
            && self.pending.len() - start >= needed * self.channels
        {
            self.step(start, needed, out)?;
            start += needed * self.channels;
        }
        self.pending.drain(..start);
        Ok(())
    }

    /// Samples of each channel that are still to come of what was taken.
    fn owed(&self) -> f64 {
        self.taken as f64 * self.ratio - self.given as f64
    }

    /// Pushes out what is still inside: exactly as many samples as the input was long.
    fn drain(&mut self, out: &mut Vec<f32>) -> Result<(), DecodeError> {
        let expected = (self.taken as f64 * self.ratio).ceil() as u64;
        while self.given < expected {
            let Some(needed) = self.resampler.as_ref().map(Resampler::input_frames_next) else {
                break;
            };
            let values = needed * self.channels;
            self.pending.resize(values.max(self.pending.len()), 0.0);
            self.step(0, needed, out)?;
            self.pending.drain(..values);
        }
        let excess = self.given.saturating_sub(expected) as usize;
        out.truncate(out.len().saturating_sub(excess * self.channels));
        Ok(())
    }

    fn step(&mut self, start: usize, needed: usize, out: &mut Vec<f32>) -> Result<(), DecodeError> {
        let Some(resampler) = &mut self.resampler else {
            return Ok(());
        };
        let failed = |error: &dyn std::fmt::Display| {
            log::debug!("the converter of sample rates gave up: {error}");
            DecodeError::Format("its sample rate cannot be converted".into())
        };
        let channels = self.channels;
        let input = &self.pending[start..start + needed * channels];
        let input = InterleavedSlice::new(input, channels, needed).map_err(|error| failed(&error))?;
        let room = self.scratch.len() / channels;
        let mut output =
            InterleavedSlice::new_mut(&mut self.scratch[..], channels, room).map_err(|error| failed(&error))?;
        let (_, produced) = resampler
            .process_into_buffer(&input, &mut output, None::<&Indexing>)
            .map_err(|error| failed(&error))?;
        let skipped = self.to_trim.min(produced);
        self.to_trim -= skipped;
        self.given += (produced - skipped) as u64;
        out.extend_from_slice(&self.scratch[skipped * channels..produced * channels]);
        Ok(())
    }
}
