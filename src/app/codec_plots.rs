//! What the music looks like to EnCodec: drawn on a thread of its own, shown in the window, kept beside the recordings.

use super::App;
use crate::corpus::source_name;
use crate::files::make_own_folder_for;
use crate::jobs::{CodecPlot, JobError, UntilStopped, codec_plots};
use crate::session::Banner;
use std::path::PathBuf;

/// Seed of the layout: equal music, equal pictures.
const SEED: u64 = 1;

impl App {
    /// Draws the plots of the music in work: that of the open space, or the folder looked at last.
    pub(super) fn plot_codec(&mut self) {
        let Some((source, weights)) = self.session.codec_plot_source() else {
            return;
        };
        let folders = self.folders.clone();
        self.tasks.run(
            "drawing what EnCodec sees",
            move |stop| {
                let folder = folders.recordings.join(format!("encodec-{}", source_name(&source)));
                let music = (source.as_path(), weights.as_path());
                let drawn = make_own_folder_for(&folder)
                    .map_err(JobError::from)
                    .and_then(|()| codec_plots(music, &folder, SEED, &folders, &UntilStopped(stop), stop));
                let drawn = drawn.map(|plots| (plots, folder));
                Box::new(move |app: &mut App| app.on_codec_plots(drawn))
            },
            |message| {
                Box::new(move |app: &mut App| {
                    app.session.announce(Banner::error(format!(
                        "The plots cannot be drawn; try it again (details: {message})"
                    )));
                })
            },
        );
    }

    fn on_codec_plots(&mut self, drawn: Result<(Vec<CodecPlot>, PathBuf), JobError>) {
        match drawn {
            Ok((plots, folder)) => {
                let titled = |plot: CodecPlot| (title_of(plot.name), plot.picture);
                self.session.pictures = plots.into_iter().map(titled).collect();
                let text = format!("The pictures are in {} too.", folder.display());
                self.session.announce(Banner::note(text));
            }
            Err(error) => self.session.announce(Banner::error(error.to_string())),
        }
    }
}

fn title_of(plot: &'static str) -> &'static str {
    match plot {
        "latent_samples" => "Latents over time",
        "clips_by_latent" => "Clips by their latents",
        "codebook_usage" => "Codebook usage",
        other => other,
    }
}
