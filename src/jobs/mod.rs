//! What takes long, once for the window and the command line: each job tells its progress and ends soon after it is told to.

mod add;
mod add_report;
mod audit;
mod build;
mod cadence;
mod codec_plots;
mod ear_directions;
mod embed;
mod error;
mod evaluate;
mod export;
mod folders;
mod inspect;
mod map;
mod prepare;
mod previews;
mod recordings;
mod sink;
mod take;
mod train;
mod training_device;

pub use crate::render::Limiting;
pub use add::Addition;
pub use add_report::AddReport;
pub use audit::{Audit, audit};
pub use codec_plots::{CodecPlot, codec_plots};
pub use ear_directions::{EarDirection, EarError, ear_directions};
pub use embed::embed_recordings;
pub use error::JobError;
pub use evaluate::{evaluate_space, judge_files};
pub use export::{SoundLength, export_map, export_sound, export_table, render_sound};
pub use folders::JobFolders;
pub use inspect::{Inspection, inspect};
pub use map::{Maps, layouts};
pub use previews::{decode_chunks, preview_points};
pub use recordings::{
    Folders, Lane, RecordingReader, RecordingRow, RecordingShelf, RowListener, Unheard, Wanted, count_recordings,
    find_recordings, lacking_grooves, load_original, with_grooves,
};
pub use sink::{Control, JobEvent, JobSink, JobStage, UntilStopped};
pub use take::{export_take, render_take_sound};
pub use train::{Job, Trained};
pub use training_device::training_device;
