//! What keys ask for: notes, bends, pedals, and the scale they are held to.

use serde::{Deserialize, Serialize};

/// One change on one MIDI channel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyEvent {
    /// 0..16.
    pub channel: u8,
    /// What changed.
    pub change: KeyChange,
}

/// What changed on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyChange {
    /// A key went down.
    On {
        /// 0..128; 60 = middle C.
        note: u8,
        /// 0..=1.
        velocity: f32,
    },
    /// It was let go.
    Off {
        /// 0..128.
        note: u8,
    },
    /// The wheel, or a finger's way across its key, -1..=1 of the range.
    Bend(f32),
    /// The pedal is down.
    Sustain(bool),
    /// Every note of every channel ends.
    AllOff,
}

/// Pitches that keys are held to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scale {
    /// Every key plays its own pitch.
    #[default]
    Chromatic,
    /// Major.
    Major,
    /// Natural minor.
    Minor,
    /// Harmonic minor.
    HarmonicMinor,
    /// Dorian.
    Dorian,
    /// Mixolydian.
    Mixolydian,
    /// Major pentatonic.
    Pentatonic,
    /// Minor pentatonic.
    MinorPentatonic,
    /// Minor pentatonic with the lowered fifth.
    Blues,
    /// Whole tones.
    WholeTone,
}

impl Scale {
    /// Every scale, in menu order.
    pub const ALL: [Self; 10] = [
        Self::Chromatic,
        Self::Major,
        Self::Minor,
        Self::HarmonicMinor,
        Self::Dorian,
        Self::Mixolydian,
        Self::Pentatonic,
        Self::MinorPentatonic,
        Self::Blues,
        Self::WholeTone,
    ];

    /// The word in the menu.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromatic => "All keys",
            Self::Major => "Major",
            Self::Minor => "Minor",
            Self::HarmonicMinor => "Harmonic minor",
            Self::Dorian => "Dorian",
            Self::Mixolydian => "Mixolydian",
            Self::Pentatonic => "Pentatonic",
            Self::MinorPentatonic => "Minor pentatonic",
            Self::Blues => "Blues",
            Self::WholeTone => "Whole tones",
        }
    }

    /// Bit `n` is set where the pitch `n` semitones above the tonic belongs to it.
    pub fn mask(self) -> u16 {
        let steps: &[u16] = match self {
            Self::Chromatic => return 0xfff,
            Self::Major => &[0, 2, 4, 5, 7, 9, 11],
            Self::Minor => &[0, 2, 3, 5, 7, 8, 10],
            Self::HarmonicMinor => &[0, 2, 3, 5, 7, 8, 11],
            Self::Dorian => &[0, 2, 3, 5, 7, 9, 10],
            Self::Mixolydian => &[0, 2, 4, 5, 7, 9, 10],
            Self::Pentatonic => &[0, 2, 4, 7, 9],
            Self::MinorPentatonic => &[0, 3, 5, 7, 10],
            Self::Blues => &[0, 3, 5, 6, 7, 10],
            Self::WholeTone => &[0, 2, 4, 6, 8, 10],
        };
        steps.iter().fold(0, |mask, step| mask | 1 << step)
    }
}

/// The key nearest to `note` whose pitch is in `mask` over `tonic`; the lower one of two.
pub fn held_to_scale(note: u8, tonic: u8, mask: u16) -> u8 {
    let belongs = |key: i16| mask & 1 << (key - i16::from(tonic)).rem_euclid(12) != 0;
    let note = i16::from(note);
    (0..12)
        .flat_map(|away| [note - away, note + away])
        .find(|key| (0..128).contains(key) && belongs(*key))
        .unwrap_or(note) as u8
}

/// The frequency of a key, 440 Hz for the A above middle C; between keys too.
pub fn hz_of_key(key: f32) -> f32 {
    440.0 * ((key - 69.0) / 12.0).exp2()
}

/// The key, between keys too, of a frequency above 0.
pub fn key_of_hz(hz: f32) -> f32 {
    69.0 + 12.0 * (hz / 440.0).log2()
}

/// The name of a key, `C4` for middle C.
pub fn key_name(key: u8) -> String {
    format!("{}{}", PITCH_CLASSES[usize::from(key % 12)], i16::from(key / 12) - 1)
}

/// The names of the twelve pitches above C.
pub const PITCH_CLASSES: [&str; 12] = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_beside_a_scale_play_the_nearest_that_is_in_it() {
        let c_major = Scale::Major.mask();
        assert_eq!(held_to_scale(60, 0, c_major), 60);
        assert_eq!(held_to_scale(61, 0, c_major), 60);
        assert_eq!(held_to_scale(66, 0, c_major), 65);
        assert_eq!(held_to_scale(66, 7, c_major), 66, "F sharp belongs to G major");
        assert_eq!(held_to_scale(126, 0, Scale::Pentatonic.mask()), 127);
        for note in 0..128 {
            assert_eq!(held_to_scale(note, 5, 0xfff), note);
            assert_eq!(held_to_scale(note, 5, 0), note, "a scale without pitches holds nothing");
        }
    }

    #[test]
    fn keys_and_frequencies_lead_to_each_other() {
        assert!((hz_of_key(60.0) - 261.626).abs() < 0.001);
        assert!((key_of_hz(hz_of_key(43.7)) - 43.7).abs() < 1e-4);
        assert_eq!((key_name(60), key_name(0)), ("C4".to_owned(), "C-1".to_owned()));
    }
}
