//! Samples of any rate and channel count in, bounded clean mono at one rate out. Any thread.
//!
//! Works packet by packet, so a long file at a high rate never lies in memory twice.

use super::channels::StereoMix;
use super::decoded::{Decoded, repair};
use super::resample::{CHUNK_LEN, ToRate, check_rate};
use super::sink::Sink;
use crate::corpus::{DecodeError, ProblemKind};
use crate::dsp::{MidSideEnergy, MonoMix};

/// Interleaved samples between two looks at whether to go on: some seconds of music, some milliseconds of work.
const SAMPLES_PER_LOOK: usize = 1 << 18;

/// Takes what a decoder gives and keeps mono at the target rate.
pub(super) struct MonoSink<'a> {
    target_rate_hz: u32,
    limit_len: usize,
    limit_secs: f32,
    mix: MonoMix,
    energy: MidSideEnergy,
    to_rate: ToRate,
    decoded: Decoded,
    pairs: Vec<[f32; 2]>,
    mono: Vec<f32>,
    repaired: usize,
    is_stopped: &'a dyn Fn() -> bool,
    /// Samples until it is asked.
    unasked: usize,
}

impl<'a> MonoSink<'a> {
    /// Keeps `mix` of the first `limit_secs`, at `target_rate_hz`, until `is_stopped`.
    pub(super) fn new(target_rate_hz: u32, limit_secs: f32, mix: MonoMix, is_stopped: &'a dyn Fn() -> bool) -> Self {
        Self {
            target_rate_hz,
            limit_len: (limit_secs.max(0.0) as f64 * f64::from(target_rate_hz)) as usize,
            limit_secs,
            mix,
            energy: MidSideEnergy::default(),
            to_rate: ToRate::new(target_rate_hz, 1),
            decoded: Decoded::default(),
            pairs: Vec::new(),
            mono: Vec::new(),
            repaired: 0,
            is_stopped,
            unasked: SAMPLES_PER_LOOK,
        }
    }

    /// The louder of mid and side of what has come in.
    pub(super) fn louder(&self) -> MonoMix {
        self.energy.louder()
    }

    fn mix_down(&mut self, interleaved: &[f32], mix: &StereoMix) {
        self.mono.clear();
        match mix {
            StereoMix::Mono => self.mono.extend_from_slice(interleaved),
            StereoMix::Stereo => {
                let (pairs, _) = interleaved.as_chunks::<2>();
                self.energy.add(pairs);
                self.mix.extend(&mut self.mono, pairs);
            }
            StereoMix::Matrix(_) => {
                mix.pairs(interleaved, &mut self.pairs);
                self.energy.add(&self.pairs);
                self.mix.extend(&mut self.mono, &self.pairs);
            }
        }
        self.repaired += repair(&mut self.mono);
    }

    /// Everything that was kept.
    pub(super) fn finish(mut self) -> Result<Decoded, DecodeError> {
        self.to_rate.drain(&mut self.decoded.samples)?;
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

impl Sink for MonoSink<'_> {
    /// Nothing is then moved while it comes in. (Room that is never used costs no memory.)
    fn expect(&mut self, secs: f64) {
        let len = (secs.max(0.0) * f64::from(self.target_rate_hz)) as usize;
        self.decoded.samples.reserve(len.min(self.limit_len) + CHUNK_LEN);
    }

    fn push(&mut self, interleaved: &[f32], mix: &StereoMix, rate_hz: u32) -> Result<(), DecodeError> {
        check_rate(rate_hz)?;
        if interleaved.is_empty() || self.is_full() {
            return Ok(());
        }
        match self.unasked.checked_sub(interleaved.len()) {
            Some(left) => self.unasked = left,
            None if (self.is_stopped)() => return Err(DecodeError::Stopped),
            None => self.unasked = SAMPLES_PER_LOOK,
        }
        self.mix_down(interleaved, mix);
        if self.to_rate.is_empty() {
            self.decoded.sample_rate_hz = rate_hz;
            self.decoded.channels = u16::try_from(mix.count()).unwrap_or(u16::MAX);
        }
        self.to_rate.push(&self.mono, rate_hz, &mut self.decoded.samples)
    }

    /// Some may still be inside the converter.
    fn secs(&self) -> f32 {
        (self.decoded.samples.len() as f64 + self.to_rate.owed()) as f32 / self.target_rate_hz as f32
    }

    /// The length limit was reached.
    fn is_full(&self) -> bool {
        self.decoded.samples.len() >= self.limit_len
    }

    fn is_empty(&self) -> bool {
        self.to_rate.is_empty()
    }

    fn note(&mut self, kind: ProblemKind, text: String) {
        self.decoded.notes.push((kind, text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::decode::decoded::LOUDEST;

    fn sine(rate_hz: u32, secs: f32, tone_hz: f32) -> Vec<f32> {
        let len = (rate_hz as f32 * secs) as usize;
        (0..len)
            .map(|i| (std::f32::consts::TAU * tone_hz * i as f32 / rate_hz as f32).sin())
            .collect()
    }

    #[test]
    fn length_and_phase_survive_every_rate() {
        for rate_hz in [8_000, 11_127, 22_050, 44_100, 48_000, 96_000, 192_000] {
            let mut sink = MonoSink::new(44_100, 60.0, MonoMix::Mid, &|| false);
            for block in sine(rate_hz, 1.0, 440.0).chunks(1_000) {
                sink.push(block, &StereoMix::Mono, rate_hz).unwrap();
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
    fn a_stop_ends_a_file_in_its_middle() {
        let asked = std::cell::Cell::new(0);
        let is_stopped = || {
            asked.set(asked.get() + 1);
            asked.get() > 2
        };
        let mut sink = MonoSink::new(44_100, 600.0, MonoMix::Mid, &is_stopped);
        let block = [0.25; 44_100];
        let pushed = (0..600).find_map(|secs| {
            sink.push(&block, &StereoMix::Mono, 44_100)
                .err()
                .map(|error| (secs, error))
        });
        let (secs, error) = pushed.unwrap();
        assert!(matches!(error, DecodeError::Stopped), "{error}");
        assert!((10..30).contains(&secs), "the third look is after {secs} s");
    }

    #[test]
    fn damage_never_becomes_a_sample() {
        let mut sink = MonoSink::new(44_100, 60.0, MonoMix::Mid, &|| false);
        let wild = [f32::NAN, f32::INFINITY, -1e30, 0.5];
        sink.push(&wild, &StereoMix::Mono, 44_100).unwrap();
        let decoded = sink.finish().unwrap();
        assert_eq!(decoded.samples, [0.0, 0.0, -LOUDEST, 0.5]);
        assert_eq!(decoded.notes[0].0, ProblemKind::Damaged);
    }

    #[test]
    fn impossible_rates_are_refused_and_long_files_cut() {
        let mut sink = MonoSink::new(44_100, 1.0, MonoMix::Mid, &|| false);
        assert!(matches!(
            sink.push(&[0.0], &StereoMix::Mono, 7),
            Err(DecodeError::Rate(7))
        ));
        for _ in 0..200 {
            sink.push(&[0.25; 1_000], &StereoMix::Stereo, 44_100).unwrap();
        }
        let decoded = sink.finish().unwrap();
        assert_eq!(decoded.samples.len(), 44_100);
        assert_eq!(decoded.notes[0].0, ProblemKind::TooLong);
    }
}
