//! A typed path: for desktops without a file dialog, and for hands that never leave the keyboard.

use super::sheet::{TextEditSpec, ask, title};
use crate::session::{Command, Commands, ExportTarget, FileAsk};
use crate::ui::controls::hint;
use egui::Ui;
use std::path::PathBuf;

/// The sheet: what the path is for and what was typed so far.
#[derive(Clone, Debug, PartialEq)]
pub struct PathSheet {
    /// Decides the wording and the command that is sent.
    pub ask: FileAsk,
    /// A leading `~/` means the home folder.
    pub text: String,
    /// It stands in for a file dialog that did not come.
    pub instead_of_dialog: bool,
}

impl PathSheet {
    /// An empty field for opening.
    pub fn open() -> Self {
        Self {
            ask: FileAsk::OpenSpace,
            text: String::new(),
            instead_of_dialog: false,
        }
    }
}

/// What the sheet says for each purpose: title, sentence, example, button.
fn words(ask: FileAsk) -> (&'static str, &'static str, &'static str, &'static str) {
    const OPEN: &str = "A .songspace file is opened; a folder or a .csv manifest is looked at for training.";
    match ask {
        FileAsk::OpenSpace => ("Open by path", OPEN, "/home/me/music or space.songspace", "Open"),
        FileAsk::SaveSpace => (
            "Save the space",
            "Where it is written.",
            "/home/me/dusk.songspace",
            "Save",
        ),
        FileAsk::MusicFolder => (
            "A folder of music",
            "Sub-folders become genres.",
            "/home/me/music",
            "Look through it",
        ),
        FileAsk::Dataset(layout) => ("A dataset", layout.name(), "/home/me/datasets/one", "Look through it"),
        FileAsk::JoinedMusic => (
            "More music",
            "A folder that is learned together with what was chosen before.",
            "/home/me/more music",
            "Join it",
        ),
        FileAsk::OpenScore => (
            "Open a take",
            "A .songspace-take lies beside each recording.",
            "/home/me/Music/Songspace/2026-11-25 blues_015.songspace-take",
            "Open it",
        ),
        FileAsk::MoreMusic => (
            "Add clips to this space",
            "New clips find their place; no old point moves.",
            "/home/me/music",
            "Add them",
        ),
        FileAsk::Manifest => (
            "A manifest",
            "A table of files with genre, valence and arousal.",
            "/home/me/music/manifest.csv",
            "Look through it",
        ),
        FileAsk::Recordings => (
            "Find the recordings",
            "The folder they are in now; those that were renamed or changed are not found.",
            "/home/me/music",
            "Look there",
        ),
        FileAsk::EncodecWeights => (
            "EnCodec weights",
            "The folder or safetensors file that you downloaded.",
            "/home/me/encodec_24khz",
            "Use them",
        ),
        FileAsk::Export(target) => (
            "Export",
            "Where it is written.",
            match target {
                ExportTarget::MapPng => "/home/me/map.png",
                ExportTarget::TableCsv => "/home/me/table.csv",
                ExportTarget::PointWav | ExportTarget::LoopWav | ExportTarget::PathWav | ExportTarget::TakeWav => {
                    "/home/me/sound.wav"
                }
            },
            "Write",
        ),
    }
}

/// Draws the sheet; true when it is done.
pub fn show(ui: &mut Ui, sheet: &mut PathSheet, commands: &mut Commands) -> bool {
    let (heading, sentence, example, verb) = words(sheet.ask);
    title(ui, heading);
    if sheet.instead_of_dialog {
        hint(ui, "This desktop has no file dialog, so type the path.");
    }
    hint(ui, sentence);
    let spec = TextEditSpec {
        name: "Path",
        hint: example,
        verb,
        rows: 1,
    };
    let purpose = sheet.ask;
    ask(ui, &mut sheet.text, spec, |typed| commands.push(order(purpose, typed)))
}

fn order(ask: FileAsk, typed: &str) -> Command {
    let path = match (typed.strip_prefix("~/"), std::env::home_dir()) {
        (Some(below), Some(home)) => home.join(below),
        _ => PathBuf::from(typed),
    };
    let is_space = path.extension().is_some_and(|extension| extension == "songspace");
    match ask {
        FileAsk::OpenSpace if is_space => Command::Open(path),
        FileAsk::OpenSpace => Command::Inspect(path),
        ask => Command::Chosen(ask, path),
    }
}
