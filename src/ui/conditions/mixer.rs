//! One fader per genre in the colour it has on the map; those that sound stand first.

use crate::session::{Command, Commands, MidiTarget, Session, SpaceView};
use crate::ui::controls::{Bar, caption, learnable};
use crate::ui::palette;
use crate::ui::tokens::size;
use egui::accesskit::Role;
use egui::{Rect, Ui, UiBuilder};

const GAP: f32 = 3.0;

/// In which order the genres stand.
#[derive(Debug, Default)]
pub struct MixerState {
    order: Vec<usize>,
    /// Where the faders were in the last frame.
    place: Option<Rect>,
}

/// Draws the faders. They change places only while no hand and no keyboard is at them.
pub fn show(ui: &mut Ui, session: &Session, view: &SpaceView, state: &mut MixerState, commands: &mut Commands) {
    let genres = &view.snapshot.meta.genres;
    if genres.is_empty() {
        caption(ui, "This space was learned without genres.");
        return;
    }
    let shares = session.mixer.shares();
    let at_work = ui.input(|input| {
        let pointer = input.pointer.latest_pos();
        input.pointer.any_down() || pointer.zip(state.place).is_some_and(|(at, place)| place.contains(at))
    });
    let with_keyboard = ui
        .memory(egui::Memory::focused)
        .and_then(|id| ui.ctx().read_response(id))
        .is_some_and(|response| state.place.is_some_and(|place| place.contains(response.rect.center())));
    if state.order.len() != genres.len() || !(at_work || with_keyboard) {
        state.order = sounding_first(&shares, genres.len());
    }
    let group = UiBuilder::new()
        .accessibility_role(Role::Group)
        .accessibility_label("Genre mixer");
    let faders = ui.scope_builder(group, |ui| {
        ui.spacing_mut().item_spacing.y = GAP;
        for genre in state.order.iter().copied() {
            let share = shares.get(genre).copied().unwrap_or(0.0);
            fader(ui, session, genre, &genres[genre], share, commands);
        }
    });
    state.place = Some(faders.response.rect.intersect(ui.clip_rect()));
}

/// Indices of `count` genres: the largest share first, then those without one in the order of the space.
fn sounding_first(shares: &[f32], count: usize) -> Vec<usize> {
    let share = |genre: &usize| shares.get(*genre).copied().unwrap_or(0.0);
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| share(b).total_cmp(&share(a)));
    order
}

/// One row. Its knob stands where the hand left it, it is filled by its share of the mix, as the figure says.
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
    let outcome = bar.show_filled(ui, level, Some(share));
    if outcome.double_clicked {
        commands.push(Command::SoloGenre(genre));
    } else if let Some(level) = outcome.moved {
        commands.push(Command::SetFader { genre, level });
    }
    let tip = "How much of this genre, 0 to 100 %; the figure is its share of the mix.\nDouble click (Enter): this one alone.";
    learnable(
        outcome.response.on_hover_text(tip),
        MidiTarget::Genre(genre),
        session,
        commands,
    );
}

#[cfg(test)]
mod tests {
    use super::sounding_first;

    #[test]
    fn what_sounds_stands_first_and_the_rest_stays_in_its_order() {
        assert_eq!(sounding_first(&[0.0, 0.3, 0.0, 0.7], 4), [3, 1, 0, 2]);
        assert_eq!(sounding_first(&[], 3), [0, 1, 2]);
    }
}
