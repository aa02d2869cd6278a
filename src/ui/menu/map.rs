//! The map: layout, colours, camera, pins and motions.

use super::entries::{action, check, entry, submenu};
use crate::session::{ColourBy, Command, Commands, Session};
use crate::space::LayoutKind;
use crate::ui::Panes;
use crate::ui::keys::Action;
use egui::Ui;

/// Draws the menu.
pub(super) fn show(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    for (kind, text) in [
        (LayoutKind::Tsne, "Clusters (t-SNE)"),
        (LayoutKind::Pca, "Overview (PCA)"),
    ] {
        if check(ui, session.settings.layout == kind, text) {
            commands.push(Command::SetLayout(kind));
        }
    }
    ui.separator();
    submenu(ui, true, "Colours", |ui| {
        for choice in ColourBy::ALL {
            if check(ui, session.settings.colour_by == choice, choice.name()) {
                commands.push(Command::SetColourBy(choice));
            }
        }
    });
    if check(ui, session.settings.density_shading, "Density shading") {
        commands.push(Command::SetDensityShading(!session.settings.density_shading));
    }
    if check(ui, session.settings.map_names, "Names") {
        commands.push(Command::SetMapNames(!session.settings.map_names));
    }
    submenu(ui, session.space.is_some(), "Rebuild map", |ui| {
        for (text, condition_weight) in [
            ("By sound and labels", 1.0),
            ("By sound, labels a little", 0.4),
            ("By sound only", 0.0),
        ] {
            if entry(ui, true, text) {
                commands.push(Command::Remap { condition_weight });
            }
        }
    });
    ui.separator();
    action(ui, true, "Show the whole map", Action::Fit, session, panes, commands);
    action(
        ui,
        session.selection.is_some() || panes.map.is_narrowed(),
        "Zoom to the selection",
        Action::LookAt,
        session,
        panes,
        commands,
    );
    action(ui, true, "Zoom in", Action::ZoomIn, session, panes, commands);
    action(ui, true, "Zoom out", Action::ZoomOut, session, panes, commands);
    action(ui, true, "Search", Action::Search, session, panes, commands);
    ui.separator();
    let sounding = session.selection.is_some();
    action(ui, sounding, "Pin this place", Action::Pin, session, panes, commands);
    if entry(ui, session.pins.len() > 1, "Walk round the pins") {
        commands.push(Command::WalkPins);
    }
    if entry(ui, !session.pins.is_empty(), "Remove all pins") {
        commands.push(Command::ClearPins);
    }
    action(
        ui,
        true,
        "Draw a path that loops",
        Action::DrawPath,
        session,
        panes,
        commands,
    );
    action(
        ui,
        session.space.is_some(),
        "Random walk",
        Action::RandomWalk,
        session,
        panes,
        commands,
    );
    if entry(ui, session.motion.is_some(), "Stop the motion") {
        commands.push(Command::StopMotion);
    }
}
