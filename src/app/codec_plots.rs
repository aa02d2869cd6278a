//! What the music looks like to EnCodec: drawn on a thread of its own, shown in the window, kept beside the recordings.

use super::App;
use crate::atlas::codec_pictures;
use crate::corpus::Silent;
use crate::jobs::{JobFolders, codec_figures};
use crate::session::{Banner, Picture};
use crate::sync::StopFlag;
use std::path::{Path, PathBuf};

/// Seed of the layout: equal music, equal pictures.
const SEED: u64 = 1;

type Pictures = Vec<(&'static str, Picture)>;

impl App {
    /// Draws the plots of the music in work: that of the open space, or the folder looked at last.
    pub(super) fn plot_codec(&mut self) {
        let Some((source, weights)) = self.session.codec_plot_source() else {
            return;
        };
        let folders = self.folders.clone();
        self.tasks.run(
            "drawing what EnCodec sees",
            move || {
                let drawn = draw(&source, &weights, &folders);
                Box::new(move |app: &mut App| app.on_codec_plots(drawn))
            },
            |message| {
                Box::new(move |app: &mut App| {
                    app.session
                        .announce(Banner::error(format!("The plots cannot be drawn: {message}")));
                })
            },
        );
    }

    fn on_codec_plots(&mut self, drawn: Result<(Pictures, PathBuf), String>) {
        match drawn {
            Ok((pictures, folder)) => {
                self.session.pictures = pictures;
                let text = format!("The pictures are in {} too.", folder.display());
                self.session.announce(Banner::note(text));
            }
            Err(sentence) => self.session.announce(Banner::error(sentence)),
        }
    }
}

fn draw(source: &Path, weights: &Path, folders: &JobFolders) -> Result<(Pictures, PathBuf), String> {
    let figures = codec_figures(source, weights, folders, &Silent).map_err(|error| error.to_string())?;
    let drawn = codec_pictures(&figures, SEED, &StopFlag::default()).map_err(|error| error.to_string())?;
    let name = source.file_stem().unwrap_or_default().to_string_lossy();
    let folder = folders.recordings.join(format!("encodec-{name}"));
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: cannot be made: {error}", folder.display()))?;
    let mut pictures = Vec::new();
    for (stem, picture) in drawn {
        let path = folder.join(stem).with_extension("png");
        picture.write(&path).map_err(|error| error.to_string())?;
        pictures.push((stem_title(stem), picture));
    }
    Ok((pictures, folder))
}

fn stem_title(stem: &'static str) -> &'static str {
    match stem {
        "latent_samples" => "Latents over time",
        "clips_by_latent" => "Clips by their latents",
        "codebook_usage" => "Codebook usage",
        other => other,
    }
}
