//! EnCodec against the reference implementation: small random models, whose expected numbers
//! `benches/peers/make_encodec_fixture.py` wrote with PyTorch.

use burn::tensor::Device;
use safetensors::SafeTensors;
use songspace::codec::encodec::{Codes, EncodecCodec};
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

    /// `[codebooks x time]` to the codes of every latent.
    fn codes(&self) -> Vec<Vec<u16>> {
        let [used, time] = self.shape[..] else {
            panic!("two axes")
        };
        let code = |row: usize, codebook: usize| self.integers[codebook * time + row] as u16;
        (0..time)
            .map(|row| (0..used).map(|codebook| code(row, codebook)).collect())
            .collect()
    }
}

/// Tensors of the file `name` of one model.
fn tensors(model: &str, name: &str) -> BTreeMap<String, Expected> {
    let bytes = std::fs::read(folder(model).join(name)).unwrap();
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
    tensors.collect()
}

/// A model's codebooks, to read codes with.
struct Codebooks(Vec<Frames>);

impl Codebooks {
    fn read(model: &str) -> Self {
        let tensors = tensors(model, "model.safetensors");
        let codebooks = (0..).map_while(|index| tensors.get(&format!("quantizer.layers.{index}.codebook.embed")));
        Self(
            codebooks
                .map(|entries| Frames::from_vec(entries.shape[1], entries.floats.clone()))
                .collect(),
        )
    }

    /// The latent that `codes` stand for: the sum of the entries they name.
    fn latent(&self, codes: &[u16]) -> Vec<f32> {
        let mut sum = vec![0.0; self.0[0].width()];
        for (codebook, code) in self.0.iter().zip(codes) {
            let entry = codebook.row(usize::from(*code));
            sum.iter_mut().zip(entry).for_each(|(sum, value)| *sum += value);
        }
        sum
    }
}

/// Expected tensors of one model by name.
struct Reference(BTreeMap<String, Expected>);

impl Reference {
    fn read(name: &str) -> Self {
        Self(tensors(name, "expected.safetensors"))
    }

    fn inputs(&self) -> usize {
        self.0.keys().filter(|name| name.ends_with(".audio")).count()
    }

    fn get(&self, name: &str) -> &Expected {
        &self.0[name]
    }

    fn latents(&self, input: usize) -> Frames {
        self.get(&format!("{input}.latents.0")).frames()
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
fn assert_codes_agree(codebooks: &Codebooks, latents: &Frames, ours: &Codes, reference: &[Vec<u16>]) {
    assert_eq!((ours.used(), ours.len()), (reference[0].len(), reference.len()));
    let used = ours.used();
    let rows = ours.as_slice().chunks(used).zip(reference);
    for (row, (ours, reference)) in rows.enumerate() {
        let Some(at) = (0..used).find(|at| ours[*at] != reference[*at]) else {
            continue;
        };
        // What the first `at + 1` codes of either leave of the latent.
        let left = |codes: &[u16]| {
            let near = codebooks.latent(&codes[..=at]);
            let pairs = near.iter().zip(latents.row(row));
            pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>()
        };
        let (ours, reference) = (left(ours), left(reference));
        assert!(
            (ours - reference).abs() <= TIE * ours.max(reference),
            "row {row}: {ours} is left against {reference}"
        );
    }
}

/// Audio runs through ours in pieces of 150 latents, which must not be heard: the reference ran it at once.
fn assert_model_agrees(name: &str) {
    let codec = EncodecCodec::load(&folder(name), &Device::flex()).unwrap();
    let (reference, codebooks) = (Reference::read(name), Codebooks::read(name));
    assert!(reference.inputs() > 0);
    for input in 0..reference.inputs() {
        let latents = codec.encode(&reference.get(&format!("{input}.audio")).floats);
        let what = format!("{name} {input} latents");
        assert_agrees(&what, latents.as_slice(), reference.latents(input).as_slice());
        let expected = reference.get(&format!("{input}.decoded"));
        assert_agrees(
            &format!("{name} {input} audio"),
            &codec.decode(&latents),
            &expected.floats,
        );
        for kbps in &codec.config().target_bandwidths {
            let codes = reference.get(&format!("{input}.codes.{kbps:?}.0")).codes();
            let ours = codec.quantise(&latents, *kbps).unwrap();
            assert_codes_agree(&codebooks, &latents, &ours, &codes);
            let mut quantised = Frames::zeros(0, codec.latent_dims());
            for row in &codes {
                quantised.push_row(&codebooks.latent(row));
            }
            let expected = reference.get(&format!("{input}.decoded.{kbps:?}"));
            let what = format!("{name} {input} {kbps} kbps");
            assert_agrees(&what, &codec.decode(&quantised), &expected.floats);
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
    let frames = Reference::read("deep").latents(1).len();
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
