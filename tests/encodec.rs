//! EnCodec against the reference implementation: small random models, whose expected numbers
//! `benches/peers/make_encodec_fixture.py` wrote with PyTorch.

use burn::tensor::Device;
use safetensors::SafeTensors;
use songspace::codec::encodec::{Codes, EncodecCodec, EncodecModel, Segment};
use songspace::values::Frames;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Largest difference accepted, relative to the largest expected magnitude.
const TOLERANCE: f32 = 1e-4;
/// Squared distances closer than this, relatively, are a tie.
const TIE: f64 = 1e-5;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("assets/fixtures/encodec")
        .join(name)
}

/// One expected tensor.
struct Expected {
    shape: Vec<usize>,
    floats: Vec<f32>,
    integers: Vec<i32>,
}

impl Expected {
    /// `[columns x time]`, as PyTorch lays it out, to time-major rows.
    fn frames(&self) -> Frames {
        let [width, time] = self.shape[..] else {
            panic!("two axes")
        };
        let mut frames = Frames::zeros(time, width);
        for row in 0..time {
            for column in 0..width {
                frames.row_mut(row)[column] = self.floats[column * time + row];
            }
        }
        frames
    }

    fn codes(&self) -> Codes {
        let [used, time] = self.shape[..] else {
            panic!("two axes")
        };
        let rows = (0..time).flat_map(|row| (0..used).map(move |column| column * time + row));
        Codes::from_rows(used, rows.map(|at| self.integers[at] as u16).collect()).unwrap()
    }
}

/// Expected tensors of one model by name.
struct Reference(BTreeMap<String, Expected>);

impl Reference {
    fn read(name: &str) -> Self {
        let bytes = std::fs::read(folder(name).join("expected.safetensors")).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let tensors = file.iter().map(|(name, view)| {
            let words = view.data().as_chunks::<4>().0;
            let expected = Expected {
                shape: view.shape().to_vec(),
                floats: words.iter().map(|word| f32::from_le_bytes(*word)).collect(),
                integers: words.iter().map(|word| i32::from_le_bytes(*word)).collect(),
            };
            (name.to_owned(), expected)
        });
        Self(tensors.collect())
    }

    fn inputs(&self) -> usize {
        self.0.keys().filter(|name| name.ends_with(".audio")).count()
    }

    fn get(&self, name: &str) -> &Expected {
        &self.0[name]
    }

    fn windows(&self, input: usize) -> Vec<Frames> {
        (0..)
            .map_while(|window| self.0.get(&format!("{input}.latents.{window}")))
            .map(Expected::frames)
            .collect()
    }
}

#[track_caller]
fn assert_agrees(what: &str, ours: &[f32], reference: &[f32]) {
    assert_eq!(ours.len(), reference.len(), "{what}: length");
    let scale = reference.iter().fold(0.0f32, |most, value| most.max(value.abs()));
    let differences = ours.iter().zip(reference).map(|(a, b)| (a - b).abs());
    let error = differences.fold(0.0f32, f32::max);
    println!("{what}: {:.1e} of the largest magnitude", error / scale);
    assert!(
        ours.iter().all(|value| value.is_finite()) && error <= TOLERANCE * scale,
        "{what}: off by {error} at magnitude {scale}"
    );
}

/// Ours may differ from the reference only where, given the same codes before, both entries are as near.
fn assert_codes_agree(model: &EncodecModel, latents: &Frames, ours: &Codes, reference: &Codes) {
    assert_eq!((ours.used(), ours.len()), (reference.used(), reference.len()));
    let used = ours.used();
    let rows = ours.as_slice().chunks(used).zip(reference.as_slice().chunks(used));
    for (row, (ours, reference)) in rows.enumerate() {
        let Some(at) = (0..used).find(|at| ours[*at] != reference[*at]) else {
            continue;
        };
        // What the first `at + 1` codes of either leave of the latent.
        let left = |codes: &[u16]| {
            let codes = Codes::from_rows(at + 1, codes[..=at].to_vec()).unwrap();
            let near = model.dequantise(&codes).unwrap();
            let pairs = near.as_slice().iter().zip(latents.row(row));
            pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>()
        };
        let (ours, reference) = (left(ours), left(reference));
        assert!(
            (ours - reference).abs() <= TIE * ours.max(reference),
            "row {row}: {ours} is left against {reference}"
        );
    }
}

fn assert_model_agrees(name: &str) {
    let model = EncodecModel::load(&folder(name), &Device::flex()).unwrap();
    let reference = Reference::read(name);
    assert!(reference.inputs() > 0);
    for input in 0..reference.inputs() {
        let audio = reference.get(&format!("{input}.audio")).frames();
        let segments = model.encode_segments(&audio);
        let latents = reference.windows(input);
        assert_eq!(segments.len(), latents.len());
        for (segment, expected) in segments.iter().zip(&latents) {
            let what = format!("{name} {input} latents");
            assert_agrees(&what, segment.latents.as_slice(), expected.as_slice());
        }
        if let Some(expected) = reference.0.get(&format!("{input}.decoded")) {
            let decoded = model.decode_segments(&segments);
            let what = format!("{name} {input} audio");
            assert_agrees(&what, decoded.as_slice(), expected.frames().as_slice());
        }
        for kbps in &model.config().target_bandwidths {
            let quantised: Vec<Segment> = segments
                .iter()
                .enumerate()
                .map(|(window, segment)| {
                    let expected = reference.get(&format!("{input}.codes.{kbps:?}.{window}")).codes();
                    let ours = model.quantise(&segment.latents, *kbps).unwrap();
                    assert_codes_agree(&model, &segment.latents, &ours, &expected);
                    Segment {
                        latents: model.dequantise(&expected).unwrap(),
                        scale: segment.scale,
                    }
                })
                .collect();
            let decoded = model.decode_segments(&quantised);
            let expected = reference.get(&format!("{input}.decoded.{kbps:?}")).frames();
            let what = format!("{name} {input} {kbps} kbps");
            assert_agrees(&what, decoded.as_slice(), expected.as_slice());
        }
    }
}

#[test]
fn the_mono_model_agrees_with_the_reference() {
    assert_model_agrees("mono");
}

#[test]
fn dilated_units_and_older_names_agree_with_the_reference() {
    assert_model_agrees("deep");
}

#[test]
fn the_stereo_model_agrees_with_the_reference() {
    assert_model_agrees("stereo");
}

#[test]
fn two_sided_trimming_agrees_with_the_reference() {
    assert_model_agrees("trimmed");
}

/// Pieces of 150 latents must not be heard: the reference ran the whole input at once.
#[test]
fn long_audio_in_pieces_agrees_with_the_reference() {
    for name in ["mono", "deep"] {
        let codec = EncodecCodec::load(&folder(name), &Device::flex()).unwrap();
        let reference = Reference::read(name);
        for input in 0..reference.inputs() {
            let audio = reference.get(&format!("{input}.audio"));
            let latents = codec.encode(&audio.floats);
            assert_agrees(name, latents.as_slice(), reference.windows(input)[0].as_slice());
            let decoded = codec.decode(&latents);
            let expected = reference.get(&format!("{input}.decoded"));
            assert_agrees(name, &decoded, &expected.floats);
        }
    }
    let frames = Reference::read("deep").windows(1)[0].len();
    assert!(frames > 300, "{frames} latents are more than two pieces");
}

#[test]
fn nothing_in_is_nothing_out() {
    let codec = EncodecCodec::load(&folder("mono"), &Device::flex()).unwrap();
    let latents = codec.encode(&[]);
    assert!(latents.is_empty() && codec.decode(&latents).is_empty());
    assert!(codec.quantise(&latents, 1.5).unwrap().is_empty());
}

#[test]
fn a_loop_begins_as_if_it_had_gone_round_already() {
    let codec = EncodecCodec::load(&folder("mono"), &Device::flex()).unwrap();
    let noise = |i: usize| ((i as f32 * 12.9898).sin() * 43_758.547).fract();
    let latents = codec.encode(&(0..160 * codec.hop_len()).map(noise).collect::<Vec<_>>());
    let mut twice = latents.clone();
    latents.rows().for_each(|row| twice.push_row(row));
    let len = latents.len() * codec.hop_len();
    let (second_round, once, round) = (
        codec.decode(&twice).split_off(len),
        codec.decode(&latents),
        codec.decode_loop(&latents),
    );
    assert_eq!(round.len(), len);
    let off = |a: &[f32]| -> f32 {
        let first = 8 * codec.hop_len();
        let worst = a[..first].iter().zip(&second_round[..first]);
        worst.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    };
    assert!(
        off(&round) < 0.05 * off(&once),
        "{} against {}",
        off(&round),
        off(&once)
    );
    let nothing = codec.decode_loop(&Frames::default());
    assert!(nothing.is_empty());
}
