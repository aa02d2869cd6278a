//! A take rendered again is what was heard: gestures into an engine without a device, its tape against the score's render.

use super::{Rig, recordings_of, space};
use songspace::audio::{
    AudioEngine, AudioOptions, BlockRenderer, ClockPlay, Detail, KeyPlay, Mode, Playback, Quantise, ScoreFeed,
};
use songspace::decode::OwnLevels;
use songspace::jobs::{Folders, RecordingShelf, Wanted};
use songspace::jobs::{load_original, render_take_sound};
use songspace::render::{Act, ActBy, Rendered, Take, TakeAct, TakeHeader, TakeWriter, Trim, write_audio};
use songspace::session::{Command as Order, Gesture, PlayMode, PlayPoint};
use songspace::space::{LayoutKind, WeightPrecision};
use songspace::sync::StopFlag;
use songspace::values::{ChunkId, Course, DecodeOrder, DecodedChunk, KeyChange, KeyEvent, LoopRegion};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

const RATE_HZ: u32 = 44_100;
/// No divisor of a hop, nor a multiple.
const BLOCK: usize = 300;
/// Samples until nothing from before the take is heard: what was left of a hop, and the fade.
const FADE: usize = 256 + 64 * 256;

/// An engine that is played, its tape and its score.
struct Stage {
    engine: AudioEngine,
    output: BlockRenderer,
    tape: Vec<f32>,
    feed: Option<ScoreFeed>,
    writer: Option<TakeWriter>,
    acts: Vec<TakeAct>,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let options = AudioOptions {
            seed: 11,
            ..AudioOptions::default()
        };
        let (engine, output) = AudioEngine::detached(options, RATE_HZ).unwrap();
        let folder = tempfile::tempdir().unwrap();
        Self {
            engine,
            output,
            tape: Vec::new(),
            feed: None,
            writer: None,
            acts: Vec::new(),
            path: folder.path().join("take.songspace-take"),
            _folder: folder,
        }
    }

    fn sounds(&mut self, secs: f32) {
        let blocks = (secs * RATE_HZ as f32) as usize / BLOCK;
        for _ in 0..blocks {
            let mut block = [0.0; 2 * BLOCK];
            self.output.render(&mut block, 2);
            self.tape.extend(block);
            // As often as a window would.
            if let (Some(feed), Some(writer)) = (&self.feed, &mut self.writer) {
                writer.write(&feed.read(), &std::mem::take(&mut self.acts)).unwrap();
            }
        }
    }

    /// The take begins with the next block.
    fn begin(&mut self) {
        let feed = self.engine.begin_score();
        let header = TakeHeader {
            space: space().meta.name.clone(),
            hash: space().hash.clone(),
            audio: "take.wav".into(),
            rate_hz: RATE_HZ,
            ..TakeHeader::default()
        };
        self.writer = Some(TakeWriter::create(&self.path, header, feed.opening()).unwrap());
        self.feed = Some(feed);
        self.tape.clear();
    }

    /// The take as it was written.
    fn end(&mut self) -> Take {
        self.engine.end_score();
        let tape = self.tape.len();
        self.sounds(0.02);
        self.tape.truncate(tape);
        self.writer = None;
        Take::open(&self.path).unwrap()
    }

    fn act(&mut self, act: Act) {
        self.acts.push(TakeAct {
            at: self.engine.score_clock(),
            by: ActBy::Hand,
            act,
        });
    }
}

impl Rig {
    /// What the decode worker makes of the last request, piece by piece.
    fn made(&self) -> Vec<Arc<DecodedChunk>> {
        let asked = self.stand.last_decode();
        let mut own_levels = OwnLevels::default();
        let decoded = asked.row.iter().enumerate().map(|(index, part)| {
            let decoder = &self.decoder;
            let (frames, steering) = decoder
                .decode_steered(part, asked.strength, asked.context, &mut own_levels)
                .unwrap();
            Arc::new(DecodedChunk {
                made_of: Some(Arc::new(DecodeOrder {
                    part: part.clone(),
                    strength: asked.strength,
                    context: asked.context,
                })),
                timing: part.timing,
                course: asked.first_number.map(|first| Course {
                    number: first + index as u64,
                    is_jump: part.is_jump,
                }),
                generation: asked.generation,
                asked_at: asked.asked_at,
                decode_secs: 0.0,
                audio: decoder.audio(frames, asked.context),
                steering,
            })
        });
        decoded.collect()
    }

    /// Lets `stage` play the last request, its recordings first.
    fn play_on(&self, stage: &Stage) {
        for recording in self.recordings() {
            stage.engine.publish_recording(recording);
        }
        stage.engine.publish_row(&self.made());
    }
}

/// A gesture for everything that a hand can do.
fn perform(rig: &mut Rig, stage: &mut Stage) {
    let turned = |stage: &Stage, turn: &dyn Fn(&mut Playback)| {
        let mut playback = stage.engine.playback();
        turn(&mut playback);
        stage.engine.set_playback(playback);
    };
    stage.sounds(0.5);
    // A drag, with requests that the synth never gets to take.
    let place = rig.between(LayoutKind::Pca);
    for point in [
        PlayPoint::Chunk(ChunkId(6)),
        PlayPoint::Chunk(ChunkId(7)),
        PlayPoint::At(place),
    ] {
        rig.perform(Order::Play(point, Gesture::Continue));
        rig.play_on(stage);
    }
    stage.sounds(0.4);
    rig.perform(Order::SoloGenre(1));
    rig.perform(Order::SetStrength(1.7));
    rig.play_on(stage);
    stage.sounds(0.3);
    turned(stage, &|playback| playback.detail = 0.4);
    stage.sounds(0.2);
    turned(stage, &|playback| (playback.speed, playback.texture) = (0.8, 1.5));
    stage.sounds(0.4);
    turned(stage, &|playback| playback.volume = 0.3);
    stage.engine.seek(0.7);
    stage.sounds(0.4);
    stage.engine.stop();
    stage.sounds(0.3);
    turned(stage, &|playback| (playback.detail, playback.speed) = (0.0, 1.0));
    stage.engine.play();
    stage.sounds(0.3);
    turned(stage, &|playback| (playback.detail, playback.volume) = (1.0, 0.9));
    stage.sounds(0.2);
    // The original, and back.
    let row = vec![ChunkId(6)];
    stage.act(Act::Compared(row.iter().map(|chunk| chunk.0).collect()));
    let wanted = Wanted {
        snapshot: Arc::clone(space()),
        row,
        roots: vec![PathBuf::from(&space().meta.corpus_root)],
    };
    let original = load_original(
        &wanted,
        &mut Folders::default(),
        &RecordingShelf::default(),
        &StopFlag::default(),
    );
    stage.engine.set_original(Some(Arc::new(original.unwrap())));
    stage.engine.hear_original(true);
    stage.sounds(0.3);
    stage.engine.hear_original(false);
    stage.sounds(0.2);
    // A song whose row grows.
    rig.perform(Order::SetMode(PlayMode::Song));
    rig.press_chunk(0);
    let song = rig.made();
    for recording in rig.recordings() {
        stage.engine.publish_recording(recording);
    }
    for parts in 1..=song.len().min(3) {
        stage.engine.publish_row(&song[..parts]);
        stage.sounds(0.2);
    }
    stage.engine.seek(0.5);
    stage.sounds(0.5);
    // Once, to its end, and frozen.
    rig.perform(Order::SetMode(PlayMode::Loop));
    rig.press_chunk(9);
    rig.play_on(stage);
    turned(stage, &|playback| {
        (playback.mode, playback.speed) = (Mode::OneShot, 4.0);
    });
    stage.engine.seek(0.5);
    stage.sounds(0.8);
    turned(stage, &|playback| (playback.mode, playback.speed) = (Mode::Loop, 1.0));
    rig.press_chunk(10);
    rig.play_on(stage);
    stage.sounds(0.3);
    turned(stage, &|playback| playback.mode = Mode::Freeze);
    stage.sounds(0.3);
    turned(stage, &|playback| playback.mode = Mode::Loop);
    // Round a part of it, come into from a start point before it.
    let region = LoopRegion {
        begin_secs: 0.5,
        end_secs: 0.9,
    };
    turned(stage, &|playback| {
        (playback.region, playback.start_secs) = (Some(region), Some(0.3));
    });
    rig.press_chunk(11);
    stage.engine.start_at(0.3, rig.stand.last_decode().generation);
    rig.play_on(stage);
    stage.sounds(1.5);
    turned(stage, &|playback| {
        (playback.region, playback.start_secs) = (None, None);
    });
    keys_and_clock(rig, stage);
}

/// Keys over the sound and from its attack, and the clock with its metronome.
fn keys_and_clock(rig: &mut Rig, stage: &mut Stage) {
    let key = |stage: &Stage, change: KeyChange| stage.engine.key(KeyEvent { channel: 0, change });
    let on = |note: u8| KeyChange::On { note, velocity: 0.8 };
    let mut keys = KeyPlay {
        on: true,
        drone: true,
        root: 57.5,
        ..KeyPlay::default()
    };
    stage.engine.set_keys(keys);
    for note in [60, 64, 67] {
        key(stage, on(note));
    }
    stage.sounds(0.4);
    key(stage, KeyChange::Bend(0.3));
    key(stage, KeyChange::Off { note: 64 });
    stage.sounds(0.3);
    stage.engine.set_clock(ClockPlay {
        on: true,
        bpm: 133.0,
        metronome: true,
        quantise: Quantise::Beat,
        ..ClockPlay::default()
    });
    stage.sounds(0.5);
    stage.engine.move_clock(0.37);
    rig.press_chunk(12);
    rig.play_on(stage);
    stage.sounds(0.8);
    (keys.from_attack, keys.drone) = (true, false);
    stage.engine.set_keys(keys);
    key(stage, on(50));
    stage.sounds(0.3);
    key(stage, KeyChange::AllOff);
    stage.engine.set_clock(ClockPlay::default());
    stage.sounds(0.3);
}

fn rendered(rig: &Rig, take: &Take, detail: Detail, trim: Option<Trim>) -> Vec<f32> {
    let roots = [PathBuf::from(&space().meta.corpus_root)];
    let (sound, unheard) = render_take_sound(
        space(),
        &rig.decoder,
        take,
        (detail, trim),
        &roots,
        &StopFlag::default(),
    )
    .unwrap();
    assert_eq!(unheard, None);
    assert_eq!((sound.channels, sound.sample_rate_hz), (2, RATE_HZ));
    sound.samples
}

/// Fails unless both are the same bits from frame `from` on.
fn assert_same(heard: &[f32], rendered: &[f32], from: usize, what: &str) {
    assert_eq!(heard.len(), rendered.len(), "{what}: as long as the tape");
    let pairs = heard.iter().zip(rendered).enumerate().skip(2 * from);
    let apart: Vec<(usize, f32)> = pairs
        .filter(|(_, (a, b))| a.to_bits() != b.to_bits() && **a != **b)
        .map(|(at, (a, b))| (at / 2, (a - b).abs()))
        .collect();
    let most = apart.iter().map(|(_, apart)| *apart).fold(0.0, f32::max);
    assert!(
        apart.is_empty(),
        "{what}: {} of {} samples differ, first at {:?}, {most:e} at most",
        apart.len(),
        heard.len(),
        apart.first()
    );
}

#[test]
fn a_take_rendered_again_is_the_tape() {
    let mut rig = Rig::new();
    let mut stage = Stage::new();
    rig.press_chunk(3);
    rig.play_on(&stage);
    stage.engine.play();
    // In the middle of a sound, and of a hop.
    stage.sounds(0.5);
    stage.begin();
    perform(&mut rig, &mut stage);
    let take = stage.end();
    assert_eq!(take.lost, 0);
    let again = rendered(&rig, &take, Detail::Full, None);
    let loudest = again.iter().fold(0.0f32, |most, sample| most.max(sample.abs()));
    assert!(loudest > 0.05, "it sounds: {loudest}");
    assert_same(&stage.tape, &again, FADE, "full detail");
    assert_same(
        &stage.tape,
        &rendered(&rig, &take, Detail::AsPlayed, None),
        FADE,
        "as played",
    );
    assert_same(&again, &rendered(&rig, &take, Detail::Full, None), 0, "a second time");
    let trim = Trim { from: 1.0, to: 2.5 };
    let part = rendered(&rig, &take, Detail::Full, Some(trim));
    assert_same(&again[2 * 44_100..2 * 110_250], &part, 0, "trimmed");
}

#[test]
fn a_take_that_begins_in_silence_is_the_tape_from_its_first_sample_on() {
    let mut rig = Rig::new();
    let mut stage = Stage::new();
    rig.press_chunk(5);
    stage.begin();
    stage.sounds(0.1);
    rig.play_on(&stage);
    stage.engine.play();
    stage.sounds(0.6);
    stage.engine.stop();
    stage.sounds(0.2);
    let take = stage.end();
    assert_same(
        &stage.tape,
        &rendered(&rig, &take, Detail::Full, None),
        0,
        "from silence",
    );
}

#[test]
fn a_recording_that_came_late_is_there_from_the_beginning_at_full_detail() {
    let mut rig = Rig::new();
    let mut stage = Stage::new();
    rig.press_chunk(5);
    stage.begin();
    stage.engine.publish_row(&rig.made());
    stage.engine.play();
    stage.sounds(0.5);
    for recording in recordings_of(&[ChunkId(5)]) {
        stage.engine.publish_recording(recording);
    }
    stage.sounds(0.5);
    let take = stage.end();
    let as_played = rendered(&rig, &take, Detail::AsPlayed, None);
    assert_same(&stage.tape, &as_played, 0, "as played");
    let full = rendered(&rig, &take, Detail::Full, None);
    let apart = full.iter().zip(&as_played).take(2 * 20_000);
    let apart = apart.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(apart > 0.01, "the model sounded alone at first: {apart}");
}

#[test]
fn the_command_line_renders_a_take_to_equal_bytes_and_refuses_another_space() {
    let mut rig = Rig::new();
    let mut stage = Stage::new();
    rig.press_chunk(5);
    stage.begin();
    rig.play_on(&stage);
    stage.engine.play();
    stage.sounds(0.6);
    let take = stage.end();
    let folder = stage.path.parent().unwrap().to_owned();
    let own = folder.join("own.songspace");
    space().save(&own, WeightPrecision::F32).unwrap();
    let run = |space: &Path, name: &str| {
        Command::new(env!("CARGO_BIN_EXE_songspace"))
            .args([
                "render".as_ref(),
                space.as_os_str(),
                "--take".as_ref(),
                stage.path.as_os_str(),
            ])
            .args(["-o", name, "--from", "0.1", "--to", "0.5"])
            .current_dir(&folder)
            .output()
            .unwrap()
    };
    for name in ["a.wav", "b.wav"] {
        let done = run(&own, name);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    let trim = Trim {
        from: f64::from(0.1f32),
        to: f64::from(0.5f32),
    };
    let sound = Rendered {
        samples: rendered(&rig, &take, Detail::Full, Some(trim)),
        channels: 2,
        sample_rate_hz: RATE_HZ,
        loops: false,
    };
    write_audio(&folder.join("c.wav"), &sound, &StopFlag::default()).unwrap();
    let files = ["a.wav", "b.wav", "c.wav"].map(|name| std::fs::read(folder.join(name)).unwrap());
    assert!(files[0] == files[1], "two runs are equal bytes");
    assert!(files[0] == files[2], "and those of the window");
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo.songspace");
    let refused = run(&demo, "d.wav");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && said.contains("the take was played with the space"),
        "{said}"
    );
    assert!(!folder.join("d.wav").exists());
}

#[test]
fn a_take_that_a_crash_cut_short_a_newer_one_and_a_damaged_one() {
    let mut rig = Rig::new();
    let mut stage = Stage::new();
    rig.press_chunk(2);
    rig.play_on(&stage);
    stage.engine.play();
    stage.begin();
    stage.act(Act::Detail(0.5));
    stage.sounds(2.5);
    let whole = std::fs::read(&stage.path).unwrap();
    let cut = stage.path.with_file_name("cut.songspace-take");
    std::fs::write(&cut, &whole[..whole.len() - 7]).unwrap();
    let take = Take::open(&cut).unwrap();
    assert!(take.secs() >= 1.0, "{} s are left", take.secs());
    assert_eq!(take.acts.len(), 1);
    let left = rendered(&rig, &take, Detail::Full, None);
    assert_same(&stage.tape[..left.len()], &left, FADE, "cut short");

    let refused = |text: &str| {
        std::fs::write(&cut, text).unwrap();
        Take::open(&cut).unwrap_err().to_string()
    };
    let text = String::from_utf8(whole).unwrap();
    let newer = refused(&text.replacen("\"songspace_take\":2", "\"songspace_take\":9", 1));
    assert!(
        newer.contains("newer Songspace") && newer.contains("cut.songspace-take"),
        "{newer}"
    );
    let damaged = refused(&text.replacen("\"note\"", "\"nut\"", 1));
    assert!(damaged.contains("damaged in line"), "{damaged}");
    let other = refused("RIFF");
    assert!(other.contains("no take"), "{other}");
    let elsewhere = Take {
        header: TakeHeader {
            hash: "another".into(),
            space: "Elsewhere".into(),
            ..take.header.clone()
        },
        ..take
    };
    let refused = elsewhere.check(space()).unwrap_err().to_string();
    assert!(refused.contains("Elsewhere"), "{refused}");
}
