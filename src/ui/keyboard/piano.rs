//! A keyboard to look at and to play with the pointer: lower on a key is harder.

use super::state::KeyboardState;
use crate::session::{Command, Commands, Session};
use crate::ui::tokens::{colours, type_scale};
use crate::values::{KeyChange, KeyEvent, key_name};
use egui::accesskit::Role;
use egui::{Align2, Color32, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Octaves that are shown, one of them below the computer's.
const OCTAVES: u8 = 5;
/// White keys in an octave.
const WHITE: f32 = 7.0;
/// Where each of the twelve keys begins, in white keys, and whether it is black.
const PLACES: [(f32, bool); 12] = [
    (0.0, false),
    (0.6, true),
    (1.0, false),
    (1.8, true),
    (2.0, false),
    (3.0, false),
    (3.55, true),
    (4.0, false),
    (4.7, true),
    (5.0, false),
    (5.85, true),
    (6.0, false),
];
/// Size of a black key beside a white one.
const BLACK: (f32, f32) = (0.6, 0.62);

/// Draws it into what room there is.
pub fn show(ui: &mut Ui, session: &Session, state: &mut KeyboardState, commands: &mut Commands) {
    let room = ui.available_size();
    let (rect, response) = ui.allocate_exact_size(room, Sense::click_and_drag());
    let lowest = 12 * session.settings.keys.octave;
    let highest = (lowest + 12 * OCTAVES).min(127);
    let board = Board { rect, lowest, highest };
    let pointer = response
        .interact_pointer_pos()
        .filter(|_| response.is_pointer_button_down_on());
    let pointed = pointer.and_then(|place| board.key_at(place));
    if pointed != state.pointed {
        let mut tell = |change: KeyChange| commands.push(Command::Key(KeyEvent { channel: 0, change }));
        if let Some(note) = state.pointed {
            tell(KeyChange::Off { note });
        }
        if let (Some(note), Some(place)) = (pointed, pointer) {
            let velocity = ((place.y - rect.top()) / rect.height()).clamp(0.15, 1.0);
            tell(KeyChange::On { note, velocity });
        }
        state.pointed = pointed;
    }
    let name = format!("Keyboard from {} to {}", key_name(lowest), key_name(highest));
    response.widget_info(|| WidgetInfo::labeled(Role::Group, ui.is_enabled(), &name));
    if ui.is_rect_visible(rect) {
        board.paint(ui, session);
    }
}

/// The keys that are shown and where.
struct Board {
    rect: Rect,
    lowest: u8,
    highest: u8,
}

impl Board {
    fn white_width(&self) -> f32 {
        let octaves = f32::from(self.highest - self.lowest) / 12.0;
        self.rect.width() / (octaves.floor() * WHITE + if octaves.fract() > 0.0 { 5.0 } else { 1.0 })
    }

    fn rect_of(&self, key: u8) -> Rect {
        let above = key - self.lowest;
        let (place, is_black) = PLACES[usize::from(above % 12)];
        let width = self.white_width();
        let left = self.rect.left() + (f32::from(above / 12) * WHITE + place) * width;
        let (share, depth) = if is_black { BLACK } else { (1.0, 1.0) };
        Rect::from_min_size(
            pos2(left, self.rect.top()),
            vec2(width * share, self.rect.height() * depth),
        )
    }

    fn keys(&self, black: bool) -> impl Iterator<Item = u8> + use<> {
        (self.lowest..=self.highest).filter(move |key| PLACES[usize::from(key % 12)].1 == black)
    }

    /// Black keys lie on top.
    fn key_at(&self, place: Pos2) -> Option<u8> {
        let hit = |key: &u8| self.rect_of(*key).contains(place);
        self.keys(true).find(hit).or_else(|| self.keys(false).find(hit))
    }

    fn paint(&self, ui: &Ui, session: &Session) {
        let c = colours(ui);
        let painter = ui.painter().with_clip_rect(self.rect);
        let root = session.keys.root.key.round() as u8;
        for black in [false, true] {
            for key in self.keys(black) {
                let rect = self.rect_of(key).shrink2(vec2(0.5, 0.0));
                let rest = if black {
                    c.ground
                } else {
                    Color32::from_gray(if ui.visuals().dark_mode { 196 } else { 252 })
                };
                let held = session.keys.held.contains(&key);
                let fill = if held { c.accent } else { rest };
                painter.rect_filled(rect, 2.0, fill);
                painter.rect_stroke(rect, 2.0, Stroke::new(0.5, c.line), StrokeKind::Inside);
                let bottom = rect.center_bottom() - vec2(0.0, 9.0);
                if key == root {
                    painter.circle_filled(
                        bottom - vec2(0.0, if black { 0.0 } else { 10.0 }),
                        3.0,
                        if held { c.on_accent } else { c.accent },
                    );
                }
                if !black && key % 12 == 0 {
                    let ink = Color32::from_gray(90);
                    painter.text(bottom, Align2::CENTER_CENTER, key_name(key), type_scale::caption(), ink);
                }
            }
        }
    }
}
