//! Who names a clip's genre: a table, a folder, or the file's own tags. Pure.

use super::dataset::{Draft, GenreTrust};
use super::decode::Tags;
use super::genre::{is_known_genre, same_name};
use std::collections::BTreeMap;

/// Where a clip's genre came from, where a person should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// As its layout promises.
    Usual,
    /// The folder has the artist's name, so the tags were taken.
    TagsNotArtistFolder,
    /// A folder that is no known genre was taken over a tag that is one.
    FolderNotTags,
}

/// The genre of one clip before names are settled.
#[derive(Clone, Debug)]
pub(super) struct Spellings {
    pub(super) genres: Vec<String>,
    /// It is the name of a folder: one genre, whatever commas it holds.
    pub(super) is_folder: bool,
    pub(super) source: Source,
}

impl Spellings {
    /// What `draft`'s surroundings and its `tags` say.
    pub(super) fn of(draft: &Draft, tags: &Tags) -> Self {
        let spelled = |genres: &[String], is_folder, source| Self {
            genres: genres.to_vec(),
            is_folder,
            source,
        };
        if let Some(genre) = &draft.genre {
            return spelled(
                std::slice::from_ref(genre),
                draft.folder.as_ref() == Some(genre),
                Source::Usual,
            );
        }
        let (folder, tagged) = (draft.folder.as_slice(), tags.genres.as_slice());
        match (draft.trust, folder) {
            (GenreTrust::Table, _) => spelled(&[], false, Source::Usual),
            (_, []) => spelled(tagged, false, Source::Usual),
            (_, _) if tagged.is_empty() => spelled(folder, true, Source::Usual),
            (GenreTrust::Tags, _) => spelled(tagged, false, Source::Usual),
            (GenreTrust::Folder, [name, ..]) if same_name(name, &tags.artist) => {
                spelled(tagged, false, Source::TagsNotArtistFolder)
            }
            (GenreTrust::Folder, [name, ..])
                if !is_known_genre(name) && tagged.iter().any(|tag| is_known_genre(tag)) =>
            {
                spelled(folder, true, Source::FolderNotTags)
            }
            (GenreTrust::Folder, _) => spelled(folder, true, Source::Usual),
        }
    }
}

/// Sentences about clips whose genre did not come from where one would think.
pub(super) fn remarks(sources: impl Iterator<Item = Source>) -> Vec<String> {
    let mut counts: BTreeMap<Source, usize> = BTreeMap::new();
    sources.for_each(|source| *counts.entry(source).or_default() += 1);
    let sentence = |(source, count): (Source, usize)| match source {
        Source::Usual => None,
        Source::TagsNotArtistFolder => Some(format!(
            "{count} files lie in folders named after their artists: their genres come from the tags"
        )),
        Source::FolderNotTags => Some(format!(
            "{count} files lie in folders whose names are no genres known here, while their tags name one: the folders count \
             (read it as a library to have the tags count)"
        )),
    };
    counts.into_iter().filter_map(sentence).collect()
}
