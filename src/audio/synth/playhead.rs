//! Real-time: a position in a source, in frames, and how it moves.

use crate::audio::Mode;
use std::ops::Range;

/// How far a one-shot's playhead runs past the end, so that voices which lag behind it sound to theirs.
const OVERRUN_FRAMES: f64 = 16.0;

/// Position of one reader. Length and position are in frames of the band axis.
#[derive(Clone, Copy, Debug)]
pub struct Playhead {
    frames: f64,
    begin_frames: f64,
    end_frames: f64,
    ended: bool,
}

impl Playhead {
    /// At `fraction` (0..1) of the frames of `extent`.
    pub fn new(fraction: f32, extent: Range<f64>) -> Self {
        let fraction = if fraction.is_finite() {
            f64::from(fraction.clamp(0.0, 1.0))
        } else {
            0.0
        };
        let frames = extent.start + fraction * (extent.end - extent.start);
        Self {
            frames: if frames < extent.end { frames } else { extent.start },
            begin_frames: extent.start,
            end_frames: extent.end,
            ended: false,
        }
    }

    /// At `frames`, wrapped into `extent`.
    pub fn at_frames(frames: f64, extent: Range<f64>) -> Self {
        Self {
            frames: wrapped(frames, &extent),
            begin_frames: extent.start,
            end_frames: extent.end,
            ended: false,
        }
    }

    /// The position in frames.
    pub fn frames(&self) -> f64 {
        self.frames
    }

    /// The position, 0..1.
    pub fn fraction(&self) -> f32 {
        ((self.frames - self.begin_frames) / (self.end_frames - self.begin_frames).max(1.0)).clamp(0.0, 1.0) as f32
    }

    /// The source has grown to `extent`, or let go of its beginning; the position stays.
    pub fn lengthen(&mut self, extent: Range<f64>) {
        self.frames = self.frames.max(extent.start);
        (self.begin_frames, self.end_frames) = (extent.start, extent.end);
    }

    /// Whether a one-shot has reached its end.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Moves on by one hop at `speed`; true when a one-shot ends in it.
    pub fn advance(&mut self, mode: Mode, speed: f32) -> bool {
        match mode {
            Mode::Freeze => false,
            Mode::Loop => {
                self.ended = false;
                self.frames = wrapped(self.frames + f64::from(speed), &(self.begin_frames..self.end_frames));
                false
            }
            Mode::OneShot => {
                let had_ended = self.ended;
                self.frames = (self.frames + f64::from(speed)).min(self.end_frames + OVERRUN_FRAMES);
                self.ended = self.frames >= self.end_frames;
                self.ended && !had_ended
            }
        }
    }
}

fn wrapped(frames: f64, extent: &Range<f64>) -> f64 {
    extent.start + (frames - extent.start).rem_euclid((extent.end - extent.start).max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_never_leaves_its_source(
            start in -1.0f32..2.0, len in 1usize..2000, steps in prop::collection::vec((0u8..3, 0.25f32..4.0), 0..200),
        ) {
            let mut head = Playhead::new(start, 0.0..len as f64);
            for (mode, speed) in steps {
                head.advance([Mode::Loop, Mode::OneShot, Mode::Freeze][usize::from(mode)], speed);
                prop_assert!(head.frames() >= 0.0 && (head.ended() || head.frames() < len as f64));
                prop_assert!((0.0..=1.0).contains(&head.fraction()));
            }
        }
    }

    #[test]
    fn a_row_that_lets_go_of_its_beginning_keeps_its_place_and_wraps_to_what_is_left() {
        let mut head = Playhead::at_frames(95.0, 0.0..100.0);
        head.lengthen(60.0..140.0);
        assert_eq!(head.frames(), 95.0);
        (0..50).for_each(|_| _ = head.advance(Mode::Loop, 1.0));
        assert_eq!(head.frames(), 65.0);
        assert_eq!(Playhead::at_frames(30.0, 60.0..140.0).frames(), 110.0);
    }

    #[test]
    fn a_one_shot_ends_once_and_a_loop_revives_it() {
        let mut head = Playhead::new(0.0, 0.0..10.0);
        let ends = (0..30).filter(|_| head.advance(Mode::OneShot, 1.0)).count();
        assert_eq!(ends, 1);
        assert!(head.ended());
        head.advance(Mode::Loop, 1.0);
        assert!(!head.ended());
    }
}
