//! The real program on a private X server, and a hand that finds things by name.
//!
//! What is on screen comes from the file in which the program lists its controls; what the hand does are real pointer
//! and key events.

use serde::Deserialize;
use songspace::app::{ControlOnScreen, UI_DUMP_VARIABLE};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Size of screen and window in pixels: wide enough that the legend does not push the map aside.
pub const SIZE: [u32; 2] = [1_280, 800];

/// How often something is done that should show on screen, and how long it is waited for each time.
const TRIES: usize = 4;
const PATIENCE: Duration = Duration::from_secs(15);

/// What has not moved for this long keeps still.
const STILL: Duration = Duration::from_millis(300);

/// What is missing to build the screen, if anything.
pub fn missing() -> Option<String> {
    let on_path = |program: &str| {
        std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
    };
    ["Xvfb", "xdotool"]
        .into_iter()
        .find(|program| !on_path(program))
        .map(|program| format!("{program} is not installed"))
}

/// A running X server; dropping it ends it.
pub struct XServer {
    process: Child,
    /// What `DISPLAY` must be.
    pub display: String,
}

impl XServer {
    /// Starts a server on a display number of its own choosing.
    pub fn start(folder: &Path) -> std::io::Result<Self> {
        let number = folder.join("display");
        let [width, height] = SIZE;
        let process = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0"])
            .arg(format!("{width}x{height}x24"))
            .stdout(File::create(&number)?)
            .stderr(Stdio::null())
            .spawn()?;
        let mut server = Self {
            process,
            display: String::new(),
        };
        let read_number = || std::fs::read_to_string(&number).unwrap_or_default();
        comes(Duration::from_secs(60), || read_number().ends_with('\n'));
        server.display = format!(":{}", read_number().trim_end());
        // A loaded machine may be slow to answer, although the number is out.
        if comes(Duration::from_secs(60), || server.answers()) {
            return Ok(server);
        }
        Err(std::io::Error::other("Xvfb does not come up"))
    }

    fn answers(&self) -> bool {
        let status = Command::new("xdotool")
            .arg("getdisplaygeometry")
            .env("DISPLAY", &self.display)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    }
}

impl Drop for XServer {
    fn drop(&mut self) {
        // It may have ended by itself; either way it must be collected.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program, its window and a hand on it. Dropping it ends the program.
pub struct Program {
    process: Child,
    folder: PathBuf,
}

impl Program {
    /// Starts the program with every file of its own below `folder`, and waits until its window is drawn.
    pub fn start(folder: &Path, arguments: &[&Path]) -> Self {
        let settings = folder.join("songspace");
        if !settings.exists() {
            std::fs::create_dir_all(&settings).expect("the settings' folder can be made");
            let text = format!("{{\"window_size\":[{}.0,{}.0]}}", SIZE[0], SIZE[1]);
            std::fs::write(settings.join("settings.json"), text).expect("the settings can be written");
        }
        let controls = folder.join("controls.json");
        // A window that is gone leaves its last list behind.
        let _ = std::fs::remove_file(&controls);
        let spawn = || {
            let log = File::options()
                .create(true)
                .append(true)
                .open(folder.join("program.log"));
            Command::new(env!("CARGO_BIN_EXE_songspace"))
                .args(arguments)
                .current_dir(folder)
                .env(UI_DUMP_VARIABLE, &controls)
                .env("XDG_CONFIG_HOME", folder)
                .env("XDG_DATA_HOME", folder.join("data"))
                // No file dialog of this desktop: the window's own path field is used.
                .env("PATH", folder)
                .env_remove("DBUS_SESSION_BUS_ADDRESS")
                .env_remove("WAYLAND_DISPLAY")
                .stderr(log.expect("the log can be opened"))
                .spawn()
                .expect("the program starts")
        };
        let mut program = Self {
            process: spawn(),
            folder: folder.to_owned(),
        };
        // A loaded X server may turn the first connection down.
        for _ in 1..TRIES {
            if !program.ends_without_a_window() {
                break;
            }
            program.process = spawn();
        }
        program.wait_for("Songspace's window", 120.0, |on| {
            on.iter().any(|control| control.name == "File")
        });
        // No window manager runs here, so nobody else hands out the keyboard.
        program.xdotool(&[
            "search",
            "--sync",
            "--onlyvisible",
            "--name",
            "Songspace",
            "windowfocus",
            "--sync",
        ]);
        program
    }

    /// Waits for the first of the two.
    fn ends_without_a_window(&mut self) -> bool {
        let deadline = Instant::now() + Duration::from_secs(120);
        while self.controls().is_empty() && Instant::now() < deadline {
            if self.process.try_wait().is_ok_and(|status| status.is_some()) {
                return true;
            }
            sleep(Duration::from_millis(50));
        }
        false
    }

    /// Asks the program to end and waits for it.
    pub fn quit(mut self) {
        self.key("ctrl+q");
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.process.try_wait().is_ok_and(|status| status.is_none()) {
            assert!(Instant::now() < deadline, "the program does not end: {}", self.log());
            sleep(Duration::from_millis(50));
        }
    }

    /// Everything on screen.
    pub fn controls(&self) -> Vec<ControlOnScreen> {
        let bytes = std::fs::read(self.folder.join("controls.json")).unwrap_or_default();
        Vec::deserialize(&mut serde_json::Deserializer::from_slice(&bytes)).unwrap_or_default()
    }

    /// Waits until what is on screen satisfies `wanted`, which `what` names.
    pub fn wait_for(&self, what: &str, secs: f32, wanted: impl Fn(&[ControlOnScreen]) -> bool) {
        assert!(
            comes(Duration::from_secs_f32(secs), || wanted(&self.controls())),
            "{what} did not come within {secs} s; on screen: {}",
            self.texts()
        );
    }

    /// Waits until what is typed goes to the control called `name`.
    pub fn wait_for_keyboard(&self, name: &str) {
        self.wait_for(&format!("the keyboard in {name}"), 30.0, |on| {
            on.iter().any(|control| control.focused && control.name == name)
        });
    }

    /// Where the enabled control called `name` is: left, top, right, bottom. Waits for it, and until it keeps still: panes that
    /// open beside it push it aside.
    pub fn place(&self, name: &str) -> [f64; 4] {
        let is_it = |control: &&ControlOnScreen| control.enabled && control.role != "Label" && control.name == name;
        let place = || self.controls().iter().find(is_it).map(|control| control.rect);
        let keeps_still = || {
            let before = place();
            sleep(STILL);
            before.is_some() && before == place()
        };
        comes(Duration::from_secs(60), keeps_still);
        place().unwrap_or_else(|| panic!("{name} did not come; on screen: {}", self.texts()))
    }

    /// Whether the switch called `name` is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.controls().iter().any(|control| control.on && control.name == name)
    }

    /// Clicks the middle of the control called `name`.
    pub fn click(&self, name: &str) {
        self.click_at(within(self.place(name), [0.5, 0.5]));
    }

    /// Does `act` until `wanted`, which `what` names, is on screen: a loaded machine may not take a click.
    pub fn act_until(&self, what: &str, act: impl Fn(), wanted: impl Fn(&[ControlOnScreen]) -> bool) {
        for _ in 1..TRIES {
            act();
            if comes(PATIENCE, || wanted(&self.controls())) {
                return;
            }
        }
        act();
        self.wait_for(what, PATIENCE.as_secs_f32(), wanted);
    }

    /// Clicks the control called `name` until `wanted`, which `what` names, is on screen.
    pub fn click_until(&self, name: &str, what: &str, wanted: impl Fn(&[ControlOnScreen]) -> bool) {
        let is_there = |on: &[ControlOnScreen]| on.iter().any(|control| control.name == name);
        self.wait_for(name, 60.0, is_there);
        let click = || {
            // Taken late, the last click may have led away from it.
            if is_there(&self.controls()) {
                self.click(name);
            }
        };
        self.act_until(what, click, wanted);
    }

    /// Clicks the control called `name` until the one called `next` is there.
    pub fn click_for(&self, name: &str, next: &str) {
        self.click_until(name, next, |on| on.iter().any(|control| control.name == next));
    }

    /// Dismisses what floats over the map, and folds the legend, for which the map makes way.
    pub fn clear_the_map(&self) {
        const FOLD: &str = "Fold the legend";
        if self.controls().iter().any(|control| control.name == FOLD) {
            self.click_for(FOLD, "Unfold the legend");
        }
        let banner = |control: &ControlOnScreen| control.name == "Dismiss";
        while let Some(banner) = self.controls().into_iter().find(banner) {
            self.click_at(within(banner.rect, [0.5, 0.5]));
            sleep(Duration::from_millis(200));
        }
    }

    /// Presses and lets go, as long as a finger does.
    pub fn click_at(&self, at: [f64; 2]) {
        self.move_to(at);
        sleep(Duration::from_millis(150));
        self.xdotool(&["mousedown", "1"]);
        sleep(Duration::from_millis(150));
        self.xdotool(&["mouseup", "1"]);
        sleep(Duration::from_millis(100));
    }

    /// Presses at `from`, moves to `to` within `secs` and lets go there.
    pub fn drag(&self, from: [f64; 2], to: [f64; 2], secs: f32) {
        const STEPS: u32 = 40;
        self.move_to(from);
        sleep(Duration::from_millis(150));
        self.xdotool(&["mousedown", "1"]);
        for step in 1..=STEPS {
            sleep(Duration::from_secs_f32(secs) / STEPS);
            let t = f64::from(step) / f64::from(STEPS);
            self.move_to([from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t]);
        }
        sleep(Duration::from_millis(150));
        self.xdotool(&["mouseup", "1"]);
    }

    /// A key or chord in X's names: `ctrl+s`.
    pub fn key(&self, key: &str) {
        self.xdotool(&["key", "--clearmodifiers", key]);
    }

    /// Types `text` into whatever has the keyboard, in place of what is there.
    pub fn type_over(&self, text: &str) {
        self.key("ctrl+a");
        self.xdotool(&["type", "--delay", "20", text]);
    }

    /// All text on screen, for the message of a failure.
    pub fn texts(&self) -> String {
        let names: Vec<String> = self.controls().into_iter().map(|control| control.name).collect();
        format!("{}\n{}", names.join(" | "), self.log())
    }

    fn move_to(&self, [x, y]: [f64; 2]) {
        self.xdotool(&["mousemove", &format!("{x:.0}"), &format!("{y:.0}")]);
    }

    fn xdotool(&self, arguments: &[&str]) {
        let status = Command::new("xdotool")
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "xdotool {arguments:?} failed: {}",
            self.log()
        );
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("program.log")).unwrap_or_default()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits at most `patience` until something is so, and returns whether it is.
pub fn comes(patience: Duration, is_so: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + patience;
    while !is_so() {
        if Instant::now() > deadline {
            return false;
        }
        sleep(Duration::from_millis(50));
    }
    true
}

/// The place in `rect` that lies at these parts of its width and height.
pub fn within([left, top, right, bottom]: [f64; 4], [x, y]: [f64; 2]) -> [f64; 2] {
    [left + (right - left) * x, top + (bottom - top) * y]
}
