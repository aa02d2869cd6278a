//! The ending that says what a file is. Names hold dots of their own: "live 24.05" has no ending.

use std::path::{Path, PathBuf};

/// `path` with the first of `endings` (without dots) behind its name, where it has none of them.
pub fn with_ending(path: &Path, endings: &[&str]) -> PathBuf {
    let own = path.extension();
    let is_known = own.is_some_and(|own| endings.iter().any(|ending| own.eq_ignore_ascii_case(ending)));
    match (endings.first(), path.file_name()) {
        (Some(ending), Some(name)) if !is_known => {
            let mut name = name.to_owned();
            name.push(".");
            name.push(ending);
            path.with_file_name(name)
        }
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_in_a_name_are_no_ending() {
        for (name, given) in [
            ("live 24.05", "live 24.05.wav"),
            ("a", "a.wav"),
            ("b.FLAC", "b.FLAC"),
            ("c.wav", "c.wav"),
            ("folder.wav/d.", "folder.wav/d..wav"),
            (".wav", ".wav.wav"),
        ] {
            assert_eq!(with_ending(Path::new(name), &["wav", "flac"]), Path::new(given));
        }
    }
}
