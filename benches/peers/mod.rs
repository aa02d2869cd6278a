//! A named rival in a process of its own, timed turn by turn with ours so that both meet the same machine.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A script of this folder that answers every line on its standard input with the seconds the job took.
pub struct Peer {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// Runs `script` with `PYTHON` (or `python3`); `None` when that Python lacks what the script imports.
    pub fn start(script: &str, arguments: &[String]) -> Option<Self> {
        let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers");
        let mut process = Command::new(python)
            .arg(format!("{folder}/{script}"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let input = process.stdin.take()?;
        let output = BufReader::new(process.stdout.take()?);
        let mut peer = Self { process, input, output };
        let ready = peer.line()?;
        println!("{}", ready.strip_prefix("ready, ")?.trim());
        Some(peer)
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        (self.output.read_line(&mut line).ok()? > 0).then_some(line)
    }

    /// Seconds that one `job` took.
    pub fn secs(&mut self, job: &str) -> f64 {
        writeln!(self.input, "{job}").expect("the peer runs");
        let answer = self.line().expect("the peer answers");
        answer.trim().parse().expect("the peer answers with seconds")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let ended = self.process.kill().and_then(|()| self.process.wait());
        if let Err(problem) = ended {
            eprintln!("the peer did not end: {problem}");
        }
    }
}

/// The middle value.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
