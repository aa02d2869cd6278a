//! Music on disk becomes a [`Corpus`]: scan, labels, dataset formats, decode, frame cache, audit.
//!
//! Two passes. [`import()`] is quick: it lists files, reads labels, tags and headers and hashes every file.
//! [`FrameCache::fill`] is the slow one: it decodes and analyses each clip once and keeps the frames on disk.
//! Both run on rayon's current pool, can be cancelled through [`Progress`], and treat a bad file as a
//! [`Problem`]: skipped, counted and listed, never fatal. Only [`decode`] imports symphonia.

pub mod audit;
mod cache;
mod changes;
mod clip;
mod dataset;
pub mod decode;
mod duplicates;
mod emotion;
mod error;
mod genre;
mod genre_source;
mod import;
mod measurements;
mod options;
mod overrides;
mod paths;
mod problem;
mod progress;
mod scan;
mod sound;
mod split;

pub use cache::{Analyser, CacheEstimate, FillOptions, Filled, FrameCache, FrameStore, Measured};
pub use changes::{Changes, KnownFile};
pub use clip::{ClipPath, Corpus, CorpusClip, OfficialSplit, VaTrack};
pub use dataset::DatasetFormat;
pub use decode::{Decoded, decode_mono};
pub use duplicates::{Duplicate, find_duplicates};
pub use emotion::{EmotionReport, LabelReport, Method, estimate_emotion};
pub use error::{CorpusError, DecodeError};
pub use genre::GenreNames;
pub use import::{import, import_all};
pub use measurements::{ClipMeasurements, listen_for_groove};
pub use options::ImportOptions;
pub use overrides::Overrides;
pub use paths::{find_shown, shown, source_name};
pub use problem::{Problem, ProblemKind};
pub use progress::{ImportStage, Progress, Silent};
pub use sound::{Fingerprint, SoundProfile, SpectrumTap};
pub use split::HoldOut;
