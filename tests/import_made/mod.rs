//! Files made byte by byte: what programs write that crash, pipe, join or follow a specification to the letter.

use std::path::{Path, PathBuf};

pub const RATE_HZ: u32 = 44_100;

/// A decaying tone of two partials, in steps of 16 bits.
pub fn tone(secs: f32, rate_hz: u32) -> Vec<i16> {
    let sample = |i: usize| {
        let time = i as f32 / rate_hz as f32;
        let wave = (time * 2_764.6).sin() + 0.5 * (time * 6_911.5).sin();
        (wave * 9_000.0 * (-0.3 * time).exp()) as i16
    };
    (0..(secs * rate_hz as f32) as usize).map(sample).collect()
}

fn chunk(id: &[u8; 4], size: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = [id.as_slice(), &size.to_le_bytes(), content].concat();
    if bytes.len() % 2 == 1 {
        bytes.push(0);
    }
    bytes
}

/// The chunks of a WAV file and the lengths that its header claims.
pub struct Wav {
    pub magic: [u8; 4],
    pub format: u16,
    pub channels: u16,
    pub claimed_riff_bytes: Option<u32>,
    pub claimed_data_bytes: Option<u32>,
    /// Chunks before the data.
    pub before: Vec<u8>,
    /// Chunks behind the data.
    pub behind: Vec<u8>,
}

impl Default for Wav {
    fn default() -> Self {
        Self {
            magic: *b"RIFF",
            format: 1,
            channels: 1,
            claimed_riff_bytes: None,
            claimed_data_bytes: None,
            before: Vec::new(),
            behind: Vec::new(),
        }
    }
}

impl Wav {
    pub fn of(self, samples: &[i16]) -> Vec<u8> {
        let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        self.holding(&data)
    }

    pub fn holding(self, data: &[u8]) -> Vec<u8> {
        let align = 2 * self.channels;
        let mut format = Vec::new();
        format.extend(self.format.to_le_bytes());
        format.extend(self.channels.to_le_bytes());
        format.extend(RATE_HZ.to_le_bytes());
        format.extend((RATE_HZ * u32::from(align)).to_le_bytes());
        format.extend(align.to_le_bytes());
        format.extend(16u16.to_le_bytes());
        let claimed = self.claimed_data_bytes.unwrap_or(data.len() as u32);
        let chunks = [
            self.before,
            chunk(b"fmt ", format.len() as u32, &format),
            chunk(b"data", claimed, data),
            self.behind,
        ]
        .concat();
        let riff = self.claimed_riff_bytes.unwrap_or(chunks.len() as u32 + 4);
        [self.magic.as_slice(), &riff.to_le_bytes(), b"WAVE", &chunks].concat()
    }

    /// The `ds64` chunk of RF64 and BW64 for `data_bytes` of sound.
    pub fn long_sizes(data_bytes: u64) -> Vec<u8> {
        let content = [(data_bytes + 100).to_le_bytes(), data_bytes.to_le_bytes(), [0; 8]].concat();
        chunk(b"ds64", 28, &[content, vec![0; 4]].concat())
    }

    /// A `LIST` of information: ids and texts.
    pub fn info(texts: &[(&[u8; 4], &str)]) -> Vec<u8> {
        let entries = texts.iter().flat_map(|(id, text)| {
            let content = [text.as_bytes(), b"\0"].concat();
            chunk(id, content.len() as u32, &content)
        });
        let content: Vec<u8> = b"INFO".iter().copied().chain(entries).collect();
        chunk(b"LIST", content.len() as u32, &content)
    }

    /// An `id3 ` chunk round a tag.
    pub fn id3(tag: &[u8]) -> Vec<u8> {
        chunk(b"id3 ", tag.len() as u32, tag)
    }
}

/// A mono AIFF file of `samples` that claims these lengths and frames.
pub fn aiff(samples: &[i16], form_bytes: Option<u32>, sound_bytes: Option<u32>, frames: u32, behind: &[u8]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_be_bytes()).collect();
    let mut common = b"COMM\0\0\0\x12\0\x01".to_vec();
    common.extend(frames.to_be_bytes());
    common.extend([0, 16]);
    // 44,100 as an 80-bit float.
    common.extend([0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0]);
    let mut sound = b"SSND".to_vec();
    sound.extend(sound_bytes.unwrap_or(data.len() as u32 + 8).to_be_bytes());
    sound.extend([0; 8]);
    sound.extend(&data);
    let body = [b"AIFF".as_slice(), &common, &sound, behind].concat();
    [
        b"FORM".as_slice(),
        &form_bytes.unwrap_or(body.len() as u32).to_be_bytes(),
        &body,
    ]
    .concat()
}

/// An ID3v2.4 tag of text frames.
pub fn id3v2(frames: &[(&[u8; 4], &str)]) -> Vec<u8> {
    let safe = |len: usize| [21, 14, 7, 0].map(|shift| (len >> shift) as u8 & 0x7f);
    let body: Vec<u8> = frames
        .iter()
        .flat_map(|(id, text)| {
            let content = [b"\x03".as_slice(), text.as_bytes()].concat();
            [id.as_slice(), &safe(content.len()), &[0, 0], &content].concat()
        })
        .collect();
    [b"ID3\x04\0\0".as_slice(), &safe(body.len()), &body].concat()
}

/// A tag of ID3's first version, as old programs append it to anything.
pub fn id3v1() -> Vec<u8> {
    let mut tag = b"TAGOld title".to_vec();
    tag.resize(127, 0);
    tag.push(17);
    tag
}

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("assets/fixtures/containers")
        .join(name)
}
