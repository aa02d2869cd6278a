//! Leaving the space on screen: another is opened, it is closed, or the window is. Asks first where something would be lost.

use super::{App, demo};
use crate::session::{Banner, Command, FileAsk, Leaving, Next, Strip};
use crate::workers::WorkerRequest;
use std::path::PathBuf;

const UNSAVED: &str = "What was learned, added, bookmarked or pinned since is in no file yet, and would be lost.";

impl App {
    /// Goes on to `next`, or asks whether to.
    pub(super) fn leave_for(&mut self, next: Next) {
        match self.lost_by(&next) {
            Some(what) => {
                let what = what.to_owned();
                self.session.leaving = Some(Leaving { next, what });
            }
            None => self.go_on_to(next),
        }
    }

    /// The answer "yes" to the open question.
    pub(super) fn leave_anyway(&mut self) {
        if let Some(question) = self.session.leaving.take() {
            self.go_on_to(question.next);
        }
    }

    pub(super) fn open_demo(&mut self) {
        match demo::find() {
            Ok(path) => self.leave_for(Next::Open(path)),
            Err(sentence) => self
                .session
                .announce(Banner::note(sentence).with_action("Choose a folder…", Command::Ask(FileAsk::MusicFolder))),
        }
    }

    /// What `next` would end or lose, in a sentence.
    pub(super) fn lost_by(&self, next: &Next) -> Option<&'static str> {
        let session = &self.session;
        let quits = *next == Next::Quit;
        if quits && session.transport.recording {
            Some("A recording is running. Closing ends it; what was recorded is kept.")
        } else if session.training.is_active() {
            Some(match next {
                Next::Quit => "A training is running. Closing ends it; its last checkpoint can be continued.",
                Next::Open(_) => {
                    "A training is running. The other space opens when it has ended, in the place of what it learned."
                }
                Next::Close => return None,
            })
        } else if session.unsaved || self.save_waits.is_some() {
            Some(UNSAVED)
        } else if !quits && session.transport.recording {
            Some("A recording is running. It goes on, but what sounds stops.")
        } else if !quits && session.transport.playing {
            Some("What sounds stops.")
        } else {
            None
        }
    }

    fn go_on_to(&mut self, next: Next) {
        match next {
            Next::Quit => self.may_close = true,
            Next::Open(path) => self.open(path),
            Next::Close => self.close_space(),
        }
    }

    fn open(&mut self, path: PathBuf) {
        if self.session.training.is_active() {
            let text = format!("{} opens when the training has ended.", path.display());
            self.session.announce(Banner::note(text));
        }
        self.ask_backend(WorkerRequest::Open(path));
    }

    fn close_space(&mut self) {
        self.audio.stop();
        self.session.transport.playing = false;
        self.session.motion = None;
        self.session.selection = None;
        self.save_waits = None;
        self.session.strip = Strip::default();
        self.session.space = None;
        self.end_take();
        self.look_whether_take_fits();
        self.drop_kept();
        self.file_is(None, None);
        self.session.unsaved = false;
        self.sounding.choice = None;
        self.sounding.space_changed();
    }
}
