//! What can be written beside the space: sounds, the map's picture, the table of clips.

use super::App;
use crate::atlas::{PictureOptions, write_png};
use crate::files::write_whole;
use crate::render::{Recipe, RecipeSource};
use crate::session::{Banner, ExportTarget, Motion};
use crate::space::{LayoutKind, Snapshot};
use std::path::{Path, PathBuf};
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
            move || {
                let done = match (target, recipe) {
                    (ExportTarget::MapPng, _) => write_map(&snapshot, layout, &path),
                    (ExportTarget::TableCsv, _) => write_table(&snapshot, layout, &path),
                    (_, Some(recipe)) => renderer(&snapshot, &recipe, &path),
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
        let now = self.recipe_now()?;
        match target {
            ExportTarget::PointWav => Some(now),
            ExportTarget::LoopWav => Some(Recipe {
                seconds: Some(LOOP_SECS),
                ..now
            }),
            ExportTarget::PathWav => {
                let Some(Motion::Path {
                    points, period_secs, ..
                }) = &self.session.motion
                else {
                    return None;
                };
                Some(Recipe {
                    source: RecipeSource::Path {
                        layout: self.session.settings.layout,
                        points: points.clone(),
                    },
                    seconds: Some(*period_secs),
                    ..now
                })
            }
            ExportTarget::MapPng | ExportTarget::TableCsv => None,
        }
    }
}

fn write_map(snapshot: &Snapshot, layout: LayoutKind, path: &Path) -> Result<(), String> {
    let layout = snapshot.layout(layout).ok_or("This space has no map yet.")?;
    write_png(snapshot, layout, path, PictureOptions::default()).map_err(|error| error.to_string())
}

/// One row per chunk: where it lies, what it is, how it is labelled.
fn write_table(snapshot: &Snapshot, layout: LayoutKind, path: &Path) -> Result<(), String> {
    let failed = |error: &dyn std::fmt::Display| format!("The table cannot be made: {error}.");
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut write = || -> csv::Result<()> {
        table.write_record([
            "file",
            "title",
            "start_secs",
            "genre",
            "valence",
            "arousal",
            "x",
            "y",
            "cluster",
        ])?;
        let points = snapshot.layout(layout).map_or(&[][..], |layout| &layout.points);
        for (i, chunk) in snapshot.chunks.iter().enumerate() {
            let clip = &snapshot.clips[chunk.clip.0 as usize];
            let labels = snapshot.labels(crate::values::ChunkId(i as u32));
            let genre = labels
                .genre
                .iter()
                .enumerate()
                .filter(|(_, share)| **share > 0.0)
                .max_by(|a, b| a.1.total_cmp(b.1))
                .map_or("", |(genre, _)| snapshot.meta.genres[genre].as_str());
            let number = |value: Option<f32>| value.map_or(String::new(), |value| format!("{value:.4}"));
            table.write_record([
                clip.path.clone(),
                clip.title.clone(),
                format!("{:.3}", chunk.start_secs),
                genre.to_owned(),
                number(labels.valence),
                number(labels.arousal),
                number(points.get(i).map(|point| point.x)),
                number(points.get(i).map(|point| point.y)),
                snapshot.clusters.get(i).map_or(String::new(), u16::to_string),
            ])?;
        }
        Ok(())
    };
    write().map_err(|error| failed(&error))?;
    let bytes = table.into_inner().map_err(|error| failed(&error))?;
    write_whole(path, &bytes).map_err(|error| error.to_string())
}
