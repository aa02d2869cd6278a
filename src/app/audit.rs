//! The doctor in the window: every file of the inspected music is decoded on a thread of its own, and what the user
//! decides about it is kept beside the music, where every later import finds it. UI thread.

use super::App;
use super::inspect::moods;
use crate::codec::SpectralCodec;
use crate::corpus::audit::{Examination, examine};
use crate::corpus::{FillOptions, FrameCache, ImportOptions, Overrides, Silent, estimate_emotion, import_all};
use crate::dsp::BandAxis;
use crate::jobs::JobFolders;
use crate::session::{Banner, Diagnosis};
use crate::train::TrainOptions;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Instant;

/// Share of clips that a training holds out.
const HOLD_OUT: f32 = 0.15;

impl App {
    /// Decodes every file of the inspected music; the report appears in the training sheet.
    pub(super) fn examine(&mut self) {
        let Some(folder) = self.inspected_folder() else { return };
        let (sources, options) = self.sources(&folder);
        let (folders, training) = (self.folders.clone(), self.panes.training.options.clone());
        self.tasks.run(
            "examining every file",
            move || {
                let found = diagnose(&sources, &options, &folders, &training);
                Box::new(move |app: &mut Self| app.on_examined(found))
            },
            |message| {
                Box::new(move |app: &mut Self| {
                    app.session
                        .announce(Banner::error(format!("The music cannot be examined: {message}")));
                })
            },
        );
    }

    fn on_examined(&mut self, found: Result<Diagnosis, String>) {
        match found {
            Ok(diagnosis) => self.session.training.diagnosis = Some(diagnosis),
            Err(sentence) => self.session.announce(Banner::error(sentence)),
        }
    }

    /// Leaves `files` out of every import of the inspected folder from now on.
    pub(super) fn leave_out(&mut self, files: BTreeSet<String>) {
        self.keep_choices(|choices| choices.exclude.extend(files));
    }

    /// Names genres from now on as `names` says.
    pub(super) fn rename_genres(&mut self, names: BTreeMap<String, String>) {
        self.keep_choices(|choices| choices.genre_names.extend(names));
        self.panes.training.genre_names.clear();
    }

    /// Changes what is kept beside the inspected music, and looks at it again.
    fn keep_choices(&mut self, change: impl FnOnce(&mut Overrides)) {
        let Some(folder) = self.inspected_folder() else { return };
        let mut choices = Overrides::read(&folder);
        change(&mut choices);
        match choices.write(&folder) {
            Ok(()) => self.inspect_again(folder),
            Err(error) => {
                let text = format!("{}: your choices cannot be kept there: {error}", folder.display());
                self.session.announce(Banner::error(text));
            }
        }
    }

    fn inspected_folder(&self) -> Option<PathBuf> {
        self.session
            .training
            .inspected
            .as_ref()
            .map(|found| found.folder.clone())
    }
}

fn diagnose(
    sources: &[PathBuf],
    options: &ImportOptions,
    folders: &JobFolders,
    training: &TrainOptions,
) -> Result<Diagnosis, String> {
    let (codec, fill) = (SpectralCodec::new(BandAxis::standard()), FillOptions::default());
    let mut corpus = import_all(sources, options, &Silent).map_err(|error| error.to_string())?;
    let cache =
        FrameCache::open(&folders.cache, FrameCache::DEFAULT_BUDGET_BYTES).map_err(|error| error.to_string())?;
    let began = Instant::now();
    let measured = cache
        .measure(&mut corpus, codec.axis().sample_rate_hz(), &fill, &Silent)
        .map_err(|error| error.to_string())?;
    let decode_secs = began.elapsed().as_secs_f64();
    let measurements: Vec<_> = measured.measurements.iter().collect();
    let emotion = estimate_emotion(&mut corpus, &measurements);
    let with = Examination {
        cache: cache.estimate(&corpus, &codec, &fill),
        decode_secs,
        decoded_secs: measured.decoded_secs,
        chunk_secs: training.chunk_secs,
        emotion: Some(&emotion),
    };
    let report = examine(&corpus, &measurements, &corpus.split(HOLD_OUT, training.seed), &with);
    Ok(Diagnosis {
        text: report.to_string(),
        moods: moods(&corpus),
        leave_out: report.suggested_exclusions,
    })
}
