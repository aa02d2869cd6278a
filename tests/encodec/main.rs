//! EnCodec: its numbers, its files, and spaces that are learned with it.

mod files;
mod reference;
mod space;
mod weights;
#[path = "../window_support/mod.rs"]
mod window_support;
