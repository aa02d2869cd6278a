//! What was recorded by hand: to play, to call otherwise, to find and to paste elsewhere.

use super::controls::{caption, elided, heading, hint, icon_button};
use super::icon::Icon;
use super::tokens::{colours, radius, size, space, type_scale};
use crate::session::{Command, Commands, RecordedTake, Session};
use egui::accesskit::Role;
use egui::{CursorIcon, Key, Rect, Sense, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use std::path::PathBuf;

/// Takes that are shown before one asks for the rest.
const SHOWN: usize = 6;

/// What the list remembers between frames.
#[derive(Debug, Default)]
pub struct TakesState {
    /// The take that is called otherwise, and what was typed so far.
    renamed: Option<(PathBuf, String)>,
    all: bool,
}

/// Draws the list.
pub fn show(ui: &mut Ui, session: &Session, state: &mut TakesState, commands: &mut Commands) {
    let takes = &session.takes;
    ui.horizontal(|ui| {
        heading(ui, "Takes");
        if !takes.is_empty() {
            caption(ui, takes.len().to_string());
        }
    });
    if takes.is_empty() {
        hint(
            ui,
            "Press the red button under the map, or R: what you hear becomes a WAV file and stands here.",
        );
        return;
    }
    ui.spacing_mut().item_spacing.y = 3.0;
    let shown = if state.all { takes.len() } else { SHOWN };
    let mut said: Option<String> = None;
    for (index, take) in takes.iter().enumerate().take(shown) {
        let (day, _) = take.day_and_rest();
        if day.is_some() && day != said {
            caption(ui, day.clone().unwrap_or_default());
        }
        said = day;
        match &state.renamed {
            Some((path, _)) if *path == take.path => rename(ui, index, state, commands),
            _ => row(ui, index, take, state, commands),
        }
    }
    if takes.len() > SHOWN {
        let text = if state.all {
            "Fewer".to_owned()
        } else {
            format!("All {}", takes.len())
        };
        if ui.button(text).clicked() {
            state.all = !state.all;
        }
    }
}

fn row(ui: &mut Ui, index: usize, take: &RecordedTake, state: &mut TakesState, commands: &mut Commands) {
    const BUTTONS: f32 = 3.0 * size::ROW + 2.0 * space::HAIR;
    let name = take.name();
    let (whole, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
    let words = whole.with_max_x(whole.right() - BUTTONS - space::TIGHT);
    play(ui, words, index, take, commands);
    let buttons = UiBuilder::new()
        .max_rect(whole.with_min_x(whole.right() - BUTTONS))
        .id_salt(("take", index));
    ui.scope_builder(buttons, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::HAIR;
            if icon_button(ui, Icon::Pencil, &format!("Rename {name}"), false).clicked() {
                state.renamed = Some((take.path.clone(), name.clone()));
            }
            if icon_button(ui, Icon::Folder, &format!("Show {name} in the file manager"), false).clicked() {
                commands.push(Command::Reveal(take.path.clone()));
            }
            let copy = format!("Copy {name} as a file, to paste it into a file manager or another program");
            if icon_button(ui, Icon::Copy, &copy, false).clicked() {
                commands.push(Command::CopyTake(index));
            }
        });
    });
}

/// The name and the length: a click plays it.
fn play(ui: &Ui, rect: Rect, index: usize, take: &RecordedTake, commands: &mut Commands) {
    let c = colours(ui);
    let name = take.name();
    let response = ui.interact(rect, ui.scope_id().with(("play take", index)), Sense::click());
    let fill = if response.hovered() { c.control_hot } else { c.control };
    ui.painter().rect_filled(rect, radius::CONTROL, fill);
    if response.has_focus() {
        let ring = Stroke::new(1.5, c.accent);
        ui.painter()
            .rect_stroke(rect, radius::CONTROL, ring, StrokeKind::Outside);
    }
    let sign = Rect::from_center_size(pos2(rect.left() + 11.0, rect.center().y), vec2(9.0, 9.0));
    Icon::Play.paint(ui.painter(), sign, c.weak);
    let secs = take.secs.round() as u64;
    let length = ui
        .painter()
        .layout_no_wrap(format!("{}:{:02}", secs / 60, secs % 60), type_scale::figures(), c.weak);
    let right = rect.right() - space::SNUG - length.size().x;
    ui.painter()
        .galley(pos2(right, rect.center().y - 0.5 * length.size().y), length, c.weak);
    let left = rect.left() + 21.0;
    let (_, short) = take.day_and_rest();
    let title = elided(
        ui.painter(),
        &short,
        type_scale::body(),
        c.text,
        right - left - space::TIGHT,
    );
    ui.painter()
        .galley(pos2(left, rect.center().y - 0.5 * title.size().y), title, c.text);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Play the take {name}")));
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    if response.on_hover_text(format!("Play {name}")).clicked() {
        commands.push(Command::PlayTake(index));
    }
}

/// A field in place of the row: Enter keeps what was typed, Escape what was there.
fn rename(ui: &mut Ui, index: usize, state: &mut TakesState, commands: &mut Commands) {
    let Some((_, text)) = &mut state.renamed else {
        return;
    };
    let field = ui
        .add(TextEdit::singleline(text).desired_width(f32::INFINITY))
        .accessible_name("New name of the take");
    let (entered, escaped) = ui.input(|input| (input.key_pressed(Key::Enter), input.key_pressed(Key::Escape)));
    if field.lost_focus() || entered || escaped {
        if !escaped {
            let name = std::mem::take(text);
            commands.push(Command::RenameTake { index, name });
        }
        state.renamed = None;
    } else if !field.has_focus() {
        field.request_focus();
    }
}
