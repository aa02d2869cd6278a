//! A space on EnCodec's latents from a folder of songs to sound: on the command line, and in the window with its real
//! workers. The weights are random; what the codec itself is worth is the matter of `reference.rs`.

use crate::weights;
use crate::window_support::app_window::AppWindow;
use songspace::app::App;
use songspace::model::CodecKind;
use songspace::session::{Command, FileAsk, Gesture, PlayPoint};
use songspace::space::Snapshot;
use songspace::values::{ChunkId, MapPoint};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

/// Weights, and a space that was learned with them.
struct Learned {
    folder: tempfile::TempDir,
}

impl Learned {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Trained once for all tests, through the program itself.
fn learned() -> &'static Learned {
    static LEARNED: OnceLock<Learned> = OnceLock::new();
    LEARNED.get_or_init(|| {
        let learned = Learned {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        weights::write(&learned.path("weights"), 1);
        weights::write(&learned.path("other"), 2);
        let songs = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs");
        let output = songspace(&[
            "train".as_ref(),
            songs.as_ref(),
            "-o".as_ref(),
            learned.path("songs.songspace").as_ref(),
            "--codec=encodec".as_ref(),
            "--encodec".as_ref(),
            learned.path("weights").as_ref(),
            "--outputs".as_ref(),
            learned.path("outputs").as_ref(),
            "--steps=3".as_ref(),
            "--batch=2".as_ref(),
            "--device=cpu".as_ref(),
        ]);
        assert!(output.status.success(), "{}", said(&output));
        learned
    })
}

fn songspace(arguments: &[&std::ffi::OsStr]) -> Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_songspace"))
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs `job` on the space at `space`, writing to `output`.
fn job(job: &str, space: &Path, output: &Path, more: &[&str]) -> Output {
    let mut arguments: Vec<&std::ffi::OsStr> = vec![job.as_ref(), space.as_ref(), "-o".as_ref(), output.as_ref()];
    arguments.extend(more.iter().map(|argument| argument.as_ref() as &std::ffi::OsStr));
    songspace(&arguments)
}

/// Samples of a WAV file of any depth, and their rate.
fn wave(path: &Path) -> (Vec<f32>, u32) {
    let mut reader = hound::WavReader::open(path).expect("a WAV file");
    let spec = reader.spec();
    let scale = 2f32.powi(1 - i32::from(spec.bits_per_sample));
    let samples = reader
        .samples::<i32>()
        .map(|sample| sample.expect("intact") as f32 * scale);
    (samples.collect(), spec.sample_rate)
}

fn rms(samples: &[f32]) -> f32 {
    (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len().max(1) as f32).sqrt()
}

#[test]
fn the_file_names_its_codec_and_the_hash_of_its_weights() {
    let space = Snapshot::open(&learned().path("songs.songspace")).unwrap();
    assert_eq!(space.meta.model.codec, CodecKind::Encodec);
    assert_eq!((space.meta.model.bands, space.meta.model.sample_rate_hz), (128, 24_000));
    let bytes = std::fs::read(learned().path("weights/model.safetensors")).unwrap();
    let weights = space.meta.codec_weights.as_ref().unwrap();
    assert_eq!(weights.hash, blake3::hash(&bytes).to_hex().to_string());
    assert_eq!(Path::new(&weights.path), learned().path("weights"));
    assert_eq!(space.layouts.len(), 2, "PCA and t-SNE");
}

#[test]
fn the_command_line_maps_renders_samples_and_plays_it() {
    let (space, folder) = (learned().path("songs.songspace"), tempfile::tempdir().unwrap());
    let to = |name: &str| folder.path().join(name);
    let map = songspace(&["map".as_ref(), space.as_ref(), "--png".as_ref(), to("map.png").as_ref()]);
    assert!(
        map.status.success() && image::open(to("map.png")).is_ok(),
        "{}",
        said(&map)
    );
    for (name, source, expected_hz) in [
        ("clip.wav", ["--clip=0", "--seconds=4", "--detail=0"], 24_000),
        ("point.wav", ["--at=0,0", "--seconds=4", "--detail=0"], 24_000),
        ("again.wav", ["--at=0,0", "--seconds=4", "--detail=0"], 24_000),
        // A walk has no recording of its own.
        ("path.wav", ["--path=-1,-1 1,1", "--seconds=2", "--detail=1"], 24_000),
        ("recorded.wav", ["--clip=0", "--seconds=4", "--detail=1"], 44_100),
        ("steered.wav", ["--clip=0", "--genre=Jazz", "--detail=1"], 44_100),
    ] {
        let rendered = job("render", &space, &to(name), &source);
        assert!(rendered.status.success(), "{name}: {}", said(&rendered));
        let (samples, rate_hz) = wave(&to(name));
        assert_eq!(rate_hz, expected_hz, "{name}");
        assert!(rms(&samples) > 1e-4, "{name} is silent");
        assert!(samples.iter().all(|sample| sample.abs() < 1.0), "{name} clips");
    }
    let bytes = |name: &str| std::fs::read(to(name)).unwrap();
    assert_eq!(bytes("point.wav"), bytes("again.wav"), "equal recipes, equal bytes");
    assert_ne!(bytes("point.wav"), bytes("clip.wav"));
    let sampled = job("sample", &space, &to("prior"), &["-n=2", "--seconds=1"]);
    assert!(sampled.status.success(), "{}", said(&sampled));
    assert!(rms(&wave(&to("prior/sample-001.wav")).0) > 1e-4);
    let played = songspace(&[
        "play".as_ref(),
        space.as_ref(),
        "--at=0,0".as_ref(),
        "--seconds=1".as_ref(),
        "--silent".as_ref(),
        "--record".as_ref(),
        to("heard.wav").as_ref(),
    ]);
    assert!(played.status.success(), "{}", said(&played));
    assert!(rms(&wave(&to("heard.wav")).0) > 1e-4, "nothing was heard");
}

#[test]
fn it_goes_on_without_end_with_recordings_and_without() {
    let learned = learned();
    let output = learned.path("endless.wav");
    for detail in ["--detail=0", "--detail=1"] {
        let more = ["--clip=0", "--endless", "--adventure=1", "--seconds=9", detail];
        let done = job("render", &learned.path("songs.songspace"), &output, &more);
        assert!(done.status.success(), "{}", said(&done));
        let (samples, rate_hz) = wave(&output);
        assert_eq!(
            (samples.len(), rate_hz),
            (2 * 9 * 44_100, 44_100),
            "stereo as the player has it"
        );
        assert!(samples.iter().all(|sample| sample.is_finite()) && rms(&samples) > 1e-4);
    }
}

#[test]
fn without_its_weights_it_says_which_and_where_to_get_them() {
    let folder = tempfile::tempdir().unwrap();
    let (space, out) = (folder.path().join("moved.songspace"), folder.path().join("out.wav"));
    let mut snapshot = Snapshot::open(&learned().path("songs.songspace")).unwrap();
    snapshot.relink_codec(&folder.path().join("gone"));
    snapshot.save(&space, songspace::space::WeightPrecision::F32).unwrap();

    let gone = job("render", &space, &out, &["--at=0,0"]);
    let sentence = said(&gone);
    assert_eq!(gone.status.code(), Some(1));
    for word in ["gone", "facebook/encodec_24khz", "--encodec", "CC BY-NC"] {
        assert!(sentence.contains(word), "{word} is missing: {sentence}");
    }
    let other = learned().path("other");
    let refused = job(
        "render",
        &space,
        &out,
        &["--at=0,0", "--encodec", other.to_str().unwrap()],
    );
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("other EnCodec weights"), "{}", said(&refused));
    assert!(said(&refused).contains(other.to_str().unwrap()), "{}", said(&refused));
    assert!(!out.exists());
    let weights = learned().path("weights");
    let found = job(
        "render",
        &space,
        &out,
        &["--at=0,0", "--encodec", weights.to_str().unwrap()],
    );
    assert!(found.status.success(), "{}", said(&found));
    let untold = job("train", folder.path(), &out, &["--codec=encodec"]);
    assert!(said(&untold).contains("--encodec PATH"), "{}", said(&untold));
}

fn sounds(app: &App) -> bool {
    app.session.meters.rms_db.is_some_and(|level_db| level_db > -80.0)
}

#[test]
fn the_window_plays_it_and_asks_for_weights_that_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("moved.songspace");
    let mut snapshot = Snapshot::open(&learned().path("songs.songspace")).unwrap();
    snapshot.relink_codec(&folder.path().join("gone"));
    snapshot.save(&path, songspace::space::WeightPrecision::F32).unwrap();
    let mut window = AppWindow::on_workers();
    window.perform(Command::Open(path));
    let asks = |app: &App| {
        let for_weights = |command: &Command| matches!(command, Command::Ask(FileAsk::EncodecWeights));
        let mut actions = app.session.banners.iter().filter_map(|banner| banner.action.as_ref());
        actions.any(|action| for_weights(&action.command))
    };
    window.wait_until("the question for the weights", asks);
    assert!(window.app().session.space.is_some(), "the map is there all the same");

    window.harness.state_mut().session.banners.clear();
    window.perform(Command::UseEncodec(learned().path("other")));
    window.wait_until("a refusal of other weights", asks);
    window.harness.state_mut().session.banners.clear();
    window.perform(Command::UseEncodec(learned().path("weights")));
    window.perform(Command::Play(PlayPoint::Chunk(ChunkId(0)), Gesture::Begin));
    window.wait_until("the sound of a chunk", sounds);
    for step in 0..10 {
        let at = MapPoint {
            x: step as f32 * 0.2 - 1.0,
            y: 0.3,
        };
        window.perform(Command::Play(PlayPoint::At(at), Gesture::Continue));
        window.frames(2);
    }
    window.perform(Command::Release);
    window.wait_until("the sound of a drag", sounds);
    let app = window.app();
    assert!(app.session.banners.is_empty(), "{:?}", app.session.banners);
    let remembered = app.session.settings.encodec_weights.as_deref();
    assert_eq!(remembered, Some(learned().path("weights").as_path()));
}
