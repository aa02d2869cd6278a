//! What becomes of a file or folder that the user chose.

use super::App;
use super::file_dialog::{Answer, kind_of};
use crate::files::with_ending;
use crate::session::{Banner, Command, FileAsk};
use crate::ui::{Dialog, PathSheet};
use std::path::PathBuf;

impl App {
    /// Takes the path, or asks for it in a field of the window's own.
    pub(super) fn on_file_chosen_in_dialog(&mut self, answer: Answer) {
        match answer {
            Answer::Chosen(ask, path) => self.on_file_chosen(ask, path),
            Answer::NoDialog(ask, stem) => {
                self.panes.dialog = Some(Dialog::Path(PathSheet {
                    ask,
                    text: suggestion(ask, &stem),
                    instead_of_dialog: true,
                }));
            }
        }
    }

    /// Does what the dialog was opened for.
    pub(super) fn on_file_chosen(&mut self, ask: FileAsk, path: PathBuf) {
        match ask {
            FileAsk::OpenSpace => self.perform(Command::Open(path)),
            FileAsk::SaveSpace => self.perform(Command::SaveAs(path)),
            FileAsk::MusicFolder | FileAsk::Manifest => self.inspect_alone(path, None),
            FileAsk::Dataset(layout) => self.inspect_alone(path, Some(layout)),
            FileAsk::JoinedMusic => self.join_music(path),
            FileAsk::Recordings => self.look_for_recordings(path),
            FileAsk::EncodecWeights => self.perform(Command::UseEncodec(path)),
            FileAsk::MoreMusic => self.perform(Command::AddClips(path)),
            FileAsk::Export(target) => self.perform(Command::Export(target, path)),
        }
    }
}

impl App {
    /// `path` with an ending. A file that the user did not name to the last letter is not replaced.
    pub(super) fn completed(&mut self, path: PathBuf, endings: &[&str]) -> Option<PathBuf> {
        let complete = with_ending(&path, endings);
        if complete != path && complete.exists() {
            let text = format!(
                "{} is there already. Give its full name to replace it, or choose another.",
                complete.display()
            );
            self.session.announce(Banner::warning(text));
            return None;
        }
        Some(complete)
    }
}

/// A path to start from: new files go to the home folder unless something else is typed.
fn suggestion(ask: FileAsk, stem: &str) -> String {
    let extension = match ask {
        FileAsk::SaveSpace => "songspace",
        FileAsk::Export(target) => kind_of(target).1,
        _ => return String::new(),
    };
    format!("~/{stem}.{extension}")
}
