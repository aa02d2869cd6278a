//! Folders that files lie in: those that a person names, and the program's own.

use super::WriteError;
use std::path::Path;

/// Makes the folder that a file at `path`, as a person named it, would lie in, where only that folder is missing.
///
/// # Errors
/// As [`make_folder`].
pub fn make_folder_for(path: &Path) -> Result<(), WriteError> {
    make_last(path, folder_of(path))
}

/// Makes `folder`, as a person named it, where only itself is missing: a slip in the path of a file shall not leave a row of
/// folders behind.
///
/// # Errors
/// When more than it is missing, something else stands there, or the system refuses.
pub fn make_folder(folder: &Path) -> Result<(), WriteError> {
    make_last(folder, folder)
}

/// Whether `folder` is there or could be made by [`make_folder`].
///
/// # Errors
/// When more than it is missing, or something else stands there.
pub fn check_folder(folder: &Path) -> Result<(), WriteError> {
    missing_above(folder, folder)
}

/// Makes the folder of a file of the program's own, and all above it.
///
/// # Errors
/// When it cannot be made.
pub fn make_own_folder_for(path: &Path) -> Result<(), WriteError> {
    std::fs::create_dir_all(folder_of(path)).map_err(|source| WriteError::Failed {
        path: path.to_owned(),
        source,
    })
}

/// `path` is how the user calls what needs `folder`.
fn make_last(path: &Path, folder: &Path) -> Result<(), WriteError> {
    missing_above(path, folder)?;
    match std::fs::create_dir(folder) {
        Err(error) if !folder.is_dir() => Err(WriteError::Failed {
            path: path.to_owned(),
            source: error,
        }),
        _ => Ok(()),
    }
}

/// Refuses a `folder` that is something else, or that has no folder to lie in.
fn missing_above(path: &Path, folder: &Path) -> Result<(), WriteError> {
    let is_possible = folder.is_dir() || (!folder.exists() && folder_of(folder).is_dir());
    if is_possible {
        return Ok(());
    }
    let missing = folder.ancestors().filter(|above| !above.as_os_str().is_empty());
    let first = missing.take_while(|above| !above.is_dir()).last();
    Err(WriteError::NoFolder {
        path: path.to_owned(),
        missing: first.unwrap_or(folder).to_owned(),
    })
}

/// The folder that `path` lies in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_a_path_makes_no_row_of_folders() {
        let folder = tempfile::tempdir().unwrap();
        let slip = folder.path().join("musci");
        let path = slip.join("live/deep/a.wav");
        for outcome in [make_folder_for(&path), make_folder(&slip.join("live"))] {
            let sentence = outcome.unwrap_err().to_string();
            assert!(
                sentence.contains(&format!("no folder {};", slip.display())),
                "{sentence}"
            );
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        make_folder_for(&slip.join("a.wav")).unwrap();
        make_folder_for(&slip.join("a.wav")).unwrap();
        assert!(slip.is_dir(), "the last folder of a path is made");
        std::fs::write(slip.join("a.wav"), b"x").unwrap();
        let below = make_folder_for(&slip.join("a.wav/b.wav")).unwrap_err();
        assert!(matches!(below, WriteError::NoFolder { missing, .. } if missing.ends_with("a.wav")));
        make_own_folder_for(&folder.path().join("own/cache/a")).unwrap();
    }
}
