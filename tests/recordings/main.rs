//! The recordings behind chunks: exact to the sample whatever the format, stereo, as loud as the space holds them, brought in time and
//! never out of step.

mod formats;
mod loader;
#[path = "../import_made/opus.rs"]
mod made_opus;
mod null;
#[path = "../quiet/mod.rs"]
mod quiet;
mod rows;
mod spaces;
