//! The one way in which files are replaced: a temporary neighbour, then a rename.

use super::folders::{folder_of, make_folder_for};
use super::{Stamp, WriteError};
use std::fs::{File, Metadata, OpenOptions};
use std::io::{BufWriter, Error, Result, Write};
use std::path::{Path, PathBuf};

/// Longer chains of links lead round in a circle.
const MOST_LINKS: usize = 40;

/// Makes `bytes` the content of `path` and waits until they are on the disk. A link keeps leading where it led, an old file
/// keeps its permissions, a new one gets the usual ones. The folder must be there, see [`make_folder_for`].
///
/// # Errors
/// When `path` is a folder or read-only, or the disk refuses; what stood there still does.
pub fn write_whole(path: &Path, bytes: &[u8]) -> std::result::Result<(), WriteError> {
    replace(path, Waiting::ForTheDisk, None, |out| out.write_all(bytes))
}

/// As [`write_whole`], with what `write` writes.
///
/// # Errors
/// As [`write_whole`].
pub fn write_whole_by(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> std::result::Result<(), WriteError> {
    replace(path, Waiting::ForTheDisk, None, write)
}

/// As [`write_whole_by`], if the file at `path` is still the one that was `read`.
///
/// # Errors
/// As [`write_whole`], and when somebody has written the file since.
pub fn replace_whole_by(
    path: &Path,
    read: &Stamp,
    write: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> std::result::Result<(), WriteError> {
    replace(path, Waiting::ForTheDisk, Some(read), write)
}

/// As [`write_whole`] but with what `write` writes, and without waiting for the disk: for what can be made again, and for threads
/// that must not wait.
///
/// # Errors
/// As [`write_whole`].
pub fn write_whole_unsynced(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> std::result::Result<(), WriteError> {
    replace(path, Waiting::ForNothing, None, write)
}

/// Whether [`write_whole`] could write to `path` now, as far as that can be told without doing it: asked before long work.
///
/// # Errors
/// As [`write_whole`] and [`make_folder_for`]; the folder is made where it alone is missing.
pub fn check_target(path: &Path) -> std::result::Result<(), WriteError> {
    let failed = |source| WriteError::Failed {
        path: path.to_owned(),
        source,
    };
    make_folder_for(path)?;
    let target = behind_links(path).map_err(failed)?;
    match standing_at(path, &target)? {
        Some(old) if !old.is_file() => Ok(()),
        _ => neighbour_of(&target).map(drop).map_err(failed),
    }
}

enum Waiting {
    ForTheDisk,
    ForNothing,
}

fn replace(
    path: &Path,
    waiting: Waiting,
    read: Option<&Stamp>,
    write: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> std::result::Result<(), WriteError> {
    let failed = |source| WriteError::Failed {
        path: path.to_owned(),
        source,
    };
    let target = behind_links(path).map_err(failed)?;
    let old = standing_at(path, &target)?;
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        // A pipe or a device is written to; nothing could take its place.
        return File::create(&target)
            .and_then(|mut device| write(&mut device))
            .map_err(failed);
    }
    let neighbour = neighbour_of(&target).map_err(failed)?;
    let mut out = BufWriter::new(neighbour.as_file());
    write(&mut out).and_then(|()| out.flush()).map_err(failed)?;
    drop(out);
    if let Some(old) = &old {
        take_over(old, neighbour.as_file()).map_err(failed)?;
    }
    if matches!(waiting, Waiting::ForTheDisk) {
        neighbour.as_file().sync_all().map_err(failed)?;
    }
    let _lock = match read {
        Some(read) => Some(still_as_read(path, &target, read)?),
        None => None,
    };
    let (_, neighbour) = neighbour.keep().map_err(|error| failed(error.error))?;
    // Not tempfile's own: on Windows that one refuses while somebody reads the file, as the window does with large spaces.
    if let Err(error) = std::fs::rename(&neighbour, &target) {
        let _ = std::fs::remove_file(&neighbour);
        return Err(failed(error));
    }
    if matches!(waiting, Waiting::ForTheDisk) {
        sync_folder(folder_of(&target));
    }
    Ok(())
}

/// What stands at `target` now, if it may be replaced. `path` is how the user calls it.
fn standing_at(path: &Path, target: &Path) -> std::result::Result<Option<Metadata>, WriteError> {
    let Ok(old) = std::fs::metadata(target) else {
        return Ok(None);
    };
    if old.is_dir() {
        return Err(WriteError::Folder(path.to_owned()));
    }
    // A rename needs no right to the file itself, and the superuser may write everything: both would go over the user's wish.
    if old.permissions().readonly() || (old.is_file() && OpenOptions::new().append(true).open(target).is_err()) {
        return Err(WriteError::ReadOnly(path.to_owned()));
    }
    Ok(Some(old))
}

/// The file that was read, locked so that of two programs that ask at once only one goes on to its rename.
fn still_as_read(path: &Path, target: &Path, read: &Stamp) -> std::result::Result<File, WriteError> {
    let changed = |_| WriteError::Changed(path.to_owned());
    let file = File::open(target).map_err(changed)?;
    if let Err(error) = file.lock() {
        log::debug!("{}: cannot be locked: {error}", target.display());
    }
    match Stamp::of(target).map_err(changed)? == *read {
        true => Ok(file),
        false => Err(WriteError::Changed(path.to_owned())),
    }
}

/// Where `path` leads: to what stands there, or where a new file would be made.
fn behind_links(path: &Path) -> Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        let is_link = std::fs::symlink_metadata(&target).is_ok_and(|meta| meta.is_symlink());
        if !is_link {
            return Ok(target);
        }
        target = folder_of(&target).join(std::fs::read_link(&target)?);
    }
    Err(Error::other("its links lead round in a circle"))
}

/// An empty file beside `target`, with the permissions of any new file.
fn neighbour_of(target: &Path) -> Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".songspace-").suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder_of(target))
}

/// Gives `new` the owner and the permissions of the file it will replace.
fn take_over(old: &Metadata, new: &File) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let own = new.metadata()?;
        if (own.uid(), own.gid()) != (old.uid(), old.gid())
            && let Err(error) = fchown(new, Some(old.uid()), Some(old.gid()))
        {
            log::debug!("the owner of a file that is replaced cannot be kept: {error}");
        }
    }
    new.set_permissions(old.permissions())
}

/// The rename itself is on the disk only then. Where folders cannot be synced, the file is whole all the same.
fn sync_folder(folder: &Path) {
    if let Err(error) = File::open(folder).and_then(|folder| folder.sync_all()) {
        log::debug!("{}: cannot be synced: {error}", folder.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(path: &Path) -> String {
        std::fs::read_to_string(path).unwrap()
    }

    fn names_in(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap().flatten();
        let mut names: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_write_that_fails_half_way_changes_nothing_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write_whole(&path, b"old").unwrap();
        let half = write_whole_unsynced(&path, |out| {
            out.write_all(b"ne")?;
            Err(Error::other("no space left"))
        });
        let sentence = half.unwrap_err().to_string();
        assert!(
            sentence.contains("no space left") && sentence.contains("Nothing was changed"),
            "{sentence}"
        );
        assert_eq!(content(&path), "old");
        assert_eq!(names_in(folder.path()), ["a"]);
    }

    #[test]
    fn folders_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for outcome in [write_whole(folder.path(), b"x"), check_target(folder.path())] {
            assert!(matches!(outcome, Err(WriteError::Folder(path)) if path == folder.path()));
        }
        assert!(names_in(folder.path()).is_empty());
    }

    #[test]
    fn a_read_only_file_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept");
        write_whole(&path, b"old").unwrap();
        let mut permissions = std::fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions).unwrap();
        for outcome in [write_whole(&path, b"new"), check_target(&path)] {
            assert!(matches!(outcome, Err(WriteError::ReadOnly(_))), "{outcome:?}");
        }
        assert_eq!(content(&path), "old");
    }

    #[test]
    fn of_two_who_read_the_same_file_only_the_first_replaces_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.songspace");
        write_whole(&path, b"0").unwrap();
        let (mine, yours) = (Stamp::of(&path).unwrap(), Stamp::of(&path).unwrap());
        replace_whole_by(&path, &mine, |out| out.write_all(b"1")).unwrap();
        // As long as before and within the same tick of many clocks.
        let second = replace_whole_by(&path, &yours, |out| out.write_all(b"2"));
        assert!(matches!(second, Err(WriteError::Changed(_))), "{second:?}");
        assert_eq!(content(&path), "1");
        replace_whole_by(&path, &Stamp::of(&path).unwrap(), |out| out.write_all(b"3")).unwrap();
        assert_eq!(content(&path), "3");
        assert_eq!(names_in(folder.path()), ["a.songspace"]);
    }

    #[test]
    fn of_many_at_once_only_one_replaces_what_all_have_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.songspace");
        write_whole(&path, b"0").unwrap();
        let read = Stamp::of(&path).unwrap();
        let (done_tx, done) = crossbeam_channel::unbounded();
        let workers: Vec<crate::sync::Worker> = (0..8)
            .map(|_| {
                let (path, done_tx) = (path.clone(), done_tx.clone());
                let body = move |_: &crate::sync::StopFlag| {
                    let _ = done_tx.send(replace_whole_by(&path, &read, |out| out.write_all(b"1")).is_ok());
                };
                crate::sync::Worker::spawn("writer", body, |_| {})
            })
            .collect();
        let replaced = (0..8).filter(|_| done.recv().unwrap()).count();
        drop(workers);
        assert_eq!(replaced, 1);
    }

    #[cfg(unix)]
    mod on_unix {
        use super::*;
        use std::os::unix::fs::{PermissionsExt, symlink};

        fn mode(path: &Path) -> u32 {
            std::fs::metadata(path).unwrap().permissions().mode() & 0o777
        }

        #[test]
        fn a_link_stays_and_its_target_is_written() {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name);
            std::fs::create_dir(at("far")).unwrap();
            std::fs::write(at("far/file"), "old").unwrap();
            symlink("far/file", at("link")).unwrap();
            symlink(at("link"), at("link of link")).unwrap();
            write_whole(&at("link of link"), b"new").unwrap();
            assert_eq!(content(&at("far/file")), "new");
            symlink("far/none yet", at("hanging")).unwrap();
            write_whole(&at("hanging"), b"first").unwrap();
            assert_eq!(content(&at("far/none yet")), "first");
            for link in ["link", "link of link", "hanging"] {
                assert!(std::fs::symlink_metadata(at(link)).unwrap().is_symlink(), "{link}");
            }
            symlink("round", at("round")).unwrap();
            assert!(write_whole(&at("round"), b"x").is_err());
        }

        #[test]
        fn old_files_keep_their_mode_and_new_ones_have_the_usual_one() {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name);
            std::fs::write(at("usual"), "").unwrap();
            write_whole(&at("new"), b"x").unwrap();
            assert_eq!(mode(&at("new")), mode(&at("usual")), "as the umask has it");
            for wanted in [0o600, 0o664, 0o755] {
                std::fs::set_permissions(at("new"), std::fs::Permissions::from_mode(wanted)).unwrap();
                write_whole(&at("new"), b"y").unwrap();
                assert_eq!(mode(&at("new")), wanted);
            }
        }

        #[test]
        fn a_device_is_written_to_and_never_replaced() {
            let null = Path::new("/dev/null");
            write_whole(null, b"x").unwrap();
            assert!(!std::fs::metadata(null).unwrap().is_file());
        }

        #[cfg(target_os = "linux")]
        #[test]
        fn a_full_disk_is_told() {
            let sentence = write_whole(Path::new("/dev/full"), b"x").unwrap_err().to_string();
            assert!(sentence.contains("the disk is full"), "{sentence}");
        }
    }
}
