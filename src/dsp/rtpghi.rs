//! Phases from magnitudes: real-time phase gradient heap integration with one frame of look-ahead.
//!
//! Z. Prusa & P. L. Sondergaard, "Real-time spectrogram inversion using phase gradient heap integration", DAFx 2016.
//! For a Gaussian window the phase gradient of an STFT is given by the gradient of its log magnitude; the phase is
//! integrated along the loudest path from the frame before.

use super::Window;
use super::phase_gradient::Lobe;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::BinaryHeap;
use std::f32::consts::{PI, TAU};

/// Bins this far under the loudest bin of two frames get a random phase: `ln(1e-4)`, -80 dB.
const LOG_TOLERANCE: f32 = -9.210_34;

/// Levels under this count as nothing at all, so that every level is a finite number to take differences of.
pub const LEVEL_SILENT: f32 = -16.0;

/// The integrator; holds three frames of levels and the phases of the newest finished frame. Never allocates after `new`.
pub struct Rtpghi {
    sine: Lobe,
    impulse: Lobe,
    /// Phase advance of every bin's centre frequency per hop, wrapped.
    advance: Vec<f32>,
    before: Vec<f32>,
    now: Vec<f32>,
    ahead: Vec<f32>,
    /// Time gradient of the phase of `before` and of `now`, without the bin's own advance.
    time_gradient_before: Vec<f32>,
    time_gradient: Vec<f32>,
    bin_gradient: Vec<f32>,
    /// Phases of `before`, replaced bin by bin by those of `now`.
    phase: Vec<f32>,
    pending: Vec<bool>,
    /// Bins of `before`, loudest first, and bins of `now` whose neighbours may still be pending. Two queues instead of
    /// one heap: the first is sorted once, which leaves the heap small.
    earlier: Vec<Candidate>,
    frontier: BinaryHeap<Candidate>,
    rng: ChaCha8Rng,
    seed: u64,
}

/// A bin whose phase is known, ordered by level.
///
/// One integer: the level's bits (levels above [`LEVEL_SILENT`] are shifted to be positive, and the bits of positive
/// floats are in their order) above the bin.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate(u64);

impl Candidate {
    fn new(level: f32, bin: usize) -> Self {
        let rank = u64::from((level - LEVEL_SILENT).max(0.0).to_bits());
        Self(rank << 32 | bin as u64)
    }

    fn bin(self) -> usize {
        self.0 as u32 as usize
    }
}

impl Rtpghi {
    /// For spectra of `fft_len` samples under a Blackman window, `hop_len` apart.
    pub fn new(fft_len: usize, hop_len: usize, seed: u64) -> Self {
        let bins = fft_len / 2 + 1;
        let gamma = Window::blackman(fft_len).gamma();
        let silent = || vec![LEVEL_SILENT; bins];
        Self {
            sine: Lobe::of_sine(fft_len, hop_len, gamma),
            impulse: Lobe::of_impulse(fft_len, hop_len, gamma),
            // Reduced as integers first, so that high bins are as exact as low ones.
            advance: (0..bins)
                .map(|bin| wrapped(TAU * (bin * hop_len % fft_len) as f32 / fft_len as f32))
                .collect(),
            before: silent(),
            now: silent(),
            ahead: silent(),
            time_gradient_before: vec![0.0; bins],
            time_gradient: vec![0.0; bins],
            bin_gradient: vec![0.0; bins],
            phase: vec![0.0; bins],
            pending: vec![false; bins],
            earlier: Vec::with_capacity(bins),
            frontier: BinaryHeap::with_capacity(bins),
            rng: ChaCha8Rng::seed_from_u64(seed),
            seed,
        }
    }

    /// Forgets all frames: the next ones follow silence.
    pub fn reset(&mut self) {
        for levels in [&mut self.before, &mut self.now, &mut self.ahead] {
            levels.fill(LEVEL_SILENT);
        }
        self.time_gradient_before.fill(0.0);
        self.time_gradient.fill(0.0);
        self.phase.fill(0.0);
        self.rng = ChaCha8Rng::seed_from_u64(self.seed);
    }

    /// Takes the levels `[bins]` of the frame ahead and finds the phases of the frame before it, which
    /// [`levels`](Self::levels) and [`phases`](Self::phases) then hold.
    pub fn push(&mut self, ahead: &[f32]) {
        std::mem::swap(&mut self.before, &mut self.now);
        std::mem::swap(&mut self.now, &mut self.ahead);
        std::mem::swap(&mut self.time_gradient_before, &mut self.time_gradient);
        for (own, level) in self.ahead.iter_mut().zip(ahead) {
            *own = if level.is_finite() {
                level.max(LEVEL_SILENT)
            } else {
                LEVEL_SILENT
            };
        }
        self.differentiate();
        self.integrate();
    }

    /// Levels of the frame whose phases are known.
    pub fn levels(&self) -> &[f32] {
        &self.now
    }

    /// Phases of that frame in radians, relative to the centre of its window.
    pub fn phases(&self) -> &[f32] {
        &self.phase
    }

    /// The same, to be corrected before the next frame continues from them.
    pub fn phases_mut(&mut self) -> &mut [f32] {
        &mut self.phase
    }

    /// Phase gradients of `now` from its log magnitude.
    fn differentiate(&mut self) {
        let last = self.now.len() - 1;
        for (gradient, around) in self.time_gradient[1..last].iter_mut().zip(self.now.windows(3)) {
            *gradient = self.sine.gradient(around[2] - around[0]);
        }
        for ((gradient, ahead), before) in self.bin_gradient.iter_mut().zip(&self.ahead).zip(&self.before) {
            *gradient = self.impulse.gradient(ahead - before);
        }
    }

    fn integrate(&mut self) {
        self.sort_bins();
        let mut earlier = 0;
        loop {
            while self
                .earlier
                .get(earlier)
                .is_some_and(|candidate| !self.pending[candidate.bin()])
            {
                earlier += 1;
            }
            let along = self.earlier.get(earlier).copied();
            match (along, self.frontier.peek().copied()) {
                (Some(along), across) if across.is_none_or(|across| along > across) => self.step_in_time(along.bin()),
                (None, _) => break,
                (Some(_), _) => {
                    if let Some(across) = self.frontier.pop() {
                        self.step_in_frequency(across.bin());
                    }
                }
            }
        }
        for phase in &mut self.phase {
            *phase = wrapped(*phase);
        }
    }

    /// Finds the bins that are heard, queues them by their level a frame ago, and gives the others any phase.
    fn sort_bins(&mut self) {
        let loudest = self
            .now
            .iter()
            .chain(&self.before)
            .copied()
            .fold(LEVEL_SILENT, f32::max);
        let threshold = (loudest + LOG_TOLERANCE).max(LEVEL_SILENT);
        self.frontier.clear();
        self.earlier.clear();
        for bin in 0..self.now.len() {
            self.pending[bin] = self.now[bin] > threshold;
            if self.pending[bin] {
                self.earlier.push(Candidate::new(self.before[bin], bin));
            } else {
                let random = (self.rng.next_u32() >> 8) as f32 * (TAU / 16_777_216.0) - PI;
                self.phase[bin] = self.allowed(bin, random);
            }
        }
        self.earlier.sort_unstable_by(|a, b| b.cmp(a));
    }

    fn step_in_time(&mut self, bin: usize) {
        let step = 0.5 * (self.time_gradient_before[bin] + self.time_gradient[bin]) + self.advance[bin];
        self.reach(bin, self.phase[bin] + step);
    }

    fn step_in_frequency(&mut self, bin: usize) {
        if bin > 0 && self.pending[bin - 1] {
            let step = 0.5 * (self.bin_gradient[bin - 1] + self.bin_gradient[bin]);
            self.reach(bin - 1, self.phase[bin] - step);
        }
        if bin + 1 < self.now.len() && self.pending[bin + 1] {
            let step = 0.5 * (self.bin_gradient[bin + 1] + self.bin_gradient[bin]);
            self.reach(bin + 1, self.phase[bin] + step);
        }
    }

    fn reach(&mut self, bin: usize, phase: f32) {
        self.phase[bin] = self.allowed(bin, phase);
        self.pending[bin] = false;
        self.frontier.push(Candidate::new(self.now[bin], bin));
    }

    /// The spectrum of a real signal is real at DC and at Nyquist: 0 or pi, whichever is nearer.
    fn allowed(&self, bin: usize, phase: f32) -> f32 {
        if bin > 0 && bin + 1 < self.phase.len() {
            phase
        } else if phase.cos() < 0.0 {
            PI
        } else {
            0.0
        }
    }
}

/// The same angle in -pi..=pi.
fn wrapped(phase: f32) -> f32 {
    phase - TAU * (phase / TAU).round()
}
