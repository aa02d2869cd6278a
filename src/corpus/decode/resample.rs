//! Interleaved samples of any rate and channel count in, bounded clean mono at one rate out. Any thread.
//!
//! Works packet by packet, so a long file at a high rate never lies in memory twice. rubato's synchronous FFT
//! resampler; its start-up delay is trimmed, so time zero stays time zero.

use super::{DecodeError, Decoded, LOUDEST, ProblemKind, RATES_HZ};
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler};

/// Samples handed to the resampler at once.
const CHUNK_LEN: usize = 4_096;

/// Takes what a decoder gives and keeps mono at the target rate.
pub(super) struct MonoSink {
    target_rate_hz: u32,
    limit_len: usize,
    limit_secs: f32,
    converter: Option<Converter>,
    decoded: Decoded,
    mono: Vec<f32>,
    repaired: usize,
}

impl MonoSink {
    pub(super) fn new(target_rate_hz: u32, limit_secs: f32) -> Self {
        Self {
            target_rate_hz,
            limit_len: (limit_secs.max(0.0) as f64 * f64::from(target_rate_hz)) as usize,
            limit_secs,
            converter: None,
            decoded: Decoded::default(),
            mono: Vec::new(),
            repaired: 0,
        }
    }

    /// Makes room for `secs`, as a header promises: nothing is then moved while it comes in. (Room that is never used costs
    /// no memory.)
    pub(super) fn expect(&mut self, secs: f64) {
        let len = (secs.max(0.0) * f64::from(self.target_rate_hz)) as usize;
        self.decoded.samples.reserve(len.min(self.limit_len) + CHUNK_LEN);
    }

    /// Seconds taken in so far; some may still be inside the converter.
    pub(super) fn secs(&self) -> f32 {
        let inside = self.converter.as_ref().map_or(0.0, Converter::owed);
        (self.decoded.samples.len() as f64 + inside) as f32 / self.target_rate_hz as f32
    }

    /// Whether the length limit was reached: more input is a waste.
    pub(super) fn is_full(&self) -> bool {
        self.decoded.samples.len() >= self.limit_len
    }

    /// Whether nothing has come in.
    pub(super) fn is_empty(&self) -> bool {
        self.converter.is_none()
    }

    /// Adds a remark for the user.
    pub(super) fn note(&mut self, kind: ProblemKind, text: String) {
        self.decoded.notes.push((kind, text));
    }

    /// Takes interleaved samples; rate and channels may differ from the last call's.
    pub(super) fn push(&mut self, interleaved: &[f32], channels: usize, rate_hz: u32) -> Result<(), DecodeError> {
        if !RATES_HZ.contains(&rate_hz) {
            return Err(DecodeError::Rate(rate_hz));
        }
        if channels == 0 || interleaved.is_empty() || self.is_full() {
            return Ok(());
        }
        self.mix_down(interleaved, channels);
        if self
            .converter
            .as_ref()
            .is_none_or(|converter| converter.rate_hz != rate_hz)
        {
            if let Some(mut finished) = self.converter.take() {
                finished.drain(&mut self.decoded.samples)?;
            } else {
                self.decoded.sample_rate_hz = rate_hz;
                self.decoded.channels = u16::try_from(channels).unwrap_or(u16::MAX);
            }
            self.converter = Some(Converter::new(rate_hz, self.target_rate_hz)?);
        }
        if let Some(converter) = &mut self.converter {
            converter.push(&self.mono, &mut self.decoded.samples)?;
        }
        Ok(())
    }

    fn mix_down(&mut self, interleaved: &[f32], channels: usize) {
        self.mono.clear();
        match channels {
            1 => self.mono.extend_from_slice(interleaved),
            2 => {
                let (pairs, _) = interleaved.as_chunks::<2>();
                self.mono.extend(pairs.iter().map(|[left, right]| 0.5 * (left + right)));
            }
            _ => {
                let scale = 1.0 / channels as f32;
                let frames = interleaved.chunks_exact(channels);
                self.mono.extend(frames.map(|frame| frame.iter().sum::<f32>() * scale));
            }
        }
        // Sound hardly ever needs repair, and a look without a branch is much quicker.
        if self
            .mono
            .iter()
            .fold(true, |sound, value| sound & (value.abs() <= LOUDEST))
        {
            return;
        }
        for value in &mut self.mono {
            let bounded = value.clamp(-LOUDEST, LOUDEST);
            let clean = if value.is_finite() { bounded } else { 0.0 };
            self.repaired += usize::from(clean != *value);
            *value = clean;
        }
    }

    /// Everything that was kept.
    pub(super) fn finish(mut self) -> Result<Decoded, DecodeError> {
        if let Some(mut converter) = self.converter.take() {
            converter.drain(&mut self.decoded.samples)?;
        }
        if self.decoded.samples.is_empty() {
            return Err(DecodeError::NoAudio("no sample came out of it".into()));
        }
        if self.decoded.samples.len() >= self.limit_len {
            self.decoded.samples.truncate(self.limit_len);
            let text = format!("longer than {:.0} s: only its beginning is used", self.limit_secs);
            self.decoded.notes.push((ProblemKind::TooLong, text));
        }
        if self.repaired > 0 {
            let text = format!("{} samples were no sound (not finite or far too loud)", self.repaired);
            self.decoded.notes.push((ProblemKind::Damaged, text));
        }
        Ok(self.decoded)
    }
}

/// One rate to another, streaming.
struct Converter {
    rate_hz: u32,
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
    fn new(rate_hz: u32, target_rate_hz: u32) -> Result<Self, DecodeError> {
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

    fn push(&mut self, mono: &[f32], out: &mut Vec<f32>) -> Result<(), DecodeError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(rate_hz: u32, secs: f32, tone_hz: f32) -> Vec<f32> {
        let len = (rate_hz as f32 * secs) as usize;
        (0..len)
            .map(|i| (std::f32::consts::TAU * tone_hz * i as f32 / rate_hz as f32).sin())
            .collect()
    }

    #[test]
    fn length_and_phase_survive_every_rate() {
        for rate_hz in [8_000, 11_127, 22_050, 44_100, 48_000, 96_000, 192_000] {
            let mut sink = MonoSink::new(44_100, 60.0);
            for block in sine(rate_hz, 1.0, 440.0).chunks(1_000) {
                sink.push(block, 1, rate_hz).unwrap();
            }
            let decoded = sink.finish().unwrap();
            assert!(
                decoded.samples.len().abs_diff(44_100) <= 1,
                "{rate_hz}: {}",
                decoded.samples.len()
            );
            let wanted = sine(44_100, 1.0, 440.0);
            let inner = 4_410..39_690;
            let error: f32 = decoded.samples[inner.clone()]
                .iter()
                .zip(&wanted[inner])
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            // The delay is trimmed to whole samples; half a sample of 440 Hz is 0.031.
            assert!(error < 0.035, "{rate_hz} Hz: off by {error}");
        }
    }

    #[test]
    fn damage_never_becomes_a_sample() {
        let mut sink = MonoSink::new(44_100, 60.0);
        let wild = [f32::NAN, f32::INFINITY, -1e30, 0.5];
        sink.push(&wild, 1, 44_100).unwrap();
        let decoded = sink.finish().unwrap();
        assert_eq!(decoded.samples, [0.0, 0.0, -LOUDEST, 0.5]);
        assert_eq!(decoded.notes[0].0, ProblemKind::Damaged);
    }

    #[test]
    fn impossible_rates_are_refused_and_long_files_cut() {
        let mut sink = MonoSink::new(44_100, 1.0);
        assert!(matches!(sink.push(&[0.0], 1, 7), Err(DecodeError::Rate(7))));
        for _ in 0..200 {
            sink.push(&[0.25; 1_000], 2, 44_100).unwrap();
        }
        let decoded = sink.finish().unwrap();
        assert_eq!(decoded.samples.len(), 44_100);
        assert_eq!(decoded.notes[0].0, ProblemKind::TooLong);
    }
}
