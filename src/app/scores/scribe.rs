//! The thread that writes a take's score while it is played.

use crate::audio::{Note, ScoreFeed};
use crate::render::{TakeAct, TakeError, TakeWriter};
use crate::sync::{StopFlag, Waker, Worker};
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Between two looks at what has come: what a crash can cost, and less than the synth's lane holds.
const EVERY: Duration = Duration::from_millis(50);
/// How long the last note is waited for: a device that hangs says none.
const PATIENCE: Duration = Duration::from_millis(400);

/// How a score ended.
pub enum ScribeEvent {
    /// It is whole, in this file; so many notes are missing.
    Done(PathBuf, u64),
    /// A sentence.
    Failed(String),
}

/// Handle of the thread. Dropping it writes what is left.
pub struct Scribe {
    acts: Sender<TakeAct>,
    worker: Worker,
}

impl Scribe {
    /// Writes what `feed` says with `writer`; `events` gets how it ended.
    pub fn start(feed: ScoreFeed, writer: TakeWriter, events: Sender<ScribeEvent>, waker: Waker) -> Self {
        let (acts, inbox) = unbounded();
        let told = events.clone();
        let worker = Worker::spawn(
            "take",
            move |stop| {
                let path = writer.path().to_owned();
                let event = match write(&feed, writer, &inbox, stop) {
                    Ok(lost) => ScribeEvent::Done(path, lost),
                    Err(error) => ScribeEvent::Failed(error.to_string()),
                };
                // A window that is gone needs no event.
                let _ = events.send(event);
                waker.wake();
            },
            move |message| {
                let text = format!("The take's score stopped (details: {message})");
                let _ = told.send(ScribeEvent::Failed(text));
            },
        );
        Self { acts, worker }
    }

    /// Writes `act` down.
    pub fn act(&self, act: TakeAct) {
        // A score that has failed was reported.
        let _ = self.acts.send(act);
    }

    /// The score is over; what is left of it is written by the thread itself.
    pub fn finish(self) {
        self.worker.release();
    }
}

fn write(
    feed: &ScoreFeed,
    mut writer: TakeWriter,
    acts: &Receiver<TakeAct>,
    stop: &StopFlag,
) -> Result<u64, TakeError> {
    let mut until: Option<Instant> = None;
    loop {
        let is_over = until.is_some_and(|until| Instant::now() > until);
        let news = feed.read();
        let acts: Vec<TakeAct> = acts.try_iter().collect();
        writer.write(&news, &acts)?;
        if is_over || news.notes.iter().any(|note| matches!(note, Note::Ended { .. })) {
            return Ok(news.lost);
        }
        if stop.is_stopped() {
            until = until.or(Some(Instant::now() + PATIENCE));
        }
        std::thread::sleep(EVERY);
    }
}
