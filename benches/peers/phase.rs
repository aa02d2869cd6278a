//! Phases from magnitudes in two ways: ours, and the peer it is measured against, fast Griffin-Lim.
//!
//! N. Perraudin, P. Balazs & P. L. Sondergaard, "A fast Griffin-Lim algorithm", WASPAA 2013. Alternating projections
//! between spectrograms of real signals and spectrograms of the given magnitudes, with momentum.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use realfft::num_complex::Complex32;
use songspace::dsp::{OverlapAdd, SpectrumSynth, Stft, Window, render_hops};
use songspace::values::Frames;
use std::f32::consts::TAU;

pub const FFT_LEN: usize = 2048;
pub const HOP_LEN: usize = 256;

/// Magnitudes of the spectra of `samples`, `[frames x bins]`.
pub fn magnitudes(samples: &[f32]) -> Frames {
    let mut stft = Stft::new(FFT_LEN, HOP_LEN);
    let mut frames = Frames::zeros(stft.frames(samples.len()), FFT_LEN / 2 + 1);
    for frame in 0..frames.len() {
        for (magnitude, value) in frames.row_mut(frame).iter_mut().zip(stft.spectrum(samples, frame)) {
            *magnitude = value.norm();
        }
    }
    frames
}

/// `len` samples from `magnitudes` by phase gradient integration.
pub fn integrated(magnitudes: &Frames, len: usize) -> Vec<f32> {
    let full_scale = Window::blackman(FFT_LEN).full_scale();
    let mut synth = SpectrumSynth::new(FFT_LEN, HOP_LEN, 1);
    let mut frames = magnitudes.rows();
    let mut levels = vec![f32::NEG_INFINITY; magnitudes.width()];
    render_hops(len, HOP_LEN, synth.latency_samples(), |out| {
        match frames.next() {
            Some(row) => levels
                .iter_mut()
                .zip(row)
                .for_each(|(level, magnitude)| *level = (magnitude / full_scale).ln()),
            None => levels.fill(f32::NEG_INFINITY),
        }
        synth.push(&levels, out);
    })
}

/// The paper's choice for many iterations.
const MOMENTUM: f32 = 0.99;

/// `len` samples whose spectrogram approaches `magnitudes` `[frames x bins]` (as [`Stft::spectrum`] scales them) after
/// `iterations` rounds from random phases.
pub fn fast_griffin_lim(magnitudes: &Frames, hop_len: usize, len: usize, iterations: usize, seed: u64) -> Vec<f32> {
    let bins = magnitudes.width();
    let fft_len = (bins - 1) * 2;
    let mut stft = Stft::new(fft_len, hop_len);
    let mut overlap = OverlapAdd::new(fft_len, hop_len);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut guess: Vec<Complex32> = magnitudes
        .as_slice()
        .iter()
        .map(|magnitude| Complex32::from_polar(*magnitude, rng.next_u32() as f32 * (TAU / u32::MAX as f32)))
        .collect();
    let mut projected = guess.clone();
    for _ in 0..iterations {
        let samples = invert(&guess, bins, hop_len, len, &mut overlap);
        for (frame, magnitudes) in magnitudes.rows().enumerate() {
            let row = frame * bins..(frame + 1) * bins;
            let consistent = stft.spectrum(&samples, frame);
            let states = guess[row.clone()].iter_mut().zip(&mut projected[row]);
            for (((guess, projected), consistent), magnitude) in states.zip(consistent).zip(magnitudes) {
                let norm = consistent.norm_sqr().max(1e-30).sqrt();
                let next = *consistent * (magnitude / norm);
                *guess = next + (next - *projected) * MOMENTUM;
                *projected = next;
            }
        }
    }
    invert(&projected, bins, hop_len, len, &mut overlap)
}

/// The signal closest to a spectrogram whose frame `k` is centred on sample `k * hop_len`.
fn invert(spectra: &[Complex32], bins: usize, hop_len: usize, len: usize, overlap: &mut OverlapAdd) -> Vec<f32> {
    overlap.reset();
    let mut frames = spectra.chunks_exact(bins);
    let mut spectrum = vec![Complex32::ZERO; bins];
    render_hops(len, hop_len, bins - 1, |out| {
        match frames.next() {
            Some(frame) => spectrum.copy_from_slice(frame),
            None => spectrum.fill(Complex32::ZERO),
        }
        overlap.push(&mut spectrum, out);
    })
}
