//! What the workers report and what the window makes of it.

use super::{App, BackendEvent, demo};
use crate::files::SharedStamp;
use crate::jobs::{JobEvent, JobStage};
use crate::session::{
    Banner, Command, FileAsk, Mixer, Pace, Progress, SpaceView, Standing, Strip, Training, TrainingState,
};
use crate::space::{Chunk, Kept, Snapshot};
use crate::train::{Health, TrainOptions};
use crate::workers::{DecodeEvent, JobOutcome, WorkerEvent};
use std::path::PathBuf;
use std::sync::{Arc, Weak};

impl App {
    pub(super) fn on_backend_event(&mut self, event: BackendEvent) {
        match event {
            BackendEvent::Worker(event) => self.on_worker(event),
            BackendEvent::Decode(DecodeEvent::Failed(sentence)) => self.session.announce(Banner::error(sentence)),
            BackendEvent::Decode(DecodeEvent::NeedsWeights(sentence)) => self.session.announce(
                Banner::error(sentence).with_action("EnCodec weights…", Command::Ask(FileAsk::EncodecWeights)),
            ),
            BackendEvent::Decode(DecodeEvent::CpuTookOver(sentence)) => {
                self.session.announce(Banner::warning(sentence));
            }
            BackendEvent::Decode(DecodeEvent::Died(message)) => self.engine_died("decoder", &message),
        }
    }

    fn on_worker(&mut self, event: WorkerEvent) {
        let training = &mut self.session.training;
        match event {
            WorkerEvent::DevicePreparing { name, secs } => {
                self.session.device_preparing = Some(format!("preparing {name}, {secs} s"));
            }
            WorkerEvent::DeviceChosen { name, note } => {
                self.session.compute_device = name;
                self.session.device_preparing = None;
                if let Some(note) = note {
                    self.session.announce(Banner::warning(note));
                }
            }
            WorkerEvent::Opened { path, stamp, snapshot } => self.on_opened(path, stamp, snapshot),
            WorkerEvent::Saved {
                path,
                stamp,
                snapshot,
                kept,
            } => self.on_saved(path, stamp, &snapshot, &kept),
            WorkerEvent::ChangedOnDisk(path) => {
                let text = format!(
                    "{}: another program has changed this file since it was opened here, so it was left alone. Save the space \
                     under another name, or open the file again.",
                    path.display()
                );
                let banner = Banner::error(text);
                self.session
                    .announce(banner.with_action("Save as…", Command::Ask(FileAsk::SaveSpace)));
            }
            WorkerEvent::Job(event) => self.on_job(event),
            WorkerEvent::Paused => training.state = TrainingState::Paused,
            WorkerEvent::Resumed => training.state = TrainingState::Running,
            WorkerEvent::JobEnded(outcome) => self.on_job_ended(outcome),
            WorkerEvent::RequestFailed(sentence) => {
                self.session.announce(Banner::error(sentence));
                self.look_for_recent_files();
            }
            WorkerEvent::Died(message) => {
                if training.is_active() {
                    training.state = TrainingState::Ended("The engine stopped; its last checkpoint is kept.".into());
                }
                training.progress = None;
                self.engine_died("engine", &message);
                self.look_for_unfinished_training();
            }
        }
    }

    fn on_job(&mut self, event: JobEvent) {
        let training = &mut self.session.training;
        match event {
            JobEvent::Published(snapshot) => self.on_published(snapshot),
            JobEvent::Settling(snapshot) => self.on_settling(snapshot),
            JobEvent::Progressed { stage, done, total } => {
                let before = training.progress.map(|progress| progress.stage);
                if stage == JobStage::Refining && before != Some(JobStage::Refining) {
                    training.stopping = false;
                }
                training.progress = (done < total || training.is_active()).then_some(Progress { stage, done, total });
                if stage == JobStage::Training && training.state != TrainingState::Paused {
                    training.state = TrainingState::Running;
                }
            }
            JobEvent::ProblemFound(problem) => {
                if !problem.kind.keeps_the_clip() {
                    training.skipped.push((problem.path, problem.reason));
                }
            }
            JobEvent::Noted(sentence) => training.notes.push(sentence),
            JobEvent::Warned(sentence) | JobEvent::DeviceLost(sentence) => {
                self.session.announce(Banner::warning(sentence));
            }
            JobEvent::Stepped(report) => {
                training.advance_to(&report);
                training.push(report);
                self.measure_pace();
            }
            JobEvent::HealthChanged(health) => {
                let warning = match &health {
                    Health::Good => None,
                    Health::Warning(sentence) => Some(sentence.clone()),
                };
                training.health = Some(health);
                if let Some(sentence) = warning {
                    self.session.announce(Banner::warning(sentence));
                }
            }
        }
    }

    fn on_job_ended(&mut self, outcome: JobOutcome) {
        let training = &mut self.session.training;
        training.progress = None;
        match outcome {
            JobOutcome::Trained { note, finished_run, .. } => {
                training.state = TrainingState::Ended(note.clone());
                training.finished_run = finished_run;
                self.session.unsaved = self.session.space.is_some();
                self.look_for_unfinished_training();
                self.session
                    .announce(Banner::note(note).with_action("Save…", Command::Save));
            }
            JobOutcome::Added { before, grown, report } => {
                let mut banner = Banner::note(report.sentence());
                if grown.is_some_and(|grown| self.replace_space(&before, grown)) {
                    banner = banner.with_action("Save…", Command::Save);
                }
                self.session.announce(banner);
            }
            JobOutcome::Remapped { before, remapped } => {
                self.replace_space(&before, remapped);
            }
            JobOutcome::Failed(sentence) => {
                if let Some(settled) = self.settled.take() {
                    self.show_space(settled);
                }
                let training = &mut self.session.training;
                if training.is_active() {
                    training.state = TrainingState::Ended(sentence.clone());
                }
                self.session.announce(Banner::error(sentence));
            }
        }
        if self.settled.is_none()
            && let Some((path, over)) = self.save_waits.take()
        {
            self.save_to(path, over);
        }
    }

    /// Which file is on screen, and what it looked like when it was read or written here.
    pub(super) fn file_is(&mut self, file: Option<PathBuf>, stamp: Option<SharedStamp>) {
        (self.session.file, self.file_stamp) = (file, stamp);
    }

    fn on_opened(&mut self, path: PathBuf, stamp: Option<SharedStamp>, snapshot: Arc<Snapshot>) {
        self.save_waits = None;
        self.show_space(snapshot);
        self.session.unsaved = false;
        self.take_up_kept();
        let is_demo = demo::find().is_ok_and(|demo| demo == path);
        if !is_demo {
            self.session.settings.remember(&path);
            self.look_for_recent_files();
        }
        // Saving never overwrites the demo: it asks for a name.
        self.file_is((!is_demo).then_some(path), stamp);
        self.look_for_beats();
    }

    fn on_saved(&mut self, path: PathBuf, stamp: Option<SharedStamp>, snapshot: &Arc<Snapshot>, kept: &Kept) {
        self.session.settings.remember(&path);
        self.look_for_recent_files();
        self.on_kept(kept);
        self.session
            .announce(Banner::note(format!("Saved: {}", path.display())));
        // What is on screen may have moved on since, or be another space.
        let current = self.session.space.as_ref().map(|view| &view.snapshot);
        if let Some(current) = current.filter(|current| same_recordings(snapshot, current)) {
            let [unheard, heard] = &self.beats_found;
            let is = |one: &Weak<Snapshot>, other: &Arc<Snapshot>| std::ptr::eq(one.as_ptr(), Arc::as_ptr(other));
            let lacks_only_beats = is(unheard, snapshot) && is(heard, current);
            self.session.unsaved = !(Arc::ptr_eq(current, snapshot) || lacks_only_beats) || self.kept() != *kept;
            self.file_is(Some(path), stamp);
        }
    }

    /// A newer version from the running training.
    fn on_published(&mut self, snapshot: Arc<Snapshot>) {
        if std::mem::take(&mut self.session.training.begins_new_space) {
            self.file_is(None, None);
        }
        if self.session.training.is_active() {
            self.preview(Arc::clone(&snapshot));
        }
        self.show_space(snapshot);
        self.session.unsaved = true;
    }

    /// The map of the space on screen on its way. What it began from is remembered, and shown again where it is not finished.
    fn on_settling(&mut self, snapshot: Arc<Snapshot>) {
        let Some(current) = self.session.space.as_ref().map(|view| Arc::clone(&view.snapshot)) else {
            return;
        };
        if !same_recordings(&current, &snapshot) {
            return;
        }
        if current.hash == snapshot.hash {
            let before = self.settled.take().unwrap_or(current);
            self.show_space(snapshot);
            self.settled = Some(before);
        } else if self.session.training.is_active() {
            self.show_space(snapshot);
        }
    }

    /// Shows `after`, made from `before`, unless another space has come on screen since. Returns whether it did.
    fn replace_space(&mut self, before: &Arc<Snapshot>, after: Arc<Snapshot>) -> bool {
        let current = self.session.space.as_ref().map(|view| &view.snapshot);
        let shown = self.settled.as_ref().or(current);
        let is_current = shown.is_some_and(|shown| Arc::ptr_eq(shown, before));
        if is_current {
            self.show_space(after);
            self.session.unsaved = true;
        }
        is_current
    }

    /// `found` is `before` with the beats of its clips: they are kept with the space when it is saved next.
    pub(super) fn take_beats(&mut self, before: &Arc<Snapshot>, found: Arc<Snapshot>) {
        let unsaved = self.session.unsaved;
        if self.replace_space(before, found) {
            self.session.unsaved = unsaved;
            let found = self.session.space.as_ref().map(|view| Arc::downgrade(&view.snapshot));
            self.beats_found = [Arc::downgrade(before), found.unwrap_or_default()];
        }
    }

    /// Makes `snapshot` the space on screen: the one place where the session's space changes.
    fn show_space(&mut self, snapshot: Arc<Snapshot>) {
        let snapshot = self.with_known_weights(snapshot);
        let before = self.session.space.clone();
        self.settled = None;
        let same_space = before
            .as_ref()
            .is_some_and(|view| same_recordings(&view.snapshot, &snapshot));
        let genres = snapshot.meta.genres.len();
        self.backend.set_snapshot(Arc::clone(&snapshot));
        self.session.space = Some(Arc::new(SpaceView::new(snapshot)));
        self.session.directions.clear();
        self.sounding.space_changed();
        self.space_of_take_changed(before.as_ref());
        if self.session.mixer.faders.len() != genres {
            self.session.mixer = Mixer::for_genres(genres);
        }
        if let Some(before) = before.filter(|_| same_space) {
            self.pins_follow(&before);
            self.sound_again();
        } else {
            self.audio.stop();
            self.session.transport.playing = false;
            self.session.motion = None;
            self.session.selection = None;
            self.session.strip = Strip::default();
            self.session.relative = None;
            self.session.transport.pinned_relative = None;
            self.session.trail.clear();
            self.endless.end();
            self.drop_kept();
            self.session.samples.clear();
            self.session.sample = None;
            self.sounding.choice = None;
            self.session.global.clear();
            self.panes.map.camera.fit();
            self.panes.map.show_all();
        }
    }

    /// The same place in a newer version of the space.
    fn sound_again(&mut self) {
        let Some(selection) = self.session.selection.filter(|_| self.session.sample.is_none()) else {
            return;
        };
        let is_chunk = selection.standing == Standing::Chunk;
        let place = self
            .session
            .layout()
            .and_then(|layout| Some(layout.map_from_view(*layout.positions.get(selection.chunk.0 as usize)?)));
        if let (true, Some(place), Some(now)) = (is_chunk, place, &mut self.session.selection) {
            now.point = place;
        }
        // The map may have moved under a place between chunks: there the timbre stays as it is.
        if let (false, Some(choice)) = (is_chunk, &mut self.sounding.choice) {
            choice.global = Some(self.session.global.clone());
        }
        if self.session.transport.playing {
            self.request_decode();
        }
    }

    fn engine_died(&mut self, what: &str, message: &str) {
        let text = format!("The {what} stopped; what was saved is safe (details: {message})");
        let banner = Banner::error(text).with_action("Restart engine", Command::RestartEngine);
        self.session.announce(banner);
    }

    /// Remembers how fast this device learns, for the next estimate.
    fn measure_pace(&mut self) {
        /// The first steps are slow: caches fill, kernels compile.
        const WARM_SECS: f64 = 20.0;
        let training = &self.session.training;
        let (Some(options), Some(row)) = (&training.options, training.curve.last()) else {
            return;
        };
        if row.elapsed_secs > WARM_SECS && row.steps_per_sec > 0.0 {
            self.session.settings.remember_pace(Pace {
                device: self.session.compute_device.clone(),
                preset: options.preset,
                chunks_per_sec: row.steps_per_sec * options.batch as f32,
            });
        }
    }

    /// Clears the curves for a training with `options`; without them it goes on with its own.
    pub(super) fn begin_training(&mut self, options: Option<TrainOptions>) {
        let old = std::mem::take(&mut self.session.training);
        self.session.training = Training {
            state: TrainingState::Running,
            budget_minutes: options.as_ref().and_then(|options| options.minutes),
            options,
            inspected: old.inspected,
            segments: old.segments,
            diagnosis: old.diagnosis,
            ..Training::default()
        };
    }

    /// Offers to continue a training that was cut off.
    pub(super) fn look_for_unfinished_training(&mut self) {
        let Some(source) = self.session.settings.last_corpus.clone() else {
            return;
        };
        let runs = self.folders.runs.clone();
        self.session.training.resumable = crate::train::RunFolder::newest_for(&runs, &source);
    }
}

/// Whether every chunk of `old` is the same in `new`: a training publishes the same recordings again and again, and
/// clips that are added come after them.
fn same_recordings(old: &Snapshot, new: &Snapshot) -> bool {
    let place = |chunk: &Chunk| (chunk.clip, chunk.start_secs.to_bits());
    let same = |(a, b): (&Chunk, &Chunk)| {
        let files = [(old, a), (new, b)].map(|(space, chunk)| &space.clips[chunk.clip.0 as usize].content_hash);
        place(a) == place(b) && files[0] == files[1]
    };
    old.chunks.len() <= new.chunks.len() && old.chunks.iter().zip(&new.chunks).all(same)
}
