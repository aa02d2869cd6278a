//! `songspace train` as a person runs it: with a target that cannot be written, ended by a signal, and continued.

use songspace::space::Snapshot;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

fn songs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs")
}

/// A folder in which a person trains on the fixture songs.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn train(&self, output: &str, arguments: &[&str]) -> Command {
        self.train_on(&songs(), output, arguments)
    }

    fn train_on(&self, source: &Path, output: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_songspace"));
        command
            .arg("train")
            .arg(source)
            .arg("--output")
            .arg(self.at(output))
            .arg("--outputs")
            .arg(self.at("outputs"))
            .args(["--device", "cpu"])
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    /// Whether it succeeded, and what it said.
    fn run(&self, output: &str, arguments: &[&str]) -> (bool, String) {
        let done = self.train(output, arguments).output().unwrap();
        (
            done.status.success(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    }
}

#[test]
fn a_target_that_cannot_be_written_is_refused_before_the_training() {
    let desk = Desk::new();
    std::fs::create_dir(desk.at("folder")).unwrap();
    std::fs::write(desk.at("kept.songspace"), "old").unwrap();
    let mut permissions = std::fs::metadata(desk.at("kept.songspace")).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(desk.at("kept.songspace"), permissions).unwrap();
    for (target, why) in [("folder", "is a folder"), ("kept.songspace", "read-only")] {
        let (success, said) = desk.run(target, &["--minutes", "0"]);
        assert!(!success && said.contains(why) && said.contains(target), "{said}");
    }
    assert_eq!(std::fs::read_to_string(desk.at("kept.songspace")).unwrap(), "old");
    assert!(!desk.at("outputs").exists(), "nothing was imported");
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_learned_survives_a_space_that_cannot_be_saved() {
    let desk = Desk::new();
    std::os::unix::fs::symlink("/dev/full", desk.at("full.songspace")).unwrap();
    let (success, said) = desk.run("full.songspace", &["--steps", "2", "--batch", "2"]);
    let run = desk.at("outputs/runs/songs");
    assert!(!success && said.contains("the disk is full"), "{said}");
    assert!(
        said.contains("--resume") && said.contains(&run.display().to_string()),
        "{said}"
    );
    let (success, said) = desk.run("good.songspace", &["--resume"]);
    assert!(success, "{said}");
    let space = Snapshot::open(&desk.at("good.songspace")).unwrap();
    assert_eq!(space.meta.trained_steps, 2);
    let (success, said) = desk.run("more.songspace", &["--resume"]);
    assert!(!success && said.contains("no interrupted training"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_seed_gives_the_same_bytes_whatever_the_folder_is_called() {
    let desk = Desk::new();
    let name = "St. Vincent live 24.05";
    std::os::unix::fs::symlink(songs(), desk.at(name)).unwrap();
    let learned = |seed: &str, output: &str| {
        let mut training = desk.train_on(&desk.at(name), output, &["--minutes", "0", "--seed", seed]);
        let done = training.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        std::fs::read(desk.at(output)).unwrap()
    };
    let output = format!("{name}.songspace");
    let first = learned("7", &output);
    assert_eq!(Snapshot::open(&desk.at(&output)).unwrap().meta.name, name);
    // Without anything that the first training left, and with it.
    std::fs::remove_dir_all(desk.at("outputs")).unwrap();
    for again in [learned("7", "again.songspace"), learned("7", "once more.songspace")] {
        assert!(first == again, "equal seeds, equal files");
    }
    assert!(first != learned("8", "other.songspace"));
}

#[cfg(unix)]
#[test]
fn a_terminal_that_is_gone_ends_no_training() {
    let desk = Desk::new();
    let mut training = desk.train("a.songspace", &["--minutes", "0"]).spawn().unwrap();
    drop(training.stderr.take());
    assert!(training.wait().unwrap().success());
    assert!(Snapshot::open(&desk.at("a.songspace")).is_ok());
}

#[cfg(unix)]
mod signals {
    use super::*;
    use std::io::{BufRead, BufReader, Read};

    /// Trains until a step was told, sends `signal` and waits for the end.
    fn train_until(desk: &Desk, signal: &str, output: &str, arguments: &[&str]) -> Snapshot {
        let mut training = desk.train(output, arguments).spawn().unwrap();
        let mut said = BufReader::new(training.stderr.take().unwrap());
        let mut text = String::new();
        while !text.lines().last().is_some_and(|line| line.starts_with("step ")) {
            assert!(said.read_line(&mut text).unwrap() > 0, "it ended by itself:\n{text}");
        }
        let sent = Command::new("kill").args([signal, &training.id().to_string()]).status();
        assert!(sent.unwrap().success());
        said.read_to_string(&mut text).unwrap();
        assert!(training.wait().unwrap().success(), "{text}");
        Snapshot::open(&desk.at(output)).unwrap()
    }

    fn held_out(space: &Snapshot) -> Vec<String> {
        let clips = space.clips.iter().filter(|clip| clip.held_out);
        clips.map(|clip| clip.path.clone()).collect()
    }

    #[test]
    fn a_signal_ends_it_in_order_and_it_goes_on_as_it_was_begun() {
        let desk = Desk::new();
        let first = train_until(
            &desk,
            "-TERM",
            "first.songspace",
            &["--seed", "7", "--minutes", "30", "--batch", "2"],
        );
        assert!(first.meta.trained_steps > 0);
        let second = train_until(&desk, "-HUP", "second.songspace", &["--resume"]);
        assert!(second.meta.trained_steps > first.meta.trained_steps);
        assert_eq!((second.meta.seed, held_out(&second)), (7, held_out(&first)));
        let (success, said) = desk.run("third.songspace", &["--resume", "--seed", "3"]);
        assert!(
            !success && said.contains("--seed 7") && said.contains("3 is asked for"),
            "{said}"
        );
        assert!(!desk.at("third.songspace").exists());
    }
}
