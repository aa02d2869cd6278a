//! The eframe app: carries out what the panes ask for, listens to the workers, remembers settings.
//!
//! The only room that knows all others. Everything here runs on the UI thread and returns at once; whatever takes
//! longer than a frame goes to a worker ([`engines`], [`chores`], [`desk`], [`midi`]) and comes back as an event.

mod chores;
mod codec;
mod codec_plots;
mod conditions;
mod controls_file;
mod demo;
mod desk;
mod dispatch;
mod doctor;
mod engines;
mod events;
mod export;
mod inspect;
mod inverse;
mod keeping;
mod midi;
mod motions;
mod originals;
mod playing;
mod previews;
mod readings;
mod recordings;
mod run;
mod store;
mod window;

pub use controls_file::{ControlOnScreen, VARIABLE as CONTROLS_VARIABLE};
pub use engines::{Brain, BrainEvent, Previewer, Renderer, Workers};
pub use run::{AppError, AppOptions, run};
pub use store::SettingsFile;
pub use window::App;
