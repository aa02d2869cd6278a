//! What sounds, in words.

use super::Session;

/// Shares below this are not worth a word.
const LEAST_SHARE: f32 = 0.05;
/// Genres of a mix that are named.
const NAMED: usize = 3;

/// A place on the plane of moods: valence and arousal, -1..1 each, as one says them.
pub fn mood_in_words((valence, arousal): (f32, f32)) -> String {
    let end = |value: f32, low: &str, high: &str| match value {
        value if value.abs() < 0.005 => format!("between {low} and {high}"),
        value if value < 0.0 => format!("{low} {:.2}", -value),
        value => format!("{high} {value:.2}"),
    };
    match (valence, arousal) {
        (v, a) if v.abs() < 0.005 && a.abs() < 0.005 => "neutral".to_owned(),
        _ => format!(
            "{} · {}",
            end(valence, "dark", "bright"),
            end(arousal, "calm", "energetic")
        ),
    }
}

impl Session {
    /// The genre of what sounds: the point's own, and what it was asked to sound as instead. Empty while nothing was chosen.
    pub fn genre_in_words(&self) -> String {
        let own = self.own_genre();
        match (own, self.asked_genres()) {
            (Some(own), Some(asked)) if asked == own => asked,
            (Some(own), Some(asked)) => format!("{own} as {asked}"),
            (None, Some(asked)) => asked,
            (Some(own), None) => own.to_owned(),
            (None, None) if self.selection.is_some() => "no genre".to_owned(),
            (None, None) => String::new(),
        }
    }

    /// The one genre that sounds most: what is asked for, else the point's own; empty where there is none.
    pub fn leading_genre(&self) -> &str {
        let names = self.space.as_ref().map(|view| &view.snapshot.meta.genres);
        let asked = self
            .mixer
            .condition()
            .leading_genre()
            .filter(|_| !self.mixer.as_recorded);
        let named = asked.and_then(|genre| names?.get(usize::from(genre)).map(String::as_str));
        named.or_else(|| self.own_genre()).unwrap_or_default()
    }

    /// Why there is no recording to compare with what sounds; `None` where there may be one.
    pub fn why_no_original(&self) -> Option<&str> {
        if self.sample.is_some() {
            return Some(
                "This sound was drawn by the model. Nobody recorded it, so there is nothing to compare it with.",
            );
        }
        self.recording_gap.as_ref().map(|gap| gap.sentence.as_str())
    }

    /// Of the point that sounds; none for a drawn sound.
    fn own_genre(&self) -> Option<&str> {
        let selection = self.selection.filter(|_| self.sample.is_none())?;
        self.space.as_ref()?.genre_name(selection.chunk)
    }

    /// What the mixer asks for, the largest share first; `None` where every point keeps its own.
    fn asked_genres(&self) -> Option<String> {
        let names = &self.space.as_ref()?.snapshot.meta.genres;
        if self.mixer.as_recorded || self.mixer.strength <= 0.0 {
            return None;
        }
        let shares = self.mixer.shares();
        let mut asked: Vec<(&String, f32)> = names
            .iter()
            .zip(shares)
            .filter(|(_, share)| *share >= LEAST_SHARE)
            .collect();
        asked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        match asked[..] {
            [] => None,
            [(only, _)] => Some(only.clone()),
            _ => {
                let named = asked.iter().take(NAMED);
                let words: Vec<String> = named
                    .map(|(name, share)| format!("{name} {:.0} %", share * 100.0))
                    .collect();
                Some(words.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mood_in_words;

    #[test]
    fn a_mood_is_said_by_the_ends_of_its_axes() {
        assert_eq!(mood_in_words((0.45, -0.5)), "bright 0.45 · calm 0.50");
        assert_eq!(mood_in_words((-1.0, 0.0)), "dark 1.00 · between calm and energetic");
        assert_eq!(mood_in_words((0.0, 0.0)), "neutral");
    }
}
