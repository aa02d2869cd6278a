//! The last messages of the log, kept for a report whether or not they are shown.

use log::{Level, LevelFilter, Log, Metadata, Record};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Messages kept.
const KEPT: usize = 40;

static TAIL: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// A logger that remembers what passes through it.
pub struct LogTail {
    shown: Box<dyn Log>,
}

impl LogTail {
    /// Becomes the program's logger: remembers the last messages and hands all of them to `shown`, which shows up to `most`.
    pub fn install(shown: Box<dyn Log>, most: LevelFilter) {
        // Only where another logger is there already.
        if log::set_boxed_logger(Box::new(Self { shown })).is_ok() {
            log::set_max_level(most.max(LevelFilter::Info));
        }
    }

    /// Libraries say much at `Info` that concerns nobody.
    fn is_kept(metadata: &Metadata) -> bool {
        let most = if metadata.target().starts_with("songspace") {
            Level::Info
        } else {
            Level::Warn
        };
        metadata.level() <= most
    }
}

impl Log for LogTail {
    fn enabled(&self, metadata: &Metadata) -> bool {
        Self::is_kept(metadata) || self.shown.enabled(metadata)
    }

    fn log(&self, record: &Record) {
        if Self::is_kept(record.metadata()) {
            let message = format!("{} {}: {}", record.level(), record.target(), record.args());
            let mut tail = TAIL.lock().unwrap_or_else(PoisonError::into_inner);
            if tail.len() == KEPT {
                tail.pop_front();
            }
            tail.push_back(message);
        }
        self.shown.log(record);
    }

    fn flush(&self) {
        self.shown.flush();
    }
}

/// The last messages, the oldest first.
pub(super) fn messages() -> Vec<String> {
    // Whoever holds it may be the thread that panicked.
    TAIL.try_lock()
        .map_or_else(|_| Vec::new(), |tail| tail.iter().cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Silent;

    impl Log for Silent {
        fn enabled(&self, _: &Metadata) -> bool {
            false
        }
        fn log(&self, _: &Record) {}
        fn flush(&self) {}
    }

    #[test]
    fn the_last_messages_are_kept_even_where_they_are_not_shown() {
        let logger = LogTail {
            shown: Box::new(Silent),
        };
        let say = |target: &str, level: Level, text: &str| {
            let args = format_args!("{text}").to_string();
            logger.log(
                &Record::builder()
                    .target(target)
                    .level(level)
                    .args(format_args!("{args}"))
                    .build(),
            );
        };
        say("songspace::app", Level::Debug, "too small to keep");
        say("wgpu", Level::Info, "of no concern");
        for number in 0..KEPT + 2 {
            say("songspace::app", Level::Info, &format!("message {number}"));
        }
        say("wgpu", Level::Warn, "of concern");
        let kept = messages();
        assert_eq!(kept.len(), KEPT);
        assert!(
            kept[0].ends_with("message 3") && kept[KEPT - 1] == "WARN wgpu: of concern",
            "{kept:?}"
        );
    }
}
