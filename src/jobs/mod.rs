//! What takes long, once for the window and the command line: each job hears a stop and tells its progress.

mod add;
mod add_report;
mod build;
mod codec_plots;
mod embed;
mod evaluate;
mod folders;
mod map;
mod sink;
mod train;
mod training_device;

pub use add::Addition;
pub use add_report::AddReport;
pub use codec_plots::codec_figures;
pub use embed::embed_recordings;
pub use evaluate::{evaluate_space, judge_files};
pub use folders::JobFolders;
pub use map::layouts;
pub use sink::{Control, JobEvent, JobSink, JobStage};
pub use train::{Job, JobError, Trained};
pub use training_device::training_device;
