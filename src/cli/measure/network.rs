//! The networks that are measured.

use crate::model::{CodecKind, ModelConfig, Preset};

/// As the window proposes it, for a dozen genres.
pub fn sizes(preset: Preset) -> ModelConfig {
    const GENRES: usize = 12;
    ModelConfig::new(CodecKind::Spectral, preset, GENRES, 2.972)
}

/// As the command line spells it.
pub fn name_of(preset: Preset) -> &'static str {
    match preset {
        Preset::S => "s",
        Preset::M => "m",
    }
}
