//! Opus packets in Ogg (RFC 7845) and in Matroska, made here.

use rusty_opus::{Application, OpusEncoder};

/// Samples of a packet.
pub const PACKET_LEN: usize = 960;
/// What the encoder looks ahead, to be dropped at the start.
pub const PRE_SKIP: u16 = 120;

/// Packets of 20 ms of `samples` at 48 kHz, interleaved where there are two channels; the last is filled up with silence.
pub fn packets(samples: &[i16], channels: usize) -> Vec<Vec<u8>> {
    let mut encoder = OpusEncoder::new(48_000, channels, Application::Audio).unwrap();
    let mut padded = samples.to_vec();
    padded.resize(
        (samples.len() + usize::from(PRE_SKIP) * channels).next_multiple_of(PACKET_LEN * channels),
        0,
    );
    let encode = |block: &[i16]| {
        let mut packet = vec![0; 4_000];
        let block: Vec<f32> = block.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
        let len = encoder.encode(&block, PACKET_LEN, &mut packet).unwrap();
        packet.truncate(len);
        packet
    };
    padded.chunks(PACKET_LEN * channels).map(encode).collect()
}

/// `OpusHead` with this output gain in 256ths of a decibel.
pub fn head(channels: u8, gain: i16) -> Vec<u8> {
    let mut head = b"OpusHead\x01".to_vec();
    head.push(channels);
    head.extend(PRE_SKIP.to_le_bytes());
    head.extend(48_000u32.to_le_bytes());
    head.extend(gain.to_le_bytes());
    head.push(0);
    head
}

/// An Ogg stream of `packets` that ends after `len` samples, with `comments` (`KEY=value`).
pub fn ogg(serial: u32, head: &[u8], comments: &[&str], packets: &[Vec<u8>], len: u64) -> Vec<u8> {
    let mut tags = b"OpusTags\x04\0\0\0test".to_vec();
    tags.extend((comments.len() as u32).to_le_bytes());
    for comment in comments {
        tags.extend((comment.len() as u32).to_le_bytes());
        tags.extend(comment.as_bytes());
    }
    let mut bytes = page(serial, 0, 2, 0, &[head]);
    bytes.extend(page(serial, 1, 0, 0, &[&tags]));
    let pages: Vec<&[Vec<u8>]> = packets.chunks(20).collect();
    let mut granule = 0;
    for (index, block) in pages.iter().enumerate() {
        granule += (block.len() * PACKET_LEN) as u64;
        let last = index + 1 == pages.len();
        let end = if last { len + u64::from(PRE_SKIP) } else { granule };
        let parts: Vec<&[u8]> = block.iter().map(Vec::as_slice).collect();
        bytes.extend(page(serial, index as u32 + 2, if last { 4 } else { 0 }, end, &parts));
    }
    bytes
}

fn page(serial: u32, sequence: u32, flags: u8, granule: u64, packets: &[&[u8]]) -> Vec<u8> {
    let mut lacing = Vec::new();
    for packet in packets {
        lacing.extend(std::iter::repeat_n(255, packet.len() / 255));
        lacing.push((packet.len() % 255) as u8);
    }
    let mut page = b"OggS\0".to_vec();
    page.push(flags);
    page.extend(granule.to_le_bytes());
    page.extend(serial.to_le_bytes());
    page.extend(sequence.to_le_bytes());
    page.extend([0; 4]);
    page.push(lacing.len() as u8);
    page.extend(lacing);
    page.extend(packets.concat());
    seal(&mut page);
    page
}

/// Writes the checksum of an Ogg page into it.
pub fn seal(page: &mut [u8]) {
    page[22..26].fill(0);
    let checksum = page.iter().fold(0u32, |crc, byte| {
        (0..8).fold(crc ^ (u32::from(*byte) << 24), |crc, _| {
            if crc & 0x8000_0000 == 0 {
                crc << 1
            } else {
                crc << 1 ^ 0x04c1_1db7
            }
        })
    });
    page[22..26].copy_from_slice(&checksum.to_le_bytes());
}

/// A WebM file with one track of Opus.
pub fn webm(head: &[u8], packets: &[Vec<u8>]) -> Vec<u8> {
    let header = [
        element(&[0x42, 0x82], b"webm"),
        element(&[0x42, 0x87], &[4]),
        element(&[0x42, 0x85], &[2]),
    ];
    let audio = [element(&[0xb5], &48_000f64.to_be_bytes()), element(&[0x9f], &[head[9]])];
    let track = [
        element(&[0xd7], &[1]),
        element(&[0x73, 0xc5], &[1]),
        element(&[0x83], &[2]),
        element(&[0x86], b"A_OPUS"),
        element(&[0x63, 0xa2], head),
        element(&[0xe1], &audio.concat()),
    ];
    let secs = packets.len() as f64 * PACKET_LEN as f64 / 48_000.0;
    let info = [
        element(&[0x2a, 0xd7, 0xb1], &1_000_000u32.to_be_bytes()),
        element(&[0x44, 0x89], &(secs * 1_000.0).to_be_bytes()),
        element(&[0x4d, 0x80], b"test"),
        element(&[0x57, 0x41], b"test"),
    ];
    let block = |(index, packet): (usize, &Vec<u8>)| {
        let at = (index * PACKET_LEN / 48) as u16;
        element(
            &[0xa3],
            &[&[0x81, (at >> 8) as u8, at as u8, 0x80], packet.as_slice()].concat(),
        )
    };
    let blocks: Vec<u8> = packets.iter().enumerate().flat_map(block).collect();
    let cluster = [element(&[0xe7], &[0]), blocks].concat();
    let segment = [
        element(&[0x15, 0x49, 0xa9, 0x66], &info.concat()),
        element(&[0x16, 0x54, 0xae, 0x6b], &element(&[0xae], &track.concat())),
        element(&[0x1f, 0x43, 0xb6, 0x75], &cluster),
    ];
    [
        element(&[0x1a, 0x45, 0xdf, 0xa3], &header.concat()),
        element(&[0x18, 0x53, 0x80, 0x67], &segment.concat()),
    ]
    .concat()
}

fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
    let size = (content.len() as u64 | 1 << 56).to_be_bytes();
    [id, &size, content].concat()
}
