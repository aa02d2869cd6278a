//! Native file dialogs, each on a thread of its own so that the sound and the map go on.

use super::App;
use crate::session::{Command, ExportTarget, FileAsk};
use crate::sync::{Waker, Worker};
use crossbeam_channel::{Receiver, Sender, unbounded};
use rfd::FileDialog;
use std::path::PathBuf;

/// At most one dialog, and the way back.
pub struct Desk {
    chosen_tx: Sender<(FileAsk, PathBuf)>,
    chosen_rx: Receiver<(FileAsk, PathBuf)>,
    open: Option<Worker>,
    waker: Waker,
}

impl Desk {
    /// No dialog is open.
    pub fn new(waker: Waker) -> Self {
        let (chosen_tx, chosen_rx) = unbounded();
        Self {
            chosen_tx,
            chosen_rx,
            open: None,
            waker,
        }
    }

    /// Opens a dialog for `ask` unless one is open; `stem` names a new file.
    pub fn ask(&mut self, ask: FileAsk, stem: &str) {
        if self.open.as_ref().is_some_and(|worker| !worker.is_finished()) {
            return;
        }
        let (tx, waker, stem) = (self.chosen_tx.clone(), self.waker.clone(), stem.to_owned());
        self.open = Some(Worker::spawn(
            "file dialog",
            move |_| {
                if let Some(path) = show(ask, &stem) {
                    // A window that is gone needs no path.
                    let _ = tx.send((ask, path));
                }
                waker.wake();
            },
            |message| log::error!("the file dialog died: {message}"),
        ));
    }

    /// What was chosen, if anything.
    pub fn take(&self) -> Option<(FileAsk, PathBuf)> {
        self.chosen_rx.try_recv().ok()
    }
}

impl Drop for Desk {
    /// A dialog that is still open would hold up the end of the program until someone answers it; it ends with the
    /// process instead.
    fn drop(&mut self) {
        if let Some(worker) = self.open.take().filter(|worker| !worker.is_finished()) {
            std::mem::forget(worker);
        }
    }
}

impl App {
    /// Does what the dialog was opened for.
    pub(super) fn on_file_chosen(&mut self, ask: FileAsk, path: PathBuf) {
        match ask {
            FileAsk::OpenSpace => self.perform(Command::Open(path)),
            FileAsk::SaveSpace => self.perform(Command::SaveAs(path)),
            FileAsk::MusicFolder | FileAsk::Manifest => self.inspect_anew(path, None),
            FileAsk::Dataset(layout) => self.inspect_anew(path, Some(layout)),
            FileAsk::JoinedMusic => self.join_music(path),
            FileAsk::EncodecWeights => self.perform(Command::UseEncodec(path)),
            FileAsk::MoreMusic => self.perform(Command::AddClips(path)),
            FileAsk::Export(target) => self.perform(Command::Export(target, path)),
        }
    }
}

fn show(ask: FileAsk, stem: &str) -> Option<PathBuf> {
    let dialog = FileDialog::new();
    let space = |dialog: FileDialog| dialog.add_filter("Songspace", &["songspace"]);
    match ask {
        FileAsk::OpenSpace => space(dialog).set_title("Open a space").pick_file(),
        FileAsk::SaveSpace => space(dialog)
            .set_title("Save the space")
            .set_file_name(format!("{stem}.songspace"))
            .save_file(),
        FileAsk::MusicFolder => dialog.set_title("A folder of music").pick_folder(),
        FileAsk::Dataset(layout) => dialog
            .set_title(format!("The folder of {}", layout.name()))
            .pick_folder(),
        FileAsk::JoinedMusic => dialog.set_title("More music to learn together").pick_folder(),
        FileAsk::MoreMusic => dialog.set_title("Music to add to this space").pick_folder(),
        FileAsk::Manifest => dialog
            .set_title("A manifest")
            .add_filter("Table", &["csv", "tsv"])
            .pick_file(),
        FileAsk::EncodecWeights => dialog
            .set_title("EnCodec weights")
            .add_filter("safetensors", &["safetensors"])
            .pick_file(),
        FileAsk::Export(target) => {
            let (kind, extension) = match target {
                ExportTarget::PointWav | ExportTarget::LoopWav | ExportTarget::PathWav => ("WAV", "wav"),
                ExportTarget::MapPng => ("PNG", "png"),
                ExportTarget::TableCsv => ("CSV", "csv"),
            };
            dialog
                .set_title("Export")
                .add_filter(kind, &[extension])
                .set_file_name(format!("{stem}.{extension}"))
                .save_file()
        }
    }
}
