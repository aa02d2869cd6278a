//! The waveform of what sounds, with the playhead: a press or a drag on it is where the sound goes on.

use super::region;
use crate::session::{Command, Commands, PlayMode, Session};
use crate::ui::controls::hold_arrows;
use crate::ui::tokens::{colours, radius, space, type_scale};
use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Align2, Color32, CursorIcon, Key, Rect, Response, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2};

/// One press of an arrow, as a part of the whole.
const STEP: f32 = 0.02;

/// Draws it into `rect`.
pub fn show(ui: &Ui, rect: Rect, session: &Session, commands: &mut Commands) {
    let c = colours(ui);
    let strip = &session.strip;
    let response = ui.interact(rect, ui.scope_id().with("waveform"), Sense::click_and_drag());
    let playhead = session.meters.playhead.filter(|_| session.transport.playing);
    response.widget_info(|| {
        WidgetInfo::slider(
            ui.is_enabled(),
            f64::from(playhead.unwrap_or(0.0)),
            "Waveform and playhead",
        )
    });
    if strip.columns.is_empty() || session.transport.mode == PlayMode::Endless {
        let words = match session.transport.mode {
            PlayMode::Endless if session.transport.playing => "Endless: the music goes on from where it is",
            PlayMode::Endless => "Endless: press Play or a point, and the music goes on without end",
            _ => "The waveform of what you play appears here",
        };
        ui.painter().text(
            rect.center(),
            Align2::CENTER_CENTER,
            words,
            type_scale::caption(),
            c.weak,
        );
        return;
    }
    let response = response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(
        "Press or drag: the sound goes on from there (arrows: 2 % on or back).\nHandles: what loops. Flag: where a press on the map begins.",
    );
    if let Some(place) = asked(ui, &response, rect, playhead) {
        commands.push(Command::Seek(place));
    }
    if response.double_clicked() && session.transport.region.is_some() {
        commands.push(Command::SetRegion(None));
    }
    paint(ui, rect.with_min_y(rect.top() + region::LANE), session, playhead);
    region::show(ui, rect, session, commands);
    if response.has_focus() {
        ui.painter()
            .rect_stroke(rect, radius::CONTROL, Stroke::new(1.5, c.accent), StrokeKind::Inside);
    }
    if let Some(pointer) = response.hover_pos() {
        ui.painter()
            .vline(pointer.x, rect.y_range(), Stroke::new(1.0, c.text.gamma_multiply(0.5)));
    }
}

/// Where a hand or the keyboard wants the playhead.
fn asked(ui: &Ui, response: &Response, rect: Rect, playhead: Option<f32>) -> Option<f32> {
    if let Some(pointer) = response.interact_pointer_pos()
        && (response.dragged() || response.clicked_by(egui::PointerButton::Primary))
    {
        return Some(((pointer.x - rect.left()) / rect.width()).clamp(0.0, 1.0));
    }
    if !response.has_focus() {
        return None;
    }
    hold_arrows(ui, response);
    let steps = ui.input(|input| input.num_presses(Key::ArrowRight) as f32 - input.num_presses(Key::ArrowLeft) as f32);
    (steps != 0.0).then(|| (playhead.unwrap_or(0.0) + steps * STEP).rem_euclid(1.0))
}

fn paint(ui: &Ui, rect: Rect, session: &Session, playhead: Option<f32>) {
    let c = colours(ui);
    let painter = ui.painter_at(rect);
    let columns = &session.strip.columns;
    let x = |i: f32| rect.left() + rect.width() * i / columns.len() as f32;
    let (middle, most) = (rect.center().y, 0.5 * rect.height() - space::TIGHT);
    let played = playhead.unwrap_or(0.0) * columns.len() as f32;
    let inks = |i: usize| match (i as f32) < played {
        true => (
            c.accent.lerp_to_gamma(c.ground, 0.25),
            c.accent.lerp_to_gamma(c.ground, 0.62),
        ),
        false => (c.line_strong, c.line_strong.lerp_to_gamma(c.ground, 0.5)),
    };
    let mut mesh = Mesh::default();
    for (i, column) in columns.iter().enumerate() {
        let (ink, bass_ink) = inks(i);
        for (level, ink) in [(column.level, ink), (column.bass * 0.8, bass_ink)] {
            let half = (most * level).max(0.5);
            bar(
                &mut mesh,
                [x(i as f32), x(i as f32 + 1.0)],
                [middle - half, middle + half],
                ink,
            );
        }
    }
    painter.add(Shape::mesh(mesh));
    for border in &session.strip.borders {
        let at = rect.left() + rect.width() * border;
        painter.vline(at, rect.y_range(), Stroke::new(1.0, c.line));
    }
    if let Some(playhead) = playhead {
        let at = rect.left() + rect.width() * playhead;
        painter.vline(at, rect.y_range(), Stroke::new(2.0, c.text));
    }
}

fn bar(mesh: &mut Mesh, [left, right]: [f32; 2], [top, bottom]: [f32; 2], color: Color32) {
    let first = mesh.vertices.len() as u32;
    for (x, y) in [(left, top), (right, top), (right, bottom), (left, bottom)] {
        mesh.vertices.push(Vertex {
            pos: pos2(x, y),
            uv: WHITE_UV,
            color,
        });
    }
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first, first + 2, first + 3);
}
