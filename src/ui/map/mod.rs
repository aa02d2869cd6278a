//! The map: every chunk a point, every place a sound.

mod camera;
mod cloud;
mod empty;
mod gesture;
mod hover_card;
mod legend;
mod looks;
mod morph;
mod overlay;
mod shading;
mod sprite;
mod state;
mod toolbar;
mod trail;

pub use camera::Camera;
pub use state::{MapState, Tool};

use super::tokens::{colours, space};
use crate::session::{Command, Commands, LayoutView, Session, SpaceView};
use cloud::Cloud;
use egui::{Frame, Margin, Rect, Response, Sense, Ui, WidgetInfo, accesskit::Role};
use egui_plot::{Plot, PlotItemBase, PlotTransform};
use hover_card::Hovered;
use looks::LooksKey;
use std::sync::Arc;

/// Draws the map and reads the hand on it.
pub fn show(ui: &mut Ui, session: &Session, state: &mut MapState, commands: &mut Commands) {
    let (Some(view), Some(layout)) = (&session.space, session.layout()) else {
        empty::show(ui, session, commands);
        return;
    };
    Frame::new()
        .fill(colours(ui).panel)
        .inner_margin(Margin::symmetric(space::ROOMY as i8, 6))
        .show(ui, |ui| toolbar::show(ui, session, state, commands));
    let bounds = ui.available_rect_before_wrap();
    state.rect = Some(bounds);
    let (response, transform) = plot(ui, session, view, layout, state, bounds);
    name_for_assistive_technology(&response, view);
    gesture::handle(ui, &response, &transform, layout, state, commands);
    find_hovered(&response, &transform, view, layout, state);
    overlay::paint(ui, &ui.painter_at(bounds), &transform, session, layout, state);
    legend::show(ui, state, view, session.settings.colour_by, bounds);
    if let (Some(hovered), Some(pointer)) = (&state.hovered, response.hover_pos())
        && !state.playing_hand
    {
        hover_card::show(ui, view, hovered, pointer, bounds);
    }
    context_menu(&response, &transform, session, layout, state, commands);
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
    if state.colouring != Some(session.settings.colour_by) {
        state.colouring = Some(session.settings.colour_by);
        state.hidden.clear();
    }
    state.morph.advance(layout, dt, ui.style().animation_time > 0.0);
    let gliding = state.camera.advance(dt);
    if gliding || state.morph.is_moving() {
        ui.ctx().request_repaint();
    }
    let key = LooksKey {
        space: view.version,
        colour_by: session.settings.colour_by,
        dark,
        hidden: state.hidden.clone(),
        query: state.query.trim().to_lowercase(),
        layout: layout.kind,
    };
    let (looks, looks_version) = state.looks.get(view, key);
    let texture = state.sprite.get_or_insert_with(|| sprite::load(ui.ctx())).id();
    let shading = session
        .settings
        .density_shading
        .then(|| {
            state
                .shading
                .image(ui.ctx(), layout, colours(ui), dark, state.morph.progress())
        })
        .flatten();
    let cloud = Cloud {
        base: PlotItemBase::new("points".to_owned()),
        positions: Arc::clone(state.morph.positions()),
        radius: cloud::point_radius(looks.len(), Camera::FIT / state.camera.half),
        looks,
        texture,
        cache: &state.mesh,
        version: (looks_version << 32) + state.morph.version(),
    };
    let visible = state.camera.bounds(bounds.width(), bounds.height(), legend::COVERED);
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

fn name_for_assistive_technology(response: &Response, view: &SpaceView) {
    response.widget_info(|| {
        let label = format!("Map of {} points", view.genre_of.len());
        WidgetInfo::labeled(Role::Canvas, true, label)
    });
}

fn find_hovered(
    response: &Response,
    transform: &PlotTransform,
    view: &SpaceView,
    layout: &LayoutView,
    state: &mut MapState,
) {
    const REACH: f32 = 12.0;
    let chunk = response
        .hover_pos()
        .filter(|_| !state.morph.is_moving())
        .and_then(|pos| {
            let value = transform.value_from_position(pos);
            let (chunk, distance) = layout.nearest([value.x as f32, value.y as f32])?;
            (distance * transform.dpos_dvalue_x() as f32 <= REACH).then_some(chunk)
        });
    if chunk != state.hovered.as_ref().map(|hovered| hovered.chunk) {
        state.hovered = chunk.map(|chunk| Hovered::find(view, layout, chunk));
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
        if ui.button("Draw a path").clicked() {
            state.tool = Tool::Draw;
        }
        if ui.button("Bookmark this sound").clicked() {
            commands.push(Command::AddBookmark);
        }
    });
}
