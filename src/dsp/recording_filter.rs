//! A recording's own spectra, filtered by what the model decodes: both channels in, both channels out, one hop at a time.
//!
//! Filtering what is there by the *difference* of two decoded sounds instead of voicing the decoded sound keeps everything
//! that no latent holds: stereo, phases, transients (spectral-differential filtering: K. Kobayashi et al., Interspeech 2014,
//! "Statistical singing voice conversion with direct waveform modification based on the spectrum differential").
//! Where the recording is played at its own pace its own phases are used; otherwise they are tracked on its magnitudes by phase
//! gradient heap integration (see [`Rtpghi`](super::Rtpghi)), and what lies between the channels is kept (after Z. Prusa &
//! N. Holighaus, "Phase vocoder done right", EUSIPCO 2017).

use super::angle::angle;
use super::rtpghi::LEVEL_SILENT;
use super::{BandAxis, OverlapAdd, SpectrumSynth, Stft, Window, ln_all};
use realfft::num_complex::Complex32;

/// Strongest filter in nats: 18 dB. More would lift what is mere noise in the recording.
pub const GAIN_LIMIT: f32 = 2.072_3;
/// As much more may a filter raise or lower all of a sound, to make it as loud as others: 16 dB.
const MOST_RAISE: f32 = 1.842_1;
/// Hops over which tracked phases give way to the recording's own.
const RETURN_HOPS: u8 = 8;
/// A value this small has no direction worth keeping.
const SMALLEST_POWER: f32 = 1e-24;
/// Of the reference's energy, what stays from one hop to the next: it forgets within a second.
const ENERGY_KEPT: f32 = 0.995;

type Stereo<T> = [Vec<T>; 2];

/// Filters one frame after the other; never allocates after `new`, and whatever it is fed, its output is finite.
pub struct RecordingFilter {
    axis: BandAxis,
    stft: Stft,
    full_scale: f32,
    overlaps: [OverlapAdd; 2],
    gains: Vec<f32>,
    /// The frame being put together, and the one before it, which is finished next.
    ahead: Stereo<Complex32>,
    now: Stereo<Complex32>,
    /// Whether anything was laid into `ahead`.
    has_wave: bool,
    levels: Vec<f32>,
    tracker: SpectrumSynth,
    unheard: Vec<f32>,
    /// How far the phases are tracked (`RETURN_HOPS`) or the recording's own (0).
    tracked_hops: u8,
    reference: Reference,
    wave: Vec<f32>,
}

/// The mix of both channels whose phases are tracked.
#[derive(Default)]
struct Reference {
    side_leads: bool,
    mid: f32,
    side: f32,
}

impl RecordingFilter {
    /// A silent filter for frames of `axis`; `seed` draws the phases of inaudible bins where they are tracked.
    pub fn new(axis: BandAxis, seed: u64) -> Self {
        let (fft_len, hop_len, bins) = (axis.fft_len(), axis.hop_len(), axis.bins());
        let spectra = || [vec![Complex32::ZERO; bins], vec![Complex32::ZERO; bins]];
        Self {
            stft: Stft::new(fft_len, hop_len),
            full_scale: Window::blackman(fft_len).full_scale(),
            overlaps: [OverlapAdd::new(fft_len, hop_len), OverlapAdd::new(fft_len, hop_len)],
            gains: vec![0.0; bins],
            ahead: spectra(),
            now: spectra(),
            has_wave: false,
            levels: vec![LEVEL_SILENT; bins],
            tracker: SpectrumSynth::new(fft_len, hop_len, seed),
            unheard: vec![0.0; hop_len],
            tracked_hops: 0,
            reference: Reference::default(),
            wave: vec![0.0; hop_len],
            axis,
        }
    }

    /// How long after the start of the output the centre of the first frame sounds: as a [`FrameSynth`](super::FrameSynth).
    pub fn latency_samples(&self) -> usize {
        self.tracker.latency_samples()
    }

    /// Begins the next frame, with silence in it.
    pub fn begin(&mut self) {
        std::mem::swap(&mut self.now, &mut self.ahead);
        self.ahead
            .iter_mut()
            .for_each(|spectrum| spectrum.fill(Complex32::ZERO));
        self.has_wave = false;
    }

    /// Lays a wave over what is in the frame already: `window` is `[fft_len]` of both channels, `gain` the filter in nats
    /// `[bands]`, pulled into ±([`GAIN_LIMIT`] and what
    /// matching loudness may add). `cover` (0..=1) fades from what is beneath to it at equal power; the first wave of
    /// a frame is there in full.
    pub fn lay(&mut self, window: &[Vec<f32>; 2], gain: Option<&[f32]>, cover: f32) {
        let (above, below) = if self.has_wave {
            (std::f32::consts::FRAC_PI_2 * cover.clamp(0.0, 1.0)).sin_cos()
        } else {
            (1.0, 0.0)
        };
        self.has_wave = true;
        if let Some(gain) = gain {
            let beyond = gain.last().copied().unwrap_or(0.0);
            self.axis.bins_from_bands(gain, beyond, &mut self.gains);
            for gain in &mut self.gains {
                let bounded = gain.clamp(-GAIN_LIMIT - MOST_RAISE, GAIN_LIMIT + MOST_RAISE);
                *gain = if bounded.is_finite() { bounded.exp() } else { 1.0 };
            }
        } else {
            self.gains.fill(1.0);
        }
        let centre = window[0].len() / 2;
        for (window, sum) in window.iter().zip(&mut self.ahead) {
            let spectrum = self.stft.spectrum_around(window, centre);
            for ((sum, value), gain) in sum.iter_mut().zip(spectrum).zip(&self.gains) {
                *sum = *sum * below.max(0.0) + *value * (above * gain);
            }
        }
    }

    /// Mixes the frame with the levels `[bins]` that the model would voice: log amplitudes `detail` (0..=1) of the way from the
    /// model's to the recording's, with the recording's phases.
    pub fn blend(&mut self, model_levels: &[f32], detail: f32) {
        for spectrum in &mut self.ahead {
            levels_of(spectrum, self.full_scale, &mut self.levels);
            let bins = spectrum.iter_mut().zip(&self.levels).zip(model_levels);
            for ((value, own), model) in bins {
                let level = model + detail * (own - model);
                let amplitude = if level > LEVEL_SILENT {
                    self.full_scale * level.exp()
                } else {
                    0.0
                };
                *value = direction(*value) * amplitude;
            }
        }
    }

    /// The frame being put together, `[bins]` of both channels.
    pub fn frame(&self) -> &[Vec<Complex32>; 2] {
        &self.ahead
    }

    /// Ends the frame and writes the next hop of the finished sound. `at_own_pace` says that the recording runs at its own speed,
    /// so that its own phases fit together.
    pub fn finish(&mut self, at_own_pace: bool, out: &mut [[f32; 2]]) {
        if at_own_pace {
            self.tracked_hops = self.tracked_hops.saturating_sub(1);
        }
        if !at_own_pace || self.tracked_hops > 0 {
            self.track(at_own_pace);
        }
        for (channel, (spectrum, overlap)) in self.now.iter_mut().zip(&mut self.overlaps).enumerate() {
            overlap.push(spectrum, &mut self.wave);
            for (frame, sample) in out.iter_mut().zip(&self.wave) {
                frame[channel] = if sample.is_finite() { *sample } else { 0.0 };
            }
        }
    }

    /// Back to the silence of the beginning.
    pub fn reset(&mut self) {
        for spectrum in self.ahead.iter_mut().chain(&mut self.now) {
            spectrum.fill(Complex32::ZERO);
        }
        self.overlaps.iter_mut().for_each(OverlapAdd::reset);
        self.tracked_hops = 0;
        self.reference = Reference::default();
    }

    /// Turns the phases of the frame that is finished to those tracked since the recording left its own pace; both channels by
    /// the same angle.
    fn track(&mut self, at_own_pace: bool) {
        self.reference.listen(&self.now);
        if !at_own_pace && self.tracked_hops == 0 {
            self.begin_tracking();
            return;
        }
        if !at_own_pace {
            self.tracked_hops = RETURN_HOPS;
        }
        self.reference_levels(Frame::Ahead);
        self.tracker.push(&self.levels, &mut self.unheard);
        let share = f32::from(self.tracked_hops) / f32::from(RETURN_HOPS);
        let [left, right] = &mut self.now;
        for ((left, right), phase) in left.iter_mut().zip(right).zip(self.tracker.phases()) {
            let reference = direction(self.reference.of(*left, *right));
            let turn = Complex32::from_polar(1.0, *phase) * reference.conj();
            let turn = direction(Complex32::new(1.0 - share, 0.0) + turn * share);
            *left *= turn;
            *right *= turn;
        }
    }

    /// From the phases that the recording has now, the tracked ones go on.
    fn begin_tracking(&mut self) {
        self.tracked_hops = RETURN_HOPS;
        self.tracker.reset();
        for frame in [Frame::Now, Frame::Ahead] {
            self.reference_levels(frame);
            self.tracker.push(&self.levels, &mut self.unheard);
        }
        let [left, right] = &self.now;
        for ((phase, left), right) in self.tracker.phases_mut().iter_mut().zip(left).zip(right) {
            let reference = self.reference.of(*left, *right);
            if reference.norm_sqr() > SMALLEST_POWER {
                *phase = angle(reference);
            }
        }
    }

    /// Levels of both channels together.
    fn reference_levels(&mut self, frame: Frame) {
        let [left, right] = match frame {
            Frame::Now => &self.now,
            Frame::Ahead => &self.ahead,
        };
        let scale = 0.5 * self.full_scale.powi(-2);
        for ((level, left), right) in self.levels.iter_mut().zip(left).zip(right) {
            *level = ((left.norm_sqr() + right.norm_sqr()) * scale).max(f32::MIN_POSITIVE);
        }
        halve_logarithms(&mut self.levels);
    }
}

#[derive(Clone, Copy)]
enum Frame {
    Now,
    Ahead,
}

impl Reference {
    /// Chooses the louder of mid and side over the last second; the other must clearly win, for a change is heard.
    fn listen(&mut self, [left, right]: &Stereo<Complex32>) {
        self.mid *= ENERGY_KEPT;
        self.side *= ENERGY_KEPT;
        for (left, right) in left.iter().zip(right) {
            self.mid += (left + right).norm_sqr();
            self.side += (left - right).norm_sqr();
        }
        let (own, other) = if self.side_leads {
            (self.side, self.mid)
        } else {
            (self.mid, self.side)
        };
        if other > 2.0 * own {
            self.side_leads = !self.side_leads;
        }
    }

    fn of(&self, left: Complex32, right: Complex32) -> Complex32 {
        if self.side_leads { left - right } else { left + right }
    }
}

/// `value` over its magnitude; 1 where there is none.
fn direction(value: Complex32) -> Complex32 {
    let power = value.norm_sqr();
    if power > SMALLEST_POWER && power.is_finite() {
        value * power.sqrt().recip()
    } else {
        Complex32::new(1.0, 0.0)
    }
}

/// Natural-log amplitudes of `spectrum`, 0 for a full-scale sine, nothing under [`LEVEL_SILENT`].
fn levels_of(spectrum: &[Complex32], full_scale: f32, levels: &mut [f32]) {
    let scale = full_scale.powi(-2);
    for (level, value) in levels.iter_mut().zip(spectrum) {
        *level = (value.norm_sqr() * scale).max(f32::MIN_POSITIVE);
    }
    halve_logarithms(levels);
}

/// Powers to log amplitudes.
fn halve_logarithms(powers: &mut [f32]) {
    ln_all(powers);
    for level in powers {
        *level = (0.5 * *level).max(LEVEL_SILENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::WhiteNoise;

    const FFT: usize = 2_048;
    const HOP: usize = 256;

    fn music(len: usize) -> Vec<[f32; 2]> {
        let tone = |i: usize, hz: f32| (std::f32::consts::TAU * hz * i as f32 / 44_100.0).sin();
        let noise = WhiteNoise::new(7).map(|x| 0.05 * x);
        (0..len)
            .zip(noise)
            .map(|(i, noise)| [0.3 * tone(i, 440.0) + noise, 0.2 * tone(i, 660.0) - noise])
            .collect()
    }

    /// Plays `music` with its window centred on `place(hop)`.
    fn play(music: &[[f32; 2]], hops: usize, gain: Option<f32>, place: impl Fn(usize) -> f64) -> Vec<[f32; 2]> {
        let mut filter = RecordingFilter::new(BandAxis::standard(), 1);
        let gain = gain.map(|gain| vec![gain; BandAxis::standard().bands()]);
        let mut out = vec![[0.0; 2]; hops * HOP];
        for (hop, out) in out.chunks_exact_mut(HOP).enumerate() {
            let begin = place(hop).round() as isize - FFT as isize / 2;
            let sample = |channel: usize| {
                let at = |i: usize| usize::try_from(begin + i as isize).ok().and_then(|i| music.get(i));
                (0..FFT).map(|i| at(i).map_or(0.0, |frame| frame[channel])).collect()
            };
            let own_pace = place(hop + 1) - place(hop) == HOP as f64;
            filter.begin();
            filter.lay(&[sample(0), sample(1)], gain.as_deref(), 1.0);
            filter.finish(own_pace, out);
        }
        out
    }

    fn error_db(heard: &[[f32; 2]], wanted: &[[f32; 2]], gain: f32) -> f32 {
        let (mut error, mut power) = (0.0, 0.0);
        for (heard, wanted) in heard.iter().zip(wanted) {
            for (heard, wanted) in heard.iter().zip(wanted) {
                error += (heard - gain * wanted).powi(2);
                power += (gain * wanted).powi(2);
            }
        }
        10.0 * (error / power).log10()
    }

    #[test]
    fn without_a_gain_the_recording_comes_back_and_a_gain_scales_it() {
        let music = music(200 * HOP);
        let latency = RecordingFilter::new(BandAxis::standard(), 1).latency_samples();
        for (gain, factor) in [
            (None, 1.0),
            (Some(0.0), 1.0),
            (Some(-0.5), (-0.5f32).exp()),
            (Some(9.0), (GAIN_LIMIT + MOST_RAISE).exp()),
        ] {
            let heard = play(&music, 180, gain, |hop| (hop * HOP) as f64);
            let error = error_db(&heard[latency + FFT..], &music[FFT..], factor);
            assert!(error < -100.0, "{gain:?}: {error} dB");
        }
    }

    #[test]
    fn a_stretched_tone_keeps_its_pitch_and_its_place_between_the_channels() {
        let music = music(400 * HOP);
        for speed in [0.5, 2.0] {
            let heard = play(&music, 150, None, |hop| 20_000.0 + hop as f64 * HOP as f64 * speed);
            let steady = &heard[40 * HOP..140 * HOP];
            for (channel, hz, amplitude) in [(0, 440.0f64, 0.3f64), (1, 660.0, 0.2)] {
                let (mut re, mut im) = (0.0, 0.0);
                for (i, frame) in steady.iter().enumerate() {
                    let (sin, cos) = (std::f64::consts::TAU * hz * i as f64 / 44_100.0).sin_cos();
                    re += f64::from(frame[channel]) * cos;
                    im += f64::from(frame[channel]) * sin;
                }
                let found = 2.0 * re.hypot(im) / steady.len() as f64;
                assert!((found / amplitude - 1.0).abs() < 0.1, "speed {speed}, {hz} Hz: {found}");
            }
        }
    }

    #[test]
    fn back_at_its_own_pace_it_is_the_recording_again() {
        let music = music(400 * HOP);
        let place = |hop: usize| {
            let slow = hop.min(60) as f64 * 0.5;
            (slow + hop.saturating_sub(60) as f64 + 20.0) * HOP as f64
        };
        let heard = play(&music, 200, None, place);
        let latency = RecordingFilter::new(BandAxis::standard(), 1).latency_samples();
        let from = 100 * HOP;
        let start = place(100) as usize;
        let error = error_db(&heard[from + latency..], &music[start..], 1.0);
        assert!(error < -100.0, "{error} dB");
    }

    #[test]
    fn wild_windows_and_gains_stay_finite() {
        let mut filter = RecordingFilter::new(BandAxis::standard(), 1);
        let wild = [f32::NAN, f32::INFINITY, 1e30, -3.0];
        let mut out = vec![[0.0; 2]; HOP];
        for hop in 0..12 {
            let window = [vec![wild[hop % 4]; FFT], vec![0.1; FFT]];
            filter.begin();
            filter.lay(&window, Some(&vec![wild[(hop + 1) % 4]; 224]), 0.5);
            filter.blend(&vec![wild[(hop + 2) % 4]; 1_025], 0.5);
            filter.finish(hop % 3 == 0, &mut out);
            assert!(out.iter().flatten().all(|sample| sample.is_finite()));
        }
    }
}
