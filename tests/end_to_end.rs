//! The whole program as a person meets it: the real binary on a private screen, a real pointer, a sound card that is
//! recorded. Every step that should sound is proven by what was recorded, and so is the silence before the first click.
//!
//! Without libtest, because the recorder needs its environment set at its start: the first process starts the servers and
//! then itself again.

mod card;
mod screen;
mod sounds;

use card::bursts::longest_silence;
use card::{RATE_HZ, Server, Tape};
use screen::{Program, XServer, comes, within};
use songspace::app::ControlOnScreen;
use songspace::session::SpaceView;
use songspace::space::{LayoutKind, Snapshot};
use songspace::ui::{Camera, Room};
use songspace::values::ChunkId;
use sounds::timbre::{level_db, unlikeness_db};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Names the folder of the run; set in the process that drives.
const DRIVES: &str = "SONGSPACE_STAGE";

/// As long as a chunk: one round of its loop, so that two recordings of one sound are alike.
const ROUND_SECS: f32 = 2.98;

/// Quieter than this is nothing.
const AUDIBLE_DB: f32 = -60.0;

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    if let Some(folder) = std::env::var_os(DRIVES) {
        tour(Path::new(&folder));
        return ExitCode::SUCCESS;
    }
    match start_servers() {
        Ok(success) => ExitCode::from(u8::from(!success)),
        Err(reason) => card::skip("end_to_end", &reason),
    }
}

/// Runs this test once more beside its own screen and sound card; the error says what this machine lacks.
fn start_servers() -> Result<bool, String> {
    if let Some(reason) = card::missing().or_else(screen::missing) {
        return Err(reason);
    }
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let _sound = Server::start(folder.path()).map_err(|error| format!("no private sound server: {error}"))?;
    let screen = XServer::start(folder.path()).map_err(|error| format!("no private screen: {error}"))?;
    let itself = std::env::current_exe().map_err(|error| error.to_string())?;
    let status = card::in_folder(&mut Command::new(itself), folder.path())
        .env("DISPLAY", &screen.display)
        .env(DRIVES, folder.path())
        .status();
    Ok(status.is_ok_and(|status| status.success()))
}

/// Everything a first hour holds, in order.
fn tour(folder: &Path) {
    let begun = Instant::now();
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let hand = Hand {
        program: Program::start(folder, &[]),
        tape: Tape::start(),
        begun,
    };
    let demo = hand.open(&assets.join("demo.songspace"));
    hand.click_two_points_and_drag_back(&demo);
    let shaped = hand.shape();
    hand.end_the_tour();
    hand.switch_to_pca(&demo, &shaped);
    let saved = folder.join("mine.songspace");
    hand.train(&assets.join("fixtures/songs"));
    hand.save(&saved);
    hand.reopen(folder, &saved);
}

/// What drives and what listens.
struct Hand {
    program: Program,
    tape: Tape,
    begun: Instant,
}

/// A sound as it was recorded for one round of its loop.
struct Heard(Vec<f32>);

/// Two rounds of one sound are no farther apart than this: its noise is drawn again, the machine may stumble. Measured:
/// 0.05 to 0.3 dB. What a hand changes must be heard well above it.
const RESTLESS_DB: f32 = 0.5;

/// A machine that draws by software starves the sound server now and then; what the program tears, it tears every time.
const LONGEST_GAP_MS: f32 = 100.0;
const DRAGS: usize = 3;
/// A loaded machine may not take a click or a drag; what the program ignores, it ignores every time.
const TRIES: usize = 4;

impl Hand {
    /// Types the path of a space into the sheet for it.
    fn open(&self, space: &Path) -> SpaceView {
        self.program.click_for("File", "Open by path…");
        self.program.click_for("Open by path…", "Path");
        self.program.wait_for_keyboard("Path");
        self.program.type_over(&space.display().to_string());
        let view = view_of(space);
        let map = map_name(&view);
        self.program.act_until(
            &map,
            || self.program.key("Return"),
            |on| on.iter().any(|control| control.name == map),
        );
        let before = self.tape.since(0);
        self.say(
            "a space is open",
            format!(
                "{:.1} s of silence before the first click",
                before.len() as f32 / RATE_HZ as f32
            ),
        );
        assert!(
            before.iter().all(|sample| sample.abs() < 1e-6),
            "something sounds before the first click"
        );
        view
    }

    /// Two clicks are two sounds; a drag back is the first again, without a gap on the way.
    fn click_two_points_and_drag_back(&self, view: &SpaceView) {
        let [first, second] = two_unlike_chunks(view);
        self.click_until_it_sounds(|| self.place_of(view, LayoutKind::Tsne, first));
        let one = self.listen();
        let two = self.changed_by("a click on another point", &one, || {
            self.program.click_at(self.place_of(view, LayoutKind::Tsne, second));
        });
        let places = [second, first].map(|chunk| self.place_of(view, LayoutKind::Tsne, chunk));
        let mut gap_ms = f32::INFINITY;
        for _ in 0..DRAGS {
            let from = self.tape.len();
            self.program.drag(places[0], places[1], 2.0);
            gap_ms = gap_ms.min(longest_silence(&self.tape.since(from)) as f32 * 1e3 / RATE_HZ as f32);
            if gap_ms < LONGEST_GAP_MS {
                break;
            }
        }
        let back = self.listen();
        let again = self.listen();
        self.say(
            "nothing touched",
            format!("changed the sound by {:.2} dB", unlike(&back, &again)),
        );
        assert!(unlike(&back, &again) < RESTLESS_DB, "a loop sounds the same every time");
        let (to_one, to_two) = (unlike(&back, &one), unlike(&back, &two));
        self.say(
            "dragged back",
            format!("{to_one:.1} dB from the first sound, {to_two:.1} dB from the second, longest gap {gap_ms:.1} ms"),
        );
        assert!(to_one < to_two, "the end of the drag sounds like its beginning");
        assert!(
            gap_ms < LONGEST_GAP_MS,
            "every drag tears a hole of {gap_ms} ms or more"
        );
    }

    /// A genre and the mood are heard on the same point.
    fn shape(&self) -> Heard {
        let plain = self.listen();
        let metal = self.changed_by("a genre", &plain, || self.slide("Metal", 0.98));
        let pad = self
            .program
            .controls()
            .into_iter()
            .find(|control| control.name.starts_with("Mood pad"));
        let pad = pad.expect("the mood pad is on screen").rect;
        self.changed_by("the mood", &metal, || {
            self.program
                .drag(within(pad, [0.6, 0.4]), within(pad, [0.35, 0.65]), 0.5);
        })
    }

    /// It went along with the click, the drag and the genre; what nobody did is passed over.
    fn end_the_tour(&self) {
        let shows = |on: &[ControlOnScreen], step: &str| on.iter().any(|control| control.name == step);
        self.program
            .wait_for("the fourth step of the tour", 20.0, |on| shows(on, "4 of 7"));
        for step in ["5 of 7", "6 of 7", "7 of 7"] {
            self.program.click_until("Next", step, |on| shows(on, step));
        }
        self.program.click_until("End the tour", "the end of the tour", |on| {
            on.iter().all(|control| control.name != "End the tour")
        });
    }

    fn slide(&self, name: &str, to: f64) {
        let rect = self.program.place(name);
        // The number at the right is no part of the track.
        let track = [rect[0], rect[1], rect[2] - 54.0, rect[3]];
        self.program
            .drag(within(track, [0.3, 0.5]), within(track, [to, 0.5]), 0.5);
    }

    /// The layout changes, the sound stays; a click on the new layout plays.
    fn switch_to_pca(&self, view: &SpaceView, before: &Heard) {
        self.program.click_until("Overview", "the PCA layout", |on| {
            on.iter().any(|control| control.name == "Overview" && control.on)
        });
        let same = self.listen();
        let change = unlike(before, &same);
        self.say("switched to PCA", format!("the sound changed by {change:.2} dB"));
        // The limiter breathes a little under a strong mood; another point would be several decibels away.
        assert!(
            change < 4.0 * RESTLESS_DB,
            "another layout is another picture, not another sound"
        );
        let [_, far] = two_unlike_chunks(view);
        self.changed_by("a click on the PCA layout", &same, || {
            self.program.click_at(self.place_of(view, LayoutKind::Pca, far));
        });
    }

    /// A training on a handful of songs: its first map plays while it learns.
    fn train(&self, songs: &Path) {
        let program = &self.program;
        program.click_for("Train", "Music folder");
        let type_folder = || {
            program.click("Music folder");
            program.type_over(&songs.display().to_string());
            program.key("Tab");
        };
        program.act_until("what is in the folder", type_folder, |on| {
            on.iter().any(|control| control.name.ends_with("of music"))
        });
        program.click_until("Start", "the beginning of the training", |on| {
            on.iter().all(|control| control.name != "Start")
        });
        program.wait_for("the first step", 240.0, |on| {
            on.iter().any(|control| control.name.starts_with("step "))
        });
        self.wait_for_silence("a new space waits for a click");
        // Its name tells how many sounds it has, which no one knows here.
        let middle_of_the_map = || {
            program.clear_the_map();
            let is_map = |control: &ControlOnScreen| control.name.starts_with("Map of");
            let map = program.controls().into_iter().find(is_map);
            within(
                program.place(&map.expect("the first map is on screen").name),
                [0.5, 0.5],
            )
        };
        self.click_until_it_sounds(middle_of_the_map);
        let learning = self.listen();
        self.say("played while learning", format!("{:.1} dBFS", level_db(&learning.0)));
        program.click_until("Stop and keep the best", "the end of the training", |on| {
            on.iter().any(|control| control.name == "Start")
        });
        self.say("stopped the training", String::new());
    }

    fn save(&self, path: &Path) {
        let is_path = |on: &[ControlOnScreen]| on.iter().any(|control| control.name == "Path");
        self.program
            .act_until("the sheet to save with", || self.program.key("ctrl+s"), is_path);
        self.program.wait_for_keyboard("Path");
        self.program.type_over(&path.display().to_string());
        let confirm = || {
            if is_path(&self.program.controls()) {
                self.program.key("Return");
            }
        };
        self.program.act_until("the saved file", confirm, |_| path.is_file());
    }

    /// A new process shows the saved file and plays it.
    fn reopen(self, folder: &Path, saved: &Path) {
        let Self { program, tape, begun } = self;
        program.quit();
        let hand = Self {
            program: Program::start(folder, &[saved]),
            tape,
            begun,
        };
        let view = view_of(saved);
        hand.program.place(&map_name(&view));
        assert!(hand.program.is_on("Overview"), "the layout is remembered");
        hand.wait_for_silence("what is opened waits for a click");
        hand.click_until_it_sounds(|| hand.place_of(&view, LayoutKind::Pca, ChunkId(0)));
        let again = hand.listen();
        hand.say("saved, reopened, played", format!("{:.1} dBFS", level_db(&again.0)));
        hand.program.quit();
    }

    /// Clicks at `place` until something sounds: a loaded machine may not take a click.
    fn click_until_it_sounds(&self, place: impl Fn() -> [f64; 2]) {
        for _ in 0..TRIES {
            self.program.click_at(place());
            if comes(Duration::from_secs(10), || self.recent_db() > AUDIBLE_DB) {
                return;
            }
        }
        panic!("nothing sounds; on screen: {}", self.program.texts());
    }

    /// What a hand does is heard; it is done again where it was not taken.
    fn changed_by(&self, what: &str, before: &Heard, act: impl Fn()) -> Heard {
        for _ in 0..TRIES {
            act();
            let after = self.listen();
            let change = unlike(before, &after);
            self.say(what, format!("changed the sound by {change:.2} dB"));
            if change > RESTLESS_DB {
                return after;
            }
        }
        panic!("{what} is not heard; on screen: {}", self.program.texts());
    }

    fn wait_for_silence(&self, what: &str) {
        let is_silent = comes(Duration::from_secs(20), || self.recent_db() < AUDIBLE_DB);
        assert!(is_silent, "{what}; on screen: {}", self.program.texts());
    }

    /// Level of the last third of a second.
    fn recent_db(&self) -> f32 {
        let recent = RATE_HZ as usize / 3;
        level_db(&self.tape.since(self.tape.len().saturating_sub(recent)))
    }

    /// Records a round of what sounds now, once it does.
    fn listen(&self) -> Heard {
        let sounds = comes(Duration::from_secs(15), || self.recent_db() > AUDIBLE_DB);
        assert!(sounds, "nothing sounds; on screen: {}", self.program.texts());
        // The fade from what sounded before.
        std::thread::sleep(Duration::from_millis(400));
        let from = self.tape.len();
        let round = (ROUND_SECS * RATE_HZ as f32) as usize;
        while self.tape.len() < from + round {
            std::thread::sleep(Duration::from_millis(20));
        }
        let mut samples = self.tape.since(from);
        samples.truncate(round);
        assert!(level_db(&samples) > AUDIBLE_DB, "what was clicked is not heard");
        Heard(samples)
    }

    /// Where `chunk` lies on the screen when the whole map of `kind` is shown.
    fn place_of(&self, view: &SpaceView, kind: LayoutKind, chunk: ChunkId) -> [f64; 2] {
        self.program.clear_the_map();
        let rect = self.program.place(&map_name(view));
        let layout = view.layout(kind).expect("the space has both layouts");
        let bounds = Camera::default().bounds(&Room {
            size: [(rect[2] - rect[0]) as f32, (rect[3] - rect[1]) as f32],
            inset: 0.0,
            span: layout.span,
        });
        let place = layout.positions[chunk.0 as usize].map(f64::from);
        let part = [0, 1].map(|axis| (place[axis] - bounds.min()[axis]) / (bounds.max()[axis] - bounds.min()[axis]));
        within(rect, [part[0], 1.0 - part[1]])
    }

    fn say(&self, what: &str, figures: String) {
        println!(
            "end_to_end: {:5.1} s: {what}: {figures}",
            self.begun.elapsed().as_secs_f32()
        );
    }
}

fn unlike(a: &Heard, b: &Heard) -> f32 {
    unlikeness_db(&a.0, &b.0, RATE_HZ)
}

fn view_of(space: &Path) -> SpaceView {
    SpaceView::new(Arc::new(Snapshot::open(space).expect("the space opens")))
}

/// What the map is called on screen.
fn map_name(view: &SpaceView) -> String {
    format!("Map of {} points", view.genre_of.len())
}

/// The two chunks whose global latents lie farthest apart, of those on which nothing lies in either layout: the legend
/// stands in the lower left, the tour in the lower right.
fn two_unlike_chunks(view: &SpaceView) -> [ChunkId; 2] {
    let free = |chunk: usize| {
        view.layouts.iter().all(|layout| {
            let [x, y] = layout.positions[chunk];
            x.abs() < 0.95 && y.abs() < 0.95 && (x > -0.5 || y > 0.6) && (x < 0.1 || y > -0.5)
        })
    };
    let table = &view.snapshot.latents;
    let global = |chunk: usize| table.global(ChunkId(chunk as u32));
    let apart = |a: usize, b: usize| -> f32 {
        let pairs = global(a).into_iter().zip(global(b));
        pairs.map(|(a, b)| (a - b).powi(2)).sum()
    };
    let chunks: Vec<usize> = (0..table.len()).filter(|chunk| free(*chunk)).step_by(7).collect();
    let pairs = chunks.iter().flat_map(|a| chunks.iter().map(move |b| [*a, *b]));
    let farthest = pairs.max_by(|a, b| apart(a[0], a[1]).total_cmp(&apart(b[0], b[1])));
    farthest
        .expect("the space has chunks in sight")
        .map(|chunk| ChunkId(chunk as u32))
}
