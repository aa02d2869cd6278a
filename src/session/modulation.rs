//! What moves a control by itself: a slow wave, or how loud the sound is.

use super::MidiTarget;
use serde::{Deserialize, Serialize};

/// One mover of one control.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Modulator {
    /// What moves it.
    pub source: ModulationSource,
    /// What is moved.
    pub target: MidiTarget,
    /// Where it stands in the middle, 0..=1 of the control's range.
    pub centre: f32,
    /// How far it is moved to both sides, -1..=1 of the range.
    pub depth: f32,
    /// Whether it moves at all.
    pub on: bool,
}

/// What moves a control.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum ModulationSource {
    /// A wave of so many beats of the clock.
    Wave {
        /// Its form.
        shape: WaveShape,
        /// Its length.
        beats: f32,
    },
    /// The level of what is heard.
    Level,
}

/// The form of a wave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaveShape {
    /// Round.
    #[default]
    Sine,
    /// Up and down in straight lines.
    Triangle,
    /// Up, and back at once.
    Ramp,
    /// One side, then the other.
    Square,
}

impl WaveShape {
    /// Every form, in menu order.
    pub const ALL: [Self; 4] = [Self::Sine, Self::Triangle, Self::Ramp, Self::Square];

    /// The word in the menu.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sine => "Sine",
            Self::Triangle => "Triangle",
            Self::Ramp => "Ramp",
            Self::Square => "Square",
        }
    }

    /// -1..=1 at `phase`, in rounds.
    pub fn at(self, phase: f64) -> f32 {
        let phase = phase.rem_euclid(1.0) as f32;
        match self {
            Self::Sine => (std::f32::consts::TAU * phase).sin(),
            Self::Triangle => 1.0 - 4.0 * ((phase + 0.25).fract() - 0.5).abs(),
            Self::Ramp => 2.0 * phase - 1.0,
            Self::Square => {
                if phase < 0.5 {
                    1.0
                } else {
                    -1.0
                }
            }
        }
    }
}

impl Default for Modulator {
    fn default() -> Self {
        Self {
            source: ModulationSource::Wave {
                shape: WaveShape::Sine,
                beats: 8.0,
            },
            target: MidiTarget::MapX,
            centre: 0.5,
            depth: 0.3,
            on: true,
        }
    }
}

impl Modulator {
    /// Where it puts the control, 0..=1 of its range, at `beat` of the clock and `level` (0..=1) of what is heard.
    pub fn value(&self, beat: f64, level: f32) -> f32 {
        let moved = match self.source {
            ModulationSource::Wave { shape, beats } => shape.at(beat / f64::from(beats.max(0.05))),
            ModulationSource::Level => 2.0 * level.clamp(0.0, 1.0) - 1.0,
        };
        (self.centre + self.depth * moved).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_stay_in_range_and_come_back_after_their_beats() {
        for shape in WaveShape::ALL {
            let values: Vec<f32> = (0..200).map(|step| shape.at(f64::from(step) / 100.0)).collect();
            assert!(values.iter().all(|value| (-1.0..=1.0).contains(value)), "{shape:?}");
            assert!(
                values.iter().copied().fold(-1.0, f32::max) > 0.95
                    && values.iter().copied().fold(1.0, f32::min) < -0.95
            );
            assert!((values[30] - values[130]).abs() < 1e-3);
        }
        assert!(WaveShape::Triangle.at(0.0).abs() < 1e-6 && WaveShape::Sine.at(0.0).abs() < 1e-6);
    }

    #[test]
    fn a_modulator_moves_round_its_centre_and_the_level_moves_it_too() {
        let slow = Modulator::default();
        assert!((slow.value(2.0, 0.0) - 0.8).abs() < 1e-5);
        assert!((slow.value(6.0, 0.0) - 0.2).abs() < 1e-5);
        let follower = Modulator {
            source: ModulationSource::Level,
            ..slow
        };
        assert!(follower.value(0.0, 1.0) > follower.value(0.0, 0.2));
    }
}
