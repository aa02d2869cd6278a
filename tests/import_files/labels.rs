//! Who says what a file is called and which genre it has: tags of every kind, folders at the wrong level, names that are no text.

use crate::made::{RATE_HZ, Wav, aiff, fixture, id3v2, tone};
use crate::made_opus;
use crate::tree::{Tree, genres_of, noted};
use songspace::corpus::{DatasetFormat, ImportOptions, OfficialSplit, Silent, import};

#[test]
fn lists_in_tags_are_several_genres_and_one_artist() {
    let tree = Tree::new();
    let mp3 = std::fs::read(fixture("cbr.mp3")).unwrap();
    let bare = &mp3[mp3.windows(2).position(|pair| pair == [0xff, 0xfb]).unwrap()..];
    let tagged = |genre: &str, artist: &str| [&id3v2(&[(b"TCON", genre), (b"TPE1", artist)]), bare].concat();
    tree.write("a.mp3", tagged("Rock\0Pop", "Ana\0Ben"))
        .write("b.mp3", tagged("(17)(13)", "Ana"))
        .write("c.mp3", tagged("17\0Gabber", "Ana\0Cleo"));
    for (name, genre) in [("d.mp3", "(RX)"), ("e.mp3", "(255)"), ("f.mp3", "255"), ("g.mp3", "CR")] {
        tree.write(name, tagged(genre, "Dora"));
    }
    let samples = tone(1.0, 48_000);
    let comments = ["GENRE=Jazz", "genre=Blues", "ARTIST=Ana", "ARTIST=Eve", "TITLE=Blue"];
    let packets = made_opus::packets(&samples, 1);
    let opus = made_opus::ogg(1, &made_opus::head(1, 0), &comments, &packets, samples.len() as u64);
    tree.write("h.opus", opus);
    let corpus = tree.import();
    assert_eq!(genres_of(&corpus, "a.mp3"), ["Pop", "Rock"]);
    assert_eq!(genres_of(&corpus, "b.mp3"), ["Pop", "Rock"]);
    assert_eq!(genres_of(&corpus, "c.mp3"), ["Gabber", "Rock"]);
    for name in ["d.mp3", "e.mp3", "f.mp3", "g.mp3"] {
        assert!(genres_of(&corpus, name).is_empty(), "{name}");
    }
    assert_eq!(genres_of(&corpus, "h.opus"), ["Blues", "Jazz"]);
    assert_eq!(corpus.clips[7].title, "Blue");
    let group = |name: &str| {
        &corpus
            .clips
            .iter()
            .find(|clip| clip.path.display == name)
            .unwrap()
            .group
    };
    for name in ["b.mp3", "c.mp3", "h.opus"] {
        assert_eq!(group("a.mp3"), group(name), "{name}: one artist, one side");
    }
    assert_ne!(group("a.mp3"), group("d.mp3"));
}

#[test]
fn lists_in_mp4_are_several_genres() {
    use lofty::config::WriteOptions;
    use lofty::tag::{ItemKey, ItemValue, Tag, TagExt, TagItem, TagType};
    let tree = Tree::new();
    tree.write("a.m4a", std::fs::read(fixture("aac.m4a")).unwrap());
    let mut tag = Tag::new(TagType::Mp4Ilst);
    for genre in ["Jazz", "Blues"] {
        tag.push(TagItem::new(ItemKey::Genre, ItemValue::Text(genre.into())));
    }
    tag.save_to_path(tree.at("a.m4a"), WriteOptions::default()).unwrap();
    assert_eq!(genres_of(&tree.import(), "a.m4a"), ["Blues", "Jazz"]);
}

#[test]
fn chunks_of_wav_and_aiff_hold_tags() {
    let tree = Tree::new();
    let samples = tone(1.0, RATE_HZ);
    let info = || Wav::info(&[(b"INAM", "Blue"), (b"IART", "Ana"), (b"IGNR", "Jazz"), (b"IPRD", "Sea")]);
    let id3 = id3v2(&[
        (b"TIT2", "Blue"),
        (b"TPE1", "Ana"),
        (b"TCON", "Jazz\0Blues"),
        (b"TALB", "Sea"),
    ]);
    let before = Wav {
        before: info(),
        ..Wav::default()
    };
    let behind = Wav {
        behind: info(),
        claimed_riff_bytes: Some(20),
        ..Wav::default()
    };
    let tagged = Wav {
        behind: Wav::id3(&id3),
        ..Wav::default()
    };
    let chunk = [b"ID3 ".as_slice(), &(id3.len() as u32).to_be_bytes(), &id3].concat();
    tree.write("before.wav", before.of(&samples))
        .write("behind.wav", behind.of(&samples))
        .write("id3.wav", tagged.of(&samples))
        .write("id3.aiff", aiff(&samples, None, None, samples.len() as u32, &chunk));
    let corpus = tree.import();
    for clip in &corpus.clips {
        let tags = (clip.title.as_str(), clip.artist.as_str(), clip.album.as_str());
        assert_eq!(tags, ("Blue", "Ana", "Sea"), "{}", clip.path.display);
    }
    assert_eq!(genres_of(&corpus, "before.wav"), ["Jazz"]);
    assert_eq!(genres_of(&corpus, "behind.wav"), ["Jazz"]);
    assert_eq!(genres_of(&corpus, "id3.wav"), ["Blues", "Jazz"]);
    assert_eq!(genres_of(&corpus, "id3.aiff"), ["Blues", "Jazz"]);
}

const FMA_TRACKS: &str = ",set,track\n,split,genre_top\ntrack_id,,\n2,training,Hip-Hop\n5,test,Pop\n";
const DEAM_RATINGS: &str = "song_id, valence_mean, arousal_mean\n2,3.0,7.0\n";

#[test]
fn a_dataset_is_known_by_its_files_not_by_a_folder_beside_it() {
    let own = Tree::new();
    own.write("fma_metadata/tracks.csv", FMA_TRACKS)
        .music("mine/Rock/a.wav")
        .music("mine/Gabber/b.wav")
        .music("mine/000/000999.wav");
    assert_eq!(
        DatasetFormat::detect(&own.at("mine")),
        DatasetFormat::Folders,
        "no id of the table"
    );
    let corpus = import(&own.at("mine"), &ImportOptions::default(), &Silent).unwrap();
    assert_eq!(genres_of(&corpus, "Gabber/b.wav"), ["Gabber"]);
    let doubled = Tree::new();
    doubled
        .write("fma_metadata/tracks.csv", FMA_TRACKS)
        .music("fma_small/fma_small/000/000002.wav");
    for source in [
        doubled.at(""),
        doubled.at("fma_small"),
        doubled.at("fma_small/fma_small"),
    ] {
        let corpus = import(&source, &ImportOptions::default(), &Silent).unwrap();
        if source.ends_with("fma_small/fma_small") {
            continue;
        }
        assert_eq!(corpus.genres, ["Hip-Hop"], "{}", source.display());
    }
    let loops = Tree::new();
    loops
        .write("annotations/notes.txt", "mine")
        .music("audio/Techno/a.wav")
        .music("audio/House/b.wav");
    assert_eq!(DatasetFormat::detect(&loops.at("")), DatasetFormat::Folders);
    assert_eq!(loops.import().genres, ["House", "Techno"]);
    let rated = "annotations/annotations averaged per song/song_level/static_annotations_averaged_songs_1_2000.csv";
    loops.write(rated, DEAM_RATINGS);
    assert_eq!(
        DatasetFormat::detect(&loops.at("")),
        DatasetFormat::Folders,
        "none of the songs is here"
    );
    loops.music("audio/2.wav");
    assert_eq!(DatasetFormat::detect(&loops.at("")), DatasetFormat::Deam);
}

#[test]
fn genres_come_from_the_level_that_names_them() {
    for wrapper in ["", "My Set/", "data/", "archive/My Set/"] {
        let tree = Tree::new();
        for (split, genre) in [("train", "Jazz"), ("train", "Gabber"), ("test", "Jazz")] {
            tree.music(format!("{wrapper}{split}/{genre}/{split} {genre}.wav"));
        }
        let corpus = tree.import();
        assert_eq!(corpus.genres, ["Gabber", "Jazz"], "{wrapper}");
        let sides: Vec<_> = corpus.clips.iter().map(|clip| clip.official_split).collect();
        let (training, test) = (Some(OfficialSplit::Training), Some(OfficialSplit::Test));
        assert_eq!(sides, [test, training, training], "{wrapper}");
    }
    let gtzan = Tree::new();
    for genre in ["jazz", "hiphop"] {
        gtzan.music(format!("archive/Data/genres_original/{genre}/{genre}.00000.wav"));
    }
    assert_eq!(DatasetFormat::detect(&gtzan.at("")), DatasetFormat::Gtzan);
    assert_eq!(gtzan.import().genres, ["Hip-Hop", "Jazz"]);
}

#[test]
fn folders_are_one_genre_each_whatever_they_are_called() {
    let tree = Tree::new();
    tree.music("Drum, Bass/a.wav")
        .music("\u{1f525}/b.wav")
        .music("Chanson franc\u{327}aise/c.wav")
        .music("Chanson fran\u{e7}aise/d.wav");
    let corpus = tree.import();
    assert_eq!(genres_of(&corpus, "Drum, Bass/a.wav"), ["Drum & Bass"]);
    assert_eq!(genres_of(&corpus, "\u{1f525}/b.wav"), ["\u{1f525}"]);
    assert_eq!(
        corpus.genres.len(),
        3,
        "two spellings of one accent are one genre: {:?}",
        corpus.genres
    );
}

#[test]
fn artists_folders_are_told_from_genres() {
    let tree = Tree::new();
    let tagged = |artist: &str| Wav {
        before: Wav::info(&[(b"IART", artist), (b"IGNR", "Jazz")]),
        ..Wav::default()
    };
    let samples = tone(1.0, RATE_HZ);
    tree.write("Ana Trio/a.wav", tagged("Ana Trio").of(&samples))
        .write("Late Night/b.wav", tagged("Ben").of(&samples));
    let corpus = tree.import();
    assert_eq!(genres_of(&corpus, "Ana Trio/a.wav"), ["Jazz"]);
    assert_eq!(
        genres_of(&corpus, "Late Night/b.wav"),
        ["Late Night"],
        "a folder's name counts"
    );
    assert!(
        noted(&corpus, "1 files lie in folders named after their artists"),
        "{:?}",
        corpus.notes
    );
    assert!(
        noted(&corpus, "1 files lie in folders whose names are no genres known here"),
        "{:?}",
        corpus.notes
    );
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_shown_stored_and_found_again() {
    use songspace::corpus::find_shown;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let tree = Tree::new();
    let names = [
        b"Jazz/caf\xe9.wav".as_slice(),
        b"Jazz/caf\xe8.wav",
        b"Jazz/\x1b[31mred.wav",
    ];
    for name in names {
        tree.music(OsStr::from_bytes(name));
    }
    tree.write(OsStr::from_bytes(b"Jazz/broken\xff\x1b[2J.wav"), "no sound");
    let corpus = tree.import();
    let mut shown: Vec<&str> = corpus.clips.iter().map(|clip| clip.path.display.as_str()).collect();
    shown.sort_unstable();
    assert_eq!(
        shown,
        ["Jazz/\\x1B[31mred.wav", "Jazz/caf\\xE8.wav", "Jazz/caf\\xE9.wav"]
    );
    for clip in &corpus.clips {
        assert_eq!(
            find_shown(&corpus.root, &clip.path.display).as_ref(),
            Some(&clip.path.real)
        );
    }
    let problem = &corpus.problems[0];
    assert!(problem.to_string().contains("broken\\xFF\\x1B[2J.wav: "), "{problem}");
    let json = serde_json::to_string(&corpus.problems).unwrap();
    assert!(json.contains("broken\\\\xFF"), "{json}");
    let json = serde_json::to_string(&corpus.clips).unwrap();
    assert!(json.contains("caf\\\\xE9"), "{json}");
}
