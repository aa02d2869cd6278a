//! What the latent's main directions do to the ear, found out on a thread of its own.

use super::App;
use crate::jobs::{EarError, ear_directions};
use crate::session::Banner;
use std::sync::Arc;

impl App {
    /// Listens to a sample of the space on screen; the sliders appear when that is done.
    pub(super) fn name_directions(&mut self) {
        let Some(snapshot) = self.snapshot() else { return };
        let previewer = self.backend.previewer();
        self.tasks.run(
            "listening to the space",
            move |stop| {
                let found = ear_directions(&snapshot, |chunks| previewer(&snapshot, chunks), stop);
                Box::new(move |app: &mut App| {
                    let is_shown = app.snapshot().is_some_and(|shown| Arc::ptr_eq(&shown, &snapshot));
                    match found {
                        Ok(directions) if is_shown => app.session.directions = directions,
                        Ok(_) | Err(EarError::Stopped) => {}
                        Err(error) => log::warn!("the directions of the latent have no names: {error}"),
                    }
                })
            },
            |message| {
                Box::new(move |app: &mut App| {
                    let text = format!("What the latent's directions do was not found out (details: {message})");
                    app.session.announce(Banner::warning(text));
                })
            },
        );
    }
}
