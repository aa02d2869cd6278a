//! Which latent and condition are meant, and what the network makes of them: frames or a waveform, for the live workers
//! and for offline rendering alike.

mod choice;
mod codec_output;
mod decoded_frames;
mod endless;
mod formula;
mod loudness;
mod map_index;
mod matched_loudness;
mod parts;
mod path;
mod prior;
mod relative;
mod resolve;
mod song;
mod space_decoder;
mod steering;

pub use choice::{Asked, Choice, MayBe, Place, Relative, Relatives, Resolved, Span, Standing};
pub use codec_output::{ENCODEC_DOWNLOAD, VoiceError};
pub use decoded_frames::DecodedFrames;
pub use endless::{Endless, EndlessIndex, EndlessSteering, Stretch, endless_part};
pub use formula::Formula;
pub use path::along;
pub use relative::beat_grid;
pub use resolve::{ResolveError, Resolver};
pub use space_decoder::{DecodeError, SpaceDecoder, Wanted, with_stats};
pub use steering::OwnLevels;
