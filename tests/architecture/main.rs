//! The laws that the compiler does not know, checked by reading the sources: which room may import which (the table in `src/lib.rs`, lowest
//! first), which outside crates belong to one room, and what may be written nowhere. Code under `#[cfg(test)]` is free.

mod circles;
mod sources;

use circles::Modules;
use sources::{root, sources};
use std::fs;

/// An outside crate and the rooms that may name it; the others reach it through those rooms.
const OWNED: &[(&str, &[&str])] = &[
    ("egui", &["ui", "app"]),
    ("eframe", &["ui", "app"]),
    ("egui_plot", &["ui", "app"]),
    ("rfd", &["app"]),
    ("arboard", &["app"]),
    ("chrono", &["app"]),
    ("zbus", &["sync", "app"]),
    ("cpal", &["audio"]),
    ("alsa", &["audio"]),
    ("jack", &["audio"]),
    ("symphonia", &["corpus"]),
    ("linfa_tsne", &["atlas"]),
    ("linfa_clustering", &["atlas"]),
    (
        "burn",
        &[
            "codec", "model", "space", "train", "decode", "render", "eval", "device", "jobs", "workers", "cli",
        ],
    ),
    ("burn_wgpu", &["device"]),
];

/// Text that may stand in no room but the named ones, and why.
const FORBIDDEN: &[(&str, &[&str], &str)] = &[
    (
        "Device::default()",
        &[],
        "it panics on a machine without a GPU; `device` opens it once and hands it on",
    ),
    (
        "thread::spawn",
        &["sync"],
        "sync::Worker gives a thread its name, stop flag and panic report",
    ),
    (
        "thread::Builder",
        &["sync"],
        "sync::Worker gives a thread its name, stop flag and panic report",
    ),
    ("unsafe {", &[], "the library holds no unsafe block"),
    ("allow(unsafe_code)", &[], "the library holds no unsafe block"),
    (
        "print!(",
        &[],
        "it panics where nobody reads; cli::terminal writes for the command line, and a library does not write",
    ),
    (
        "println!(",
        &[],
        "it panics where nobody reads; cli::terminal writes for the command line, and a library does not write",
    ),
];

/// What the sound card's callback and the synthesis path must not touch: they block, allocate or lock.
const NOT_REAL_TIME: &[&str] = &[
    "cpal::",
    "log::",
    "Mutex",
    "format!",
    "println!",
    "std::fs",
    "Instant::now",
];

const LONGEST_FILE_LINES: usize = 400;

#[test]
fn rooms_import_only_from_rooms_below_them() {
    let ranks = ranks();
    let rank = |room: &str| ranks.iter().position(|name| name == room);
    report(sources().iter().flat_map(|source| {
        let own = rank(&source.room);
        imported_rooms(&source.code).into_iter().filter_map(move |import| {
            let upward = own.zip(rank(&import)).is_some_and(|(own, other)| other > own);
            upward.then(|| {
                format!(
                    "{}: imports `{import}`, which stands above `{}`",
                    source.path.display(),
                    source.room
                )
            })
        })
    }));
}

#[test]
fn no_files_go_round_in_a_circle() {
    let sources = sources();
    report(Modules::new(&sources).circles().into_iter());
}

#[test]
fn panes_know_neither_the_training_nor_the_model() {
    let sources = sources();
    report(sources.iter().filter(|source| source.room == "ui").flat_map(|source| {
        let strays = imported_rooms(&source.code).into_iter();
        strays
            .filter(|room| ["train", "model"].contains(&room.as_str()))
            .map(|room| {
                format!(
                    "{}: imports `{room}`; the session holds what panes may know",
                    source.path.display()
                )
            })
    }));
}

#[test]
fn every_room_has_its_place_in_the_map() {
    let ranks = ranks();
    report(
        sources()
            .iter()
            .filter(|source| !ranks.contains(&source.room))
            .map(|source| {
                format!(
                    "{}: the room `{}` is missing in the table of src/lib.rs",
                    source.path.display(),
                    source.room
                )
            }),
    );
}

#[test]
fn outside_crates_stay_in_their_rooms() {
    report(sources().iter().flat_map(|source| {
        OWNED.iter().filter_map(move |(name, rooms)| {
            let strays = names_crate(&source.code, name) && !rooms.contains(&source.room.as_str());
            strays.then(|| format!("{}: names `{name}`, which belongs to {rooms:?}", source.path.display()))
        })
    }));
}

#[test]
fn nothing_forbidden_is_written() {
    report(sources().iter().flat_map(|source| {
        FORBIDDEN.iter().filter_map(move |(text, rooms, why)| {
            let broken = source.code.contains(text) && !rooms.contains(&source.room.as_str());
            broken.then(|| format!("{}: `{text}`: {why}", source.path.display()))
        })
    }));
}

#[test]
fn real_time_code_does_not_block() {
    let sources = sources();
    let in_audio = || sources.iter().filter(|source| source.room == "audio");
    report(
        in_audio()
            .filter(|source| source.doc.starts_with("Real-time:"))
            .flat_map(|source| {
                NOT_REAL_TIME
                    .iter()
                    .filter(|text| source.code.contains(**text))
                    .map(|text| {
                        format!(
                            "{}: `{text}` in a file that says it is real-time",
                            source.path.display()
                        )
                    })
            }),
    );
    report(
        in_audio()
            .filter(|source| !source.doc.contains("eal-time:"))
            .map(|source| {
                format!(
                    "{}: the first doc line must begin with `Real-time:` or `Not real-time:`",
                    source.path.display()
                )
            }),
    );
}

#[test]
fn files_are_short_and_say_what_they_are() {
    report(
        sources()
            .iter()
            .filter(|source| source.line_count > LONGEST_FILE_LINES)
            .map(|source| {
                format!(
                    "{}: {} lines, more than {LONGEST_FILE_LINES}",
                    source.path.display(),
                    source.line_count
                )
            }),
    );
    report(
        sources()
            .iter()
            .filter(|source| source.doc.is_empty())
            .map(|source| format!("{}: begins without a //! line", source.path.display())),
    );
}

/// The rooms of the table in `src/lib.rs`, lowest first.
fn ranks() -> Vec<String> {
    let lib = fs::read_to_string(root().join("lib.rs")).expect("src/lib.rs is readable");
    let rooms: Vec<String> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("//! | [`"))
        .filter_map(|rest| rest.split('`').next().map(str::to_owned))
        .collect();
    assert!(rooms.len() > 10, "the table of rooms in src/lib.rs was not found");
    rooms
}

/// The rooms after every `crate::`, also in a group such as `crate::{dsp::stft, space::Latent}`.
fn imported_rooms(code: &str) -> Vec<String> {
    code.match_indices("crate::")
        .filter(|(at, _)| {
            !code[..*at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == '$')
        })
        .flat_map(|(at, matched)| {
            let rest = &code[at + matched.len()..];
            match rest.strip_prefix('{') {
                Some(group) => group_heads(group),
                None => vec![head(rest)],
            }
        })
        .collect()
}

fn group_heads(group: &str) -> Vec<String> {
    let (mut depth, mut heads, mut expecting) = (1, Vec::new(), true);
    for (at, symbol) in group.char_indices() {
        match symbol {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => expecting = true,
            _ if expecting && depth == 1 && symbol.is_alphabetic() => {
                heads.push(head(&group[at..]));
                expecting = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    heads
}

fn head(path: &str) -> String {
    path.chars()
        .take_while(|symbol| symbol.is_alphanumeric() || *symbol == '_')
        .collect()
}

/// Whether the code uses the crate: `name::` at the start of a path.
fn names_crate(code: &str, name: &str) -> bool {
    let path = format!("{name}::");
    code.match_indices(&path)
        .any(|(at, _)| !code[..at].ends_with(|before: char| before.is_alphanumeric() || "_:".contains(before)))
}

fn report(problems: impl Iterator<Item = String>) {
    let problems: Vec<String> = problems.collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn the_reader_of_imports_reads_groups() {
    let code = "use crate::{dsp::{Stft, Bands}, space::Latent};\nuse crate::sync::Worker;\nlet x = $crate::hidden;";
    assert_eq!(imported_rooms(code), ["dsp", "space", "sync"]);
    assert!(names_crate("use burn::tensor::Tensor;", "burn") && !names_crate("use crate::burn::x;", "burn"));
}
