//! What the window sounds like is what an export of it sounds like: every case is played in the window (with a backend that
//! remembers what it is asked to decode), bookmarked, and the bookmark's text rendered; the frames must be equal.

mod quiet;
mod takes;
mod window_support;

use burn::tensor::Device;
use quiet::Quiet;
use songspace::atlas::{Content, MapInverse};
use songspace::audio::{AudioEngine, AudioOptions, Playback};
use songspace::decode::{DecodedFrames, OwnLevels, Relatives, SpaceDecoder, Span};
use songspace::dsp::{BandAxis, BandPowerMeter, lufs_of_filtered};
use songspace::jobs::{Job, JobFolders, RecordingShelf, find_recordings};
use songspace::render::{EndlessPlan, Recipe, RecipeSource, frames, render, render_unlimited};
use songspace::session::{Command, ExportTarget, Gesture, Motion, PlayMode, PlayPoint};
use songspace::space::{LayoutKind, Snapshot};
use songspace::sync::StopFlag;
use songspace::train::TrainOptions;
use songspace::values::{ChunkId, Condition, DecodedChunk, LoopContext, MapPoint, Recording, RecordingKey};
use songspace::workers::WorkerEvent;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use window_support::app_window::AppWindow;
use window_support::stand::Stand;

/// The linear-model space of the fixture songs, made once.
fn space() -> &'static Arc<Snapshot> {
    static SPACE: OnceLock<Arc<Snapshot>> = OnceLock::new();
    SPACE.get_or_init(|| {
        let outputs = tempfile::tempdir().expect("a temporary folder");
        let job = Job {
            source: &Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs"),
            options: TrainOptions {
                minutes: Some(0.0),
                ..TrainOptions::default()
            },
            device: &Device::flex(),
            folders: &JobFolders::below(outputs.path()),
            resume: None,
        };
        job.run(&mut Quiet).expect("the fixtures make a space").snapshot
    })
}

/// A window with the space, what it asked for, and the decoder that would answer.
struct Rig {
    window: AppWindow,
    stand: Stand,
    decoder: SpaceDecoder,
}

impl Rig {
    fn new() -> Self {
        let stand = Stand::default();
        let backend = stand.clone();
        let mut window = AppWindow::with(|_, _| Box::new(backend));
        stand.tell(WorkerEvent::Opened {
            path: "/songs.songspace".into(),
            stamp: None,
            snapshot: Arc::clone(space()),
        });
        window.frames(3);
        Self {
            window,
            stand,
            decoder: SpaceDecoder::new(space(), &Device::flex()).expect("the space decodes"),
        }
    }

    fn perform(&mut self, command: Command) {
        self.window.perform(command);
    }

    fn press(&mut self, point: PlayPoint) {
        self.perform(Command::Play(point, Gesture::Begin));
        self.perform(Command::Release);
    }

    fn press_chunk(&mut self, chunk: u32) {
        self.press(PlayPoint::Chunk(ChunkId(chunk)));
    }

    /// Between the chunks of `layout`, the same place in every run.
    fn press_between(&mut self, layout: LayoutKind) {
        self.perform(Command::SetLayout(layout));
        let place = self.between(layout);
        self.press(PlayPoint::At(place));
    }

    /// A place two fifths of the way from one chunk to another.
    fn between(&self, layout: LayoutKind) -> MapPoint {
        let points = &space().layout(layout).expect("the space has both layouts").points;
        let (a, b) = (points[2], points[points.len() / 2]);
        MapPoint {
            x: a.x + 0.4 * (b.x - a.x),
            y: a.y + 0.4 * (b.y - a.y),
        }
    }

    /// The frames that the decode worker makes of the last request.
    fn live(&self) -> DecodedFrames {
        let asked = self.stand.last_decode();
        let mut row = DecodedFrames::empty(self.decoder.config().bands);
        let mut own_levels = OwnLevels::default();
        for part in &asked.row {
            let decoder = &self.decoder;
            let decoded = decoder.decode_steered(part, asked.strength, asked.context, &mut own_levels);
            let (decoded, _) = decoded.unwrap();
            row.append(&decoded, 0, decoded.levels.len());
        }
        row
    }

    /// The row that the decode worker publishes for the last request.
    fn live_row(&self) -> Vec<Arc<DecodedChunk>> {
        let asked = self.stand.last_decode();
        let mut own_levels = OwnLevels::default();
        let decoded = asked.row.iter().map(|part| {
            let decoder = &self.decoder;
            let (frames, steering) = decoder
                .decode_steered(part, asked.strength, asked.context, &mut own_levels)
                .unwrap();
            Arc::new(DecodedChunk {
                generation: asked.generation,
                asked_at: asked.asked_at,
                steering,
                ..DecodedChunk::of(decoder.audio(frames, asked.context))
            })
        });
        decoded.collect()
    }

    /// The recordings of what was asked for last.
    fn recordings(&self) -> Vec<Arc<Recording>> {
        let wanted: Vec<RecordingKey> = self
            .stand
            .last_decode()
            .row
            .iter()
            .filter_map(|part| Some(part.anchor.as_ref()?.recording.clone()))
            .collect();
        let chunks: Vec<ChunkId> = (0..space().chunks.len() as u32)
            .map(ChunkId)
            .filter(|chunk| wanted.contains(&space().recording_key(*chunk)))
            .collect();
        recordings_of(&chunks)
    }

    /// The recipe of what sounds, as its text says it.
    fn recipe(&mut self) -> Recipe {
        self.perform(Command::AddBookmark);
        let bookmark = self.window.app().session.bookmarks.last().expect("a bookmark was set");
        Recipe::from_text(&bookmark.recipe.to_text()).unwrap()
    }

    /// The recipe that is written for `target`.
    fn export(&mut self, target: ExportTarget) -> Recipe {
        let path = self.window.path("export.wav");
        self.perform(Command::Export(target, path.clone()));
        while self.window.app().session.busy.is_some() || !path.exists() {
            self.window.frames(1);
        }
        Recipe::from_text(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    fn rendered(&self, recipe: &Recipe) -> DecodedFrames {
        frames(space(), &self.decoder, recipe, &StopFlag::default()).unwrap()
    }

    fn assert_export_is_what_is_heard(&mut self, case: &str) {
        let recipe = self.recipe();
        let (live, rendered) = (self.live(), self.rendered(&recipe));
        assert!(live == rendered, "{case}: {} off at most", farthest(&live, &rendered));
    }
}

fn recordings_of(chunks: &[ChunkId]) -> Vec<Arc<Recording>> {
    let roots = [PathBuf::from(&space().meta.corpus_root)];
    let shelf = RecordingShelf::default();
    find_recordings(space(), chunks, &roots, &shelf, &StopFlag::default())
        .into_iter()
        .map(|found| found.expect("the songs lie where they were learned from"))
        .collect()
}

/// The loudness of interleaved samples at the engine's rate, in LUFS.
fn lufs(samples: &[f32], channels: usize) -> f32 {
    let channel = |channel: usize| -> Vec<f32> {
        let frames = samples.chunks_exact(channels);
        frames.map(|frame| frame[channel.min(channels - 1)]).collect()
    };
    let (left, right) = (channel(0), channel(1));
    let rows = left.len() / 1_024;
    let power = BandPowerMeter::new(&BandAxis::standard()).measure([&left, &right], 512, 1_024, rows);
    lufs_of_filtered(&power, |_| None)
}

/// The largest difference of two levels; infinite where the lengths differ.
fn farthest(a: &DecodedFrames, b: &DecodedFrames) -> f32 {
    let (a, b) = (a.levels.as_slice(), b.levels.as_slice());
    let apart = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    if a.len() == b.len() { apart } else { f32::INFINITY }
}

/// A chunk and a g for it, sliders far out, whose sound exceeds full scale and has stretches far below.
fn loud(decoder: &SpaceDecoder) -> (ChunkId, Vec<f32>) {
    let chunks = (0..space().chunks.len() as u32).map(ChunkId);
    let candidates = chunks.flat_map(|chunk| [1.5, 2.0, 3.0, 4.0, 6.0, 8.0].map(|scale| (chunk, scale)));
    let exaggerated = |(chunk, scale): (ChunkId, f32)| {
        let global = space().latents.get(chunk).global;
        (chunk, global.iter().map(|g| scale * g).collect::<Vec<f32>>())
    };
    let is_loud = |(chunk, global): &(ChunkId, Vec<f32>)| {
        let recipe = Recipe {
            global: Some(global.clone()),
            ..Recipe::new(RecipeSource::Chunk(*chunk))
        };
        let samples = render_unlimited(space(), decoder, &recipe, &mut |_| None, &StopFlag::default())
            .unwrap()
            .samples;
        let stretches = samples.chunks(samples.len() / 32 + 1);
        let quiet = stretches.clone().filter(|stretch| peak(stretch) < 0.4).count();
        peak(&samples) > 1.05 && 3 * quiet > stretches.len()
    };
    candidates
        .map(exaggerated)
        .find(is_loud)
        .expect("some sound is too loud for a file")
}

fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |peak, sample| peak.max(sample.abs()))
}

#[test]
fn a_chunk_and_a_place_in_either_layout() {
    let mut rig = Rig::new();
    for layout in [LayoutKind::Pca, LayoutKind::Tsne] {
        rig.perform(Command::SetLayout(layout));
        for chunk in [0, 7, space().chunks.len() as u32 - 1] {
            rig.press_chunk(chunk);
            rig.assert_export_is_what_is_heard(&format!("chunk {chunk} on {layout:?}"));
        }
        rig.press_between(layout);
        rig.assert_export_is_what_is_heard(&format!("a place on {layout:?}"));
    }
}

#[test]
fn a_place_that_was_dragged_to_keeps_the_events_that_sounded() {
    let mut rig = Rig::new();
    rig.perform(Command::SetLayout(LayoutKind::Tsne));
    let points = &space().layout(LayoutKind::Tsne).unwrap().points;
    // Just beyond the middle between a chunk and its neighbour the neighbour is nearer, but the hand comes from the chunk.
    let index = MapInverse::new(Arc::clone(space()), LayoutKind::Tsne).unwrap();
    let nearest = |at: MapPoint| index.locate(at, Content::Nearest { playing: None }).unwrap().anchor;
    let (from, place) = (0..points.len())
        .find_map(|from| {
            let here = points[from];
            let distance = |other: &&MapPoint| other.distance_squared(here);
            let others = points.iter().filter(|other| **other != here);
            let other = others.min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
            let place = MapPoint {
                x: here.x + 0.52 * (other.x - here.x),
                y: here.y + 0.52 * (other.y - here.y),
            };
            (nearest(place) != ChunkId(from as u32)).then_some((from as u32, place))
        })
        .expect("some chunk has a neighbour");
    rig.perform(Command::Play(PlayPoint::Chunk(ChunkId(from)), Gesture::Begin));
    rig.perform(Command::Play(PlayPoint::At(place), Gesture::Continue));
    assert_eq!(rig.window.app().session.selection.unwrap().chunk, ChunkId(from));
    rig.assert_export_is_what_is_heard("dragged to");
}

#[test]
fn a_song_from_its_beginning_and_from_within() {
    let mut rig = Rig::new();
    rig.perform(Command::SetMode(PlayMode::Song));
    let clip = space().chunks[5].clip;
    let song = (0..space().chunks.len()).filter(|chunk| space().chunks[*chunk].clip == clip);
    let song: Vec<u32> = song.map(|chunk| chunk as u32).collect();
    assert!(song.len() > 2, "the clip is long enough");
    rig.press_chunk(song[0]);
    rig.assert_export_is_what_is_heard("a song");
    let whole = rig.rendered(&Recipe {
        match_loudness: true,
        ..Recipe::new(RecipeSource::Clip(clip.0))
    });
    assert!(rig.live() == whole, "it is what `render --clip` writes");
    rig.press_chunk(song[1]);
    rig.assert_export_is_what_is_heard("a song from its second chunk");
    rig.perform(Command::SetGlobal { dim: 1, value: 1.5 });
    rig.assert_export_is_what_is_heard("a song in another timbre");
}

#[test]
fn all_faders_down_means_the_genres_of_the_chunk_itself() {
    let mut rig = Rig::new();
    rig.press_between(LayoutKind::Pca);
    // Colour only: the mood leads to no other recording.
    rig.perform(Command::SetHoldContent(true));
    for genre in 0..space().meta.genres.len() {
        rig.perform(Command::SetFader { genre, level: 0.0 });
    }
    rig.perform(Command::SetEmotion(Some((-0.6, 0.8))));
    let anchor = rig.window.app().session.selection.unwrap().chunk;
    let condition = rig.stand.last_decode().row[0].condition.clone();
    assert_eq!(condition.genre, space().labels(anchor).genre);
    assert_eq!((condition.valence, condition.arousal), (Some(-0.6), Some(0.8)));
    rig.assert_export_is_what_is_heard("faders down");
}

#[test]
fn no_mood_means_the_mood_of_the_chunk_itself() {
    let mut rig = Rig::new();
    rig.press_chunk(11);
    rig.perform(Command::SetHoldContent(true));
    rig.perform(Command::SoloGenre(2));
    rig.perform(Command::SetEmotion(None));
    let (condition, labels) = (
        rig.stand.last_decode().row[0].condition.clone(),
        space().labels(ChunkId(11)),
    );
    assert_eq!(condition.leading_genre(), Some(2));
    assert_eq!((condition.valence, condition.arousal), (labels.valence, labels.arousal));
    rig.assert_export_is_what_is_heard("mood off");
}

#[test]
fn held_content() {
    let mut rig = Rig::new();
    rig.press_chunk(3);
    rig.perform(Command::SetHoldContent(true));
    let held = space().latents.get(ChunkId(3)).local;
    rig.press_chunk(space().chunks.len() as u32 - 2);
    assert_eq!(rig.stand.last_decode().row[0].latent.local, held);
    rig.assert_export_is_what_is_heard("a chunk with held content");
    rig.press_between(LayoutKind::Pca);
    assert_eq!(rig.stand.last_decode().row[0].latent.local, held);
    rig.assert_export_is_what_is_heard("a place with held content");
}

#[test]
fn latent_sliders_are_kept_undone_and_brought_back() {
    let mut rig = Rig::new();
    rig.press_between(LayoutKind::Tsne);
    let before = rig.live();
    rig.perform(Command::SetGlobal { dim: 4, value: 2.25 });
    rig.assert_export_is_what_is_heard("a latent slider");
    let (moved, recipe) = (rig.live(), rig.recipe());
    assert_ne!(moved, before);
    rig.perform(Command::Undo);
    assert_eq!(rig.live(), before, "undone");
    rig.press_chunk(20);
    rig.perform(Command::PasteRecipe(recipe.to_text()));
    assert_eq!(rig.live(), moved, "brought back by its recipe");
}

#[test]
fn strengths_up_to_their_end_a_one_shot_and_a_draw() {
    let mut rig = Rig::new();
    rig.press_chunk(9);
    rig.perform(Command::SoloGenre(1));
    for (strength, heard) in [(2.6, 2.6), (99.0, 3.0)] {
        rig.perform(Command::SetStrength(strength));
        assert_eq!(rig.stand.last_decode().strength, heard);
        rig.assert_export_is_what_is_heard(&format!("strength {strength}"));
    }
    rig.perform(Command::Sample(2));
    rig.assert_export_is_what_is_heard("a draw under a genre");
    rig.perform(Command::AsRecorded);
    rig.assert_export_is_what_is_heard("a draw without labels");
    rig.press_chunk(9);
    rig.perform(Command::SetMode(PlayMode::OneShot));
    assert_eq!(rig.stand.last_decode().context, LoopContext::Open);
    rig.assert_export_is_what_is_heard("a one-shot");
}

#[test]
fn a_path_goes_round_as_it_does_in_the_window() {
    let mut rig = Rig::new();
    rig.perform(Command::SetLayout(LayoutKind::Pca));
    let points = &space().layout(LayoutKind::Pca).unwrap().points;
    rig.perform(Command::DrawPath(vec![points[1], points[8], points[15]]));
    let recipe = rig.export(ExportTarget::PathWav);
    // Like the file, a window in which nothing has sounded yet.
    let mut rig = Rig::new();
    rig.perform(Command::SetLayout(LayoutKind::Pca));
    rig.perform(Command::DrawPath(vec![points[1], points[8], points[15]]));
    let Some(Motion::Path {
        points, period_secs, ..
    }) = rig.window.app().session.motion.clone()
    else {
        panic!("a path is a motion");
    };
    assert_eq!(recipe.seconds, Some(period_secs));
    let rendered = rig.rendered(&recipe);
    let chunk_frames = rig.decoder.config().chunk_frames;
    let total = rendered.levels.len();
    for head in (0..total).step_by(8) {
        let phase = head as f32 / (period_secs * rig.decoder.config().frame_rate_hz()).ceil();
        let place = Motion::Path {
            points: points.clone(),
            phase,
            period_secs,
        }
        .place();
        rig.perform(Command::Play(PlayPoint::At(place.unwrap()), Gesture::Continue));
        let at = head % chunk_frames;
        let end = (at + 8).min(chunk_frames).min(at + total - head);
        let (live, rendered) = (rig.live().slice(at, end), rendered.slice(head, head + end - at));
        assert!(live == rendered, "frame {head}: {} off", farthest(&live, &rendered));
    }
}

#[test]
fn samples_of_the_live_engine_are_those_of_a_render() {
    let mut rig = Rig::new();
    rig.press_between(LayoutKind::Pca);
    assert_engine_plays_what_is_rendered(&mut rig);
    // And where the limiter works.
    let (chunk, global) = loud(&rig.decoder);
    rig.press(PlayPoint::Chunk(chunk));
    for (dim, value) in global.into_iter().enumerate() {
        rig.perform(Command::SetGlobal { dim, value });
    }
    assert_engine_plays_what_is_rendered(&mut rig);
}

fn assert_engine_plays_what_is_rendered(rig: &mut Rig) {
    for detail in [0.0, 0.6, 1.0] {
        let recipe = Recipe { detail, ..rig.recipe() };
        let recordings = rig.recordings();
        let mut recording_of = |key: &RecordingKey| recordings.iter().find(|held| held.key() == key).cloned();
        let rendered = render(space(), &rig.decoder, &recipe, &mut recording_of, &StopFlag::default()).unwrap();
        assert_eq!(rendered.channels, if detail > 0.0 { 2 } else { 1 });
        let options = AudioOptions {
            seed: recipe.seed,
            ..AudioOptions::default()
        };
        let (engine, mut output) = AudioEngine::detached(options, rendered.sample_rate_hz).unwrap();
        engine.set_playback(Playback {
            volume: 1.0,
            texture: recipe.texture,
            detail,
            ..Playback::default()
        });
        for recording in recordings {
            engine.publish_recording(recording);
        }
        engine.publish_row(&rig.live_row());
        engine.play();
        let channels = usize::from(rendered.channels);
        let mut heard = vec![0.0; rendered.samples.len()];
        output.render(&mut heard, channels);
        // Away from both ends: the engine fades in, and goes round where the file ends.
        let (from, to) = (20_000 * channels, 90_000 * channels);
        let file = &rendered.samples[from..to];
        assert!(peak(file) > 0.02, "it sounds");
        let apart = |late: usize| {
            let late = late * channels;
            let pairs = heard[from + late..to + late].iter().zip(file);
            pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
        };
        let (late, apart) = (0..8_192)
            .map(|late| (late, apart(late)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap();
        println!(
            "detail {detail}: {late} samples late, {apart:e} apart at most, peak {}",
            peak(file)
        );
        assert_eq!(apart, 0.0, "detail {detail}: at the best delay, {late} samples");
    }
}

#[test]
fn a_loud_file_is_limited_unless_the_raw_sum_is_asked_for() {
    let rig = Rig::new();
    let (chunk, global) = loud(&rig.decoder);
    let loud = Recipe {
        global: Some(global),
        ..Recipe::new(RecipeSource::Chunk(chunk))
    };
    let raw = render_unlimited(space(), &rig.decoder, &loud, &mut |_| None, &StopFlag::default())
        .unwrap()
        .samples;
    let limited = render(space(), &rig.decoder, &loud, &mut |_| None, &StopFlag::default())
        .unwrap()
        .samples;
    assert!(peak(&raw) > 1.0, "the raw sum is loud: {}", peak(&raw));
    assert!(peak(&limited) <= 0.892, "{}", peak(&limited));
    let untouched = raw.iter().zip(&limited).filter(|(raw, limited)| raw == limited).count();
    assert!(
        untouched > raw.len() / 10,
        "quiet stretches pass as they are: {untouched}"
    );
}

#[test]
fn a_recipe_of_the_first_version_sounds_as_it_did() {
    let rig = Rig::new();
    let point = rig.between(LayoutKind::Pca);
    let text = format!(
        r#"{{"snapshot":"","source":{{"At":{{"layout":"Pca","point":{{"x":{:?},"y":{:?}}}}}}},"condition":null,
            "strength":1.0,"texture":1.0,"seconds":null,"seed":1}}"#,
        point.x, point.y
    );
    let first = Recipe::from_text(&text).unwrap();
    let blend = MapInverse::new(Arc::clone(space()), LayoutKind::Pca)
        .and_then(|index| index.locate(point, Content::Nearest { playing: None }))
        .unwrap();
    let labels = space().labels(blend.anchor);
    let decode = rig
        .decoder
        .decode_frames(&blend.latent, &labels, 1.0, LoopContext::Circular);
    let (old, new) = (decode.unwrap(), rig.rendered(&Recipe::new(first.source.clone())));
    assert_eq!(rig.rendered(&first), old, "the blend near the place");
    assert_ne!(new, old, "today: the place itself");
    let clip = Recipe::new(RecipeSource::Clip(1));
    let text = clip.to_text().replace(r#""version":4,"#, "");
    assert_ne!(text, clip.to_text());
    assert_eq!(rig.rendered(&Recipe::from_text(&text).unwrap()), rig.rendered(&clip));
}

#[test]
fn strength_leaves_a_point_under_its_own_labels_as_it_is() {
    let rig = Rig::new();
    let at = |strength: f32, version: u32, genre: Option<usize>| {
        let asked = genre.map(|genre| {
            let mut condition = Condition::unknown(space().meta.genres.len());
            condition.genre[genre] = 1.0;
            condition
        });
        let recipe = Recipe {
            strength,
            condition: asked,
            ..Recipe::new(RecipeSource::Chunk(ChunkId(3)))
        };
        let text = recipe
            .to_text()
            .replace(r#""version":4"#, &format!(r#""version":{version}"#));
        rig.rendered(&Recipe::from_text(&text).unwrap())
    };
    assert_eq!(at(3.0, 3, None), at(1.0, 3, None));
    assert_ne!(at(3.0, 2, None), at(1.0, 2, None), "earlier recipes sound as they did");
    let own = space().labels(ChunkId(3)).leading_genre().expect("it has a genre");
    let other = Some((usize::from(own) + 1) % space().meta.genres.len());
    assert_eq!(at(0.0, 3, other), at(1.0, 3, None), "no strength, no change");
    assert_eq!(at(1.0, 3, other), at(1.0, 2, other), "as learned is as learned");
    assert_ne!(at(2.0, 3, other), at(1.0, 3, other));
}

#[test]
fn genres_and_places_are_equally_loud_where_that_is_asked_for() {
    let rig = Rig::new();
    let genres = space().meta.genres.len();
    let chunks: Vec<ChunkId> = [0, 5, 9, 13].map(ChunkId).into();
    let recordings = recordings_of(&chunks);
    let mut off = Vec::new();
    for match_loudness in [false, true] {
        for detail in [0.0, 1.0] {
            let mut readings = Vec::new();
            for (chunk, genre) in chunks
                .iter()
                .flat_map(|chunk| (0..genres).map(move |genre| (chunk, genre)))
            {
                let mut condition = Condition::unknown(genres);
                condition.genre[genre] = 1.0;
                let recipe = Recipe {
                    condition: Some(condition),
                    detail,
                    match_loudness,
                    ..Recipe::new(RecipeSource::Chunk(*chunk))
                };
                let mut recording_of = |key: &RecordingKey| recordings.iter().find(|held| held.key() == key).cloned();
                let never = StopFlag::default();
                let sound = render_unlimited(space(), &rig.decoder, &recipe, &mut recording_of, &never).unwrap();
                readings.push(lufs(&sound.samples, usize::from(sound.channels)));
            }
            let highest = readings.iter().copied().fold(f32::MIN, f32::max);
            let lowest = readings.iter().copied().fold(f32::MAX, f32::min);
            let strays = readings.iter().map(|reading| (reading + 16.0).abs()).sum::<f32>() / readings.len() as f32;
            println!("matched {match_loudness}, detail {detail}: {lowest:.1} to {highest:.1} LUFS, {strays:.2} off");
            if match_loudness {
                // What four songs lead to need not be the levels of any sound: then some of it cancels, and is not heard.
                let most = if detail > 0.0 { 0.3 } else { 2.0 };
                assert!(
                    strays < most && highest < -15.0,
                    "up to {highest} LUFS, {strays} LU off"
                );
            }
            off.push(strays);
        }
    }
    assert!(off[0] > 1.5 * off[2] && off[1] > 5.0 * off[3], "{off:?} LU");
}

/// What `render` makes of an endless recipe, by the recordings of the fixture songs.
fn walk(recipe: &Recipe) -> Vec<f32> {
    let plan = EndlessPlan::of(space(), recipe)
        .unwrap()
        .expect("it goes on without end");
    let decoder = SpaceDecoder::new(space(), &Device::flex()).unwrap();
    let (shelf, stop) = (RecordingShelf::default(), StopFlag::default());
    let roots = [Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs")];
    let found = find_recordings(space(), &plan.chunks(), &roots, &shelf, &stop);
    let found: Vec<Arc<Recording>> = found.into_iter().map(Result::unwrap).collect();
    let mut recording_of = |key: &RecordingKey| found.iter().find(|held| held.key() == key).cloned();
    plan.render(&decoder, recipe, &mut recording_of, &stop).unwrap().samples
}

#[test]
fn endless_goes_on_jumps_rarely_never_back_to_what_was_just_heard_and_again_the_same() {
    let recipe = Recipe {
        span: Span::Endless,
        adventure: 1.0,
        seconds: Some(40.0),
        seed: 5,
        ..Recipe::new(RecipeSource::Chunk(ChunkId(4)))
    };
    let plan = EndlessPlan::of(space(), &recipe)
        .unwrap()
        .expect("it goes on without end");
    let jumps = plan.jumps_secs();
    assert!((3..=16).contains(&jumps.len()), "jumps at {jumps:?}");
    assert!(
        jumps.windows(2).all(|pair| pair[1] - pair[0] > 1.0),
        "jumps at {jumps:?}"
    );
    let rate = space().meta.model.frame_rate_hz();
    let mut heard: Vec<(ChunkId, f32, f32)> = Vec::new();
    let mut now = 0.0;
    for stretch in plan.stretches() {
        let secs = stretch.frames as f32 / (rate * stretch.pace);
        let begin = stretch.from as f32 / rate;
        if stretch.is_jump {
            let again = heard
                .iter()
                .find(|(chunk, at, from)| *chunk == stretch.chunk && now - at < 20.0 && (from - begin).abs() < 0.05);
            assert_eq!(again, None, "back to what was just heard at {now} s");
        }
        heard.push((stretch.chunk, now, begin));
        now += secs;
    }
    assert!(now > 40.0);
    let again = EndlessPlan::of(space(), &recipe)
        .unwrap()
        .expect("it goes on without end");
    assert_eq!(again.stretches(), plan.stretches());
    let other = EndlessPlan::of(
        space(),
        &Recipe {
            seed: 6,
            ..recipe.clone()
        },
    )
    .unwrap()
    .unwrap();
    assert_ne!(other.stretches(), plan.stretches(), "another seed goes another way");
    let short = Recipe {
        seconds: Some(8.0),
        detail: 1.0,
        ..recipe
    };
    let [first, second] = [0, 1].map(|_| walk(&short));
    assert!(first == second, "the same bytes");
    assert_eq!(first.len(), 2 * 8 * 44_100);
    let loud = first[8_820..]
        .chunks_exact(8_820)
        .all(|part| part.iter().any(|sample| sample.abs() > 1e-3));
    assert!(loud, "there is no gap");
}

#[test]
fn endless_that_stays_keeps_to_its_clip_and_a_genre_leads_to_it() {
    let clip_of = |chunk: ChunkId| space().chunks[chunk.0 as usize].clip;
    let recipe = Recipe {
        span: Span::Endless,
        adventure: 0.0,
        seconds: Some(60.0),
        ..Recipe::new(RecipeSource::Chunk(ChunkId(4)))
    };
    let plan = EndlessPlan::of(space(), &recipe).unwrap().unwrap();
    assert!(plan.chunks().iter().all(|chunk| clip_of(*chunk) == clip_of(ChunkId(4))));
    let own = space()
        .labels(ChunkId(4))
        .leading_genre()
        .expect("the fixtures have genres");
    let genres = space().meta.genres.len();
    let wanted = (0..genres)
        .find(|genre| *genre != usize::from(own))
        .expect("more than one");
    let mut condition = Condition::unknown(genres);
    condition.genre[wanted] = 1.0;
    let led = Recipe {
        adventure: 0.5,
        condition: Some(condition),
        relatives: Relatives::Nearest,
        ..recipe
    };
    let plan = EndlessPlan::of(space(), &led).unwrap().unwrap();
    // It begins with the relative: the few songs of one genre are soon heard, and then others have to do.
    let first = plan.chunks()[0];
    assert_ne!(clip_of(first), clip_of(ChunkId(4)));
    assert_eq!(space().labels(first).leading_genre(), Some(wanted as u16));
}

#[test]
fn a_genre_slider_walks_to_the_relative_and_stays_with_the_notes_where_they_are_held() {
    let mut rig = Rig::new();
    rig.press_chunk(11);
    let own = space().labels(ChunkId(11)).leading_genre().unwrap();
    let genre = usize::from(own == 0);
    rig.perform(Command::SoloGenre(genre));
    let relative = rig.window.app().session.relative.expect("the slider leads somewhere");
    assert_eq!(relative.share, 1.0);
    assert_eq!(space().labels(relative.chunk).leading_genre(), Some(genre as u16));
    let part = rig.stand.last_part();
    assert_eq!(
        part.latent,
        space().latents.get(relative.chunk),
        "its own latent: its recording as it is"
    );
    assert_eq!(
        rig.window.app().session.selection.unwrap().chunk,
        ChunkId(11),
        "the place stays"
    );
    rig.assert_export_is_what_is_heard("a relative");
    rig.perform(Command::SetHoldContent(true));
    assert_eq!(
        rig.stand.last_part().latent,
        space().latents.get(ChunkId(11)),
        "colour only"
    );
    rig.perform(Command::SetHoldContent(false));
    rig.perform(Command::GoToRelative);
    assert_eq!(rig.window.app().session.selection.unwrap().chunk, relative.chunk);
    assert_eq!(rig.window.app().session.relative, None, "it is where it wants to be");
}
