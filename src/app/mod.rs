//! The eframe app: carries out what the panes ask for, listens to the workers, remembers settings.
//!
//! The only room that knows all others. Everything here runs on the UI thread and returns at once; whatever takes
//! longer than a frame goes to a worker ([`backend`], [`tasks`], [`file_dialog`], [`midi`]) and comes back as an event.

mod audit;
mod backend;
mod chosen_files;
mod clock;
mod clock_follower;
mod clock_out;
mod clock_state;
mod codec_plots;
mod crash_report;
mod demo;
mod directions;
mod disk_names;
mod dispatch;
mod encodec_weights;
mod events;
mod export;
mod file_dialog;
#[cfg(target_os = "linux")]
mod file_manager;
mod frame_pace;
mod gestures;
mod inspect;
mod kept;
mod keys;
mod known_crashes;
mod known_pitches;
mod leaving;
mod link;
mod meters;
mod midi;
mod midi_control;
mod midi_in;
mod midi_out;
mod options;
mod original_loader;
mod originals;
mod osc;
mod peak_hold;
mod play;
mod previews;
mod proposed_names;
mod real_outputs;
mod recent;
mod recorded;
mod recordings;
mod reveal;
mod run;
mod scores;
mod settings_file;
mod sound_card;
mod take_names;
mod takes;
mod tasks;
mod ui_dump;
mod window;
mod window_size;

pub use backend::{Backend, BackendEvent, Previewer, RenderToFile, Workers};
pub use clock_follower::FollowedBeat;
pub use clock_out::ClockOut;
pub use link::{AbletonLink, BeatSession, LinkPlay};
pub use midi_in::MidiIn;
pub use midi_out::MidiSink;
pub use options::AppOptions;
pub use run::{AppError, run};
pub use settings_file::SettingsFile;
pub use ui_dump::{ControlOnScreen, VARIABLE as UI_DUMP_VARIABLE};
pub use window::App;
