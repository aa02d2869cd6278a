//! Which container a file is by its first bytes, whatever its name says. Any thread.
//!
//! Signatures: RFC 9639 (FLAC), RFC 3533 (Ogg), RFC 7845 (Opus), ISO/IEC 14496-12 (MP4), ID3v2.4, the RIFF,
//! AIFF, CAF and Sun/NeXT AU specifications.

use super::DecodeError;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A container known by its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    Wav,
    Aiff,
    Caf,
    Flac,
    OggVorbis,
    OggOpus,
    OggOther,
    Mp4,
    Mp3,
    Adts,
    Au,
    /// No signature: the demuxers may still find their way.
    Unknown,
}

impl Container {
    /// Extension hint for the demuxer.
    pub(super) fn extension(self) -> Option<&'static str> {
        Some(match self {
            Self::Wav => "wav",
            Self::Aiff => "aiff",
            Self::Caf => "caf",
            Self::Flac => "flac",
            Self::OggVorbis | Self::OggOpus | Self::OggOther => "ogg",
            Self::Mp4 => "m4a",
            Self::Mp3 => "mp3",
            Self::Adts => "aac",
            Self::Au => "au",
            Self::Unknown => return None,
        })
    }

    /// Extensions (lower case) under which it is commonly found.
    fn usual_extensions(self) -> &'static [&'static str] {
        match self {
            Self::Wav => &["wav", "wave", "bwf"],
            Self::Aiff => &["aif", "aiff", "aifc"],
            Self::Caf => &["caf"],
            Self::Flac => &["flac"],
            Self::OggVorbis | Self::OggOther => &["ogg", "oga", "ogx"],
            Self::OggOpus => &["opus", "ogg", "oga"],
            Self::Mp4 => &["m4a", "mp4", "m4b", "m4r", "alac", "aac", "mov"],
            Self::Mp3 => &["mp3", "mpga", "mp2"],
            Self::Adts => &["aac", "adts"],
            Self::Au => &["au", "snd"],
            Self::Unknown => &[],
        }
    }
}

/// Extensions (lower case) that a scan takes for music, whether or not they can be decoded.
pub(in crate::corpus) const AUDIO_EXTENSIONS: [&str; 27] = [
    "mp3", "mpga", "mp2", "m4a", "mp4", "m4b", "m4r", "alac", "aac", "adts", "flac", "ogg", "oga", "opus", "wav",
    "wave", "bwf", "aif", "aiff", "aifc", "caf", "au", "snd", "wma", "ape", "wv", "mka",
];

/// Looks at the first bytes of the file at `path`.
///
/// # Errors
/// When the file cannot be opened or is empty, and when it is of a kind that no decoder here reads.
pub(super) fn sniff(path: &Path) -> Result<Container, DecodeError> {
    let mut head = Vec::with_capacity(64);
    File::open(path)?.take(64).read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(DecodeError::Empty);
    }
    let container = signature(&head);
    match container {
        Container::OggOpus => Err(DecodeError::Unsupported("Opus audio".into())),
        Container::Unknown if head.starts_with(b"wvpk") => Err(DecodeError::Unsupported("WavPack audio".into())),
        Container::Unknown if head.starts_with(b"MAC ") => Err(DecodeError::Unsupported("Monkey's Audio".into())),
        Container::Unknown if head.starts_with(&[0x30, 0x26, 0xb2, 0x75]) => {
            Err(DecodeError::Unsupported("Windows Media audio".into()))
        }
        Container::Unknown if head.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]) => {
            Err(DecodeError::Unsupported("Matroska audio".into()))
        }
        container => Ok(container),
    }
}

fn signature(head: &[u8]) -> Container {
    let at = |offset: usize, bytes: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    if at(0, b"RIFF") && at(8, b"WAVE") {
        Container::Wav
    } else if at(0, b"FORM") && (at(8, b"AIFF") || at(8, b"AIFC")) {
        Container::Aiff
    } else if at(0, b"caff") {
        Container::Caf
    } else if at(0, b"fLaC") {
        Container::Flac
    } else if at(0, b"OggS") {
        match () {
            () if at(28, b"OpusHead") => Container::OggOpus,
            () if at(29, b"vorbis") => Container::OggVorbis,
            () => Container::OggOther,
        }
    } else if at(4, b"ftyp") {
        Container::Mp4
    } else if at(0, b".snd") {
        Container::Au
    } else if at(0, b"ID3") {
        Container::Mp3
    } else if head.len() > 1 && head[0] == 0xff && head[1] & 0xf6 == 0xf0 {
        Container::Adts
    } else if head.len() > 1 && head[0] == 0xff && head[1] & 0xe0 == 0xe0 {
        Container::Mp3
    } else {
        Container::Unknown
    }
}

/// A sentence when the name of the file promises another format than its bytes.
pub(super) fn mismatched_extension(path: &Path, container: Container) -> Option<String> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    let usual = container.usual_extensions();
    let first = usual.first()?;
    // An ID3 tag may precede FLAC and AAC too, so it proves nothing about them.
    let tagged = container == Container::Mp3 && ["flac", "aac"].contains(&extension.as_str());
    (AUDIO_EXTENSIONS.contains(&extension.as_str()) && !usual.contains(&extension.as_str()) && !tagged)
        .then(|| format!("named .{extension} but really {first}; it was read as {first}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_told_apart() {
        let mut opus = vec![0u8; 64];
        opus[..4].copy_from_slice(b"OggS");
        opus[28..36].copy_from_slice(b"OpusHead");
        assert_eq!(signature(&opus), Container::OggOpus);
        assert_eq!(signature(b"RIFF\0\0\0\0WAVEfmt "), Container::Wav);
        assert_eq!(signature(b"RIFF\0\0\0\0AVI LIST"), Container::Unknown);
        assert_eq!(signature(&[0xff, 0xfb, 0x90, 0x64]), Container::Mp3, "MPEG-1 layer 3");
        assert_eq!(
            signature(&[0xff, 0xf1, 0x50, 0x80]),
            Container::Adts,
            "layer bits 0 are AAC"
        );
        assert_eq!(signature(b"f"), Container::Unknown);
    }

    #[test]
    fn only_a_wrong_name_is_reported() {
        assert!(mismatched_extension(Path::new("a.mp3"), Container::Wav).is_some());
        assert!(mismatched_extension(Path::new("a.MP3"), Container::Mp3).is_none());
        assert!(
            mismatched_extension(Path::new("a.flac"), Container::Mp3).is_none(),
            "a tag before FLAC"
        );
        assert!(mismatched_extension(Path::new("a"), Container::Wav).is_none());
    }
}
