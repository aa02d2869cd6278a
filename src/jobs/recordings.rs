//! Where the recordings of a space lie: below the folder it was learned from, or below another one after they have moved.

use super::JobError;
use crate::corpus::find_shown;
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

    /// The file of `clip`; none where it is not, or once `stop` is set.
    pub fn find(&mut self, clip: &Clip, stop: &StopFlag) -> Option<PathBuf> {
        if let Some(usual) = find_shown(&self.root, &clip.path).filter(|path| path.is_file()) {
            return Some(usual);
        }
        let name = Path::new(&clip.path).file_name()?;
        let by_name = match &mut self.by_name {
            Some(by_name) => by_name,
            unread => unread.insert(files_by_name(&self.root, stop)?),
        };
        let same_content = |path: &&PathBuf| content_hash(path, stop).is_some_and(|hash| hash == clip.content_hash);
        by_name.get(name)?.iter().find(same_content).cloned()
    }
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
}
