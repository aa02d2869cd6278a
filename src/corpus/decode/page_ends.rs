//! Keeps the middle of an Ogg file whole. Any thread.
//!
//! Only the last page of an Ogg stream may say that its last packet ends early (RFC 3533, 6; Vorbis I, A.2). The demuxer cuts
//! at the end of every page, and files exist whose pages count a few samples too many or too few (FFmpeg's muxer wrote them): they
//! would lose 10 ms here and there, and all that follows would be too early.

use super::container::Container;
use symphonia::core::errors::Result;
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::Packet;

/// Hands on packets and forgives a cut where another packet of the same stream follows.
pub(super) struct PageEnds {
    is_ogg: bool,
    /// A packet that is cut at its end, until it is known whether something follows.
    held: Option<Packet>,
    /// What came while the held one was handed on.
    next: Option<Result<Option<Packet>>>,
}

impl PageEnds {
    /// For a file of `container`.
    pub(super) fn new(container: Container) -> Self {
        Self {
            is_ogg: matches!(
                container,
                Container::OggVorbis | Container::OggOpus | Container::OggOther
            ),
            held: None,
            next: None,
        }
    }

    /// The next packet of `format`.
    pub(super) fn next_packet(&mut self, format: &mut dyn FormatReader) -> Result<Option<Packet>> {
        loop {
            let next = self.next.take().unwrap_or_else(|| format.next_packet());
            let Some(mut held) = self.held.take() else {
                match next {
                    Ok(Some(packet)) if self.is_ogg && packet.trim_end.get() > 0 => self.held = Some(packet),
                    other => return other,
                }
                continue;
            };
            if let Ok(Some(packet)) = &next
                && packet.track_id == held.track_id
            {
                held.dur = held.dur.saturating_add(held.trim_end);
                held.trim_end = Default::default();
            }
            self.next = Some(next);
            return Ok(Some(held));
        }
    }
}
