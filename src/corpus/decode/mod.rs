//! One file to mono samples or, streaming, to left and right; and one file's header to measurements and tags. The only symphonia import. Any thread.
//!
//! Files come from anywhere, so: decoders run under `catch_unwind`, lengths and rates are bounded, a stream that
//! breaks off keeps what was decoded before, and no sample is ever NaN, infinite or beyond 24 dB over full scale. A
//! container's header is a claim: where it contradicts the bytes behind it (a recorder that crashed, a pipe that could not go
//! back, two files joined), [`FileView`](view::FileView) shows the demuxer a corrected one.

mod aac;
mod adts;
mod aiff;
mod au;
mod channels;
mod codec;
mod container;
mod decoded;
mod demux;
mod file;
mod genre_codes;
mod guard;
mod header;
mod mono;
mod mpeg;
mod mpeg_header;
mod opus;
mod opus_packet;
mod page_ends;
mod resample;
mod shown;
mod sink;
mod sniff;
mod stereo;
mod stream;
mod tags;
mod trailing;
mod view;
mod wav;
mod words;

pub use container::Container;
pub(in crate::corpus) use container::{is_music, readable_names};
pub use decoded::{DEFAULT_LIMIT_SECS, Decoded};
pub use file::{decode, decode_mono, decode_stereo, read_header};
pub(in crate::corpus) use guard::guarded;
pub use header::Header;
pub use tags::Tags;
