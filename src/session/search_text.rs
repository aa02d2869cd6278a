//! What is known of a clip in words, for the search field.

use crate::space::{Clip, Snapshot};
use crate::values::Emotion;

/// Which words are looked through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SearchIn {
    /// Title, artist, folder, genres and mood.
    #[default]
    Everything,
    /// The strongest genre.
    Genre,
    /// Every genre and the mood.
    Label,
    /// The folders above the file.
    Folder,
}

impl SearchIn {
    /// In the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Everything, Self::Genre, Self::Label, Self::Folder];

    /// The word in the window.
    pub fn name(self) -> &'static str {
        match self {
            Self::Everything => "All",
            Self::Genre => "Genre",
            Self::Label => "Label",
            Self::Folder => "Folder",
        }
    }
}

/// The words of one clip, in lower case.
#[derive(Clone, Debug)]
pub struct ClipText {
    everything: String,
    genre: String,
    label: String,
    folder: String,
}

impl ClipText {
    /// The words of `clip`.
    pub fn new(snapshot: &Snapshot, clip: &Clip) -> Self {
        let name = |genre: usize| snapshot.meta.genres.get(genre).map_or("", String::as_str);
        let labels = &clip.labels;
        let genre = labels.leading_genre().map_or("", |genre| name(usize::from(genre)));
        let shares = labels.genre.iter().enumerate().filter(|(_, share)| **share > 0.0);
        let mut label: Vec<&str> = shares.map(|(genre, _)| name(genre)).collect();
        if let (Some(valence), Some(arousal)) = (labels.valence, labels.arousal) {
            label.push(nearest_mood(valence, arousal).name());
        }
        let label = label.join(" ");
        let folder = clip.path.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder);
        Self {
            everything: format!("{} {} {} {label}", clip.title, clip.artist, clip.path).to_lowercase(),
            genre: genre.to_lowercase(),
            label: label.to_lowercase(),
            folder: folder.to_lowercase(),
        }
    }

    /// Whether every word of `query` (in lower case) is part of the text.
    pub fn matches(&self, query: &str, within: SearchIn) -> bool {
        let text = match within {
            SearchIn::Everything => &self.everything,
            SearchIn::Genre => &self.genre,
            SearchIn::Label => &self.label,
            SearchIn::Folder => &self.folder,
        };
        query.split_whitespace().all(|word| text.contains(word))
    }
}

fn nearest_mood(valence: f32, arousal: f32) -> Emotion {
    let distance = |mood: &Emotion| {
        let (v, a) = mood.valence_arousal();
        (valence - v).hypot(arousal - a)
    };
    let nearest = Emotion::ALL
        .into_iter()
        .min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.unwrap_or(Emotion::Neutral)
}
