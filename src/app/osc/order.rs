//! The address space: what a message asks for. Pure.

use rosc::{OscMessage, OscType};

/// What every address begins with.
pub(super) const ROOT: &str = "/songspace/";

/// What one message asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum OscOrder {
    /// `/position x y`: a place of the map on screen, each -1..1.
    Position(f32, f32),
    /// `/clip number`: the clip's first moment.
    Clip(u32),
    /// `/chunk number`: one moment.
    Chunk(u32),
    /// `/pin number`, from 1.
    Pin(u32),
    /// `/genre name level` or `/genre number level`, numbers from 0, levels 0..1.
    Genre(GenreName, f32),
    /// `/valence v`, -1..1.
    Valence(f32),
    /// `/arousal a`, -1..1.
    Arousal(f32),
    /// `/as_recorded`.
    AsRecorded,
    /// `/strength s`, 1 = as the genres are.
    Strength(f32),
    /// `/detail d`, 0..1.
    Detail(f32),
    /// `/speed s`, 1 = as recorded.
    Speed(f32),
    /// `/texture t`, 0..2.
    Texture(f32),
    /// `/volume v`, 0..1.
    Volume(f32),
    /// `/mode name`.
    Mode(String),
    /// `/play 1`, `/play 0`, `/stop`.
    Play(bool),
    /// `/record 1`, `/record 0`.
    Record(bool),
}

/// How a genre was named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum GenreName {
    Number(u32),
    Name(String),
}

/// What only the newest of counts, as a fader's position.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fader(String);

impl OscOrder {
    /// What `message` asks for; `None` where it is not understood: another address, a wrong number or type of arguments, a number that is
    /// none.
    pub fn of(message: &OscMessage) -> Option<Self> {
        let address = message.addr.strip_prefix(ROOT)?;
        let arguments = message.args.as_slice();
        let one = || match arguments {
            [value] => number(value),
            _ => None,
        };
        let index = || one().and_then(index_of);
        Some(match (address, arguments) {
            ("position", [x, y]) => Self::Position(number(x)?, number(y)?),
            ("clip", _) => Self::Clip(index()?),
            ("chunk", _) => Self::Chunk(index()?),
            ("pin", _) => Self::Pin(index().filter(|number| *number > 0)?),
            ("genre", [OscType::String(name), level]) => Self::Genre(GenreName::Name(name.clone()), number(level)?),
            ("genre", [genre, level]) => {
                Self::Genre(GenreName::Number(number(genre).and_then(index_of)?), number(level)?)
            }
            ("valence", _) => Self::Valence(one()?),
            ("arousal", _) => Self::Arousal(one()?),
            ("as_recorded", []) => Self::AsRecorded,
            ("strength", _) => Self::Strength(one()?),
            ("detail", _) => Self::Detail(one()?),
            ("speed", _) => Self::Speed(one()?),
            ("texture", _) => Self::Texture(one()?),
            ("volume", _) => Self::Volume(one()?),
            ("mode", [OscType::String(name)]) => Self::Mode(name.clone()),
            ("play", []) => Self::Play(true),
            ("play", _) => Self::Play(one()? != 0.0),
            ("stop", []) => Self::Play(false),
            ("record", []) => Self::Record(true),
            ("record", _) => Self::Record(one()? != 0.0),
            _ => return None,
        })
    }

    /// The fader that it moves; `None` for what counts every time.
    pub fn fader(&self) -> Option<Fader> {
        let name = match self {
            Self::Position(..) => "position".to_owned(),
            Self::Genre(name, _) => format!("genre {name:?}"),
            Self::Valence(_) => "valence".to_owned(),
            Self::Arousal(_) => "arousal".to_owned(),
            Self::Strength(_) => "strength".to_owned(),
            Self::Detail(_) => "detail".to_owned(),
            Self::Speed(_) => "speed".to_owned(),
            Self::Texture(_) => "texture".to_owned(),
            Self::Volume(_) => "volume".to_owned(),
            _ => return None,
        };
        Some(Fader(name))
    }
}

/// Numbers of every type, as far as they are numbers.
fn number(value: &OscType) -> Option<f32> {
    let number = match value {
        OscType::Float(value) => *value,
        OscType::Double(value) => *value as f32,
        OscType::Int(value) => *value as f32,
        OscType::Long(value) => *value as f32,
        OscType::Bool(value) => f32::from(u8::from(*value)),
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// Whole numbers that a float holds exactly.
fn index_of(number: f32) -> Option<u32> {
    let is_index = number.fract() == 0.0 && (0.0..=16_777_216.0).contains(&number);
    is_index.then_some(number as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message(address: &str, arguments: Vec<OscType>) -> OscMessage {
        OscMessage {
            addr: format!("{ROOT}{address}"),
            args: arguments,
        }
    }

    #[test]
    fn numbers_of_every_type_are_taken_and_nonsense_is_not() {
        let half = OscOrder::of(&message("detail", vec![OscType::Double(0.5)]));
        assert_eq!(half, Some(OscOrder::Detail(0.5)));
        let jazz = vec![OscType::String("Jazz".into()), OscType::Int(1)];
        let jazz = OscOrder::of(&message("genre", jazz));
        assert_eq!(jazz, Some(OscOrder::Genre(GenreName::Name("Jazz".into()), 1.0)));
        for (address, arguments) in [
            ("detail", vec![]),
            ("detail", vec![OscType::Float(f32::NAN)]),
            ("detail", vec![OscType::String("loud".into())]),
            ("position", vec![OscType::Float(0.1)]),
            ("clip", vec![OscType::Float(1.5)]),
            ("chunk", vec![OscType::Int(-1)]),
            ("pin", vec![OscType::Int(0)]),
            ("nowhere", vec![OscType::Float(0.1)]),
        ] {
            assert_eq!(
                OscOrder::of(&message(address, arguments.clone())),
                None,
                "{address} {arguments:?}"
            );
        }
        let elsewhere = OscMessage {
            addr: "/detail".into(),
            args: vec![OscType::Float(0.5)],
        };
        assert_eq!(OscOrder::of(&elsewhere), None);
    }

    #[test]
    fn faders_are_told_apart() {
        let genre = |name: &str| OscOrder::Genre(GenreName::Name(name.into()), 0.3).fader();
        assert_ne!(genre("Jazz"), genre("Rock"));
        assert_eq!(OscOrder::Detail(0.1).fader(), OscOrder::Detail(0.9).fader());
        assert_eq!(OscOrder::Play(true).fader(), None);
    }

    proptest! {
        #[test]
        fn any_packet_is_an_order_or_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            if let Ok((_, rosc::OscPacket::Message(message))) = rosc::decoder::decode_udp(&bytes) {
                let _ = OscOrder::of(&message);
            }
        }
    }
}
