//! A random EnCodec with the published latents - 128 values, 75 times a second at 24 kHz - but few channels: the fixture
//! of eight values a latent, widened with random numbers. It codes badly, and exercises all the machinery round it.

use safetensors::tensor::{SafeTensors, TensorView};
use songspace::dsp::WhiteNoise;
use std::path::Path;

/// Values per latent of the fixture and of what is made of it.
const NARROW: usize = 8;
const WIDE: usize = 128;

/// Writes `model.safetensors` and `config.json` into `folder`; another seed gives other weights.
pub fn write(folder: &Path, seed: u32) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/encodec/mono");
    let config = std::fs::read_to_string(fixture.join("config.json")).expect("the fixture is there");
    let mut config: serde_json::Value = serde_json::from_str(&config).expect("a configuration");
    assert_eq!(
        config["hidden_size"], NARROW,
        "the fixture's latents have another width"
    );
    for width in ["hidden_size", "codebook_dim"] {
        config[width] = WIDE.into();
    }
    std::fs::create_dir_all(folder).expect("a folder for the weights");
    std::fs::write(folder.join("config.json"), config.to_string()).expect("the configuration is written");

    let bytes = std::fs::read(fixture.join("model.safetensors")).expect("the fixture is there");
    let file = SafeTensors::deserialize(&bytes).expect("the fixture is intact");
    let mut noise = WhiteNoise::new(seed);
    let tensors: Vec<(String, Vec<usize>, Vec<u8>)> = file
        .iter()
        .map(|(name, view)| {
            let shape = widened(name, view.shape());
            let data = if shape == view.shape() {
                view.data().to_vec()
            } else {
                let values = noise.by_ref().take(shape.iter().product());
                values.flat_map(f32::to_le_bytes).collect()
            };
            (name.to_owned(), shape, data)
        })
        .collect();
    let views = tensors.iter().map(|(name, shape, data)| {
        let view = TensorView::new(safetensors::Dtype::F32, shape.clone(), data);
        (name, view.expect("as many numbers as the shape says"))
    });
    let bytes = safetensors::serialize(views, None).expect("a checkpoint");
    std::fs::write(folder.join("model.safetensors"), bytes).expect("the weights are written");
}

/// The shape of tensor `name` where a latent has [`WIDE`] values.
fn widened(name: &str, shape: &[usize]) -> Vec<usize> {
    let touches_latents = name.starts_with("encoder.layers.15.")
        || name == "decoder.layers.0.conv.parametrizations.weight.original1"
        || name.starts_with("quantizer.");
    let wide = |len: &usize| if touches_latents && *len == NARROW { WIDE } else { *len };
    shape.iter().map(wide).collect()
}
