//! A private stage for the real program: its own X server, its own sound server with a silent card that is recorded, and a hand on the mouse.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Samples a second of the recording.
pub const RATE_HZ: usize = 44_100;
/// The programs a stage is made of.
const TOOLS: &[&str] = &["Xvfb", "xdotool", "pulseaudio", "parec"];

/// Everything that runs for one test; dropping it ends all of it.
pub struct Stage {
    folder: tempfile::TempDir,
    display: String,
    servers: Vec<Child>,
    app: Option<Child>,
}

impl Stage {
    /// Starts the servers with a screen of `width` x `height` pixels, or says what is missing on this machine.
    pub fn open(width: u32, height: u32) -> Result<Self, String> {
        if let Some(tool) = TOOLS.iter().find(|tool| !installed(tool)) {
            return Err(format!("{tool} is not installed (scripts/setup.sh test installs it)"));
        }
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut stage = Self { folder, display: String::new(), servers: Vec::new(), app: None };
        stage.start_screen(width, height)?;
        stage.start_sound()?;
        Ok(stage)
    }

    fn start_screen(&mut self, width: u32, height: u32) -> Result<(), String> {
        let number = self.path("display");
        let command = format!("exec Xvfb -displayfd 3 -screen 0 {width}x{height}x24 -nolisten tcp 3>{}", number.display());
        self.servers.push(start(Command::new("bash").args(["-c", &command]), &self.path("xvfb.log"))?);
        wait_for(Duration::from_secs(10), || fs::read_to_string(&number).is_ok_and(|text| text.ends_with('\n')))
            .ok_or("Xvfb did not come up within 10 s")?;
        let number = fs::read_to_string(&number).map_err(|error| error.to_string())?;
        self.display = format!(":{}", number.trim());
        Ok(())
    }

    fn start_sound(&mut self) -> Result<(), String> {
        let socket = self.path("pulse.socket");
        let mut server = self.command("pulseaudio");
        server.args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]);
        server.args(["-L", "module-null-sink sink_name=stage rate=44100"]);
        server.args(["-L", &format!("module-native-protocol-unix auth-anonymous=1 socket={}", socket.display())]);
        self.servers.push(start(&mut server, &self.path("pulse.log"))?);
        wait_for(Duration::from_secs(10), || socket.exists()).ok_or("PulseAudio did not come up within 10 s")?;
        fs::write(self.path("asound.conf"), "</usr/share/alsa/alsa.conf>\npcm.!default { type pulse }\nctl.!default { type pulse }\n")
            .map_err(|error| error.to_string())?;

        let recording = File::create(self.recording()).map_err(|error| error.to_string())?;
        let mut recorder = self.command("parec");
        recorder.args(["--raw", "--format=float32le", "--channels=1", "--rate=44100", "--latency-msec=20", "-d", "stage.monitor"]);
        recorder.stdout(recording).stderr(Stdio::null()).stdin(Stdio::null());
        self.servers.push(recorder.spawn().map_err(|error| format!("parec: {error}"))?);
        wait_for(Duration::from_secs(10), || self.now() > 0).ok_or("nothing is recorded from the silent card")?;
        Ok(())
    }

    /// Starts the program and waits until its window is there.
    pub fn launch(&mut self, program: &str, args: &[&str]) {
        let mut command = self.command(program);
        command.args(args);
        self.app = Some(start(&mut command, &self.path("app.log")).expect("the program starts"));
        let seen = wait_for(Duration::from_secs(60), || self.window().is_some());
        assert!(seen.is_some(), "no window within 60 s; the program said:\n{}", self.app_log());
        // No window manager runs here, so nobody else hands out the keyboard.
        let window = self.window().expect("the window is there");
        self.xdotool(&["windowfocus", "--sync", &window]);
    }

    /// Ends the program as its window's close button would.
    pub fn close(&mut self) {
        if let Some(mut app) = self.app.take() {
            let _ = Command::new("kill").args(["-TERM", &app.id().to_string()]).status();
            if wait_for(Duration::from_secs(10), || app.try_wait().is_ok_and(|status| status.is_some())).is_none() {
                let _ = app.kill();
                let _ = app.wait();
            }
        }
    }

    fn window(&self) -> Option<String> {
        let found = self.command("xdotool").args(["search", "--onlyvisible", "--name", "Songspace"]).output().ok()?;
        String::from_utf8_lossy(&found.stdout).lines().next().map(str::to_owned)
    }

    /// What the program wrote to its terminal so far.
    pub fn app_log(&self) -> String {
        fs::read_to_string(self.path("app.log")).unwrap_or_default()
    }

    /// Whether the program still runs.
    pub fn is_alive(&mut self) -> bool {
        self.app.as_mut().is_some_and(|app| app.try_wait().is_ok_and(|status| status.is_none()))
    }

    /// A place inside the stage's own folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn click(&self, x: i32, y: i32) {
        self.move_to(x, y);
        sleep(Duration::from_millis(80));
        self.xdotool(&["click", "1"]);
    }

    /// Presses at `from`, moves to `to` over `duration` in small steps, and lets go.
    pub fn drag(&self, from: (i32, i32), to: (i32, i32), duration: Duration) {
        const STEPS: i32 = 30;
        self.move_to(from.0, from.1);
        self.xdotool(&["mousedown", "1"]);
        for step in 1..=STEPS {
            sleep(duration / STEPS as u32);
            self.move_to(from.0 + (to.0 - from.0) * step / STEPS, from.1 + (to.1 - from.1) * step / STEPS);
        }
        self.xdotool(&["mouseup", "1"]);
    }

    pub fn move_to(&self, x: i32, y: i32) {
        self.xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
    }

    /// One key or chord in xdotool's names, such as `space` or `ctrl+s`.
    pub fn key(&self, key: &str) {
        self.xdotool(&["key", "--clearmodifiers", key]);
    }

    pub fn type_text(&self, text: &str) {
        self.xdotool(&["type", "--delay", "15", text]);
    }

    fn xdotool(&self, args: &[&str]) {
        let status = self.command("xdotool").args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(status.is_ok_and(|status| status.success()), "xdotool {args:?} failed");
    }

    /// How many samples of the silent card have been recorded: a time to come back to.
    pub fn now(&self) -> usize {
        fs::metadata(self.recording()).map_or(0, |meta| meta.len() as usize / 4)
    }

    /// Waits, then returns what the card played meanwhile, mono at [`RATE_HZ`].
    pub fn listen(&self, duration: Duration) -> Vec<f32> {
        let start = self.now();
        sleep(duration);
        self.heard_since(start)
    }

    pub fn heard_since(&self, start: usize) -> Vec<f32> {
        let bytes = fs::read(self.recording()).unwrap_or_default();
        bytes.chunks_exact(4).skip(start).map(|sample| f32::from_le_bytes([sample[0], sample[1], sample[2], sample[3]])).collect()
    }

    /// Writes the screen to `target` where ImageMagick is installed.
    pub fn screenshot(&self, target: &Path) {
        let _ = self.command("import").args(["-window", "root"]).arg(target).stderr(Stdio::null()).status();
    }

    fn recording(&self) -> PathBuf {
        self.path("heard.f32")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.display)
            .env("PULSE_SERVER", format!("unix:{}", self.path("pulse.socket").display()))
            .env("ALSA_CONFIG_PATH", self.path("asound.conf"))
            .env("HOME", self.folder.path())
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS");
        command
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.close();
        for server in self.servers.iter_mut().rev() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

/// Polls until `done` holds; None when `limit` passes first, else the time it took.
pub fn wait_for(limit: Duration, mut done: impl FnMut() -> bool) -> Option<Duration> {
    let started = Instant::now();
    while !done() {
        if started.elapsed() > limit {
            return None;
        }
        sleep(Duration::from_millis(25));
    }
    Some(started.elapsed())
}

fn installed(tool: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file()))
}

fn start(command: &mut Command, log: &Path) -> Result<Child, String> {
    let log = File::create(log).map_err(|error| error.to_string())?;
    let errors = log.try_clone().map_err(|error| error.to_string())?;
    command.stdin(Stdio::null()).stdout(log).stderr(errors).spawn().map_err(|error| format!("{command:?}: {error}"))
}
