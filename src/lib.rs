//! Songspace: learn a latent space from a folder of music, see it as a map, play the map.
//!
//! Rooms, lowest first; a room imports only from rooms above it in this list (`tests/architecture.rs` checks it):
//!
//! | room | what lives there |
//! |---|---|
//! | [`sync`] | the whole concurrency vocabulary: newest-wins slot, named workers, waker |
//! | [`space`] | plain values all rooms share: latent, condition, frames, ids |
//! | [`dsp`] | pure f32 maths: STFT, band axis, RTPGHI, loudness, texture. No Burn, no IO |
//! | [`corpus`] | music on disk: scan, decode, resample, labels, dataset layouts, frame cache, doctor |
//! | [`codec`] | audio to frames and back: `spectral`, `encodec` |
//! | [`model`] | Burn modules: closed form, encoder, decoder, condition, losses |
//! | [`bundle`] | one `.songspace` file |
//! | [`atlas`] | latent to 2-D and back: PCA, t-SNE, quality, inverse, clusters |
//! | [`audio`] | engine handle, stream, synth, renderer, meters, recorder |
//! | [`train`] | the trainer as a value: schedule, judges, metrics, checkpoints |
//! | [`render`] | recipe to samples, offline; WAV and FLAC |
//! | [`eval`] | every quality figure |
//! | [`compute`] | devices, the training worker and the decode worker, their messages |
//! | [`session`] | what the window may read, and the commands it may give |
//! | [`ui`] | panes: session to pixels and commands |
//! | [`app`] | the eframe app: dispatch and persistence |
//! | [`cli`] | every job of the window without a window |

pub mod app;
pub mod atlas;
pub mod audio;
pub mod bundle;
pub mod cli;
pub mod codec;
pub mod compute;
pub mod corpus;
pub mod dsp;
pub mod eval;
pub mod model;
pub mod render;
pub mod session;
pub mod space;
pub mod sync;
pub mod train;
pub mod ui;
