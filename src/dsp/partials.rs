//! What a stereo spectrum is made of, for moving it along frequency: partials, the bins that belong to each, how far each turned
//! since the frame before, and the envelope over them.

use super::blackman_lobe::BlackmanLobe;
use super::{angle::angle, ln_all};
use realfft::num_complex::Complex32;
use std::f32::consts::TAU;

/// A partial is the loudest within so many bins to each side where it carries the envelope: 150 Hz.
const ENVELOPE_BINS: usize = 7;
/// A partial that has risen by so much since the frame before is an attack: 12 dB.
const ATTACK: f32 = 1.4;
/// The envelope rises at most so far over the partials that carry it: 4 dB.
const MOST_OVERSHOOT: f32 = 0.46;
/// Powers under this are silence.
const SILENT_POWER: f32 = 1e-20;

/// One partial and its bins.
#[derive(Clone, Copy, Debug, Default)]
pub struct Partial {
    /// The first bin that belongs to it, and the one after the last.
    pub begin: usize,
    pub end: usize,
    /// Its frequency in bins.
    pub place: f32,
    /// How far its phase turned since the frame before, radians within a turn; without meaning where it `is_new`.
    pub turned: f32,
    /// The partial of the frame before that it goes on from.
    pub parent: usize,
    /// Nothing sounded there before.
    pub is_new: bool,
}

/// A stereo spectrum and its partials; never allocates after `new`.
#[derive(Clone)]
pub struct PartialFrame {
    /// `[bins]` left and right, phases relative to the window's centre.
    pub spectrum: [Vec<Complex32>; 2],
    partials: Vec<Partial>,
    peaks: Vec<Peak>,
    /// Those that carry the envelope.
    carriers: Vec<Peak>,
    /// Which partial every bin belongs to.
    of_bin: Vec<u16>,
    /// Natural-log amplitudes of both channels together.
    levels: Vec<f32>,
    envelope: Vec<f32>,
    is_mono: bool,
}

#[derive(Clone, Copy, Debug)]
struct Peak {
    bin: usize,
    place: f32,
    level: f32,
}

impl PartialFrame {
    /// Silence of `bins` bins.
    pub fn new(bins: usize) -> Self {
        Self {
            spectrum: [vec![Complex32::ZERO; bins], vec![Complex32::ZERO; bins]],
            partials: Vec::with_capacity(bins / 2 + 1),
            peaks: Vec::with_capacity(bins / 2 + 1),
            carriers: Vec::with_capacity(bins / ENVELOPE_BINS + 2),
            of_bin: vec![0; bins],
            levels: vec![0.0; bins],
            envelope: vec![0.0; bins],
            is_mono: true,
        }
    }

    /// Forgets what it held.
    pub fn silence(&mut self) {
        self.partials.clear();
        self.peaks.clear();
        self.of_bin.fill(0);
        self.is_mono = true;
    }

    /// Its partials, from low to high; none in silence.
    pub fn partials(&self) -> &[Partial] {
        &self.partials
    }

    /// Whether both channels are the same.
    pub fn is_mono(&self) -> bool {
        self.is_mono
    }

    /// Natural-log amplitude of the envelope at `place` bins.
    pub fn envelope_at(&self, place: f32) -> f32 {
        let last = self.envelope.len() - 1;
        let place = place.clamp(0.0, last as f32);
        let below = (place as usize).min(last - 1);
        self.envelope[below] + (place - below as f32) * (self.envelope[below + 1] - self.envelope[below])
    }

    /// Finds the partials of its spectrum, which goes on from that of `before`. `hop_turn` is what a partial at bin 1 turns by
    /// from frame to frame; where the sound runs at its own pace, frequencies are read from the phases.
    pub fn analyse(&mut self, before: &Self, lobe: &BlackmanLobe, hop_turn: f32, at_own_pace: bool) {
        self.measure();
        self.find_peaks(lobe);
        self.part(before, hop_turn, at_own_pace);
        self.lay_envelope();
    }

    fn measure(&mut self) {
        let [left, right] = &self.spectrum;
        let mut apart = 0.0;
        for ((level, left), right) in self.levels.iter_mut().zip(left).zip(right) {
            let power = left.norm_sqr() + right.norm_sqr();
            apart += (left - right).norm_sqr();
            *level = if power.is_finite() {
                power.max(SILENT_POWER)
            } else {
                SILENT_POWER
            };
        }
        self.is_mono = apart <= 0.0;
        ln_all(&mut self.levels);
        self.levels.iter_mut().for_each(|level| *level *= 0.5);
    }

    fn find_peaks(&mut self, lobe: &BlackmanLobe) {
        self.peaks.clear();
        let floor = 0.5 * SILENT_POWER.ln() + 1.0;
        for (below, around) in self.levels.windows(3).enumerate() {
            let [low, here, high] = [around[0], around[1], around[2]];
            if here > floor && here > low && here >= high {
                let offset = lobe.offset(high - low);
                self.peaks.push(Peak {
                    bin: below + 1,
                    place: (below + 1) as f32 + offset,
                    level: here + lobe.scalloped(offset),
                });
            }
        }
    }

    /// Every bin to the peak on its side of the valley between two.
    fn part(&mut self, before: &Self, hop_turn: f32, at_own_pace: bool) {
        self.partials.clear();
        let bins = self.levels.len();
        let mut begin = 0;
        for index in 0..self.peaks.len() {
            let peak = self.peaks[index];
            let end = match self.peaks.get(index + 1) {
                None => bins,
                Some(next) => {
                    let valley = (peak.bin..=next.bin).min_by(|a, b| self.levels[*a].total_cmp(&self.levels[*b]));
                    valley.unwrap_or(next.bin).max(peak.bin + 1)
                }
            };
            let mut partial = Partial {
                begin,
                end,
                place: peak.place,
                turned: peak.place * hop_turn,
                parent: 0,
                is_new: true,
            };
            let parent = usize::from(before.of_bin[peak.bin]);
            if let Some(old) = before.peaks.get(parent)
                && peak.level - before.levels[peak.bin].max(before.levels[old.bin]) < ATTACK
            {
                partial.is_new = false;
                partial.parent = parent;
                let channel =
                    usize::from(self.spectrum[1][peak.bin].norm_sqr() > self.spectrum[0][peak.bin].norm_sqr());
                let step = self.spectrum[channel][peak.bin] * before.spectrum[channel][old.bin].conj();
                let own = if step.norm_sqr() > f32::MIN_POSITIVE {
                    angle(step)
                } else {
                    0.0
                };
                partial.turned = own;
                if at_own_pace {
                    let beside = own - peak.place * hop_turn;
                    partial.place += (beside - TAU * (beside / TAU).round()) / hop_turn;
                }
            }
            self.of_bin[begin..end].fill(index as u16);
            self.partials.push(partial);
            begin = end;
        }
        if self.peaks.is_empty() {
            self.of_bin.fill(0);
        }
    }

    /// A smooth line, in nats, through the partials that stand out: a cubic whose slope at each is that of the parabola through it
    /// and its neighbours.
    fn lay_envelope(&mut self) {
        self.carriers.clear();
        for (index, own) in self.peaks.iter().enumerate() {
            let beside = |other: &&Peak| other.bin.abs_diff(own.bin) <= ENVELOPE_BINS;
            let below = self.peaks[..index].iter().rev().take_while(beside);
            let above = self.peaks[index + 1..].iter().take_while(beside);
            if below.chain(above).all(|other| other.level <= own.level) {
                self.carriers.push(*own);
            }
        }
        let (Some(first), Some(last)) = (self.carriers.first(), self.carriers.last()) else {
            self.envelope.fill(0.0);
            return;
        };
        self.envelope[..=first.bin].fill(first.level);
        self.envelope[last.bin..].fill(last.level);
        let rise = |a: &Peak, b: &Peak| (b.level - a.level) / (b.place - a.place).max(1.0);
        for (index, pair) in self.carriers.windows(2).enumerate() {
            let (low, high) = (pair[0], pair[1]);
            let (width, own) = ((high.place - low.place).max(1.0), rise(&low, &high));
            // Between this interval and the one beside it, each weighed by the other's width.
            let slope = |beside: Option<(&Peak, &Peak)>| {
                let slope = beside.map_or(own, |(a, b)| {
                    let reach = (b.place - a.place).max(1.0);
                    (rise(a, b) * width + own * reach) / (width + reach)
                });
                slope * width
            };
            let before = index.checked_sub(1).and_then(|before| self.carriers.get(before));
            let from = slope(before.map(|before| (before, &low)));
            let to = slope(self.carriers.get(index + 2).map(|after| (&high, after)));
            let most = low.level.max(high.level) + MOST_OVERSHOOT;
            for bin in low.bin..=high.bin {
                let t = ((bin as f32 - low.place) / width).clamp(0.0, 1.0);
                let (square, cube) = (t * t, t * t * t);
                let level = (2.0 * cube - 3.0 * square + 1.0) * low.level
                    + (cube - 2.0 * square + t) * from
                    + (3.0 * square - 2.0 * cube) * high.level
                    + (cube - square) * to;
                self.envelope[bin] = level.min(most);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::Stft;

    const LEN: usize = 2_048;
    const HOP: usize = 256;

    /// Frames of `wave`, a hop apart.
    fn frames(count: usize, wave: impl Fn(usize) -> f32) -> Vec<PartialFrame> {
        let samples: Vec<f32> = (0..LEN + count * HOP).map(wave).collect();
        let mut stft = Stft::new(LEN, HOP);
        let lobe = BlackmanLobe::new(LEN);
        let mut frames: Vec<PartialFrame> = vec![PartialFrame::new(LEN / 2 + 1)];
        for index in 0..count {
            let mut frame = PartialFrame::new(LEN / 2 + 1);
            let spectrum = stft.spectrum_around(&samples, LEN / 2 + index * HOP);
            frame.spectrum[0].copy_from_slice(spectrum);
            frame.spectrum[1].copy_from_slice(spectrum);
            let before = &frames[frames.len() - 1];
            frame.analyse(before, &lobe, TAU * HOP as f32 / LEN as f32, true);
            frames.push(frame);
        }
        frames
    }

    #[test]
    fn harmonics_are_found_at_their_frequencies_and_carry_the_envelope() {
        // 10.3 bins apart, falling by 0.3 nats each.
        let own = |number: usize| 0.3 * (-0.3 * number as f32).exp();
        let wave = |i: usize| {
            let one = |number: usize| {
                let turn = std::f64::consts::TAU * 10.3 * number as f64 / LEN as f64 * i as f64;
                own(number) * turn.sin() as f32
            };
            (1..=12).map(one).sum::<f32>()
        };
        let frames = frames(4, wave);
        let last = &frames[4];
        for number in 1..=12 {
            let place = 10.3 * number as f32;
            let near = last
                .partials()
                .iter()
                .find(|partial| (partial.place - place).abs() < 0.5);
            let found = near.unwrap_or_else(|| panic!("no partial at {place}")).place;
            assert!((found - place).abs() < 2e-3, "{found} instead of {place}");
            let level = last.envelope_at(place) - last.envelope_at(10.3);
            let wanted = -0.3 * (number - 1) as f32;
            assert!(
                (level - wanted).abs() < 0.03,
                "{number}: {level} instead of {wanted} nats"
            );
        }
    }

    #[test]
    fn silence_and_what_is_no_number_have_no_partials() {
        for wave in [0.0, f32::NAN] {
            let frames = frames(2, |_| wave);
            assert!(frames[2].partials().is_empty());
            assert!(frames[2].envelope_at(100.0).is_finite());
        }
    }

    #[test]
    fn an_attack_is_new_and_what_goes_on_is_not() {
        let frames = frames(24, |i| if i < 4_096 { 0.0 } else { (i as f32 * 0.2).sin() });
        let new = |frame: &PartialFrame| {
            frame
                .partials()
                .iter()
                .any(|partial| partial.is_new && partial.place < 100.0)
        };
        assert!(frames[1..].iter().any(new), "the attack is missed");
        let steady = frames[22]
            .partials()
            .iter()
            .find(|partial| (partial.place - 65.19).abs() < 0.2);
        assert!(steady.is_some_and(|partial| !partial.is_new), "{steady:?}");
    }
}
