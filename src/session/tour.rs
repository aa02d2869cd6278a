//! The first minute: one sentence at a time, each of which gives way once the hand has done what it says.

use super::{Command, FileAsk, Gesture, PlayMode};

/// A step of the tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tour {
    /// Done by pressing on the map.
    Click,
    /// Done by moving on with the button held.
    Drag,
    /// Done by moving or soloing a fader.
    Genre,
    /// Done by holding the notes, or by letting them go.
    Hold,
    /// Done by choosing a place on the emotion pad.
    Mood,
    /// Done by choosing the mode that goes on without end.
    Endless,
    /// Done by choosing a folder of music, inspecting it or training on it, or by going on to something else.
    OwnMusic,
}

impl Tour {
    /// In the order they are shown.
    pub const STEPS: [Self; 7] = [
        Self::Click,
        Self::Drag,
        Self::Genre,
        Self::Hold,
        Self::Mood,
        Self::Endless,
        Self::OwnMusic,
    ];

    /// Its place in [`STEPS`](Self::STEPS), from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// What to do, and what then happens.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Click => (
                "Click a point.",
                "Each one is three seconds of a clip; near points sound alike.",
            ),
            Self::Drag => (
                "Now keep the button down and drag.",
                "The sound morphs under your hand. Between points it is a blend that nobody has recorded.",
            ),
            Self::Genre => (
                "Slide a genre, at the right.",
                "It leads to the nearest recording that really is of that genre. \"As recorded\" brings the clip's own labels back.",
            ),
            Self::Hold => (
                "Press Hold notes, below, and slide the genre again.",
                "Now the notes stay and only how they sound follows the genre. Press it again to let them go.",
            ),
            Self::Mood => (
                "Press the mood pad.",
                "Dark to bright across, calm to energetic upwards; double click to let go.",
            ),
            Self::Endless => (
                "Press Endless, below.",
                "The music goes on for as long as you like, with rare jumps at beats to what continues alike.",
            ),
            Self::OwnMusic => (
                "Bring your own music.",
                "Drop a folder on the window: after a minute its map is here and plays; training then makes it better.",
            ),
        }
    }

    /// The step after this one; `None` after the last.
    pub fn next(self) -> Option<Self> {
        Self::STEPS.get(self.number()).copied()
    }

    /// Whether `command` is what this step asks for.
    pub fn is_done_by(self, command: &Command) -> bool {
        match self {
            Self::Click => matches!(command, Command::Play(_, Gesture::Begin)),
            Self::Drag => matches!(command, Command::Play(_, Gesture::Continue)),
            Self::Genre => matches!(command, Command::SetFader { .. } | Command::SoloGenre(_)),
            Self::Hold => matches!(command, Command::SetHoldContent(_)),
            Self::Mood => matches!(command, Command::SetEmotion(Some(_))),
            Self::Endless => matches!(command, Command::SetMode(PlayMode::Endless)),
            Self::OwnMusic => matches!(
                command,
                Command::Train { .. }
                    | Command::Inspect(_)
                    | Command::Chosen(FileAsk::MusicFolder, _)
                    | Command::SetDetail(_)
                    | Command::SetSpeed(_)
                    | Command::AddPin(_)
                    | Command::ToggleRecording
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_done_by_its_own_gesture_and_the_last_ends_it() {
        let gestures = [
            Command::Play(
                crate::session::PlayPoint::Chunk(crate::values::ChunkId(0)),
                Gesture::Begin,
            ),
            Command::Play(
                crate::session::PlayPoint::Chunk(crate::values::ChunkId(0)),
                Gesture::Continue,
            ),
            Command::SoloGenre(1),
            Command::SetHoldContent(true),
            Command::SetEmotion(Some((0.5, 0.5))),
            Command::SetMode(PlayMode::Endless),
            Command::Inspect("music".into()),
        ];
        let mut step = Some(Tour::Click);
        for (number, done) in gestures.iter().enumerate() {
            let now = step.expect("there is a step for every gesture");
            assert_eq!(now.number(), number + 1);
            for (other, gesture) in gestures.iter().enumerate() {
                assert_eq!(now.is_done_by(gesture), other == number, "{now:?}, {gesture:?}");
            }
            assert!(now.is_done_by(done));
            step = now.next();
        }
        assert_eq!(step, None);
    }
}
