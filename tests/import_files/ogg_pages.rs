//! Ogg pages whose counts are a little off, as FFmpeg writes them: only the last one says where the sound ends.

use crate::made_opus::seal;
use songspace::corpus::decode::decode;
use std::ops::Range;
use std::path::Path;

/// Where every page of `bytes` lies.
fn pages(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut pages = Vec::new();
    let mut start = 0;
    while start + 27 <= bytes.len() {
        assert_eq!(&bytes[start..start + 4], b"OggS");
        let segments = usize::from(bytes[start + 26]);
        let lacing = &bytes[start + 27..start + 27 + segments];
        let len = 27 + segments + lacing.iter().map(|byte| usize::from(*byte)).sum::<usize>();
        pages.push(start..start + len);
        start += len;
    }
    pages
}

/// Changes the sample count of the page at `page` by `by`.
fn miscount(bytes: &mut [u8], page: Range<usize>, by: i64) {
    let page = &mut bytes[page];
    let counted = i64::from_le_bytes(page[6..14].try_into().unwrap()) + by;
    page[6..14].copy_from_slice(&counted.to_le_bytes());
    seal(page);
}

fn samples(bytes: &[u8]) -> Vec<f32> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("music.ogg");
    std::fs::write(&path, bytes).unwrap();
    let decoded = decode(&path, 44_100, 600.0, &|| false).unwrap();
    assert!(decoded.notes.is_empty(), "{:?}", decoded.notes);
    decoded.samples
}

#[test]
fn a_page_in_the_middle_that_miscounts_cuts_nothing_and_the_last_one_does() {
    let song = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs/Jazz/jazz_002.ogg");
    let whole = std::fs::read(song).unwrap();
    let wanted = samples(&whole);
    let found = pages(&whole);
    assert!(found.len() > 5, "{} pages", found.len());
    for by in [448, -448] {
        let mut bytes = whole.clone();
        miscount(&mut bytes, found[3].clone(), by);
        let heard = samples(&bytes);
        assert_eq!(heard.len(), wanted.len(), "a page miscounts by {by}");
        assert!(heard == wanted, "a page miscounts by {by}");
    }
    let mut shorter = whole.clone();
    miscount(&mut shorter, found[found.len() - 1].clone(), -100);
    assert_eq!(samples(&shorter).len(), wanted.len() - 100);
}
