//! Every layout that the import knows, from its folder to a trained and mapped space: the trees are made from the fixture
//! songs with each dataset's own names, tables and traps.

use burn::tensor::Device;
use songspace::corpus::{DatasetFormat, VaTrack, decode_mono};
use songspace::jobs::{Control, Job, JobEvent, JobFolders, JobSink};
use songspace::space::{LayoutKind, Snapshot};
use songspace::train::TrainOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

const STEPS: u64 = 2;

/// Listens to a training.
#[derive(Default)]
struct Listener {
    skipped: Vec<String>,
    notes: Vec<String>,
}

impl JobSink for Listener {
    fn event(&mut self, event: JobEvent) {
        match event {
            JobEvent::ProblemFound(problem) if !problem.kind.keeps_the_clip() => {
                self.skipped.push(problem.to_string());
            }
            JobEvent::Noted(sentence) => self.notes.push(sentence),
            _ => {}
        }
    }

    fn control(&mut self) -> Control {
        Control::Continue
    }
}

/// A dataset being laid out.
struct Tree(TempDir);

impl Tree {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, to: &str, bytes: &[u8]) -> &Self {
        let path = self.0.path().join(to);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    fn copy(&self, fixture: &str, to: &str) -> &Self {
        self.write(to, &std::fs::read(fixtures().join(fixture)).unwrap())
    }

    /// The song as a mono WAV of `rate_hz`, repeated until it lasts `secs`.
    fn wav(&self, song: &str, rate_hz: u32, secs: f32, to: &str) -> &Self {
        let samples = decode_mono(&fixtures().join(song), rate_hz).unwrap();
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: rate_hz,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        for sample in samples.iter().cycle().take((secs * rate_hz as f32) as usize) {
            writer
                .write_sample((sample.clamp(-1.0, 1.0) * 32_000.0) as i16)
                .unwrap();
        }
        writer.finalize().unwrap();
        self.write(to, bytes.get_ref())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Trains a few steps on it and draws its map.
    fn learn(&self, change: impl FnOnce(&mut TrainOptions)) -> (Arc<Snapshot>, Listener) {
        let outputs = tempfile::tempdir().unwrap();
        let mut options = TrainOptions {
            minutes: None,
            steps: Some(STEPS),
            batch: 2,
            ..TrainOptions::default()
        };
        change(&mut options);
        let mut listener = Listener::default();
        let job = Job {
            source: self.path(),
            options,
            device: &Device::flex(),
            folders: &JobFolders::below(outputs.path()),
            resume: None,
        };
        let space = job.run(&mut listener).unwrap().snapshot;
        check_mapped(&space);
        (space, listener)
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures")
}

/// The space knows its files again, and how much louder they were made.
fn check_files(space: &Snapshot) {
    for (i, clip) in space.clips.iter().enumerate() {
        let path = Path::new(&space.meta.corpus_root).join(&clip.path);
        let meta = std::fs::metadata(&path).unwrap();
        assert_eq!(clip.file_bytes, Some(meta.len()), "{}", clip.path);
        assert_eq!(clip.modified_ms, songspace::files::modified_ms(&meta), "{}", clip.path);
        if i == 0 {
            let rate_hz = space.meta.model.sample_rate_hz;
            let mut samples = decode_mono(&path, rate_hz).unwrap();
            let gain_db = songspace::dsp::loudness::normalise(&mut samples, rate_hz);
            assert!(
                (clip.gain_db.unwrap() - gain_db).abs() < 1e-3,
                "{:?} for {gain_db} dB",
                clip.gain_db
            );
        }
    }
}

/// Trained, and every chunk has its place on both maps and in a cluster.
fn check_mapped(space: &Snapshot) {
    check_files(space);
    assert_eq!(space.meta.trained_steps, STEPS);
    let kinds: Vec<LayoutKind> = space.layouts.iter().map(|layout| layout.kind).collect();
    assert_eq!(kinds, [LayoutKind::Pca, LayoutKind::Tsne]);
    for layout in &space.layouts {
        assert_eq!(layout.points.len(), space.chunks.len());
        assert!(layout.points.iter().all(|p| p.x.is_finite() && p.y.is_finite()));
    }
    assert_eq!(space.clusters.len(), space.chunks.len());
    assert!(
        space.clips.iter().all(|clip| clip.labels.valence.is_some()),
        "given or estimated"
    );
}

fn clip<'a>(space: &'a Snapshot, path: &str) -> &'a songspace::space::Clip {
    let found = space.clips.iter().find(|clip| clip.path.ends_with(path));
    found.unwrap_or_else(|| {
        panic!(
            "{path} is missing among {:?}",
            space.clips.iter().map(|c| &c.path).collect::<Vec<_>>()
        )
    })
}

fn genre(space: &Snapshot, path: &str) -> Option<String> {
    let mix = &clip(space, path).labels.genre;
    let leading = (0..mix.len()).max_by(|a, b| mix[*a].total_cmp(&mix[*b]))?;
    (mix[leading] > 0.0).then(|| space.meta.genres[leading].clone())
}

/// Songs of five genres under FMA's names; one MP3 whose header is empty, one that is missing.
fn fma(tree: &Tree) {
    tree.write(
        "fma_metadata/tracks.csv",
        b",album,album,artist,artist,set,set,track,track\n,id,information,id,name,split,subset,genre_top,title\n\
track_id,,,,,,,,\n2,1,,11,AWOL,training,small,Hip-Hop,Food\n5,1,,11,AWOL,training,small,Hip-Hop,This World\n\
140,2,,12,Kurt,test,small,Rock,Far\n141,3,,13,Nine,training,small,Jazz,Near\n142,4,,14,Ten,validation,small,Pop,Wide\n\
143,5,,15,Six,training,small,,Untold\n99134,9,,16,Nobody,training,small,Rock,No audio\n\
133297,9,,17,Gone,training,small,Rock,Not there\n",
    );
    tree.copy("containers/cbr.mp3", "fma_small/000/000002.mp3")
        .copy("containers/vbr.mp3", "fma_small/000/000005.mp3")
        .copy("songs/Rock/rock_009.ogg", "fma_small/000/000140.mp3")
        .copy("songs/Jazz/jazz_006.ogg", "fma_small/000/000141.mp3")
        .copy("songs/Pop/pop_007.ogg", "fma_small/000/000142.mp3")
        .copy("songs/Ambient/ambient_010.ogg", "fma_small/000/000143.mp3")
        .write("fma_small/099/099134.mp3", b"ID3\x04\0\0\0\0\0\0");
}

fn gtzan(tree: &Tree) {
    for (song, name) in [
        ("Jazz/jazz_006.ogg", "jazz/jazz.00033"),
        ("Jazz/jazz_002.ogg", "jazz/jazz.00007"),
        ("Rock/rock_009.ogg", "rock/rock.00001"),
        ("Classical/classical_001.ogg", "classical/classical.00002"),
    ] {
        tree.wav(
            &format!("songs/{song}"),
            22_050,
            7.0,
            &format!("genres_original/{name}.wav"),
        );
    }
    // The published repeat has other bytes: the same song at another rate.
    tree.wav(
        "songs/Jazz/jazz_006.ogg",
        32_000,
        7.0,
        "genres_original/jazz/jazz.00051.wav",
    )
    .write("genres_original/jazz/jazz.00054.wav", &[0x7f; 5_000]);
}

#[test]
fn fma_is_learned_with_its_split_and_unknown_genres() {
    let tree = Tree::new();
    fma(&tree);
    let (space, listener) = tree.learn(|_| {});
    assert_eq!(space.meta.genres, ["Hip-Hop", "Jazz", "Pop", "Rock"]);
    assert_eq!(genre(&space, "000140.mp3").as_deref(), Some("Rock"));
    assert_eq!(genre(&space, "000143.mp3"), None, "no top genre stays unknown");
    let held_out: Vec<&str> = space
        .clips
        .iter()
        .filter(|c| c.held_out)
        .map(|c| c.title.as_str())
        .collect();
    assert_eq!(held_out, ["Far", "Wide"], "the published test and validation sets");
    assert!(
        listener.skipped.iter().any(|line| line.contains("099134")),
        "{:?}",
        listener.skipped
    );
    assert!(
        listener.notes.iter().any(|note| note.contains("arousal")),
        "{:?}",
        listener.notes
    );
}

#[test]
fn the_predecessors_label_files_are_learned() {
    let tree = Tree::new();
    tree.write(
        "labels.csv",
        b",track_id,genre_top\n0,2,0\n1,140,16\n2,141,2\n3,133297,1\n",
    )
    .write("genres.csv", b",0\nHip-Hop,0\nPop,1\nOther,2\nEasy Listening,16\n")
    .copy("containers/cbr.mp3", "000/000002.mp3")
    .copy("songs/Jazz/jazz_002.ogg", "000/000140.mp3")
    .copy("songs/Rock/rock_007.ogg", "000/000141.mp3");
    let (space, _) = tree.learn(|_| {});
    assert_eq!(genre(&space, "000140.mp3").as_deref(), Some("Easy Listening"));
    assert_eq!(space.meta.genres, ["Easy Listening", "Hip-Hop", "Other"]);
}

#[test]
fn gtzan_is_learned_and_its_repeats_stay_together() {
    let tree = Tree::new();
    gtzan(&tree);
    let (space, listener) = tree.learn(|_| {});
    assert_eq!(space.meta.genres, ["Classical", "Jazz", "Rock"]);
    assert_eq!(space.clips.len(), 5);
    assert!(
        listener.skipped.iter().any(|line| line.contains("jazz.00054")),
        "{:?}",
        listener.skipped
    );
    assert_eq!(
        clip(&space, "jazz.00033.wav").held_out,
        clip(&space, "jazz.00051.wav").held_out
    );
}

#[test]
fn deam_gives_every_chunk_the_mean_of_its_own_seconds_at_5_and_10_s() {
    let tree = Tree::new();
    let root = "annotations/annotations averaged per song";
    tree.write(
        &format!("{root}/song_level/static_annotations_averaged_songs_1_2000.csv"),
        b"song_id, valence_mean, valence_std, arousal_mean, arousal_std\n2,3.0,0.9,7.0,1.1\n3,6.0,0.5,4.0,1\n",
    );
    let values: Vec<f32> = (0..50).map(|i| -0.5 + 0.02 * i as f32).collect();
    let times: Vec<String> = (0..50).map(|i| format!("sample_{}ms", 15_000 + 500 * i)).collect();
    let row = |id: u32| {
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        format!("{id},{}\n", values.join(","))
    };
    let table = format!("song_id,{}\n{}{}", times.join(","), row(2), row(3));
    for name in ["valence", "arousal"] {
        tree.write(
            &format!("{root}/dynamic (per second annotations)/{name}.csv"),
            table.as_bytes(),
        );
    }
    tree.wav("songs/Jazz/jazz_006.ogg", 44_100, 40.0, "MEMD_audio/2.mp3")
        .wav("songs/Rock/rock_009.ogg", 44_100, 40.0, "MEMD_audio/3.mp3");
    let track = VaTrack {
        start_secs: 15.0,
        step_secs: 0.5,
        valence: values.clone(),
        arousal: values,
    };
    for secs in [5.0, 10.0] {
        let (space, _) = tree.learn(|options| options.chunk_secs = secs);
        assert!(
            (space.chunk_secs() - secs).abs() < 0.1,
            "{} s for {secs} s",
            space.chunk_secs()
        );
        for chunk in &space.chunks {
            let given = space.clips[chunk.clip.0 as usize].labels.valence;
            let (mean, _) = track.mean(chunk.start_secs, chunk.start_secs + space.chunk_secs());
            let wanted = mean.or(given).unwrap();
            assert!(
                (chunk.valence - wanted).abs() < 1e-5,
                "{} at {} s, not {wanted}",
                chunk.valence,
                chunk.start_secs
            );
        }
    }
}

#[test]
fn a_tagged_library_is_learned() {
    let tree = Tree::new();
    tree.copy("containers/cbr.mp3", "Trio/Album/1.mp3")
        .copy("containers/flac.flac", "Trio/Album/2.flac")
        .copy("containers/aac.m4a", "Trio/Other/3.m4a")
        .copy("containers/opus.opus", "Trio/Other/4.opus")
        .write("Trio/Other/7.wv", b"wvpk and nothing that is read here")
        .copy("songs/Rock/rock_007.ogg", "Untagged/5.ogg")
        .copy("songs/Electronic/electronic_001.ogg", "Untagged/6.ogg");
    let (space, listener) = tree.learn(|options| options.layout = Some(DatasetFormat::Library));
    assert_eq!(
        genre(&space, "1.mp3").as_deref(),
        Some("Hip-Hop"),
        "Hip Hop/Rap by its tag"
    );
    let mix = &clip(&space, "2.flac").labels.genre;
    assert_eq!(
        mix.iter().filter(|share| **share == 0.5).count(),
        2,
        "two genres are a mix"
    );
    assert_eq!(clip(&space, "4.opus").content_hash.len(), 64, "Opus is learned");
    assert!(
        listener.skipped.iter().any(|line| line.contains("7.wv")),
        "{:?}",
        listener.skipped
    );
}

#[test]
fn several_sources_are_joined_under_one_list_of_genres() {
    let (first, second) = (Tree::new(), Tree::new());
    gtzan(&first);
    fma(&second);
    let (space, _) = first.learn(|options| options.joined = vec![second.path().to_owned()]);
    assert_eq!(space.meta.genres, ["Classical", "Hip-Hop", "Jazz", "Pop", "Rock"]);
    assert_eq!(space.clips.len(), 5 + 6);
    assert_eq!(genre(&space, "jazz.00007.wav"), genre(&space, "000141.mp3"));
}
