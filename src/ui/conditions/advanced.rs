//! The global latent itself, one slider per dimension, and the two axes of the map.

use crate::session::{Command, Commands, Gesture, MidiTarget, PlayPoint, Session};
use crate::ui::controls::learnable;
use crate::ui::controls::{Bar, caption};
use crate::ui::tokens::size;
use crate::values::MapPoint;
use egui::{CollapsingHeader, Ui};

/// Draws the folded-away sliders.
pub fn show(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    CollapsingHeader::new("Latent sliders").show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 3.0;
        axes(ui, session, commands);
        if session.global.is_empty() {
            caption(ui, "Play a point to see its latent vector.");
            return;
        }
        caption(ui, "Global latent (g): timbre, register, balance");
        for (dim, value) in session.global.iter().enumerate() {
            let label = format!("g {}", dim + 1);
            let bar = Bar {
                label: &label,
                value_text: format!("{value:+.2}"),
                range: -4.0..=4.0,
                tint: None,
                origin: Some(0.0),
                height: size::TIGHT_ROW,
            };
            let outcome = bar.show(ui, *value);
            if outcome.double_clicked {
                commands.push(Command::SetGlobal { dim, value: 0.0 });
            } else if let Some(value) = outcome.moved {
                commands.push(Command::SetGlobal { dim, value });
            }
        }
    });
}

/// The two axes of the layout on screen (for PCA: the first two components).
fn axes(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let (Some(layout), Some(selection)) = (session.layout(), session.selection) else {
        return;
    };
    let [x, y] = layout.view_from_map(selection.point);
    for (label, value, target) in [("Map x", x, MidiTarget::MapX), ("Map y", y, MidiTarget::MapY)] {
        let bar = Bar {
            label,
            value_text: format!("{value:+.2}"),
            range: -1.0..=1.0,
            tint: None,
            origin: Some(0.0),
            height: size::TIGHT_ROW,
        };
        let outcome = bar.show(ui, value);
        if let Some(moved) = outcome.moved {
            let place = if target == MidiTarget::MapX {
                [moved, y]
            } else {
                [x, moved]
            };
            let point: MapPoint = layout.map_from_view(place);
            commands.push(Command::Play(PlayPoint::At(point), Gesture::Continue));
        }
        learnable(outcome.response, target, session, commands);
    }
}
