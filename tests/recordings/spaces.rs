//! Sounds of two channels that can be told apart, files of them, and spaces that were learned from those files.

use songspace::corpus::decode::{decode, decode_stereo};
use songspace::dsp::loudness::normalise;
use songspace::model::{CodecKind, ModelConfig, Preset};
use songspace::space::{Chunk, Clip, Kept, LatentTable, Snapshot, SpaceMeta};
use songspace::values::{ChunkId, ClipId, Condition, Recording};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The player's rate.
pub const RATE_HZ: u32 = 44_100;

/// Left rises from 300 Hz by 400 Hz a second, right from 900 Hz by 100 Hz a second.
pub fn two_tones(secs: f32, rate_hz: u32) -> Vec<[f32; 2]> {
    let wave = |i: usize| {
        let time = i as f64 / f64::from(rate_hz);
        let sine = |from_hz: f64, by_hz: f64| (std::f64::consts::TAU * (from_hz + 0.5 * by_hz * time) * time).sin();
        [0.4 * sine(300.0, 400.0) as f32, 0.3 * sine(900.0, 100.0) as f32]
    };
    (0..(secs * rate_hz as f32) as usize).map(wave).collect()
}

/// A WAV file of 16 bits with as many channels as the frames of `samples` are long.
pub fn wav<const N: usize>(path: &Path, samples: &[[f32; N]], rate_hz: u32) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let spec = hound::WavSpec {
        channels: N as u16,
        sample_rate: rate_hz,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for sample in samples.as_flattened() {
        writer.write_sample((sample * 32_767.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
}

/// All of a file, left and right.
pub fn whole(path: &Path) -> Vec<[f32; 2]> {
    let mut samples = Vec::new();
    decode_stereo(path, RATE_HZ, &mut |block| {
        samples.extend_from_slice(block);
        ControlFlow::Continue(())
    })
    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    samples
}

/// The gain that an import gives a file.
pub fn gain_db(path: &Path) -> f32 {
    let mut decoded = decode(path, RATE_HZ, 1_200.0, &|| false).unwrap();
    normalise(&mut decoded.samples, RATE_HZ)
}

/// The clip of a file as an import stores it today.
pub fn clip_of(root: &Path, path: &str) -> Clip {
    let file = root.join(path);
    let meta = std::fs::metadata(&file).unwrap();
    Clip {
        gain_db: Some(gain_db(&file)),
        file_bytes: Some(meta.len()),
        modified_ms: songspace::files::modified_ms(&meta),
        groove: None,
        ..old_clip_of(root, path)
    }
}

/// The same as older versions stored it.
pub fn old_clip_of(root: &Path, path: &str) -> Clip {
    Clip {
        path: path.into(),
        title: format!("title of {path}"),
        artist: String::new(),
        labels: Condition::unknown(0),
        estimated: false,
        held_out: false,
        duration_secs: 0.0,
        content_hash: blake3::hash(&std::fs::read(root.join(path)).unwrap())
            .to_hex()
            .to_string(),
        gain_db: None,
        file_bytes: None,
        modified_ms: None,
        groove: None,
    }
}

/// A space below `root` with `chunks` chunks of .743 s of each clip, one after the other.
pub fn space(root: &Path, clips: Vec<Clip>, chunks: usize) -> Snapshot {
    let model = ModelConfig::new(CodecKind::Spectral, Preset::S, 0, 0.74);
    let chunk_secs = model.chunk_secs();
    let row = |clip: usize, i: usize| Chunk {
        clip: ClipId(clip as u32),
        start_secs: i as f32 * chunk_secs,
        valence: f32::NAN,
        arousal: f32::NAN,
    };
    Snapshot {
        hash: "5eed".into(),
        meta: SpaceMeta {
            name: "recordings".into(),
            genres: Vec::new(),
            model,
            seed: 1,
            trained_steps: 0,
            refined_steps: None,
            corpus_root: root.to_string_lossy().into_owned(),
            codec_weights: None,
            figures: BTreeMap::new(),
            kept: Kept::default(),
        },
        chunks: (0..clips.len())
            .flat_map(|clip| (0..chunks).map(move |i| row(clip, i)))
            .collect(),
        clips,
        latents: LatentTable::default(),
        layouts: Vec::new(),
        clusters: Vec::new(),
        weights: Arc::default(),
        embedded_audio: BTreeMap::new(),
    }
}

/// The first place a recording's folder is looked for in.
pub fn roots(snapshot: &Snapshot) -> Vec<PathBuf> {
    vec![snapshot.meta.corpus_root.clone().into()]
}

pub fn ids(range: std::ops::Range<u32>) -> Vec<ChunkId> {
    range.map(ChunkId).collect()
}

/// Whether `piece` holds the samples of its place in `whole` at this gain, margins and all.
pub fn assert_in_step(what: &str, piece: &Recording, whole: &[[f32; 2]], gain_db: f32) {
    let gain = 10f32.powf(gain_db / 20.0);
    let margin = Recording::MARGIN as i64;
    for index in -margin..piece.key().len as i64 + margin {
        let there = usize::try_from(piece.key().start as i64 + index).ok();
        let wanted = there.and_then(|at| whole.get(at)).copied().unwrap_or_default();
        let found = piece.at(index);
        for side in 0..2 {
            let error = (found[side] - wanted[side] * gain).abs();
            assert!(
                error <= 1e-6,
                "{what}, chunk at {}, sample {index}: off by {error}",
                piece.key().start
            );
        }
    }
}
