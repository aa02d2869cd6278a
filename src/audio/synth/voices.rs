//! Real-time: everything that makes sound: the two voices, the bus between them, the limiter.
//!
//! It is also everything that a panic can leave half done, so it is replaced as a whole after one.

use super::controls::Controls;
use super::heard_spectrum::HeardSpectrum;
use super::keys::{KeyHop, Keys};
use super::layers::{FADE_HOPS, Layer};
use super::metronome::Metronome;
use super::pcm_voice::PcmVoice;
use super::playhead::Playhead;
use super::retirement::Retirement;
use super::source::{Source, SourceKind};
use super::spectral_voice::SpectralVoice;
use crate::dsp::{BandAxis, Limiter};
use crate::values::{BeatGrid, KeyChange, KeyEvent};
use std::f32::consts::FRAC_PI_2;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// Makes one hop of stereo sound after another, at the band axis' rate.
pub struct Voices {
    spectral: SpectralVoice,
    pcm: PcmVoice,
    /// The voice faded to, and how far from the spectral (0) to the PCM voice (`FADE_HOPS`) the bus stands.
    kind: SourceKind,
    bus_hops: u8,
    keys: Keys,
    /// What the PCM voice played, for notes to read.
    heard: HeardSpectrum,
    /// How far the sound itself stands back for the keys (`FADE_HOPS`).
    back_hops: u8,
    metronome: Metronome,
    limiter: Limiter,
    onset_samples: usize,
    /// Stereo frames of the hop: left, right.
    hop: Vec<[f32; 2]>,
    spectral_hop: Vec<[f32; 2]>,
    pcm_hop: Vec<[f32; 2]>,
}

impl Voices {
    /// Silent voices for sources with frames of `axis`.
    pub fn new(axis: &BandAxis, seed: u64) -> Self {
        let spectral = SpectralVoice::new(axis, seed);
        let latency = spectral.latency_samples();
        Self {
            pcm: PcmVoice::new(axis.hop_len(), latency),
            spectral,
            kind: SourceKind::Spectral,
            bus_hops: 0,
            keys: Keys::new(axis, seed),
            heard: HeardSpectrum::new(axis),
            back_hops: 0,
            metronome: Metronome::new(axis.sample_rate_hz()),
            limiter: Limiter::default(),
            // The window of a frame begins half a window before its centre.
            onset_samples: latency.saturating_sub(axis.fft_len() / 2),
            hop: vec![[0.0; 2]; axis.hop_len()],
            spectral_hop: vec![[0.0; 2]; axis.hop_len()],
            pcm_hop: vec![[0.0; 2]; axis.hop_len()],
        }
    }

    /// The playhead of the newest source.
    pub fn head(&self) -> Option<&Playhead> {
        match self.kind {
            SourceKind::Spectral => self.spectral.head(),
            SourceKind::Pcm => self.pcm.head(),
        }
    }

    /// When what sounds beats, and the frame at which it is.
    pub fn beats(&self) -> Option<(BeatGrid, f64)> {
        match self.kind {
            SourceKind::Spectral => self.spectral.beats(),
            SourceKind::Pcm => self.pcm.beats(),
        }
    }

    /// Samples from the centre of a frame to the moment it sounds, before the limiter.
    pub fn frame_latency_samples(&self) -> usize {
        self.spectral.latency_samples()
    }

    /// Samples that everything is later for the limiter's sake.
    pub fn limiter_latency_samples(&self) -> usize {
        self.limiter.latency_samples()
    }

    /// Samples from the beginning of a hop until a source that was switched to before it begins to sound.
    pub fn onset_samples(&self) -> usize {
        let onset = match self.kind {
            SourceKind::Spectral => self.onset_samples,
            SourceKind::Pcm => 0,
        };
        onset + self.limiter.latency_samples()
    }

    /// Whether a key can be taken before the next hop.
    pub fn has_room_for(&self, event: &KeyEvent) -> bool {
        self.keys.has_room_for(event)
    }

    /// Takes a key; true where the note begins at the attack but has no recording to read there, so that the sound itself should
    /// begin again.
    pub fn take_key(&mut self, event: KeyEvent, controls: &Controls) -> bool {
        let is_note = matches!(event.change, KeyChange::On { .. });
        let from_attack = is_note && controls.keys.from_attack.load(Relaxed);
        let has_recording =
            self.kind == SourceKind::Spectral && controls.detail.get() > 0.0 && self.spectral.has_recording();
        let newest = self.spectral.layers().newest().filter(|_| has_recording && from_attack);
        let attack = newest.map(|layer| layer.source.attack);
        self.keys.take(event, &controls.keys, attack);
        from_attack && attack.is_none()
    }

    /// Fades to `source` at `head`.
    pub fn switch(&mut self, source: Arc<Source>, head: Playhead, retirement: &mut Retirement) {
        self.kind = source.kind();
        match self.kind {
            SourceKind::Spectral => {
                if self.bus_hops == FADE_HOPS {
                    self.spectral.clear(retirement);
                }
                self.spectral.switch(source, head, retirement);
            }
            SourceKind::Pcm => {
                if self.bus_hops == 0 {
                    self.pcm.clear(retirement);
                }
                self.pcm.switch(source, head, retirement);
            }
        }
    }

    /// Plays `source` from its beginning.
    pub fn start(&mut self, source: Arc<Source>, retirement: &mut Retirement) {
        let head = Playhead::new(0.0, source.extent());
        self.switch(source, head, retirement);
    }

    /// Goes on with `longer`, which continues `source`, wherever that sounds.
    pub fn lengthen(&mut self, source: &Arc<Source>, longer: &Arc<Source>, retirement: &mut Retirement) {
        self.spectral.lengthen(source, longer, retirement);
        self.pcm.lengthen(source, longer, retirement);
    }

    /// Silences both voices.
    pub fn silence(&mut self, retirement: &mut Retirement) {
        self.spectral.clear(retirement);
        self.pcm.clear(retirement);
    }

    /// The next hop.
    pub fn hop(&mut self, controls: &Controls, retirement: &mut Retirement) -> &[[f32; 2]] {
        self.hop_unlimited(controls, retirement);
        self.metronome.add(&controls.clock, &mut self.hop);
        self.limiter.process(&mut self.hop);
        &self.hop
    }

    /// The next hop before the limiter.
    pub fn hop_unlimited(&mut self, controls: &Controls, retirement: &mut Retirement) -> &[[f32; 2]] {
        self.mix(controls, retirement);
        if let Some(head) = self.head() {
            controls.position.set(head.fraction());
        }
        controls.set_course_place(match self.kind {
            SourceKind::Spectral => self.spectral.course_place(),
            SourceKind::Pcm => self.pcm.course_place(),
        });
        &self.hop
    }

    /// Both voices, the bus moving towards the one that should be heard at equal power.
    fn mix(&mut self, controls: &Controls, retirement: &mut Retirement) {
        let from = self.bus_hops;
        let to = match self.kind {
            SourceKind::Spectral => from.saturating_sub(1),
            SourceKind::Pcm => (from + 1).min(FADE_HOPS),
        };
        let listens = self.keys.listens(&controls.keys);
        let (pcm_share, spectral_share) = (FRAC_PI_2 * f32::from(to) / f32::from(FADE_HOPS)).sin_cos();
        let hop_len = self.hop.len() as f32;
        let spectrum = if listens { Some(self.keys.next_spectrum()) } else { None };
        let heard = match spectrum {
            Some(spectrum) if to < FADE_HOPS => {
                let out = &mut self.spectral_hop;
                self.spectral.hop(controls, retirement, Some(&mut *spectrum), out);
                for value in spectrum.iter_mut().flatten() {
                    *value *= spectral_share;
                }
                Some(spectrum)
            }
            spectrum => {
                self.spectral.hop(controls, retirement, None, &mut self.spectral_hop);
                spectrum
            }
        };
        self.pcm.hop(controls, retirement, &mut self.pcm_hop);
        if let Some(spectrum) = heard
            && to > 0
        {
            self.heard.add_to(&self.pcm_hop, pcm_share, spectrum);
        }
        let start = f32::from(from) / f32::from(FADE_HOPS);
        let slope = (f32::from(to) / f32::from(FADE_HOPS) - start) / hop_len;
        let both = self.spectral_hop.iter().zip(&self.pcm_hop);
        for (index, (frame, (spectral, pcm))) in self.hop.iter_mut().zip(both).enumerate() {
            let (pcm_gain, spectral_gain) = (FRAC_PI_2 * (start + slope * index as f32)).sin_cos();
            let spectral_gain = spectral_gain.max(0.0);
            *frame = [0, 1].map(|channel| spectral[channel] * spectral_gain + pcm[channel] * pcm_gain);
        }
        self.bus_hops = to;
        self.stand_back(controls);
        if listens {
            self.play_keys(controls);
        }
        if to == 0 {
            self.pcm.clear(retirement);
        } else if to == FADE_HOPS {
            self.spectral.clear(retirement);
        }
    }

    /// The sound itself is silent while keys play, unless it is to go on.
    fn stand_back(&mut self, controls: &Controls) {
        let keys = &controls.keys;
        let is_back = keys.on.load(Relaxed) && !keys.drone.load(Relaxed);
        let from = self.back_hops;
        self.back_hops = if is_back {
            (from + 1).min(FADE_HOPS)
        } else {
            from.saturating_sub(1)
        };
        if from == 0 && self.back_hops == 0 {
            return;
        }
        let gain = |hops: u8| 1.0 - f32::from(hops) / f32::from(FADE_HOPS);
        let slope = (gain(self.back_hops) - gain(from)) / self.hop.len() as f32;
        for (index, frame) in self.hop.iter_mut().enumerate() {
            let gain = gain(from) + slope * index as f32;
            *frame = frame.map(|sample| sample * gain);
        }
    }

    fn play_keys(&mut self, controls: &Controls) {
        let layers = self.spectral.layers();
        let is_spectral = self.kind == SourceKind::Spectral;
        let pace = layers.newest().map_or(1.0, Layer::pace);
        let now = KeyHop {
            controls: &controls.keys,
            layers,
            speed: controls.speed_now() * pace,
            detail: controls.detail.get(),
            texture: controls.texture.get(),
            // What the PCM voice played is played at the pace of its samples.
            at_own_pace: !is_spectral || self.spectral.is_at_own_pace(),
        };
        self.keys.add_hop(now, &mut self.hop);
    }
}
