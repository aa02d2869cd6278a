//! What a file's header and tags say, before anything is decoded. Plain values.

use super::tags::Tags;

/// What a file says of itself; decoding may find otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// 0 when the header does not say.
    pub duration_secs: f32,
    /// 0 when the header does not say.
    pub sample_rate_hz: u32,
    /// 0 when the header does not say.
    pub channels: u16,
    /// Empty where the file has none.
    pub tags: Tags,
    /// A sentence when the name promises another format than the bytes. Not part of what is kept by content: the same
    /// bytes may have an honest name elsewhere.
    pub wrong_name: Option<String>,
}
