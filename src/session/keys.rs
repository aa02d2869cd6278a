//! Keys that play what sounds: how, on which channel, and what they are doing.

use super::MidiTarget;
use crate::values::{Scale, key_name};
use serde::{Deserialize, Serialize};

/// Remembered in the settings. Whether keys play is not: every start begins with the sound itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeySettings {
    /// Whether the strip with the keyboard is shown while keys play.
    pub shows_strip: bool,
    /// Whether the sound itself goes on under the keys.
    pub drone: bool,
    /// Whether the spectral envelope stays where it is while partials move.
    pub keeps_envelope: bool,
    /// Seconds until a note is at its level.
    pub attack_secs: f32,
    /// Seconds until a note that was let go has fallen by 60 dB.
    pub release_secs: f32,
    /// Semitones of a full bend; with [`mpe`](Self::mpe) those of one note.
    pub bend_semitones: f32,
    /// MPE, lower zone: every note has a channel, and bends, of its own.
    pub mpe: bool,
    /// Whether pressure moves the strength.
    pub pressure: bool,
    /// What the slide of a finger (controller 74) moves; `None` = what it was taught as any other controller.
    pub slide: Option<MidiTarget>,
    /// What keys are held to.
    pub scale: Scale,
    /// Semitones above C that the scale stands on; `None` = the root's.
    pub tonic: Option<u8>,
    /// The key that plays the sound as it is; `None` = found from the sound.
    pub root: Option<u8>,
    /// MIDI channel, 0..16, whose notes strike pins; on all others they are keys.
    pub pins_channel: u8,
    /// The C that the lower row of the computer keyboard begins with.
    pub octave: u8,
}

impl Default for KeySettings {
    fn default() -> Self {
        Self {
            shows_strip: true,
            drone: false,
            keeps_envelope: true,
            attack_secs: 0.005,
            release_secs: 0.15,
            bend_semitones: 2.0,
            mpe: false,
            pressure: false,
            slide: None,
            scale: Scale::Chromatic,
            tonic: None,
            root: None,
            pins_channel: 9,
            octave: 4,
        }
    }
}

/// What keys are doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyStatus {
    /// Whether keys play.
    pub on: bool,
    /// Keys that are down, from whatever, in the order they were pressed.
    pub held: Vec<u8>,
    /// The key that plays the sound as it is.
    pub root: Root,
}

/// The key that plays the sound as it is, and how it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Root {
    /// 0..128, between keys too where the sound is between them.
    pub key: f32,
    /// How it is known.
    pub from: RootFrom,
}

/// How the root is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RootFrom {
    /// It was chosen.
    Chosen,
    /// The sound has one pitch.
    Pitch,
    /// The clip is in a key: its tonic.
    KeyOfClip,
    /// Nothing is known: middle C.
    #[default]
    Nothing,
}

impl Default for Root {
    fn default() -> Self {
        Self {
            key: 60.0,
            from: RootFrom::Nothing,
        }
    }
}

impl Root {
    /// The name of the nearest key, and the cents that it is beside it.
    pub fn name(&self) -> String {
        let nearest = self.key.round().clamp(0.0, 127.0);
        let cents = ((self.key - nearest) * 100.0).round();
        if cents == 0.0 {
            key_name(nearest as u8)
        } else {
            format!("{} {cents:+.0}", key_name(nearest as u8))
        }
    }

    /// How it is known, in words.
    pub fn why(&self) -> &'static str {
        match self.from {
            RootFrom::Chosen => "chosen",
            RootFrom::Pitch => "the pitch of this sound",
            RootFrom::KeyOfClip => "the key that this clip is in",
            RootFrom::Nothing => "nothing is known of its pitch",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_between_keys_says_how_far() {
        let root = |key: f32| Root {
            key,
            from: RootFrom::Pitch,
        };
        assert_eq!(
            (root(57.0).name(), root(56.88).name()),
            ("A3".to_owned(), "A3 -12".to_owned())
        );
    }
}
