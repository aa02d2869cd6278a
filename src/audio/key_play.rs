//! Not real-time: how keys play, as plain values; any thread may build them.

use crate::values::Scale;

/// How keys play what sounds. Values out of range are pulled into it.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct KeyPlay {
    /// Whether keys play at all; the sound itself is heard only with [`drone`](Self::drone) then.
    pub on: bool,
    /// Whether the sound itself goes on under the keys.
    pub drone: bool,
    /// Whether the spectral envelope stays where it is while partials move.
    pub keeps_envelope: bool,
    /// Whether every note begins at the sound's attack and ends with it; otherwise notes follow the playhead.
    pub from_attack: bool,
    /// Whether bends are each note's own, every note having a channel for itself (MPE, lower zone): channel 0 bends all.
    pub per_note: bool,
    /// The key, between keys too, that plays the sound as it is.
    pub root: f32,
    /// Seconds until a note is at its level, 0.001..=5.
    pub attack_secs: f32,
    /// Seconds until a note that was let go has fallen by 60 dB, 0.005..=10.
    pub release_secs: f32,
    /// Semitones of a full bend, 0..=96; of channel 0 with bends per note always 2.
    pub bend_semitones: f32,
    /// Semitones above C that the scale stands on.
    pub tonic: u8,
    /// What keys are held to.
    pub scale: Scale,
}

impl Default for KeyPlay {
    fn default() -> Self {
        Self {
            on: false,
            drone: false,
            keeps_envelope: true,
            from_attack: false,
            per_note: false,
            root: 60.0,
            attack_secs: 0.005,
            release_secs: 0.15,
            bend_semitones: 2.0,
            tonic: 0,
            scale: Scale::Chromatic,
        }
    }
}
