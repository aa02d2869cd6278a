//! Native file dialogs, each on a thread of its own so that the sound and the map go on.

use crate::render::TAKE_ENDING;
use crate::session::{ExportTarget, FileAsk};
use crate::sync::{Waker, Worker};
use crossbeam_channel::{Receiver, Sender, unbounded};
use rfd::FileDialog as NativeDialog;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A dialog that is gone sooner than a hand could read and close it was never on screen: there is a session bus, but
/// nobody on it who shows one.
const SOONEST_CANCEL: Duration = Duration::from_millis(700);

/// How a dialog ended.
pub enum Answer {
    Chosen(FileAsk, PathBuf),
    /// There is no file dialog here; what a new file would be called, if one was asked for.
    NoDialog(FileAsk, String),
}

/// At most one dialog, and the way back.
pub struct FileDialog {
    chosen_tx: Sender<Answer>,
    chosen_rx: Receiver<Answer>,
    open: Option<Worker>,
    waker: Waker,
}

impl FileDialog {
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
                let begun = Instant::now();
                let path = if has_dialogs() { show(ask, &stem) } else { None };
                let answer = match path {
                    Some(path) => Some(Answer::Chosen(ask, path)),
                    None if begun.elapsed() < SOONEST_CANCEL => Some(Answer::NoDialog(ask, stem)),
                    None => None,
                };
                if let Some(answer) = answer {
                    // A window that is gone needs no path.
                    let _ = tx.send(answer);
                }
                waker.wake();
            },
            |message| log::error!("the file dialog died: {message}"),
        ));
    }

    /// How the last dialog ended, once.
    pub fn take(&self) -> Option<Answer> {
        self.chosen_rx.try_recv().ok()
    }
}

impl Drop for FileDialog {
    /// A dialog that is still open would hold up the end of the program until someone answers it; it ends with the
    /// process instead.
    fn drop(&mut self) {
        if let Some(worker) = self.open.take() {
            worker.release();
        }
    }
}

/// Whether anything could show a dialog: asking a desktop without any takes seconds.
#[cfg(any(target_os = "linux", target_os = "freebsd"))]
fn has_dialogs() -> bool {
    let runtime_folder = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let on_path = |path: std::ffi::OsString| std::env::split_paths(&path).any(|folder| folder.join("zenity").is_file());
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
        || runtime_folder.is_some_and(|folder| folder.join("bus").exists())
        || std::env::var_os("PATH").is_some_and(on_path)
}

#[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
fn has_dialogs() -> bool {
    true
}

/// The name of a file type and its extension.
pub(super) fn kind_of(target: ExportTarget) -> (&'static str, &'static str) {
    match target {
        ExportTarget::PointWav | ExportTarget::LoopWav | ExportTarget::PathWav | ExportTarget::TakeWav => {
            ("WAV", "wav")
        }
        ExportTarget::MapPng => ("PNG", "png"),
        ExportTarget::TableCsv => ("CSV", "csv"),
    }
}

fn show(ask: FileAsk, stem: &str) -> Option<PathBuf> {
    let dialog = NativeDialog::new();
    let space = |dialog: NativeDialog| dialog.add_filter("Songspace", &["songspace"]);
    match ask {
        FileAsk::OpenSpace => space(dialog).set_title("Open a space").pick_file(),
        FileAsk::SaveSpace => space(dialog)
            .set_title("Save the space")
            .set_file_name(format!("{stem}.songspace"))
            .save_file(),
        FileAsk::OpenScore => dialog
            .set_title("Open a take")
            .add_filter("Take", &[TAKE_ENDING])
            .pick_file(),
        FileAsk::MusicFolder => dialog.set_title("A folder of music").pick_folder(),
        FileAsk::Dataset(layout) => dialog
            .set_title(format!("The folder of {}", layout.name()))
            .pick_folder(),
        FileAsk::JoinedMusic => dialog.set_title("More music to learn together").pick_folder(),
        FileAsk::MoreMusic => dialog.set_title("Music to add to this space").pick_folder(),
        FileAsk::Recordings => dialog.set_title("The folder with the recordings").pick_folder(),
        FileAsk::Manifest => dialog
            .set_title("A manifest")
            .add_filter("Table", &["csv", "tsv"])
            .pick_file(),
        FileAsk::EncodecWeights => dialog
            .set_title("EnCodec weights")
            .add_filter("safetensors", &["safetensors"])
            .pick_file(),
        FileAsk::Export(target) => {
            let (kind, extension) = kind_of(target);
            dialog
                .set_title("Export")
                .add_filter(kind, &[extension])
                .set_file_name(format!("{stem}.{extension}"))
                .save_file()
        }
    }
}
