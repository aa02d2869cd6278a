//! A spectrum at another pitch: every partial moved to where it belongs, with the envelope of the sound kept.
//!
//! After J. Laroche & M. Dolson, "New phase-vocoder techniques for pitch-shifting, harmonizing and other exotic effects" (WASPAA
//! 1999): the bins around a peak are moved together by whole bins, and turned from frame to frame so that the partial has its new
//! frequency exactly. Where the sound runs at its own pace and the ratio is 1, it comes back as it was. Keeping the envelope is
//! scaling each partial from the envelope's level at its old place to that at its new one.

use super::OverlapAdd;
use super::blackman_lobe::BlackmanLobe;
use super::partials::PartialFrame;
use realfft::num_complex::Complex32;
use std::f32::consts::{PI, TAU};

/// As much may a partial be raised to keep the envelope: 30 dB.
const MOST_RAISE: f32 = 3.454;

/// What all voices share.
pub struct PitchTables {
    lobe: BlackmanLobe,
    hop_turn: f32,
    bins: usize,
    overlap: OverlapAdd,
    hop_len: usize,
}

impl PitchTables {
    /// For spectra of `fft_len` samples, `hop_len` apart.
    pub fn new(fft_len: usize, hop_len: usize) -> Self {
        Self {
            lobe: BlackmanLobe::new(fft_len),
            hop_turn: TAU * hop_len as f32 / fft_len as f32,
            bins: fft_len / 2 + 1,
            overlap: OverlapAdd::new(fft_len, hop_len),
            hop_len,
        }
    }

    /// A silent frame.
    pub fn frame(&self) -> PartialFrame {
        PartialFrame::new(self.bins)
    }

    /// Finds the partials of `frame`, which follows `before`.
    pub fn analyse(&self, frame: &mut PartialFrame, before: &PartialFrame, at_own_pace: bool) {
        frame.analyse(before, &self.lobe, self.hop_turn, at_own_pace);
    }

    /// A silent voice.
    pub fn voice(&self) -> PitchVoice {
        PitchVoice {
            turns: vec![0.0; self.bins],
            turns_before: vec![0.0; self.bins],
            moved: [vec![Complex32::ZERO; self.bins], vec![Complex32::ZERO; self.bins]],
            overlaps: [self.overlap.twin(), self.overlap.twin()],
            wave: vec![0.0; self.hop_len],
            was_mono: true,
        }
    }
}

/// How a voice differs from the sound it plays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PitchRatio {
    /// Factor on every frequency, above 0.
    pub ratio: f32,
    /// Whether the envelope stays where it is.
    pub keeps_envelope: bool,
}

/// One pitch of a sound; never allocates after it was made, and whatever it is fed, its output is finite.
pub struct PitchVoice {
    /// How far every partial is turned, now and a frame ago.
    turns: Vec<f32>,
    turns_before: Vec<f32>,
    moved: [Vec<Complex32>; 2],
    overlaps: [OverlapAdd; 2],
    wave: Vec<f32>,
    was_mono: bool,
}

impl PitchVoice {
    /// Back to silence, to begin with any frame.
    pub fn reset(&mut self) {
        self.turns.fill(0.0);
        self.turns_before.fill(0.0);
        self.overlaps.iter_mut().for_each(OverlapAdd::reset);
        self.was_mono = true;
    }

    /// Pushes the next frame of the sound and writes the next hop: the samples from half a window before the frame's centre on.
    pub fn push(&mut self, tables: &PitchTables, frame: &PartialFrame, pitch: PitchRatio, out: &mut [[f32; 2]]) {
        self.turn(tables, frame, pitch.ratio);
        let channels = if frame.is_mono() && self.was_mono { 1 } else { 2 };
        if channels == 2 && self.was_mono {
            // Until now both were the same.
            let [left, right] = &mut self.overlaps;
            right.continue_from(left);
        }
        self.was_mono = channels == 1;
        self.move_bins(tables, frame, pitch, channels);
        for (channel, (moved, overlap)) in self.moved.iter_mut().zip(&mut self.overlaps).take(channels).enumerate() {
            overlap.push(moved, &mut self.wave);
            for (frame, sample) in out.iter_mut().zip(&self.wave) {
                frame[channel] = if sample.is_finite() { *sample } else { 0.0 };
            }
        }
        if channels == 1 {
            for frame in out.iter_mut() {
                frame[1] = frame[0];
            }
        }
    }

    /// How far every partial is turned in this frame: from where its voice was, by what its new frequency turns in a hop less what
    /// the sound itself turned.
    fn turn(&mut self, tables: &PitchTables, frame: &PartialFrame, ratio: f32) {
        std::mem::swap(&mut self.turns, &mut self.turns_before);
        for (turn, partial) in self.turns.iter_mut().zip(frame.partials()) {
            *turn = if partial.is_new {
                0.0
            } else {
                let before = self.turns_before.get(partial.parent).copied().unwrap_or(0.0);
                wrapped(before + ratio * partial.place * tables.hop_turn - partial.turned)
            };
        }
    }

    fn move_bins(&mut self, tables: &PitchTables, frame: &PartialFrame, pitch: PitchRatio, channels: usize) {
        for moved in self.moved.iter_mut().take(channels) {
            moved.fill(Complex32::ZERO);
        }
        let bins = tables.bins as isize;
        for (partial, turn) in frame.partials().iter().zip(&self.turns) {
            let way = (pitch.ratio - 1.0) * partial.place;
            let whole = way.round();
            let shift = whole as isize;
            let begin = (partial.begin as isize).max(-shift);
            let end = (partial.end as isize).min(bins - shift);
            if begin >= end {
                continue;
            }
            let mut gain = tables.lobe.beside(way - whole);
            if pitch.keeps_envelope {
                let raise = frame.envelope_at(partial.place + way) - frame.envelope_at(partial.place);
                gain *= raise.min(MOST_RAISE).exp();
            }
            let factor = Complex32::from_polar(gain, *turn);
            let source = begin as usize..end as usize;
            let target = (begin + shift) as usize..(end + shift) as usize;
            for (moved, own) in self.moved.iter_mut().zip(&frame.spectrum).take(channels) {
                for (moved, own) in moved[target.clone()].iter_mut().zip(&own[source.clone()]) {
                    *moved += *own * factor;
                }
            }
        }
    }
}

fn wrapped(angle: f32) -> f32 {
    let angle = angle - TAU * (angle / TAU).round();
    if angle.is_finite() { angle.clamp(-PI, PI) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::{Stft, WhiteNoise};

    const LEN: usize = 2_048;
    const HOP: usize = 256;

    fn shifted(wave: &[f32], ratio: f32, at_own_pace: bool, place: impl Fn(usize) -> usize) -> Vec<f32> {
        let tables = PitchTables::new(LEN, HOP);
        let (mut voice, mut stft) = (tables.voice(), Stft::new(LEN, HOP));
        let (mut before, mut sound) = (tables.frame(), Vec::new());
        let pitch = PitchRatio {
            ratio,
            keeps_envelope: false,
        };
        for index in 0..(wave.len() - LEN) / HOP {
            let mut frame = tables.frame();
            let spectrum = stft.spectrum_around(wave, LEN / 2 + place(index));
            frame.spectrum.iter_mut().for_each(|own| own.copy_from_slice(spectrum));
            tables.analyse(&mut frame, &before, at_own_pace);
            let mut hop = [[0.0; 2]; HOP];
            voice.push(&tables, &frame, pitch, &mut hop);
            sound.extend(hop.iter().map(|frame| frame[0]));
            before = frame;
        }
        sound
    }

    fn sine(hz: f64, len: usize) -> Vec<f32> {
        (0..len)
            .map(|i| 0.5 * (std::f64::consts::TAU * hz * i as f64 / 44_100.0).sin() as f32)
            .collect()
    }

    /// Amplitude at `hz`, by correlation over a whole number of windows.
    fn amplitude(sound: &[f32], hz: f64) -> f32 {
        let sum: Complex32 = sound
            .iter()
            .enumerate()
            .map(|(i, sample)| {
                let window = 1.0 - (std::f64::consts::TAU * i as f64 / sound.len() as f64).cos();
                let turn = std::f64::consts::TAU * hz * i as f64 / 44_100.0;
                Complex32::new(turn.cos() as f32, -turn.sin() as f32) * (*sample * window as f32)
            })
            .sum();
        2.0 * sum.norm() / sound.len() as f32
    }

    #[test]
    fn a_sine_is_at_its_new_frequency_to_a_cent_and_as_loud() {
        for (semitones, pace) in [(7.0, true), (-12.0, true), (19.0, true), (5.0, false), (-3.0, false)] {
            let ratio = (semitones / 12.0f32).exp2();
            let wave = sine(311.3, 100_000);
            // Frozen where it is not at its own pace.
            let sound = shifted(&wave, ratio, pace, |index| if pace { index * HOP } else { 4_096 });
            let steady = &sound[20_000..85_536];
            let hz = 311.3 * f64::from(ratio);
            let (own, lower, higher) = (
                amplitude(steady, hz),
                amplitude(steady, hz * 0.999_42),
                amplitude(steady, hz * 1.000_58),
            );
            assert!((own - 0.5).abs() < 0.02, "{semitones}: amplitude {own}");
            assert!(own > lower && own > higher, "{semitones}: not within a cent of {hz}");
        }
    }

    #[test]
    fn at_a_ratio_of_one_the_sound_comes_back() {
        let noise: Vec<f32> = WhiteNoise::new(5).take(60_000).collect();
        let sound = shifted(&noise, 1.0, true, |index| index * HOP);
        let error: f32 = (10_000..40_000).map(|i| (sound[i] - noise[i]).powi(2)).sum();
        let power: f32 = noise[10_000..40_000].iter().map(|sample| sample * sample).sum();
        assert!(
            10.0 * (error / power).log10() < -50.0,
            "{} dB",
            10.0 * (error / power).log10()
        );
    }

    #[test]
    fn what_is_no_number_gives_numbers() {
        let mut wave = sine(440.0, 20_000);
        wave[6_000] = f32::NAN;
        wave[9_000] = f32::INFINITY;
        let sound = shifted(&wave, 1.5, true, |index| index * HOP);
        assert!(sound.iter().all(|sample| sample.is_finite()));
    }
}
