//! The export menu: sounds, the map's picture, the table of chunks.

use super::App;
use crate::decode::Span;
use crate::jobs::{JobError, export_map, export_table};
use crate::render::Recipe;
use crate::session::{Banner, ExportTarget};
use std::path::PathBuf;
use std::sync::Arc;

/// Length of an exported loop.
const LOOP_SECS: f32 = 30.0;

impl App {
    /// Writes `target` to `path` on a thread of its own; a banner says how it went.
    pub(super) fn export(&mut self, target: ExportTarget, path: PathBuf) {
        let Some(snapshot) = self.session.space.as_ref().map(|view| Arc::clone(&view.snapshot)) else {
            return;
        };
        let layout = self.session.settings.layout;
        let recipe = self.recipe_for(target);
        let renderer = self.backend.renderer();
        self.tasks.run(
            "exporting",
            move |stop| {
                let said = |done: Result<(), JobError>| done.map_err(|error| error.to_string());
                let done = match (target, recipe) {
                    (ExportTarget::MapPng, _) => said(export_map(&snapshot, layout, &path)),
                    (ExportTarget::TableCsv, _) => said(export_table(&snapshot, layout, &path, stop)),
                    (_, Some(recipe)) => renderer(&snapshot, &recipe, &path, stop),
                    (_, None) => Err("Play something first: there is nothing to export yet.".into()),
                };
                Box::new(move |app: &mut App| {
                    app.session.announce(match done {
                        Ok(()) => Banner::note(format!("Written: {}", path.display())),
                        Err(sentence) => Banner::error(sentence),
                    });
                })
            },
            |message| {
                Box::new(move |app: &mut App| {
                    app.session
                        .announce(Banner::error(format!("The export failed: {message}")));
                })
            },
        );
    }

    fn recipe_for(&self, target: ExportTarget) -> Option<Recipe> {
        match target {
            ExportTarget::PointWav => self.recipe_now(),
            ExportTarget::LoopWav => self.recipe_now().map(|now| Recipe {
                span: match now.span {
                    Span::Once => Span::Loop,
                    span => span,
                },
                seconds: Some(LOOP_SECS),
                ..now
            }),
            ExportTarget::PathWav => self.path_recipe_now(),
            ExportTarget::MapPng | ExportTarget::TableCsv => None,
        }
    }
}
