//! Paths as people read them. A path is bytes that need not be text: what cannot be shown is escaped (`\xE9`), so that two files
//! never look the same, and [`find_shown`] finds the file again. Any thread.

use std::fmt::Write;
use std::path::{Component, Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

/// `path` as text: composed accents (NFC), forward slashes, control characters and wrong bytes escaped.
pub fn shown(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        for symbol in chunk.valid().nfc() {
            if symbol.is_control() {
                let _ = write!(text, "\\x{:02X}", u32::from(symbol));
            } else {
                text.push(symbol);
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    if std::path::MAIN_SEPARATOR == '/' {
        text
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// What music is called that comes from `source`: by the folder, whatever dots its name holds, or by the table without its ending.
pub fn source_name(source: &Path) -> String {
    let absolute = std::path::absolute(source).unwrap_or_else(|_| source.to_owned());
    let name = match absolute.is_dir() {
        true => absolute.file_name(),
        false => absolute.file_stem(),
    };
    name.map_or_else(|| "space".to_owned(), |name| shown(Path::new(name)))
}

/// The file below `root` that is shown as `text`, whichever way its name (or the root's) is spelled on the disk.
pub fn find_shown(root: &Path, text: &str) -> Option<PathBuf> {
    let direct = root.join(text);
    if direct.exists() {
        return Some(direct);
    }
    direct.components().try_fold(PathBuf::new(), |folder, part| {
        let Component::Normal(name) = part else {
            return Some(folder.join(part));
        };
        let next = folder.join(name);
        if next.exists() {
            return Some(next);
        }
        let wanted = shown(Path::new(name));
        let here = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            &folder
        };
        std::fs::read_dir(here)
            .ok()?
            .filter_map(Result::ok)
            .find(|entry| shown(Path::new(&entry.file_name())) == wanted)
            .map(|entry| folder.join(entry.file_name()))
    })
}

/// Writes a path as text where a file format knows no other: for `#[serde(serialize_with)]`.
pub(super) fn serialize<S: serde::Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&shown(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_accents_are_shown_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("Cafe\u{301}");
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(inner.join("a\u{1b}[31m.mp3"), "x").unwrap();
        let text = "Caf\u{e9}/a\\x1B[31m.mp3";
        assert_eq!(shown(Path::new("Cafe\u{301}/a\u{1b}[31m.mp3")), text);
        let found = find_shown(folder.path(), text).unwrap();
        assert_eq!(std::fs::read(found).unwrap(), b"x");
        assert_eq!(find_shown(folder.path(), "Caf\u{e9}/b.mp3"), None);
    }

    #[test]
    fn a_folder_has_no_ending_and_a_table_has_one() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("St. Vincent live 24.05");
        std::fs::create_dir(&inner).unwrap();
        assert_eq!(source_name(&inner), "St. Vincent live 24.05");
        let table = inner.join("my 1.5 list.csv");
        std::fs::write(&table, "").unwrap();
        assert_eq!(source_name(&table), "my 1.5 list");
        assert_eq!(source_name(Path::new("/")), "space");
    }

    #[cfg(unix)]
    #[test]
    fn two_names_that_are_no_text_stay_two() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let names = [b"caf\xe9.mp3".as_slice(), b"caf\xe8.mp3"].map(std::ffi::OsStr::from_bytes);
        for name in names {
            std::fs::write(folder.path().join(name), name.as_bytes()).unwrap();
        }
        for name in names {
            let text = shown(Path::new(name));
            assert!(text.starts_with("caf\\xE"), "{text}");
            assert_eq!(
                std::fs::read(find_shown(folder.path(), &text).unwrap()).unwrap(),
                name.as_bytes()
            );
        }
    }
}
