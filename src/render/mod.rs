//! Recipe (latent, condition, seed, snapshot) to samples, offline, and to a file.

mod audio_file;
mod endless;
mod offline;
mod recipe;
mod row;
mod seam;
mod take;

pub use audio_file::{AudioFileError, write_audio};
pub use endless::EndlessPlan;
pub use offline::{Limiting, Rendered, render, render_rounds, render_unlimited};
pub use recipe::{Recipe, RecipeError, RecipeSource};
pub use row::{Piece, frames, recorded_row};
pub use take::{
    Act, ActBy, OriginalOf, TAKE_ENDING, Take, TakeAct, TakeError, TakeHeader, TakeMode, TakeRender, TakeWriter, Trim,
    render_take,
};
