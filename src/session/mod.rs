//! What the window may read ([`Session`]) and the orders it may give ([`Command`]).
//!
//! Plain data, UI thread only: `app` writes it between frames, `ui` reads it while drawing. Nothing here knows a
//! thread, a device or a pixel, so every pane can be driven in a test with a session made by hand.

mod banner;
mod clock;
mod command;
mod field;
mod history;
mod keys;
mod leaving;
mod memory;
mod meters;
mod mixer;
mod modulation;
mod motion;
mod osc;
mod replacing;
mod score;
mod search_text;
mod settings;
mod shown;
mod sounding;
mod space_view;
mod strip;
mod takes;
mod tour;
mod training;
mod transport;
mod version;

pub use crate::atlas::Picture;
pub use crate::decode::Standing;
use crate::decode::{Asked, Relative, Relatives};
pub use crate::device::DeviceChoice;
pub use crate::jobs::EarDirection;
pub use crate::model::{CodecKind, ModelConfig, Preset};
pub use crate::render::Recipe;
pub use crate::space::KeptPin as Pin;
pub use crate::train::{
    ErrorUnit, Health, StepReport, TrainOptions, Validation, closeness, refinement_steps, step_memory_bytes,
};
pub use banner::{Banner, BannerAction, Tone};
pub use clock::{ClockSettings, ClockStatus, ClockSync, Quantise, Taps};
pub use command::{Command, Commands, ExportTarget, FileAsk, Gesture, PlayPoint};
pub use field::Field;
pub use history::{Edit, History};
pub use keys::{KeySettings, KeyStatus, Root, RootFrom};
pub use leaving::{Leaving, Next};
pub use memory::Bookmark;
pub use meters::{Level, Meters, SpectrogramTape, TAPE_ROWS};
pub use mixer::Mixer;
pub use modulation::{ModulationSource, Modulator, WaveShape};
pub use motion::{Motion, closed, resample_path};
pub use osc::{OscSettings, OscStatus};
pub use replacing::Replacing;
pub use score::{TakeCurve, TakeView};
pub use search_text::{ClipText, SearchIn};
pub use settings::{ColourBy, Pace, Settings, ThemeChoice};
pub use shown::{Shown, is_shown};
pub use sounding::mood_in_words;
pub use space_view::{LayoutView, SpaceView};
pub use strip::{Strip, StripColumn};
pub use takes::RecordedTake;
pub use tour::Tour;
pub use training::{Diagnosis, Estimate, Mood, Preview, Progress, SampleSegment, Take, Training, TrainingState};
pub use transport::{PlayMode, PlaybackSource, RecordingGap, Selection, Transport};
pub use version::program_version;

use crate::values::ChunkId;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Everything the panes draw.
#[derive(Debug, Default)]
pub struct Session {
    /// The space on screen; `None` until one is opened or trained.
    pub space: Option<Arc<SpaceView>>,
    /// Where it was opened from or saved to.
    pub file: Option<PathBuf>,
    /// It holds something its file does not.
    pub unsaved: bool,
    /// What the player's controls are set to.
    pub transport: Transport,
    /// Which chunks are on the map, where some are hidden; read it with [`Session::shown`].
    pub shown: Option<Shown>,
    /// What sounds, or sounded last.
    pub selection: Option<Selection>,
    /// The chunk that the sliders lead to from there.
    pub relative: Option<Relative>,
    /// The chunks that an endless sound came by, the newest at the end.
    pub trail: Vec<ChunkId>,
    /// The condition that is asked for.
    pub mixer: Mixer,
    /// The global latent that sounds, for the advanced sliders.
    pub global: Vec<f32>,
    /// What the latent's main directions do to the ear; empty until that was asked for and found.
    pub directions: Vec<EarDirection>,
    /// Levels and pictures of what is heard.
    pub meters: Meters,
    /// The waveform of what was decoded last.
    pub strip: Strip,
    /// What was recorded by hand, the newest first.
    pub takes: Vec<RecordedTake>,
    /// The current or last training, and the music inspected for the next one.
    pub training: Training,
    /// Oldest first, at most four.
    pub banners: Vec<Banner>,
    /// In the order they were set; they are saved with the space.
    pub pins: Vec<Pin>,
    /// Oldest first; they are saved with the space.
    pub bookmarks: Vec<Bookmark>,
    /// Bookmarks from before spaces kept them, of spaces that were not opened since: they stay in the settings.
    pub strays: Vec<Bookmark>,
    /// Numbers of the new sounds.
    pub samples: Vec<u64>,
    /// The one of them that sounds instead of a place on the map.
    pub sample: Option<u64>,
    /// The step of the tour that is due.
    pub tour: Option<Tour>,
    /// Why the model sounds alone where a recording should, if so.
    pub recording_gap: Option<RecordingGap>,
    /// What moves the point without a hand on the mouse.
    pub motion: Option<Motion>,
    /// Pictures that a job has drawn and nobody has closed yet, with their titles.
    pub pictures: Vec<(&'static str, Picture)>,
    /// Written to disk every so often and on exit.
    pub settings: Settings,
    /// Name of the device that computes.
    pub compute_device: String,
    /// What the status bar says of an adapter that is being made ready.
    pub device_preparing: Option<String>,
    /// Names of the adapters that can be chosen to compute.
    pub adapters: Vec<String>,
    /// Name of the sound card that is open; `None` if none is.
    pub audio_device: Option<String>,
    /// What it granted: rate, blocks, priority.
    pub audio_details: Option<String>,
    /// Names of the sound cards that can be chosen, the system's default first.
    pub audio_devices: Vec<String>,
    /// Why nothing can be heard, if so.
    pub silence: Option<String>,
    /// Inputs, bindings and whether a control is being learned.
    pub midi: MidiStatus,
    /// What keys are doing.
    pub keys: KeyStatus,
    /// What the master clock is doing.
    pub clock: ClockStatus,
    /// What is heard by Open Sound Control.
    pub osc: OscStatus,
    /// The tooltips of Undo and Redo; `None` greys them out.
    pub undo_label: Option<&'static str>,
    /// What Redo would bring back; `None` greys it out.
    pub redo_label: Option<&'static str>,
    /// A task over half a second that is not training: what it does.
    pub busy: Option<String>,
    /// The report of a fault that is being read.
    pub crash_report: Option<String>,
    /// How long an animation waits for its next frame: not at all, unless drawing is dear.
    pub frame_pause: Duration,
    /// The window is about to close or to show another space, and something would be lost.
    pub leaving: Option<Leaving>,
    /// The file that would be replaced by what is to be written.
    pub replacing: Option<Replacing>,
    /// The take that is open.
    pub take: Option<TakeView>,
    /// The take whose score was written last.
    pub last_take: Option<PathBuf>,
    /// Recent files that are not there any more.
    pub gone: BTreeSet<PathBuf>,
}

/// What MIDI does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MidiStatus {
    /// Connected inputs.
    pub inputs: Vec<String>,
    /// The control waiting for a controller to be moved.
    pub learning: Option<MidiTarget>,
    /// Controller number of every control that has one.
    pub bindings: Vec<(u8, MidiTarget)>,
}

/// A control that a MIDI controller can move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum MidiTarget {
    /// The fader of one genre, by its index in the space's order.
    Genre(usize),
    /// [`Transport::adventure`].
    Adventure,
    /// Full travel is -1..1; where no mood was asked for, arousal becomes 0.
    Valence,
    /// Full travel is -1..1; where no mood was asked for, valence becomes 0.
    Arousal,
    /// Full travel is 0 to the end of [`STRENGTHS`](crate::values::STRENGTHS).
    Strength,
    /// Full travel is the layout on screen, left to right.
    MapX,
    /// Full travel is the layout on screen, bottom to top.
    MapY,
    /// Full travel is [`Transport::SPEEDS`], evenly in octaves.
    Speed,
    /// Full travel is 0..2, as the model says in the middle.
    Texture,
    /// [`Transport::detail`].
    Detail,
    /// Full travel is 0..1, linear gain.
    Volume,
}

impl Session {
    /// Under which condition, how strongly and how loudly to sound.
    pub fn asked(&self) -> Asked {
        self.mixer.asked(self.transport.match_loudness, self.relatives())
    }

    /// Whether sliders lead to other recordings: not while the notes are held.
    pub fn relatives(&self) -> Relatives {
        match (self.transport.hold_content, self.transport.pinned_relative) {
            (true, _) => Relatives::Off,
            (false, None) => Relatives::Nearest,
            (false, Some(chunk)) => Relatives::Pinned(chunk),
        }
    }

    /// The name of the open file, of a space without one, or what stands in for them.
    pub fn title(&self) -> &str {
        let Some(space) = &self.space else {
            return "no space open";
        };
        let of_file = self.file.as_ref().and_then(|file| file.file_stem()?.to_str());
        of_file.unwrap_or(space.snapshot.meta.name.as_str())
    }

    /// The same with a mark where the space holds something its file does not.
    pub fn marked_title(&self) -> String {
        let mark = if self.unsaved { "*" } else { "" };
        format!("{}{mark}", self.title())
    }

    /// What a MIDI controller moves, in words.
    pub fn name_of(&self, target: MidiTarget) -> String {
        let genre = |genre: usize| self.space.as_ref()?.snapshot.meta.genres.get(genre).cloned();
        match target {
            MidiTarget::Genre(number) => {
                genre(number).map_or_else(|| format!("genre {}", number + 1), |name| format!("the genre {name}"))
            }
            MidiTarget::Adventure => "adventure".to_owned(),
            MidiTarget::Valence => "dark to bright".to_owned(),
            MidiTarget::Arousal => "calm to energetic".to_owned(),
            MidiTarget::Strength => "strength".to_owned(),
            MidiTarget::MapX => "left and right on the map".to_owned(),
            MidiTarget::MapY => "up and down on the map".to_owned(),
            MidiTarget::Speed => "speed".to_owned(),
            MidiTarget::Texture => "texture".to_owned(),
            MidiTarget::Detail => "detail".to_owned(),
            MidiTarget::Volume => "volume".to_owned(),
        }
    }

    /// The layout on screen.
    pub fn layout(&self) -> Option<&LayoutView> {
        self.space.as_ref()?.layout(self.settings.layout)
    }

    /// Which chunks of the space on screen are on the map; `None` where all are.
    pub fn shown(&self) -> Option<&Shown> {
        let version = self.space.as_ref()?.version;
        self.shown.as_ref().filter(|shown| shown.space == version)
    }

    /// The music and the weights that codec plots can be drawn of: the open space's, or those in use last.
    pub fn codec_plot_source(&self) -> Option<(PathBuf, PathBuf)> {
        let meta = self.space.as_ref().map(|view| &view.snapshot.meta);
        let weights = meta.and_then(|meta| meta.codec_weights.as_ref());
        let source = meta
            .filter(|_| weights.is_some())
            .map(|meta| PathBuf::from(&meta.corpus_root))
            .or_else(|| self.settings.last_corpus.clone());
        let weights = weights
            .map(|weights| PathBuf::from(&weights.path))
            .or_else(|| self.settings.encodec_weights.clone());
        source.zip(weights)
    }

    /// Takes back the banner that says `text`: it is no longer so.
    pub fn retract(&mut self, text: &str) {
        let said = Banner::note(text).text;
        self.banners.retain(|banner| banner.text != said);
    }

    /// Shows `banner`, replacing an older one that says the same.
    pub fn announce(&mut self, banner: Banner) {
        self.banners.retain(|old| old.text != banner.text);
        self.banners.push(banner);
        const KEPT: usize = 4;
        let surplus = self.banners.len().saturating_sub(KEPT);
        self.banners.drain(..surplus);
    }
}
