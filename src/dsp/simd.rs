//! Plain loops with the widest instructions that the machine has: a portable build may use a quarter of them only.

use pulp::Arch;

/// Runs `work`, compiled for the processor at hand. It and all it calls must be
/// `#[inline(always)]`: what is not inlined is compiled for the oldest processor.
#[inline(always)]
pub(super) fn wide<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}
