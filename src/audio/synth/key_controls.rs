//! Real-time: how keys play, one atomic each, beside the other knobs.

use super::atomic_f32::AtomicF32;
use crate::audio::KeyPlay;
use crate::values::Scale;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU16, AtomicU32, Ordering::Relaxed};

/// What the keys' settings are, and how many notes sound.
#[derive(Debug)]
pub struct KeyControls {
    /// Keys play; otherwise only what still fades does.
    pub on: AtomicBool,
    /// The sound itself goes on under the keys.
    pub drone: AtomicBool,
    pub keeps_envelope: AtomicBool,
    /// Every note begins at the attack, with a playhead of its own.
    pub from_attack: AtomicBool,
    pub per_note: AtomicBool,
    pub root: AtomicF32,
    pub attack_secs: AtomicF32,
    pub release_secs: AtomicF32,
    pub bend_semitones: AtomicF32,
    pub tonic: AtomicU8,
    pub scale: AtomicU16,
    /// Notes that sound now, those that fade among them.
    pub sounding: AtomicU32,
}

impl Default for KeyControls {
    fn default() -> Self {
        let controls = Self {
            on: AtomicBool::new(false),
            drone: AtomicBool::new(false),
            keeps_envelope: AtomicBool::new(true),
            from_attack: AtomicBool::new(false),
            per_note: AtomicBool::new(false),
            root: AtomicF32::default(),
            attack_secs: AtomicF32::default(),
            release_secs: AtomicF32::default(),
            bend_semitones: AtomicF32::default(),
            tonic: AtomicU8::new(0),
            scale: AtomicU16::new(0xfff),
            sounding: AtomicU32::new(0),
        };
        controls.set(KeyPlay::default());
        controls
    }
}

impl KeyControls {
    /// How keys play now.
    pub fn play(&self) -> KeyPlay {
        let mask = self.scale.load(Relaxed);
        let scale = Scale::ALL.into_iter().find(|scale| scale.mask() == mask);
        KeyPlay {
            on: self.on.load(Relaxed),
            drone: self.drone.load(Relaxed),
            keeps_envelope: self.keeps_envelope.load(Relaxed),
            from_attack: self.from_attack.load(Relaxed),
            per_note: self.per_note.load(Relaxed),
            root: self.root.get(),
            attack_secs: self.attack_secs.get(),
            release_secs: self.release_secs.get(),
            bend_semitones: self.bend_semitones.get(),
            tonic: self.tonic.load(Relaxed),
            scale: scale.unwrap_or_default(),
        }
    }

    /// Takes over `play`, pulled into range; what is not a number changes nothing.
    pub fn set(&self, play: KeyPlay) {
        let set = |knob: &AtomicF32, value: f32, low: f32, high: f32| {
            if value.is_finite() {
                knob.set(value.clamp(low, high));
            }
        };
        set(&self.root, play.root, 0.0, 127.0);
        set(&self.attack_secs, play.attack_secs, 0.001, 5.0);
        set(&self.release_secs, play.release_secs, 0.005, 10.0);
        set(&self.bend_semitones, play.bend_semitones, 0.0, 96.0);
        self.tonic.store(play.tonic % 12, Relaxed);
        self.scale.store(play.scale.mask(), Relaxed);
        self.drone.store(play.drone, Relaxed);
        self.keeps_envelope.store(play.keeps_envelope, Relaxed);
        self.from_attack.store(play.from_attack, Relaxed);
        self.per_note.store(play.per_note, Relaxed);
        self.on.store(play.on, Relaxed);
    }
}
