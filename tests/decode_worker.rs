//! The live decoder on its thread: a song is published as it is decoded, and sounds as its offline rendering does.

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use songspace::decode::{Asked, Choice, Place, Resolver, SpaceDecoder, Span};
use songspace::device::{DeviceChoice, OpenDevice, open_device};
use songspace::render::{Recipe, RecipeSource, frames};
use songspace::space::Snapshot;
use songspace::sync::StopFlag;
use songspace::values::{ChunkAudio, ChunkId, DecodeRequest, DecodedChunk, Frames};
use songspace::workers::DecodeWorker;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

type Row = Vec<Arc<DecodedChunk>>;

fn space() -> Arc<Snapshot> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo.songspace");
    Arc::new(Snapshot::open(&path).expect("the demo space opens"))
}

/// A worker that decodes nothing more until each row it hands over has been fetched.
struct Rig {
    rows: Receiver<Row>,
    go_on: Sender<()>,
    worker: DecodeWorker,
    space: Arc<Snapshot>,
}

impl Rig {
    fn start(device: OpenDevice) -> Self {
        let (rows_tx, rows) = unbounded();
        let (go_on, go_on_rx) = bounded::<()>(0);
        let worker = DecodeWorker::start(
            device,
            move |row: &[_]| {
                // A test that has failed listens no more.
                let _ = rows_tx.send(row.to_vec());
                let _ = go_on_rx.recv();
            },
            |event| panic!("the decoder says {event:?}"),
        );
        let space = space();
        worker.set_snapshot(Arc::clone(&space));
        Self {
            rows,
            go_on,
            worker,
            space,
        }
    }

    /// Asks for one chunk, or for its song from there on.
    fn ask(&self, generation: u64, chunk: ChunkId, span: Span) {
        let asked = Asked {
            condition: None,
            strength: 1.0,
            match_loudness: false,
            relatives: Default::default(),
        };
        let choice = Choice::new(Place::Chunk(chunk));
        let resolved = Resolver::new(Arc::clone(&self.space)).resolve(&choice, &asked, span);
        let resolved = resolved.expect("the space has the chunk");
        self.worker.request(DecodeRequest {
            generation,
            asked_at: Instant::now(),
            row: resolved.row,
            strength: resolved.strength,
            context: resolved.context,
            first_number: None,
        });
    }

    /// The next row; the worker stands still behind it.
    fn next_row(&self) -> Row {
        self.rows.recv_timeout(Duration::from_secs(60)).expect("a row comes")
    }

    fn go_on(&self) {
        let wait = Duration::from_secs(60);
        self.go_on.send_timeout((), wait).expect("the worker waits to go on");
    }

    /// The song of the first clip that has several chunks, from its beginning.
    fn song(&self) -> Vec<ChunkId> {
        let song = self.space.song_from(ChunkId(0));
        assert!(song.len() > 2, "the demo's first clip has {} chunks", song.len());
        assert_eq!(self.space.chunks[song[0].0 as usize].start_secs, 0.0);
        song
    }
}

/// Levels and texture of all chunks, end to end.
fn joined(row: &Row) -> (Frames, Frames) {
    let (mut levels, mut textures) = (Frames::default(), Frames::default());
    for chunk in row {
        let ChunkAudio::Spectral { log_amplitude, texture } = &chunk.audio else {
            panic!("the spectral codec gives frames");
        };
        if levels.is_empty() {
            levels = Frames::zeros(0, log_amplitude.width());
            textures = Frames::zeros(0, texture.width());
        }
        log_amplitude.rows().for_each(|row| levels.push_row(row));
        texture.rows().for_each(|row| textures.push_row(row));
    }
    (levels, textures)
}

#[test]
fn a_song_grows_chunk_by_chunk_into_what_is_rendered_offline() {
    let device = open_device(&DeviceChoice::Cpu);
    let rig = Rig::start(device.clone());
    let song = rig.song();
    rig.ask(7, song[0], Span::Song);
    let mut row = rig.next_row();
    assert_eq!(row.len(), 1, "the first chunk does not wait for the others");
    for chunks in 2..=song.len() {
        rig.go_on();
        let longer = rig.next_row();
        assert_eq!(longer.len(), chunks);
        assert!(row.iter().zip(&longer).all(|(old, new)| Arc::ptr_eq(old, new)));
        row = longer;
    }
    rig.go_on();
    assert!(row.iter().all(|chunk| chunk.generation == 7));

    let decoder = SpaceDecoder::new(&rig.space, &device.device).expect("the demo space decodes");
    let clip = rig.space.chunks[song[0].0 as usize].clip.0;
    let offline = frames(
        &rig.space,
        &decoder,
        &Recipe::new(RecipeSource::Clip(clip)),
        &StopFlag::default(),
    )
    .expect("the clip renders");
    let (levels, texture) = joined(&row);
    assert_eq!(levels, offline.levels);
    assert_eq!(texture, offline.texture);
}

#[test]
fn a_newer_request_cuts_the_rest_of_a_song_off() {
    let rig = Rig::start(open_device(&DeviceChoice::Cpu));
    let song = rig.song();
    rig.ask(1, song[0], Span::Song);
    assert_eq!(rig.next_row()[0].generation, 1);
    rig.ask(2, song[1], Span::Once);
    rig.go_on();
    let newer = rig.next_row();
    assert_eq!((newer.len(), newer[0].generation), (1, 2), "the old song goes on");
    rig.go_on();
}

#[test]
fn a_song_from_its_middle_sees_the_chunk_before_it() {
    let device = open_device(&DeviceChoice::Cpu);
    let rig = Rig::start(device.clone());
    let song = rig.song();
    rig.ask(1, song[0], Span::Song);
    let mut from_the_start = rig.next_row();
    while from_the_start.len() < 2 {
        rig.go_on();
        from_the_start = rig.next_row();
    }
    rig.ask(2, song[1], Span::Song);
    rig.go_on();
    let from_the_middle = rig.next_row();
    rig.go_on();
    assert_eq!(from_the_middle[0].generation, 2);
    assert_eq!(from_the_middle[0].audio, from_the_start[1].audio);
}
