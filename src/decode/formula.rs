//! The rules by which a recipe sounds have a version, so that an old recipe gives its old sound.

use serde::{Deserialize, Serialize};

/// Which rules hold. Written into recipes as a number; a recipe without one is of the first version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub enum Formula {
    /// Map points of PCA were blends near the place instead of the place itself, and a sound that would clip was turned
    /// down as a whole instead of limited. Only rendered, never played live.
    First,
    /// Strength scaled away from no labels at all, so that even a point's own labels changed with it. Only rendered, never
    /// played live.
    Second,
    /// A condition changed the colour only, and a draw from the prior was a bare normal. Only rendered, never played live.
    Third,
    /// What new recipes and live playing use.
    #[default]
    Current,
}

impl Formula {
    /// Whether a point of a PCA layout is put exactly where it was asked for.
    pub(super) fn settles_on_the_plane(self) -> bool {
        self != Self::First
    }

    /// Whether new sounds are drawn from where real ones are.
    pub(super) fn draws_among_the_real(self) -> bool {
        self == Self::Current
    }

    /// Whether strength leaves a point under its own labels as it is.
    pub(super) fn anchors_strength(self) -> bool {
        matches!(self, Self::Third | Self::Current)
    }
}

impl From<Formula> for u32 {
    fn from(formula: Formula) -> Self {
        match formula {
            Formula::First => 1,
            Formula::Second => 2,
            Formula::Third => 3,
            Formula::Current => 4,
        }
    }
}

impl TryFrom<u32> for Formula {
    type Error = String;

    fn try_from(version: u32) -> Result<Self, Self::Error> {
        match version {
            1 => Ok(Self::First),
            2 => Ok(Self::Second),
            3 => Ok(Self::Third),
            4 => Ok(Self::Current),
            newer => Err(format!(
                "it has version {newer}, which a newer Songspace wrote; this one knows 1 to 4"
            )),
        }
    }
}
