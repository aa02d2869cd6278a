//! The only room that owns a `Device`: opening it, the training worker, the decode worker, their messages.

mod add;
mod add_report;
mod codec_figures;
mod decode_worker;
mod device;
mod folders;
mod job;
mod judged_space;
mod mapping;
mod messages;
mod originals;
mod relay;
mod self_test;
mod space_builder;
mod worker;

pub use add::Addition;
pub use add_report::AddReport;
pub use codec_figures::codec_figures;
pub use decode_worker::{DecodeEvent, DecodeWorker};
pub use device::{DeviceChoice, OpenDevice, open_device};
pub use folders::JobFolders;
pub use job::{Control, Job, JobError, JobSink};
pub use judged_space::{evaluate_space, judge_files};
pub use mapping::layouts;
pub use messages::{ComputeEvent, ComputeRequest, Stage};
pub use originals::with_originals;
pub use self_test::{SelfTestError, SelfTestReport, compare as self_test};
pub use worker::Compute;
