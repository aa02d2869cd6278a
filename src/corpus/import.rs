//! The quick pass: sources to a [`Corpus`] with labels, tags, headers and hashes; nothing is decoded.
//!
//! Runs on the caller's thread and on rayon's current pool. Clips are in the order of the sources and, within one,
//! of its layout; the order never depends on which thread was first.

use super::dataset::{Draft, GenreTrust};
use super::decode::{self, Header};
use super::problem::ProblemLog;
use super::{
    ClipPath, Corpus, CorpusClip, CorpusError, DatasetFormat, GenreNames, ImportOptions, ImportStage, Overrides, Problem,
    ProblemKind, Progress,
};
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
    Ok(assemble(root, clips, &options, log, notes))
}

/// How `source` is read: as was wished where that is possible, else as it looks, and then that is told.
fn layout_of(source: &Path, wish: Option<DatasetFormat>, notes: &mut Vec<String>) -> DatasetFormat {
    match wish {
        Some(layout) if layout.fits(source) => layout,
        None => DatasetFormat::detect(source),
        Some(layout) => {
            let found = DatasetFormat::detect(source);
            notes.push(format!(
                "{} does not look like {}: it is read as {}",
                source.display(),
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
    genres: Vec<String>,
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
        display: display_path(root, &draft.path),
        real: draft.path.clone(),
    };
    let excluded = |name: &str| options.exclude.contains(name);
    let by_user = || problem(ProblemKind::Excluded, "left out as you asked".into());
    if excluded(&path.display) || excluded(&path.real.to_string_lossy()) {
        return Err(by_user());
    }
    let header = decode::read_header(&draft.path).map_err(|error| problem((&error).into(), error.to_string()))?;
    let (content_hash, file_bytes) =
        hash(&draft.path).map_err(|error| problem(ProblemKind::Unreadable, format!("it cannot be read ({error})")))?;
    if excluded(&content_hash) {
        return Err(by_user());
    }
    let genres = genre_spellings(&draft, &header);
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
    let stem = || {
        draft
            .path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
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
    };
    if clip.group.is_empty() {
        clip.group = group_of(&clip);
    }
    Ok(Spelled { clip, genres, remark })
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

fn genre_spellings(draft: &Draft, header: &Header) -> Vec<String> {
    let from_table = || draft.genre.clone().map(|genre| vec![genre]);
    let from_folder = || draft.folder.clone().map(|folder| vec![folder]);
    let from_tags = || Some(header.tags.genres.clone()).filter(|genres| !genres.is_empty());
    from_table()
        .or_else(|| match draft.trust {
            GenreTrust::Folder => from_folder().or_else(from_tags),
            GenreTrust::Tags => from_tags().or_else(from_folder),
            GenreTrust::Table => None,
        })
        .unwrap_or_default()
}

fn assemble(
    root: PathBuf,
    spelled: Vec<Spelled>,
    options: &ImportOptions,
    log: ProblemLog,
    notes: Vec<String>,
) -> Corpus {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for spelling in spelled.iter().flat_map(|clip| &clip.genres) {
        *counts.entry(spelling.clone()).or_default() += 1;
    }
    let genre_names = GenreNames::settle(&counts, &options.genre_names);
    let genres: BTreeSet<String> = genre_names.spellings.values().flatten().cloned().collect();
    let genres: Vec<String> = genres.into_iter().collect();
    let clips = spelled.into_iter().map(
        |Spelled {
             mut clip,
             genres: spellings,
             ..
         }| {
            let names: BTreeSet<&String> = spellings
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
        problems: log.finish(),
        notes,
    }
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

fn display_path(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let text = relative.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

fn why_empty(problems: Vec<Problem>, others: usize) -> String {
    match problems.first() {
        Some(first) => format!("{} files or lines had problems, the first is {first}", problems.len()),
        None if others > 0 => {
            format!("its {others} files are no music (mp3, m4a, flac, ogg, wav, aiff, caf, au are read)")
        }
        None => "it is empty; choose a folder with mp3, m4a, flac, ogg, wav, aiff, caf or au files".into(),
    }
}
