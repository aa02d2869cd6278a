//! The last ten seconds, low notes at the bottom.

use crate::session::{SpectrogramTape, TAPE_ROWS};
use crate::ui::palette;
use crate::ui::tokens::{colours, type_scale};
use egui::{Align2, Color32, ColorImage, Rect, TextureHandle, TextureOptions, Ui, pos2};

/// The picture and what it was made for.
#[derive(Default)]
pub struct SpectrogramState {
    /// The wave of the moment is shown instead.
    pub(super) as_scope: bool,
    made_for: Option<(u64, bool)>,
    texture: Option<TextureHandle>,
}

/// Draws the tape into `rect`, newest at the right.
pub fn paint(ui: &Ui, rect: Rect, tape: &SpectrogramTape, state: &mut SpectrogramState) {
    if tape.version() == 0 {
        let c = colours(ui);
        ui.painter().text(
            rect.center(),
            Align2::CENTER_CENTER,
            "What you hear appears here",
            type_scale::caption(),
            c.weak,
        );
        return;
    }
    let key = (tape.version(), ui.visuals().dark_mode);
    if state.made_for != Some(key) {
        let image = picture(tape, key.1);
        match &mut state.texture {
            Some(texture) => texture.set(image, TextureOptions::LINEAR),
            None => state.texture = Some(ui.ctx().load_texture("spectrogram", image, TextureOptions::LINEAR)),
        }
        state.made_for = Some(key);
    }
    if let Some(texture) = &state.texture {
        let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(texture.id(), rect, uv, Color32::WHITE);
    }
}

fn picture(tape: &SpectrogramTape, dark: bool) -> ColorImage {
    let heat: Vec<Color32> = (0..=255).map(|level| palette::heat(level, dark)).collect();
    let width = tape.width();
    let mut image = ColorImage::filled([width, TAPE_ROWS], heat[0]);
    for (x, column) in tape.columns().enumerate() {
        for (row, level) in column.iter().enumerate() {
            image.pixels[(TAPE_ROWS - 1 - row) * width + x] = heat[usize::from(*level)];
        }
    }
    image
}
