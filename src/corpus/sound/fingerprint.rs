//! A fingerprint that survives re-encoding: is this the same recording as that?
//!
//! Haitsma & Kalker, "A highly robust audio fingerprinting system" (ISMIR 2002): 33 bands; bit `m`
//! of frame `n` is the sign of the change, from an earlier frame, of the energy difference between neighbouring bands.
//! Coarser here (46 ms instead of 11.6): files are compared from their beginnings on, not snippets; and higher (400 to
//! 3,200 instead of 300 to 2,000 Hz), because the spectra are coarser too and no telephone lies between.

use super::bands::{band_power, octave_bands};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::ops::Range;

const BANDS: usize = 33;
const LOWEST_HZ: f32 = 400.0;
const HIGHEST_HZ: f32 = 3_200.0;
/// Coarse spectra summed under one fingerprint frame, for robustness.
const SUMMED: usize = 8;
/// Coarse spectra from one fingerprint frame to the next.
const STEP: usize = 2;
/// Fingerprint frames over which the change is looked at: encoders delay their files by up to half a frame, and a slower
/// change survives that (worst case of songs as MP3 against Vorbis: 20 % of the bits instead of 27 %).
const CHANGE: usize = 2;
/// Seconds that are fingerprinted at most.
const LONGEST_SECS: f32 = 120.0;
/// Shared seconds that a comparison needs.
const SHORTEST_SECS: f32 = 2.0;
/// Share of differing bits under which two recordings are one; independent music differs in half of them.
const SAME_BELOW: f32 = 0.28;

/// One 32-bit word per 46 ms (at 44.1 kHz).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// One bit per pair of neighbouring bands; covers the first two minutes at most.
    pub words: Vec<u32>,
    /// About 21.5 at 44.1 kHz; 0 when nothing was measured.
    pub words_per_sec: f32,
}

/// How well two fingerprints agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Share of bits that differ.
    pub bit_error: f32,
    /// Seconds that both have.
    pub shared_secs: f32,
}

impl Fingerprint {
    /// Compares with `other` shifted by `offset` words (positive: `other` begins later); `None` when they share too
    /// little, or are not the same recording.
    pub fn same_recording(&self, other: &Self, offset: i64) -> Option<Match> {
        let skip = |by: i64| usize::try_from(by.max(0)).unwrap_or(usize::MAX);
        let mine = self.words.get(skip(offset)..)?;
        let theirs = other.words.get(skip(-offset)..)?;
        let shared = mine.len().min(theirs.len());
        let shared_secs = shared as f32 / self.words_per_sec.max(1e-3);
        let bits: u32 = mine.iter().zip(theirs).map(|(a, b)| (a ^ b).count_ones()).sum();
        let bit_error = bits as f32 / (shared * 32).max(1) as f32;
        (shared_secs >= SHORTEST_SECS && bit_error < SAME_BELOW).then_some(Match { bit_error, shared_secs })
    }
}

pub(super) struct Builder {
    bands: Vec<Range<usize>>,
    /// The newest band energies, as a ring.
    recent: Vec<Vec<f32>>,
    seen: usize,
    /// Energies of the last fingerprint frames, oldest first.
    before: VecDeque<Vec<f32>>,
    longest: usize,
    fingerprint: Fingerprint,
}

impl Builder {
    pub(super) fn new(bin_hz: f32, frame_rate_hz: f32) -> Self {
        let words_per_sec = frame_rate_hz / STEP as f32;
        Self {
            bands: octave_bands(BANDS, LOWEST_HZ, HIGHEST_HZ, bin_hz),
            recent: vec![Vec::new(); SUMMED],
            seen: 0,
            before: VecDeque::with_capacity(CHANGE),
            longest: (LONGEST_SECS * words_per_sec) as usize,
            fingerprint: Fingerprint {
                words: Vec::new(),
                words_per_sec,
            },
        }
    }

    pub(super) fn push(&mut self, power: &[f32]) {
        band_power(power, &self.bands, &mut self.recent[self.seen % SUMMED]);
        self.seen += 1;
        if self.seen < SUMMED || !self.seen.is_multiple_of(STEP) || self.fingerprint.words.len() >= self.longest {
            return;
        }
        let energy: Vec<f32> = (0..BANDS)
            .map(|band| self.recent.iter().map(|frame| frame[band]).sum())
            .collect();
        if self.before.len() == CHANGE
            && let Some(before) = self.before.pop_front()
        {
            let slope = |energy: &[f32], band: usize| energy[band] - energy[band + 1];
            let bit = |band: usize| u32::from(slope(&energy, band) > slope(&before, band));
            self.fingerprint
                .words
                .push((0..BANDS - 1).fold(0, |word, band| word << 1 | bit(band)));
        }
        self.before.push_back(energy);
    }

    pub(super) fn finish(self) -> Fingerprint {
        self.fingerprint
    }
}
