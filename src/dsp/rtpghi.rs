//! Phases from magnitudes: real-time phase gradient heap integration with one frame of look-ahead.
//!
//! Z. Prusa & P. L. Sondergaard, "Real-time spectrogram inversion using phase gradient heap integration", DAFx 2016.
//! For a Gaussian window the phase gradient of an STFT is given by the gradient of its log magnitude; the phase is
//! integrated along the loudest path from the frame before.

use super::Window;
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
    /// Phase advance per hop in radians for one nat per bin.
    time_scale: f32,
    /// Phase step per bin in radians for one nat per hop.
    bin_scale: f32,
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
    heap: BinaryHeap<Candidate>,
    rng: ChaCha8Rng,
    seed: u64,
}

/// A bin whose phase is known, ordered by level.
///
/// One integer: the level's bits (levels above [`LEVEL_SILENT`] are shifted to be positive, and the bits of positive
/// floats are in their order), the bin, and whether it lies in the newer frame.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate(u64);

impl Candidate {
    fn new(level: f32, bin: usize, newer: bool) -> Self {
        let rank = u64::from((level - LEVEL_SILENT).max(0.0).to_bits());
        Self(rank << 32 | (bin as u64) << 1 | u64::from(newer))
    }

    fn bin(self) -> usize {
        (self.0 as u32 >> 1) as usize
    }

    fn is_newer(self) -> bool {
        self.0 & 1 == 1
    }
}

impl Rtpghi {
    /// For spectra of `fft_len` samples under a Blackman window, `hop_len` apart.
    pub fn new(fft_len: usize, hop_len: usize, seed: u64) -> Self {
        let bins = fft_len / 2 + 1;
        let gamma = Window::blackman(fft_len).gamma();
        let (hop, len) = (hop_len as f32, fft_len as f32);
        let silent = || vec![LEVEL_SILENT; bins];
        Self {
            time_scale: hop * len / gamma,
            bin_scale: -gamma / (hop * len),
            // Reduced as integers first, so that high bins are as exact as low ones.
            advance: (0..bins)
                .map(|bin| wrapped(TAU * (bin * hop_len % fft_len) as f32 / len))
                .collect(),
            before: silent(),
            now: silent(),
            ahead: silent(),
            time_gradient_before: vec![0.0; bins],
            time_gradient: vec![0.0; bins],
            bin_gradient: vec![0.0; bins],
            phase: vec![0.0; bins],
            pending: vec![false; bins],
            heap: BinaryHeap::with_capacity(2 * bins),
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

    /// Phase gradients of `now` from its log magnitude.
    fn differentiate(&mut self) {
        let last = self.now.len() - 1;
        for (gradient, around) in self.time_gradient[1..last].iter_mut().zip(self.now.windows(3)) {
            *gradient = self.time_scale * 0.5 * (around[2] - around[0]);
        }
        for ((gradient, ahead), before) in self.bin_gradient.iter_mut().zip(&self.ahead).zip(&self.before) {
            *gradient = self.bin_scale * 0.5 * (ahead - before);
        }
    }

    fn integrate(&mut self) {
        let loudest = self
            .now
            .iter()
            .chain(&self.before)
            .copied()
            .fold(LEVEL_SILENT, f32::max);
        let threshold = (loudest + LOG_TOLERANCE).max(LEVEL_SILENT);
        self.heap.clear();
        for bin in 0..self.now.len() {
            self.pending[bin] = self.now[bin] > threshold;
            if self.pending[bin] {
                self.heap.push(Candidate::new(self.before[bin], bin, false));
            } else {
                let random = (self.rng.next_u32() >> 8) as f32 * (TAU / 16_777_216.0) - PI;
                self.phase[bin] = self.allowed(bin, random);
            }
        }
        while let Some(candidate) = self.heap.pop() {
            let bin = candidate.bin();
            if candidate.is_newer() {
                if bin > 0 && self.pending[bin - 1] {
                    let step = -0.5 * (self.bin_gradient[bin - 1] + self.bin_gradient[bin]);
                    self.reach(bin - 1, self.phase[bin] + step);
                }
                if bin + 1 < self.now.len() && self.pending[bin + 1] {
                    let step = 0.5 * (self.bin_gradient[bin + 1] + self.bin_gradient[bin]);
                    self.reach(bin + 1, self.phase[bin] + step);
                }
            } else if self.pending[bin] {
                let step = 0.5 * (self.time_gradient_before[bin] + self.time_gradient[bin]) + self.advance[bin];
                self.reach(bin, self.phase[bin] + step);
            }
        }
        for phase in &mut self.phase {
            *phase = wrapped(*phase);
        }
    }

    fn reach(&mut self, bin: usize, phase: f32) {
        self.phase[bin] = self.allowed(bin, phase);
        self.pending[bin] = false;
        self.heap.push(Candidate::new(self.now[bin], bin, true));
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
