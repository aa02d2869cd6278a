//! A space made by hand (genres as islands, labels that follow them, no model behind it) and a window to show it in.
#![allow(dead_code, reason = "every test binary uses its part of it")]

pub mod app_window;
pub mod stand;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use songspace::model::{CodecKind, ModelConfig, Preset};
use songspace::session::{Command, Commands, Mixer, Session, SpaceView};
use songspace::space::{Chunk, Clip, Kept, LatentTable, Layout, LayoutKind, Snapshot, SpaceMeta};
use songspace::ui::{self, Panes};
use songspace::values::{ClipId, Condition, Frames, Latent, MapPoint};
use std::collections::BTreeMap;
use std::sync::Arc;

const GENRES: [&str; 12] = [
    "Ambient",
    "Blues",
    "Classical",
    "Country",
    "Electronic",
    "Folk",
    "Hip-Hop",
    "Jazz",
    "Metal",
    "Pop",
    "Reggae",
    "Rock",
];

/// Chunks of one clip.
const CHUNKS_PER_CLIP: usize = 8;

/// A space of `chunks` points in twelve genres, the same for the same number.
pub fn snapshot(chunks: usize) -> Snapshot {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let clip_count = chunks.div_ceil(CHUNKS_PER_CLIP).max(1);
    let mut model = ModelConfig::new(CodecKind::Spectral, Preset::S, GENRES.len(), 2.972);
    model.local_dims = 2;
    let clips: Vec<Clip> = (0..clip_count).map(|i| clip(i, &mut rng)).collect();
    let mut latents = LatentTable::new(model.global_dims, model.local_dims, model.local_steps());
    let (mut rows, mut clusters) = (Vec::new(), Vec::new());
    let (mut pca, mut tsne) = (Vec::new(), Vec::new());
    let mut drift = (0.0f32, 0.0f32);
    for i in 0..chunks {
        let clip = i / CHUNKS_PER_CLIP;
        let genre = clip % GENRES.len();
        if i.is_multiple_of(CHUNKS_PER_CLIP) {
            drift = (gauss(&mut rng) * 5.0, gauss(&mut rng) * 5.0);
        }
        let angle = genre as f32 / GENRES.len() as f32 * std::f32::consts::TAU + 0.4 * (genre % 3) as f32;
        let radius = 14.0 + 10.0 * (genre % 3) as f32;
        tsne.push(MapPoint {
            x: radius * angle.cos() + drift.0 + gauss(&mut rng) * 1.6,
            y: radius * angle.sin() + drift.1 + gauss(&mut rng) * 1.6,
        });
        pca.push(MapPoint {
            x: 2.0 * angle.cos() + gauss(&mut rng) * 1.1 + drift.0 * 0.1,
            y: 1.2 * angle.sin() + gauss(&mut rng) * 0.9 + drift.1 * 0.1,
        });
        rows.push(Chunk {
            clip: ClipId(clip as u32),
            start_secs: (i % CHUNKS_PER_CLIP) as f32 * 2.972,
            valence: f32::NAN,
            arousal: f32::NAN,
        });
        clusters.push((genre / 2) as u16);
        latents.push(&Latent {
            global: (0..model.global_dims).map(|_| gauss(&mut rng)).collect(),
            local: Frames::zeros(model.local_steps(), model.local_dims),
        });
    }
    let layout = |kind, points| Layout {
        kind,
        points,
        quality: BTreeMap::new(),
    };
    Snapshot {
        hash: "5eed".into(),
        meta: SpaceMeta {
            name: "twelve islands".into(),
            genres: GENRES.map(str::to_owned).to_vec(),
            model,
            seed: 7,
            trained_steps: 0,
            refined_steps: None,
            corpus_root: "/music".into(),
            codec_weights: None,
            figures: BTreeMap::new(),
            kept: Kept::default(),
        },
        clips,
        chunks: rows,
        latents,
        layouts: vec![layout(LayoutKind::Pca, pca), layout(LayoutKind::Tsne, tsne)],
        clusters,
        weights: Arc::default(),
        embedded_audio: BTreeMap::new(),
    }
}

/// A session showing `chunks` points.
pub fn session(chunks: usize) -> Session {
    Session {
        space: Some(Arc::new(SpaceView::new(Arc::new(snapshot(chunks))))),
        mixer: Mixer::for_genres(GENRES.len()),
        compute_device: "CPU, 2 cores".into(),
        audio_device: Some("Built-in audio".into()),
        audio_devices: vec!["Built-in audio".into(), "USB interface".into()],
        ..Session::default()
    }
}

/// A window without an app: what is asked for stays in `commands`.
pub struct Stage {
    pub session: Session,
    pub panes: Panes,
    pub commands: Commands,
}

/// A window of `size` points showing `session`.
pub fn window(session: Session, size: [f32; 2]) -> Harness<'static, Stage> {
    let stage = Stage {
        session,
        panes: Panes::default(),
        commands: Commands::default(),
    };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_step_dt(1.0 / 60.0)
        .with_max_steps(200)
        .with_context_setup(ui::install)
        .build_ui_state(draw, stage);
    harness.run_steps(3);
    harness
}

/// One frame that fills the window to its edges, as eframe does.
pub fn draw(ui: &mut egui::Ui, stage: &mut Stage) {
    let whole = ui.ctx().content_rect();
    ui.set_clip_rect(whole);
    let mut root = ui.new_child(egui::UiBuilder::new().max_rect(whole));
    ui::show(&mut root, &stage.session, &mut stage.panes, &mut stage.commands);
}

/// Clicks through menus, one label after the other, and returns what was asked for.
pub fn choose(harness: &mut Harness<'_, Stage>, labels: &[&str]) -> Vec<Command> {
    for label in labels {
        harness.get_by_label_contains(label).click();
        harness.run_steps(4);
    }
    harness.state_mut().commands.drain()
}

fn clip(i: usize, rng: &mut ChaCha8Rng) -> Clip {
    let genre = i % GENRES.len();
    let mut labels = Condition::unknown(GENRES.len());
    labels.genre[genre] = 1.0;
    let angle = genre as f32 * 0.52;
    labels.valence = Some((0.6 * angle.cos() + 0.25 * gauss(rng)).clamp(-1.0, 1.0));
    labels.arousal = Some((0.6 * angle.sin() + 0.25 * gauss(rng)).clamp(-1.0, 1.0));
    let words = [
        "Harbour", "Lantern", "Paper", "Winter", "Copper", "Night", "River", "Glass",
    ];
    let more = ["Song", "Walk", "Letters", "Machine", "Garden", "Echo", "Lines"];
    Clip {
        path: format!("{}/{i:04}.ogg", GENRES[genre]),
        title: format!("{} {}", words[i % words.len()], more[i / 3 % more.len()]),
        artist: format!("Artist {}", i % 37),
        labels,
        estimated: i.is_multiple_of(5),
        held_out: i.is_multiple_of(10),
        duration_secs: 24.0,
        content_hash: format!("{i:064x}"),
        gain_db: None,
        file_bytes: None,
        modified_ms: None,
        groove: None,
    }
}

/// Roughly normal: the sum of four uniforms.
fn gauss(rng: &mut ChaCha8Rng) -> f32 {
    (0..4).map(|_| rng.random_range(-1.0f32..1.0)).sum::<f32>() * 0.87
}
