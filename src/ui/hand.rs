//! Takes apart what a slow frame holds together. A press, a drag and the release of one frame would all be seen at the place
//! where the hand ended: the press would be elsewhere, the drag nowhere. So each comes in a frame of its own, in its order.

use egui::{Context, Event, Plugin, Pos2, RawInput};

/// A hand that shakes by less has not moved, in points.
const SHAKE: f32 = 2.0;

/// Keeps what is for the next frame.
#[derive(Debug, Default)]
pub struct Hand {
    waiting: Vec<Event>,
}

impl Plugin for Hand {
    fn debug_name(&self) -> &'static str {
        "hand"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let waited = self.waiting.len();
        let mut events = std::mem::take(&mut self.waiting);
        events.append(&mut input.events);
        self.waiting = events.split_off(end_of_frame(&events, waited));
        input.events = events;
        if !self.waiting.is_empty() {
            ctx.request_repaint();
        }
    }
}

/// How many of `events` one frame takes; the first `waited` are the rest of the frame before.
fn end_of_frame(events: &[Event], waited: usize) -> usize {
    let mut pressed: Option<Pos2> = None;
    let mut moved = false;
    for (index, event) in events.iter().enumerate() {
        match event {
            Event::PointerButton { pressed: true, pos, .. } => {
                if pressed.is_some() || moved && index < waited {
                    return index;
                }
                pressed = Some(*pos);
            }
            // A press and its end; a drag that waited and its end.
            Event::PointerButton { pressed: false, .. } if pressed.is_some() || moved && index < waited => {
                return index;
            }
            Event::PointerMoved(pos) => match pressed {
                Some(at) if at.distance(*pos) > SHAKE => return index,
                _ => moved = true,
            },
            _ => {}
        }
    }
    events.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Modifiers, PointerButton, pos2};

    fn button(x: f32, pressed: bool) -> Event {
        Event::PointerButton {
            pos: pos2(x, 0.0),
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        }
    }

    fn moved(x: f32) -> Event {
        Event::PointerMoved(pos2(x, 0.0))
    }

    /// How many events each frame gets when all come at once.
    fn frames(events: &[Event]) -> Vec<usize> {
        let (mut rest, mut waited, mut frames) = (events.to_vec(), 0, Vec::new());
        while !rest.is_empty() {
            let end = end_of_frame(&rest, waited);
            assert!(end > 0, "a frame without an event would never end: {rest:?}");
            frames.push(end);
            rest.drain(..end);
            waited = rest.len();
        }
        frames
    }

    #[test]
    fn a_press_a_drag_and_its_end_come_one_after_the_other() {
        let drag = [
            moved(0.0),
            button(0.0, true),
            moved(40.0),
            moved(80.0),
            button(80.0, false),
        ];
        assert_eq!(frames(&drag), [2, 2, 1]);
        let click = [moved(0.0), button(0.0, true), moved(1.0), button(1.0, false)];
        assert_eq!(frames(&click), [3, 1]);
        let twice = [
            button(0.0, true),
            button(0.0, false),
            button(0.0, true),
            button(0.0, false),
        ];
        assert_eq!(frames(&twice), [1, 2, 1]);
        let letter = Event::Text("r".into());
        assert_eq!(
            frames(&[button(0.0, true), letter.clone(), letter]),
            [3],
            "nothing is lost there"
        );
        assert_eq!(
            frames(&[moved(0.0), button(0.0, false)]),
            [2],
            "a drag of many frames ends at once"
        );
    }
}
