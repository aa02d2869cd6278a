//! What a hand does on the map: press to play, drag to morph, draw, pan, zoom, frame what to look at.

use super::{MapState, Tool, nearest};
use crate::session::{Command, Commands, Gesture, LayoutView, PlayPoint, resample_path};
use crate::values::MapPoint;
use egui::{CursorIcon, Event, Key, PointerButton, Response, Ui};
use egui_plot::PlotTransform;

/// Distance in points within which a press means the point itself.
const SNAP: f32 = 9.0;

/// Reads the pointer over the plot and gives orders.
pub fn handle(
    ui: &Ui,
    response: &Response,
    transform: &PlotTransform,
    layout: &LayoutView,
    state: &mut MapState,
    commands: &mut Commands,
) {
    let view_of = |pos| {
        let value = transform.value_from_position(pos);
        [value.x as f32, value.y as f32]
    };
    zoom(ui, response, &view_of, state);

    let space_held = ui.input(|input| input.key_down(Key::Space)) && !ui.ctx().egui_wants_keyboard_input();
    let panning =
        response.dragged_by(PointerButton::Middle) || (space_held && response.dragged_by(PointerButton::Primary));
    if panning {
        let scale = [transform.dpos_dvalue_x() as f32, transform.dpos_dvalue_y() as f32];
        let delta = response.drag_delta();
        state.camera.pan([delta.x / scale[0], delta.y / scale[1]]);
        state.panned_with_space |= space_held;
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        return;
    }
    if space_held && response.hovered() {
        ui.ctx().set_cursor_icon(CursorIcon::Grab);
        return;
    }

    if frame(ui, response, &view_of, state) {
        return;
    }
    let drawing = state.tool == Tool::Draw || ui.input(|input| input.modifiers.alt);
    let (pressed, released) = ui.input(|input| {
        (
            input.pointer.button_pressed(PointerButton::Primary),
            input.pointer.button_released(PointerButton::Primary),
        )
    });
    let pointer = response.interact_pointer_pos().or(response.hover_pos());
    // Something over the map may have taken the press.
    if pressed && response.contains_pointer() && pointer.is_some() {
        state.stroke = drawing.then(Vec::new);
        state.playing_hand = !drawing;
        if let (Some(pos), false) = (pointer, drawing) {
            begin(pos, view_of(pos), transform, layout, state, commands);
        }
    } else if let Some(pos) = pointer
        && response.is_pointer_button_down_on()
    {
        let view = view_of(pos);
        if let Some(stroke) = &mut state.stroke {
            // A slow frame holds many moves, and each is a part of the path.
            let moves = ui.input(|input| {
                let moved = |event: &Event| match event {
                    Event::PointerMoved(pos) => Some(*pos),
                    _ => None,
                };
                input.events.iter().filter_map(moved).collect::<Vec<_>>()
            });
            stroke.extend(moves.into_iter().map(|pos| layout.map_from_view(view_of(pos))));
            stroke.push(layout.map_from_view(view));
        } else if state.playing_hand && state.last_played.is_none_or(|last| last != view) {
            state.last_played = Some(view);
            state.trail.push(view, ui.input(|input| input.time));
            let point = PlayPoint::At(layout.map_from_view(view));
            commands.push(Command::Play(point, Gesture::Continue));
        }
    }
    if released {
        finish(layout, state, commands);
    }
}

/// A frame round what one wants to see: with its tool, or with Shift. Whether the hand is at it.
fn frame(ui: &Ui, response: &Response, view_of: &impl Fn(egui::Pos2) -> [f32; 2], state: &mut MapState) -> bool {
    /// A smaller frame is a click.
    const LEAST: f32 = 6.0;
    let (pressed, released, shift) = ui.input(|input| {
        (
            input.pointer.button_pressed(PointerButton::Primary),
            input.pointer.button_released(PointerButton::Primary),
            input.modifiers.shift,
        )
    });
    let wanted = state.tool == Tool::Look || shift;
    if wanted && response.hovered() {
        ui.ctx().set_cursor_icon(CursorIcon::Crosshair);
    }
    let pointer = response.interact_pointer_pos().or(response.hover_pos());
    if wanted && pressed && response.contains_pointer() && !state.playing_hand {
        state.frame = pointer.map(|pos| [pos, pos]);
    }
    let Some([from, to]) = &mut state.frame else {
        return false;
    };
    if let Some(pos) = pointer {
        *to = pos;
    }
    if released {
        let (from, to) = (*from, *to);
        state.frame = None;
        if (to - from).abs().min_elem() >= LEAST {
            state.tool = Tool::Play;
            state.look_at([view_of(from), view_of(to)].into_iter());
        }
    }
    true
}

fn begin(
    pos: egui::Pos2,
    view: [f32; 2],
    transform: &PlotTransform,
    layout: &LayoutView,
    state: &mut MapState,
    commands: &mut Commands,
) {
    state.last_played = Some(view);
    state.trail.clear();
    let point = match nearest::on_screen(layout, transform, pos, state.visible.shown.as_ref(), SNAP) {
        Some(chunk) => PlayPoint::Chunk(chunk),
        None => PlayPoint::At(layout.map_from_view(view)),
    };
    commands.push(Command::Play(point, Gesture::Begin));
}

fn finish(layout: &LayoutView, state: &mut MapState, commands: &mut Commands) {
    if let Some(stroke) = state.stroke.take() {
        let path: Vec<MapPoint> = resample_path(&stroke, layout.extent() * 0.004);
        if path.len() >= 3 {
            commands.push(Command::DrawPath(path));
            state.tool = Tool::Play;
        }
    }
    if std::mem::take(&mut state.playing_hand) {
        state.last_played = None;
        commands.push(Command::Release);
    }
}

fn zoom(ui: &Ui, response: &Response, view_of: &impl Fn(egui::Pos2) -> [f32; 2], state: &mut MapState) {
    let Some(pos) = response.hover_pos() else {
        return;
    };
    let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
    const PER_POINT: f32 = 0.004;
    let factor = (scroll.y * PER_POINT).exp() * pinch;
    if (factor - 1.0).abs() > 1e-4 {
        state.camera.zoom_at(view_of(pos), factor);
    }
}
