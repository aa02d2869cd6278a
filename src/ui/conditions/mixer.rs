//! One fader per genre in the colour it has on the map.

use crate::session::{Command, Commands, MidiTarget, Session, SpaceView};
use crate::ui::controls::{Bar, caption};
use crate::ui::controls::{follow_keyboard, learnable};
use crate::ui::palette;
use crate::ui::tokens::{size, space};
use egui::accesskit::Role;
use egui::{ScrollArea, Ui, UiBuilder};

const GAP: f32 = 3.0;
const ROW: f32 = size::TIGHT_ROW + GAP;

/// What mood and the latent sliders need under the mixer, in points.
const BELOW: f32 = 306.0;

/// Draws the faders.
pub fn show(ui: &mut Ui, session: &Session, view: &SpaceView, commands: &mut Commands) {
    let genres = &view.snapshot.meta.genres;
    if genres.is_empty() {
        caption(ui, "This space was learned without genres.");
        return;
    }
    let shares = session.mixer.shares();
    let known = shares.iter().any(|share| *share > 0.0);
    // Half a row more than fits tells that there is more.
    let room = (ui.clip_rect().height() - BELOW).max(3.5 * ROW);
    let group = UiBuilder::new()
        .accessibility_role(Role::Group)
        .accessibility_label("Genre mixer");
    ui.scope_builder(group, |ui| {
        ScrollArea::vertical().id_salt("mixer").max_height(room).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = GAP;
            for (genre, name) in genres.iter().enumerate() {
                let share = shares.get(genre).copied().unwrap_or(0.0);
                fader(ui, session, genre, name, share, commands);
            }
            follow_keyboard(ui);
        });
    });
    ui.add_space(space::HAIR);
    caption(
        ui,
        if known {
            "Double click a genre (Enter) to hear it alone."
        } else {
            "All down: every point keeps its own genre."
        },
    );
}

fn fader(ui: &mut Ui, session: &Session, genre: usize, name: &str, share: f32, commands: &mut Commands) {
    let level = session.mixer.faders.get(genre).copied().unwrap_or(0.0);
    let bar = Bar {
        label: name,
        value_text: if share > 0.0 {
            format!("{:.0} %", share * 100.0)
        } else {
            String::new()
        },
        range: 0.0..=1.0,
        tint: Some(palette::category(genre, ui.visuals().dark_mode)),
        origin: None,
        height: size::TIGHT_ROW,
    };
    let outcome = bar.show(ui, level);
    if outcome.double_clicked {
        commands.push(Command::SoloGenre(genre));
    } else if let Some(level) = outcome.moved {
        commands.push(Command::SetFader { genre, level });
    }
    learnable(outcome.response, MidiTarget::Genre(genre), session, commands);
}
