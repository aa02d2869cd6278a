//! Where the recordings of a space lie: below the folder it was learned from, or below another one after they have moved.

use super::shelf::RecordingShelf;
use crate::corpus::find_shown;
use crate::files::{Stamp, modified_ms};
use crate::jobs::JobError;
use crate::space::{Clip, Snapshot};
use crate::sync::StopFlag;
use std::collections::HashMap;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bytes hashed between two looks at the stop flag.
const HASHED_AT_ONCE: usize = 1 << 20;

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

    /// The file of `clip`, whether or not it was written since; none where it is not, or once `stop` is set.
    pub fn find(&mut self, clip: &Clip, stop: &StopFlag) -> Option<PathBuf> {
        let hash_of = |path: &Path| content_hash(path, stop);
        self.usual(clip).or_else(|| self.elsewhere(clip, &hash_of, stop))
    }

    /// The file of `clip` with the very bytes that were learned from. Size and time tell where the space knows them, else the
    /// bytes, whose hash `shelf` remembers.
    ///
    /// # Errors
    /// The file that has its name but other bytes, or `None` where there is nothing; also once `stop` is set.
    pub(super) fn find_unchanged(
        &mut self,
        clip: &Clip,
        shelf: &RecordingShelf,
        stop: &StopFlag,
    ) -> Result<PathBuf, Option<PathBuf>> {
        let hash_of = |path: &Path| remembered_hash(path, shelf, stop);
        let usual = self.usual(clip);
        match usual {
            Some(path) if is_unchanged(&path, clip, &hash_of) => Ok(path),
            usual => self
                .elsewhere(clip, &hash_of, stop)
                .ok_or_else(|| usual.filter(|_| !stop.is_stopped())),
        }
    }

    /// The file at the clip's own path.
    fn usual(&self, clip: &Clip) -> Option<PathBuf> {
        find_shown(&self.root, &clip.path).filter(|path| path.is_file())
    }

    /// A file of the clip's name and content, anywhere below the folder.
    fn elsewhere(
        &mut self,
        clip: &Clip,
        hash_of: &dyn Fn(&Path) -> Option<String>,
        stop: &StopFlag,
    ) -> Option<PathBuf> {
        let name = Path::new(&clip.path).file_name()?;
        let by_name = match &mut self.by_name {
            Some(by_name) => by_name,
            unread => unread.insert(files_by_name(&self.root, stop)?),
        };
        let same_content = |path: &&PathBuf| hash_of(path).is_some_and(|hash| hash == clip.content_hash);
        by_name.get(name)?.iter().find(same_content).cloned()
    }
}

/// Whether the file at `path` holds what was learned from: by size and time where the space remembers them, else by its bytes.
fn is_unchanged(path: &Path, clip: &Clip, hash_of: &dyn Fn(&Path) -> Option<String>) -> bool {
    let Ok(meta) = std::fs::metadata(path) else {
        return false;
    };
    match (clip.file_bytes, clip.modified_ms) {
        (Some(bytes), _) if bytes != meta.len() => false,
        (Some(_), Some(ms)) if modified_ms(&meta) == Some(ms) => true,
        _ => hash_of(path).is_some_and(|hash| hash == clip.content_hash),
    }
}

/// The content hash of the file at `path`, read only when `shelf` does not know it; none once `stop` is set.
fn remembered_hash(path: &Path, shelf: &RecordingShelf, stop: &StopFlag) -> Option<String> {
    let stamp = Stamp::of(path).ok()?;
    if let Some(known) = shelf.hash(path, &stamp) {
        return Some(known);
    }
    let hash = content_hash(path, stop)?;
    shelf.remember_hash(path, stamp, &hash);
    Some(hash)
}

/// How many recordings of `snapshot` lie below `folder`.
///
/// # Errors
/// [`JobError::Stopped`] once `stop` is set.
pub fn count_recordings(snapshot: &Snapshot, folder: &Path, stop: &StopFlag) -> Result<usize, JobError> {
    let mut recordings = Recordings::below(folder);
    let mut found = 0;
    for clip in &snapshot.clips {
        found += usize::from(recordings.find(clip, stop).is_some());
        if stop.is_stopped() {
            return Err(JobError::Stopped);
        }
    }
    Ok(found)
}

/// Every file below `root` by its name; none once `stop` is set.
fn files_by_name(root: &Path, stop: &StopFlag) -> Option<HashMap<OsString, Vec<PathBuf>>> {
    let mut files: HashMap<OsString, Vec<PathBuf>> = HashMap::new();
    for entry in walkdir::WalkDir::new(root).follow_links(true).into_iter().flatten() {
        if stop.is_stopped() {
            return None;
        }
        if entry.file_type().is_file() {
            files
                .entry(entry.file_name().to_owned())
                .or_default()
                .push(entry.into_path());
        }
    }
    Some(files)
}

fn content_hash(path: &Path, stop: &StopFlag) -> Option<String> {
    let mut file = std::fs::File::open(path).ok()?;
    let (mut hasher, mut part) = (blake3::Hasher::new(), vec![0; HASHED_AT_ONCE]);
    loop {
        match file.read(&mut part).ok()? {
            0 => return Some(hasher.finalize().to_hex().to_string()),
            len => hasher.update(&part[..len]),
        };
        if stop.is_stopped() {
            return None;
        }
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
            gain_db: None,
            file_bytes: None,
            modified_ms: None,
            groove: None,
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
            let path = recordings.find(&clip(path, content), &StopFlag::default())?;
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

    #[test]
    fn a_stop_ends_the_look_and_is_not_taken_for_an_empty_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        std::fs::write(folder.path().join("deep/one.wav"), "one").unwrap();
        let stop = StopFlag::default();
        let mut recordings = Recordings::below(folder.path());
        stop.stop();
        assert_eq!(recordings.find(&clip("one.wav", b"one"), &stop), None);
        let found = recordings.find(&clip("one.wav", b"one"), &StopFlag::default());
        assert_eq!(found, Some(folder.path().join("deep/one.wav")));
    }

    #[test]
    fn a_changed_file_is_told_from_the_one_that_was_learned_from() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.wav");
        let (shelf, stop) = (RecordingShelf::default(), StopFlag::default());
        let find = |clip: &Clip| Recordings::below(folder.path()).find_unchanged(clip, &shelf, &stop);
        std::fs::write(&path, "one").unwrap();
        let meta = std::fs::metadata(&path).unwrap();
        let old = clip("one.wav", b"one");
        let new = Clip {
            file_bytes: Some(meta.len()),
            modified_ms: modified_ms(&meta),
            groove: None,
            ..old.clone()
        };
        assert_eq!(find(&old), Ok(path.clone()), "by its bytes");
        assert_eq!(find(&new), Ok(path.clone()), "by size and time");
        let touched = Clip {
            modified_ms: Some(7),
            groove: None,
            ..new.clone()
        };
        assert_eq!(
            find(&touched),
            Ok(path.clone()),
            "a copy of another time has the same bytes"
        );
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "two").unwrap();
        assert_eq!(find(&old), Err(Some(path.clone())));
        assert_eq!(find(&touched), Err(Some(path.clone())));
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        let moved = folder.path().join("deep/one.wav");
        std::fs::write(&moved, "one").unwrap();
        assert_eq!(find(&old), Ok(moved), "the right one lies elsewhere");
        assert_eq!(find(&clip("three.wav", b"three")), Err(None));
    }
}
