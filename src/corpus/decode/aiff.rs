//! What an AIFF file's chunks really hold, whatever lengths its header claims. Any thread.

use super::container::Container;
use super::shown::Shown;
use super::view::FileView;

/// Chunks looked at.
const MOST_CHUNKS: usize = 4_096;
const UNKNOWN: u32 = u32::MAX;

/// Corrects the lengths in `view`: of the whole form, and of sound data that breaks off.
pub(super) fn corrected(mut view: FileView) -> Shown {
    let len = view.len();
    let (mut at, mut end, mut frames) = (12, 12, None);
    for _ in 0..MOST_CHUNKS {
        let Some(header) = view.bytes_at::<8>(at) else { break };
        let [a, b, c, d, size @ ..] = header;
        let (id, size) = ([a, b, c, d], u32::from_be_bytes(size));
        let present = len - (at + 8);
        if &id == b"COMM" {
            frames = frame_count(&mut view, at + 8);
        }
        let unknown = size == UNKNOWN || (size == 0 && &id == b"SSND");
        if u64::from(size) > present || unknown {
            if &id == b"SSND" {
                let bytes = u32::try_from(present).unwrap_or(UNKNOWN);
                view.patch(at + 4, bytes.to_be_bytes());
                end = len;
            }
            break;
        }
        end = (at + 8 + u64::from(size) + u64::from(size & 1)).min(len);
        at = end;
    }
    view.patch(4, u32::try_from(end - 8).unwrap_or(UNKNOWN).to_be_bytes());
    Shown {
        // A crashed recorder leaves no frames at all.
        frames: frames.filter(|frames| *frames > 0).map(u64::from),
        ..Shown::as_it_is(view, Container::Aiff)
    }
}

/// Sample frames that the common chunk promises, whose content begins at `at`.
fn frame_count(view: &mut FileView, at: u64) -> Option<u32> {
    let [_, _, count @ ..] = view.bytes_at::<6>(at)?;
    Some(u32::from_be_bytes(count)).filter(|count| *count < UNKNOWN)
}
