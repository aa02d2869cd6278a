//! Sentences across the top of the window, each with something to do about them.

use super::Command;

/// How loud a banner speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know; without an action it goes away by itself.
    Note,
    /// Something to keep an eye on; stays until dismissed.
    Warning,
    /// Something failed; stays until dismissed.
    Error,
}

/// One sentence and at most one action; it stays until it is dismissed or replaced, a note without an action only
/// for some seconds.
#[derive(Clone, Debug)]
pub struct Banner {
    /// Decides the colour, and whether the banner may go away by itself.
    pub tone: Tone,
    /// A whole sentence; a newer banner with the same text replaces this one.
    pub text: String,
    /// `None` leaves only the button that dismisses it.
    pub action: Option<BannerAction>,
    /// On the window's clock; set when it is first shown.
    pub shown_secs: Option<f64>,
}

/// The button in a banner.
#[derive(Clone, Debug)]
pub struct BannerAction {
    /// What the button says.
    pub label: &'static str,
    /// Given when the button is pressed; the banner is then dismissed.
    pub command: Box<Command>,
}

impl Banner {
    /// Something worth knowing.
    pub fn note(text: impl Into<String>) -> Self {
        Self::new(Tone::Note, text)
    }

    /// Something to keep an eye on.
    pub fn warning(text: impl Into<String>) -> Self {
        Self::new(Tone::Warning, text)
    }

    /// Something that did not work.
    pub fn error(text: impl Into<String>) -> Self {
        Self::new(Tone::Error, text)
    }

    /// The same with a button that gives `command`.
    pub fn with_action(mut self, label: &'static str, command: Command) -> Self {
        self.action = Some(BannerAction {
            label,
            command: Box::new(command),
        });
        self
    }

    /// Starts the clock of a banner that is new at `now_secs`; whether it has been read long enough to go by itself.
    pub fn has_passed(&mut self, now_secs: f64) -> bool {
        const READ_SECS: f64 = 8.0;
        let since = *self.shown_secs.get_or_insert(now_secs);
        self.is_passing() && now_secs - since > READ_SECS
    }

    /// Whether it goes by itself.
    pub fn is_passing(&self) -> bool {
        self.tone == Tone::Note && self.action.is_none()
    }

    fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            tone,
            text: as_sentence(text.into()),
            action: None,
            shown_secs: None,
        }
    }
}

/// `text` as it stands alone: errors begin in lower case and without a stop, to be quoted in longer sentences.
fn as_sentence(text: String) -> String {
    let word = text.split_whitespace().next().unwrap_or_default();
    // A path is spelled as it is.
    let is_word = word.chars().all(|letter| letter.is_alphabetic() || letter == '\'');
    let mut letters = text.chars();
    let mut sentence = match letters.next() {
        Some(first) if is_word => first.to_uppercase().chain(letters).collect(),
        _ => text,
    };
    let ends_in_path = sentence
        .split_whitespace()
        .last()
        .is_some_and(|last| last.contains(['/', '\\']));
    if !ends_in_path && sentence.ends_with(|last: char| last.is_alphanumeric() || ")\"'%".contains(last)) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stands_alone_as_a_sentence_and_a_path_as_it_is() {
        for (text, said) in [
            (
                "no music was found in /music: it is empty",
                "No music was found in /music: it is empty.",
            ),
            (
                "/music/a.wav: could not be written",
                "/music/a.wav: could not be written.",
            ),
            ("Written: /music/a.wav", "Written: /music/a.wav"),
            ("Saved!", "Saved!"),
            ("", ""),
        ] {
            assert_eq!(Banner::error(text).text, said);
        }
    }

    #[test]
    fn only_a_note_without_a_button_goes_by_itself() {
        let mut passing = Banner::note("Saved.");
        let mut lasting = Banner::note("It is better now.").with_action("Save…", Command::Save);
        let mut failed = Banner::error("It failed.");
        for (now_secs, gone) in [(3.0, false), (10.0, false), (12.0, true)] {
            assert_eq!(passing.has_passed(now_secs), gone, "after {now_secs} s");
            assert!(!lasting.has_passed(now_secs) && !failed.has_passed(now_secs));
        }
    }
}
