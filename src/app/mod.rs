//! The eframe app: carries out what the panes ask for, listens to the workers, remembers settings.
//!
//! The only room that knows all others. Everything here runs on the UI thread and returns at once; whatever takes
//! longer than a frame goes to a worker ([`backend`], [`tasks`], [`file_dialog`], [`midi`]) and comes back as an event.

mod audit;
mod backend;
mod chosen_files;
mod codec_plots;
mod crash_report;
mod demo;
mod dispatch;
mod encodec_weights;
mod events;
mod export;
mod file_dialog;
mod frame_pace;
mod inspect;
mod kept;
mod known_crashes;
mod leaving;
mod meters;
mod midi;
mod midi_control;
mod options;
mod original_loader;
mod originals;
mod osc;
mod play;
mod previews;
mod proposed_names;
mod recent;
mod recorded;
mod recordings;
mod run;
mod settings_file;
mod sound_card;
mod takes;
mod tasks;
mod ui_dump;
mod window;
mod window_size;

pub use backend::{Backend, BackendEvent, Previewer, RenderToFile, Workers};
pub use options::AppOptions;
pub use run::{AppError, run};
pub use settings_file::SettingsFile;
pub use ui_dump::{ControlOnScreen, VARIABLE as UI_DUMP_VARIABLE};
pub use window::App;
