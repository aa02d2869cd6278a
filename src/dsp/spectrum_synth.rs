//! Levels of bins in, samples out: phases, polar to Cartesian, overlap-add.

use super::angle::angle;
use super::rtpghi::LEVEL_SILENT;
use super::{OverlapAdd, Rtpghi, Window};
use realfft::num_complex::Complex32;

/// A value this small has no direction worth keeping.
const SMALLEST_NORM: f32 = 1e-12;

/// Finds the phases of one spectrum after the other and adds them up; never allocates after `new`.
pub struct SpectrumSynth {
    hop_len: usize,
    phases: Rtpghi,
    overlap: OverlapAdd,
    full_scale: f32,
    amplitudes: Vec<f32>,
    spectrum: Vec<Complex32>,
}

impl SpectrumSynth {
    /// For spectra of `fft_len` samples, `hop_len` apart; `seed` draws the phases of inaudible bins.
    pub fn new(fft_len: usize, hop_len: usize, seed: u64) -> Self {
        Self {
            hop_len,
            phases: Rtpghi::new(fft_len, hop_len, seed),
            overlap: OverlapAdd::new(fft_len, hop_len),
            full_scale: Window::blackman(fft_len).full_scale(),
            amplitudes: vec![0.0; fft_len / 2 + 1],
            spectrum: vec![Complex32::ZERO; fft_len / 2 + 1],
        }
    }

    /// Pushes the natural-log amplitudes `[bins]` of the next frame and writes `hop_len` samples of the finished signal.
    ///
    /// The integrated phases are reconciled once with the sound so far. On true spectra of ten songs that came 1.8 dB
    /// closer, on spectra from bands 1.5 dB (a second time gained 0.1 dB).
    pub fn push(&mut self, levels: &[f32], out: &mut [f32]) {
        self.phases.push(levels);
        let polar = self.phases.levels().iter().zip(self.phases.phases());
        for ((value, amplitude), (level, phase)) in self.spectrum.iter_mut().zip(&mut self.amplitudes).zip(polar) {
            *amplitude = if *level > LEVEL_SILENT {
                self.full_scale * level.exp()
            } else {
                0.0
            };
            *value = Complex32::from_polar(*amplitude, *phase);
        }
        self.overlap.reconcile(&mut self.spectrum);
        let known = self.amplitudes.iter().zip(self.phases.phases_mut());
        for (value, (amplitude, phase)) in self.spectrum.iter_mut().zip(known) {
            let norm = value.norm();
            if norm > SMALLEST_NORM {
                *phase = angle(*value);
                *value *= amplitude / norm;
            } else {
                *value = Complex32::from_polar(*amplitude, *phase);
            }
        }
        self.overlap.push(&mut self.spectrum, out);
    }

    /// Adds the spectrum `[bins]` of the frame that was added up last, times `gain`, to `sum`.
    pub fn add_spectrum_to(&self, gain: f32, sum: &mut [Complex32]) {
        let polar = self.amplitudes.iter().zip(self.phases.phases());
        for (sum, (amplitude, phase)) in sum.iter_mut().zip(polar) {
            if *amplitude > 0.0 {
                *sum += Complex32::from_polar(gain * amplitude, *phase);
            }
        }
    }

    /// Phases `[bins]` in radians, relative to the centre of its window, of the frame before the one pushed last: the frame
    /// that was added up last.
    pub fn phases(&self) -> &[f32] {
        self.phases.phases()
    }

    /// The same, to be replaced: the next frame goes on from them.
    pub fn phases_mut(&mut self) -> &mut [f32] {
        self.phases.phases_mut()
    }

    /// How long after the start of the output the centre of the first frame sounds: one hop of look-ahead and half a
    /// window.
    pub fn latency_samples(&self) -> usize {
        self.hop_len + (self.spectrum.len() - 1)
    }

    /// Back to the silence and the random numbers of the beginning.
    pub fn reset(&mut self) {
        self.phases.reset();
        self.overlap.reset();
    }
}

/// `len` samples of a voice that writes one hop per call and runs `latency` samples late, with the delay taken out.
pub fn render_hops(len: usize, hop_len: usize, latency: usize, mut next_hop: impl FnMut(&mut [f32])) -> Vec<f32> {
    let mut samples = vec![0.0; (len + latency).next_multiple_of(hop_len)];
    samples.chunks_exact_mut(hop_len).for_each(&mut next_hop);
    samples.drain(..latency);
    samples.truncate(len);
    samples
}
