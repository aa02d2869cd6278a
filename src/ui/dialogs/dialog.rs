//! Which sheet is open.

use super::path::PathSheet;

/// The sheet that is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    Path(PathSheet),
    /// A pasted recipe.
    Recipe(String),
    Shortcuts,
    About,
    AboutSpace,
    Skipped,
}

impl Dialog {
    /// An empty recipe field.
    pub fn recipe() -> Self {
        Self::Recipe(String::new())
    }
}
