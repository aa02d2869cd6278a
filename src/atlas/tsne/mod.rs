//! t-SNE (van der Maaten & Hinton 2008) by two engines: every pair of points where they are few, forces from a grid where they
//! are many. Any thread; blocks until done; the same input and seed give the same map to the bit, on any number of threads.

mod affinities;
mod descent;
mod draw;
mod exact;
mod options;
mod repulsion;

pub use draw::tsne;
pub use options::{SMALL_MAP, TsneEngine, TsneOptions, TsneProgress, TsneStep};
