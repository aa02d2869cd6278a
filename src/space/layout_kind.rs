//! The kinds of maps that a space can have.

use serde::{Deserialize, Serialize};

/// Which projection a layout is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LayoutKind {
    /// Linear: the first two principal components.
    Pca,
    /// Non-linear: keeps near neighbours together, not large distances.
    Tsne,
}
