//! A sound card made of software: a private PulseAudio server with a null sink, reached through ALSA's pulse plug-in,
//! and a recorder on the sink's monitor.

#![allow(dead_code, reason = "every test binary uses another part")]

pub mod bursts;

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Rate of sink and recording.
pub const RATE_HZ: u32 = 48_000;

const SINK: &str = "sink_name=card rate=48000 channels=2 format=float32le";

/// What is missing to build the card, if anything.
pub fn missing() -> Option<String> {
    let absent = |program: &&&str| {
        let quiet = Command::new(program)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        quiet.is_err()
    };
    ["pulseaudio", "pactl", "parec"]
        .iter()
        .find(absent)
        .map(|program| format!("{program} is not installed"))
}

/// Ends a test for which this machine lacks something: a failure where `CI` is set, because there the machine was made for it.
pub fn skip(test: &str, reason: &str) -> ExitCode {
    if is_ci() {
        println!("{test}: FAILED: {reason}");
        return ExitCode::FAILURE;
    }
    println!("{test}: SKIPPED: {reason}");
    ExitCode::SUCCESS
}

/// Whether this runs for a verdict that nobody reads the output of.
pub fn is_ci() -> bool {
    std::env::var_os("CI").is_some()
}

/// A running server; dropping it ends it.
pub struct Server {
    process: Child,
}

impl Server {
    /// Starts a server whose every file lies in `folder`.
    pub fn start(folder: &Path) -> std::io::Result<Self> {
        let asoundrc = "pcm.!default { type pulse }\nctl.!default { type pulse }\n";
        std::fs::write(folder.join(".asoundrc"), asoundrc)?;
        let process = in_folder(&mut Command::new("pulseaudio"), folder)
            .args([
                "--daemonize=no",
                "-n",
                "--exit-idle-time=-1",
                "--use-pid-file=no",
                "--disallow-exit=yes",
            ])
            .args(["--realtime=no", "--high-priority=yes"])
            .arg("--log-level=error")
            .arg(format!("--load=module-null-sink {SINK}"))
            .arg(format!(
                "--load=module-native-protocol-unix auth-anonymous=1 socket={}",
                folder.join("native").display()
            ))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let server = Self { process };
        let deadline = Instant::now() + Duration::from_secs(10);
        while !in_folder(&mut Command::new("pactl"), folder)
            .arg("info")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?
            .success()
        {
            if Instant::now() > deadline {
                return Err(std::io::Error::other("the sound server does not answer"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; either way it must be collected.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Lets `command` talk to the server in `folder` only.
pub fn in_folder<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    command
        .env("HOME", folder)
        .env("XDG_RUNTIME_DIR", folder)
        .env("XDG_CONFIG_HOME", folder)
        .env("PULSE_RUNTIME_PATH", folder)
        .env("PULSE_SERVER", format!("unix:{}", folder.join("native").display()))
}

/// Takes the sink away.
pub fn unload_sink() {
    pactl(&["unload-module", "module-null-sink"]);
}

/// Brings it back.
pub fn load_sink() {
    let mut arguments = vec!["load-module", "module-null-sink"];
    arguments.extend(SINK.split(' '));
    pactl(&arguments);
}

fn pactl(arguments: &[&str]) {
    let status = Command::new("pactl").args(arguments).stdout(Stdio::null()).status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "pactl {arguments:?} failed"
    );
}

/// Samples as they arrived.
struct Take {
    samples: Vec<f32>,
    /// When the first sample was played, as the promptest arrival tells.
    began: Instant,
}

/// Everything the sink plays, recorded since the recorder's start.
pub struct Tape {
    process: Child,
    take: Arc<Mutex<Take>>,
    reader: Option<std::thread::JoinHandle<()>>,
}

impl Tape {
    /// Starts recording and waits for the first sample.
    pub fn start() -> Self {
        let mut process = Command::new("parec")
            .args([
                "--device=card.monitor",
                "--format=float32le",
                "--channels=1",
                "--raw",
                "--latency-msec=10",
            ])
            .arg(format!("--rate={RATE_HZ}"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("parec starts");
        let mut pipe = process.stdout.take().expect("the pipe was asked for");
        let take = Arc::new(Mutex::new(Take {
            samples: Vec::new(),
            began: Instant::now() + Duration::from_secs(3_600),
        }));
        let shared = Arc::clone(&take);
        #[expect(
            clippy::disallowed_methods,
            reason = "the reader ends with its pipe and is joined below"
        )]
        let reader = std::thread::spawn(move || {
            let (mut bytes, mut kept) = ([0u8; 4_096], 0);
            while let Ok(read @ 1..) = pipe.read(&mut bytes[kept..]) {
                let mut take = shared.lock().expect("no holder panics");
                let whole = (kept + read) / 4 * 4;
                take.samples.extend(
                    bytes[..whole]
                        .chunks_exact(4)
                        .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])),
                );
                bytes.copy_within(whole..kept + read, 0);
                kept = kept + read - whole;
                let age = Duration::from_secs_f64(take.samples.len() as f64 / f64::from(RATE_HZ));
                take.began = take.began.min(Instant::now() - age);
            }
        });
        let tape = Self {
            process,
            take,
            reader: Some(reader),
        };
        let deadline = Instant::now() + Duration::from_secs(10);
        while tape.len() == 0 {
            assert!(Instant::now() < deadline, "the monitor of the sink records nothing");
            std::thread::sleep(Duration::from_millis(10));
        }
        tape
    }

    /// Samples recorded so far.
    pub fn len(&self) -> usize {
        self.take.lock().expect("no holder panics").samples.len()
    }

    /// The recording from sample `from` on.
    pub fn since(&self, from: usize) -> Vec<f32> {
        self.take.lock().expect("no holder panics").samples[from..].to_vec()
    }

    /// The sample that was recorded at `moment`.
    pub fn index_at(&self, moment: Instant) -> usize {
        let began = self.take.lock().expect("no holder panics").began;
        (moment.saturating_duration_since(began).as_secs_f64() * f64::from(RATE_HZ)) as usize
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}
