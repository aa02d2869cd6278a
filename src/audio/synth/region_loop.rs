//! Real-time: a loop round a part of a source. Where it goes round, what comes before its beginning fades in over what comes before
//! its end, so that it is at its beginning, whole, in the moment in which it would have been at its end.

use super::controls::Controls;
use crate::values::LoopRegion;
use std::ops::Range;

/// A source has no room for a loop of fewer frames: .1 s.
const SHORTEST_FRAMES: f64 = 17.0;

/// The region that is asked for, whatever sounds.
#[derive(Clone, Copy, Debug)]
pub struct AskedRegion {
    region: Option<LoopRegion>,
    start_secs: Option<f32>,
    hop_secs: f64,
}

/// The region in the frames of one source.
#[derive(Clone, Copy, Debug)]
pub struct RegionLoop {
    begin: f64,
    end: f64,
    /// Where a playhead may be on its way into it: the start point, or its beginning.
    from: f64,
}

impl AskedRegion {
    /// As `controls` say.
    pub fn of(controls: &Controls) -> Self {
        Self {
            region: controls.region(),
            start_secs: controls.start_secs(),
            hop_secs: controls.hop_secs,
        }
    }

    /// In a source that has the frames `extent`; `None` where all of it loops.
    pub fn within(&self, extent: &Range<f64>) -> Option<RegionLoop> {
        let frame = |secs: f32| extent.start + f64::from(secs) / self.hop_secs;
        let region = self.region?;
        let begin = frame(region.begin_secs).max(extent.start);
        let end = frame(region.end_secs).min(extent.end);
        let is_whole = begin <= extent.start && end >= extent.end;
        if is_whole || end - begin < SHORTEST_FRAMES {
            return None;
        }
        let start = self.start_secs.map(frame);
        let from = start.filter(|start| (extent.start..begin).contains(start));
        Some(RegionLoop {
            begin,
            end,
            from: from.unwrap_or(begin),
        })
    }
}

impl RegionLoop {
    /// The frames that it goes round.
    pub fn extent(&self) -> Range<f64> {
        self.begin..self.end
    }

    /// `frames`, or where it would have come by now had it always gone round.
    pub fn inside(&self, frames: f64) -> f64 {
        if (self.from..self.end).contains(&frames) {
            frames
        } else {
            self.begin + (frames - self.begin).rem_euclid(self.end - self.begin)
        }
    }

    /// Where a playhead at `frames` has to go on, where it has to, while a fade lasts `lead` frames.
    pub fn jump(&self, frames: f64, lead: f64) -> Option<f64> {
        // A frame of room: fractions of frames do not add up.
        let is_before = frames < self.from - 1.0;
        if !is_before && frames < self.end - lead {
            return None;
        }
        let next = self.begin + (frames - self.begin).rem_euclid(self.end - self.begin);
        let is_at_the_end = next >= self.end - lead;
        Some(if is_at_the_end {
            next - (self.end - self.begin)
        } else {
            next
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(begin_secs: f32, end_secs: f32, start_secs: Option<f32>) -> AskedRegion {
        AskedRegion {
            region: Some(LoopRegion { begin_secs, end_secs }),
            start_secs,
            hop_secs: 0.01,
        }
    }

    #[test]
    fn it_goes_round_by_its_own_length_at_any_speed() {
        let region = asked(1.0, 1.5, None).within(&(0.0..300.0)).unwrap();
        for speed in [0.25, 1.0, 1.7, 4.0] {
            let lead = 8.0 * speed;
            let (mut head, mut moved, mut rounds, mut faded) = (100.0, 0.0f64, 0.0, 8);
            for _ in 0..4_000 {
                head += speed;
                moved += speed;
                faded += 1;
                if faded >= 8
                    && let Some(next) = region.jump(head, lead)
                {
                    assert!(
                        next < 100.0 + 1e-6 && next >= 100.0 - lead - 1e-6 || speed == 4.0,
                        "{next}"
                    );
                    rounds += ((head - next) / 50.0).round();
                    assert!(((head - next) / 50.0).fract().abs() < 1e-9, "by whole rounds");
                    (head, faded) = (next, 0);
                }
                assert!((50.0..150.0 + lead).contains(&head), "{head} at {speed}");
            }
            assert!((moved - rounds * 50.0 + 100.0 - head).abs() < 1e-6);
        }
    }

    #[test]
    fn what_is_elsewhere_comes_in_but_may_come_from_the_start_point() {
        let region = asked(1.0, 1.5, None).within(&(0.0..300.0)).unwrap();
        assert_eq!(region.jump(20.0, 8.0), Some(120.0));
        assert_eq!(region.inside(299.0), 149.0);
        let region = asked(1.0, 1.5, Some(0.2)).within(&(0.0..300.0)).unwrap();
        assert_eq!((region.jump(20.0, 8.0), region.jump(99.0, 8.0)), (None, None));
        assert_eq!(region.jump(10.0, 8.0), Some(110.0));
        assert_eq!(region.inside(21.0), 21.0);
    }

    #[test]
    fn a_source_without_room_for_it_loops_as_a_whole() {
        assert!(asked(0.0, 3.0, None).within(&(0.0..300.0)).is_none());
        assert!(asked(2.9, 9.0, None).within(&(0.0..300.0)).is_none());
        let late = asked(0.5, 9.0, None).within(&(40.0..300.0)).unwrap();
        assert_eq!(late.extent(), 90.0..300.0);
    }
}
