//! The map: every chunk a point, every place a sound.

mod camera;
mod cloud;
mod cover;
mod empty;
mod gesture;
mod hover_card;
mod legend;
mod light;
mod looks;
mod morph;
mod names;
mod nearest;
mod overlay;
mod search;
mod shading;
mod sprite;
mod state;
mod toolbar;
mod trail;
mod visible;

pub use camera::{Camera, Room};
pub use state::{MapState, Tool};

use super::controls::hold_arrows;
use super::tokens::{colours, space};
use crate::session::{Command, Commands, Gesture, LayoutView, PlayPoint, Session, SpaceView};
use cloud::Cloud;
use egui::{
    Frame, Key, Margin, Popup, Rect, Response, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, accesskit::Role,
};
use egui_plot::{Plot, PlotItemBase, PlotTransform};
use hover_card::Hovered;
use looks::LooksKey;
use std::sync::Arc;
use visible::VisibleKey;

/// Draws the map and reads the hand on it. `covered`: something lies over the window, so the pointer means that.
pub fn show(ui: &mut Ui, session: &Session, state: &mut MapState, covered: bool, commands: &mut Commands) {
    let (Some(view), Some(layout)) = (&session.space, session.layout()) else {
        state.searching = false;
        empty::show(ui, session, commands);
        return;
    };
    Frame::new()
        .fill(colours(ui).panel)
        .inner_margin(Margin::symmetric(space::ROOMY as i8, 6))
        .show(ui, |ui| toolbar::show(ui, session, view, state, commands));
    see(ui, session, view, state, commands);
    let bounds = ui.available_rect_before_wrap();
    state.rect = Some(bounds);
    let (response, transform) = plot(ui, session, view, layout, state, bounds);
    name_for_assistive_technology(&response, session, view);
    gesture::handle(ui, &response, &transform, layout, state, commands);
    keyboard(ui, &response, session, layout, state, commands);
    find_hovered(ui, &response, &transform, view, layout, state);
    let painter = ui.painter_at(bounds);
    let colour_by = session.settings.colour_by;
    let screen = |[x, y]: [f32; 2]| transform.position_from_point(&egui_plot::PlotPoint::new(x, y));
    if session.settings.map_names {
        let ink = names::Ink {
            colours: colours(ui),
            dark: ui.visuals().dark_mode,
            taken: legend::rect(state, view, colour_by, bounds),
        };
        state
            .names
            .paint(&painter, view, layout, &state.visible, colour_by, &ink, screen);
    }
    // What sounds lies on its name.
    overlay::paint(ui, &painter, &transform, session, layout, state);
    legend::show(ui, state, view, colour_by, bounds);
    let busy = covered || state.playing_hand || Popup::is_any_open(ui.ctx());
    if let Some(hovered) = state.hovered.as_mut().filter(|_| !busy && response.hovered())
        && let Some(place) = state.morph.positions().get(hovered.chunk.0 as usize)
    {
        hover_card::show(ui, view, hovered, screen(*place), bounds);
    }
    if response.has_focus() {
        let ring = Stroke::new(2.0, colours(ui).accent);
        ui.painter()
            .rect_stroke(bounds.shrink(1.0), 0.0, ring, StrokeKind::Inside);
    }
    context_menu(&response, &transform, session, layout, state, commands);
    if state.visible.is_stale(&key(session, view, state)) {
        ui.ctx().request_repaint();
    }
}

fn key(session: &Session, view: &SpaceView, state: &MapState) -> VisibleKey {
    let query = state.query.trim().to_lowercase();
    VisibleKey {
        space: view.version,
        colour_by: session.settings.colour_by,
        hidden: state.hidden.clone(),
        only: state.only_found && !query.is_empty(),
        query,
        within: state.within,
    }
}

/// Brings what is on the map up to date, and says so where it changed.
fn see(ui: &Ui, session: &Session, view: &SpaceView, state: &mut MapState, commands: &mut Commands) {
    if state.colouring != Some(session.settings.colour_by) {
        state.colouring = Some(session.settings.colour_by);
        state.hidden.clear();
    }
    let key = key(session, view, state);
    if !state.visible.is_stale(&key) {
        return;
    }
    let before = state.visible.shown.clone();
    state.visible.update(view, key);
    // What was hovered may be gone, and the list above is that of before.
    state.hovered = None;
    ui.ctx().request_repaint();
    if before != state.visible.shown {
        commands.push(Command::Show(state.visible.shown.clone()));
    }
}

fn plot(
    ui: &mut Ui,
    session: &Session,
    view: &Arc<SpaceView>,
    layout: &LayoutView,
    state: &mut MapState,
    bounds: Rect,
) -> (Response, PlotTransform) {
    let dark = ui.visuals().dark_mode;
    let dt = ui.input(|input| input.stable_dt).min(0.05);
    state.morph.advance(layout, dt, ui.style().animation_time > 0.0);
    let gliding = state.camera.advance(dt);
    if gliding || state.morph.is_moving() {
        ui.ctx().request_repaint_after(session.frame_pause);
    }
    let key = LooksKey {
        space: view.version,
        colour_by: session.settings.colour_by,
        dark,
        visible: state.visible.version,
        layout: layout.kind,
    };
    let (shown, found) = (state.visible.shown.as_ref(), state.visible.found.as_deref());
    let (looks, looks_version) = state.looks.get(view, key, shown, found);
    let texture = state.sprite.get_or_insert_with(|| sprite::load(ui.ctx())).id();
    let zoom = Camera::FIT / state.camera.half;
    let shading = session
        .settings
        .density_shading
        .then(|| {
            // From near by it would be one colour over everything.
            let opacity = state.morph.progress() * (1.3 - 0.3 * zoom).clamp(0.35, 1.0);
            state
                .shading
                .image(ui.ctx(), layout, &looks, looks_version, dark, opacity)
        })
        .flatten();
    let cloud = Cloud {
        base: PlotItemBase::new("points".to_owned()),
        positions: Arc::clone(state.morph.positions()),
        radius: cloud::point_radius(looks.len(), zoom, bounds.size().min_elem()),
        looks,
        texture,
        cache: &state.mesh,
        version: (looks_version << 32) + state.morph.version(),
    };
    let legend = legend::rect(state, view, session.settings.colour_by, bounds);
    let covered = legend.size() + Vec2::splat(2.0 * space::ROOMY);
    let inset = if legend::is_open(state, bounds) {
        state.cover.inset(layout, bounds.size(), covered)
    } else {
        0.0
    };
    let room = Room {
        size: [bounds.width(), bounds.height()],
        inset,
        span: state.morph.span(),
    };
    state.room = Some(room);
    let visible = state.camera.bounds(&room);
    ui.painter().rect_filled(bounds, 0.0, colours(ui).ground);
    let shown = Plot::new("map")
        .show_axes(false)
        .show_grid(false)
        .show_background(false)
        .show_crosshair(false)
        .show_x(false)
        .show_y(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .sense(Sense::click_and_drag())
        .show(ui, |plot| {
            plot.set_plot_bounds(visible);
            if let Some(image) = shading {
                plot.image(image);
            }
            plot.add(cloud);
        });
    (shown.response, shown.transform)
}

fn name_for_assistive_technology(response: &Response, session: &Session, view: &SpaceView) {
    response.widget_info(|| {
        let label = format!("Map of {} points", view.genre_of.len());
        WidgetInfo::labeled(Role::Canvas, true, label)
    });
    let value = session.selection.map_or("nothing chosen".to_owned(), |selection| {
        let chunk = view.snapshot.chunks.get(selection.chunk.0 as usize);
        let clip = chunk.and_then(|chunk| view.snapshot.clips.get(chunk.clip.0 as usize));
        let title = clip.map_or("", |clip| clip.title.as_str());
        format!("{title}, {}", view.genre_name(selection.chunk).unwrap_or("no genre"))
    });
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_value(value));
}

/// With the keyboard on the map arrows move the point (see the table of keys) and Enter snaps it to the nearest one.
fn keyboard(
    ui: &Ui,
    response: &Response,
    session: &Session,
    layout: &LayoutView,
    state: &mut MapState,
    commands: &mut Commands,
) {
    state.id = Some(response.id);
    if !response.has_focus() {
        return;
    }
    hold_arrows(ui, response);
    if ui.input(|input| input.key_pressed(Key::Enter)) {
        let here = session
            .selection
            .map_or(state.camera.centre, |selection| layout.view_from_map(selection.point));
        if let Some((chunk, _)) = layout.nearest(here, state.visible.shown.as_ref()) {
            commands.push(Command::Play(PlayPoint::Chunk(chunk), Gesture::Begin));
            commands.push(Command::Release);
        }
    }
}

fn find_hovered(
    ui: &Ui,
    response: &Response,
    transform: &PlotTransform,
    view: &SpaceView,
    layout: &LayoutView,
    state: &mut MapState,
) {
    const REACH: f32 = 12.0;
    let shown = state.visible.shown.as_ref();
    let chunk = response
        .hover_pos()
        .filter(|_| !state.morph.is_moving())
        .and_then(|pos| nearest::on_screen(layout, transform, pos, shown, REACH));
    if chunk != state.hovered.as_ref().map(|hovered| hovered.chunk) {
        let now_secs = ui.input(|input| input.time);
        state.hovered = chunk.map(|chunk| Hovered::find(view, layout, shown, chunk, now_secs));
    }
}

fn context_menu(
    response: &Response,
    transform: &PlotTransform,
    session: &Session,
    layout: &LayoutView,
    state: &mut MapState,
    commands: &mut Commands,
) {
    if let (true, Some(pos)) = (response.secondary_clicked(), response.interact_pointer_pos()) {
        let value = transform.value_from_position(pos);
        state.menu_place = [value.x as f32, value.y as f32];
    }
    response.context_menu(|ui| {
        let place = state.menu_place;
        if ui.button("Pin this place").clicked() {
            commands.push(Command::AddPin(layout.map_from_view(place)));
        }
        ui.add_enabled_ui(session.pins.len() > 1, |ui| {
            if ui.button("Walk round the pins").clicked() {
                commands.push(Command::WalkPins);
            }
        });
        ui.add_enabled_ui(!session.pins.is_empty(), |ui| {
            if ui.button("Remove all pins").clicked() {
                commands.push(Command::ClearPins);
            }
        });
        ui.separator();
        if ui.button("Look closer here").clicked() {
            state.camera.glide(place, state.camera.half * 0.4);
        }
        if ui.button("Draw a path").clicked() {
            state.tool = Tool::Draw;
        }
        if ui.button("Bookmark this sound").clicked() {
            commands.push(Command::AddBookmark);
        }
    });
}
