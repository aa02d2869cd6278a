//! Real-time: what sounds: the decoded source or the original, the two voices, the bus between them, the limiter.
//!
//! Runs in the device's callback (or inside [`BlockRenderer`](crate::audio::BlockRenderer)); never allocates, frees, locks or logs.

use super::controls::Controls;
use super::layers::FADE_HOPS;
use super::pcm_voice::PcmVoice;
use super::playhead::Playhead;
use super::source::{Origin, Source, SourceKind};
use super::spectral_voice::SpectralVoice;
use crate::audio::output::monitor_lane::Retirement;
use crate::dsp::{BandAxis, Limiter};
use std::f32::consts::FRAC_PI_2;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// The newest source of its kind, or `None` once cleared.
pub type SourceInbox = triple_buffer::Output<Option<Arc<Source>>>;

/// A new source begins to sound `delay_samples` after the beginning of the hop it comes with.
pub struct HopMark {
    pub origin: Origin,
    pub delay_samples: usize,
}

/// Makes one hop of mono sound after another, at the band axis' rate.
pub struct Synth {
    controls: Arc<Controls>,
    decoded_inbox: SourceInbox,
    original_inbox: SourceInbox,
    decoded: Option<Arc<Source>>,
    original: Option<Arc<Source>>,
    hears_original: bool,
    spectral: SpectralVoice,
    pcm: PcmVoice,
    /// The voice faded to, and how far from the spectral (0) to the PCM voice (`FADE_HOPS`) the bus stands.
    kind: SourceKind,
    bus_hops: u8,
    limiter: Limiter,
    retirement: Retirement,
    mark: Option<Origin>,
    sample_rate_hz: u32,
    onset_samples: usize,
    hop: Vec<f32>,
    pcm_hop: Vec<f32>,
}

impl Synth {
    /// A silent synth that plays what arrives in its inboxes.
    pub fn new(
        axis: &BandAxis,
        seed: u64,
        controls: Arc<Controls>,
        decoded_inbox: SourceInbox,
        original_inbox: SourceInbox,
        retirement: Retirement,
    ) -> Self {
        let spectral = SpectralVoice::new(axis, seed);
        let latency = spectral.latency_samples();
        Self {
            controls,
            decoded_inbox,
            original_inbox,
            decoded: None,
            original: None,
            hears_original: false,
            pcm: PcmVoice::new(axis.hop_len(), latency),
            spectral,
            kind: SourceKind::Spectral,
            bus_hops: 0,
            limiter: Limiter::new(),
            retirement,
            mark: None,
            sample_rate_hz: axis.sample_rate_hz(),
            // The window of a frame begins half a window before its centre.
            onset_samples: latency.saturating_sub(axis.fft_len() / 2),
            hop: vec![0.0; axis.hop_len()],
            pcm_hop: vec![0.0; axis.hop_len()],
        }
    }

    /// Samples per hop.
    pub fn hop_len(&self) -> usize {
        self.hop.len()
    }

    /// Samples per second.
    pub fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    /// The next hop, and whether a new source begins to sound in it.
    pub fn hop(&mut self) -> (&[f32], Option<HopMark>) {
        self.receive();
        self.seek();
        self.mix();
        self.limiter.process(&mut self.hop);
        if let Some(head) = self.head() {
            self.controls.position.set(head.fraction());
        }
        let onset = match self.kind {
            SourceKind::Spectral => self.onset_samples,
            SourceKind::Pcm => 0,
        };
        let mark = self.mark.take().map(|origin| HopMark {
            origin,
            delay_samples: onset + self.limiter.latency_samples(),
        });
        (&self.hop, mark)
    }

    /// Takes what arrived and switches to what should be heard.
    fn receive(&mut self) {
        let mut changed = false;
        if self.decoded_inbox.update() {
            let source = self.decoded_inbox.output_buffer_mut().take();
            if let Some(old) = std::mem::replace(&mut self.decoded, source) {
                self.retirement.source(old);
            }
            self.mark = self.decoded.as_ref().and_then(|source| source.origin);
            changed |= !self.hears_original;
        }
        if self.original_inbox.update() {
            let source = self.original_inbox.output_buffer_mut().take();
            if let Some(old) = std::mem::replace(&mut self.original, source) {
                self.retirement.source(old);
            }
            changed |= self.hears_original;
        }
        let hears_original = self.controls.original.load(Relaxed) && self.original.is_some();
        changed |= hears_original != self.hears_original;
        self.hears_original = hears_original;
        if hears_original {
            self.mark = None;
        }
        if changed {
            match self.selected() {
                Some(source) => {
                    let head = self.head_for(&source);
                    self.switch(source, head);
                }
                None => self.silence(),
            }
        }
    }

    /// A jump is a cross-fade to the same source at another place.
    fn seek(&mut self) {
        let fraction = self.controls.seek.swap(f32::NAN);
        if fraction.is_finite()
            && let Some(source) = self.selected()
        {
            let head = Playhead::new(fraction, source.len_frames());
            self.switch(source, head);
        }
    }

    fn selected(&self) -> Option<Arc<Source>> {
        if self.hears_original {
            self.original.clone()
        } else {
            self.decoded.clone()
        }
    }

    fn head(&self) -> Option<&Playhead> {
        match self.kind {
            SourceKind::Spectral => self.spectral.head(),
            SourceKind::Pcm => self.pcm.head(),
        }
    }

    /// The playhead goes on where it is; after the end of a one-shot it begins again.
    fn head_for(&self, source: &Source) -> Playhead {
        match self.head() {
            Some(head) if !head.ended() => Playhead::at_frames(head.frames(), source.len_frames()),
            _ => Playhead::new(0.0, source.len_frames()),
        }
    }

    fn switch(&mut self, source: Arc<Source>, head: Playhead) {
        self.kind = source.kind();
        match self.kind {
            SourceKind::Spectral => {
                if self.bus_hops == FADE_HOPS {
                    self.spectral.clear(&mut self.retirement);
                }
                self.spectral.switch(source, head, &mut self.retirement);
            }
            SourceKind::Pcm => {
                if self.bus_hops == 0 {
                    self.pcm.clear(&mut self.retirement);
                }
                self.pcm.switch(source, head, &mut self.retirement);
            }
        }
    }

    fn silence(&mut self) {
        self.spectral.clear(&mut self.retirement);
        self.pcm.clear(&mut self.retirement);
    }

    /// Both voices, the bus moving towards the one that should be heard at equal power.
    fn mix(&mut self) {
        let from = self.bus_hops;
        let to = match self.kind {
            SourceKind::Spectral => from.saturating_sub(1),
            SourceKind::Pcm => (from + 1).min(FADE_HOPS),
        };
        self.spectral.hop(&self.controls, &mut self.retirement, &mut self.hop);
        self.pcm.hop(&self.controls, &mut self.retirement, &mut self.pcm_hop);
        let start = f32::from(from) / f32::from(FADE_HOPS);
        let slope = (f32::from(to) / f32::from(FADE_HOPS) - start) / self.hop.len() as f32;
        for (index, (sample, pcm)) in self.hop.iter_mut().zip(&self.pcm_hop).enumerate() {
            let (pcm_gain, spectral_gain) = (FRAC_PI_2 * (start + slope * index as f32)).sin_cos();
            *sample = *sample * spectral_gain.max(0.0) + pcm * pcm_gain;
        }
        self.bus_hops = to;
        if to == 0 {
            self.pcm.clear(&mut self.retirement);
        } else if to == FADE_HOPS {
            self.spectral.clear(&mut self.retirement);
        }
    }
}
