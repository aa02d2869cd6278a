//! A take that is open: read on a thread of its own, shown as curves, trimmed, rendered.

use crate::app::App;
use crate::audio::Detail;
use crate::device::OpenDevice;
use crate::jobs::export_take;
use crate::render::{Take, Trim};
use crate::session::{Banner, SpaceView, TakeView};
use std::path::PathBuf;
use std::sync::Arc;

impl App {
    /// Reads the take at `path` and shows it.
    pub(in crate::app) fn open_take(&mut self, path: PathBuf) {
        self.tasks.run(
            "opening the take",
            move |_| {
                let take = Take::open(&path).map(|take| (TakeView::new(path, &take), take));
                Box::new(move |app: &mut App| match take {
                    Ok((view, take)) => app.show_take(view, take),
                    Err(error) => app.session.announce(Banner::error(error.to_string())),
                })
            },
            |message| {
                Box::new(move |app: &mut App| {
                    let text = format!("The take could not be opened (details: {message})");
                    app.session.announce(Banner::error(text));
                })
            },
        );
    }

    fn show_take(&mut self, view: TakeView, take: Take) {
        self.end_replay();
        self.takes.open = Some(Arc::new(take));
        self.session.take = Some(view);
        self.look_whether_take_fits();
    }

    /// Says why the open take cannot be played with the space on screen, if so.
    pub(in crate::app) fn look_whether_take_fits(&mut self) {
        let snapshot = self.snapshot();
        let (Some(take), Some(view)) = (&self.takes.open, &mut self.session.take) else {
            return;
        };
        view.why_not = match snapshot {
            None => Some(format!(
                "Open the space \"{}\", with which this take was played.",
                take.header.space
            )),
            Some(snapshot) => take.check(&snapshot).err().map(|error| {
                let sentence = error.to_string();
                let mut letters = sentence.chars();
                letters.next().map_or(String::new(), |first| {
                    first.to_uppercase().chain(letters).collect::<String>() + "."
                })
            }),
        };
        if view.why_not.is_some() {
            self.end_replay();
        }
    }

    /// Another space has come on screen: the score of a take is over unless it sounds the same.
    pub(in crate::app) fn space_of_take_changed(&mut self, before: Option<&Arc<SpaceView>>) {
        let hash = self.snapshot().map(|snapshot| snapshot.hash.clone());
        if before.map(|view| &view.snapshot.hash) != hash.as_ref() {
            self.end_take();
        }
        self.look_whether_take_fits();
    }

    /// The take goes off the screen.
    pub(in crate::app) fn close_take(&mut self) {
        self.end_replay();
        self.takes.open = None;
        self.session.take = None;
    }

    /// Moves the handles.
    pub(in crate::app) fn trim_take(&mut self, from: f64, to: f64) {
        if let Some(view) = &mut self.session.take {
            view.trim(from, to);
        }
    }

    /// Writes the handles into the take's file.
    pub(in crate::app) fn keep_trim(&mut self) {
        let Some(view) = &mut self.session.take else { return };
        let trim = Trim {
            from: view.from,
            to: view.to,
        };
        let banner = match Take::write_trim(&view.path, trim) {
            Ok(()) => {
                view.kept = (view.from, view.to);
                Banner::note(format!("The take's part is kept: {}", view.path.display()))
            }
            Err(error) => Banner::error(error.to_string()),
        };
        self.session.announce(banner);
    }

    /// Renders the part between the handles to `path`, on the processor, where equal takes are equal bytes.
    pub(in crate::app) fn render_open_take(&mut self, path: PathBuf) {
        let (Some(take), Some(view), Some(snapshot)) =
            (self.takes.open.clone(), self.session.take.as_ref(), self.snapshot())
        else {
            let text = "Open a take first: there is nothing to render yet.";
            self.session.announce(Banner::warning(text));
            return;
        };
        let trim = Some(Trim {
            from: view.from,
            to: view.to,
        });
        let roots = self.recording_roots(&snapshot);
        self.tasks.run(
            "rendering the take",
            move |stop| {
                let device = OpenDevice::cpu(None).device;
                let how = (Detail::Full, trim);
                let done = export_take(&snapshot, &take, how, &roots, &path, &device, stop);
                Box::new(move |app: &mut App| {
                    app.session.announce(match done {
                        Ok(None) => Banner::note(format!("Written: {}", path.display())),
                        Ok(Some(unheard)) => Banner::warning(format!("Written: {}. {unheard}", path.display())),
                        Err(error) => Banner::error(error.to_string()),
                    });
                })
            },
            |message| {
                Box::new(move |app: &mut App| {
                    let text = format!("The take was not rendered; try it again (details: {message})");
                    app.session.announce(Banner::error(text));
                })
            },
        );
    }
}
