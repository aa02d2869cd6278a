//! What the workers report and what the window makes of it.

use super::{App, BrainEvent};
use crate::audio::AudioEvent;
use crate::bundle::{Chunk, Snapshot};
use crate::compute::{ComputeEvent, DecodeEvent, Stage};
use crate::session::{Banner, Command, FileAsk, Mixer, Pace, Progress, SpaceView, Standing, Training, TrainingState};
use crate::train::{Health, TrainOptions};
use std::sync::Arc;

impl App {
    pub(super) fn on_brain(&mut self, event: BrainEvent) {
        match event {
            BrainEvent::Compute(event) => self.on_compute(event),
            BrainEvent::Decode(DecodeEvent::Failed(sentence)) => self.session.announce(Banner::error(sentence)),
            BrainEvent::Decode(DecodeEvent::NeedsWeights(sentence)) => self.session.announce(
                Banner::error(sentence).with_action("EnCodec weights…", Command::Ask(FileAsk::EncodecWeights)),
            ),
            BrainEvent::Decode(DecodeEvent::Died(message)) => self.engine_died("decoder", &message),
        }
    }

    fn on_compute(&mut self, event: ComputeEvent) {
        let training = &mut self.session.training;
        match event {
            ComputeEvent::DeviceChosen { name, note } => {
                self.session.compute_device = name;
                if let Some(note) = note {
                    self.session.announce(Banner::warning(note));
                }
            }
            ComputeEvent::Published(snapshot) => self.on_published(snapshot),
            ComputeEvent::Saved(path) => {
                self.session.unsaved = false;
                self.session.settings.remember(&path);
                self.session
                    .announce(Banner::note(format!("Saved: {}", path.display())));
                self.session.file = Some(path);
            }
            ComputeEvent::Progressed { stage, done, total } => {
                training.progress = (done < total || training.is_active()).then_some(Progress { stage, done, total });
                if stage == Stage::Training && training.state != TrainingState::Paused {
                    training.state = TrainingState::Running;
                }
            }
            ComputeEvent::ProblemFound(problem) => {
                if !problem.kind.keeps_the_clip() {
                    training.skipped.push((problem.path, problem.reason));
                }
            }
            ComputeEvent::Noted(sentence) => training.notes.push(sentence),
            ComputeEvent::Stepped(report) => {
                training.advance_to(&report);
                training.push(report);
                self.measure_pace();
            }
            ComputeEvent::HealthChanged(health) => {
                let warning = match &health {
                    Health::Good => None,
                    Health::Warning(sentence) => Some(sentence.clone()),
                };
                training.health = Some(health);
                if let Some(sentence) = warning {
                    self.session.announce(Banner::warning(sentence));
                }
            }
            ComputeEvent::Paused => training.state = TrainingState::Paused,
            ComputeEvent::Resumed => training.state = TrainingState::Running,
            ComputeEvent::Added(report) => {
                training.progress = None;
                let mut banner = Banner::note(report.sentence());
                if report.changes_the_space() {
                    self.session.unsaved = true;
                    banner = banner.with_action("Save…", Command::Save);
                }
                self.session.announce(banner);
            }
            ComputeEvent::Finished { note } => {
                training.state = TrainingState::Ended(note.clone());
                training.progress = None;
                self.session.unsaved = self.session.space.is_some();
                self.look_for_unfinished_training();
                self.session
                    .announce(Banner::note(note).with_action("Save…", Command::Save));
            }
            ComputeEvent::Failed(sentence) => {
                if training.is_active() {
                    training.state = TrainingState::Ended(sentence.clone());
                }
                training.progress = None;
                if self.session.space.is_none() {
                    self.session.file = None;
                }
                self.session.announce(Banner::error(sentence));
            }
            ComputeEvent::Died(message) => {
                if training.is_active() {
                    training.state = TrainingState::Ended("The engine stopped; its last checkpoint is kept.".into());
                }
                training.progress = None;
                self.engine_died("engine", &message);
                self.look_for_unfinished_training();
            }
        }
    }

    fn on_published(&mut self, snapshot: Arc<Snapshot>) {
        let snapshot = self.with_known_weights(snapshot);
        let same_space = self
            .session
            .space
            .as_ref()
            .is_some_and(|view| same_recordings(&view.snapshot, &snapshot));
        let genres = snapshot.meta.genres.len();
        self.brain.set_snapshot(Arc::clone(&snapshot));
        if self.session.training.is_active() {
            self.preview(Arc::clone(&snapshot));
        }
        self.session.space = Some(Arc::new(SpaceView::new(snapshot)));
        self.sounding.space_changed();
        if self.session.mixer.faders.len() != genres {
            self.session.mixer = Mixer::for_genres(genres);
        }
        self.session.unsaved = self.session.training.is_active();
        if same_space {
            self.sound_again();
        } else {
            self.audio.stop();
            self.session.transport.playing = false;
            self.session.motion = None;
            self.session.selection = None;
            self.session.pins.clear();
            self.session.samples.clear();
            self.session.sample = None;
            self.sounding.latent = None;
            self.session.global.clear();
            self.panes.map.camera.fit();
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
        if let (true, Some(view)) = (is_chunk, &self.session.space) {
            self.sounding.latent = Some(Arc::new(view.snapshot.latents.get(selection.chunk)));
        }
        if self.session.transport.playing {
            self.request_decode();
        }
    }

    pub(super) fn on_audio(&mut self, event: AudioEvent) {
        match event {
            AudioEvent::DeviceOpened(granted) => {
                if let Some(reason) = self.session.silence.take() {
                    self.session.retract(&reason);
                }
                self.session.audio_device = Some(granted.device);
            }
            AudioEvent::DeviceLost { device, reason } => {
                let text = format!("The sound card {device} went away ({reason}). The music goes on when it is back.");
                self.session.silence = Some(text.clone());
                self.session.announce(Banner::warning(text));
            }
            AudioEvent::DeviceUnavailable { reason } => {
                if self.session.silence.is_none() {
                    let reason = reason.trim_end_matches('.');
                    let text = format!("No sound card can be used: {reason}. Everything else works.");
                    self.session.announce(Banner::warning(text.clone()));
                    self.session.silence = Some(text);
                }
            }
            AudioEvent::BlockGrown { device, block_frames } => {
                log::info!("{device} gets blocks of {block_frames} frames");
            }
            AudioEvent::Ended => {
                self.session.transport.playing = false;
                self.audio.stop();
            }
            AudioEvent::RecordingStarted(path) => log::info!("recording to {}", path.display()),
            AudioEvent::RecordingStopped {
                path,
                secs,
                lost_samples,
            } => {
                let lost = if lost_samples == 0 {
                    String::new()
                } else {
                    format!(" ({lost_samples} samples were lost: the disk was too slow)")
                };
                let text = format!("Recorded {secs:.1} s to {}{lost}", path.display());
                self.session.announce(Banner::note(text));
            }
            AudioEvent::RecordingFailed { path, reason } => {
                let text = format!("The recording {} failed: {reason}", path.display());
                self.session.announce(Banner::error(text));
            }
            AudioEvent::Rejected(reason) => self.session.announce(Banner::error(reason)),
            AudioEvent::Died(message) => {
                let text =
                    format!("The sound stopped working ({message}). Save what you need and start Songspace again.");
                self.session
                    .announce(Banner::error(text).with_action("Save", Command::Save));
            }
        }
    }

    fn engine_died(&mut self, what: &str, message: &str) {
        let text = format!("The {what} stopped: {message}");
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

    /// Lists the sound cards on a thread of its own.
    pub(super) fn list_audio_devices(&mut self) {
        let audio = self.audio.clone();
        self.chores.run(
            "listing sound cards",
            move || {
                let devices = audio.devices();
                Box::new(move |app: &mut App| app.on_audio_devices(devices))
            },
            |message| Box::new(move |_: &mut App| log::warn!("the sound cards cannot be listed: {message}")),
        );
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
