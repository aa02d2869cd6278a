//! The thread that listens on a UDP port, and the socket that the state is told through.

use super::inbox::Inbox;
use super::order::OscOrder;
use crate::session::OscSettings;
use crate::sync::{StopFlag, Waker, Worker};
use rosc::OscPacket;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The largest packet that UDP carries.
const PACKET_BYTES: usize = 65_536;
/// How long it waits for a packet before it looks at its stop flag again.
const WAIT: Duration = Duration::from_millis(100);

/// Listens until it is dropped.
pub(super) struct Listener {
    inbox: Arc<Mutex<Inbox>>,
    socket: Arc<UdpSocket>,
    _worker: Worker,
}

impl Listener {
    /// Opens the port; `waker` is called when something waits.
    ///
    /// # Errors
    /// When the port is taken or not allowed.
    pub fn open(settings: &OscSettings, waker: Waker) -> std::io::Result<Self> {
        let host = if settings.from_other_machines {
            Ipv4Addr::UNSPECIFIED
        } else {
            Ipv4Addr::LOCALHOST
        };
        let socket = Arc::new(UdpSocket::bind((host, settings.port))?);
        socket.set_read_timeout(Some(WAIT))?;
        let inbox = Arc::new(Mutex::new(Inbox::default()));
        let (heard, port) = (Arc::clone(&inbox), Arc::clone(&socket));
        let worker = Worker::spawn(
            "osc",
            move |stop| listen(&port, &heard, &waker, stop),
            |message| log::error!("OSC died: {message}"),
        );
        Ok(Self {
            inbox,
            socket,
            _worker: worker,
        })
    }

    /// What waits.
    pub fn inbox(&self) -> MutexGuard<'_, Inbox> {
        locked(&self.inbox)
    }

    /// Tells `packet` to whoever was heard last; a listener that is gone is no error.
    pub fn tell(&self, port: u16, packet: &OscPacket) {
        let host = locked(&self.inbox).heard_from;
        if let (Some(host), Ok(bytes)) = (host, rosc::encoder::encode(packet)) {
            let _ = self.socket.send_to(&bytes, (host, port));
        }
    }
}

fn locked(inbox: &Mutex<Inbox>) -> MutexGuard<'_, Inbox> {
    inbox.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen(socket: &UdpSocket, inbox: &Mutex<Inbox>, waker: &Waker, stop: &StopFlag) {
    let mut bytes = vec![0; PACKET_BYTES];
    while !stop.is_stopped() {
        match socket.recv_from(&mut bytes) {
            Ok((len, sender)) => {
                let is_first = {
                    let mut inbox = locked(inbox);
                    inbox.heard_from = Some(sender.ip());
                    match rosc::decoder::decode_udp(&bytes[..len]) {
                        Ok((_, packet)) => take(&packet, &mut inbox),
                        Err(_) => {
                            inbox.malformed += 1;
                            false
                        }
                    }
                };
                if is_first {
                    waker.wake();
                }
            }
            // Nothing came; or, on some systems, somebody whom the state was told to is gone.
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::Interrupted) => {}
            Err(error) => {
                locked(inbox).problem = Some(format!("The OSC port is gone: {error}."));
                waker.wake();
                return;
            }
        }
    }
}

/// Puts what `packet` asks for into the inbox, bundles at once whatever their time; whether something waits that did not before.
fn take(packet: &OscPacket, inbox: &mut Inbox) -> bool {
    match packet {
        OscPacket::Message(message) => match OscOrder::of(message) {
            Some(order) => inbox.put(order),
            None => {
                inbox.malformed += 1;
                false
            }
        },
        OscPacket::Bundle(bundle) => {
            let mut is_first = false;
            for packet in &bundle.content {
                is_first |= take(packet, inbox);
            }
            is_first
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rosc::{OscMessage, OscType};

    #[test]
    fn what_is_sent_to_the_port_waits_in_the_inbox_and_answers_come_back() {
        let settings = OscSettings {
            on: true,
            port: 0,
            ..OscSettings::default()
        };
        let listener = Listener::open(&settings, Waker::silent()).unwrap();
        let answers = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let to = listener.socket.local_addr().unwrap();
        let volume = OscPacket::Message(OscMessage {
            addr: "/songspace/volume".into(),
            args: vec![OscType::Float(0.25)],
        });
        answers.send_to(&rosc::encoder::encode(&volume).unwrap(), to).unwrap();
        answers.send_to(b"no OSC at all", to).unwrap();
        while locked(&listener.inbox).malformed < 1 {
            std::thread::yield_now();
        }
        assert_eq!(locked(&listener.inbox).empty(), [OscOrder::Volume(0.25)]);
        listener.tell(answers.local_addr().unwrap().port(), &volume);
        let mut bytes = [0; 256];
        let (len, _) = answers.recv_from(&mut bytes).unwrap();
        assert_eq!(rosc::decoder::decode_udp(&bytes[..len]).unwrap().1, volume);
    }
}
