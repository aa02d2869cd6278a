//! DEAM (Aljanaki, Yang & Soleymani, 2017): `MEMD_audio/<id>.mp3` with annotations of valence and arousal, one mean per
//! song (1..9, column names with leading spaces) and one value every 500 ms from 15 s on.
//!
//! Tables are found by name anywhere below the source, so `annotations/...` and `DEAM_Annotations/...` both serve.

use super::draft::{Draft, Drafts, GenreTrust};
use super::table::{Table, number, text};
use crate::corpus::decode::is_music;
use crate::corpus::problem::ProblemLog;
use crate::corpus::scan::scan;
use crate::corpus::{CorpusError, Problem, ProblemKind, Progress, VaTrack};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

const AUDIO_FOLDERS: [&str; 4] = ["MEMD_audio", "DEAM_audio", "DEAM_audio/MEMD_audio", "audio"];
/// How deep below the source a table may lie.
const TABLE_DEPTH: usize = 7;
/// How deep in its folder the audio may lie.
const AUDIO_DEPTH: usize = 3;

/// The folder with the audio, if `source` holds DEAM.
pub(super) fn find(source: &Path) -> Option<PathBuf> {
    let annotated = ["annotations", "DEAM_Annotations"]
        .iter()
        .any(|folder| source.join(folder).is_dir());
    let audio = AUDIO_FOLDERS
        .iter()
        .map(|folder| source.join(folder))
        .find(|folder| folder.is_dir())?;
    annotated.then_some(audio)
}

/// Whether `source` holds audio that its tables rate.
pub(super) fn is_here(source: &Path) -> bool {
    let Some(audio) = find(source) else { return false };
    let mut songs = HashMap::new();
    if read_tables(source, &mut songs, &mut ProblemLog::default()).is_err() {
        return false;
    }
    let entries = WalkDir::new(audio)
        .max_depth(AUDIO_DEPTH)
        .into_iter()
        .filter_map(Result::ok);
    entries
        .filter(|entry| is_music(entry.path()))
        .filter_map(|entry| id_of(entry.path()))
        .any(|id| songs.contains_key(&id))
}

/// Everything the tables say of one song.
#[derive(Default)]
struct Song {
    valence: Option<f32>,
    arousal: Option<f32>,
    track: [Vec<f32>; 2],
    start_secs: f32,
    step_secs: f32,
    artist: Option<String>,
    title: Option<String>,
    genre: Option<String>,
}

/// Reads the dataset of `source`.
pub(super) fn read(source: &Path, log: &mut ProblemLog, progress: &dyn Progress) -> Result<Drafts, CorpusError> {
    let audio = find(source).ok_or_else(|| CorpusError::Missing(source.join(AUDIO_FOLDERS[0])))?;
    let mut songs: HashMap<u32, Song> = HashMap::new();
    read_tables(source, &mut songs, log)?;
    let found = scan(&audio, log, progress)?;
    let drafts = found
        .files
        .into_iter()
        .map(|path| draft(path, &mut songs, log))
        .collect();
    let mut missing: Vec<u32> = songs.into_keys().collect();
    missing.sort_unstable();
    for id in missing {
        let path = audio.join(format!("{id}.mp3"));
        log.push(Problem::new(
            &path,
            ProblemKind::Missing,
            "it is annotated but the file is not there",
        ));
    }
    Ok(Drafts {
        drafts,
        notes: vec!["the DEAM dataset: valence and arousal are people's ratings, brought from 1..9 to -1..1".into()],
        others: found.others,
    })
}

/// Reads every table below `source` whose name is one of the dataset's.
fn read_tables(source: &Path, songs: &mut HashMap<u32, Song>, log: &mut ProblemLog) -> Result<(), CorpusError> {
    for path in tables(source) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let averaged = path
            .components()
            .any(|part| part.as_os_str().to_string_lossy().contains("averaged per song"));
        match name.as_str() {
            name if name.starts_with("static_annotations_averaged") => read_static(&path, songs, log)?,
            "valence.csv" if averaged => read_dynamic(&path, 0, songs, log)?,
            "arousal.csv" if averaged => read_dynamic(&path, 1, songs, log)?,
            name if name.starts_with("metadata_20") => read_metadata(&path, songs, log)?,
            _ => {}
        }
    }
    Ok(())
}

/// The song's number, which is its file's name.
fn id_of(path: &Path) -> Option<u32> {
    path.file_stem()?.to_str()?.parse().ok()
}

fn draft(path: PathBuf, songs: &mut HashMap<u32, Song>, log: &mut ProblemLog) -> Draft {
    let Some(song) = id_of(&path).and_then(|id| songs.remove(&id)) else {
        log.push(Problem::new(
            &path,
            ProblemKind::BadLabel,
            "no annotation names it; it is used without labels",
        ));
        return Draft {
            path,
            ..Draft::default()
        };
    };
    let [valence, arousal] = song.track;
    let annotated = !(valence.is_empty() && arousal.is_empty()) && song.step_secs > 0.0;
    let track = annotated.then_some(VaTrack {
        start_secs: song.start_secs,
        step_secs: song.step_secs,
        valence,
        arousal,
    });
    let mean = track.as_ref().map_or((None, None), |track| track.mean(0.0, f32::MAX));
    Draft {
        path,
        title: song.title,
        artist: song.artist,
        genre: song.genre,
        trust: GenreTrust::Tags,
        valence: song.valence.or(mean.0),
        arousal: song.arousal.or(mean.1),
        va_track: track,
        ..Draft::default()
    }
}

fn tables(source: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(source)
        .max_depth(TABLE_DEPTH)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok);
    let is_table = |path: &Path| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
    };
    entries
        .map(walkdir::DirEntry::into_path)
        .filter(|path| is_table(path) && path.is_file())
        .collect()
}

fn song_id(field: Option<&[u8]>) -> Result<u32, (ProblemKind, String)> {
    let text = text(field.unwrap_or_default());
    let id = text
        .parse::<f64>()
        .ok()
        .filter(|id| id.fract() == 0.0 && (0.0..1e9).contains(id));
    id.map(|id| id as u32)
        .ok_or_else(|| (ProblemKind::BadLine, format!("\u{201c}{text}\u{201d} is no song id")))
}

fn read_static(path: &Path, songs: &mut HashMap<u32, Song>, log: &mut ProblemLog) -> Result<(), CorpusError> {
    let mut table = Table::open(path)?;
    let id = table.column(&["song_id"]).ok_or_else(|| table.lacks("song_id"))?;
    let valence = table
        .column(&["valence_mean"])
        .ok_or_else(|| table.lacks("valence_mean"))?;
    let arousal = table
        .column(&["arousal_mean"])
        .ok_or_else(|| table.lacks("arousal_mean"))?;
    table.rows(log, |record| {
        let song = songs.entry(song_id(record.get(id))?).or_default();
        for (column, label) in [(valence, &mut song.valence), (arousal, &mut song.arousal)] {
            let rating = number(record.get(column)).map_err(|reason| (ProblemKind::BadLabel, reason))?;
            *label = match rating {
                Some(rating) if !(1.0..=9.0).contains(&rating) => {
                    return Err((
                        ProblemKind::BadLabel,
                        format!("{rating} lies outside the scale of 1 to 9"),
                    ));
                }
                rating => rating.map(from_rating),
            };
        }
        Ok(())
    });
    Ok(())
}

/// Columns `sample_15000ms`, `sample_15500ms`, ...; published both as -1..1 and as 1..9, so the scale is looked at.
fn read_dynamic(
    path: &Path,
    which: usize,
    songs: &mut HashMap<u32, Song>,
    log: &mut ProblemLog,
) -> Result<(), CorpusError> {
    let mut table = Table::open(path)?;
    let id = table.column(&["song_id"]).ok_or_else(|| table.lacks("song_id"))?;
    let millis = |name: &String| name.strip_prefix("sample_")?.strip_suffix("ms")?.parse::<f32>().ok();
    let times: Vec<(usize, f32)> = table
        .columns
        .iter()
        .enumerate()
        .filter_map(|(column, name)| Some((column, millis(name)? / 1_000.0)))
        .collect();
    let [(_, start_secs), (_, second)] = *times
        .get(..2)
        .and_then(|first| first.as_array())
        .ok_or_else(|| table.lacks("sample_15000ms"))?;
    let mut rows: Vec<(u32, Vec<f32>)> = Vec::new();
    table.rows(log, |record| {
        let value = |(column, _): &(usize, f32)| number(record.get(*column)).ok().flatten().unwrap_or(f32::NAN);
        rows.push((song_id(record.get(id))?, times.iter().map(value).collect()));
        Ok(())
    });
    let rated = rows.iter().flat_map(|(_, values)| values).any(|value| *value > 1.5);
    for (id, mut values) in rows {
        while values.last().is_some_and(|value| value.is_nan()) {
            values.pop();
        }
        let scaled = values
            .into_iter()
            .map(|value| if rated { from_rating(value) } else { value }.clamp(-1.0, 1.0));
        let song = songs.entry(id).or_default();
        song.track[which] = scaled.collect();
        (song.start_secs, song.step_secs) = (start_secs, second - start_secs);
    }
    Ok(())
}

/// Artists and genres, whose columns are called differently every year.
fn read_metadata(path: &Path, songs: &mut HashMap<u32, Song>, log: &mut ProblemLog) -> Result<(), CorpusError> {
    let mut table = Table::open(path)?;
    let Some(id) = table.column(&["song_id", "id"]) else {
        return Ok(());
    };
    let [artist, title, genre] =
        [["artist", "artist"], ["song title", "title"], ["genre", "genre"]].map(|names| table.column(&names));
    let title = title.or_else(|| table.column(&["track"]));
    table.rows(log, |record| {
        // Songs without annotations are none of this dataset's.
        if let Some(song) = songs.get_mut(&song_id(record.get(id))?) {
            let field = |column: Option<usize>| column.and_then(|c| record.get(c)).map(text).filter(|t| !t.is_empty());
            (song.artist, song.title, song.genre) = (field(artist), field(title), field(genre));
        }
        Ok(())
    });
    Ok(())
}

/// A rating of 1..9 as -1..1.
fn from_rating(rating: f32) -> f32 {
    (rating - 5.0) / 4.0
}
