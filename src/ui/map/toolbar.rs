//! The strip over the map: layout, colour, search, tools, zoom.

use super::search;
use super::{MapState, Tool};
use crate::session::{ColourBy, Command, Commands, Motion, Session, SpaceView};
use crate::space::LayoutKind;
use crate::ui::controls::{caption, icon_button, segmented};
use crate::ui::icon::Icon;
use crate::ui::tokens::{size, space};
use egui::{Align, ComboBox, Layout, Ui};

/// Everything in one line where the strip is at least this wide, in points; else the search field begins a second one.
const ONE_LINE: f32 = 560.0;
/// What the buttons at the right need: for the camera, and for that and the motions.
const CAMERA: f32 = 4.0 * size::ROW + 3.0 * space::TIGHT;
const MOTIONS: f32 = 3.0 * size::ROW + 2.0 * space::TIGHT;

/// Draws the strip.
pub fn show(ui: &mut Ui, session: &Session, view: &SpaceView, state: &mut MapState, commands: &mut Commands) {
    let one_line = ui.available_width() >= ONE_LINE;
    ui.horizontal(|ui| {
        layout_choice(ui, session, view, commands);
        colour_choice(ui, session, commands);
        if one_line {
            let room = ui.available_width() - CAMERA - MOTIONS - 2.0 * space::SNUG - space::TIGHT;
            search::show(ui, view, state, room.clamp(70.0, 260.0), commands);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::TIGHT;
            camera(ui, state);
            if one_line {
                ui.add_space(space::SNUG);
                motions(ui, session, state, commands);
            }
        });
    });
    if !one_line {
        ui.horizontal(|ui| {
            let room = ui.available_width() - MOTIONS - space::SNUG;
            search::show(ui, view, state, room, commands);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = space::TIGHT;
                motions(ui, session, state, commands);
            });
        });
    }
}

fn layout_choice(ui: &mut Ui, session: &Session, view: &SpaceView, commands: &mut Commands) {
    let has = |kind| view.layouts.iter().any(|layout| layout.kind == kind);
    if !(has(LayoutKind::Pca) && has(LayoutKind::Tsne)) {
        caption(ui, "Overview");
        return;
    }
    let choices = [
        (
            LayoutKind::Tsne,
            "Clusters",
            "Clusters (t-SNE, M): neighbours stay neighbours, distances far apart mean little; a place between points is a blend of the nearest",
        ),
        (
            LayoutKind::Pca,
            "Overview",
            "Overview (PCA, M): the two directions in which the sounds differ most; a place between points is met exactly",
        ),
    ];
    if let Some(kind) = segmented(ui, session.settings.layout, &choices) {
        commands.push(Command::SetLayout(kind));
    }
}

fn camera(ui: &mut Ui, state: &mut MapState) {
    if icon_button(ui, Icon::Fit, "Show the whole map (F)", false).clicked() {
        state.camera.fit();
    }
    let looking = state.tool == Tool::Look;
    if icon_button(ui, Icon::Frame, "Draw a frame to look into (Shift and drag)", looking).clicked() {
        state.tool = if looking { Tool::Play } else { Tool::Look };
    }
    let centre = state.camera.centre;
    if icon_button(ui, Icon::Minus, "Zoom out (-)", false).clicked() {
        state.camera.glide(centre, state.camera.half * 1.6);
    }
    if icon_button(ui, Icon::Plus, "Zoom in (+)", false).clicked() {
        state.camera.glide(centre, state.camera.half / 1.6);
    }
}

fn colour_choice(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let now = session.settings.colour_by;
    ComboBox::from_id_salt("colour by")
        .selected_text(now.name())
        .width(86.0)
        .show_ui(ui, |ui| {
            for choice in ColourBy::ALL {
                if ui.selectable_label(choice == now, choice.name()).clicked() && choice != now {
                    commands.push(Command::SetColourBy(choice));
                }
            }
        })
        .response
        .accessible_name("Colour by")
        .on_hover_text("Colour by: what a point's colour means");
}

fn motions(ui: &mut Ui, session: &Session, state: &mut MapState, commands: &mut Commands) {
    let walking = matches!(session.motion, Some(Motion::Random { .. }));
    if icon_button(ui, Icon::Dice, "Random walk (W)", walking).clicked() {
        commands.push(if walking {
            Command::StopMotion
        } else {
            Command::RandomWalk
        });
    }
    let drawing = state.tool == Tool::Draw;
    if icon_button(ui, Icon::Path, "Draw a path that loops (D)", drawing).clicked() {
        state.tool = if drawing { Tool::Play } else { Tool::Draw };
    }
    let pins = !session.pins.is_empty();
    let tip = if pins {
        "Walk round the pins"
    } else {
        "Walk round the pins: right-click the map to set some"
    };
    ui.add_enabled_ui(session.pins.len() > 1, |ui| {
        if icon_button(ui, Icon::Pin, tip, matches!(session.motion, Some(Motion::Path { .. }))).clicked() {
            commands.push(Command::WalkPins);
        }
    });
}
