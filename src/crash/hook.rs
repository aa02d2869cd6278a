//! Where panics come by: each one that nobody expected leaves a report.

use super::folder::ReportFolder;
use super::report::{Panicked, text};
use crate::sync::{Worker, is_guarded, panic_message, priority};
use std::backtrace::Backtrace;
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

/// A fault that comes again with every block must not fill a disk.
const MOST_A_RUN: u64 = 10;
/// Finding the names of a backtrace's functions in a large program takes a good part of a second.
const PATIENCE: Duration = Duration::from_secs(5);

const WRITER: &str = "crash report";

static BEGUN: AtomicU64 = AtomicU64::new(0);
static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// Every panic from now on, if nobody [guards](crate::sync::guarded) it, leaves a report of the program `version` in `folder`.
pub fn install(folder: ReportFolder, version: &'static str) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        // A thread that a device waits for has no time for words; whoever replaces what panicked logs them.
        if !priority::is_hurried() {
            before(info);
        }
        report(info, &folder, version);
    }));
}

/// Reports that this run has written.
pub fn written() -> u64 {
    WRITTEN.load(Relaxed)
}

fn report(info: &PanicHookInfo, folder: &ReportFolder, version: &'static str) {
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("without a name").to_owned();
    if is_guarded() || thread == WRITER || BEGUN.fetch_add(1, Relaxed) >= MOST_A_RUN {
        return;
    }
    let panicked = Panicked {
        thread,
        message: panic_message(info.payload()),
        place: info.location().map(ToString::to_string),
        backtrace: Backtrace::force_capture(),
        time: SystemTime::now(),
    };
    let folder = folder.clone();
    let (done_tx, done_rx) = crossbeam_channel::bounded(1);
    // On a thread of its own: it takes too long for a real-time thread.
    let writer = Worker::spawn(
        WRITER,
        move |_| {
            priority::be_ordinary();
            match folder.add(panicked.time, &text(version, &panicked)) {
                Ok(_) => {
                    WRITTEN.fetch_add(1, Relaxed);
                }
                Err(error) => log::error!("the crash report is lost: {error}"),
            }
            let _ = done_tx.send(());
        },
        |message| log::error!("the crash report is lost: {message}"),
    );
    // The program may end right after this.
    if !priority::is_hurried() {
        let _ = done_rx.recv_timeout(PATIENCE);
    }
    writer.release();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::guarded;

    /// What a thread called `name` leaves when it panics so.
    fn left_by(folder: &ReportFolder, name: &str, body: impl FnOnce() + Send + 'static) -> Vec<String> {
        drop(Worker::spawn(name, |_| body(), |_| {}));
        let reports = folder.reports();
        let texts = reports.iter().filter_map(|path| std::fs::read_to_string(path).ok());
        let line = format!("thread: {name}\n");
        texts.filter(|text| text.contains(&line)).collect()
    }

    #[test]
    fn a_panic_leaves_a_report_without_the_paths_in_its_message() {
        let root = tempfile::tempdir().unwrap();
        let folder = ReportFolder::at(root.path().to_owned());
        let before = std::panic::take_hook();
        // Other tests of this program panic meanwhile, on purpose.
        let hooked = folder.clone();
        std::panic::set_hook(Box::new(move |info| {
            let name = std::thread::current().name().unwrap_or_default().to_owned();
            match name.starts_with("crash test") {
                true => report(info, &hooked, "1.2.3 (abc1234)"),
                false => before(info),
            }
        }));
        let home = std::env::var("HOME").unwrap_or_else(|_| "/home/ann".to_owned());
        let song = format!("{home}/Music/Secret Song.mp3");
        super::super::remember("sound card", "Test Card");
        let quoted = song.clone();
        let left = left_by(&folder, "crash test", move || {
            panic!("cannot read {quoted:?} of 3 files")
        });
        let unquoted = left_by(&folder, "crash test 2", move || panic!("{song}: it is broken"));
        let expected = left_by(&folder, "crash test 3", || drop(guarded(|| panic!("a broken file"))));
        let _ = std::panic::take_hook();
        let [text] = &left[..] else { panic!("{left:?}") };
        for part in [
            "Songspace 1.2.3 (abc1234)",
            "of 3 files",
            "sound card: Test Card",
            "place: src/crash/hook.rs:",
            "Backtrace:\n",
            "system: ",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        assert_eq!(unquoted.len(), 1);
        for text in left.iter().chain(&unquoted) {
            for secret in ["Secret", "Music", home.as_str(), "mp3"] {
                assert!(!text.contains(secret), "{secret} is in {text}");
            }
        }
        assert!(expected.is_empty(), "an expected panic is no fault: {expected:?}");
    }
}
