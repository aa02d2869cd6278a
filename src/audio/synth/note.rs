//! Real-time: one note: which key it is, how loud it is now, and where it reads the sound.

use crate::dsp::{PartialFrame, PitchTables, PitchVoice};

/// How far a note has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nobody's.
    Free,
    /// Its key is down.
    Held,
    /// Its key is up, the pedal is down.
    Sustained,
    /// It fades as it was asked to.
    Released,
    /// It makes room for another within a hop.
    Dying,
}

/// What one hop of a note needs to know.
#[derive(Clone, Copy, Debug)]
pub struct Slopes {
    /// Added to the level of a held note at every sample.
    pub attack: f32,
    /// Factor on the level of a released note at every sample.
    pub release: f32,
    /// Taken from the level of a dying one at every sample.
    pub dying: f32,
}

/// A released note is over at this level: -66 dB.
const OVER: f32 = 0.000_5;

/// One note and its voice; made once, used again and again.
pub struct Note {
    pub voice: PitchVoice,
    pub stage: Stage,
    pub key: u8,
    pub channel: u8,
    /// Amplitude that its velocity asks for.
    pub gain: f32,
    /// Counted through, to tell which is the oldest.
    pub number: u64,
    /// The frame under its own playhead; `None` where it follows that of the sound.
    pub place: Option<f64>,
    /// The newest frame of its own playhead and the one before.
    pub frames: [PartialFrame; 2],
    /// It has not sounded yet.
    pub is_fresh: bool,
    level: f32,
}

impl Note {
    /// A free note.
    pub fn new(tables: &PitchTables) -> Self {
        Self {
            voice: tables.voice(),
            stage: Stage::Free,
            key: 0,
            channel: 0,
            gain: 0.0,
            number: 0,
            place: None,
            frames: [tables.frame(), tables.frame()],
            is_fresh: true,
            level: 0.0,
        }
    }

    /// Begins anew, silent until its first hop.
    pub fn begin(&mut self, key: u8, channel: u8, velocity: f32, number: u64, place: Option<f64>) {
        self.voice.reset();
        self.frames.iter_mut().for_each(PartialFrame::silence);
        self.is_fresh = true;
        self.stage = Stage::Held;
        (self.key, self.channel, self.number, self.place) = (key, channel, number, place);
        self.gain = velocity.clamp(0.0, 1.0).powf(1.5);
        self.level = 0.0;
    }

    /// Whether it sounds.
    pub fn is_sounding(&self) -> bool {
        self.stage != Stage::Free
    }

    /// Whether it is that of a key that is down, or held by the pedal.
    pub fn is_kept(&self) -> bool {
        matches!(self.stage, Stage::Held | Stage::Sustained)
    }

    /// Fades, unless it does already.
    pub fn release(&mut self) {
        if self.is_kept() {
            self.stage = Stage::Released;
        }
    }

    /// Adds `hop` to `sum` at its level and lets the level move on; free once it is over.
    pub fn add(&mut self, hop: &[[f32; 2]], slopes: Slopes, sum: &mut [[f32; 2]]) {
        for (sum, own) in sum.iter_mut().zip(hop) {
            self.level = match self.stage {
                Stage::Free => 0.0,
                Stage::Held | Stage::Sustained => (self.level + slopes.attack).min(1.0),
                Stage::Released => self.level * slopes.release,
                Stage::Dying => (self.level - slopes.dying).max(0.0),
            };
            let gain = self.level * self.gain;
            *sum = [sum[0] + gain * own[0], sum[1] + gain * own[1]];
        }
        let is_over = match self.stage {
            Stage::Released => self.level < OVER,
            Stage::Dying => self.level <= 0.0,
            _ => false,
        };
        if is_over {
            self.stage = Stage::Free;
        }
    }
}
