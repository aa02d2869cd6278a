//! A folder of real songs to a space, through the same job that window and command line run; then the file, its
//! hostile relatives, and the sounds it makes.

mod old_files;

use burn::tensor::Device;
use songspace::atlas::{Content, MapInverse};
use songspace::codec::SpectralCodec;
use songspace::decode::SpaceDecoder;
use songspace::dsp::BandAxis;
use songspace::files::Stamp;
use songspace::jobs::{Control, Job, JobEvent, JobFolders, JobSink};
use songspace::render::{Recipe, RecipeSource, render};
use songspace::space::{BundleError, Kept, KeptBookmark, KeptPin, LayoutKind, Snapshot, WeightPrecision};
use songspace::sync::StopFlag;
use songspace::train::TrainOptions;
use songspace::values::{ChunkAudio, ChunkId, Condition, Emotion, Latent, LoopContext, MapPoint};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Remembers what a job said.
#[derive(Default)]
struct Log {
    published_steps: Vec<u64>,
    notes: Vec<String>,
}

impl JobSink for Log {
    fn event(&mut self, event: JobEvent) {
        if let JobEvent::Published(snapshot) = event {
            self.published_steps.push(snapshot.meta.trained_steps);
        }
    }

    fn control(&mut self) -> Control {
        Control::Continue
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs")
}

fn run_job(source: &Path, options: TrainOptions, outputs: &Path) -> (Result<Arc<Snapshot>, String>, Log) {
    let mut log = Log::default();
    let folders = JobFolders::below(outputs);
    let job = Job {
        source,
        options,
        device: &Device::flex(),
        folders: &folders,
        resume: None,
    };
    let outcome = job.run(&mut log).map(|trained| {
        log.notes.push(trained.note);
        trained.snapshot
    });
    (outcome.map_err(|error| error.to_string()), log)
}

fn linear_model() -> TrainOptions {
    TrainOptions {
        minutes: Some(0.0),
        ..TrainOptions::default()
    }
}

/// The linear-model space of the fixture songs, made once.
fn space() -> &'static Arc<Snapshot> {
    static SPACE: OnceLock<Arc<Snapshot>> = OnceLock::new();
    SPACE.get_or_init(|| {
        let outputs = tempfile::tempdir().expect("a temporary folder");
        run_job(&fixtures(), linear_model(), outputs.path())
            .0
            .expect("the fixtures make a space")
    })
}

fn decoder() -> SpaceDecoder {
    SpaceDecoder::new(space(), &Device::flex()).expect("the space decodes")
}

#[test]
fn the_closed_form_is_published_before_any_training_and_a_short_training_follows() {
    let outputs = tempfile::tempdir().unwrap();
    let options = TrainOptions {
        minutes: None,
        steps: Some(3),
        batch: 2,
        ..TrainOptions::default()
    };
    let (outcome, log) = run_job(&fixtures(), options, outputs.path());
    let snapshot = outcome.unwrap();
    assert_eq!(
        log.published_steps.first(),
        Some(&0),
        "the first space on screen is the linear model"
    );
    assert_eq!(log.notes.len(), 1);
    assert_eq!(snapshot.meta.genres.len(), 6);
    assert_eq!(
        snapshot.layout(LayoutKind::Tsne).map(|layout| layout.kind),
        Some(LayoutKind::Tsne)
    );
    let runs: Vec<_> = std::fs::read_dir(outputs.path().join("runs"))
        .unwrap()
        .flatten()
        .collect();
    let curve = std::fs::read_to_string(runs[0].path().join("metrics.csv")).unwrap();
    assert_eq!(curve.lines().count(), 4, "a header and one row a step:\n{curve}");
    assert!(runs[0].path().join("checkpoint.safetensors").is_file());
}

#[test]
fn of_two_additions_to_one_file_at_once_none_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("songs.songspace");
    space().save(&path, WeightPrecision::F32).unwrap();
    let (mine, yours) = (Stamp::of(&path).unwrap(), Stamp::of(&path).unwrap());
    let mut grown = Snapshot::clone(space());
    grown.meta.name = "grown".into();
    grown.save_over(&path, &mine, WeightPrecision::F32).unwrap();
    let refused = space().save_over(&path, &yours, WeightPrecision::F32).unwrap_err();
    assert!(refused.to_string().contains("changed this file since"), "{refused}");
    assert_eq!(Snapshot::open(&path).unwrap().meta.name, "grown");
}

#[test]
fn a_space_survives_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sub/songs.songspace");
    space().save(&path, WeightPrecision::F32).unwrap();
    let opened = Snapshot::open(&path).unwrap();
    assert_eq!(opened.hash, space().hash);
    assert_eq!(opened.weights, space().weights);
    assert_eq!(opened.latents.globals(), space().latents.globals());
    let floor = opened.meta.figures["linear_distance"];
    assert!((2.0..8.0).contains(&floor), "rebuilt within {floor} dB");
    assert_eq!(opened.meta.figures, space().meta.figures);
    assert_eq!(opened.chunks.len(), space().chunks.len());
    assert_eq!(opened.layouts[0].points, space().layouts[0].points);
    assert_eq!(opened.clips[3].labels, space().clips[3].labels);
    let half = folder.path().join("half.songspace");
    space().save(&half, WeightPrecision::F16).unwrap();
    assert!(half.metadata().unwrap().len() < path.metadata().unwrap().len() * 6 / 10);
    assert!(SpaceDecoder::new(&Snapshot::open(&half).unwrap(), &Device::flex()).is_ok());
}

#[test]
fn a_file_that_is_opened_and_saved_has_the_same_bytes_and_what_is_kept_travels_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let (path, again) = (folder.path().join("a.songspace"), folder.path().join("b.songspace"));
    let mut plain = Snapshot::clone(space());
    // The last digit of a figure may be read as its neighbour.
    plain.meta.figures.clear();
    for layout in &mut plain.layouts {
        layout.quality.clear();
    }
    for precision in [WeightPrecision::F32, WeightPrecision::F16] {
        plain.save(&path, precision).unwrap();
        let opened = Snapshot::open(&path).unwrap();
        assert_eq!(opened.stored_precision(), precision);
        opened.save(&again, opened.stored_precision()).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert!(
            bytes == std::fs::read(&again).unwrap(),
            "an unchanged space is an unchanged file"
        );
        let says = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
        assert!(!says(&bytes, b"kept"), "earlier programs would have written the same");
    }
    let mut kept = Snapshot::clone(space());
    let pin = |number: u32, chunk: u32, x: f32| KeptPin {
        number,
        layout: LayoutKind::Pca,
        point: MapPoint { x, y: 0.5 },
        chunk: ChunkId(chunk),
    };
    kept.meta.kept = Kept {
        bookmarks: vec![KeptBookmark {
            name: "dusk".into(),
            recipe: Recipe::new(RecipeSource::Chunk(ChunkId(3))).to_text(),
        }],
        pins: vec![pin(1, 2, 0.25), pin(2, 1_000_000, 0.0)],
    };
    kept.save(&path, WeightPrecision::F32).unwrap();
    let opened = Snapshot::open(&path).unwrap();
    assert_eq!(opened.meta.kept.bookmarks, kept.meta.kept.bookmarks);
    assert_eq!(
        opened.meta.kept.pins,
        [pin(1, 2, 0.25)],
        "a pin that lies nowhere is left out"
    );
    assert_eq!(opened.hash, space().hash, "what is kept is no other sound");
}

#[test]
fn a_file_with_the_names_of_format_1_opens_and_decodes_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("songs.songspace");
    space().save(&path, WeightPrecision::F32).unwrap();
    let renamed = old_files::rewrite_as_format_1(&path);
    assert_eq!(renamed, 10, "all tensors of the linear model had other names");
    let old = Snapshot::open(&path).unwrap();
    assert_eq!(old.meta.model, space().meta.model);
    assert_eq!(old.weights, space().weights);
    let decoded = |decoder: SpaceDecoder| {
        let (latent, labels) = (space().latents.get(ChunkId(1)), space().labels(ChunkId(1)));
        match decoder.decode(&latent, &labels, 1.0, LoopContext::Circular).unwrap() {
            ChunkAudio::Spectral { log_amplitude, .. } => log_amplitude,
            ChunkAudio::Pcm { .. } => panic!("the spectral codec gives frames"),
        }
    };
    let of_old = SpaceDecoder::new(&old, &Device::flex()).unwrap();
    assert_eq!(decoded(of_old), decoded(decoder()));
}

#[test]
fn damaged_and_foreign_files_are_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("space.songspace");
    space().save(&path, WeightPrecision::F16).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for len in [0, 1, 8, 9, 500, bytes.len() / 3, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..len]).unwrap();
        let text = Snapshot::open(&path).unwrap_err().to_string();
        assert!(text.contains("space.songspace"), "cut to {len}: {text}");
    }
    // One bit in the header of every eighth kilobyte: an error or a space, never a panic.
    for place in (8..bytes.len().min(64 * 1024)).step_by(997) {
        let mut mutated = bytes.clone();
        mutated[place] ^= 0x15;
        std::fs::write(&path, &mutated).unwrap();
        if let Ok(snapshot) = Snapshot::open(&path) {
            let _ = SpaceDecoder::new(&snapshot, &Device::flex());
        }
    }
    std::fs::write(&path, b"ID3\x04 this is music, not a space").unwrap();
    assert!(matches!(Snapshot::open(&path), Err(BundleError::Foreign { .. })));
    assert!(matches!(Snapshot::open(folder.path()), Err(BundleError::Read { .. })));
}

#[test]
fn an_output_that_cannot_be_written_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("space.songspace");
    std::fs::write(&path, b"what was there").unwrap();
    let blocked = path.join("below-a-file.songspace");
    let text = space().save(&blocked, WeightPrecision::F16).unwrap_err().to_string();
    assert!(text.contains("could not be written"), "{text}");
    assert_eq!(std::fs::read(&path).unwrap(), b"what was there");
}

#[test]
fn empty_and_musicless_folders_are_named() {
    let outputs = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (outcome, _) = run_job(folder.path(), linear_model(), outputs.path());
    assert!(outcome.unwrap_err().contains(&folder.path().display().to_string()));
    std::fs::write(folder.path().join("notes.txt"), "no music here").unwrap();
    assert!(run_job(folder.path(), linear_model(), outputs.path()).0.is_err());
    let missing = folder.path().join("not-there");
    assert!(
        run_job(&missing, linear_model(), outputs.path())
            .0
            .unwrap_err()
            .contains("does not exist")
    );
}

/// Mean absolute difference of band levels in nats of two renders, by the codec's own analysis.
fn distance_nats(a: &[f32], b: &[f32]) -> f32 {
    let codec = SpectralCodec::new(BandAxis::standard());
    let (a, b) = (codec.analyse(a).time_mean(), codec.analyse(b).time_mean());
    a.iter().zip(&b).map(|(a, b)| (a - b).abs()).sum::<f32>() / a.len() as f32
}

#[test]
fn points_genres_and_emotions_are_heard_and_equal_recipes_give_equal_bytes() {
    let (space, decoder) = (space(), decoder());
    let layout = space.layout(LayoutKind::Pca).unwrap();
    let far = |from: MapPoint| {
        *layout
            .points
            .iter()
            .max_by(|a, b| a.distance_squared(from).total_cmp(&b.distance_squared(from)))
            .unwrap()
    };
    let (here, there) = (layout.points[0], far(layout.points[0]));
    let at = |point| Recipe {
        seconds: Some(2.0),
        ..Recipe::new(RecipeSource::At {
            layout: LayoutKind::Pca,
            point,
        })
    };
    let heard = |recipe: &Recipe| {
        render(space, &decoder, recipe, &mut |_| None, &StopFlag::default())
            .unwrap()
            .samples
    };
    let first = heard(&at(here));
    assert_eq!(first.len(), 2 * 44_100);
    assert_eq!(
        first,
        heard(&Recipe::from_text(&at(here).to_text()).unwrap()),
        "equal recipes, equal bytes"
    );
    assert!(
        distance_nats(&first, &heard(&at(there))) > 0.3,
        "two far points must sound different"
    );
    let under = |genre: usize, emotion: Emotion| {
        let mut condition = Condition::unknown(space.meta.genres.len()).with_emotion(emotion);
        condition.genre[genre] = 1.0;
        heard(&Recipe {
            condition: Some(condition),
            ..at(here)
        })
    };
    let (ambient, rock) = (under(0, Emotion::Calm), under(5, Emotion::Calm));
    assert!(distance_nats(&ambient, &rock) > 0.1, "a genre must be heard");
    assert!(
        distance_nats(&rock, &under(5, Emotion::Angry)) > 0.05,
        "an emotion must be heard"
    );
}

#[test]
fn a_clip_a_path_and_a_draw_render_with_their_own_lengths() {
    let (space, decoder) = (space(), decoder());
    let clip = render(
        space,
        &decoder,
        &Recipe::new(RecipeSource::Clip(0)),
        &mut |_| None,
        &StopFlag::default(),
    )
    .unwrap();
    let secs = clip.samples.len() as f32 / clip.sample_rate_hz as f32;
    assert!(
        (secs - space.clips[0].duration_secs).abs() < 1.6,
        "{secs} s of {} s",
        space.clips[0].duration_secs
    );
    let points = space.layouts[0].points[..4].to_vec();
    let path = Recipe {
        seconds: Some(1.5),
        ..Recipe::new(RecipeSource::Path {
            layout: LayoutKind::Pca,
            points,
        })
    };
    assert_eq!(
        render(space, &decoder, &path, &mut |_| None, &StopFlag::default())
            .unwrap()
            .samples
            .len(),
        66_150
    );
    let draw = Recipe::new(RecipeSource::Prior { index: 3 });
    let samples = render(space, &decoder, &draw, &mut |_| None, &StopFlag::default())
        .unwrap()
        .samples;
    assert!(samples.iter().all(|sample| sample.is_finite()));
    assert!(
        samples.iter().map(|sample| sample * sample).sum::<f32>() > 1.0,
        "a draw must sound"
    );
    let missing = render(
        space,
        &decoder,
        &Recipe::new(RecipeSource::Clip(99)),
        &mut |_| None,
        &StopFlag::default(),
    )
    .unwrap_err()
    .to_string();
    assert!(missing.contains("no clip 99"), "{missing}");
    let empty = Recipe::new(RecipeSource::Path {
        layout: LayoutKind::Pca,
        points: Vec::new(),
    });
    assert!(render(space, &decoder, &empty, &mut |_| None, &StopFlag::default()).is_err());
    let other = Recipe {
        snapshot: "another".into(),
        ..Recipe::new(RecipeSource::Clip(0))
    };
    assert!(
        render(space, &decoder, &other, &mut |_| None, &StopFlag::default())
            .unwrap_err()
            .to_string()
            .contains("another version")
    );
}

#[test]
fn a_loop_has_no_seam_and_poisoned_latents_stay_finite() {
    let (space, decoder) = (space(), decoder());
    let latent = space.latents.get(ChunkId(0));
    let labels = space.labels(ChunkId(0));
    let mut turned = latent.clone();
    let steps = latent.local.len();
    for step in 0..steps {
        turned
            .local
            .row_mut(step)
            .copy_from_slice(latent.local.row((step + 5) % steps));
    }
    let levels = |latent: &Latent| match decoder.decode(latent, &labels, 1.0, LoopContext::Circular).unwrap() {
        ChunkAudio::Spectral { log_amplitude, .. } => log_amplitude,
        ChunkAudio::Pcm { .. } => panic!("the spectral codec gives frames"),
    };
    let (straight, shifted) = (levels(&latent), levels(&turned));
    let frames = straight.len();
    let patch = space.meta.model.patch_frames;
    for frame in 0..frames {
        for (a, b) in shifted
            .row(frame)
            .iter()
            .zip(straight.row((frame + 5 * patch) % frames))
        {
            assert!(
                (a - b).abs() < 1e-3,
                "turning the latent must turn the sound, seam included"
            );
        }
    }
    let mut poisoned = latent.clone();
    poisoned.global[0] = f32::NAN;
    poisoned.local.row_mut(2)[1] = f32::INFINITY;
    assert!(levels(&poisoned).as_slice().iter().all(|level| level.is_finite()));
}

#[test]
fn the_map_leads_back_to_the_chunk_it_shows() {
    let space = space();
    let inverse = MapInverse::new(Arc::clone(space), LayoutKind::Pca).unwrap();
    for chunk in (0..space.chunks.len()).step_by(3) {
        let at = space.layouts[0].points[chunk];
        let found = inverse.locate(at, Content::Nearest { playing: None }).unwrap();
        assert_eq!(found.latent.global, space.latents.get(ChunkId(chunk as u32)).global);
    }
}
