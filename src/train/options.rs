//! What a training is asked for.

use crate::corpus::DatasetFormat;
use crate::model::{CodecKind, Preset};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Everything a user can set; `Default` is what the window proposes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainOptions {
    /// Size of the network, and the default for the learning rate.
    pub preset: Preset,
    /// What frames are made of: spectral levels or EnCodec latents.
    pub codec: CodecKind,
    /// Stop after this many minutes (0 = the linear model only); `None` = by steps.
    pub minutes: Option<f32>,
    /// Stop after this many steps; `None` = by minutes. With both set, whichever comes first.
    pub steps: Option<u64>,
    /// Values of g, one set per chunk.
    pub global_dims: usize,
    /// Values of l per time step.
    pub local_dims: usize,
    /// Chunks per step.
    pub batch: usize,
    /// Peak learning rate; `None` = the preset's.
    pub learning_rate: Option<f64>,
    /// Targets of the rate controllers in nats per chunk.
    pub kl_global_nats: f32,
    /// The same for l, summed over the chunk's time steps.
    pub kl_local_nats: f32,
    /// Seconds per chunk, rounded to whole patches.
    pub chunk_secs: f32,
    /// Most points of the map; whole clips are left off it, though they are learned from. `None` = all.
    #[serde(default)]
    pub map_points: Option<usize>,
    /// Steps by which the latent of every map point is refined at the end; `None` = as many as suit their number.
    #[serde(default)]
    pub refine: Option<usize>,
    /// Learn songs in other keys, at other tempi and two at once too.
    #[serde(default, alias = "transpose")]
    pub vary: bool,
    /// Push labels out of g. Off: labels act beyond their average, so g must hold the difference.
    pub adversary: bool,
    /// Please a listener under swapped labels. Off: on the labelled test corpus it cost 0.06 dB of reconstruction and what
    /// the judge of `eval` heard of swapped genres and sliders did not change beyond its intervals.
    pub swap: bool,
    /// Latents must be found again in what they decode to under swapped labels.
    #[serde(default)]
    pub cycle: bool,
    /// Start from the linear model; off only for ablations.
    #[serde(alias = "closed_form")]
    pub linear_model: bool,
    /// Decides the hold-out and everything random; equal seeds draw the same batches.
    pub seed: u64,
    /// EnCodec weights (a safetensors file), for that codec only.
    pub encodec_weights: Option<PathBuf>,
    /// What the sources are, where a look at them is not enough.
    #[serde(default)]
    pub layout: Option<DatasetFormat>,
    /// Further folders, datasets or manifests that are joined to the source.
    #[serde(default)]
    pub joined: Vec<PathBuf>,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self {
            preset: Preset::S,
            codec: CodecKind::Spectral,
            minutes: Some(10.0),
            steps: None,
            global_dims: 32,
            local_dims: 256,
            batch: 10,
            learning_rate: None,
            kl_global_nats: 100.0,
            kl_local_nats: 20_000.0,
            chunk_secs: 2.972,
            map_points: None,
            refine: None,
            vary: true,
            adversary: false,
            swap: false,
            cycle: false,
            linear_model: true,
            seed: 1,
            encodec_weights: None,
            layout: None,
            joined: Vec::new(),
        }
    }
}

impl TrainOptions {
    /// Peak learning rate: the user's or the preset's.
    pub fn peak_rate(&self) -> f64 {
        self.learning_rate.unwrap_or(match self.preset {
            Preset::S => 3e-3,
            Preset::M => 1.5e-3,
        })
    }

    /// The same with paths that mean the same from any folder.
    pub fn with_absolute_paths(mut self) -> std::io::Result<Self> {
        let whole = |path: &PathBuf| std::path::absolute(path);
        self.joined = self.joined.iter().map(whole).collect::<Result<_, _>>()?;
        self.encodec_weights = self.encodec_weights.as_ref().map(whole).transpose()?;
        Ok(self)
    }

    /// In what `asked` contradicts these, the options that a training was begun with. Its budget may differ.
    pub fn contradiction(&self, asked: &Self) -> Option<Contradiction> {
        let of = |options: &Self| {
            let debug = |value: &dyn std::fmt::Debug| format!("{value:?}").to_lowercase();
            let paths = |paths: &[PathBuf]| {
                let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
                if names.is_empty() {
                    "none".into()
                } else {
                    names.join(", ")
                }
            };
            [
                ("--preset", debug(&options.preset)),
                ("--codec", debug(&options.codec)),
                ("--latent-global", options.global_dims.to_string()),
                ("--latent-local", options.local_dims.to_string()),
                ("--batch", options.batch.to_string()),
                ("--lr", options.peak_rate().to_string()),
                ("--kl-global", options.kl_global_nats.to_string()),
                ("--kl-local", options.kl_local_nats.to_string()),
                ("--chunk-secs", options.chunk_secs.to_string()),
                (
                    "--map-points",
                    options.map_points.map_or("all".into(), |n| n.to_string()),
                ),
                ("variations", debug(&options.vary)),
                ("--experiment adversary", debug(&options.adversary)),
                ("--experiment swap", debug(&options.swap)),
                ("--experiment cycle", debug(&options.cycle)),
                ("--experiment from-scratch", debug(&!options.linear_model)),
                ("--seed", options.seed.to_string()),
                ("--encodec", paths(options.encodec_weights.as_slice())),
                (
                    "--layout",
                    options
                        .layout
                        .map_or("as it looks".into(), |layout| layout.name().to_owned()),
                ),
                ("joined sources", paths(&options.joined)),
            ]
        };
        let pairs = of(self).into_iter().zip(of(asked));
        pairs
            .map(|((option, begun_with), (_, asked))| Contradiction {
                option,
                begun_with,
                asked,
            })
            .find(|pair| pair.begun_with != pair.asked)
    }
}

/// A training cannot go on with other options than it was begun with: its hold-out and its sizes would be others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "it was begun with {option} {begun_with}, and {asked} is asked for; leave that out to continue it, or begin a new training"
)]
pub struct Contradiction {
    /// As the command line calls it.
    pub option: &'static str,
    /// Its value in the training on disk, as text.
    pub begun_with: String,
    /// Its value in the new request, as text.
    pub asked: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_budget_of_a_training_may_change() {
        let begun = TrainOptions {
            seed: 7,
            ..TrainOptions::default()
        };
        let longer = TrainOptions {
            minutes: None,
            steps: Some(9),
            ..begun.clone()
        };
        assert_eq!(begun.contradiction(&longer), None);
        let other = begun.contradiction(&TrainOptions::default()).unwrap();
        assert_eq!(
            (other.option, other.begun_with.as_str(), other.asked.as_str()),
            ("--seed", "7", "1")
        );
        let joined = TrainOptions {
            joined: vec!["more".into()],
            ..begun.clone()
        };
        let sentence = begun.contradiction(&joined).unwrap().to_string();
        assert!(sentence.contains("none") && sentence.contains("more"), "{sentence}");
    }
}
