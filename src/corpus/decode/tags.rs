//! Title, artist, album and genres from ID3, Vorbis comments, MP4 atoms and RIFF chunks. Any thread.

use symphonia::core::formats::FormatReader;
use symphonia::core::meta::{StandardTag, Tag};

/// What the tags say, as they spell it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    pub title: String,
    pub artist: String,
    pub album: String,
    /// One or several genres, unsplit and unmapped.
    pub genres: Vec<String>,
}

impl Tags {
    pub(super) fn read(format: &mut dyn FormatReader) -> Self {
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
        let fill = |field: &mut String, text: &str| {
            if field.is_empty() {
                *field = clean(text);
            }
        };
        match &tag.std {
            Some(StandardTag::TrackTitle(text)) => fill(&mut self.title, text),
            Some(StandardTag::Artist(text)) => fill(&mut self.artist, text),
            Some(StandardTag::AlbumArtist(text)) if self.artist.is_empty() => fill(&mut self.artist, text),
            Some(StandardTag::Album(text)) => fill(&mut self.album, text),
            Some(StandardTag::Genre(text)) => {
                let genre = clean(text);
                if !genre.is_empty() && !self.genres.contains(&genre) {
                    self.genres.push(genre);
                }
            }
            _ => {}
        }
    }
}

/// Control characters out, at most 200 characters: tags are shown and stored, and nobody promised they are sane.
fn clean(text: &str) -> String {
    let printable = text.chars().map(|c| if c.is_control() { ';' } else { c });
    printable
        .take(200)
        .collect::<String>()
        .trim_matches([' ', ';'])
        .to_owned()
}
