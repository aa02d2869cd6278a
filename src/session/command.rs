//! Everything the window can ask for, in the imperative. `app` carries them out after the frame.

use super::{
    ClockSettings, ColourBy, DeviceChoice, KeySettings, MidiTarget, Modulator, OscSettings, PlayMode, PlaybackSource,
    Recipe, Shown, ThemeChoice,
};
use crate::corpus::DatasetFormat;
use crate::space::LayoutKind;
use crate::train::TrainOptions;
use crate::values::{ChunkId, KeyEvent, LoopRegion, MapPoint};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// An order from a pane, a menu, a key or a MIDI controller.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    // Playing
    /// Select a sound and play it.
    Play(PlayPoint, Gesture),
    /// The hand left the map.
    Release,
    /// Stop, or play the last choice; before any choice, the chunk nearest the middle of the map.
    TogglePlay,
    /// What happens at the end of a chunk; remembered in the settings.
    SetMode(PlayMode),
    /// Whether moving the point keeps the events (l) and changes only the timbre (g).
    SetHoldContent(bool),
    /// Which side of A/B to hear; the original is loaded when it is needed.
    SetSource(PlaybackSource),
    /// 1 = as recorded; pulled into [`Transport::SPEEDS`](super::Transport::SPEEDS).
    SetSpeed(f32),
    /// Depth of the noise texture, pulled into 0..2; 1 = as the model says.
    SetTexture(f32),
    /// How much of the recording sounds, pulled into 0..1; 0 = the model alone.
    SetDetail(f32),
    /// How far an endless sound roams, pulled into 0..1; remembered in the settings.
    SetAdventure(f32),
    /// Whether the sliders go on leading to the relative that they lead to now.
    PinRelative(bool),
    /// Play the relative that the sliders lead to, under its own labels.
    GoToRelative,
    /// Whether every sound is brought to one loudness; remembered in the settings.
    SetMatchLoudness(bool),
    /// Linear gain, pulled into 0..1.
    SetVolume(f32),
    /// Go on from there: 0 = the beginning of what sounds, 1 = its end.
    Seek(f32),
    /// The part that loops go round; `None` = all of what sounds.
    SetRegion(Option<LoopRegion>),
    /// Where sounds begin that a hand begins, in seconds; `None` = a loop goes on where it is.
    SetStart(Option<f32>),
    /// Put the light out that says that something was cut off at full scale.
    ClearClip,
    /// Play what was recorded: index into [`Session::takes`](super::Session::takes).
    PlayTake(usize),
    /// Call the file of a take otherwise; its ending stays.
    RenameTake {
        /// Index into [`Session::takes`](super::Session::takes).
        index: usize,
        /// Without an ending; what disks refuse is replaced.
        name: String,
    },
    /// Put the file of a take on the clipboard, to paste it into a file manager or another program.
    CopyTake(usize),
    /// Show a file or folder in the desktop's file manager.
    Reveal(PathBuf),
    /// Start writing the output to a new WAV in the recordings folder, or finish the one in progress.
    ToggleRecording,
    /// A name from [`Session::audio_devices`](super::Session::audio_devices); any other means the system's default.
    ChooseAudioDevice(String),
    /// New sounds, drawn from where the real ones are, under the current condition.
    Sample(usize),
    /// One of those again.
    PlaySample(usize),

    // Keys and clock
    /// Whether keys play what sounds.
    PlayKeys(bool),
    /// A key of the computer or of the window.
    Key(KeyEvent),
    /// How keys play; remembered in the settings.
    SetKeys(KeySettings),
    /// Whether loops follow the master clock.
    FollowClock(bool),
    /// How the clock runs; remembered in the settings.
    SetClock(ClockSettings),
    /// A beat, by hand: two and more of them are a tempo.
    TapTempo,
    /// What moves controls by itself; remembered in the settings.
    SetModulators(Vec<Modulator>),

    // Conditions
    /// Move one genre's fader, which turns "as recorded" off.
    SetFader {
        /// Index in the space's genre order.
        genre: usize,
        /// Pulled into 0..1.
        level: f32,
    },
    /// This genre's fader to 1, all others to 0.
    SoloGenre(usize),
    /// Valence and arousal, each in -1..1; `None` stops asking for a mood.
    SetEmotion(Option<(f32, f32)>),
    /// How strongly the condition is applied, pulled into [`STRENGTHS`](crate::values::STRENGTHS).
    SetStrength(f32),
    /// Every sound under its own labels again, with the faders following them.
    AsRecorded,
    /// Move one dimension of the global latent (g) of what was chosen.
    SetGlobal {
        /// Index into [`Session::global`](super::Session::global).
        dim: usize,
        /// In latent units; the sliders offer -4..4.
        value: f32,
    },

    /// Move the whole global latent of what was chosen; as many values as [`Session::global`](super::Session::global) has.
    SetWholeGlobal(Vec<f32>),
    /// Find out what the latent's main directions do to the ear.
    NameDirections,

    // Motions
    /// Go round these points until stopped, closing the loop; in the units of the layout on screen.
    DrawPath(Vec<MapPoint>),
    /// Go round the pins until stopped; takes at least two.
    WalkPins,
    /// Drift until stopped, starting where the selection is.
    RandomWalk,
    /// The point stays where it is and keeps sounding.
    StopMotion,
    /// In the units of the layout on screen, which is stored with the pin.
    AddPin(MapPoint),
    /// Index into [`Session::pins`](super::Session::pins).
    RemovePin(usize),
    /// Remove all pins.
    ClearPins,

    // Map
    /// Stops any motion; the sound stays, its point moves to where its chunk lies in the new layout.
    SetLayout(LayoutKind),
    /// What the colour of a point on the map means.
    SetColourBy(ColourBy),
    /// Whether to draw the glow that shows where points are dense.
    SetDensityShading(bool),
    /// Whether genres and clusters are named on the map.
    SetMapNames(bool),
    /// Which chunks are on the map from now on; the others neither sound nor are found. `None` for all.
    Show(Option<Shown>),
    /// Compute all layouts and clusters of the open space again.
    Remap {
        /// How much labels count beside the sound: 0 = by sound only; at most 10.
        condition_weight: f32,
    },

    // Files
    /// Open a file dialog, unless one is open already.
    Ask(FileAsk),
    /// The answer to [`Command::Ask`].
    Chosen(FileAsk, PathBuf),
    /// A space file; during a training it opens once that has ended.
    Open(PathBuf),
    /// The space that comes with the program.
    OpenDemo,
    /// Stop the sound and take the space off the screen, saved or not.
    CloseSpace,
    /// To the file it came from; asks for one where there is none.
    Save,
    /// Gets the extension `.songspace` if it has none; asks before another file is replaced.
    SaveAs(PathBuf),
    /// Write the target to this path in the background; a banner tells how it went. Asks before another file is replaced.
    Export(ExportTarget, PathBuf),
    /// A take's score, to be shown, played again and rendered.
    OpenScore(PathBuf),
    /// Take it off the screen.
    CloseScore,
    /// Move the handles of the part that is meant, in seconds; they stay within the take.
    TrimScore {
        /// Where it begins.
        from: f64,
        /// Where it ends.
        to: f64,
    },
    /// Write the handles into the take's file.
    KeepTrim,
    /// Do again in the window what was done in the part between the handles, or stop that.
    ReplayScore,
    /// The answer "yes" to [`Session::replacing`](super::Session::replacing).
    ReplaceFile,
    /// The answer "no".
    KeepFile,
    /// Take a file out of the recent ones.
    ForgetRecent(PathBuf),
    /// These are the EnCodec weights, for spaces that sound through them and for trainings to come.
    UseEncodec(PathBuf),
    /// Draw what the music looks like to EnCodec.
    PlotCodec,
    /// Close every picture that jobs have drawn.
    ClosePictures,
    /// Look at a folder before training on it.
    Inspect(PathBuf),
    /// Index into [`Training::segments`](super::Training::segments).
    HearSegment(usize),
    /// Decode every file of the inspected music and say what is wrong with it.
    Examine,
    /// Keep this list of files out of every import of the inspected folder.
    LeaveOut(BTreeSet<String>),
    /// Keep these names for spellings of genres beside the inspected music.
    RenameGenres(BTreeMap<String, String>),
    /// Place the new clips of a folder in the open space.
    AddClips(PathBuf),
    /// A fixed point of the training: as it was before it, or as it is now.
    HearPreview {
        /// Index into [`Training::previews`](super::Training::previews).
        index: usize,
        /// `true` for the newest map's take, `false` for the first map's.
        now: bool,
    },

    // Training
    /// Learn a new space; refused while another training is active.
    Train {
        /// A folder of music or a manifest.
        source: PathBuf,
        /// What to learn and for how long; boxed to keep the enum small.
        options: Box<TrainOptions>,
    },
    /// Go on with the training in this run folder, with the options it was begun with.
    Continue(PathBuf),
    /// Keep the running training waiting until it is resumed or stopped.
    PauseTraining,
    /// Let a paused training go on.
    ResumeTraining,
    /// End the part of the job that runs, the learning or the comparing of points after it; until that has happened
    /// [`Training::stopping`](super::Training::stopping) is set.
    StopTraining,
    /// What computes, from the next start on.
    ChooseCompute(DeviceChoice),

    // Memory
    /// Take back the last edit of the choice, the layout or the mix.
    Undo,
    /// Bring back the edit that was undone last.
    Redo,
    /// Keep the recipe of the current choice, numbered and titled by its clip.
    AddBookmark,
    /// Index into [`Session::bookmarks`](super::Session::bookmarks).
    RemoveBookmark(usize),
    /// Index into [`Session::strays`](super::Session::strays): gone for good.
    RemoveStray(usize),
    /// Play this recipe with its condition, texture and layout.
    Recall(Box<Recipe>),
    /// Put the current choice on the clipboard as text.
    CopyRecipe,
    /// Recall the recipe in this text, or say why it cannot be read.
    PasteRecipe(String),

    // The window itself
    /// Takes effect at once.
    SetTheme(ThemeChoice),
    /// Size of everything in the window, 1 = as designed.
    SetZoom(f32),
    /// Bind this control to the next controller that moves; `None` stops waiting.
    LearnMidi(Option<MidiTarget>),
    /// Drop every binding, in the settings too.
    ForgetMidi,
    /// Listen to Open Sound Control so, from now on.
    SetOsc(OscSettings),
    /// Tell the MIDI output of this name what moves, or none.
    SendGestures(Option<String>),
    /// Index into [`Session::banners`](super::Session::banners).
    DismissBanner(usize),
    /// Lead through the first steps, from the beginning.
    StartTour,
    /// On to the next step.
    TourOn,
    /// Finish the tour early; it will not start by itself again.
    EndTour,
    /// Show or hide the panel beside the map.
    ToggleSide,
    /// Show the newest report of a fault that nobody has seen.
    ReadCrashReport,
    /// Put the report on the clipboard.
    CopyCrashReport,
    /// Remove all reports of faults from this machine.
    DeleteCrashReports,
    /// Keep the report and do not offer it again.
    CloseCrashReport,
    /// Restart the compute threads that have died.
    RestartEngine,
    /// Close the window; asks first if something would be lost, as [`Command::Open`] and [`Command::CloseSpace`] do.
    Quit,
    /// The answer "yes" to the question whether to leave.
    LeaveAnyway,
    /// The answer "no" to it.
    Stay,
}

/// Which sound is meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PlayPoint {
    /// Between the points of the layout on screen.
    At(MapPoint),
    /// A point of a layout that need not be on screen.
    On(LayoutKind, MapPoint),
    /// One chunk exactly.
    Chunk(ChunkId),
}

/// Where in a gesture a request belongs: only its beginning is worth an undo step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gesture {
    /// A press: it ends any motion and is undone as one step.
    Begin,
    /// The point moves on, by hand, controller or motion; no undo step.
    Continue,
}

/// What a file dialog is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileAsk {
    /// A `.songspace` file.
    OpenSpace,
    /// A new `.songspace` file, named after the space.
    SaveSpace,
    /// Music to inspect, with its kind of dataset recognised.
    MusicFolder,
    /// A dataset of this shape.
    Dataset(DatasetFormat),
    /// Music that is learned together with what was chosen before.
    JoinedMusic,
    /// Music to add to the open space.
    MoreMusic,
    /// A CSV or TSV table that lists music, to inspect.
    Manifest,
    /// Where the recordings of the open space are now.
    Recordings,
    /// A `.safetensors` file.
    EncodecWeights,
    /// A `.songspace-take` file.
    OpenScore,
    /// A new file of the type that the target needs.
    Export(ExportTarget),
}

/// What can be written beside the space itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportTarget {
    /// The current choice: a chunk to loop or to play once, or its song, by the play mode.
    PointWav,
    /// Whole rounds of it, about 30 s of them or one, whose end leads into their beginning.
    LoopWav,
    /// One round of the path that moves the point; needs such a motion.
    PathWav,
    /// The part of the open take between its handles, at full detail.
    TakeWav,
    /// The layout on screen as a picture.
    MapPng,
    /// One row per chunk: file, title, start, labels, place in the layout on screen, cluster.
    TableCsv,
}

/// The orders of one frame, in the order they were given.
#[derive(Debug, Default)]
pub struct Commands(Vec<Command>);

impl Commands {
    /// Gives an order.
    pub fn push(&mut self, command: Command) {
        self.0.push(command);
    }

    /// Gives several orders.
    pub fn extend(&mut self, orders: impl IntoIterator<Item = Command>) {
        self.0.extend(orders);
    }

    /// Takes all orders, leaving none.
    pub fn drain(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.0)
    }

    /// The orders so far.
    pub fn as_slice(&self) -> &[Command] {
        &self.0
    }
}
