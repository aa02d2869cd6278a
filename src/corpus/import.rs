//! The quick pass: sources to a [`Corpus`] with labels, tags, headers and hashes; nothing is decoded.
//!
//! Runs on the caller's thread and on rayon's current pool. Clips are in the order of the sources and, within one,
//! of its layout; the order never depends on which thread was first.

use super::dataset::Draft;
use super::decode::{self, Header};
use super::genre_source::{self, Spellings};
use super::paths::shown;
use super::problem::ProblemLog;
use super::{
    ClipPath, Corpus, CorpusClip, CorpusError, DatasetFormat, GenreNames, ImportOptions, ImportStage, Overrides,
    Problem, ProblemKind, Progress,
};
use crate::files::{in_words, modified_ms};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Imports one folder, manifest or file.
///
/// # Errors
/// When `source` does not exist, cannot be read, or holds no usable music at all; and when cancelled.
pub fn import(source: &Path, options: &ImportOptions, progress: &dyn Progress) -> Result<Corpus, CorpusError> {
    import_all(&[source.to_path_buf()], options, progress)
}

/// Imports several sources into one corpus.
///
/// # Errors
/// As [`import`], for any of the sources.
pub fn import_all(
    sources: &[PathBuf],
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<Corpus, CorpusError> {
    let mut log = ProblemLog::default();
    let (mut drafts, mut notes, mut others) = (Vec::new(), Vec::new(), 0);
    let mut options = options.clone();
    for source in sources {
        if !source.exists() {
            return Err(CorpusError::Missing(source.clone()));
        }
        Overrides::read(source).add_to(&mut options, source);
        let layout = layout_of(source, options.layout, &mut notes);
        let found = layout.read(source, &mut log, progress)?;
        notes.extend(found.notes);
        drafts.extend(found.drafts);
        others += found.others;
    }
    let root = common_root(sources, &drafts);
    let clips = read_files(drafts, &root, &options, &mut log, progress)?;
    if clips.is_empty() {
        let path = sources.first().cloned().unwrap_or_default();
        return Err(CorpusError::Empty {
            path,
            hint: why_empty(log.finish(), others),
        });
    }
    notes.extend(genre_source::remarks(clips.iter().map(|clip| clip.spellings.source)));
    let problems = log.finish();
    notes.extend(not_read(&problems));
    Ok(assemble(root, clips, &options, problems, notes))
}

/// How `source` is read: as was wished where that is possible, else as it looks, and then that is told.
fn layout_of(source: &Path, wish: Option<DatasetFormat>, notes: &mut Vec<String>) -> DatasetFormat {
    let mut looks = || {
        let (found, remarks) = DatasetFormat::detect_with_remarks(source);
        notes.extend(remarks);
        found
    };
    match wish {
        Some(layout) if layout.fits(source) => layout,
        None => looks(),
        Some(layout) => {
            let found = looks();
            notes.push(format!(
                "{} does not look like {}: it is read as {}",
                shown(source),
                layout.name(),
                found.name()
            ));
            found
        }
    }
}

/// A clip whose genre is still a spelling.
struct Spelled {
    clip: CorpusClip,
    spellings: Spellings,
    /// Worth telling although the clip is used.
    remark: Option<Problem>,
}

fn read_files(
    drafts: Vec<Draft>,
    root: &Path,
    options: &ImportOptions,
    log: &mut ProblemLog,
    progress: &dyn Progress,
) -> Result<Vec<Spelled>, CorpusError> {
    let (total, done) = (drafts.len() as u64, AtomicU64::new(0));
    let outcomes: Vec<Option<Result<Spelled, Problem>>> = drafts
        .into_par_iter()
        .map(|draft| {
            if progress.is_cancelled() {
                return None;
            }
            let outcome = read_file(draft, root, options);
            if let Err(problem) = &outcome {
                progress.found(problem);
            }
            progress.advanced(ImportStage::Reading, done.fetch_add(1, Ordering::Relaxed) + 1, total);
            Some(outcome)
        })
        .collect();
    let mut clips = Vec::new();
    for outcome in outcomes {
        match outcome.ok_or(CorpusError::Cancelled)? {
            Ok(mut spelled) => {
                if let Some(remark) = spelled.remark.take() {
                    progress.found(&remark);
                    log.push(remark);
                }
                clips.push(spelled);
            }
            Err(problem) => log.push(problem),
        }
    }
    Ok(clips)
}

fn read_file(draft: Draft, root: &Path, options: &ImportOptions) -> Result<Spelled, Problem> {
    let problem = |kind, reason: String| Problem::new(&draft.path, kind, reason);
    let path = ClipPath {
        display: shown(draft.path.strip_prefix(root).unwrap_or(&draft.path)),
        real: draft.path.clone(),
    };
    let excluded = |name: &str| options.exclude.contains(name);
    let by_user = || problem(ProblemKind::Excluded, "left out as you asked".into());
    if excluded(&path.display) || excluded(&path.real.to_string_lossy()) {
        return Err(by_user());
    }
    let header = decode::read_header(&draft.path).map_err(|error| problem((&error).into(), error.to_string()))?;
    // Before it is read: what is written later must not pass for what was read.
    let modified_ms = std::fs::metadata(&draft.path).ok().and_then(|meta| modified_ms(&meta));
    let (content_hash, file_bytes) = hash(&draft.path).map_err(|error| {
        problem(
            ProblemKind::Unreadable,
            format!("it cannot be read: {}", in_words(&error)),
        )
    })?;
    if excluded(&content_hash) {
        return Err(by_user());
    }
    let spellings = Spellings::of(&draft, &header.tags);
    let remark = header
        .wrong_name
        .clone()
        .map(|text| problem(ProblemKind::WrongExtension, text));
    let Header {
        duration_secs,
        sample_rate_hz,
        channels,
        tags,
        ..
    } = header;
    let stem = || shown(Path::new(draft.path.file_stem().unwrap_or_default()));
    let tag = |text: String| Some(text).filter(|text| !text.is_empty());
    let mut clip = CorpusClip {
        title: draft.title.or_else(|| tag(tags.title)).unwrap_or_else(stem),
        artist: draft.artist.or_else(|| tag(tags.artist)).unwrap_or_default(),
        album: draft.album.or_else(|| tag(tags.album)).unwrap_or_default(),
        group: draft.group.unwrap_or_default(),
        recording: draft.recording.unwrap_or_else(|| content_hash.clone()),
        path,
        genre: Vec::new(),
        valence: draft.valence,
        arousal: draft.arousal,
        estimated: false,
        va_track: draft.va_track,
        official_split: draft.official_split,
        duration_secs,
        sample_rate_hz,
        channels,
        content_hash,
        file_bytes,
        modified_ms,
        gain_db: None,
        groove: None,
    };
    if clip.group.is_empty() {
        clip.group = group_of(&clip);
    }
    Ok(Spelled {
        clip,
        spellings,
        remark,
    })
}

/// Clips of one artist, else of one album, stay together; anything else stands alone.
fn group_of(clip: &CorpusClip) -> String {
    let key = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let (artist, album) = (key(&clip.artist), key(&clip.album));
    if !["", "unknown", "unknownartist", "various", "variousartists"].contains(&artist.as_str()) {
        format!("artist {artist}")
    } else if !["", "unknown", "unknownalbum"].contains(&album.as_str()) {
        format!("album {album}")
    } else {
        format!("file {}", clip.content_hash)
    }
}

fn assemble(
    root: PathBuf,
    spelled: Vec<Spelled>,
    options: &ImportOptions,
    problems: Vec<Problem>,
    notes: Vec<String>,
) -> Corpus {
    let (mut counts, mut whole) = (BTreeMap::<String, usize>::new(), BTreeSet::new());
    for spellings in spelled.iter().map(|clip| &clip.spellings) {
        for spelling in &spellings.genres {
            *counts.entry(spelling.clone()).or_default() += 1;
            if spellings.is_folder {
                whole.insert(spelling.clone());
            }
        }
    }
    let genre_names = GenreNames::settle(&counts, &whole, &options.genre_names);
    let genres: BTreeSet<String> = genre_names.spellings.values().flatten().cloned().collect();
    let genres: Vec<String> = genres.into_iter().collect();
    let clips = spelled.into_iter().map(
        |Spelled {
             mut clip, spellings, ..
         }| {
            let names: BTreeSet<&String> = spellings
                .genres
                .iter()
                .flat_map(|spelling| genre_names.names(spelling))
                .collect();
            let share = 1.0 / names.len().max(1) as f32;
            clip.genre = genres
                .iter()
                .map(|genre| if names.contains(genre) { share } else { 0.0 })
                .collect();
            clip
        },
    );
    Corpus {
        clips: clips.collect(),
        root,
        genres,
        genre_names,
        problems,
        notes,
    }
}

/// How many files of which names no decoder here reads.
fn not_read(problems: &[Problem]) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for problem in problems
        .iter()
        .filter(|problem| problem.kind == ProblemKind::Unsupported)
    {
        let extension = problem.path.extension().unwrap_or_default();
        *counts.entry(shown(Path::new(extension)).to_lowercase()).or_default() += 1;
    }
    let list: Vec<String> = counts
        .into_iter()
        .map(|(name, count)| format!("{count} x .{name}"))
        .collect();
    (!list.is_empty()).then(|| format!("not supported, so left out: {}", list.join(", ")))
}

/// Hex BLAKE3 and length of the file at `path`, read in pieces.
fn hash(path: &Path) -> std::io::Result<(String, u64)> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(std::fs::File::open(path)?)?;
    Ok((hasher.finalize().to_hex().to_string(), hasher.count()))
}

/// Deepest folder that holds every source; sources that are files count as their folder.
fn common_root(sources: &[PathBuf], drafts: &[Draft]) -> PathBuf {
    let folder = |path: &PathBuf| match path.is_dir() {
        true => path.clone(),
        false => path.parent().map(Path::to_path_buf).unwrap_or_default(),
    };
    let mut folders = sources.iter().map(folder);
    let mut root = folders.next().unwrap_or_default();
    for other in folders {
        let shared: Vec<Component> = root
            .components()
            .zip(other.components())
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a)
            .collect();
        root = shared.into_iter().collect();
    }
    log::debug!("{} files below {}", drafts.len(), root.display());
    root
}

fn why_empty(problems: Vec<Problem>, others: usize) -> String {
    match problems.first() {
        Some(first) => format!("{} files or lines had problems, the first is {first}", problems.len()),
        None if others > 0 => {
            format!(
                "its {others} files are no music ({} are read)",
                decode::readable_names()
            )
        }
        None => format!("it is empty; choose a folder with {} files", decode::readable_names()),
    }
}
