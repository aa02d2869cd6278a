//! What an estimate looks at.

use crate::corpus::SoundProfile;

/// A clip's features, in the order of its profile's.
pub(super) type Features = [f64; SoundProfile::COUNT];
