//! What a user can say about an import. Plain values.

use super::DatasetFormat;
use std::collections::{BTreeMap, BTreeSet};

/// What a user can say about an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// The layout of the sources that can be read so; `None` = look at each.
    pub layout: Option<DatasetFormat>,
    /// Spelling of a genre -> the name it shall have; an empty name means unknown.
    pub genre_names: BTreeMap<String, String>,
    /// Files to leave out: paths as shown, real paths, or content hashes.
    pub exclude: BTreeSet<String>,
}
