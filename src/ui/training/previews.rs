//! The fixed points of a training: a picture before it and one of now, each played by a click.

use crate::session::{Command, Commands, Take, Training};
use crate::ui::controls::{caption, heading};
use crate::ui::palette;
use crate::ui::tokens::{colours, radius, space};
use egui::accesskit::Role;
use egui::{
    Color32, ColorImage, CursorIcon, Rect, RichText, Sense, Stroke, StrokeKind, TextureHandle, TextureOptions, Ui,
    WidgetInfo, pos2, vec2,
};
use std::collections::HashMap;

/// Pictures by preview, whether it is the newest, steps behind it and theme.
#[derive(Default)]
pub struct PreviewsState(HashMap<(usize, bool, u64, bool), TextureHandle>);

impl std::fmt::Debug for PreviewsState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PreviewsState({} pictures)", self.0.len())
    }
}

/// Draws one row per point; nothing before the first map.
pub fn show(ui: &mut Ui, training: &Training, state: &mut PreviewsState, commands: &mut Commands) {
    const KEPT: usize = 32;
    if training.previews.is_empty() {
        return;
    }
    if state.0.len() > KEPT {
        state.0.clear();
    }
    ui.add_space(space::ROOMY);
    heading(ui, "Hear it before and now");
    for (index, preview) in training.previews.iter().enumerate() {
        let name = format!("{} · {}", preview.title, preview.genre);
        ui.add(egui::Label::new(RichText::new(name).small()).truncate());
        ui.horizontal(|ui| {
            let wide = (ui.available_width() - space::SNUG) * 0.5;
            picture(ui, wide, index, &preview.before, false, state, commands);
            match &preview.now {
                Some(now) => picture(ui, wide, index, now, true, state, commands),
                None => {
                    caption(ui, "comes with the next map");
                }
            }
        });
    }
}

fn picture(
    ui: &mut Ui,
    width: f32,
    index: usize,
    take: &Take,
    now: bool,
    state: &mut PreviewsState,
    commands: &mut Commands,
) {
    const HEIGHT: f32 = 34.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
    let c = colours(ui);
    ui.painter().rect_filled(rect, radius::CONTROL, c.ground);
    let dark = ui.visuals().dark_mode;
    if !take.picture.is_empty() {
        let key = (index, now, take.step, dark);
        let texture = state.0.entry(key).or_insert_with(|| {
            let pixels: Vec<Color32> = take.picture.iter().map(|level| palette::heat(*level, dark)).collect();
            let image = ColorImage::new([Take::COLUMNS, Take::ROWS], pixels);
            ui.ctx().load_texture("preview", image, TextureOptions::LINEAR)
        });
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(texture.id(), rect, whole, Color32::WHITE);
    }
    if response.hovered() || response.has_focus() {
        let stroke = Stroke::new(1.5, c.accent);
        ui.painter()
            .rect_stroke(rect, radius::CONTROL, stroke, StrokeKind::Inside);
    }
    let name = match (now, take.step) {
        (false, _) => format!("Hear point {} before training", index + 1),
        (true, step) => format!("Hear point {} after {step} steps", index + 1),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if response
        .on_hover_cursor(CursorIcon::PointingHand)
        .on_hover_text(&name)
        .clicked()
    {
        commands.push(Command::HearPreview { index, now });
    }
}
