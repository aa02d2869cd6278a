//! What reconstruction errors are measured in: levels have a unit, a neural codec's latents have none.

use crate::dsp::DB_PER_NAT;
use crate::model::CodecKind;
use serde::{Deserialize, Serialize};

/// Unit of [`StepReport::reconstruction`](super::StepReport) and of the distances of [`Validation`](super::Validation).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ErrorUnit {
    /// Log-spectral distance of levels, in dB.
    #[default]
    Decibel,
    /// RMS over a latent's values, each in its own standard deviations.
    Deviation,
}

impl ErrorUnit {
    /// The unit for frames of `codec`.
    pub fn of(codec: CodecKind) -> Self {
        match codec {
            CodecKind::Spectral => Self::Decibel,
            CodecKind::Encodec => Self::Deviation,
        }
    }

    /// What one standard deviation of every band counts in the loss, where a band's deviation is `std`: nats of level, or
    /// one for all.
    pub fn weights(self, std: &[f32]) -> Vec<f32> {
        match self {
            Self::Decibel => std.to_vec(),
            Self::Deviation => vec![1.0; std.len()],
        }
    }

    /// From what the loss measures to this unit.
    pub fn per_loss(self) -> f32 {
        match self {
            Self::Decibel => DB_PER_NAT,
            Self::Deviation => 1.0,
        }
    }

    /// As it stands behind a number.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Decibel => "dB",
            Self::Deviation => "σ",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_levels_are_told_in_decibels() {
        let std = [2.0, 0.5];
        let spectral = ErrorUnit::of(CodecKind::Spectral);
        assert_eq!((spectral.weights(&std), spectral.symbol()), (std.to_vec(), "dB"));
        let encodec = ErrorUnit::of(CodecKind::Encodec);
        assert_eq!((encodec.weights(&std), encodec.symbol()), (vec![1.0, 1.0], "σ"));
        assert_eq!(encodec.per_loss(), 1.0);
    }
}
