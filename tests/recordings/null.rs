//! A whole clip rendered at full detail under its own labels is its recording, across the borders of its chunks, in both channels.

use crate::quiet::Quiet;
use crate::spaces::{RATE_HZ, wav, whole};
use burn::tensor::Device;
use songspace::decode::SpaceDecoder;
use songspace::dsp::WhiteNoise;
use songspace::jobs::{Job, JobFolders, Limiting, SoundLength, render_sound};
use songspace::render::{Recipe, RecipeSource};
use songspace::sync::StopFlag;
use songspace::train::TrainOptions;
use std::path::{Path, PathBuf};

/// Left out at both ends, where windows are still being filled.
const EDGE: usize = 2_048;

/// Notes that change every third of a second, other ones on either side, with a breath of noise.
fn music(secs: f32, rate_hz: u32, salt: u32) -> Vec<[f32; 2]> {
    let noise = WhiteNoise::new(salt);
    (0..(secs * rate_hz as f32) as usize)
        .zip(noise)
        .map(|(i, noise)| {
            let time = i as f32 / rate_hz as f32;
            let note = (time * 3.0) as u32 * 7 + salt;
            let fade = (-2.0 * (time * 3.0).fract()).exp();
            let tone = |step: u32| {
                let hz = 110.0 * 2f32.powf((step % 24) as f32 / 12.0);
                (std::f32::consts::TAU * hz * time).sin()
            };
            let breath = 0.02 * noise;
            [
                0.3 * fade * tone(note) + breath,
                0.2 * fade * tone(note + 7) + 0.1 * tone(salt) - breath,
            ]
        })
        .collect()
}

/// What is left of `rendered` without `recording`, after one gain for both channels, in dB of each channel.
fn residual_db(rendered: &[[f32; 2]], recording: &[[f32; 2]]) -> [f32; 2] {
    let (mut product, mut power) = (0.0f64, 0.0f64);
    for (own, other) in rendered.as_flattened().iter().zip(recording.as_flattened()) {
        product += f64::from(*own) * f64::from(*other);
        power += f64::from(*other).powi(2);
    }
    let gain = (product / power) as f32;
    [0, 1].map(|channel| {
        let (mut left, mut all) = (0.0f64, 0.0f64);
        for (own, other) in rendered.iter().zip(recording) {
            left += f64::from(own[channel] - gain * other[channel]).powi(2);
            all += f64::from(own[channel]).powi(2);
        }
        (10.0 * (left / all).log10()) as f32
    })
}

#[test]
fn a_clip_at_full_detail_is_its_recording() {
    let folder = tempfile::tempdir().unwrap();
    let songs = folder.path().join("songs");
    let mut paths: Vec<PathBuf> = Vec::new();
    for (salt, rate_hz) in [(1, 44_100), (2, 48_000), (3, 22_050), (4, 44_100)] {
        let path = songs
            .join(["low", "high"][salt as usize % 2])
            .join(format!("{salt}-{rate_hz}.wav"));
        wav(&path, &music(14.0, rate_hz, salt), rate_hz);
        paths.push(path);
    }
    let compressed = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/stereo");
    for ending in ["mp3", "ogg", "m4a"] {
        let path = songs.join("low").join(format!("tones.{ending}"));
        std::fs::copy(compressed.join(format!("44.{ending}")), &path).unwrap();
        paths.push(path);
    }
    let job = Job {
        source: &songs,
        options: TrainOptions {
            minutes: Some(0.0),
            ..TrainOptions::default()
        },
        device: &Device::flex(),
        folders: &JobFolders::below(&folder.path().join("outputs")),
        resume: None,
    };
    let space = job.run(&mut Quiet).expect("the files make a space").snapshot;
    let decoder = SpaceDecoder::new(&space, &Device::flex()).unwrap();
    for path in paths {
        let named = |clip: &songspace::space::Clip| path.ends_with(&clip.path);
        let clip = space.clips.iter().position(named).expect("the clip is in the space");
        let recipe = Recipe {
            detail: 1.0,
            ..Recipe::new(RecipeSource::Clip(clip as u32))
        };
        let roots = [PathBuf::from(&space.meta.corpus_root)];
        let stop = StopFlag::default();
        let (rendered, unheard) = render_sound(
            &space,
            &decoder,
            &recipe,
            (Limiting::Off, SoundLength::AsAsked),
            &roots,
            &stop,
        )
        .unwrap();
        assert_eq!(
            (unheard, rendered.channels, rendered.sample_rate_hz),
            (None, 2, RATE_HZ)
        );
        let (rendered, _) = rendered.samples.as_chunks::<2>();
        let recording = whole(&path);
        let len = rendered.len().min(recording.len());
        let inner = EDGE..len - EDGE;
        let residual = residual_db(&rendered[inner.clone()], &recording[inner]);
        println!("{}: {residual:.1?} dB over {len} samples", path.display());
        assert!(
            residual.iter().all(|db| *db < -80.0),
            "{}: {residual:?} dB",
            path.display()
        );
    }
}
