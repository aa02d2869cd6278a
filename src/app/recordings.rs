//! Where the recordings of a space lie: below the folder it was learned from, or below the one that a person pointed to
//! after they had moved.

use super::App;
use crate::corpus::find_shown;
use crate::session::{Banner, Command, FileAsk, PlaybackSource};
use crate::space::{Clip, Snapshot};
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder in which recordings are looked for: first where the space says, then anywhere below by name and content.
pub struct Recordings {
    root: PathBuf,
    /// Every file below `root` by its name; read when first needed.
    by_name: Option<HashMap<OsString, Vec<PathBuf>>>,
}

impl Recordings {
    /// Looks in `root`; nothing is read yet.
    pub fn below(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            by_name: None,
        }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file of `clip`.
    pub fn find(&mut self, clip: &Clip) -> Option<PathBuf> {
        if let Some(usual) = find_shown(&self.root, &clip.path).filter(|path| path.is_file()) {
            return Some(usual);
        }
        let name = Path::new(&clip.path).file_name()?;
        let root = &self.root;
        let by_name = self.by_name.get_or_insert_with(|| files_by_name(root));
        let same_content = |path: &&PathBuf| {
            std::fs::read(path).is_ok_and(|bytes| *blake3::hash(&bytes).to_hex() == *clip.content_hash)
        };
        by_name.get(name)?.iter().find(same_content).cloned()
    }
}

fn files_by_name(root: &Path) -> HashMap<OsString, Vec<PathBuf>> {
    let mut files: HashMap<OsString, Vec<PathBuf>> = HashMap::new();
    for entry in walkdir::WalkDir::new(root).follow_links(true).into_iter().flatten() {
        if entry.file_type().is_file() {
            files
                .entry(entry.file_name().to_owned())
                .or_default()
                .push(entry.into_path());
        }
    }
    files
}

impl App {
    /// Folders in which the recordings of `snapshot` may lie, the likeliest first.
    pub(super) fn recording_roots(&self, snapshot: &Snapshot) -> Vec<PathBuf> {
        let learned_from = &snapshot.meta.corpus_root;
        let moved = self.session.settings.moved_recordings.iter();
        moved
            .filter(|(from, _)| from == learned_from)
            .map(|(_, to)| to.clone())
            .chain(std::iter::once(PathBuf::from(learned_from)))
            .collect()
    }

    /// Looks for the recordings of the space on screen below `folder`, on a thread of its own.
    pub(super) fn look_for_recordings(&mut self, folder: PathBuf) {
        let Some(snapshot) = self.session.space.as_ref().map(|view| Arc::clone(&view.snapshot)) else {
            return;
        };
        self.tasks.run(
            "looking for the recordings",
            move || {
                let mut recordings = Recordings::below(&folder);
                let found = snapshot
                    .clips
                    .iter()
                    .filter(|clip| recordings.find(clip).is_some())
                    .count();
                let (of, from) = (snapshot.clips.len(), snapshot.meta.corpus_root.clone());
                Box::new(move |app: &mut App| app.on_recordings_found(from, folder, found, of))
            },
            |message| {
                Box::new(move |app: &mut App| {
                    let text = format!("The folder cannot be looked through: {message}");
                    app.session.announce(Banner::error(text));
                })
            },
        );
    }

    fn on_recordings_found(&mut self, from: String, folder: PathBuf, found: usize, of: usize) {
        if found == 0 {
            let text = format!("None of the {of} recordings of this space are in {}.", folder.display());
            let again = Command::Ask(FileAsk::Recordings);
            self.session
                .announce(Banner::warning(text).with_action("Another folder…", again));
            return;
        }
        let text = format!("{found} of {of} recordings found in {}.", folder.display());
        self.session.announce(Banner::note(text));
        self.session.settings.moved_recordings.retain(|(old, _)| *old != from);
        self.session.settings.moved_recordings.push((from, folder));
        self.perform(Command::SetSource(PlaybackSource::Original));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Condition;

    fn clip(path: &str, content: &[u8]) -> Clip {
        Clip {
            path: path.into(),
            title: String::new(),
            artist: String::new(),
            labels: Condition::unknown(0),
            estimated: false,
            held_out: false,
            duration_secs: 3.0,
            content_hash: blake3::hash(content).to_hex().to_string(),
        }
    }

    #[test]
    fn a_moved_recording_is_found_by_name_and_content() {
        let folder = tempfile::tempdir().unwrap();
        for (path, content) in [
            ("Jazz/one.wav", "one"),
            ("new/deep/two.wav", "two"),
            ("other/two.wav", "not two"),
        ] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let mut recordings = Recordings::below(folder.path());
        let found = |recordings: &mut Recordings, path: &str, content: &[u8]| {
            let path = recordings.find(&clip(path, content))?;
            Some(path.strip_prefix(folder.path()).unwrap().to_owned())
        };
        assert_eq!(
            found(&mut recordings, "Jazz/one.wav", b"one"),
            Some("Jazz/one.wav".into())
        );
        assert_eq!(
            found(&mut recordings, "Rock/two.wav", b"two"),
            Some("new/deep/two.wav".into())
        );
        assert_eq!(found(&mut recordings, "Rock/three.wav", b"three"), None);
    }
}
