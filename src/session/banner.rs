//! Sentences across the top of the window, each with something to do about them.

use super::Command;

/// How loud a banner speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Note,
    Warning,
    Error,
}

/// One sentence and at most one action; it stays until it is dismissed or replaced.
#[derive(Clone, Debug)]
pub struct Banner {
    pub tone: Tone,
    pub text: String,
    pub action: Option<BannerAction>,
}

/// The button in a banner.
#[derive(Clone, Debug)]
pub struct BannerAction {
    pub label: &'static str,
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

    fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            tone,
            text: text.into(),
            action: None,
        }
    }
}
