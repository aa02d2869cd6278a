//! A sheet of pictures that a job has drawn, one at a time, as large as the window allows.

use super::controls::segmented;
use super::tokens::space;
use crate::session::{Command, Commands, Session};
use egui::{Color32, ColorImage, Context, Frame, Id, Image, Modal, TextureHandle, TextureOptions, vec2};

/// Pictures on the graphics card, and the one on show.
#[derive(Default)]
pub struct PicturesState {
    textures: Vec<TextureHandle>,
    shown: usize,
}

/// Draws the sheet while the session holds pictures.
pub fn show(ctx: &Context, session: &Session, state: &mut PicturesState, commands: &mut Commands) {
    let pictures = &session.pictures;
    if pictures.is_empty() {
        *state = PicturesState::default();
        return;
    }
    if state.textures.len() != pictures.len() {
        let load = |(title, picture): &(&'static str, crate::session::Picture)| {
            let size = [picture.width as usize, picture.height as usize];
            ctx.load_texture(*title, ColorImage::from_rgb(size, &picture.rgb), TextureOptions::LINEAR)
        };
        state.textures = pictures.iter().map(load).collect();
    }
    let frame = Frame::window(&ctx.global_style());
    let response = Modal::new(Id::unique("pictures")).frame(frame).show(ctx, |ui| {
        let room = ui.ctx().content_rect().size() - vec2(96.0, 176.0);
        ui.set_width(room.x);
        let choices: Vec<(usize, &str, &str)> = pictures
            .iter()
            .map(|(title, _)| *title)
            .enumerate()
            .map(|(i, title)| (i, title, title))
            .collect();
        state.shown = segmented(ui, state.shown, &choices)
            .unwrap_or(state.shown)
            .min(pictures.len() - 1);
        ui.add_space(space::SNUG);
        let image = Image::new(&state.textures[state.shown])
            .max_size(room)
            .tint(Color32::WHITE);
        ui.vertical_centered(|ui| ui.add(image.alt_text(pictures[state.shown].0)));
        ui.add_space(space::SNUG);
        ui.button("Close").clicked()
    });
    if response.inner || response.should_close() {
        commands.push(Command::ClosePictures);
    }
}
