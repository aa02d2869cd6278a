//! Title, artist, album and genres from ID3, APE, Vorbis comments, MP4 atoms and the chunks of WAV and AIFF. Any thread.
//!
//! Read by lofty, which knows lists (several artists or genres in one tag) and the chunks behind the audio; where it cannot,
//! by what the demuxer met on its way.

use super::container::Container;
use super::genre_codes::spelled_out;
use super::guard::guarded;
use super::view::FileView;
use super::{aiff, wav};
use crate::corpus::DecodeError;
use lofty::config::{ParseOptions, ParsingMode};
use lofty::file::{FileType, TaggedFileExt};
use lofty::probe::Probe;
use lofty::tag::ItemKey;
use std::io::BufReader;
use std::path::Path;
use symphonia::core::formats::FormatReader;
use symphonia::core::meta::{StandardTag, Tag};

/// Characters of a field that are kept.
const LONGEST_TEXT: usize = 200;
/// Genres of one file that are kept.
const MOST_GENRES: usize = 16;

/// What the tags say, as they spell it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    /// Empty when there is none.
    pub title: String,
    /// The first of several.
    pub artist: String,
    /// Empty when there is none.
    pub album: String,
    /// One or several genres, unsplit and unmapped; ID3's numbers spelled out.
    pub genres: Vec<String>,
}

impl Tags {
    /// The tags of the file at `path`, which its bytes call a `container`; `None` where lofty cannot read them.
    pub(super) fn of_file(path: &Path, container: Container) -> Option<Self> {
        guarded(|| Self::read(path, container)).unwrap_or_else(|error| {
            log::debug!("the tags of {} cannot be read: {error}", path.display());
            None
        })
    }

    fn read(path: &Path, container: Container) -> Result<Option<Self>, DecodeError> {
        let view = FileView::open(path)?;
        let (view, kind) = match container {
            Container::Wav => (wav::corrected(view)?.view, FileType::Wav),
            Container::Aiff => (aiff::corrected(view).view, FileType::Aiff),
            Container::Mp3 => (view, FileType::Mpeg),
            Container::Adts => (view, FileType::Aac),
            Container::Flac => (view, FileType::Flac),
            Container::OggVorbis => (view, FileType::Vorbis),
            Container::OggOpus => (view, FileType::Opus),
            Container::Mp4 => (view, FileType::Mp4),
            _ => return Ok(None),
        };
        let options = ParseOptions::new()
            .read_properties(false)
            .read_cover_art(false)
            .parsing_mode(ParsingMode::Relaxed);
        let file = Probe::with_file_type(BufReader::new(view), kind)
            .options(options)
            .read()
            .map_err(|error| {
                log::debug!("a reader of tags gave up: {error}");
                DecodeError::Format("its tags make no sense".into())
            })?;
        let mut tags = Self::default();
        for tag in file.tags() {
            let first = |key: ItemKey| tag.get_strings(key).map(clean).find(|text| !text.is_empty());
            fill(&mut tags.title, first(ItemKey::TrackTitle));
            fill(&mut tags.artist, first(ItemKey::TrackArtist));
            fill(&mut tags.artist, first(ItemKey::TrackArtists));
            fill(&mut tags.artist, first(ItemKey::AlbumArtist));
            fill(&mut tags.album, first(ItemKey::AlbumTitle));
            tag.get_strings(ItemKey::Genre).for_each(|genre| tags.add_genre(genre));
        }
        Ok(Some(tags))
    }

    /// The tags that the demuxer met.
    pub(super) fn of_container(format: &mut dyn FormatReader) -> Self {
        let mut tags = Self::default();
        let mut log = format.metadata();
        while let Some(revision) = log.current() {
            let per_track = revision.per_track.iter().flat_map(|track| &track.metadata.tags);
            for tag in revision.media.tags.iter().chain(per_track) {
                tags.take(tag);
            }
            if log.pop().is_none() {
                break;
            }
        }
        tags
    }

    /// The first of each kind wins; genres add up.
    fn take(&mut self, tag: &Tag) {
        match &tag.std {
            Some(StandardTag::TrackTitle(text)) => fill(&mut self.title, Some(clean(text))),
            Some(StandardTag::Artist(text) | StandardTag::AlbumArtist(text)) => {
                fill(&mut self.artist, Some(clean(text)));
            }
            Some(StandardTag::Album(text)) => fill(&mut self.album, Some(clean(text))),
            Some(StandardTag::Genre(text)) => self.add_genre(text),
            _ => {}
        }
    }

    fn add_genre(&mut self, text: &str) {
        for genre in text.split('\0').flat_map(spelled_out) {
            let genre = clean(&genre);
            if !genre.is_empty() && !self.genres.contains(&genre) && self.genres.len() < MOST_GENRES {
                self.genres.push(genre);
            }
        }
    }
}

fn fill(field: &mut String, text: Option<String>) {
    if field.is_empty() {
        *field = text.unwrap_or_default();
    }
}

/// The first of several values, control characters out, at most 200 characters: tags are shown and stored, and nobody promised
/// they are sane.
fn clean(text: &str) -> String {
    let first = text
        .split('\0')
        .find(|part| !part.trim().is_empty())
        .unwrap_or_default();
    let printable = first.chars().map(|c| if c.is_control() { ';' } else { c });
    printable
        .take(LONGEST_TEXT)
        .collect::<String>()
        .trim_matches([' ', ';'])
        .to_owned()
}
