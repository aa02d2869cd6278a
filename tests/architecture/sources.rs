//! The source files as text: comments and test modules taken out.

use std::fs;
use std::path::{Path, PathBuf};

/// One file below `src`.
pub struct Source {
    pub path: PathBuf,
    pub room: String,
    pub doc: String,
    pub code: String,
    pub line_count: usize,
}

impl Source {
    /// Its path in the crate: `audio::synth::limiter`, `audio` for `audio/mod.rs`.
    pub fn module(&self) -> String {
        let path = self.path.with_extension("");
        let segments: Vec<_> = path.iter().map(|segment| segment.to_string_lossy()).collect();
        let kept = segments.iter().filter(|segment| *segment != "mod");
        kept.map(AsRef::as_ref).collect::<Vec<_>>().join("::")
    }

    /// A file that is not on disk.
    #[cfg(test)]
    pub fn made(path: &str, code: &str) -> Self {
        Self {
            path: path.into(),
            room: path.split('/').next().unwrap_or_default().to_owned(),
            doc: String::new(),
            code: code.to_owned(),
            line_count: 0,
        }
    }
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every file of every room, without comments and test modules.
pub fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root(), &mut found);
    assert!(found.len() > 10, "the sources were not found");
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a source folder is readable") {
        let path = entry.expect("a source entry is readable").path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "tests") {
                collect(&path, found);
            }
            continue;
        }
        let inside = path.strip_prefix(root()).expect("below src");
        let at_the_top = matches!(inside.to_str(), Some("lib.rs" | "main.rs"));
        if path.extension().is_none_or(|ext| ext != "rs")
            || at_the_top
            || path.file_stem().is_some_and(|stem| stem == "tests")
        {
            continue;
        }
        let room = inside
            .iter()
            .next()
            .map(|name| name.to_string_lossy().trim_end_matches(".rs").to_owned())
            .unwrap_or_default();
        let text = fs::read_to_string(&path).expect("a source file is readable");
        found.push(Source {
            doc: text
                .lines()
                .next()
                .and_then(|line| line.strip_prefix("//! "))
                .unwrap_or_default()
                .to_owned(),
            code: code_of(&text),
            line_count: text.lines().count(),
            path: inside.to_owned(),
            room,
        });
    }
}

/// The text up to the first `#[cfg(test)]` module, without comments.
fn code_of(text: &str) -> String {
    let ended = text.find("#[cfg(test)]\nmod tests").map_or(text, |end| &text[..end]);
    ended
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}
