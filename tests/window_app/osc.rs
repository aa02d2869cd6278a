//! Open Sound Control moves the window, and hears what it does.

use super::{Rig, rig};
use rosc::{OscMessage, OscPacket, OscType};
use songspace::session::{Command, OscSettings};
use songspace::values::{ChunkId, Groove};
use std::cell::RefCell;
use std::net::{Ipv4Addr, UdpSocket};

/// Somebody who sends to the window and listens to its answers.
struct Player {
    socket: UdpSocket,
    port: u16,
}

fn free_port() -> UdpSocket {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()
}

impl Player {
    /// Listens, and lets the window of `rig` listen.
    fn of(rig: &mut Rig) -> Self {
        let socket = free_port();
        socket.set_nonblocking(true).unwrap();
        let port = free_port().local_addr().unwrap().port();
        rig.perform(Command::SetOsc(OscSettings {
            on: true,
            port,
            answer_port: socket.local_addr().unwrap().port(),
            ..OscSettings::default()
        }));
        assert_eq!(rig.app().session.osc.problem, None);
        Self { socket, port }
    }

    fn send(&self, bytes: &[u8]) {
        self.socket.send_to(bytes, (Ipv4Addr::LOCALHOST, self.port)).unwrap();
    }

    fn say(&self, address: &str, args: Vec<OscType>) {
        let addr = format!("/songspace/{address}");
        self.send(&rosc::encoder::encode(&OscPacket::Message(OscMessage { addr, args })).unwrap());
    }

    /// The arguments of the next answer at `address`, while the window of `rig` draws.
    fn hears(&self, rig: &mut Rig, address: &str) -> Vec<OscType> {
        let heard = RefCell::new(None);
        rig.wait_until("an answer", |_| {
            let mut bytes = [0; 2_048];
            while let Ok((len, _)) = self.socket.recv_from(&mut bytes) {
                if let Ok((_, OscPacket::Message(message))) = rosc::decoder::decode_udp(&bytes[..len])
                    && message.addr == format!("/songspace/now/{address}")
                {
                    heard.replace(Some(message.args));
                }
            }
            heard.borrow().is_some()
        });
        heard.into_inner().unwrap_or_default()
    }
}

#[test]
fn what_is_sent_plays_and_what_plays_is_told() {
    let mut rig = rig();
    let player = Player::of(&mut rig);
    let genre = rig.app().session.space.as_ref().unwrap().snapshot.meta.genres[1].clone();
    player.say("chunk", vec![OscType::Int(12)]);
    player.say("genre", vec![OscType::String(genre), OscType::Float(0.75)]);
    player.say("strength", vec![OscType::Double(1.5)]);
    player.say("mode", vec![OscType::String("song".into())]);
    rig.wait_until("the orders to be followed", |app| app.session.osc.understood == 4);
    let session = &rig.app().session;
    assert_eq!(session.selection.map(|selection| selection.chunk), Some(ChunkId(12)));
    assert_eq!((session.mixer.faders[1], session.mixer.strength), (0.75, 1.5));
    assert_eq!(session.transport.mode, songspace::session::PlayMode::Song);
    let clip = rig.app().session.space.as_ref().unwrap().snapshot.chunks[12].clip;
    assert_eq!(player.hears(&mut rig, "clip")[0], OscType::Int(clip.0 as i32));
    player.say("stop", vec![]);
    rig.wait_until("the sound to stop", |app| !app.session.transport.playing);
}

#[test]
fn the_beat_that_sounds_is_told() {
    let mut rig = rig();
    let mut snapshot = super::named("in time", 400);
    let chunks = [12, 13].map(|chunk| snapshot.chunks[chunk]);
    assert_eq!(chunks[0].clip, chunks[1].clip);
    snapshot.clips[chunks[0].clip.0 as usize].groove = Some(Groove {
        tempo_bpm: 600.0,
        beats_ms: (0..1_000).map(|beat| beat * 100).collect(),
        ..Groove::default()
    });
    rig.opens("/in_time.songspace", snapshot);
    let player = Player::of(&mut rig);
    for (chunk, begin) in [12, 13].into_iter().zip(chunks) {
        player.say("chunk", vec![OscType::Int(chunk)]);
        let number = (begin.start_secs * 10.0) as i32;
        assert_eq!(
            player.hears(&mut rig, "beat"),
            [OscType::Int(number), OscType::Float(600.0)]
        );
    }
}

#[test]
fn nonsense_is_counted_and_a_flood_is_overtaken() {
    let mut rig = rig();
    let player = Player::of(&mut rig);
    player.send(b"no packet");
    player.say("volume", vec![OscType::String("loud".into())]);
    player.say("volume", vec![OscType::Float(f32::NAN)]);
    rig.wait_until("nonsense to be counted", |app| app.session.osc.malformed == 3);
    for i in 0..2_000 {
        player.say("volume", vec![OscType::Float(i as f32 / 2_000.0)]);
        if i % 100 == 0 {
            rig.wait_until("the window to keep up", |app| app.session.osc.understood > 0);
        }
    }
    // The system drops packets that find no room, as the newest may in a flood: it is said until it is heard.
    rig.wait_until("the last message", |app| {
        player.say("detail", vec![OscType::Float(0.125)]);
        app.session.transport.detail == 0.125
    });
    let osc = &rig.app().session.osc;
    assert!(osc.overtaken > 0 && osc.understood > osc.overtaken, "{osc:?}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let mut rig = rig();
    let taken = free_port();
    let port = taken.local_addr().unwrap().port();
    rig.perform(Command::SetOsc(OscSettings {
        on: true,
        port,
        ..OscSettings::default()
    }));
    let problem = rig.app().session.osc.problem.clone().expect("it cannot listen");
    assert!(
        problem.contains(&port.to_string()) && problem.contains("another port"),
        "{problem}"
    );
}
