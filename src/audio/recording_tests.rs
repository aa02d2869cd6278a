//! Not real-time: whoever draws the meters never waits for the disk that a recording goes to.

use super::monitor::Recorder;
use super::{AudioEngine, AudioOptions};
use crate::sync::Worker;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::io::{Cursor, Result, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

const RATE_HZ: u32 = 48_000;

/// A disk that stops in every write after the header until it is told to go on, or its teller is gone.
struct StuckDisk {
    bytes: Cursor<Vec<u8>>,
    stuck_tx: Sender<()>,
    go_on_rx: Receiver<()>,
}

impl Write for StuckDisk {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        if self.bytes.get_ref().len() > 100 {
            let _ = self.stuck_tx.try_send(());
            let _ = self.go_on_rx.recv();
        }
        self.bytes.write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Seek for StuckDisk {
    fn seek(&mut self, place: SeekFrom) -> Result<u64> {
        self.bytes.seek(place)
    }
}

#[test]
fn meters_do_not_wait_for_the_disk() {
    let (engine, mut renderer) = AudioEngine::detached(AudioOptions::default(), RATE_HZ).unwrap();
    let (stuck_tx, stuck_rx) = bounded(1);
    let (meters_tx, meters_rx) = bounded(1);
    // Dropped before engine and asker, so that a failure here releases the disk they wait for.
    let asker;
    let (go_on_tx, go_on_rx) = bounded(0);
    let disk = StuckDisk {
        bytes: Cursor::default(),
        stuck_tx,
        go_on_rx,
    };
    engine.record_to(Recorder::on_disk(Box::new(disk), Path::new("take.wav"), RATE_HZ).unwrap());
    renderer.render(&mut vec![0.0; RATE_HZ as usize], 1);
    stuck_rx
        .recv_timeout(Duration::from_secs(20))
        .expect("the recording reaches the disk");

    let handle = engine.clone();
    asker = Worker::spawn(
        "asker",
        move |_| {
            let _ = meters_tx.send(handle.meters());
        },
        |_| {},
    );
    let meters = meters_rx
        .recv_timeout(Duration::from_secs(10))
        .expect("the meters come while the disk is stuck");
    assert!(meters.recording_secs.is_some());
    drop(go_on_tx);
    drop(asker);
}
