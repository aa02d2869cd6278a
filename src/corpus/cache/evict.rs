//! Keeps a cache within its budget: the entries that were not used for longest go first.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use walkdir::WalkDir;

/// Marks the entry at `path` as used now. An entry that cannot be marked only goes earlier.
pub(super) fn touch(path: &Path) {
    let marked = File::options()
        .append(true)
        .open(path)
        .and_then(|file| file.set_modified(SystemTime::now()));
    if let Err(error) = marked {
        log::debug!("{} cannot be marked as used: {error}", path.display());
    }
}

/// Removes entries below `folder`, longest unused first, until they fit `budget_bytes`; those in `keep` stay.
/// Returns the bytes that were freed.
pub(super) fn evict(folder: &Path, budget_bytes: u64, keep: &HashSet<PathBuf>) -> u64 {
    let mut entries: Vec<(SystemTime, u64, PathBuf)> = WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let meta = entry.metadata().ok()?;
            Some((
                meta.modified().unwrap_or(SystemTime::UNIX_EPOCH),
                meta.len(),
                entry.into_path(),
            ))
        })
        .collect();
    entries.sort();
    let mut used: u64 = entries.iter().map(|(_, bytes, _)| bytes).sum();
    let mut freed = 0;
    for (_, bytes, path) in entries {
        if used <= budget_bytes {
            break;
        }
        if !keep.contains(&path) && std::fs::remove_file(&path).is_ok() {
            used -= bytes;
            freed += bytes;
        }
    }
    freed
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_longest_unused_go_first_and_the_needed_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for (age_secs, name) in [(40, "needed"), (30, "old"), (20, "middle"), (10, "new")] {
            std::fs::write(path(name), [0u8; 100]).unwrap();
            let then = SystemTime::now() - Duration::from_secs(age_secs);
            File::options()
                .append(true)
                .open(path(name))
                .unwrap()
                .set_modified(then)
                .unwrap();
        }
        touch(&path("middle"));
        let freed = evict(folder.path(), 250, &HashSet::from([path("needed")]));
        assert_eq!(freed, 200);
        assert!(path("needed").exists() && path("middle").exists());
        assert!(
            !path("old").exists() && !path("new").exists(),
            "the touched one was used last"
        );
    }
}
