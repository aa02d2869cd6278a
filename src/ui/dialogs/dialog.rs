//! Which sheet is open.

use super::path::PathSheet;

/// The sheet that is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// A typed path, for opening, saving and exporting.
    Path(PathSheet),
    /// A pasted recipe.
    Recipe(String),
    /// The keys and what they do.
    Shortcuts,
    /// About the program.
    About,
    /// About the open space.
    AboutSpace,
    /// What the import found, and what mends it.
    Report,
}

impl Dialog {
    /// An empty recipe field.
    pub fn recipe() -> Self {
        Self::Recipe(String::new())
    }
}
