//! The keys of the computer, in two rows as on many instruments: Z is a C, Q the C above it.

use super::state::KeyboardState;
use crate::session::{Command, Commands, Session};
use crate::values::{KeyChange, KeyEvent};
use egui::{Context, Event, Key};

/// What computer keys play, in semitones above the lower row's C.
const ROWS: &[(Key, u8)] = &[
    (Key::Z, 0),
    (Key::S, 1),
    (Key::X, 2),
    (Key::D, 3),
    (Key::C, 4),
    (Key::V, 5),
    (Key::G, 6),
    (Key::B, 7),
    (Key::H, 8),
    (Key::N, 9),
    (Key::J, 10),
    (Key::M, 11),
    (Key::Q, 12),
    (Key::Num2, 13),
    (Key::W, 14),
    (Key::Num3, 15),
    (Key::E, 16),
    (Key::R, 17),
    (Key::Num5, 18),
    (Key::T, 19),
    (Key::Num6, 20),
    (Key::Y, 21),
    (Key::Num7, 22),
    (Key::U, 23),
    (Key::I, 24),
    (Key::Num9, 25),
    (Key::O, 26),
    (Key::Num0, 27),
    (Key::P, 28),
];

/// How hard a computer key is struck.
const VELOCITY: f32 = 0.8;

/// Takes the notes out of what was typed. They begin only where `may_begin`; they always end.
pub fn read(ctx: &Context, session: &Session, state: &mut KeyboardState, may_begin: bool, commands: &mut Commands) {
    if !session.keys.on {
        state.down.clear();
        return;
    }
    let lowest = 12 * (session.settings.keys.octave + 1);
    let mut octave = 0i8;
    ctx.input_mut(|input| {
        if !input.focused {
            release_all(state, commands);
        }
        input.events.retain(|event| {
            let Event::Key {
                key,
                physical_key,
                pressed,
                repeat,
                modifiers,
            } = event
            else {
                return true;
            };
            let place = physical_key.unwrap_or(*key);
            if !pressed {
                return !release(place, state, commands);
            }
            if !may_begin || modifiers.any() && !modifiers.shift_only() {
                return true;
            }
            match place {
                Key::PageUp => octave += 1,
                Key::PageDown => octave -= 1,
                _ => {
                    let Some((_, above)) = ROWS.iter().find(|(own, _)| *own == place) else {
                        return true;
                    };
                    if !repeat && state.down.iter().all(|(own, _)| *own != place) {
                        let note = (lowest + above).min(127);
                        state.down.push((place, note));
                        commands.push(key_command(KeyChange::On {
                            note,
                            velocity: VELOCITY,
                        }));
                    }
                }
            }
            false
        });
        // A letter of a note is no text either.
        if may_begin {
            input.events.retain(|event| !matches!(event, Event::Text(_)));
        }
    });
    if octave != 0 {
        let mut keys = session.settings.keys;
        keys.octave = keys.octave.saturating_add_signed(octave).clamp(1, 8);
        commands.push(Command::SetKeys(keys));
    }
}

fn release(place: Key, state: &mut KeyboardState, commands: &mut Commands) -> bool {
    let Some(index) = state.down.iter().position(|(own, _)| *own == place) else {
        return false;
    };
    let (_, note) = state.down.remove(index);
    if state.down.iter().all(|(_, other)| *other != note) {
        commands.push(key_command(KeyChange::Off { note }));
    }
    true
}

/// A window without the keyboard hears of no key that is let go.
fn release_all(state: &mut KeyboardState, commands: &mut Commands) {
    for (_, note) in state.down.drain(..) {
        commands.push(key_command(KeyChange::Off { note }));
    }
}

fn key_command(change: KeyChange) -> Command {
    Command::Key(KeyEvent { channel: 0, change })
}
