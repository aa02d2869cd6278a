//! One fader per genre in the colour it has on the map.

use crate::session::{Command, Commands, MidiTarget, Session, SpaceView};
use crate::ui::controls::{Bar, caption};
use crate::ui::controls::{follow_keyboard, learnable};
use crate::ui::palette;
use crate::ui::tokens::{size, space};
use egui::accesskit::Role;
use egui::{Rect, ScrollArea, Ui, UiBuilder};

const GAP: f32 = 3.0;
const ROW: f32 = size::TIGHT_ROW + GAP;

/// What mood and the latent sliders need under the mixer, in points.
const BELOW: f32 = 306.0;

/// Which genre was in sight because it leads.
#[derive(Debug, Default)]
pub struct MixerState {
    leading: Option<usize>,
}

/// Draws the faders. One that comes to lead is brought into sight, unless the hand is at work.
pub fn show(ui: &mut Ui, session: &Session, view: &SpaceView, state: &mut MixerState, commands: &mut Commands) {
    let genres = &view.snapshot.meta.genres;
    if genres.is_empty() {
        caption(ui, "This space was learned without genres.");
        return;
    }
    let shares = session.mixer.shares();
    let leading = leading(&shares);
    let is_new = leading != state.leading && !ui.input(|input| input.pointer.any_down());
    if is_new {
        state.leading = leading;
    }
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
                let row = fader(ui, session, genre, name, share, commands);
                if is_new && leading == Some(genre) {
                    ui.scroll_to_rect(row, None);
                }
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

/// The genre with the largest share.
fn leading(shares: &[f32]) -> Option<usize> {
    let known = shares.iter().enumerate().filter(|(_, share)| **share > 0.0);
    known.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(genre, _)| genre)
}

/// One row, and where it lies. Its knob stands where the hand left it, it is filled by its share of the mix, as the figure says.
fn fader(ui: &mut Ui, session: &Session, genre: usize, name: &str, share: f32, commands: &mut Commands) -> Rect {
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
    let outcome = bar.show_filled(ui, level, Some(share));
    let rect = outcome.response.rect;
    if outcome.double_clicked {
        commands.push(Command::SoloGenre(genre));
    } else if let Some(level) = outcome.moved {
        commands.push(Command::SetFader { genre, level });
    }
    learnable(outcome.response, MidiTarget::Genre(genre), session, commands);
    rect
}
