//! Every command and what it does: the one table between the panes and everything else.

use super::App;
use super::chosen_files::Replacement;
use crate::files::SharedStamp;
use crate::render::Act;
use crate::session::{Banner, Command, DeviceChoice, FileAsk, Next, PlayMode, PlaybackSource, Tour, Transport};
use crate::space::Snapshot;
use crate::train::TrainOptions;
use crate::values::strength_in_range;
use crate::workers::{SaveRequest, WorkerRequest};
use std::path::PathBuf;
use std::sync::Arc;

impl App {
    /// Carries out `command`.
    pub fn perform(&mut self, command: Command) {
        if self.session.tour.is_some_and(|step| step.is_done_by(&command)) {
            self.tour_on();
        }
        match command {
            Command::Play(point, gesture) => {
                if gesture == crate::session::Gesture::Begin {
                    self.session.motion = None;
                }
                self.play(point, gesture);
            }
            Command::Release => self.release(),
            Command::TogglePlay => self.toggle_play(),
            Command::Sample(count) => self.sample(count),
            Command::PlaySample(index) => self.play_sample(index),
            Command::Seek(place) => self.seek(place),
            Command::SetRegion(region) => self.set_region(region),
            Command::SetStart(secs) => self.set_start(secs),
            Command::ClearClip => self.session.meters.clipped = false,
            Command::PlayTake(index) => self.play_take(index),
            Command::RenameTake { index, name } => self.rename_take(index, &name),
            Command::CopyTake(index) => self.copy_take(index),
            Command::Reveal(path) => self.reveal(path),
            Command::ToggleRecording => self.toggle_recording(),
            Command::ChooseAudioDevice(name) => self.choose_audio_device(name),
            Command::SetAdventure(adventure) => self.set_adventure(adventure),
            Command::PinRelative(pinned) => self.pin_relative(pinned),
            Command::GoToRelative => self.go_to_relative(),
            Command::SetMode(_)
            | Command::SetHoldContent(_)
            | Command::SetSource(_)
            | Command::SetSpeed(_)
            | Command::SetTexture(_)
            | Command::SetDetail(_)
            | Command::SetMatchLoudness(_)
            | Command::SetVolume(_) => self.set_transport(command),

            Command::PlayKeys(on) => self.play_keys(on),
            Command::Key(event) => self.key(event),
            Command::SetKeys(settings) => self.set_keys(settings),
            Command::FollowClock(on) => self.follow_clock(on),
            Command::SetClock(settings) => self.set_clock(settings),
            Command::TapTempo => self.tap_tempo(),
            Command::SetModulators(modulators) => self.set_modulators(modulators),

            Command::SetFader { genre, level } => self.remix("genre mix", |mixer| {
                mixer.as_recorded = false;
                if let Some(fader) = mixer.faders.get_mut(genre) {
                    *fader = level.clamp(0.0, 1.0);
                }
            }),
            Command::SoloGenre(genre) => self.remix("genre solo", |mixer| {
                mixer.as_recorded = false;
                mixer.solo(genre);
            }),
            Command::SetEmotion(emotion) => self.remix("mood", |mixer| {
                mixer.as_recorded = false;
                mixer.emotion = emotion;
            }),
            Command::SetStrength(strength) => self.remix("strength", |mixer| {
                mixer.strength = strength_in_range(strength);
            }),
            Command::AsRecorded => self.as_recorded(),
            Command::SetGlobal { dim, value } => {
                self.take_act(Act::Global { dim, value });
                self.set_global(dim, value);
            }
            Command::SetWholeGlobal(values) => self.set_whole_global(values),
            Command::NameDirections => self.name_directions(),

            Command::DrawPath(points) => self.start_round(points),
            Command::WalkPins => self.walk_pins(),
            Command::RandomWalk => self.random_walk(),
            Command::StopMotion => self.session.motion = None,
            Command::AddPin(point) => self.add_pin(point),
            Command::RemovePin(index) => {
                if index < self.session.pins.len() {
                    self.session.pins.remove(index);
                    self.session.unsaved = true;
                }
            }
            Command::ClearPins => {
                self.session.unsaved |= !self.session.pins.is_empty();
                self.session.pins.clear();
            }

            Command::SetLayout(kind) => self.set_layout(kind),
            Command::SetColourBy(choice) => self.session.settings.colour_by = choice,
            Command::SetDensityShading(on) => self.session.settings.density_shading = on,
            Command::SetMapNames(on) => self.session.settings.map_names = on,
            Command::Show(shown) => self.show_only(shown),
            Command::Remap { condition_weight } => {
                if let Some(space) = self.snapshot() {
                    let seed = space.meta.seed;
                    self.ask_backend(WorkerRequest::Remap {
                        space,
                        condition_weight,
                        seed,
                    });
                }
            }

            Command::Ask(ask) => self.ask_for_file(ask),
            Command::Chosen(ask, path) => self.on_file_chosen(ask, path, Replacement::NotAsked),
            Command::Open(path) => self.leave_for(Next::Open(path)),
            Command::OpenDemo => self.open_demo(),
            Command::CloseSpace => self.leave_for(Next::Close),
            Command::Save => match self.session.file.clone() {
                Some(path) => self.save_to(path, self.file_stamp.clone()),
                None => self.ask_for_file(FileAsk::SaveSpace),
            },
            Command::SaveAs(path) => self.write_to(FileAsk::SaveSpace, path, Replacement::NotAsked),
            Command::Export(target, path) => self.write_to(FileAsk::Export(target), path, Replacement::NotAsked),
            Command::OpenScore(path) => self.open_take(path),
            Command::CloseScore => self.close_take(),
            Command::TrimScore { from, to } => self.trim_take(from, to),
            Command::KeepTrim => self.keep_trim(),
            Command::ReplayScore => self.toggle_replay(),
            Command::ReplaceFile => self.replace_file(),
            Command::KeepFile => self.session.replacing = None,
            Command::ForgetRecent(path) => self.session.settings.forget(&path),
            Command::UseEncodec(path) => self.use_encodec(path),
            Command::PlotCodec => self.plot_codec(),
            Command::ClosePictures => self.session.pictures.clear(),
            Command::Inspect(path) => self.inspect_again(path),
            Command::HearSegment(index) => self.hear_segment(index),
            Command::Examine => self.examine(),
            Command::LeaveOut(files) => self.leave_out(files),
            Command::RenameGenres(names) => self.rename_genres(names),
            Command::AddClips(path) => self.add_clips(path),
            Command::HearPreview { index, now } => self.hear_preview(index, now),

            Command::Train { source, options } => self.train(source, *options),
            Command::Continue(run) => {
                self.begin_training(None);
                self.ask_backend(WorkerRequest::Continue(run));
            }
            Command::PauseTraining => self.ask_backend(WorkerRequest::Pause),
            Command::ResumeTraining => self.ask_backend(WorkerRequest::Resume),
            Command::StopTraining => {
                self.session.training.stopping = true;
                self.ask_backend(WorkerRequest::Stop);
            }
            Command::ChooseCompute(choice) => self.choose_compute(choice),

            Command::Undo => self.undo(),
            Command::Redo => self.redo(),
            Command::AddBookmark => self.add_bookmark(),
            Command::RemoveBookmark(index) => self.remove_bookmark(index),
            Command::RemoveStray(index) => self.remove_stray(index),
            Command::Recall(recipe) => self.recall(&recipe),
            Command::CopyRecipe => self.copy_recipe(),
            Command::PasteRecipe(text) => self.paste_recipe(&text),

            Command::SetTheme(choice) => self.session.settings.theme = choice,
            Command::SetZoom(zoom) => self.session.settings.zoom = zoom,
            Command::ToggleSide => {
                self.session.settings.show_conditions = !self.session.settings.show_conditions;
            }
            Command::LearnMidi(target) => self.session.midi.learning = target,
            Command::SetOsc(settings) => self.set_osc(settings),
            Command::SendGestures(output) => self.session.settings.gestures_to = output,
            Command::ForgetMidi => {
                self.session.midi.bindings.clear();
                self.session.settings.midi.clear();
            }
            Command::DismissBanner(index) => {
                if index < self.session.banners.len() {
                    self.session.banners.remove(index);
                }
            }
            Command::StartTour => self.session.tour = Some(Tour::Click),
            Command::TourOn => self.tour_on(),
            Command::EndTour => self.end_tour(),
            Command::ReadCrashReport => self.read_crash_report(),
            Command::CopyCrashReport => self.copy_crash_report(),
            Command::DeleteCrashReports => self.delete_crash_reports(),
            Command::CloseCrashReport => self.close_crash_report(),
            Command::RestartEngine => self.restart_engines(),
            Command::Quit => self.leave_for(Next::Quit),
            Command::LeaveAnyway => self.leave_anyway(),
            Command::Stay => self.session.leaving = None,
        }
        self.write_acts();
    }

    fn set_transport(&mut self, command: Command) {
        if command == Command::SetSource(PlaybackSource::Original)
            && let Some(why) = self.session.why_no_original()
        {
            let mut banner = Banner::warning(why);
            if self.session.recording_gap.as_ref().is_some_and(|gap| gap.can_be_found) {
                banner = banner.with_action("Find the recordings…", Command::Ask(FileAsk::Recordings));
            }
            self.session.announce(banner);
            return;
        }
        let was_endless = self.session.transport.mode == PlayMode::Endless;
        let was_model_alone = self.session.transport.detail <= 0.0;
        let transport = &mut self.session.transport;
        let settings = &mut self.session.settings;
        match command {
            Command::SetMode(mode) => {
                let before = transport.mode;
                (transport.mode, settings.mode) = (mode, mode);
                self.forget_marks(before, mode);
            }
            Command::SetHoldContent(on) => transport.hold_content = on,
            Command::SetSource(source) => transport.source = source,
            Command::SetSpeed(speed) => {
                transport.speed = speed.clamp(*Transport::SPEEDS.start(), *Transport::SPEEDS.end());
            }
            Command::SetTexture(texture) => {
                (transport.texture, settings.texture) = (texture.clamp(0.0, 2.0), texture.clamp(0.0, 2.0));
            }
            Command::SetDetail(detail) => {
                (transport.detail, settings.detail) = (detail.clamp(0.0, 1.0), detail.clamp(0.0, 1.0));
            }
            Command::SetMatchLoudness(on) => (transport.match_loudness, settings.match_loudness) = (on, on),
            Command::SetVolume(volume) => {
                (transport.volume, settings.volume) = (volume.clamp(0.0, 1.0), volume.clamp(0.0, 1.0));
            }
            _ => {}
        }
        self.push_playback();
        if let Command::SetMode(mode) = command
            && was_endless != (mode == PlayMode::Endless)
        {
            self.leave_endless(mode);
        }
        let compares = self.session.transport.source == PlaybackSource::Original;
        if compares && matches!(command, Command::SetSource(_) | Command::SetMode(_)) {
            self.load_original();
        }
        let gains_detail = was_model_alone && self.session.transport.detail > 0.0;
        let is_other_sound = matches!(
            command,
            Command::SetMode(_) | Command::SetMatchLoudness(_) | Command::SetHoldContent(_)
        );
        if (gains_detail || is_other_sound) && self.session.transport.playing {
            self.request_decode();
        }
    }

    fn tour_on(&mut self) {
        self.session.tour = self.session.tour.and_then(Tour::next);
        if self.session.tour.is_none() {
            self.end_tour();
        }
    }

    fn end_tour(&mut self) {
        self.session.tour = None;
        self.session.settings.toured = true;
    }

    pub(super) fn ask_backend(&mut self, request: WorkerRequest) {
        if !self.backend.request(request) {
            let banner =
                Banner::error("The engine does not answer.").with_action("Restart engine", Command::RestartEngine);
            self.session.announce(banner);
        }
    }

    /// `over`: only if the file is still as this says. A map that settles is waited for.
    pub(super) fn save_to(&mut self, path: PathBuf, over: Option<SharedStamp>) {
        if self.settled.is_some() {
            let text = "The map is still settling: the space is saved as soon as it has.";
            self.session.announce(Banner::note(text));
            self.save_waits = Some((path, over));
            return;
        }
        let Some(snapshot) = self.snapshot() else {
            let text = "There is no space to save yet: open or train one first.";
            self.session.announce(Banner::warning(text));
            return;
        };
        let finishes = self.session.training.finished_run.clone();
        self.ask_backend(WorkerRequest::Save(SaveRequest {
            snapshot,
            kept: self.kept(),
            path,
            over,
            finishes,
        }));
    }

    fn train(&mut self, source: PathBuf, options: TrainOptions) {
        if self.session.training.is_active() {
            let text = "A training is running already. Stop it before starting another.";
            self.session.announce(Banner::warning(text));
            return;
        }
        self.begin_training(Some(options.clone()));
        self.session.settings.last_corpus = Some(source.clone());
        self.session.training.source = Some(source.clone());
        self.session.training.begins_new_space = true;
        self.ask_backend(WorkerRequest::Train { source, options });
    }

    fn add_clips(&mut self, source: PathBuf) {
        match self.snapshot() {
            Some(space) => self.ask_backend(WorkerRequest::Add { space, source }),
            None => {
                let text = "There is no space to add clips to: open or train one first.";
                self.session.announce(Banner::warning(text));
            }
        }
    }

    /// The space on screen.
    pub(super) fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.session.space.as_ref().map(|view| Arc::clone(&view.snapshot))
    }

    fn ask_for_file(&mut self, ask: FileAsk) {
        let name = self.proposed_name(ask);
        self.file_dialog.ask(ask, &name);
    }

    fn copy_recipe(&mut self) {
        if let Some(recipe) = self.recipe_now() {
            self.clipboard = Some(recipe.to_text());
            self.session.announce(Banner::note("The recipe is in the clipboard."));
        }
    }

    fn choose_audio_device(&mut self, name: String) {
        let id = self.meter_reader.device_id(&name);
        self.session.settings.audio_device.clone_from(&id);
        self.session.settings.device_blocks.clear();
        self.audio.choose_device_anew(id);
    }

    /// The device is opened before the window, once: a graphics driver dislikes being asked again while it draws.
    fn choose_compute(&mut self, choice: DeviceChoice) {
        if self.session.settings.compute != choice {
            self.session.settings.compute = choice.clone();
            let text = format!(
                "Songspace computes with {} from its next start on.",
                choice_name(&choice)
            );
            self.session.announce(Banner::note(text));
        }
    }

    fn restart_engines(&mut self) {
        self.backend.restart();
        if let Some(snapshot) = self.snapshot() {
            self.backend.set_snapshot(snapshot);
        }
        self.request_decode();
        self.session.announce(Banner::note("The engine was started again."));
    }

    fn set_layout(&mut self, kind: crate::space::LayoutKind) {
        self.session.motion = None;
        self.session.settings.layout = kind;
        // The sound stays; its place is where its chunk lies in the new layout.
        let place = self.session.selection.and_then(|selection| {
            let layout = self.session.layout()?;
            let view = *layout.positions.get(selection.chunk.0 as usize)?;
            Some(layout.map_from_view(view))
        });
        if let (Some(selection), Some(place)) = (&mut self.session.selection, place) {
            selection.point = place;
        }
    }
}

fn choice_name(choice: &DeviceChoice) -> &str {
    match choice {
        DeviceChoice::Auto => "the graphics card where there is one",
        DeviceChoice::Gpu => "the graphics card",
        DeviceChoice::Cpu => "the processor",
        DeviceChoice::Software => "a software adapter",
        DeviceChoice::Named(name) => name,
    }
}
