//! Takes paths and names of files out of text. Rather too much than too little: a report is read by strangers.

/// Stands for what was taken out.
const GONE: &str = "(a path)";

/// Endings by which a word is known for the name of a file, without their dots: music, tables, what Songspace writes.
const ENDINGS: &[&str] = &[
    "songspace",
    "safetensors",
    "wav",
    "wave",
    "bwf",
    "rf64",
    "aif",
    "aiff",
    "aifc",
    "caf",
    "au",
    "snd",
    "mp1",
    "mp2",
    "mp3",
    "mpga",
    "m4a",
    "m4b",
    "m4r",
    "mp4",
    "m4v",
    "mov",
    "3gp",
    "alac",
    "aac",
    "adts",
    "flac",
    "ogg",
    "oga",
    "ogx",
    "opus",
    "mka",
    "mkv",
    "webm",
    "weba",
    "wma",
    "wv",
    "ape",
    "csv",
    "tsv",
    "json",
    "jsonl",
    "txt",
    "png",
    "jpg",
    "jpeg",
    "zip",
    "gz",
    "part",
    "tmp",
    "parquet",
    "npz",
];

/// `text` without paths and names of files.
///
/// In quotes, what holds one is replaced. Outside of them nobody knows where a name with spaces ends, so a path takes the rest of its
/// line with it, and a bare name its whole line.
pub fn scrub(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(scrub_line).collect();
    lines.join("\n")
}

/// The place of a panic or of a frame: a file of the program's own source, or of a library's as the registry names it. `None` for any
/// other path.
pub fn source_place(place: &str) -> Option<String> {
    let place = place.replace('\\', "/");
    let tail = |mark: &str| place.rsplit_once(mark).map(|(_, tail)| tail);
    if let Some(tail) = tail("/registry/src/") {
        // What follows is the registry's name.
        return tail.split_once('/').map(|(_, file)| file.to_owned());
    }
    if place.starts_with("/rustc/") {
        return tail("/library/").map(|file| format!("library/{file}"));
    }
    place.starts_with("src/").then_some(place)
}

fn scrub_line(line: &str) -> String {
    let mut clean = String::new();
    let mut rest = line;
    while let Some(open) = rest.find(['"', '\'', '`']) {
        let quote = &rest[open..=open];
        let inside = &rest[open + 1..];
        // An apostrophe opens nothing.
        let opens = !rest[..open].ends_with(char::is_alphanumeric);
        let Some(close) = inside.find(quote).filter(|_| opens) else {
            if !push_outside(&mut clean, &rest[..=open]) {
                return clean;
            }
            rest = inside;
            continue;
        };
        if !push_outside(&mut clean, &rest[..open]) {
            return clean;
        }
        let quoted = &inside[..close];
        clean.push_str(quote);
        clean.push_str(if path_begin(quoted).is_some() || names_file(quoted) {
            GONE
        } else {
            quoted
        });
        clean.push_str(quote);
        rest = &inside[close + 1..];
    }
    push_outside(&mut clean, rest);
    clean
}

/// Appends text outside of quotes; false when the line ends here because it named a file.
fn push_outside(clean: &mut String, text: &str) -> bool {
    if names_file(text) {
        clean.clear();
        clean.push_str(GONE);
        return false;
    }
    let Some(begin) = path_begin(text) else {
        clean.push_str(text);
        return true;
    };
    clean.push_str(&text[..begin]);
    clean.push_str(GONE);
    false
}

/// Where the first word with a separator of folders begins.
fn path_begin(text: &str) -> Option<usize> {
    let separator = text.char_indices().find(|(at, symbol)| {
        let beside = |other: Option<char>| other.is_some_and(|other| other.is_ascii_digit() || other == ' ');
        let (before, after) = (text[..*at].chars().next_back(), text[at + 1..].chars().next());
        // "44100/48000", "5 / 7"
        matches!(symbol, '/' | '\\') && !(beside(before) && beside(after))
    })?;
    let word = text[..separator.0]
        .rfind([' ', '(', '[', '{', '<', '=', ',', ';'])
        .map_or(0, |at| at + 1);
    Some(word)
}

/// Whether a word of `text` ends as files do.
fn names_file(text: &str) -> bool {
    let words = text.split([' ', '(', ')', '[', ']', '{', '}', '<', '>', '=', ',', ';', ':', '"']);
    let ending = |word: &str| {
        word.trim_end_matches(['.', '!', '?'])
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_lowercase())
    };
    words
        .filter_map(ending)
        .any(|ending| ENDINGS.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_and_names_of_files_go_and_the_rest_stays() {
        for (text, expected) in [
            (
                "index out of bounds: the len is 3 but the index is 7",
                "index out of bounds: the len is 3 but the index is 7",
            ),
            (
                "44100/48000 is 0.9 and 5 / 7 less; it's fine",
                "44100/48000 is 0.9 and 5 / 7 less; it's fine",
            ),
            (
                "cannot open /home/ann/My Music/Secret Name: no such file",
                "cannot open (a path)",
            ),
            (
                "cannot open \"/home/ann/My Music/Secret Name\": no such file",
                "cannot open \"(a path)\": no such file",
            ),
            (r"cannot open C:\Users\Ann\Secret Name: gone", "cannot open (a path)"),
            (r"cannot open \\server\share: gone", "cannot open (a path)"),
            ("Secret Name.mp3: it is broken", "(a path)"),
            ("it is broken (Secret Name.FLAC).", "(a path)"),
            ("read 'Secret Name.wav' and 'rock'", "read '(a path)' and 'rock'"),
            ("path=~/Secret", "path=(a path)"),
            ("songs/Secret has no tags", "(a path)"),
            ("first\n/second Secret\nthird", "first\n(a path)\nthird"),
        ] {
            assert_eq!(scrub(text), expected);
        }
    }

    #[test]
    fn places_in_sources_are_kept_without_the_folders_above_them() {
        for (place, expected) in [
            ("src/audio/engine.rs:7:3", Some("src/audio/engine.rs:7:3")),
            (
                "/home/ann/.cargo/registry/src/index.crates.io-1949/wgpu-29.0.0/src/lib.rs:9",
                Some("wgpu-29.0.0/src/lib.rs:9"),
            ),
            (
                r"C:\Users\Ann\.cargo\registry\src\index-1\egui-0.37\src\ui.rs:1",
                Some("egui-0.37/src/ui.rs:1"),
            ),
            (
                "/rustc/abc/library/core/src/option.rs:12",
                Some("library/core/src/option.rs:12"),
            ),
            ("/home/ann/songspace/build.rs:3", None),
        ] {
            assert_eq!(source_place(place).as_deref(), expected);
        }
    }

    proptest! {
        /// Wherever a path stands, no folder and no name of it is left.
        #[test]
        fn nothing_is_left_of_a_path(
            before in "[a-z :,(]{0,12}",
            folders in prop::collection::vec("Zq[a-z]{1,4}( Zq[a-z]{1,4})?", 1..4),
            after in "[a-z :)]{0,12}",
            windows in any::<bool>(),
        ) {
            let separator = if windows { "\\" } else { "/" };
            let path = format!("{separator}{}", folders.join(separator));
            for text in [format!("{before}{path}{after}"), format!("{before}\"{path}\"{after}"), format!("{before} '{path}' {after}")] {
                let clean = scrub(&text);
                prop_assert!(!clean.contains("Zq"), "{} of {}", clean, text);
            }
        }
    }
}
