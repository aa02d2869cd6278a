//! The containers of music: how files of each are named, what is read of them and what is not. Plain values.

use std::ffi::OsStr;
use std::path::Path;

/// A container known by its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// RIFF, RF64 and BW64 with WAVE inside.
    Wav,
    /// AIFF and AIFF-C.
    Aiff,
    /// Apple's Core Audio Format.
    Caf,
    /// Native FLAC, not in Ogg.
    Flac,
    /// Ogg whose first stream is Vorbis.
    OggVorbis,
    /// Ogg whose first stream is Opus.
    OggOpus,
    /// Ogg with anything else first, such as FLAC or Speex.
    OggOther,
    /// MP4, M4A, QuickTime and 3GP: an `ftyp` box comes first.
    Mp4,
    /// Matroska and WebM.
    Matroska,
    /// MPEG audio frames, with or without an ID3v2 tag before them.
    Mp3,
    /// AAC as a bare stream of ADTS frames.
    Adts,
    /// Sun and NeXT audio.
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
            Self::Matroska => "mka",
            Self::Mp3 => "mp3",
            Self::Adts => "aac",
            Self::Au => "au",
            Self::Unknown => return None,
        })
    }

    /// Extensions (lower case) under which it is commonly found.
    fn usual_extensions(self) -> &'static [&'static str] {
        match self {
            Self::Wav => &["wav", "wave", "bwf", "rf64"],
            Self::Aiff => &["aif", "aiff", "aifc"],
            Self::Caf => &["caf"],
            Self::Flac => &["flac"],
            Self::OggVorbis | Self::OggOther => &["ogg", "oga", "ogx", "ogv", "spx"],
            Self::OggOpus => &["opus", "ogg", "oga"],
            Self::Mp4 => &["m4a", "mp4", "m4b", "m4r", "m4v", "alac", "aac", "mov", "3gp"],
            Self::Matroska => &["mka", "mkv", "webm", "weba"],
            Self::Mp3 => &["mp3", "mpga", "mp2", "mp1"],
            Self::Adts => &["aac", "adts"],
            Self::Au => &["au", "snd"],
            Self::Unknown => &[],
        }
    }
}

/// Every container with names of its own.
const READ: [Container; 10] = [
    Container::Mp3,
    Container::Mp4,
    Container::Adts,
    Container::Flac,
    Container::OggVorbis,
    Container::OggOpus,
    Container::Wav,
    Container::Aiff,
    Container::Caf,
    Container::Au,
];

/// Extensions (lower case) of music that no decoder here reads, with what it is: such files are listed, not passed over.
const UNREAD: [(&str, &str); 17] = [
    ("wma", "Windows Media audio"),
    ("asf", "Windows Media audio"),
    ("ape", "Monkey's Audio"),
    ("wv", "WavPack audio"),
    ("tta", "True Audio"),
    ("mpc", "Musepack audio"),
    ("mp+", "Musepack audio"),
    ("mpp", "Musepack audio"),
    ("dsf", "DSD audio"),
    ("dff", "DSD audio"),
    ("ac3", "Dolby Digital audio"),
    ("eac3", "Dolby Digital audio"),
    ("dts", "DTS audio"),
    ("amr", "AMR speech"),
    ("ra", "RealAudio"),
    ("shn", "Shorten audio"),
    ("tak", "TAK audio"),
];

fn extension_of(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
}

/// Whether the name of `path` has an extension of music, readable here or not.
pub(in crate::corpus) fn is_music(path: &Path) -> bool {
    let Some(extension) = path.extension().and_then(OsStr::to_str) else {
        return false;
    };
    let named = |name: &str| name.eq_ignore_ascii_case(extension);
    READ.iter()
        .chain([&Container::Matroska])
        .any(|container| container.usual_extensions().iter().any(|name| named(name)))
        || UNREAD.iter().any(|(name, _)| named(name))
}

/// What a file is by its name, where no decoder here reads such files.
pub(super) fn unread_kind(path: &Path) -> Option<&'static str> {
    let extension = extension_of(path)?;
    UNREAD
        .iter()
        .find(|(name, _)| *name == extension)
        .map(|(_, kind)| *kind)
}

/// The formats that are read, for a sentence.
pub(in crate::corpus) fn readable_names() -> &'static str {
    "mp3, m4a, flac, ogg, opus, wav, aiff, caf, au, mka or webm"
}

/// A sentence when the name of the file promises another format than its bytes.
pub(super) fn mismatched_extension(path: &Path, container: Container) -> Option<String> {
    let extension = extension_of(path)?;
    let usual = container.usual_extensions();
    let first = usual.first()?;
    (is_music(path) && !usual.contains(&extension.as_str()))
        .then(|| format!("named .{extension} but really {first}; it was read as {first}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_wrong_name_is_reported() {
        assert!(mismatched_extension(Path::new("a.mp3"), Container::Wav).is_some());
        assert!(mismatched_extension(Path::new("a.MP3"), Container::Mp3).is_none());
        assert!(mismatched_extension(Path::new("a"), Container::Wav).is_none());
    }

    #[test]
    fn music_that_is_not_read_counts_as_music() {
        for name in [
            "a.webm", "a.MKV", "a.mov", "a.m4v", "a.3gp", "a.tta", "a.wv", "a.ape", "a.mpc", "a.wma", "a.dsf",
        ] {
            assert!(is_music(Path::new(name)), "{name}");
        }
        assert!(!is_music(Path::new("a.txt")) && !is_music(Path::new("wav")));
    }
}
