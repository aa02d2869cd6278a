//! The command line as hands and pipes use it: readers that go away, slips of the finger, spaces that are not whole. Whatever happens is
//! a sentence, never a panic, and no library speaks in between.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn asset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name)
}

/// The program with its files below `folder`, without a window to open.
fn songspace(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_songspace"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUST_LOG")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env("XDG_DATA_HOME", folder);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    songspace(folder, arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with the demo space and a link to the fixture songs.
fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(asset("demo.songspace"), folder.path().join("demo.songspace")).unwrap();
    folder
}

/// What is wrong: the exit code is `code` and the only line is a sentence of the program that holds `parts`.
fn assert_sentence(done: &Output, code: i32, parts: &[&str]) {
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(code), "{said}");
    assert!(
        said.starts_with("songspace: ") && said.trim_end().lines().count() == 1,
        "{said}"
    );
    for part in parts {
        assert!(said.contains(part), "{part} is missing in: {said}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let folder = desk();
    let songs = asset("fixtures/songs").display().to_string();
    let outputs = folder.path().join("outputs").display().to_string();
    let jobs: &[&[&str]] = &[
        &["inspect", &songs, "--outputs", &outputs],
        &[
            "inspect",
            &songs,
            "--outputs",
            &outputs,
            "--json",
            "--png",
            "report.png",
        ],
        &["map", "demo.songspace", "--png", "map.png"],
        &[
            "add",
            &songs,
            "demo.songspace",
            "--dry-run",
            "--outputs",
            &outputs,
            "--device",
            "cpu",
        ],
        &["doctor", "--adapters"],
        &["doctor", "--measure", "sizes"],
        &["--help"],
    ];
    for job in jobs {
        let mut child = songspace(folder.path(), job)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let done = child.wait_with_output().unwrap();
        let said = text(&done.stderr);
        assert!(done.status.success() && !said.contains("panicked"), "{job:?}: {said}");
    }
    for picture in ["report.png", "map.png"] {
        assert!(
            folder.path().join(picture).is_file(),
            "{picture}: the work is done all the same"
        );
    }
}

#[test]
fn a_read_only_space_is_refused_before_its_map_is_drawn() {
    let folder = desk();
    let path = folder.path().join("demo.songspace");
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    assert_sentence(
        &run(folder.path(), &["map", "demo.songspace"]),
        1,
        &["demo.songspace", "read-only"],
    );
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_is_full_is_told() {
    let folder = desk();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let done = songspace(folder.path(), &["map", "demo.songspace", "--png", "map.png"])
        .stdout(full)
        .output()
        .unwrap();
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(
        said.contains("the output cannot be written: the disk is full"),
        "{said}"
    );
}

#[test]
fn a_slip_of_the_finger_opens_no_window() {
    let folder = desk();
    for (typed, parts) in [
        (&["rendr"][..], &["rendr", "did you mean `songspace render`"][..]),
        (
            &["rendr", "demo.songspace", "--clip", "1"],
            &["did you mean `songspace render`"],
        ),
        (
            &["--silent", "dusk.songspace"],
            &["dusk.songspace: no such file", "--help"],
        ),
        (&["a\u{1b}[31mb"], &["a\\x1B[31mb: no such file"]),
    ] {
        assert_sentence(&run(folder.path(), typed), 2, parts);
    }
    let done = run(folder.path(), &["render", "--clip"]);
    let said = text(&done.stderr);
    assert!(
        done.status.code() == Some(2) && !said.contains("did you mean"),
        "{said}"
    );
}

#[test]
fn places_and_numbers_that_are_none_are_refused() {
    let folder = desk();
    let render = |arguments: &[&str]| {
        let job = [
            &["render", "demo.songspace", "-o", "x.wav", "--seconds", "1"],
            arguments,
        ]
        .concat();
        run(folder.path(), &job)
    };
    for far in [["--at", "9,9"], ["--path", "0,0 -9e9,0"]] {
        assert_sentence(&render(&far), 1, &["far outside the map", "points lie between"]);
    }
    for share in ["jazz=nan", "jazz=-1", "jazz=much"] {
        assert_sentence(
            &render(&["--clip", "0", "--genre", share]),
            1,
            &[share, "share is a number"],
        );
    }
    for number in [["--valence", "nan"], ["--strength", "inf"], ["--texture", "-inf"]] {
        let done = render(&[&["--clip", "0"], &number[..]].concat());
        let said = text(&done.stderr);
        assert!(
            done.status.code() == Some(2) && said.contains("write a number"),
            "{said}"
        );
    }
    assert!(!folder.path().join("x.wav").exists());
}

#[test]
fn a_mistyped_folder_is_named_before_any_work_and_nothing_is_made() {
    let folder = desk();
    let slip = folder.path().join("musci").display().to_string();
    let (sound, table) = (format!("{slip}/live/a.wav"), format!("{slip}/live/map.png"));
    let (samples, outputs) = (format!("{slip}/samples"), format!("{slip}/outputs"));
    let songs = asset("fixtures/songs").display().to_string();
    let jobs: &[&[&str]] = &[
        &["render", "demo.songspace", "--clip", "0", "-o", &sound],
        &["map", "demo.songspace", "--png", &table],
        &["sample", "demo.songspace", "-o", &samples],
        &["inspect", &songs, "--outputs", &outputs],
        &["train", &songs, "-o", &sound, "--minutes", "0"],
    ];
    for job in jobs {
        assert_sentence(
            &run(folder.path(), job),
            1,
            &[&format!("no folder {slip};"), "check the path"],
        );
        assert!(!Path::new(&slip).exists(), "{job:?}");
    }
}

#[test]
fn what_an_evaluation_had_to_do_without_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    // The demo without the recordings of those that it is judged by.
    let mut space = songspace::space::Snapshot::open(&asset("demo.songspace")).unwrap();
    let wanted = space.embedded_audio.len();
    let held_out: Vec<bool> = space.clips.iter().map(|clip| clip.held_out).collect();
    space.embedded_audio.retain(|clip, _| !held_out[*clip as usize]);
    let missing = wanted - space.embedded_audio.len();
    space
        .save(
            &folder.path().join("demo.songspace"),
            songspace::space::WeightPrecision::F16,
        )
        .unwrap();
    let done = run(folder.path(), &["eval", "demo.songspace", "--device", "cpu"]);
    let said = text(&done.stderr);
    assert!(!said.contains("WARN"), "{said}");
    // That none of them is there, how many are missing, and what to do.
    assert_eq!(
        said.lines().filter(|line| line.contains("missing")).count(),
        1,
        "{said}"
    );
    assert!(
        said.contains(&format!("{missing} of {wanted}")) && said.contains("--corpus") && said.lines().count() < 5,
        "{said}"
    );
}

#[test]
fn a_map_that_is_drawn_again_does_not_make_its_file_grow() {
    let folder = desk();
    let path = folder.path().join("demo.songspace");
    let size = || std::fs::metadata(&path).unwrap().len();
    let before = size();
    assert!(
        run(folder.path(), &["map", "demo.songspace", "--redraw"])
            .status
            .success()
    );
    assert!(size() < before + 4_096, "{before} bytes became {}", size());
}

#[test]
fn a_loop_is_rendered_as_whole_rounds_with_loop_points() {
    let folder = desk();
    let job = [
        "render",
        "demo.songspace",
        "--at",
        "0,0",
        "--loop",
        "--seconds",
        "7",
        "-o",
        "loop.wav",
    ];
    let done = run(folder.path(), &job);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let path = folder.path().join("loop.wav");
    let frames = hound::WavReader::open(&path).unwrap().duration();
    assert_eq!(frames, 2 * 512 * 256, "two rounds of a chunk fit into seven seconds");
    assert!(std::fs::read(path).unwrap().windows(4).any(|name| name == b"smpl"));
}

/// The demo space with its header's text changed and its length kept.
fn with_header(change: impl Fn(&str) -> String) -> Vec<u8> {
    let bytes = std::fs::read(asset("demo.songspace")).unwrap();
    let end = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header = change(std::str::from_utf8(&bytes[8..end]).unwrap());
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &bytes[end..]].concat()
}

#[test]
fn a_space_that_is_not_whole_is_told_apart_from_one_that_contradicts_itself() {
    let folder = desk();
    let demo = std::fs::read(asset("demo.songspace")).unwrap();
    let version = format!(r#"format_version\":{}"#, songspace::space::FORMAT_VERSION);
    let flaws: [(&str, Vec<u8>, &[&str]); 7] = [
        (
            "half",
            demo[..demo.len() / 2].to_vec(),
            &["half-copied", "Copy it again"],
        ),
        ("beginning", demo[..2_000].to_vec(), &["half-copied", "2000 of"]),
        (
            "longer",
            [demo.as_slice(), b"0123456789"].concat(),
            &["damaged", "10 bytes longer"],
        ),
        ("empty", Vec::new(), &["it is empty"]),
        (
            "format",
            with_header(|header| header.replacen(&version, r#"format_version\":0"#, 1)),
            &["damaged", "format 0"],
        ),
        (
            "key",
            with_header(|header| {
                header.replacen(
                    r#"{\"format_version\""#,
                    r#"{\"seed\":1,\"seed\":2,\"format_version\""#,
                    1,
                )
            }),
            &["damaged", "\"seed\" stands there twice"],
        ),
        (
            "tensor",
            with_header(|header| header.replacen(r#""chunk.clip":"#, r#""chunk.clip":{},"chunk.clip":"#, 1)),
            &["damaged", "\"chunk.clip\" stands there twice"],
        ),
    ];
    for (name, bytes, parts) in flaws {
        let name = format!("{name}.songspace");
        std::fs::write(folder.path().join(&name), bytes).unwrap();
        let done = run(folder.path(), &["map", &name, "--png", "x.png"]);
        assert_sentence(&done, 1, &[&[name.as_str()], parts].concat());
        let half = text(&done.stderr).contains("half-copied");
        assert_eq!(half, parts.contains(&"half-copied"), "{name}");
    }
}

#[test]
fn libraries_are_silent_unless_asked() {
    let folder = desk();
    let music = folder.path().join("music");
    std::fs::create_dir(&music).unwrap();
    // A frame whose first half is gone and whose tag lies: the reader has a lot to say about it.
    let mut bytes = b"ID3\x04\0\0\0\0\x7f\x7f".to_vec();
    bytes.extend([0xff, 0xfb, 0x90, 0x64].repeat(500));
    std::fs::write(music.join("broken.mp3"), bytes).unwrap();
    std::fs::write(music.join("cut.flac"), b"fLaC\0\0\0\x22\x10\0\x10").unwrap();
    let outputs = folder.path().join("outputs").display().to_string();
    for job in [&["inspect", "music", "--outputs", &outputs][..], &["doctor"]] {
        let said = text(&run(folder.path(), job).stderr);
        for library in ["symphonia", "ALSA lib", "[ERROR", "[WARN"] {
            assert!(!said.contains(library), "{job:?}: {said}");
        }
    }
    let asked = songspace(folder.path(), &["doctor"])
        .env("RUST_LOG", "debug")
        .output()
        .unwrap();
    assert!(text(&asked.stderr).contains("DEBUG"), "what is asked for comes");
}

/// A private JACK server without hardware; dropping it ends it.
#[cfg(target_os = "linux")]
struct JackServer {
    process: std::process::Child,
    name: String,
}

#[cfg(target_os = "linux")]
impl JackServer {
    fn start() -> std::io::Result<Self> {
        let name = format!("songspace-test-{}", std::process::id());
        let process = Command::new("jackd")
            .args(["-n", &name, "-r", "-d", "dummy", "-r", "48000", "-p", "1024"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self { process, name })
    }

    /// Makes `command` a client of this server, and of no other.
    fn reach<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("JACK_DEFAULT_SERVER", &self.name)
            .env("JACK_NO_START_SERVER", "1")
    }

    /// Waits until the server's list of ports and connections holds `text`.
    fn wait_for(&self, text: &str) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
        loop {
            let listed = self.reach(Command::new("jack_lsp").arg("-c")).output().unwrap();
            let ports = String::from_utf8_lossy(&listed.stdout);
            if ports.contains(text) {
                return;
            }
            assert!(std::time::Instant::now() < deadline, "{text} does not come: {ports}");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
}

#[cfg(target_os = "linux")]
impl Drop for JackServer {
    fn drop(&mut self) {
        // Asked to end, it takes its shared memory away. It may have ended by itself; either way it must be collected.
        let _ = rustix::process::kill_process(
            rustix::process::Pid::from_child(&self.process),
            rustix::process::Signal::TERM,
        );
        let _ = self.process.wait();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn jack_gets_the_sound_on_two_numbered_ports() {
    let server = match JackServer::start() {
        Ok(server) => server,
        Err(error) if std::env::var_os("CI").is_none() => {
            eprintln!("not tested: jackd does not start ({error})");
            return;
        }
        Err(error) => panic!("jackd does not start: {error}"),
    };
    server.wait_for("system:playback_2");
    let folder = desk();
    let tape = folder.path().join("tape.wav");
    let arguments = [
        "play",
        "demo.songspace",
        "--clip",
        "0",
        "--loop",
        "--output",
        "jack:songspace",
    ];
    let mut program = server
        .reach(&mut songspace(folder.path(), &arguments))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    server.wait_for("songspace:out_2\n   system:playback_2");
    let recorder = ["-d", "3", "songspace:out_1", "songspace:out_2"];
    let recorded = server
        .reach(Command::new("jack_rec").arg("-f").arg(&tape).args(recorder))
        .output()
        .unwrap();
    program.kill().unwrap();
    program.wait().unwrap();
    let mut reader = hound::WavReader::open(&tape).unwrap_or_else(|error| panic!("{error}: {recorded:?}"));
    assert_eq!((reader.spec().channels, reader.spec().sample_rate), (2, 48_000));
    let full = f64::from(1u32 << (reader.spec().bits_per_sample - 1));
    let samples: Vec<f64> = reader
        .samples::<i32>()
        .map(|sample| f64::from(sample.unwrap()) / full)
        .collect();
    for channel in 0..2 {
        let wave: Vec<f64> = samples.iter().skip(channel).step_by(2).copied().collect();
        let peak = wave.iter().fold(0.0, |peak: f64, sample| peak.max(sample.abs()));
        assert!(
            wave.len() > 2 * 48_000 && peak > 0.05,
            "{} samples, peak {peak}",
            wave.len()
        );
    }
}
