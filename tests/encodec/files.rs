//! EnCodec checkpoints nobody should load: half a download, another program's file, a model that does not fit.

use burn::tensor::Device;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use songspace::codec::encodec::{EncodecCodec, EncodecError};
use songspace::values::Frames;
use std::path::{Path, PathBuf};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("assets/fixtures/encodec")
        .join(name)
}

fn load(path: &Path) -> Result<EncodecCodec, EncodecError> {
    EncodecCodec::load(path, &Device::flex())
}

fn refused(path: &Path) -> EncodecError {
    load(path).expect_err("this checkpoint cannot be used")
}

/// A copy of the mono checkpoint in a folder of its own, to be damaged.
struct Copied(tempfile::TempDir);

impl Copied {
    fn new() -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        for file in ["model.safetensors", "config.json"] {
            std::fs::copy(fixture("mono").join(file), copy.0.path().join(file)).unwrap();
        }
        copy
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn weights(&self) -> PathBuf {
        self.path().join("model.safetensors")
    }

    fn write_weights(&self, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.weights(), bytes).unwrap();
    }

    /// Rewrites the checkpoint with one tensor changed.
    fn change(&self, name: &str, change: impl Fn(&mut Vec<usize>, &mut Vec<u8>)) {
        let bytes = std::fs::read(self.weights()).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let mut tensors: Vec<_> = file
            .iter()
            .map(|(name, view)| (name, view.dtype(), view.shape().to_vec(), view.data().to_vec()))
            .collect();
        let changed = tensors.iter_mut().find(|tensor| tensor.0 == name);
        let (_, _, shape, data) = changed.expect("the checkpoint has it");
        change(shape, data);
        let views = tensors
            .iter()
            .map(|(name, dtype, shape, data)| (name, TensorView::new(*dtype, shape.clone(), data).unwrap()));
        self.write_weights(safetensors::serialize(views, None).unwrap());
    }
}

#[test]
fn damaged_and_foreign_files_are_refused_with_the_reason() {
    let copy = Copied::new();
    let whole = std::fs::read(copy.weights()).unwrap();
    load(&copy.weights()).unwrap();

    copy.write_weights(&whole[..whole.len() / 2]);
    assert!(matches!(refused(copy.path()), EncodecError::NotSafetensors { .. }));
    copy.write_weights(b"RIFF....WAVE");
    assert!(matches!(refused(&copy.weights()), EncodecError::NotSafetensors { .. }));
    copy.write_weights(b"");
    assert!(matches!(refused(copy.path()), EncodecError::NotSafetensors { .. }));
    let gone = copy.path().join("gone.safetensors");
    assert!(matches!(refused(&gone), EncodecError::Read { .. }));

    let foreign = [("bert.weight", TensorView::new(Dtype::F32, vec![1], &[0; 4]).unwrap())];
    copy.write_weights(safetensors::serialize(foreign, None).unwrap());
    assert!(matches!(refused(copy.path()), EncodecError::Missing { .. }));
}

#[test]
fn weights_and_configuration_of_different_models_are_refused() {
    let copy = Copied::new();
    let config = copy.path().join("config.json");
    std::fs::copy(fixture("deep").join("config.json"), &config).unwrap();
    assert!(matches!(
        refused(copy.path()),
        EncodecError::Shape { .. } | EncodecError::Missing { .. }
    ));

    // Fewer codebooks than the file holds: nothing is missing, yet the two do not belong together.
    let fewer = std::fs::read_to_string(fixture("mono").join("config.json"))
        .unwrap()
        .replace("3.0", "2.25");
    std::fs::write(&config, fewer).unwrap();
    assert!(matches!(refused(copy.path()), EncodecError::Foreign { .. }));

    std::fs::write(&config, r#"{"model_type": "bert"}"#).unwrap();
    assert!(matches!(refused(copy.path()), EncodecError::Config { .. }));
    std::fs::remove_file(&config).unwrap();
    assert!(refused(copy.path()).to_string().contains("config.json"));
}

#[test]
fn the_model_at_48_khz_is_refused_with_the_way_out_before_its_weights_are_read() {
    let folder = tempfile::tempdir().unwrap();
    // What facebook/encodec_48khz says of itself, as far as the shape of the network goes.
    let config = r#"{
        "model_type": "encodec", "audio_channels": 2, "chunk_length_s": 1.0, "overlap": 0.01, "normalize": true,
        "norm_type": "time_group_norm", "use_causal_conv": false, "sampling_rate": 48000,
        "target_bandwidths": [3.0, 6.0, 12.0, 24.0], "upsampling_ratios": [8, 5, 4, 2], "codebook_dim": 128,
        "codebook_size": 1024, "hidden_size": 128, "num_filters": 32, "num_lstm_layers": 2, "pad_mode": "reflect"
    }"#;
    std::fs::write(folder.path().join("config.json"), config).unwrap();
    let error = refused(folder.path());
    assert!(matches!(error, EncodecError::Unsuited { .. }), "{error}");
    let sentence = error.to_string();
    for part in [folder.path().to_str().unwrap(), "48 kHz", "facebook/encodec_24khz"] {
        assert!(sentence.contains(part), "{part} is missing in: {sentence}");
    }
}

#[test]
fn a_bad_tensor_is_named() {
    let bias = "decoder.layers.0.conv.bias";
    let copy = Copied::new();
    copy.change(bias, |_, data| data[..4].copy_from_slice(&f32::NAN.to_le_bytes()));
    let error = refused(copy.path());
    assert!(
        matches!(&error, EncodecError::NotFinite { tensor, .. } if tensor == bias),
        "{error}"
    );

    let copy = Copied::new();
    copy.change(bias, |shape, data| {
        *shape = vec![2];
        data.truncate(8);
    });
    let error = refused(copy.path());
    assert!(
        matches!(&error, EncodecError::Shape { tensor, .. } if tensor == bias),
        "{error}"
    );

    // A direction of zeros has no length to divide by.
    let direction = "encoder.layers.0.conv.parametrizations.weight.original1";
    let copy = Copied::new();
    copy.change(direction, |_, data| data.fill(0));
    let error = refused(copy.path());
    assert!(
        matches!(&error, EncodecError::NotFinite { tensor, .. } if tensor == direction),
        "{error}"
    );
}

#[test]
fn a_bandwidth_of_another_model_is_refused() {
    let codec = load(&fixture("mono")).unwrap();
    let latents = Frames::zeros(3, codec.latent_dims());
    assert!(matches!(
        codec.quantise(&latents, 7.0),
        Err(EncodecError::Bandwidth { .. })
    ));
}

#[test]
fn the_hash_tells_checkpoints_apart() {
    let hash = |name| load(&fixture(name)).unwrap().weights_hash();
    assert_eq!(hash("mono"), hash("mono"));
    assert_ne!(hash("mono"), hash("deep"));
}
