//! One name per genre, however it was spelled. Any thread.
//!
//! Spellings are compared by their letters and digits alone, so "Hip-Hop", "hiphop" and "HIP HOP" are one; a small
//! table joins true synonyms ("Hip Hop/Rap", "R&B"). What the table does not know keeps its commonest spelling.
//! The mapping is kept in the corpus, shown by the doctor, and a user's own entry beats every rule.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use unicode_normalization::UnicodeNormalization;

/// Names with the keys of their synonyms. The first key of each row is the name's own.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("Alternative", &["alternative", "alternativerock", "altrock", "alt"]),
    ("Ambient", &["ambient", "ambientelectronic"]),
    ("Blues", &["blues", "bluesrock"]),
    ("Children's Music", &["childrensmusic", "childrens", "kids"]),
    ("Classical", &["classical", "classicalmusic", "classic", "klassik"]),
    ("Country", &["country", "countrymusic", "americana"]),
    ("Disco", &["disco"]),
    ("Drum & Bass", &["drumbass", "drumandbass", "drumnbass", "dnb"]),
    ("Easy Listening", &["easylistening"]),
    (
        "Electronic",
        &[
            "electronic",
            "electronica",
            "electro",
            "electronicdance",
            "edm",
            "dance",
        ],
    ),
    ("Experimental", &["experimental", "avantgarde"]),
    ("Folk", &["folk", "folkmusic", "folkworldcountry"]),
    ("Funk", &["funk", "funky"]),
    ("Hip-Hop", &["hiphop", "hiphoprap", "raphiphop", "rap", "hiphopandrap"]),
    ("Historic", &["historic", "oldtimehistoric"]),
    ("House", &["house", "housemusic"]),
    ("Instrumental", &["instrumental"]),
    ("International", &["international", "world", "worldmusic"]),
    ("Jazz", &["jazz", "jazzmusic"]),
    ("Latin", &["latin", "latinmusic", "latino"]),
    ("Metal", &["metal", "heavymetal"]),
    ("Pop", &["pop", "popmusic"]),
    ("Punk", &["punk", "punkrock"]),
    ("Reggae", &["reggae", "reggaemusic"]),
    ("Rock", &["rock", "rockmusic", "rockroll", "rockandroll", "rocknroll"]),
    (
        "Soul-RnB",
        &["soulrnb", "rnb", "rb", "rhythmandblues", "rbsoul", "soulrb", "randb"],
    ),
    ("Soundtrack", &["soundtrack", "score", "ost", "filmscore"]),
    ("Spoken", &["spoken", "spokenword", "speech", "audiobook"]),
    ("Techno", &["techno"]),
    ("Trance", &["trance"]),
];

/// Spellings that say nothing.
const UNKNOWN: &[&str] = &[
    "",
    "unknown",
    "none",
    "null",
    "nan",
    "na",
    "undefined",
    "unclassifiable",
    "misc",
];

/// Every spelling met, with what it became.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenreNames {
    /// Spelling as met -> names (none = unknown, several = a mix).
    pub spellings: BTreeMap<String, Vec<String>>,
}

impl GenreNames {
    /// Settles a name for every one of `spellings` (with how often it occurs). Those in `whole` (names of folders) are one
    /// genre each, whatever commas they hold. `overrides` maps a spelling, or a name, to the user's wish; an empty wish means
    /// unknown.
    pub fn settle(
        spellings: &BTreeMap<String, usize>,
        whole: &BTreeSet<String>,
        overrides: &BTreeMap<String, String>,
    ) -> Self {
        let wishes: HashMap<String, &str> = overrides.iter().map(|(from, to)| (key(from), to.trim())).collect();
        let parts = |spelling: &str| match whole.contains(spelling) {
            true => known_parts([spelling].into_iter()),
            false => parts(spelling, &wishes),
        };
        let commonest = commonest_spellings(spellings, parts);
        let name_of = |part: &str| -> Option<String> {
            let own = table_name(&key(part)).map(str::to_owned);
            let name = own.or_else(|| commonest.get(&key(part)).cloned())?;
            match wishes.get(&key(part)).or_else(|| wishes.get(&key(&name))) {
                Some(&"") => None,
                Some(wish) => Some((*wish).to_owned()),
                None => Some(name),
            }
        };
        let settle_one = |spelling: &String| {
            let mut names = Vec::new();
            for part in parts(spelling) {
                if let Some(name) = name_of(&part)
                    && !names.contains(&name)
                {
                    names.push(name);
                }
            }
            (spelling.clone(), names)
        };
        Self {
            spellings: spellings.keys().map(settle_one).collect(),
        }
    }

    /// The names of `spelling`; none when unknown or never met.
    pub fn names(&self, spelling: &str) -> &[String] {
        self.spellings.get(spelling).map_or(&[], Vec::as_slice)
    }
}

/// Whether two names differ in nothing but case, accents' spelling and punctuation.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    let key = key(a);
    !key.is_empty() && key == self::key(b)
}

/// Whether the rules know `spelling` as a genre (a folder called so holds that genre).
pub(super) fn is_known_genre(spelling: &str) -> bool {
    table_name(&key(spelling)).is_some()
}

/// What two spellings of one genre have in common: letters and digits, lower case, accents composed; where there are none,
/// what else is no punctuation (emoji). ID3v1's "(17)" is dropped.
fn key(spelling: &str) -> String {
    let spelling = spelling.trim();
    let without_code = spelling
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
        .filter(|(code, rest)| !rest.is_empty() && code.chars().all(|c| c.is_ascii_digit()))
        .map_or(spelling, |(_, rest)| rest);
    let letters: String = without_code
        .nfc()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    match letters.is_empty() {
        true => without_code
            .chars()
            .filter(|c| !c.is_ascii() && !c.is_whitespace())
            .collect(),
        false => letters,
    }
}

fn table_name(key: &str) -> Option<&'static str> {
    SYNONYMS
        .iter()
        .find(|(_, keys)| keys.contains(&key))
        .map(|(name, _)| *name)
}

/// "Rock; Pop" is two genres, "Hip Hop/Rap" one: a whole that is known is never taken apart.
fn parts(spelling: &str, wishes: &HashMap<String, &str>) -> Vec<String> {
    let whole = key(spelling);
    if table_name(&whole).is_some() || wishes.contains_key(&whole) {
        return vec![spelling.to_owned()];
    }
    known_parts(spelling.split([';', '/', ',', '|', '\\']))
}

/// Those of `parts` that say something, trimmed and with composed accents.
fn known_parts<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<String> {
    parts
        .map(str::trim)
        .filter(|part| !UNKNOWN.contains(&key(part).as_str()))
        .map(|part| part.nfc().collect())
        .collect()
}

/// For every key the spelling met most often (the first in order among equals).
fn commonest_spellings(
    spellings: &BTreeMap<String, usize>,
    parts: impl Fn(&str) -> Vec<String>,
) -> HashMap<String, String> {
    let mut best: HashMap<String, (usize, String)> = HashMap::new();
    for (spelling, count) in spellings {
        for part in parts(spelling) {
            let entry = best.entry(key(&part)).or_default();
            if *count > entry.0 {
                *entry = (*count, part);
            }
        }
    }
    best.into_iter().map(|(key, (_, spelling))| (key, spelling)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(spellings: &[(&str, usize)], overrides: &[(&str, &str)]) -> GenreNames {
        let spellings = spellings.iter().map(|(s, n)| ((*s).to_owned(), *n)).collect();
        let overrides = overrides
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect();
        GenreNames::settle(&spellings, &BTreeSet::new(), &overrides)
    }

    #[test]
    fn spellings_of_one_genre_meet() {
        let names = settle(
            &[("Hip-Hop", 3), ("hiphop", 9), ("Hip Hop/Rap", 1), ("(7)Hip-Hop", 1)],
            &[],
        );
        for spelling in ["Hip-Hop", "hiphop", "Hip Hop/Rap", "(7)Hip-Hop"] {
            assert_eq!(names.names(spelling), ["Hip-Hop"], "{spelling}");
        }
    }

    #[test]
    fn an_unlisted_genre_keeps_its_commonest_spelling() {
        let names = settle(&[("Vapor Wave", 2), ("vaporwave", 5), ("VAPORWAVE", 1)], &[]);
        assert_eq!(names.names("VAPORWAVE"), ["vaporwave"]);
        assert_eq!(names.names("Vapor Wave"), ["vaporwave"]);
    }

    #[test]
    fn several_genres_become_a_mix_and_empty_words_nothing() {
        let names = settle(&[("Rock; Gabber", 1), ("unknown", 4), ("Old-Time / Historic", 1)], &[]);
        assert_eq!(names.names("Rock; Gabber"), ["Rock", "Gabber"]);
        assert!(names.names("unknown").is_empty());
        assert_eq!(names.names("Old-Time / Historic"), ["Historic"]);
    }

    #[test]
    fn the_users_wish_beats_the_table() {
        let names = settle(
            &[("Rap", 1), ("Blues", 1), ("Noise", 1)],
            &[("rap", "Rap"), ("BLUES", ""), ("Noise", "Experimental")],
        );
        assert_eq!(names.names("Rap"), ["Rap"]);
        assert!(names.names("Blues").is_empty());
        assert_eq!(names.names("Noise"), ["Experimental"]);
    }

    #[test]
    fn a_folder_is_one_genre_and_accents_and_emoji_are_letters() {
        let counts = [
            "Folk, World & Country",
            "Chanson fran\u{e7}aise",
            "Chanson franc\u{327}aise",
            "\u{1f525}",
            "---",
        ];
        let counts = counts.iter().map(|text| ((*text).to_owned(), 1)).collect();
        let whole = ["Folk, World & Country".to_owned()].into();
        let names = GenreNames::settle(&counts, &whole, &BTreeMap::new());
        assert_eq!(
            names.names("Folk, World & Country"),
            ["Folk"],
            "one genre, and a known one"
        );
        assert_eq!(names.names("Chanson franc\u{327}aise"), ["Chanson fran\u{e7}aise"]);
        assert_eq!(names.names("\u{1f525}"), ["\u{1f525}"]);
        assert!(names.names("---").is_empty());
        let whole = ["Blood, Sweat & Tears".to_owned()].into();
        let counts = [("Blood, Sweat & Tears".to_owned(), 1)].into();
        let names = GenreNames::settle(&counts, &whole, &BTreeMap::new());
        assert_eq!(names.names("Blood, Sweat & Tears"), ["Blood, Sweat & Tears"]);
    }
}
