//! Names of things inside one space.

use serde::{Deserialize, Serialize};

/// Index of a clip (one music file) in its space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClipId(pub u32);

/// Index of a chunk (one map point, 2.97 s of a clip) in its space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ChunkId(pub u32);

/// A place on the map, in the layout's own units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapPoint {
    /// Rightwards.
    pub x: f32,
    /// Upwards.
    pub y: f32,
}

impl MapPoint {
    /// Squared Euclidean distance.
    pub fn distance_squared(self, other: Self) -> f32 {
        (self.x - other.x).powi(2) + (self.y - other.y).powi(2)
    }
}
