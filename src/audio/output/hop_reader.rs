//! Real-time: what a connection plays: the synth's hops at the device's rate, made when the device asks for them.
//!
//! Nothing is made ahead. A ring between synth and device would have to hold what a sound server takes at once after it
//! was held up, and everything would be that much later; and it could still run empty whenever its other thread does not
//! get a processor. Making a hop costs a few per cent of the time that it lasts, so the callback makes it itself.

use super::rate_converter::RateConverter;
use super::synth_loan::SynthLoan;
use crate::audio::synth::Origin;
use std::any::Any;
use std::collections::VecDeque;

/// Marks on their way at once.
const MARKS: usize = 64;

/// "From this frame of the connection on the new source is heard."
struct Mark {
    origin: Origin,
    at_frame: u64,
}

/// One connection's sound, frame by frame.
pub struct HopReader {
    synth: SynthLoan,
    converter: RateConverter,
    /// The hop being played, at the device's rate, and how much of it has been.
    hop: Vec<[f32; 2]>,
    played: usize,
    marks: VecDeque<Mark>,
    played_frames: u64,
}

impl HopReader {
    /// Plays `synth` through `converter`.
    pub fn new(synth: SynthLoan, converter: RateConverter) -> Self {
        Self {
            hop: Vec::with_capacity(converter.most_samples(synth.hop_len())),
            synth,
            converter,
            played: 0,
            marks: VecDeque::with_capacity(MARKS),
            played_frames: 0,
        }
    }

    /// The next stereo frame.
    pub fn next(&mut self) -> [f32; 2] {
        if self.played == self.hop.len() {
            self.make_hop();
        }
        // A converter at its beginning may hold a whole hop back.
        let Some(frame) = self.hop.get(self.played) else {
            return [0.0; 2];
        };
        self.played += 1;
        self.played_frames += 1;
        *frame
    }

    /// The next source that has begun to sound in what was played so far, and how many frames ago it did.
    pub fn heard(&mut self) -> Option<(Origin, u64)> {
        self.marks
            .pop_front_if(|mark| mark.at_frame < self.played_frames)
            .map(|mark| (mark.origin, self.played_frames - mark.at_frame))
    }

    /// Seconds of sound between the beginning of the next hop and the next frame, less what the limiter makes it later.
    pub fn ahead_secs(&self, rate_hz: u32) -> f64 {
        let left = (self.hop.len() - self.played.min(self.hop.len())) as f64 / f64::from(rate_hz);
        let converter = self.converter.latency_samples() as f64 / f64::from(rate_hz);
        left + converter + self.synth.limiter_latency_samples() as f64 / f64::from(self.synth.sample_rate_hz())
    }

    /// Forgets what is left of the hop being played, so that the next frame is a fresh one, and what would have begun in it.
    pub fn skip(&mut self) {
        self.played = self.hop.len();
        self.marks.clear();
        self.synth.rest();
    }

    /// A block begins: the score of a take is told how loud it is, and how much of the last hop it begins with.
    pub fn score_block(&mut self, gain: f32, target: f32, sounding: bool) {
        let (left, len) = (self.hop.len() - self.played, self.hop.len().max(1));
        let left = left * self.synth.hop_len() / len;
        self.synth.score().block(left, gain, target, sounding);
    }

    /// The block ends, `frames` of `rate_hz` later.
    pub fn score_passed(&mut self, frames: usize, rate_hz: u32) {
        let samples = frames as f64 * f64::from(self.synth.sample_rate_hz()) / f64::from(rate_hz);
        self.synth.score().pass(samples);
    }

    /// After a panic: forgets the hop being played and lets the synth replace what panicked.
    pub fn recover(&mut self, message: Box<dyn Any + Send>) {
        self.hop.clear();
        self.played = 0;
        self.marks.clear();
        self.synth.recover(message);
    }

    fn make_hop(&mut self) {
        let late = self.converter.latency_samples();
        let ratio = self.converter.ratio();
        let (hop, mark) = self.synth.hop();
        // A full queue loses a latency reading, nothing else.
        if let Some(mark) = mark
            && self.marks.len() < MARKS
        {
            let offset = (mark.delay_samples as f64 * ratio) as u64 + late as u64;
            self.marks.push_back(Mark {
                origin: mark.origin,
                at_frame: self.played_frames + offset,
            });
        }
        self.hop.clear();
        self.hop.extend_from_slice(self.converter.process(hop));
        self.played = 0;
    }
}
