//! Which container a file is by its first bytes, whatever its name says. Any thread.
//!
//! Signatures: RFC 9639 (FLAC), RFC 3533 (Ogg), RFC 7845 (Opus), ISO/IEC 14496-12 (MP4), RFC 9559 (Matroska), ID3v2.4, the
//! RIFF, RF64 (EBU Tech 3306), AIFF, CAF and Sun/NeXT AU specifications.

use super::container::{Container, unread_kind};
use super::trailing::id3v2_len;
use crate::corpus::DecodeError;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Signatures of music that no decoder here reads.
const UNREAD: [(&[u8], &str); 9] = [
    (b"wvpk", "WavPack audio"),
    (b"MAC ", "Monkey's Audio"),
    (&[0x30, 0x26, 0xb2, 0x75], "Windows Media audio"),
    (b"TTA1", "True Audio"),
    (b"TTA2", "True Audio"),
    (b"MP+", "Musepack audio"),
    (b"MPCK", "Musepack audio"),
    (b"DSD ", "DSD audio"),
    (b"FRM8", "DSD audio"),
];

/// ID3 tags passed over at the start.
const MOST_TAGS: usize = 4;

/// Looks at the first bytes of the file at `path`; a tag before them is passed over.
///
/// # Errors
/// When the file cannot be opened or is empty, and when it is of a kind that no decoder here reads.
pub(super) fn sniff(path: &Path) -> Result<Container, DecodeError> {
    let mut file = File::open(path)?;
    let mut head = read_head(&mut file)?;
    if head.is_empty() {
        return Err(DecodeError::Empty);
    }
    let (mut at, mut tagged) = (0, false);
    for _ in 0..MOST_TAGS {
        let Some(len) = id3v2_len(&head) else { break };
        tagged = true;
        at += len;
        file.seek(SeekFrom::Start(at))?;
        head = read_head(&mut file)?;
    }
    if let Some((_, kind)) = UNREAD.iter().find(|(start, _)| head.starts_with(start)) {
        return Err(DecodeError::Unsupported((*kind).into()));
    }
    match signature(&head) {
        // Nearly everything behind such a tag is MP3, perhaps after some padding.
        Container::Unknown if tagged => Ok(Container::Mp3),
        Container::Unknown => match unread_kind(path) {
            Some(kind) => Err(DecodeError::Unsupported(kind.into())),
            None => Ok(Container::Unknown),
        },
        Container::OggOther if head.get(28..).is_some_and(|codec| codec.starts_with(b"Speex   ")) => {
            Err(DecodeError::Unsupported("Speex speech".into()))
        }
        container => Ok(container),
    }
}

fn read_head(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(64);
    file.take(64).read_to_end(&mut head)?;
    Ok(head)
}

fn signature(head: &[u8]) -> Container {
    let at = |offset: usize, bytes: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    let riff = at(0, b"RIFF") || at(0, b"RF64") || at(0, b"BW64");
    if riff && at(8, b"WAVE") {
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
    } else if at(0, &[0x1a, 0x45, 0xdf, 0xa3]) {
        Container::Matroska
    } else if at(0, b".snd") {
        Container::Au
    } else if head.len() > 1 && head[0] == 0xff && head[1] & 0xf6 == 0xf0 {
        Container::Adts
    } else if head.len() > 1 && head[0] == 0xff && head[1] & 0xe0 == 0xe0 {
        Container::Mp3
    } else {
        Container::Unknown
    }
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
        assert_eq!(signature(b"RF64\xff\xff\xff\xffWAVEds64"), Container::Wav);
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
    fn a_tag_in_front_hides_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.flac");
        let tag = b"ID3\x04\0\0\0\0\0\x0a0123456789";
        std::fs::write(&path, [tag.as_slice(), b"fLaC\0\0\0\x22"].concat()).unwrap();
        assert_eq!(sniff(&path).unwrap(), Container::Flac);
        std::fs::write(&path, [tag.as_slice(), b"\0\0\0\0\xff\xfb\x90\x64"].concat()).unwrap();
        assert_eq!(sniff(&path).unwrap(), Container::Mp3);
    }

    #[test]
    fn what_is_not_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes, kind) in [
            ("a.dsf", b"DSD \x1c\0\0\0".as_slice(), "DSD"),
            ("a.tta", b"TTA1\x01\0", "True Audio"),
            ("a.mpc", b"MPCKSH", "Musepack"),
            ("a.tak", b"tBaK\0\0", "TAK"),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            match sniff(&path) {
                Err(DecodeError::Unsupported(what)) => assert!(what.contains(kind), "{what}"),
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}
