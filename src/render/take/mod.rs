//! A take as a score: its file, what the hand did, and the score back to samples.
//!
//! `NAME.songspace-take` lies beside `NAME.wav`: lines of JSON, written as it is played, so that a crash costs the last second at
//! most. It holds no sound: numbers at hops and samples, and the orders that sounds are decoded from again.

mod act;
mod cook;
mod error;
mod file;
mod line;
mod part_line;
mod writer;

pub use act::{Act, ActBy, TakeAct, TakeMode};
pub use cook::{OriginalOf, TakeRender, render_take};
pub use error::TakeError;
pub use file::{TAKE_ENDING, Take};
pub use line::{TakeHeader, Trim};
pub use writer::TakeWriter;
