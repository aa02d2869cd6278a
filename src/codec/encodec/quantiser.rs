//! Residual vector quantisation: every codebook codes what the ones before it left over.

use super::EncodecError;
use super::checkpoint::Checkpoint;
use super::codes::Codes;
use super::config::EncodecConfig;
use super::tensors::matrix;
use burn::module::{Module, Param};
use burn::tensor::{Device, Int, Tensor};

/// The codebooks, each `[entries x latent]`.
#[derive(Module, Debug)]
pub struct Quantiser {
    codebooks: Vec<Param<Tensor<2>>>,
}

impl Quantiser {
    /// Takes `quantizer.layers.*`.
    pub(super) fn load(
        checkpoint: &mut Checkpoint,
        config: &EncodecConfig,
        device: &Device,
    ) -> Result<Self, EncodecError> {
        let shape = [config.codebook_size, config.hidden_size];
        let codebooks = (0..config.codebooks())
            .map(|index| {
                let entries = checkpoint.take(&format!("quantizer.layers.{index}.codebook.embed"), &shape)?;
                Ok(matrix(entries, shape, device))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { codebooks })
    }

    /// Indices of the nearest entries of the first `used` codebooks for latents `[time x latent]`.
    pub fn encode(&self, latents: Tensor<2>, used: usize) -> Codes {
        let time = latents.dims()[0];
        let mut residual = latents;
        let mut columns = Vec::with_capacity(used);
        for codebook in self.codebooks.iter().take(used) {
            let entries = codebook.val();
            // |x - e|^2 = |x|^2 - 2 x.e + |e|^2, of which the first term is the same for all entries.
            let norms = entries.clone().square().sum_dim(1).transpose();
            let nearness = residual.clone().matmul(entries.clone().transpose()).mul_scalar(2.0) - norms;
            let nearest: Tensor<1, Int> = nearness.argmax(1).squeeze_dim(1);
            residual = residual - entries.select(0, nearest.clone());
            columns.push(nearest.into_data().iter::<u16>().collect::<Vec<_>>());
        }
        Codes::from_columns(time, &columns)
    }
}
