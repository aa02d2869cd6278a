//! The file that a clip's recording is read from: taken out of the space itself, or found in a folder.

use super::places::Recordings;
use super::shelf::RecordingShelf;
use super::unheard::Unheard;
use crate::files::Stamp;
use crate::space::{Clip, Snapshot};
use crate::sync::StopFlag;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The folders in which recordings are looked for; remembers what it saw there.
#[derive(Default)]
pub struct Folders(Vec<Recordings>);

impl Folders {
    /// The file of `clip` below one of `roots`, the likeliest first, with the very bytes that were learned from.
    fn find(
        &mut self,
        clip: &Clip,
        roots: &[PathBuf],
        shelf: &RecordingShelf,
        stop: &StopFlag,
    ) -> Result<PathBuf, Option<PathBuf>> {
        self.0.retain(|place| roots.iter().any(|root| root == place.root()));
        let mut changed = None;
        for root in roots.iter().filter(|root| !root.as_os_str().is_empty()) {
            let known = self.0.iter().position(|place| place.root() == root);
            let place = known.unwrap_or_else(|| {
                self.0.push(Recordings::below(root));
                self.0.len() - 1
            });
            match self.0[place].find_unchanged(clip, shelf, stop) {
                Ok(path) => return Ok(path),
                Err(other) => changed = changed.or(other),
            }
        }
        Err(changed)
    }
}

/// An open recording.
pub(super) enum Source {
    /// Out of the space.
    Unpacked(NamedTempFile),
    /// On the disk, as it looked when it was found.
    Found(PathBuf, Stamp),
}

impl Source {
    /// The recording of clip number `clip`.
    pub(super) fn open(
        snapshot: &Snapshot,
        clip: u32,
        roots: &[PathBuf],
        folders: &mut Folders,
        shelf: &RecordingShelf,
        stop: &StopFlag,
    ) -> Result<Self, Unheard> {
        let row = snapshot.clips.get(clip as usize).ok_or_else(Unheard::no_clip)?;
        if let Some(bytes) = snapshot.embedded_audio.get(&clip) {
            return unpacked(&row.path, bytes)
                .map(Self::Unpacked)
                .map_err(|error| Unheard::broken(row, &error));
        }
        let found = folders.find(row, roots, shelf, stop);
        if stop.is_stopped() {
            return Err(Unheard::Stopped);
        }
        let path = found.map_err(|changed| match changed {
            Some(path) => Unheard::changed(&path),
            None => Unheard::missing(row, snapshot),
        })?;
        let stamp = Stamp::of(&path).map_err(|error| Unheard::broken(row, &error))?;
        Ok(Self::Found(path, stamp))
    }

    /// Where to read it.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Unpacked(file) => file.path(),
            Self::Found(path, _) => path,
        }
    }

    /// Whether nobody has written it since it was opened.
    pub(super) fn is_as_found(&self) -> bool {
        match self {
            Self::Unpacked(_) => true,
            Self::Found(path, stamp) => Stamp::of(path).is_ok_and(|now| now == *stamp),
        }
    }
}

/// Embedded bytes as a file, because decoders recognise formats by their names too.
fn unpacked(name: &str, bytes: &[u8]) -> std::io::Result<NamedTempFile> {
    let extension = Path::new(name).extension().unwrap_or_default();
    let mut file = tempfile::Builder::new()
        .suffix(&format!(".{}", extension.to_string_lossy()))
        .tempfile()?;
    file.write_all(bytes)?;
    Ok(file)
}
