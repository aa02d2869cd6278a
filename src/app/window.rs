//! The app itself: its parts, its frame, its end.

use super::clock_state::ClockState;
use super::file_dialog::FileDialog;
use super::frame_pace::FramePace;
use super::known_crashes::KnownCrashes;
use super::known_pitches::KnownPitches;
use super::meters::MeterReader;
use super::midi::Midi;
use super::midi_out::GesturesOut;
use super::original_loader::Originals;
use super::osc::OscState;
use super::play::edit_state::EditState;
use super::play::sounding::Sounding;
use super::play::walking::EndlessPlay;
use super::recorded::Recorded;
use super::scores::Takes;
use super::tasks::Tasks;
use super::window_size::first_size;
use super::{AppOptions, Backend, SettingsFile, Workers, ui_dump};
use crate::audio::{AudioEngine, AudioOptions};
use crate::crash::ReportFolder;
use crate::device::Candidates;
use crate::files::SharedStamp;
use crate::jobs::{JobFolders, RecordingShelf};
use crate::render::ActBy;
use crate::session::{Banner, ClockSync, Command, Commands, History, Next, Session, Strip, Tour};
use crate::space::{KeptBookmark, Snapshot};
use crate::sync::{Latest, Waker};
use crate::ui::{self, Panes};
use eframe::egui_wgpu::wgpu::DeviceType;
use egui::{Context, Ui, ViewportCommand};
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// The window's state. Made on the UI thread and never leaves it.
pub struct App {
    /// What the panes draw; commands change it.
    pub session: Session,
    /// Tool, tab and open sheet: what the panes remember.
    pub panes: Panes,
    pub(super) backend: Box<dyn Backend>,
    pub(super) endless: EndlessPlay,
    pub(super) audio: AudioEngine,
    pub(super) folders: JobFolders,
    pub(super) sounding: Sounding,
    pub(super) history: History<EditState>,
    /// When something was last recorded in the history, and what it was: a slide is one step.
    pub(super) last_edit: Option<(f64, &'static str)>,
    pub(super) tasks: Tasks<App>,
    pub(super) file_dialog: FileDialog,
    pub(super) midi: Midi,
    pub(super) pitches: KnownPitches,
    pub(super) clock: ClockState,
    pub(super) osc: OscState,
    pub(super) originals: Originals,
    pub(super) recorded: Recorded,
    pub(super) takes: Takes,
    pub(super) meter_reader: MeterReader,
    pub(super) segment_audio: Vec<Arc<crate::values::DecodedChunk>>,
    pub(super) clipboard: Option<String>,
    /// Holds files for whoever pastes them; opened when the first is copied.
    pub(super) files_clipboard: Option<arboard::Clipboard>,
    /// The waveform of the newest decoded row.
    strips: Arc<Latest<Strip>>,
    pub(super) crash_reports: KnownCrashes,
    /// Bookmarks of the open space that only a newer program can read.
    pub(super) unread_bookmarks: Vec<KeptBookmark>,
    /// Of the session's file.
    pub(super) file_stamp: Option<SharedStamp>,
    /// What the map that settles on screen began from.
    pub(super) settled: Option<Arc<Snapshot>>,
    /// Where the space is to be saved once its map has settled, and over which file.
    pub(super) save_waits: Option<(PathBuf, Option<SharedStamp>)>,
    /// The space on screen as it was before the beats of its clips were found, and as it is since: a file with the first lacks
    /// nothing that a person made.
    pub(super) beats_found: [Weak<Snapshot>; 2],
    pub(super) gestures_out: Option<GesturesOut>,
    pub(super) may_close: bool,
    pub(super) now_secs: f64,
    commands: Commands,
    settings_file: SettingsFile,
    style_installed: bool,
    window_title: String,
    saved_secs: f64,
    frame_pace: Option<FramePace>,
    fitted: bool,
}

/// Settings are written at most this often, and at the end: a slide changes them at every frame.
const SAVE_EVERY_SECS: f64 = 2.0;

impl App {
    /// The window of the program: real workers, real sound card, the demo space or `options.file` on screen.
    pub fn start(ctx: &Context, options: AppOptions, device: Candidates, mut settings: SettingsFile) -> Self {
        ui_dump::install(ctx);
        let waker = waker_of(ctx);
        let audio = AudioEngine::start(AudioOptions {
            silent: options.silent,
            grown_blocks: settings.load().device_blocks,
            waker: waker.clone(),
            ..AudioOptions::default()
        });
        let (speaker, strips) = (audio.clone(), Arc::<Latest<Strip>>::default());
        let (for_the_eye, wake) = (Arc::clone(&strips), waker.clone());
        let workers = Workers::start(device, options.folders.clone(), waker, move |row| {
            speaker.publish_row(row);
            // The ear first.
            for_the_eye.put(Strip::of_row(row));
            wake.wake();
        });
        let mut app = Self::with_engines(ctx, Box::new(workers), audio, options.folders, settings);
        app.strips = strips;
        app.list_takes();
        app.list_audio_devices();
        app.midi.connect();
        app.look_for_unfinished_training();
        if let Some(folder) = ReportFolder::standard() {
            app.offer_crash_reports(folder);
        }
        app.perform(options.file.map_or(Command::OpenDemo, Command::Open));
        app
    }

    /// The same window on any engines, with nothing open: what tests start.
    pub fn with_engines(
        ctx: &Context,
        backend: Box<dyn Backend>,
        audio: AudioEngine,
        folders: JobFolders,
        mut settings_file: SettingsFile,
    ) -> Self {
        let waker = waker_of(ctx);
        let shelf = Arc::<RecordingShelf>::default();
        let recorded = Recorded::start(Arc::clone(&shelf), audio.clone(), waker.clone());
        let settings = settings_file.load();
        let mut app = Self {
            session: Session {
                settings,
                ..Session::default()
            },
            panes: Panes::default(),
            backend,
            audio: audio.clone(),
            folders,
            sounding: Sounding::default(),
            history: History::default(),
            last_edit: None,
            tasks: Tasks::new(waker.clone()),
            file_dialog: FileDialog::new(waker.clone()),
            midi: Midi::new(audio, waker.clone()),
            pitches: KnownPitches::default(),
            clock: ClockState::default(),
            osc: OscState::new(waker.clone()),
            endless: EndlessPlay::new(waker.clone()),
            originals: Originals::new(waker.clone(), shelf),
            recorded,
            takes: Takes::new(waker),
            meter_reader: MeterReader::default(),
            segment_audio: Vec::new(),
            clipboard: None,
            files_clipboard: None,
            strips: Arc::default(),
            crash_reports: KnownCrashes::default(),
            unread_bookmarks: Vec::new(),
            file_stamp: None,
            settled: None,
            save_waits: None,
            gestures_out: None,
            beats_found: Default::default(),
            may_close: false,
            now_secs: 0.0,
            commands: Commands::default(),
            settings_file,
            style_installed: false,
            window_title: String::new(),
            saved_secs: 0.0,
            frame_pace: None,
            fitted: false,
        };
        app.apply_settings(ctx);
        app
    }

    /// Orders given but not drained by [`eframe::App::ui`] yet; tests look at them.
    pub fn perform_all(&mut self) {
        for command in self.commands.drain() {
            self.perform(command);
        }
    }

    fn apply_settings(&mut self, ctx: &Context) {
        ui::set_theme(ctx, self.session.settings.theme);
        ctx.set_zoom_factor(self.session.settings.zoom.clamp(0.5, 3.0));
        let settings = &self.session.settings;
        self.session.transport.mode = settings.mode;
        self.session.transport.volume = settings.volume.clamp(0.0, 1.0);
        self.session.transport.texture = settings.texture.clamp(0.0, 2.0);
        self.session.transport.detail = settings.detail.clamp(0.0, 1.0);
        self.session.transport.match_loudness = settings.match_loudness;
        self.session.transport.adventure = settings.adventure.clamp(0.0, 1.0);
        self.session.midi.bindings = settings.midi.clone();
        self.session.tour = (!settings.toured).then_some(Tour::Click);
        self.panes
            .training
            .options
            .encodec_weights
            .clone_from(&settings.encodec_weights);
        if let Some(device) = settings.audio_device.clone() {
            self.audio.choose_device(Some(device));
        }
        self.set_osc(self.session.settings.osc);
        self.set_keys(self.session.settings.keys);
        let follows = self.session.settings.clock.sync == ClockSync::Midi;
        self.midi.hears().follow_clock(follows);
        self.join_link();
        self.push_clock();
        self.list_strays();
        self.look_for_recent_files();
        self.push_playback();
    }

    /// Everything that happened since the last frame.
    fn listen(&mut self, ctx: &Context) {
        self.now_secs = ctx.input(|input| input.time);
        while let Some(event) = self.backend.poll() {
            self.on_backend_event(event);
        }
        for event in self.audio.poll_events() {
            self.on_audio(event);
        }
        while let Some(outcome) = self.tasks.take() {
            outcome(self);
        }
        while let Some(answer) = self.file_dialog.take() {
            self.on_file_chosen_in_dialog(answer);
        }
        self.acting(ActBy::Midi, Self::listen_to_midi);
        self.acting(ActBy::Osc, Self::listen_to_osc);
        self.listen_to_crashes();
        self.listen_to_originals();
        self.follow_recordings();
        self.follow_endless();
        self.follow_root();
        let dt = ctx.input(|input| input.stable_dt).min(0.1);
        self.acting(ActBy::Motion, |app| app.advance_motion(dt));
        self.follow_takes();
        self.read_meters();
        self.follow_beats(dt);
        self.send_gestures();
        if let Some(strip) = self.strips.take() {
            self.session.strip = strip;
        }
        self.session.busy = self.tasks.busy().map(str::to_owned);
        let now_secs = self.now_secs;
        self.session.banners.retain_mut(|banner| !banner.has_passed(now_secs));
    }

    /// Closing asks first while something would be lost.
    fn guard_closing(&mut self, ctx: &Context) {
        if !ctx.input(|input| input.viewport().close_requested()) || self.may_close {
            return;
        }
        if self.lost_by(&Next::Quit).is_some() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.leave_for(Next::Quit);
        }
    }

    /// Asks for the next frame while something moves.
    fn keep_moving(&mut self, ctx: &Context, frame: &eframe::Frame) {
        const MOTION: Duration = Duration::from_millis(16);
        const METERS: Duration = Duration::from_millis(33);
        const BANNERS: Duration = Duration::from_secs(1);
        if self.session.banners.iter().any(Banner::is_passing) {
            ctx.request_repaint_after(BANNERS);
        }
        if let Some(due) = self.osc.due_in() {
            ctx.request_repaint_after(due);
        }
        let moves = self.session.motion.is_some() || self.is_replaying();
        let pace = self
            .frame_pace
            .get_or_insert_with(|| FramePace::new(drawing_threads(frame)));
        let busy = Duration::from_secs_f32(frame.info().cpu_usage.unwrap_or(0.0).clamp(0.0, 0.25));
        let wanted = if moves {
            MOTION
        } else if self.session.transport.playing || self.session.transport.recording {
            METERS
        } else {
            return;
        };
        let pause = pace.pause(Instant::now(), busy, wanted);
        self.session.frame_pause = if pause > wanted { pause } else { Duration::ZERO };
        ctx.request_repaint_after(pause);
    }

    /// The first window there ever was is as large as its screen has room for.
    fn fit_to_screen(&mut self, ctx: &Context) {
        if self.session.settings.window_size.is_some() || self.fitted {
            return;
        }
        let Some(screen) = ctx.input(|input| input.viewport().monitor_size) else {
            return;
        };
        self.fitted = true;
        let [width, height] = first_size([screen.x, screen.y]);
        ctx.send_viewport_cmd(ViewportCommand::InnerSize(egui::vec2(width, height)));
    }

    /// The window's title names the file or the space, and whether something is unsaved.
    fn name_window(&mut self, ctx: &Context) {
        if self.window_title != self.session.marked_title() {
            self.window_title = self.session.marked_title();
            let title = format!("{} – Songspace", self.window_title);
            ctx.send_viewport_cmd(ViewportCommand::Title(title));
        }
    }

    /// Remembers how large the window is, for the next start.
    fn remember_size(&mut self, ctx: &Context) {
        let size = ctx.input(|input| input.viewport().inner_rect.map(|rect| rect.size()));
        if let Some(size) = size.filter(|size| size.x >= 1.0 && size.y >= 1.0) {
            self.session.settings.window_size = Some([size.x.round(), size.y.round()]);
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.listen(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        if !std::mem::replace(&mut self.style_installed, true) {
            ui::install(ui.ctx());
            ui.ctx().request_discard("the style was installed");
        }
        let ctx = ui.ctx().clone();
        self.accept_drops(&ctx);
        self.guard_closing(&ctx);
        let theme = self.session.settings.theme;
        let zoom = self.session.settings.zoom;
        ui::show(ui, &self.session, &mut self.panes, &mut self.commands);
        self.perform_all();
        if theme != self.session.settings.theme || zoom != self.session.settings.zoom {
            ui::set_theme(&ctx, self.session.settings.theme);
            ctx.set_zoom_factor(self.session.settings.zoom);
        }
        if let Some(text) = self.clipboard.take() {
            ctx.copy_text(text);
        }
        self.fit_to_screen(&ctx);
        self.remember_size(&ctx);
        if self.may_close {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
        if self.now_secs - self.saved_secs > SAVE_EVERY_SECS {
            self.saved_secs = self.now_secs;
            if let Err(sentence) = self.settings_file.save(&self.session.settings) {
                self.session.announce(Banner::warning(sentence));
            }
        }
        self.keep_moving(&ctx, frame);
        self.name_window(&ctx);
    }

    fn on_exit(&mut self) {
        self.audio.stop_recording();
        self.end_take();
        if let Err(sentence) = self.settings_file.save(&self.session.settings) {
            log::warn!("{sentence}");
        }
    }
}

/// How many threads draw the window where no graphics card does.
fn drawing_threads(frame: &eframe::Frame) -> u32 {
    /// Software drivers gain little from more.
    const MOST: u32 = 4;
    let adapter = frame.wgpu_render_state().map(|state| state.adapter.get_info());
    let by_processor = adapter.is_some_and(|info| info.device_type == DeviceType::Cpu);
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32);
    if by_processor { cores.min(MOST) } else { 0 }
}

fn waker_of(ctx: &Context) -> Waker {
    let ctx = ctx.clone();
    Waker::new(move || ctx.request_repaint_of(egui::ViewportId::ROOT))
}
