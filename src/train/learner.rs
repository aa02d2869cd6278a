//! Everything that learns by the same optimiser.

use super::adversary::Adversary;
use crate::model::Network;
use burn::module::Module;

/// The network, and what is trained beside it.
#[derive(Module, Debug)]
pub(super) struct Learner {
    pub network: Network,
    /// Only where it takes part: see [`Network::new`] on parameters without a gradient.
    pub adversary: Option<Adversary>,
}
