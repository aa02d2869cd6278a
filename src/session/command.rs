//! Everything the window can ask for, in the imperative. `app` carries them out after the frame.

use super::{ColourBy, DeviceChoice, MidiTarget, PlayMode, PlaybackSource, Recipe, ThemeChoice};
use crate::corpus::DatasetFormat;
use crate::space::LayoutKind;
use crate::train::TrainOptions;
use crate::values::{ChunkId, MapPoint};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// An order from a pane, a menu, a key or a MIDI controller.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    // Playing
    Play(PlayPoint, Gesture),
    /// The hand left the map.
    Release,
    TogglePlay,
    SetMode(PlayMode),
    SetHoldContent(bool),
    SetSource(PlaybackSource),
    SetSpeed(f32),
    SetTexture(f32),
    SetVolume(f32),
    ToggleRecording,
    ChooseAudioDevice(String),
    /// New sounds from the prior under the current condition.
    Sample(usize),
    /// One of those again.
    PlaySample(usize),

    // Conditions
    SetFader {
        genre: usize,
        level: f32,
    },
    SoloGenre(usize),
    SetEmotion(Option<(f32, f32)>),
    SetStrength(f32),
    AsRecorded,
    SetGlobal {
        dim: usize,
        value: f32,
    },

    // Motions
    DrawPath(Vec<MapPoint>),
    WalkPins,
    RandomWalk,
    StopMotion,
    AddPin(MapPoint),
    RemovePin(usize),
    ClearPins,

    // Map
    SetLayout(LayoutKind),
    SetColourBy(ColourBy),
    SetDensityShading(bool),
    Remap {
        condition_weight: f32,
    },

    // Files
    Ask(FileAsk),
    /// The answer to [`Command::Ask`].
    Chosen(FileAsk, PathBuf),
    Open(PathBuf),
    /// The space that comes with the program.
    OpenDemo,
    CloseSpace,
    Save,
    SaveAs(PathBuf),
    Export(ExportTarget, PathBuf),
    /// These are the EnCodec weights, for spaces that sound through them and for trainings to come.
    UseEncodec(PathBuf),
    /// Draw what the music looks like to EnCodec.
    PlotCodec,
    ClosePictures,
    /// Look at a folder before training on it.
    Inspect(PathBuf),
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
        index: usize,
        now: bool,
    },

    // Training
    Train {
        source: PathBuf,
        options: Box<TrainOptions>,
    },
    Continue(PathBuf),
    PauseTraining,
    ResumeTraining,
    StopTraining,
    /// What computes, from the next start on.
    ChooseCompute(DeviceChoice),

    // Memory
    Undo,
    Redo,
    AddBookmark,
    RemoveBookmark(usize),
    Recall(Box<Recipe>),
    CopyRecipe,
    PasteRecipe(String),

    // The window itself
    SetTheme(ThemeChoice),
    SetZoom(f32),
    LearnMidi(Option<MidiTarget>),
    ForgetMidi,
    DismissBanner(usize),
    /// Lead through the first steps, from the beginning.
    StartTour,
    /// On to the next step.
    TourOn,
    EndTour,
    /// Show or hide the panel beside the map.
    ToggleSide,
    RestartEngine,
    Quit,
    /// Close although something is going on.
    QuitAnyway,
    StayOpen,
}

/// Which sound is meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PlayPoint {
    /// Between the points of the layout on screen.
    At(MapPoint),
    /// One chunk exactly.
    Chunk(ChunkId),
}

/// Where in a gesture a request belongs: only its beginning is worth an undo step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gesture {
    Begin,
    Continue,
}

/// What a file dialog is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileAsk {
    OpenSpace,
    SaveSpace,
    MusicFolder,
    /// A dataset of this shape.
    Dataset(DatasetFormat),
    /// Music that is learned together with what was chosen before.
    JoinedMusic,
    /// Music to add to the open space.
    MoreMusic,
    Manifest,
    /// Where the recordings of the open space are now.
    Recordings,
    EncodecWeights,
    Export(ExportTarget),
}

/// What can be written beside the space itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportTarget {
    PointWav,
    LoopWav,
    PathWav,
    MapPng,
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
