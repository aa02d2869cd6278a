//! What one clip sounds like in a few numbers, measured once while it is decoded: features for the emotion estimate,
//! a fingerprint for finding the same recording twice, beats and key. Pure; any thread. Codec-independent on purpose.

mod bands;
mod beats;
mod fingerprint;
mod profile;
mod rhythm;
mod tap;
mod tonality;

pub use fingerprint::Fingerprint;
pub use profile::SoundProfile;
pub use tap::SpectrumTap;
