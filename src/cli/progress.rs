//! A job's events as a progress bar on a terminal, as plain lines elsewhere; Ctrl-C, a hang-up or a polite kill stops at the
//! next step.

use super::terminal::tell;
use crate::device::OpenDevice;
use crate::jobs::{Control, JobEvent, JobSink, JobStage};
use crate::sync::StopFlag;
use crate::train::{Health, closeness};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Seconds between plain lines.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Prints what a job says.
pub struct Printer {
    bar: Option<ProgressBar>,
    stage: Option<JobStage>,
    last_line: Option<Instant>,
    skipped: usize,
    stop: StopFlag,
}

impl Printer {
    /// A printer that also listens for Ctrl-C and its like: the first ends the job in order, with its checkpoint written.
    pub fn new() -> Self {
        let stop = stop_on_signal();
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("{prefix:>12} {bar:40} {pos}/{len} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self {
            bar,
            stage: None,
            last_line: None,
            skipped: 0,
            stop,
        }
    }

    /// Says which device computes, and why where it is not the one asked for.
    pub fn device(&self, device: &OpenDevice) {
        self.line(&format!("computing on {}", device.name));
        if let Some(note) = &device.note {
            self.line(note);
        }
    }

    /// Says how a training ended.
    pub fn ended(&self, note: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.skipped > 0 {
            tell(format_args!("{} files were skipped", self.skipped));
        }
        tell(note);
    }

    /// Prints `text` above the bar.
    pub fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| tell(text)),
            None => tell(text),
        }
    }

    fn progressed(&mut self, stage: JobStage, done: u64, total: u64) {
        let fresh = self.stage != Some(stage);
        self.stage = Some(stage);
        match &self.bar {
            Some(bar) => {
                bar.set_prefix(stage_name(stage));
                bar.set_length(total);
                bar.set_position(done);
            }
            None if fresh || done == total || self.due() => {
                self.last_line = Some(Instant::now());
                // How much there is to scan is known at its end.
                match total {
                    0 => tell(stage_name(stage)),
                    _ => tell(format_args!("{} {done}/{total}", stage_name(stage))),
                }
            }
            None => {}
        }
    }

    fn due(&self) -> bool {
        self.last_line.is_none_or(|at| at.elapsed() >= LINE_EVERY)
    }
}

impl JobSink for Printer {
    fn event(&mut self, event: JobEvent) {
        match event {
            JobEvent::Progressed { stage, done, total } => self.progressed(stage, done, total),
            JobEvent::ProblemFound(problem) if problem.kind.keeps_the_clip() => {
                self.line(&format!("note: {problem}"));
            }
            JobEvent::ProblemFound(problem) => {
                self.skipped += 1;
                self.line(&format!("skipped {problem}"));
            }
            JobEvent::Stepped(report) => {
                let text = format!(
                    "step {} | {:.0} s | loss {:.3} | {:.2} {} | KL g {:.0} l {:.0} nats | {:.1} steps/s",
                    report.step,
                    report.elapsed_secs,
                    report.loss,
                    report.reconstruction,
                    report.unit.symbol(),
                    report.kl_global,
                    report.kl_local,
                    report.steps_per_sec
                );
                if let Some(v) = report.validation {
                    let unit = v.unit.symbol();
                    let closer = v
                        .closer()
                        .map(|share| format!("{} the recordings: {:.1} %, ", closeness(share), 100.0 * share));
                    self.line(&format!(
                        "held out after {:.0} s: {}{:.2} {unit} (linear model {:.2} {unit}), map effect {:.2}, condition/map {:.2}, active g {:.0} % l {:.0} %",
                        report.elapsed_secs, closer.unwrap_or_default(), v.distance, v.linear_distance, v.map_effect,
                        v.condition_to_map_ratio, 100.0 * v.active_global, 100.0 * v.active_local
                    ));
                }
                match &self.bar {
                    Some(bar) => {
                        bar.set_prefix("training");
                        bar.set_message(text);
                    }
                    None if self.due() => {
                        self.last_line = Some(Instant::now());
                        tell(text);
                    }
                    None => {}
                }
            }
            JobEvent::HealthChanged(Health::Good) => self.line("The space is healthy again."),
            JobEvent::HealthChanged(Health::Warning(text)) => self.line(&text),
            JobEvent::Published(snapshot) => {
                self.line(&format!(
                    "space of {} points after {} steps",
                    snapshot.chunks.len(),
                    snapshot.meta.trained_steps
                ));
            }
            JobEvent::Warned(text) | JobEvent::Noted(text) | JobEvent::DeviceLost(text) => self.line(&text),
        }
    }

    fn control(&mut self) -> Control {
        if self.stop.is_stopped() {
            Control::Stop
        } else {
            Control::Continue
        }
    }
}

fn stage_name(stage: JobStage) -> &'static str {
    match stage {
        JobStage::Scanning => "scanning",
        JobStage::Decoding => "decoding",
        JobStage::LinearModel => "linear model",
        JobStage::Training => "training",
        JobStage::Encoding => "encoding",
        JobStage::Mapping => "mapping",
    }
}

/// A flag that the first Ctrl-C sets, or a terminal that is closed (SIGHUP), or a polite kill (SIGTERM); the second leaves at
/// once.
pub fn stop_on_signal() -> StopFlag {
    let stop = StopFlag::default();
    let flag = stop.clone();
    let handler = ctrlc::set_handler(move || {
        if flag.is_stopped() {
            // The last checkpoint is on disk, and no destructor may hold the user up.
            #[expect(clippy::disallowed_methods, reason = "leaving at once is what was asked for")]
            std::process::exit(130);
        }
        flag.stop();
        tell("stopping in order; once more to leave at once");
    });
    if let Err(error) = handler {
        log::warn!("Ctrl-C will end the program at once: {error}");
    }
    stop
}
