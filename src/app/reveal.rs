//! Shows a file in the desktop's file manager.

use super::App;
#[cfg(target_os = "linux")]
use super::file_manager;
use crate::files::in_words;
use crate::session::Banner;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

impl App {
    /// Shows `path` selected in its folder where the desktop can, otherwise the folder, or `path` itself where it is one; a banner
    /// says what went wrong.
    pub(super) fn reveal(&mut self, path: PathBuf) {
        self.tasks.run(
            "opening the file manager",
            move |_| {
                let done = show(&path);
                Box::new(move |app: &mut App| {
                    if let Err(sentence) = done {
                        app.session.announce(Banner::warning(sentence));
                    }
                })
            },
            |message| Box::new(move |_: &mut App| log::warn!("the file manager was not opened: {message}")),
        );
    }
}

fn show(path: &Path) -> Result<(), String> {
    #[cfg(target_os = "linux")]
    if path.is_file() {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        match file_manager::show_selected(&whole) {
            Ok(()) => return Ok(()),
            // Then its folder is opened.
            Err(error) => log::info!("no file manager shows single files: {error}"),
        }
    }
    let folder = match path.is_dir() {
        true => path,
        false => path.parent().unwrap_or(path),
    };
    let mut command = opener(path, folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().map_err(|error| {
        format!(
            "No file manager could be opened ({}). The file is in {}",
            in_words(&error),
            folder.display()
        )
    })?;
    // Explorer answers 1 whatever it did.
    match status.success() || cfg!(windows) {
        true => Ok(()),
        false => Err(format!(
            "The file manager did not open. The file is in {}",
            folder.display()
        )),
    }
}

fn opener(path: &Path, folder: &Path) -> Command {
    let is_file = path != folder;
    if cfg!(target_os = "macos") {
        let mut command = Command::new("open");
        command.args(is_file.then_some("-R")).arg(path);
        command
    } else if cfg!(windows) {
        // As two words: Explorer does not understand the two in one pair of quotes.
        let mut command = Command::new("explorer");
        command.args(is_file.then_some("/select,")).arg(path);
        command
    } else {
        let mut command = Command::new("xdg-open");
        command.arg(folder);
        command
    }
}
