//! Opus packets that hold several streams: every one but the last says how long it is (RFC 6716, appendix B). Any thread.

/// The first stream's packet as a packet of its own, and what follows it; `None` where the bytes end before they should.
pub(super) fn split_first(data: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let toc = *data.first()?;
    // Where the length stands that a packet alone does not have, and what lies behind it.
    let (before, behind, body_len) = match toc & 3 {
        0 => {
            let (own, behind) = length(data, 1)?;
            (1, behind, own)
        }
        1 => {
            let (each, behind) = length(data, 1)?;
            (1, behind, 2 * each)
        }
        2 => {
            let (first, before) = length(data, 1)?;
            let (second, behind) = length(data, before)?;
            (before, behind, first + second)
        }
        _ => many(data)?,
    };
    let end = behind.checked_add(body_len)?;
    let packet = [data.get(..before)?, data.get(behind..end)?].concat();
    Some((packet, &data[end..]))
}

/// A packet of any number of frames, perhaps padded.
fn many(data: &[u8]) -> Option<(usize, usize, usize)> {
    let kind = *data.get(1)?;
    let count = usize::from(kind & 0x3f);
    let (is_padded, is_variable) = (kind & 0x40 != 0, kind & 0x80 != 0);
    let mut at = 2;
    let mut padding = 0;
    let mut is_padding_told = !is_padded;
    while !is_padding_told {
        let more = *data.get(at)?;
        at += 1;
        padding += usize::from(more.min(254));
        is_padding_told = more < 255;
    }
    if !is_variable {
        let (each, behind) = length(data, at)?;
        return Some((at, behind, each * count + padding));
    }
    let mut sum = 0;
    for _ in 1..count {
        let (frame, next) = length(data, at)?;
        (sum, at) = (sum + frame, next);
    }
    let (last, behind) = length(data, at)?;
    Some((at, behind, sum + last + padding))
}

/// The length that stands at `at`, and where it ends.
fn length(data: &[u8], at: usize) -> Option<(usize, usize)> {
    let first = usize::from(*data.get(at)?);
    if first < 252 {
        return Some((first, at + 1));
    }
    let second = usize::from(*data.get(at + 1)?);
    Some((first + 4 * second, at + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_packet_is_cut_out_and_the_rest_follows() {
        let long = [[8, 253, 1].as_slice(), &[7; 257], &[99]].concat();
        let long_alone = [[8].as_slice(), &[7; 257]].concat();
        let cases: [(&[u8], &[u8]); 7] = [
            (&[8, 2, 1, 2, 99], &[8, 1, 2]),
            (&[9, 1, 1, 2, 99], &[9, 1, 2]),
            (&[10, 1, 2, 1, 2, 3, 99], &[10, 1, 1, 2, 3]),
            (&[11, 3, 1, 1, 2, 3, 99], &[11, 3, 1, 2, 3]),
            (&[11, 0x82, 1, 2, 1, 2, 3, 99], &[11, 0x82, 1, 1, 2, 3]),
            (&[11, 0x41, 2, 1, 5, 0, 0, 99], &[11, 0x41, 2, 5, 0, 0]),
            (&long, &long_alone),
        ];
        for (joined, alone) in cases {
            assert_eq!(split_first(joined), Some((alone.to_vec(), &[99u8][..])));
        }
        for len in 0..long.len() - 1 {
            assert_eq!(split_first(&long[..len]), None, "{len}");
        }
    }
}
