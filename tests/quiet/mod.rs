//! A listener for jobs whose progress a test does not look at.

use songspace::jobs::{Control, JobEvent, JobSink};

/// Says nothing and stops nothing.
pub struct Quiet;

impl JobSink for Quiet {
    fn event(&mut self, _: JobEvent) {}

    fn control(&mut self) -> Control {
        Control::Continue
    }
}
