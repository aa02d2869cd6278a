//! The text of a report: what panicked, where and on what, without a path in it.

use super::facts;
use super::log_tail;
use super::moment::civil;
use super::scrub::{scrub, source_place};
use std::fmt::Write;
use std::time::SystemTime;

/// What the panicking thread knows.
pub struct Panicked {
    pub thread: String,
    pub message: String,
    /// File, line and column, as the compiler names them.
    pub place: Option<String>,
    pub backtrace: std::backtrace::Backtrace,
    pub time: SystemTime,
}

/// The report of `version` on `panicked`.
pub fn text(version: &str, panicked: &Panicked) -> String {
    let [year, month, day, hour, minute, second] = civil(panicked.time);
    let mut text = format!(
        "Songspace {version} had a fault on {year:04}-{month:02}-{day:02} at {hour:02}:{minute:02}:{second:02} UTC.\n\
         Names of files and folders were taken out of this report; nothing of it was sent.\n\n"
    );
    let place = panicked.place.as_deref().and_then(source_place);
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name}: {value}");
    };
    line("thread", &scrub(&panicked.thread));
    line("message", &scrub(&panicked.message));
    line("place", place.as_deref().unwrap_or("unknown"));
    line("system", &scrub(&facts::system()));
    for (name, value) in facts::remembered() {
        line(name, &scrub(&value));
    }
    text.push_str("\nLast messages:\n");
    for message in log_tail::messages() {
        let _ = writeln!(text, "  {}", scrub(&message));
    }
    text.push_str("\nBacktrace:\n");
    text.push_str(&frames(&panicked.backtrace.to_string()));
    text
}

/// A backtrace with the places in sources that say no more than the sources do.
fn frames(backtrace: &str) -> String {
    let mut text = String::new();
    for line in backtrace.lines() {
        match line.trim_start().strip_prefix("at ") {
            Some(place) => {
                if let Some(place) = source_place(place.trim_start_matches("./")) {
                    let _ = writeln!(text, "             at {place}");
                }
            }
            // A function's name; one that is made of a path would be a surprise.
            None if !line.contains(['/', '\\']) => {
                let _ = writeln!(text, "{line}");
            }
            None => text.push_str("      (a path)\n"),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_keep_their_functions_and_lose_the_folders() {
        let backtrace = "   0: songspace::audio::start\n             at ./src/audio/engine.rs:7:3\n   1: main\n             at /home/ann/x.rs:1\n";
        let kept = frames(backtrace);
        assert!(kept.contains("songspace::audio::start") && kept.contains("at src/audio/engine.rs:7:3"));
        assert!(kept.contains("1: main") && !kept.contains("ann"), "{kept}");
    }
}
