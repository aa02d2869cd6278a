//! Real-time: what the decoder makes of a chunk, as the model voices it or as a filter on the chunk's own recording.
//!
//! Both ways read the same layers at the same playheads and are heard equally late, so that one fades into the other wherever
//! a recording arrives, is missing, or is not wanted.

use super::controls::Controls;
use super::layers::{FADE_HOPS, Layers};
use super::model_mix::ModelMix;
use super::playhead::Playhead;
use super::recording_mix::RecordingMix;
use super::retirement::Retirement;
use super::source::Source;
use crate::audio::Mode;
use crate::dsp::{BandAxis, BinLevels, FrameSynth, RecordingFilter};
use crate::values::BeatGrid;
use realfft::num_complex::Complex32;
use std::f32::consts::FRAC_PI_2;
use std::sync::Arc;

/// Phases run on from frame to frame, so a switch changes the spectrum and never cuts the wave.
pub struct SpectralVoice {
    model: FrameSynth,
    /// The model's levels where they are mixed with a recording's.
    model_levels: BinLevels,
    recording: RecordingFilter,
    layers: Layers<()>,
    model_mix: ModelMix,
    recording_mix: RecordingMix,
    /// How far the fade from the model (0) to the recording (`FADE_HOPS`) is.
    fade_hops: u8,
    /// Hops that the one that fades in has run, unheard until its windows are filled.
    warm_hops: usize,
    warm_len: usize,
    /// Who holds something of the sound so far.
    has_run: HasRun,
    /// Hops until the last window of a sound has died away; then the voice rests.
    tail_hops: usize,
    tail_len: usize,
    model_hop: Vec<f32>,
    recording_hop: Vec<[f32; 2]>,
    /// Whether phases of what sounds turn as its frequencies say.
    at_own_pace: bool,
}

#[derive(Default)]
struct HasRun {
    model: bool,
    recording: bool,
}

impl SpectralVoice {
    /// A resting voice.
    pub fn new(axis: &BandAxis, seed: u64) -> Self {
        Self {
            model: FrameSynth::new(axis.clone(), seed),
            model_levels: BinLevels::new(axis.clone(), seed),
            recording: RecordingFilter::new(axis.clone(), seed),
            layers: Layers::new(),
            model_mix: ModelMix::new(axis.bands()),
            recording_mix: RecordingMix::new(axis),
            fade_hops: 0,
            warm_hops: 0,
            // The look-ahead, and windows until the first of them is complete.
            warm_len: axis.fft_len() / axis.hop_len() + 1,
            has_run: HasRun::default(),
            tail_hops: 0,
            tail_len: axis.fft_len() / axis.hop_len() + 2,
            model_hop: vec![0.0; axis.hop_len()],
            recording_hop: vec![[0.0; 2]; axis.hop_len()],
            at_own_pace: true,
        }
    }

    /// Samples from the centre of a frame that is pushed to the moment it sounds.
    pub fn latency_samples(&self) -> usize {
        self.model.latency_samples()
    }

    /// What sounds.
    pub fn layers(&self) -> &Layers<()> {
        &self.layers
    }

    /// Whether the recording of what sounds is there.
    pub fn has_recording(&self) -> bool {
        self.recording_mix.is_at_hand(&self.layers)
    }

    /// Whether the spectrum of the last hop runs at its own pace.
    pub fn is_at_own_pace(&self) -> bool {
        self.at_own_pace
    }

    /// The playhead of the newest source.
    pub fn head(&self) -> Option<&Playhead> {
        self.layers.head()
    }

    /// As [`Layers::beats`].
    pub fn beats(&self) -> Option<(BeatGrid, f64)> {
        self.layers.beats()
    }

    /// As [`Layers::course_place`].
    pub fn course_place(&self) -> Option<(u64, f64)> {
        self.layers.course_place()
    }

    /// Fades to `source` at `head`.
    pub fn switch(&mut self, source: Arc<Source>, head: Playhead, retirement: &mut Retirement) {
        self.layers.push(source, head, (), retirement);
    }

    /// Goes on with `longer` wherever `source` sounds.
    pub fn lengthen(&mut self, source: &Arc<Source>, longer: &Arc<Source>, retirement: &mut Retirement) {
        self.layers.lengthen(source, longer, retirement);
    }

    /// Silences the voice; what was already voiced dies away over a window.
    pub fn clear(&mut self, retirement: &mut Retirement) {
        self.layers.clear(retirement);
    }

    /// Writes the next hop and moves on. Its spectrum `[bins]` of both channels is added to `spectrum`, where that is wanted.
    pub fn hop(
        &mut self,
        controls: &Controls,
        retirement: &mut Retirement,
        spectrum: Option<&mut [Vec<Complex32>; 2]>,
        out: &mut [[f32; 2]],
    ) {
        if self.layers.is_empty() && self.tail_hops == 0 {
            out.fill([0.0; 2]);
            return;
        }
        let (from, to) = self.fade(controls);
        let warming = self.warm_hops > 0;
        let (runs_model, runs_recording) = (to < FADE_HOPS || from < FADE_HOPS, to > 0 || from > 0);
        let (runs_model, runs_recording) = (runs_model || warming, runs_recording || warming);
        let mode = controls.mode();
        self.model_mix.take(&self.layers, mode, None, controls.texture.get());
        if runs_model {
            self.model
                .push(&self.model_mix.level, &self.model_mix.depth, &mut self.model_hop);
        }
        if runs_recording {
            self.recording_hop(controls);
        }
        if let Some(spectrum) = spectrum {
            self.add_spectrum_to(to, runs_model, runs_recording, spectrum);
        }
        self.sum(from, to, runs_model, runs_recording, out);
        self.rest(runs_model, runs_recording);
        self.layers.advance(controls, retirement);
    }

    /// Where the fade stands at the beginning and at the end of this hop.
    fn fade(&mut self, controls: &Controls) -> (u8, u8) {
        let from = self.fade_hops;
        if self.layers.is_empty() {
            return (from, from);
        }
        let wanted = controls.detail.get() > 0.0 && self.recording_mix.is_at_hand(&self.layers);
        let target = if wanted { FADE_HOPS } else { 0 };
        if self.tail_hops == 0 {
            // Nothing sounds yet, so there is nothing to fade from.
            self.warm_hops = 0;
            self.fade_hops = target;
            return (target, target);
        }
        let rests = from == 0 || from == FADE_HOPS;
        if from == target {
            self.warm_hops = 0;
        } else if rests && self.warm_hops < self.warm_len {
            self.warm_hops += 1;
        } else {
            self.warm_hops = 0;
            self.fade_hops = if wanted { from + 1 } else { from - 1 };
        }
        (from, self.fade_hops)
    }

    fn recording_hop(&mut self, controls: &Controls) {
        let (mode, detail) = (controls.mode(), controls.detail.get());
        self.recording_mix.lay(&self.layers, mode, None, &mut self.recording);
        if detail < 1.0 && !self.layers.is_empty() {
            let mix = &self.model_mix;
            let levels = self.model_levels.unfold(&mix.level, &mix.depth, 1.0 - detail);
            self.recording.blend(levels, detail);
        }
        let at_own_pace = mode != Mode::Freeze && controls.speed_now() == 1.0 && self.layers.are_at_their_own_pace();
        self.at_own_pace = at_own_pace;
        self.recording.finish(at_own_pace, &mut self.recording_hop);
    }

    fn add_spectrum_to(&mut self, to: u8, runs_model: bool, runs_recording: bool, sum: &mut [Vec<Complex32>; 2]) {
        let (recorded, modelled) = match to {
            0 => (0.0, 1.0),
            FADE_HOPS => (1.0, 0.0),
            _ => (FRAC_PI_2 * f32::from(to) / f32::from(FADE_HOPS)).sin_cos(),
        };
        self.at_own_pace |= !runs_recording || recorded <= 0.0;
        for (sum, own) in sum.iter_mut().zip(self.recording.frame()) {
            if runs_recording && recorded > 0.0 {
                for (sum, own) in sum.iter_mut().zip(own) {
                    *sum += *own * recorded;
                }
            }
            if runs_model && modelled > 0.0 {
                self.model.add_spectrum_to(modelled, sum);
            }
        }
    }

    /// The model's sound in the middle and the recording's, at equal power while one fades to the other.
    fn sum(&self, from: u8, to: u8, runs_model: bool, runs_recording: bool, out: &mut [[f32; 2]]) {
        out.fill([0.0; 2]);
        let start = f32::from(from) / f32::from(FADE_HOPS);
        let slope = (f32::from(to) / f32::from(FADE_HOPS) - start) / out.len() as f32;
        let gains = |index: usize| match (from, to) {
            (0, 0) => (0.0, 1.0),
            (FADE_HOPS, FADE_HOPS) => (1.0, 0.0),
            _ => (FRAC_PI_2 * (start + slope * index as f32)).sin_cos(),
        };
        if runs_model {
            for (index, (out, model)) in out.iter_mut().zip(&self.model_hop).enumerate() {
                let gain = gains(index).1.max(0.0);
                *out = out.map(|sum| sum + gain * model);
            }
        }
        if runs_recording {
            for (index, (out, recording)) in out.iter_mut().zip(&self.recording_hop).enumerate() {
                let gain = gains(index).0;
                *out = [out[0] + gain * recording[0], out[1] + gain * recording[1]];
            }
        }
    }

    /// Whoever did not run begins anew next time, and so do both once the last sound has died away.
    fn rest(&mut self, ran_model: bool, ran_recording: bool) {
        if self.layers.is_empty() {
            self.tail_hops -= 1;
        } else {
            self.tail_hops = self.tail_len;
        }
        let silent = self.tail_hops == 0;
        if std::mem::replace(&mut self.has_run.recording, ran_recording && !silent) && (silent || !ran_recording) {
            self.recording.reset();
            self.model_levels.reset();
        }
        if std::mem::replace(&mut self.has_run.model, ran_model && !silent) && (silent || !ran_model) {
            self.model.reset();
        }
    }
}
