//! Screenshots of the window in the states that matter, drawn off screen: `cargo run --example shots -- FOLDER [SPACE]`.
//!
//! Shows `SPACE` (the demo space by default) or, without one, a space made by hand.

#[path = "../tests/window_support/mod.rs"]
mod window_support;

use egui::{Theme, vec2};
use egui_kittest::Harness;
use songspace::jobs::JobStage as Job;
use songspace::session::{
    Banner, Command, Commands, Estimate, Level, Mixer, Mood, Preview, Progress, RecordedTake, Root, RootFrom,
    SampleSegment, Selection, Session, SpaceView, Standing, StripColumn, Take, TrainingState,
};
use songspace::space::Snapshot;
use songspace::train::{ErrorUnit, Health, StepReport, Validation};
use songspace::ui::{self, Panes, SideTab};
use songspace::values::{ChunkAudio, ChunkId, DecodedChunk, Scale};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use window_support::Stage;

const DESKTOP: [f32; 2] = [1_280.0, 800.0];
const SMALL: [f32; 2] = [900.0, 600.0];
const FULL_HD: [f32; 2] = [1_920.0, 1_080.0];
const UHD: [f32; 2] = [3_840.0, 2_160.0];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().unwrap_or_else(|| "outputs/screenshots".into());
    let space = arguments.next().unwrap_or_else(|| "assets/demo.songspace".into());
    std::fs::create_dir_all(&folder)?;
    let studio = Studio {
        folder: &folder,
        view: view(&space),
    };
    studio.shoot("empty", DESKTOP, Theme::Dark, |stage| {
        stage.session = Session::default();
    })?;
    studio.shoot("demo", DESKTOP, Theme::Dark, |_| {})?;
    studio.shoot("playing", DESKTOP, Theme::Dark, playing)?;
    studio.shoot("light", DESKTOP, Theme::Light, playing)?;
    studio.shoot("keys", DESKTOP, Theme::Dark, keys_and_clock)?;
    studio.shoot("keys-small", SMALL, Theme::Light, keys_and_clock)?;
    studio.shoot("training", DESKTOP, Theme::Dark, training)?;
    studio.shoot("sheet", DESKTOP, Theme::Light, sheet)?;
    studio.shoot("error", SMALL, Theme::Dark, error)?;
    studio.shoot("small", SMALL, Theme::Dark, playing)?;
    studio.shoot("small-light", SMALL, Theme::Light, |stage| {
        playing(stage);
        stage.panes.side = SideTab::Library;
    })?;
    studio.shoot("large", FULL_HD, Theme::Dark, playing)?;
    studio.shoot_dragging()?;
    // The last one: a software renderer on a busy machine takes too long for it.
    studio.shoot("4k", UHD, Theme::Dark, playing)?;
    Ok(())
}

/// A chord over a loop in time.
fn keys_and_clock(stage: &mut Stage) {
    playing(stage);
    stage.session.keys.on = true;
    stage.session.keys.held = vec![60, 64, 67];
    stage.session.keys.root = Root {
        key: 57.0,
        from: RootFrom::KeyOfClip,
    };
    stage.session.settings.keys.scale = Scale::Minor;
    stage.session.clock.on = true;
    stage.session.clock.beat = Some(6.5);
}

/// Where pictures go and what they show.
struct Studio<'a> {
    folder: &'a Path,
    view: Arc<SpaceView>,
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

impl Studio<'_> {
    fn shoot(&self, name: &str, size: [f32; 2], theme: Theme, prepare: impl FnOnce(&mut Stage)) -> Outcome {
        let mut harness = self.stage(size, theme, prepare);
        self.save(name, &mut harness)
    }

    /// A hand that is half-way through a drag, with its trail.
    fn shoot_dragging(&self) -> Outcome {
        let mut harness = self.stage(DESKTOP, Theme::Dark, playing);
        let middle = harness
            .state()
            .panes
            .map
            .rect
            .map_or(egui::pos2(400.0, 300.0), |rect| rect.center());
        harness.drag_at(middle);
        for step in 0..24 {
            let angle = step as f32 * 0.13;
            harness.hover_at(middle + vec2(150.0 * angle.sin(), 90.0 * (1.0 - angle.cos())));
            harness.step();
        }
        // What sounds is where the hand is.
        let hand = vec2(150.0 * (23.0 * 0.13f32).sin(), 90.0 * (1.0 - (23.0 * 0.13f32).cos()));
        let map = &harness.state().panes.map;
        let layout = harness.state().session.layout().ok_or("the space has no map")?;
        // Where a step to the right and one upwards lead says how large a point of the window is on the map.
        let at = |view: [f32; 2]| map.on_screen(view).ok_or("the map was not drawn");
        let (origin, across, up) = (at([0.0, 0.0])?, at([1.0, 0.0])?, at([0.0, 1.0])?);
        let aim = middle + hand - origin;
        let end = layout.map_from_view([aim.x / (across.x - origin.x), aim.y / (up.y - origin.y)]);
        if let Some(selection) = &mut harness.state_mut().session.selection {
            selection.point = end;
        }
        harness.step();
        self.save("dragging", &mut harness)
    }

    fn stage(&self, size: [f32; 2], theme: Theme, prepare: impl FnOnce(&mut Stage)) -> Harness<'static, Stage> {
        let mut stage = Stage {
            session: Session {
                space: Some(Arc::clone(&self.view)),
                mixer: Mixer::for_genres(self.view.snapshot.meta.genres.len()),
                compute_device: "CPU (2 threads)".into(),
                audio_device: Some("Built-in audio".into()),
                ..Session::default()
            },
            panes: Panes::default(),
            commands: Commands::default(),
        };
        prepare(&mut stage);
        let mut harness = Harness::builder()
            .with_size(size)
            .with_theme(theme)
            .with_step_dt(1.0 / 60.0)
            .with_context_setup(ui::install)
            .with_render_options(Default::default())
            .wgpu()
            .build_ui_state(window_support::draw, stage);
        harness.run_steps(6);
        harness
    }

    fn save(&self, name: &str, harness: &mut Harness<'_, Stage>) -> Outcome {
        harness.render()?.save(self.folder.join(format!("{name}.png")))?;
        Ok(())
    }
}

fn view(space: &Path) -> Arc<SpaceView> {
    let snapshot = Snapshot::open(space).unwrap_or_else(|_| window_support::snapshot(1_600));
    Arc::new(SpaceView::new(Arc::new(snapshot)))
}

fn playing(stage: &mut Stage) {
    let session = &mut stage.session;
    let Some(layout) = session.layout() else {
        return;
    };
    let point = layout.map_from_view([0.05, 0.1]);
    let chunk = layout.nearest([0.05, 0.1], None).map_or(ChunkId(0), |(chunk, _)| chunk);
    session.selection = Some(Selection {
        point,
        chunk,
        standing: Standing::Blend,
    });
    session.transport.playing = true;
    session.mixer.as_recorded = false;
    for (fader, level) in session.mixer.faders.iter_mut().zip([0.2, 0.0, 0.75, 0.0, 0.45]) {
        *fader = level;
    }
    session.mixer.emotion = Some((0.45, 0.35));
    let meters = &mut session.meters;
    meters.request_ms = Some(38.0);
    meters.device_ms = Some(42.0);
    meters.decode_ms = Some(12.0);
    meters.peak_db = Some(-5.0);
    meters.rms_db = Some(-17.0);
    meters.playhead = Some(0.4);
    meters.channels = [(-5.0, -17.0, -3.5), (-6.5, -18.0, -4.5)].map(|(peak, rms, held)| Level {
        peak_db: Some(peak),
        rms_db: Some(rms),
        held_db: Some(held),
    });
    session.strip.columns = (0..512)
        .map(|i| i as f32)
        .map(|t| (0.55 + 0.45 * (t * 0.098).sin()) * (0.75 + 0.25 * (t * 1.7).sin()))
        .map(|level| StripColumn {
            level,
            bass: 0.6 * level * level,
        })
        .collect();
    session.takes = ["2026-11-25 blues_015", "2026-11-25 blues_014", "2026-11-24 jazz_003"]
        .map(|name| RecordedTake {
            path: format!("/home/me/Music/Songspace/{name}.wav").into(),
            secs: 83.0,
        })
        .to_vec();
    let meters = &mut session.meters;
    meters.scope = (0..1_024)
        .map(|i| i as f32)
        .map(|t| 0.45 * (t * 0.045).sin() + 0.25 * (t * 0.137).sin())
        .collect();
    for column in 0..meters.tape.width() {
        meters
            .tape
            .push(std::array::from_fn(|row| level(column as f32, row as f32)));
    }
}

/// A picture of three gliding partials over a noise floor.
fn level(column: f32, row: f32) -> u8 {
    let partial = |centre: f32, strength: f32| {
        let distance = (row - centre - 8.0 * (column * 0.05).sin()) / 2.2;
        strength * (-distance * distance).exp()
    };
    let beat = 0.6 + 0.4 * (column * 0.35).sin();
    let floor = 60.0 * (-row / 40.0).exp();
    (floor + beat * (partial(26.0, 190.0) + partial(42.0, 120.0) + partial(55.0, 70.0))).min(255.0) as u8
}

fn training(stage: &mut Stage) {
    playing(stage);
    stage.panes.side = SideTab::Train;
    let training = &mut stage.session.training;
    training.state = TrainingState::Running;
    training.source = Some("/music/library".into());
    training.progress = Some(Progress {
        stage: Job::Training,
        done: 420,
        total: 1_000,
    });
    training.health = Some(Health::Good);
    training.budget_minutes = Some(24.0);
    training.previews = ["Harbour Song", "Copper Night", "Paper Lantern"]
        .iter()
        .enumerate()
        .map(|(point, title)| Preview {
            title: (*title).to_owned(),
            genre: "Jazz".into(),
            before: take(0, point),
            now: Some(take(2_400, point)),
        })
        .collect();
    for step in 0..300u64 {
        let t = step as f32 / 100.0;
        training.push(StepReport {
            step: step * 10,
            elapsed_secs: step as f64 * 2.0,
            loss: 0.5 + 2.0 * (-t).exp(),
            unit: ErrorUnit::Decibel,
            reconstruction: 0.4 + 1.5 * (-t).exp(),
            kl_global: 80.0,
            kl_local: 2_000.0,
            learning_rate: 1e-3,
            steps_per_sec: 5.1,
            validation: step.is_multiple_of(30).then(|| Validation {
                unit: ErrorUnit::Decibel,
                distance: 4.1 + (-t).exp(),
                linear_distance: 5.1,
                similarity: 0.93 - 0.04 * (-t).exp(),
                linear_similarity: 0.89,
                active_global: 0.94,
                active_local: 0.97,
                map_effect: 0.91,
                condition_to_map_ratio: 0.52,
            }),
        });
    }
}

/// A picture of a preview; later steps are clearer.
fn take(step: u64, point: usize) -> Take {
    let haze = if step == 0 { 0.55 } else { 1.0 };
    let cell = |row: usize, column: usize| {
        let level = level(
            1.5 * column as f32 + 40.0 * point as f32,
            3.0 * (Take::ROWS - 1 - row) as f32,
        );
        (f32::from(level) * haze) as u8
    };
    let cells = (0..Take::ROWS).flat_map(|row| (0..Take::COLUMNS).map(move |column| (row, column)));
    Take {
        step,
        picture: cells.map(|(row, column)| cell(row, column)).collect(),
        audio: Arc::new(DecodedChunk::of(ChunkAudio::Pcm {
            channels: 1,
            samples: Vec::new(),
            sample_rate_hz: 44_100,
        })),
    }
}

fn sheet(stage: &mut Stage) {
    playing(stage);
    stage.panes.side = SideTab::Train;
    let training = &mut stage.session.training;
    training.inspected = Some(Estimate {
        folder: "/music/library".into(),
        files: 156,
        minutes_of_music: 78.0,
        genres: [("Ambient", 12), ("Jazz", 12), ("Rock", 12)]
            .map(|(name, n)| (name.to_owned(), n))
            .to_vec(),
        map_points: 1_575,
        import_secs: 78.0,
        cache_bytes: 360_000_000,
        notes: vec!["12 files have no mood; it will be estimated from the sound.".into()],
        moods: (0..144)
            .map(|i| Mood {
                valence: (i as f32 * 0.71).sin() * 0.8,
                arousal: (i as f32 * 1.13).cos() * 0.7 + 0.1,
                estimated: i % 5 == 0,
            })
            .collect(),
        spellings: [("Hip Hop/Rap", "Hip-Hop"), ("Jazz", "Jazz"), ("hiphop", "Hip-Hop")]
            .map(|(spelling, name)| (spelling.to_owned(), vec![name.to_owned()]))
            .into(),
    });
    training.segments = (0..4)
        .map(|i| SampleSegment {
            title: format!("Harbour Song {}", i + 1),
            genre: "Jazz".into(),
            peaks: (0..42).map(|k| ((k * (i + 2)) as f32 * 0.41).sin().abs()).collect(),
        })
        .collect();
}

fn error(stage: &mut Stage) {
    playing(stage);
    let text = "The file /music/dusk.songspace is cut short: 12 of its 40 tensors are missing. Nothing was changed.";
    stage
        .session
        .announce(Banner::error(text).with_action("Open another…", Command::OpenDemo));
}
