//! Every collection shape that the import knows, copied in small with its traps: real audio, real headers, real quirks.

use songspace::corpus::{
    Corpus, DatasetFormat, ImportOptions, OfficialSplit, Overrides, ProblemKind, Silent, import, import_all,
};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn container(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("assets/fixtures/containers")
        .join(name)
}

/// A folder being filled with copies of fixtures and with tables.
struct Tree(TempDir);

impl Tree {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn copy(&self, fixture: &str, to: &str) -> &Self {
        self.write(to, &std::fs::read(container(fixture)).unwrap())
    }

    fn write(&self, to: &str, bytes: &[u8]) -> &Self {
        let path = self.path().join(to);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    fn import(&self) -> Corpus {
        import(self.path(), &ImportOptions::default(), &Silent).unwrap()
    }
}

fn genre_of<'a>(corpus: &'a Corpus, path: &str) -> Vec<&'a str> {
    let clip = corpus
        .clips
        .iter()
        .find(|clip| clip.path.display == path)
        .unwrap_or_else(|| panic!("{path} is missing"));
    let shares = clip.genre.iter().zip(&corpus.genres).filter(|(share, _)| **share > 0.0);
    shares.map(|(_, name)| name.as_str()).collect()
}

fn has_problem(corpus: &Corpus, kind: ProblemKind, text: &str) -> bool {
    corpus
        .problems
        .iter()
        .any(|problem| problem.kind == kind && problem.to_string().contains(text))
}

#[test]
fn folders_name_the_genres_and_beat_the_tags() {
    let tree = Tree::new();
    tree.copy("cbr.mp3", "Jazz/a.mp3")
        .copy("flac.flac", "hip hop/b.flac")
        .copy("vorbis.ogg", "loose.ogg");
    let corpus = tree.import();
    assert_eq!(corpus.genres, ["Hip-Hop", "Jazz"]);
    assert_eq!(genre_of(&corpus, "Jazz/a.mp3"), ["Jazz"]);
    assert_eq!(genre_of(&corpus, "hip hop/b.flac"), ["Hip-Hop"]);
    assert_eq!(genre_of(&corpus, "loose.ogg"), ["Jazz"], "in no folder: its tag");
}

#[test]
fn a_library_takes_genres_from_tags_and_groups_by_artist() {
    let tree = Tree::new();
    tree.copy("cbr.mp3", "Trio/Album/1.mp3")
        .copy("flac.flac", "Trio/Album/2.flac")
        .copy("aac.m4a", "Trio/Other/3.m4a");
    tree.copy("alac.m4a", "Untagged Genre/x/4.m4a");
    let corpus = tree.import();
    assert_eq!(
        genre_of(&corpus, "Trio/Album/1.mp3"),
        ["Hip-Hop"],
        "Hip Hop/Rap is one genre"
    );
    assert_eq!(
        genre_of(&corpus, "Trio/Album/2.flac"),
        ["Blues", "Jazz"],
        "two genres are a mix"
    );
    assert_eq!(genre_of(&corpus, "Trio/Other/3.m4a"), ["Jazz"]);
    assert_eq!(
        genre_of(&corpus, "Untagged Genre/x/4.m4a"),
        ["Untagged Genre"],
        "no tag: the top folder"
    );
    let mix = &corpus.clips[1].genre;
    assert!((mix.iter().sum::<f32>() - 1.0).abs() < 1e-6 && mix.contains(&0.5));
    assert!(
        corpus.clips.iter().all(|clip| clip.group == corpus.clips[0].group),
        "one artist, one side"
    );
    assert_eq!(corpus.clips[0].title, "Blue_Walk");
    assert_eq!(
        corpus.genre_names.names("Hip Hop/Rap"),
        ["Hip-Hop"],
        "the mapping is shown"
    );
    let wish = ImportOptions {
        genre_names: [("Hip Hop/Rap".into(), "Rap".into())].into(),
        ..Default::default()
    };
    let edited = import(tree.path(), &wish, &Silent).unwrap();
    assert_eq!(genre_of(&edited, "Trio/Album/1.mp3"), ["Rap"], "and edited");
}

#[test]
fn a_manifest_wins_over_folders_and_names_its_bad_lines() {
    let tree = Tree::new();
    tree.copy("cbr.mp3", "Rock/a.mp3")
        .copy("vorbis.ogg", "Rock/b.ogg")
        .copy("pcm16.wav", "Rock/c.wav");
    let table = "\u{feff}filename;tempo;genre;valence;arousal\r\nRock/a.mp3;120;Jazz;-0.5;0.25\r\nRock\\b.ogg;90;;2.5;calm\r\n\
                 gone.wav;90;Pop;0;0\r\nRock/a.mp3;1;Pop;0;0\r\n;;;;\r\n";
    tree.write("manifest.csv", table.as_bytes());
    let corpus = tree.import();
    assert_eq!(corpus.clips.len(), 2, "c.wav is not in the manifest");
    assert_eq!(genre_of(&corpus, "Rock/a.mp3"), ["Jazz"]);
    assert_eq!(
        (corpus.clips[0].valence, corpus.clips[0].arousal),
        (Some(-0.5), Some(0.25))
    );
    assert!(genre_of(&corpus, "Rock/b.ogg").is_empty(), "unknown stays unknown");
    assert_eq!((corpus.clips[1].valence, corpus.clips[1].arousal), (None, None));
    assert!(has_problem(&corpus, ProblemKind::BadLabel, "outside -1..1"));
    assert!(has_problem(&corpus, ProblemKind::BadLabel, "line 3"));
    assert!(has_problem(&corpus, ProblemKind::Missing, "line 4"));
    assert!(has_problem(&corpus, ProblemKind::BadLine, "line 5"));
    assert!(has_problem(&corpus, ProblemKind::BadLine, "line 6"));
    let by_table = import(&tree.path().join("manifest.csv"), &ImportOptions::default(), &Silent).unwrap();
    assert_eq!(by_table.clips, corpus.clips, "the table alone means the same");
}

const FMA_TRACKS: &str = "\
,album,album,artist,artist,set,set,track,track
,id,information,id,name,split,subset,genre_top,title
track_id,,,,,,,,
2,1,\"<p>two
lines</p>\",11,AWOL,training,small,Hip-Hop,Food
5,1,,11,AWOL,test,small,,This World
99134,9,,12,Nobody,training,small,Rock,No audio
10000,9,,13,Kurt,validation,medium,Pop,Not downloaded
133297,9,,14,Gone,training,small,Rock,Not there
oops,,,,,,,,
";

#[test]
fn fma_as_downloaded() {
    let tree = Tree::new();
    tree.write("fma_metadata/tracks.csv", FMA_TRACKS.as_bytes());
    tree.write(
        "fma_metadata/genres.csv",
        b"genre_id,#tracks,parent,title,top_level\n21,12693,0,Hip-Hop,21\n",
    );
    tree.copy("cbr.mp3", "fma_small/000/000002.mp3")
        .copy("vbr.mp3", "fma_small/000/000005.mp3");
    tree.copy("cbr.mp3", "fma_small/000/000007.mp3")
        .write("fma_small/099/099134.mp3", b"ID3\x04\0\0\0\0\0\0");
    tree.write("fma_small/README.txt", b"hello")
        .write("fma_small/checksums", b"00");
    for source in [tree.path().to_path_buf(), tree.path().join("fma_small")] {
        assert_eq!(DatasetFormat::detect(&source), DatasetFormat::Fma);
        let corpus = import(&source, &ImportOptions::default(), &Silent).unwrap();
        let [first, second, unlisted] = &corpus.clips[..] else {
            panic!("{:?}", corpus.problems)
        };
        assert_eq!((first.artist.as_str(), first.title.as_str()), ("AWOL", "Food"));
        assert_eq!(genre_of(&corpus, &first.path.display), ["Hip-Hop"]);
        assert_eq!(
            second.main_genre(),
            None,
            "no top genre is unknown, whatever the tag says"
        );
        assert_eq!(first.group, second.group, "one artist");
        assert_eq!(
            [first, second].map(|clip| clip.official_split),
            [Some(OfficialSplit::Training), Some(OfficialSplit::Test)]
        );
        assert_eq!(unlisted.main_genre(), None);
        assert!(has_problem(&corpus, ProblemKind::Undecodable, "099134"));
        assert!(has_problem(&corpus, ProblemKind::Missing, "133297"));
        assert!(
            !has_problem(&corpus, ProblemKind::Missing, "010000"),
            "of a subset that was not downloaded"
        );
        assert!(has_problem(&corpus, ProblemKind::BadLine, "oops"));
        assert_eq!(corpus.split(0.2, 1).held_out, [false, true, false]);
    }
}

#[test]
fn label_files_with_names_or_numbers() {
    for genres in [["Hip-Hop", "Easy Listening"], ["0", "16"]] {
        let tree = Tree::new();
        let labels = format!(
            ",track_id,genre_top\n0,2,{}\n1,140,{}\n2,133297,{}\n",
            genres[0], genres[1], genres[0]
        );
        tree.write("labels.csv", labels.as_bytes())
            .write("genres.csv", b",0\nHip-Hop,0\nPop,1\nOther,2\nEasy Listening,16\n");
        tree.copy("cbr.mp3", "000/000002.mp3").copy("vbr.mp3", "000/000140.mp3");
        let corpus = tree.import();
        assert_eq!(corpus.genres, ["Easy Listening", "Hip-Hop"]);
        assert_eq!(genre_of(&corpus, "000/000140.mp3"), ["Easy Listening"]);
        assert!(has_problem(&corpus, ProblemKind::Missing, "133297"));
    }
}

#[test]
fn gtzan_in_both_forms_lists_its_broken_file() {
    for (folder, fixture, extension) in [
        ("genres_original", "pcm16.wav", "wav"),
        ("genres", "mulaw.au", "au"),
        ("Data/genres_original", "pcm16.wav", "wav"),
    ] {
        let tree = Tree::new();
        for genre in ["jazz", "hiphop"] {
            tree.copy(fixture, &format!("{folder}/{genre}/{genre}.00000.{extension}"));
        }
        tree.write(&format!("{folder}/jazz/jazz.00054.{extension}"), &[0x7f; 5_000]);
        assert_eq!(DatasetFormat::detect(tree.path()), DatasetFormat::Gtzan);
        let corpus = tree.import();
        assert_eq!(corpus.genres, ["Hip-Hop", "Jazz"]);
        assert_eq!(corpus.clips.len(), 2);
        assert!(
            has_problem(&corpus, ProblemKind::Undecodable, "jazz.00054"),
            "{:?}",
            corpus.problems
        );
    }
}

#[test]
fn gtzans_published_repeats_are_flagged_and_never_parted() {
    let tree = Tree::new();
    // Other bytes, as in the real dataset: only the list can tell before anything is decoded.
    for (number, fixture) in [(33, "pcm16.wav"), (51, "float.wav"), (7, "adpcm.wav")] {
        tree.copy(fixture, &format!("genres_original/jazz/jazz.{number:05}.wav"));
    }
    tree.copy("pcm16.wav", "genres_original/rock/rock.00033.wav");
    let corpus = tree.import();
    assert_eq!(corpus.clips.len(), 4, "{:?}", corpus.problems);
    let repeats: Vec<_> = corpus
        .problems
        .iter()
        .filter(|p| p.kind == ProblemKind::Repeat)
        .collect();
    let [repeat] = &repeats[..] else { panic!("{repeats:?}") };
    assert!(
        repeat.path.ends_with("jazz.00051.wav") && repeat.reason.contains("jazz.00033"),
        "{repeat}"
    );
    let recording = |name: &str| {
        let clip = corpus
            .clips
            .iter()
            .find(|clip| clip.path.display.contains(name))
            .unwrap();
        (clip.recording.clone(), clip.group.clone())
    };
    assert_eq!(recording("jazz.00033"), recording("jazz.00051"));
    assert_ne!(recording("jazz.00007").0, recording("jazz.00033").0);
    assert_ne!(recording("rock.00033").0, recording("jazz.00033").0);
}

#[test]
fn a_wished_layout_that_does_not_fit_is_told_and_the_import_goes_on() {
    let tree = Tree::new();
    tree.copy("cbr.mp3", "Jazz/a.mp3");
    let wish = ImportOptions {
        layout: Some(DatasetFormat::Fma),
        ..ImportOptions::default()
    };
    let corpus = import(tree.path(), &wish, &Silent).unwrap();
    assert_eq!(corpus.clips.len(), 1);
    assert!(
        corpus
            .notes
            .iter()
            .any(|note| note.contains("does not look like the Free Music Archive")),
        "{:?}",
        corpus.notes
    );
}

#[test]
fn deam_in_both_forms() {
    let averaged = "annotations/annotations averaged per song";
    for prefix in ["", "DEAM_Annotations/"] {
        for rated in [false, true] {
            let tree = Tree::new();
            let root = format!("{prefix}{averaged}");
            let songs =
                "song_id, valence_mean, valence_std, arousal_mean, arousal_std\n2,3.0,0.9,7.0,1.1\n3,1.0,0.5,11,1\n";
            let later = "song_id, valence_mean, valence_max_mean, arousal_mean\n2058,9.0,9,5.0\n";
            tree.write(
                &format!("{root}/song_level/static_annotations_averaged_songs_1_2000.csv"),
                songs.as_bytes(),
            );
            tree.write(
                &format!("{root}/song_level/static_annotations_averaged_songs_2000_2058.csv"),
                later.as_bytes(),
            );
            let values = if rated { "2,3,4,5,\n" } else { "2,-0.5,-0.25,0,\n" };
            let dynamic = format!("song_id,sample_15000ms,sample_15500ms,sample_16000ms,sample_16500ms\n{values}");
            tree.write(
                &format!("{root}/dynamic (per second annotations)/valence.csv"),
                dynamic.as_bytes(),
            );
            tree.write(
                &format!("{root}/dynamic (per second annotations)/arousal.csv"),
                dynamic.as_bytes(),
            );
            let audio = if prefix.is_empty() {
                "MEMD_audio"
            } else {
                "DEAM_audio/MEMD_audio"
            };
            tree.copy("cbr.mp3", &format!("{audio}/2.mp3"))
                .copy("vbr.mp3", &format!("{audio}/2058.mp3"));
            assert_eq!(DatasetFormat::detect(tree.path()), DatasetFormat::Deam);
            let corpus = tree.import();
            let [two, last] = &corpus.clips[..] else {
                panic!("{:?}", corpus.problems)
            };
            assert_eq!(
                (two.valence, two.arousal),
                (Some(-0.5), Some(0.5)),
                "1..9 becomes -1..1"
            );
            assert_eq!((last.valence, last.arousal), (Some(1.0), Some(0.0)));
            let track = two.va_track.as_ref().unwrap();
            assert_eq!((track.start_secs, track.step_secs, track.valence.len()), (15.0, 0.5, 3));
            assert_eq!(
                track.mean(15.5, 16.5).0,
                Some(-0.125),
                "the mean of its own seconds; rated: {rated}"
            );
            assert!(has_problem(&corpus, ProblemKind::Missing, "3.mp3"));
            assert!(has_problem(&corpus, ProblemKind::BadLabel, "11"));
        }
    }
}

#[test]
fn several_sources_join_under_one_genre_list() {
    let (one, two) = (Tree::new(), Tree::new());
    one.copy("cbr.mp3", "Hip-Hop/a.mp3").copy("vorbis.ogg", "Jazz/b.ogg");
    two.copy("vbr.mp3", "hiphop/c.mp3");
    let sources = [one.path().to_path_buf(), two.path().to_path_buf()];
    let corpus = import_all(&sources, &ImportOptions::default(), &Silent).unwrap();
    assert_eq!(corpus.genres, ["Hip-Hop", "Jazz"]);
    assert_eq!(corpus.clips.len(), 3);
    assert_eq!(corpus.clips[0].genre, corpus.clips[2].genre);
    assert!(sources.iter().all(|source| source.starts_with(&corpus.root)));
}

#[test]
fn excluded_files_stay_out_by_path_or_content() {
    let tree = Tree::new();
    tree.copy("cbr.mp3", "Jazz/a.mp3")
        .copy("vbr.mp3", "Jazz/b.mp3")
        .copy("vorbis.ogg", "Jazz/c.ogg");
    let hash = tree.import().clips[1].content_hash.clone();
    let options = ImportOptions {
        exclude: ["Jazz/a.mp3".into(), hash.clone()].into(),
        ..Default::default()
    };
    let kept = Overrides {
        exclude: options.exclude.clone(),
        genre_names: [("Jazz".into(), "Swing".into())].into(),
    };
    let excluded = |corpus: &Corpus| {
        corpus
            .problems
            .iter()
            .filter(|p| p.kind == ProblemKind::Excluded)
            .count()
    };
    let corpus = import(tree.path(), &options, &Silent).unwrap();
    assert_eq!((corpus.clips.len(), excluded(&corpus)), (1, 2));
    kept.write(tree.path()).unwrap();
    let corpus = tree.import();
    assert_eq!((corpus.clips.len(), excluded(&corpus)), (1, 2), "kept beside the music");
    assert_eq!(corpus.genres, ["Swing"]);
    let other = Tree::new();
    other.copy("pcm16.wav", "Rock/d.wav");
    let sources = [tree.path().to_path_buf(), other.path().to_path_buf()];
    let joined = import_all(&sources, &ImportOptions::default(), &Silent).unwrap();
    assert_eq!(
        (joined.clips.len(), excluded(&joined)),
        (2, 2),
        "and joined with another source"
    );
}
