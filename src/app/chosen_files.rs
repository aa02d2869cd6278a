//! What becomes of a file or folder that the user chose.

use super::App;
use super::export::endings_of;
use super::file_dialog::{Answer, kind_of};
use crate::files::with_ending;
use crate::render::TAKE_ENDING;
use crate::session::{Command, FileAsk, Replacing};
use crate::ui::{Dialog, PathSheet};
use egui::Context;
use std::path::PathBuf;

/// Whether the user knows that a file is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// The desktop's own dialog has asked.
    Agreed,
    /// Nobody has asked.
    NotAsked,
}

impl App {
    /// Opens what was dropped on the window: a space, a take; anything else is looked at as music.
    pub(super) fn accept_drops(&mut self, ctx: &Context) {
        let dropped: Vec<PathBuf> = ctx.input(|input| {
            let files = &input.raw.dropped_files;
            files.iter().map(|file| file.path().to_owned()).collect()
        });
        for path in dropped {
            let ends_in = |ending: &str| path.extension().is_some_and(|ext| ext == ending);
            self.perform(if ends_in("songspace") {
                Command::Open(path)
            } else if ends_in(TAKE_ENDING) {
                Command::OpenScore(path)
            } else {
                Command::Inspect(path)
            });
        }
    }

    /// Takes the path, or asks for it in a field of the window's own.
    pub(super) fn on_file_chosen_in_dialog(&mut self, answer: Answer) {
        match answer {
            Answer::Chosen(ask, path) => self.on_file_chosen(ask, path, Replacement::Agreed),
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
    pub(super) fn on_file_chosen(&mut self, ask: FileAsk, path: PathBuf, replacement: Replacement) {
        match ask {
            FileAsk::OpenSpace => self.perform(Command::Open(path)),
            FileAsk::SaveSpace | FileAsk::Export(_) => self.write_to(ask, path, replacement),
            FileAsk::MusicFolder | FileAsk::Manifest => self.inspect_alone(path, None),
            FileAsk::Dataset(layout) => self.inspect_alone(path, Some(layout)),
            FileAsk::JoinedMusic => self.join_music(path),
            FileAsk::Recordings => self.look_for_recordings(path),
            FileAsk::EncodecWeights => self.perform(Command::UseEncodec(path)),
            FileAsk::OpenScore => self.perform(Command::OpenScore(path)),
            FileAsk::MoreMusic => self.perform(Command::AddClips(path)),
        }
    }

    /// Writes what `ask` names to `path`, which gets its ending; asks first where another file stands there.
    pub(super) fn write_to(&mut self, ask: FileAsk, path: PathBuf, replacement: Replacement) {
        let complete = match ask {
            FileAsk::Export(target) => with_ending(&path, endings_of(target)),
            _ => with_ending(&path, &["songspace"]),
        };
        // A dialog has asked about the name that was typed, not about the one with an ending.
        let is_agreed = replacement == Replacement::Agreed && complete == path;
        if complete.is_file() && !is_agreed && !self.is_own_file(ask, &complete) {
            self.session.replacing = Some(Replacing { ask, path: complete });
        } else {
            self.write(ask, complete);
        }
    }

    /// The user agrees to what was asked.
    pub(super) fn replace_file(&mut self) {
        if let Some(Replacing { ask, path }) = self.session.replacing.take() {
            self.write(ask, path);
        }
    }

    fn write(&mut self, ask: FileAsk, path: PathBuf) {
        match ask {
            FileAsk::Export(target) => self.export(target, path),
            _ => {
                let stamp = self.file_stamp.clone().filter(|_| self.is_own_file(ask, &path));
                self.save_to(path, stamp);
            }
        }
    }

    fn is_own_file(&self, ask: FileAsk, path: &std::path::Path) -> bool {
        ask == FileAsk::SaveSpace && self.session.file.as_deref() == Some(path)
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
