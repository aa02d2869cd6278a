//! Songspace: learn a latent space from a folder of music, see it as a map, play the map.
//!
//! Rooms, lowest first; a room imports only from rooms above it in this list (`tests/architecture` checks it):
//!
//! | room | what lives there |
//! |---|---|
//! | [`sync`] | the whole concurrency vocabulary: newest-wins slot, named workers, waker |
//! | [`values`] | plain values all rooms share: latent, condition, frames, ids |
//! | [`files`] | how files are written (whole or not at all, through links, with their permissions) and tensors read |
//! | [`crash`] | what is left of a panic: a report on this machine, without names of files |
//! | [`dsp`] | pure f32 maths: STFT, band axis, RTPGHI, loudness, texture. No Burn, no IO |
//! | [`corpus`] | music on disk: scan, decode, resample, labels, dataset formats, frame cache, audit |
//! | [`codec`] | audio to frames and back: `spectral`, `encodec` |
//! | [`model`] | Burn modules: linear model, encoder, decoder, condition, losses |
//! | [`space`] | the space: a snapshot of weights, latents, map and tables, and its one `.songspace` file |
//! | [`atlas`] | latent to 2-D and back: PCA, t-SNE, quality, inverse, clusters |
//! | [`audio`] | the live engine: `synth`, `output`, `device`, `monitor` |
//! | [`train`] | the trainer as a value: schedule, auxiliary classifier, metrics, checkpoints |
//! | [`decode`] | latent and condition to frames or waveform, live and offline |
//! | [`render`] | recipe to samples, offline; WAV and FLAC |
//! | [`eval`] | every quality figure |
//! | [`device`] | the device that Burn computes on: choice, self-test |
//! | [`jobs`] | what takes long, once for window and command line: train, map, add, inspect, export |
//! | [`workers`] | the threads that own a device: training worker, decode worker, their messages; the planner of music that goes on; the loader of recordings |
//! | [`session`] | what the window may read, and the commands it may give |
//! | [`ui`] | panes: session to pixels and commands |
//! | [`app`] | the eframe app: dispatch and persistence |
//! | [`cli`] | every job of the window without a window |

pub mod app;
pub mod atlas;
pub mod audio;
pub mod cli;
pub mod codec;
pub mod corpus;
pub mod crash;
pub mod decode;
pub mod device;
pub mod dsp;
pub mod eval;
pub mod files;
pub mod jobs;
pub mod model;
pub mod render;
pub mod session;
pub mod space;
pub mod sync;
pub mod train;
pub mod ui;
pub mod values;
pub mod workers;
