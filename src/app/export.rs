//! The export menu: sounds, the map's picture, the table of chunks.

use super::App;
use crate::jobs::{JobError, SoundLength, export_map, export_table};
use crate::render::Recipe;
use crate::session::{Banner, ExportTarget};
use std::path::PathBuf;
use std::sync::Arc;

/// What the rounds of an exported loop may fill.
const LOOP_SECS: f32 = 30.0;

/// What the names of such files end in; the first is added where none is there.
pub(super) fn endings_of(target: ExportTarget) -> &'static [&'static str] {
    match target {
        ExportTarget::PointWav | ExportTarget::LoopWav | ExportTarget::PathWav | ExportTarget::TakeWav => {
            &["wav", "flac"]
        }
        ExportTarget::MapPng => &["png"],
        ExportTarget::TableCsv => &["csv"],
    }
}

impl App {
    /// Writes `target` to `path` on a thread of its own; a banner says how it went.
    pub(super) fn export(&mut self, target: ExportTarget, path: PathBuf) {
        if target == ExportTarget::TakeWav {
            return self.render_open_take(path);
        }
        let Some(snapshot) = self.session.space.as_ref().map(|view| Arc::clone(&view.snapshot)) else {
            return;
        };
        let layout = self.session.settings.layout;
        let sound = self.sound_for(target);
        let roots = self.recording_roots(&snapshot);
        let renderer = self.backend.renderer();
        self.tasks.run(
            "exporting",
            move |stop| {
                let said = |done: Result<(), JobError>| done.map(|()| None).map_err(|error| error.to_string());
                let done = match (target, sound) {
                    (ExportTarget::MapPng, _) => said(export_map(&snapshot, layout, &path)),
                    (ExportTarget::TableCsv, _) => said(export_table(&snapshot, layout, &path, stop)),
                    (_, Some((recipe, length))) => renderer(&snapshot, (&recipe, length), &roots, &path, stop),
                    (_, None) => Err("Play something first: there is nothing to export yet.".into()),
                };
                Box::new(move |app: &mut App| {
                    app.session.announce(match done {
                        Ok(None) => Banner::note(format!("Written: {}", path.display())),
                        Ok(Some(unheard)) => Banner::warning(format!("Written: {}. {unheard}", path.display())),
                        Err(sentence) => Banner::error(sentence),
                    });
                })
            },
            |message| {
                Box::new(move |app: &mut App| {
                    let text = format!("The export failed and nothing was written; try it again (details: {message})");
                    app.session.announce(Banner::error(text));
                })
            },
        );
    }

    fn sound_for(&self, target: ExportTarget) -> Option<(Recipe, SoundLength)> {
        let as_asked = |recipe| (recipe, SoundLength::AsAsked);
        match target {
            ExportTarget::PointWav => self.recipe_now().map(as_asked),
            ExportTarget::LoopWav => self.recipe_now().map(|now| {
                let seconds = Some(LOOP_SECS);
                (Recipe { seconds, ..now }, SoundLength::WholeRounds)
            }),
            ExportTarget::PathWav => self.path_recipe_now().map(as_asked),
            ExportTarget::TakeWav | ExportTarget::MapPng | ExportTarget::TableCsv => None,
        }
    }
}
