//! Checkpoints: everything a training needs to continue the same curve, in one file written whole or not at all.
//!
//! Weights, moving average, classifier and both optimisers are tensors; step, clock and controllers are the header. Random
//! numbers follow from seed and step, so there is no generator state to keep.

use super::TrainOptions;
use super::rate_control::RateController;
use super::trainer::Trainer;
use super::training_set::TrainingSet;
use crate::files::{HostTensor, WriteError, in_words, write_whole};
use crate::model::{ModelConfig, Weights};
use crate::space::{Entry, container_bytes};
use burn::optim::ModuleOptimizer;
use burn::tensor::{Bytes, Device};
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

const HEADER_KEY: &str = "songspace_checkpoint";
const PARTS: [&str; 3] = ["learner.", "average.", "aux_classifier."];
const OPTIMIZER_PREFIX: &str = "optimizer.";
const JUDGE_OPTIMIZER: &str = "judge_optimizer";

/// Why a checkpoint could not be written or continued.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// Saving failed; an older checkpoint at that path is still there.
    #[error("the checkpoint is not kept: {0}")]
    Write(#[from] WriteError),
    /// The file is missing or the system would not read it.
    #[error(
        "{path}: the checkpoint could not be read: {}; start a new training",
        in_words(source)
    )]
    Read {
        /// The checkpoint to resume from.
        path: PathBuf,
        /// What the system reported.
        source: std::io::Error,
    },
    /// Its header or a tensor is missing, cut short or of the wrong kind.
    #[error("{path}: this is no checkpoint of Songspace, or it is damaged ({reason}); start a new training")]
    Damaged {
        /// The checkpoint to resume from.
        path: PathBuf,
        /// What could not be read.
        reason: String,
    },
    /// Intact, but it does not fit the corpus or network it is resumed with.
    #[error("{path}: the checkpoint belongs to another corpus or network ({reason}); start a new training")]
    Mismatch {
        /// The checkpoint to resume from.
        path: PathBuf,
        /// What differs.
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Header {
    step: u64,
    elapsed_secs: f64,
    options: TrainOptions,
    config: ModelConfig,
    global_rate: RateController,
    local_rate: RateController,
}

impl Trainer {
    /// Writes the whole state to `path`.
    ///
    /// # Errors
    /// When it cannot be written; an older checkpoint at `path` then stays.
    pub fn save_checkpoint(&self, path: &Path) -> Result<(), CheckpointError> {
        let failed = |source: std::io::Error| WriteError::Failed {
            path: path.to_owned(),
            source,
        };
        let header = Header {
            step: self.step,
            elapsed_secs: self.elapsed_secs,
            options: self.options.clone(),
            config: self.set.config.clone(),
            global_rate: self.global_rate,
            local_rate: self.local_rate,
        };
        let header = serde_json::to_string(&header).map_err(|error| failed(error.into()))?;
        let parts = [
            Weights::of_module(&self.learner),
            Weights::of_module(&self.average),
            Weights::of_module(&self.aux_classifier),
        ];
        let mut entries = Vec::new();
        for (prefix, weights) in PARTS.iter().zip(&parts) {
            for (name, tensor) in &weights.0 {
                entries.push(Entry::f32s(
                    format!("{prefix}{name}"),
                    tensor.shape.clone(),
                    &tensor.values,
                ));
            }
        }
        let parts = self.updater.optimizers.iter().enumerate();
        let optimizers = parts
            .map(|(part, optimizer)| (format!("{OPTIMIZER_PREFIX}{part}"), optimizer))
            .chain([(JUDGE_OPTIMIZER.to_owned(), &self.judge_optimizer)]);
        for (name, optimizer) in optimizers {
            let bytes = optimizer
                .into_bytes()
                .map_err(|error| failed(std::io::Error::other(error.to_string())))?;
            entries.push(Entry::bytes(name, bytes.to_vec()));
        }
        let bytes = container_bytes(HEADER_KEY, header, &entries).map_err(failed)?;
        Ok(write_whole(path, &bytes)?)
    }

    /// Continues the training of `path` on `set`, which must be the corpus it was begun on. `options` may move the
    /// budget; sizes and seeds stay those of the checkpoint.
    ///
    /// # Errors
    /// When the file is damaged or belongs to another network.
    pub fn resume(
        path: &Path,
        set: TrainingSet,
        budget: &TrainOptions,
        device: &Device,
    ) -> Result<Self, CheckpointError> {
        let bytes = std::fs::read(path).map_err(|source| CheckpointError::Read {
            path: path.to_owned(),
            source,
        })?;
        let damaged = |reason: String| CheckpointError::Damaged {
            path: path.to_owned(),
            reason,
        };
        let mismatch = |reason: String| CheckpointError::Mismatch {
            path: path.to_owned(),
            reason,
        };
        let (header, tensors) = parse(&bytes).map_err(damaged)?;
        if header.config != set.config {
            return Err(mismatch("its sizes or genres differ".into()));
        }
        let options = TrainOptions {
            minutes: budget.minutes,
            steps: budget.steps,
            ..header.options
        };
        let [learner, average, aux_classifier] = read_parts(&tensors).map_err(damaged)?;
        let mut trainer =
            Self::new(set, options, &Weights::default(), device).map_err(|error| mismatch(error.to_string()))?;
        let not_fitting = |error: crate::model::WeightError| mismatch(error.to_string());
        trainer.learner = learner
            .load_into(trainer.learner, &trainer.device)
            .map_err(not_fitting)?;
        trainer.aux_classifier = aux_classifier
            .load_into(trainer.aux_classifier, &trainer.device)
            .map_err(not_fitting)?;
        trainer.average = average.load_into(trainer.average, device).map_err(not_fitting)?;
        let optimizer = |name: &str, fresh: ModuleOptimizer| {
            let data = tensors
                .tensor(name)
                .map_err(|error| damaged(error.to_string()))?
                .data()
                .to_vec();
            fresh
                .from_bytes(Bytes::from_bytes_vec(data))
                .map_err(|error| damaged(error.to_string()))
        };
        for (part, moments) in trainer.updater.optimizers.iter_mut().enumerate() {
            *moments = optimizer(&format!("{OPTIMIZER_PREFIX}{part}"), moments.clone())?;
        }
        trainer.judge_optimizer = optimizer(JUDGE_OPTIMIZER, trainer.judge_optimizer)?;
        trainer.step = header.step;
        trainer.elapsed_secs = header.elapsed_secs;
        trainer.global_rate = header.global_rate;
        trainer.local_rate = header.local_rate;
        Ok(trainer)
    }
}

fn parse(bytes: &[u8]) -> Result<(Header, SafeTensors<'_>), String> {
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| error.to_string())?;
    let header = metadata
        .metadata()
        .as_ref()
        .and_then(|entries| entries.get(HEADER_KEY))
        .ok_or("no header")?;
    let header: Header = serde_json::from_str(header).map_err(|error| error.to_string())?;
    if let Some(problem) = header.config.problem() {
        return Err(problem);
    }
    Ok((
        header,
        SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?,
    ))
}

fn read_parts(tensors: &SafeTensors<'_>) -> Result<[Weights; 3], String> {
    let mut parts = [Weights::default(), Weights::default(), Weights::default()];
    for (name, view) in tensors.iter() {
        for (prefix, weights) in PARTS.iter().zip(&mut parts) {
            if let Some(short) = name.strip_prefix(prefix) {
                let tensor = HostTensor::read(&view)
                    .ok_or_else(|| format!("the tensor {name} holds {:?} where floats are needed", view.dtype()))?;
                weights.0.insert(short.to_owned(), tensor);
            }
        }
    }
    Ok(parts.map(Weights::with_current_names))
}
