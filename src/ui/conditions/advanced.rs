//! The global latent by what it does to the ear, and folded away the latent itself, one slider per dimension, with the two axes of
//! the map.

use crate::session::{Command, Commands, EarDirection, Gesture, MidiTarget, PlayPoint, Session};
use crate::ui::controls::learnable;
use crate::ui::controls::{Bar, caption};
use crate::ui::tokens::size;
use crate::values::MapPoint;
use egui::{CollapsingHeader, Ui};

/// How far a slider reaches, in standard deviations of the space.
const REACH: f32 = 3.0;

/// For which version of the space the directions were asked for.
#[derive(Debug, Default)]
pub struct AdvancedState {
    asked_for: Option<u64>,
}

/// Draws the folded-away sliders.
pub fn show(ui: &mut Ui, session: &Session, state: &mut AdvancedState, commands: &mut Commands) {
    CollapsingHeader::new("Timbre").show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 3.0;
        by_ear(ui, session, state, commands);
        CollapsingHeader::new("All dimensions").show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            all(ui, session, commands);
        });
    });
}

fn by_ear(ui: &mut Ui, session: &Session, state: &mut AdvancedState, commands: &mut Commands) {
    let version = session.space.as_ref().map(|view| view.version);
    if session.directions.is_empty() && state.asked_for != version {
        state.asked_for = version;
        commands.push(Command::NameDirections);
    }
    if session.global.is_empty() {
        caption(ui, "Play a point, and what shapes its timbre is here.");
        return;
    }
    if session.directions.is_empty() {
        caption(ui, "Listening to the space for what its sounds differ in…");
    }
    for direction in &session.directions {
        slider(ui, direction, session, commands);
    }
}

fn slider(ui: &mut Ui, direction: &EarDirection, session: &Session, commands: &mut Commands) {
    let place = direction.place(&session.global);
    let end = direction.ends[usize::from(place >= 0.0)];
    let bar = Bar {
        label: &direction.name,
        value_text: if place.abs() < 0.05 || end.is_empty() {
            format!("{place:+.1}")
        } else {
            format!("{end} {:.1}", place.abs())
        },
        range: -REACH..=REACH,
        tint: None,
        origin: Some(0.0),
        height: size::TIGHT_ROW,
    };
    let tip = match direction.ends {
        ["", _] => {
            "One of the main directions in which the sounds of this space differ; no single word says how.".to_owned()
        }
        [low, high] => format!(
            "From {low} to {high}, -3 to 3: one of the main directions in which the sounds of this space differ (correlation {:.2}).",
            direction.correlation
        ),
    };
    let outcome = bar.show(ui, place);
    if outcome.double_clicked {
        commands.push(Command::SetWholeGlobal(direction.moved(&session.global, 0.0)));
    } else if let Some(place) = outcome.moved {
        commands.push(Command::SetWholeGlobal(direction.moved(&session.global, place)));
    }
    outcome
        .response
        .on_hover_text(format!("{tip}\nDouble click (Enter): the middle."));
}

fn all(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    axes(ui, session, commands);
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
        let tip = "One number of the global latent, -4 to 4.\nDouble click (Enter): 0.";
        outcome.response.on_hover_text(tip);
    }
}

/// The two axes of the layout on screen (for the overview: the first two components).
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
        learnable(
            outcome
                .response
                .on_hover_text("Where the point lies on the map, -1 to 1."),
            target,
            session,
            commands,
        );
    }
}
