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

/// Between plain lines at first, and the share of the time so far that is waited later: the log of a day stays short.
const LINE_EVERY: Duration = Duration::from_secs(10);
const LINE_SHARE: f32 = 0.01;
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Prints what a job says.
pub struct Printer {
    bar: Option<ProgressBar>,
    begun: Instant,
    /// The part of the job that is on, and since when.
    stage: Option<(JobStage, Instant)>,
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
            begun: Instant::now(),
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
        let fresh = self.stage.is_none_or(|(on, _)| on != stage);
        if fresh {
            self.stage_ended();
            self.stage = Some((stage, Instant::now()));
        }
        let since = self.stage.map_or(Duration::ZERO, |(_, since)| since.elapsed());
        match &self.bar {
            Some(bar) => {
                bar.set_prefix(stage_name(stage));
                bar.set_length(total);
                bar.set_position(done);
            }
            None if fresh || done == total || self.due() => {
                self.last_line = Some(Instant::now());
                tell(progress_line(stage_name(stage), done, total, since));
            }
            None => {}
        }
    }

    fn stage_ended(&mut self) {
        if let Some((stage, since)) = self.stage.take() {
            self.line(&format!("{} took {}", stage_name(stage), in_time(since.elapsed())));
        }
    }

    fn due(&self) -> bool {
        let pause = self.begun.elapsed().mul_f32(LINE_SHARE).clamp(LINE_EVERY, LONGEST_WAIT);
        self.last_line.is_none_or(|at| at.elapsed() >= pause)
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
                self.stage_ended();
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
            JobEvent::Settling(_) => {}
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

/// One line that a log can keep: how far, since when, and how long it will be at this pace.
fn progress_line(stage: &str, done: u64, total: u64, since: Duration) -> String {
    // How much there is to scan is known at its end.
    if total == 0 {
        return stage.to_owned();
    }
    let line = format!("{stage} {done}/{total} ({} %)", 100 * done / total);
    let pace_is_known = done > 0 && since >= Duration::from_secs(2);
    match pace_is_known {
        false => line,
        true if done >= total => format!("{line} in {}", in_time(since)),
        true => {
            let left = since.mul_f64((total - done) as f64 / done as f64);
            format!("{line} after {}, {} left", in_time(since), in_time(left))
        }
    }
}

/// A duration for people.
fn in_time(time: Duration) -> String {
    match time.as_secs() {
        secs @ 0..120 => format!("{secs} s"),
        secs @ 120..7_200 => format!("{} min {} s", secs / 60, secs % 60),
        secs => format!("{} h {} min", secs / 3_600, secs % 3_600 / 60),
    }
}

fn stage_name(stage: JobStage) -> &'static str {
    match stage {
        JobStage::Scanning => "scanning",
        JobStage::Decoding => "decoding",
        JobStage::LinearModel => "linear model",
        JobStage::Training => "training",
        JobStage::Encoding => "encoding",
        JobStage::Refining => "refining",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_since_when_and_how_long_yet() {
        let line = |done, total, secs| progress_line("decoding", done, total, Duration::from_secs(secs));
        assert_eq!(line(0, 0, 9), "decoding");
        assert_eq!(line(1, 8_000, 1), "decoding 1/8000 (0 %)");
        assert_eq!(
            line(2_000, 8_000, 100),
            "decoding 2000/8000 (25 %) after 100 s, 5 min 0 s left"
        );
        assert_eq!(line(8_000, 8_000, 8_000), "decoding 8000/8000 (100 %) in 2 h 13 min");
    }
}
