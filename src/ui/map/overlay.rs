//! What lies on top of the points: the sound's place, pins, paths, the trail, the hover ring.

use super::MapState;
use super::hover_card::Hovered;
use crate::session::{LayoutView, Motion, PlayMode, Session};
use crate::ui::tokens::{Colours, colours, type_scale};
use crate::values::{ChunkId, MapPoint};
use egui::{Align2, Color32, Mesh, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, vec2};
use egui_plot::{PlotPoint, PlotTransform};

/// Draws everything that belongs to the session and the hand.
pub fn paint(
    ui: &Ui,
    painter: &Painter,
    transform: &PlotTransform,
    session: &Session,
    layout: &LayoutView,
    state: &mut MapState,
) {
    let c = colours(ui);
    let screen_of_view = |[x, y]: [f32; 2]| transform.position_from_point(&PlotPoint::new(x, y));
    let screen = |point: MapPoint| screen_of_view(layout.view_from_map(point));

    if let Some(Motion::Path { points, .. }) = &session.motion {
        let line: Vec<Pos2> = points.iter().map(|p| screen(*p)).collect();
        painter.add(Shape::closed_line(line, Stroke::new(1.5, c.accent.gamma_multiply(0.7))));
    }
    if let Some(stroke) = &state.stroke {
        let line: Vec<Pos2> = stroke.iter().map(|p| screen(*p)).collect();
        painter.add(Shape::line(line, Stroke::new(2.0, c.accent)));
    }
    if let Some(hovered) = &state.hovered {
        paint_hovered(painter, hovered, state, c.text, screen_of_view);
    }
    paint_chosen(painter, session, state, c.text, screen_of_view);
    paint_way(painter, session, state, c.accent, screen_of_view);
    paint_relative(painter, session, state, c.text, screen_of_view);
    let now = ui.input(|input| input.time);
    if state.trail.paint(painter, now, c.accent, screen_of_view) {
        ui.ctx().request_repaint_after(session.frame_pause);
    }
    for pin in &session.pins {
        let Some(place) = layout.place_of(pin) else {
            continue;
        };
        let at = screen_of_view(place);
        // On another layout than its own it stands at its nearest point, a little paler.
        let ink = if pin.layout == layout.kind { c.text } else { c.weak };
        painter.line_segment([at, at - vec2(0.0, 14.0)], Stroke::new(1.5, ink));
        painter.circle(at - vec2(0.0, 20.0), 8.0, c.raised, Stroke::new(1.5, ink));
        painter.text(
            at - vec2(0.0, 20.0),
            Align2::CENTER_CENTER,
            pin.number.to_string(),
            type_scale::caption(),
            ink,
        );
    }
    if let Some(selection) = session.selection.filter(|_| session.sample.is_none()) {
        let light = state.light.follow(ui, session, selection.chunk);
        paint_selection(ui, painter, session, light, screen(selection.point));
    }
    paint_frame(painter, state.frame, c);
}

/// Rings round the moments of the clip that is chosen in the list of the search field.
fn paint_chosen(
    painter: &Painter,
    session: &Session,
    state: &MapState,
    colour: Color32,
    screen: impl Fn([f32; 2]) -> Pos2,
) {
    let hit = state.visible.hits.get(state.chosen).filter(|_| state.searching);
    let (Some(hit), Some(view)) = (hit, &session.space) else {
        return;
    };
    let moments = view
        .snapshot
        .chunks
        .iter()
        .enumerate()
        .filter(|(_, chunk)| chunk.clip == hit.clip);
    for (i, _) in moments.filter(|(i, _)| state.visible.has(ChunkId(*i as u32))) {
        if let Some(place) = state.morph.positions().get(i) {
            painter.circle_stroke(screen(*place), 7.0, Stroke::new(1.5, colour));
        }
    }
}

/// The chunks that an endless sound came by, fading out behind it.
fn paint_way(painter: &Painter, session: &Session, state: &MapState, ink: Color32, screen: impl Fn([f32; 2]) -> Pos2) {
    let place = |chunk: &ChunkId| {
        state
            .morph
            .positions()
            .get(chunk.0 as usize)
            .map(|place| screen(*place))
    };
    let way: Vec<Pos2> = session.trail.iter().filter_map(place).collect();
    let Some(here) = way.last().filter(|_| session.transport.mode == PlayMode::Endless) else {
        return;
    };
    for (index, leg) in way.windows(2).enumerate() {
        let share = (index + 1) as f32 / way.len() as f32;
        let stroke = Stroke::new(1.0 + share, ink.gamma_multiply(0.15 + 0.55 * share));
        painter.line_segment([leg[0], leg[1]], stroke);
        painter.circle_filled(leg[0], 1.5 + share, ink.gamma_multiply(0.15 + 0.55 * share));
    }
    painter.circle(*here, 5.0, ink, Stroke::new(1.5, ink.gamma_multiply(0.5)));
}

/// The chunk that the sliders lead to, and the line there.
fn paint_relative(
    painter: &Painter,
    session: &Session,
    state: &MapState,
    ink: Color32,
    screen: impl Fn([f32; 2]) -> Pos2,
) {
    let place = |chunk: ChunkId| {
        state
            .morph
            .positions()
            .get(chunk.0 as usize)
            .map(|place| screen(*place))
    };
    let (Some(relative), Some(selection)) = (session.relative, session.selection) else {
        return;
    };
    let (Some(here), Some(there)) = (place(selection.chunk), place(relative.chunk)) else {
        return;
    };
    const DASH: f32 = 5.0;
    painter.extend(Shape::dashed_line(
        &[here, there],
        Stroke::new(1.0, ink.gamma_multiply(0.5)),
        DASH,
        DASH,
    ));
    let walked = here + (there - here) * relative.share;
    painter.line_segment([here, walked], Stroke::new(2.0, ink.gamma_multiply(0.7)));
    let pinned = session.transport.pinned_relative.is_some();
    painter.circle_stroke(there, 8.0, Stroke::new(if pinned { 3.0 } else { 1.5 }, ink));
}

fn paint_hovered(
    painter: &Painter,
    hovered: &Hovered,
    state: &MapState,
    colour: Color32,
    screen: impl Fn([f32; 2]) -> Pos2,
) {
    let place = |chunk: ChunkId| state.morph.positions().get(chunk.0 as usize).map(|p| screen(*p));
    let Some(here) = place(hovered.chunk) else {
        return;
    };
    for there in hovered.neighbours.iter().filter_map(|chunk| place(*chunk)) {
        painter.line_segment([here, there], Stroke::new(1.0, colour.gamma_multiply(0.25)));
        painter.circle_stroke(there, 5.0, Stroke::new(1.0, colour.gamma_multiply(0.4)));
    }
    painter.circle_stroke(here, 7.0, Stroke::new(1.5, colour));
}

/// The place that sounds: lit in the colour of its genres, with a ring round which the playhead runs.
fn paint_selection(ui: &Ui, painter: &Painter, session: &Session, light: Color32, at: Pos2) {
    const RING: f32 = 12.0;
    const REACH: f32 = 46.0;
    let c = colours(ui);
    let playing = session.transport.playing;
    if playing {
        let level = session
            .meters
            .rms_db
            .map_or(0.0, |db| ((db + 48.0) / 48.0).clamp(0.0, 1.0));
        let strength = if ui.visuals().dark_mode { 0.42 } else { 0.34 };
        painter.add(spot(at, REACH + 34.0 * level, light.gamma_multiply(strength)));
    }
    let ring = if playing { c.text } else { c.weak };
    painter.circle_stroke(at, RING, Stroke::new(4.0, c.ground.gamma_multiply(0.55)));
    painter.circle_stroke(at, RING, Stroke::new(1.5, ring.gamma_multiply(0.55)));
    painter.circle(at, 4.0, light, Stroke::new(1.5, ring));
    if let (true, Some(playhead)) = (playing, session.meters.playhead) {
        const STEPS: usize = 40;
        let end = (playhead.clamp(0.0, 1.0) * STEPS as f32) as usize;
        let arc: Vec<Pos2> = (0..=end)
            .map(|i| {
                let angle = std::f32::consts::TAU * (i as f32 / STEPS as f32 - 0.25);
                at + RING * vec2(angle.cos(), angle.sin())
            })
            .collect();
        painter.add(Shape::line(arc, Stroke::new(2.5, c.accent)));
    }
}

/// A light that falls off from `at` to nothing at `radius`.
fn spot(at: Pos2, radius: f32, colour: Color32) -> Shape {
    const SIDES: u32 = 40;
    let mut mesh = Mesh::default();
    mesh.colored_vertex(at, colour);
    // Falls steeply at first, as light does: the ring between carries a third of it.
    for (share, part) in [(0.38, 0.36), (1.0, 0.0)] {
        for side in 0..SIDES {
            let angle = std::f32::consts::TAU * side as f32 / SIDES as f32;
            let edge = at + radius * share * vec2(angle.cos(), angle.sin());
            mesh.colored_vertex(edge, colour.gamma_multiply(part));
        }
    }
    for side in 0..SIDES {
        let (a, b) = (1 + side, 1 + (side + 1) % SIDES);
        mesh.add_triangle(0, a, b);
        mesh.add_triangle(a, a + SIDES, b);
        mesh.add_triangle(b, a + SIDES, b + SIDES);
    }
    Shape::mesh(mesh)
}

/// The frame that a hand draws to look into.
fn paint_frame(painter: &Painter, frame: Option<[Pos2; 2]>, c: &Colours) {
    if let Some([from, to]) = frame {
        let rect = Rect::from_two_pos(from, to);
        painter.rect(
            rect,
            2.0,
            c.accent.gamma_multiply(0.10),
            Stroke::new(1.0, c.accent),
            StrokeKind::Inside,
        );
    }
}
