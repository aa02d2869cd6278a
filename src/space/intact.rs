//! Whether the bytes of a space are all there and say one thing only, before anything of them is believed.

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::HashSet;
use std::fmt::{Formatter, Result as FmtResult};

/// Bytes before the header, which hold its length.
const LENGTH_BYTES: usize = 8;
/// How a space's header begins: the program writes its own text before the list of tensors.
const BEGINNING: &[u8] = br#"{"__metadata__":{"songspace":"#;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Bytes that are there, and bytes that were written at least.
    HalfCopied(u64, u64),
    /// A clause.
    Contradiction(String),
}

/// Looks at the bytes of a file that may be a space, of which `there` are on disk and `bytes` hold the header at least; what is no
/// space at all is not judged here.
///
/// # Errors
/// When a space is cut short, is longer than it says, or its header says something twice.
pub(super) fn examine(bytes: &[u8], there: u64) -> Result<(), Flaw> {
    let Some((length, rest)) = bytes.split_first_chunk::<LENGTH_BYTES>() else {
        return Ok(());
    };
    if !rest.starts_with(BEGINNING) {
        return Ok(());
    }
    let header_end = u64::from_le_bytes(*length).saturating_add(LENGTH_BYTES as u64);
    if header_end > there {
        return Err(Flaw::HalfCopied(there, header_end));
    }
    let header = &rest[..header_end as usize - LENGTH_BYTES];
    said_once(header).map_err(Flaw::Contradiction)?;
    let Ok(Extent(tensors_end)) = serde_json::from_slice(header) else {
        return Ok(());
    };
    let written = header_end.saturating_add(tensors_end);
    match there.cmp(&written) {
        std::cmp::Ordering::Less => Err(Flaw::HalfCopied(there, written)),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(Flaw::Contradiction(format!(
            "it is {} bytes longer than it says",
            there - written
        ))),
    }
}

/// That no object in the JSON `text` names a key twice: of two values a reader may believe either. Other faults are left to the
/// reader.
///
/// # Errors
/// A clause that names the key.
pub(super) fn said_once(text: &[u8]) -> Result<(), String> {
    match serde_json::from_slice::<Once>(text) {
        Err(error) if error.is_data() => Err(error.to_string()),
        _ => Ok(()),
    }
}

/// Where the last tensor of a header ends.
struct Extent(u64);

#[derive(Deserialize)]
struct Place {
    data_offsets: (u64, u64),
}

impl<'de> Deserialize<'de> for Extent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Tensors;
        impl<'de> Visitor<'de> for Tensors {
            type Value = Extent;

            fn expecting(&self, f: &mut Formatter<'_>) -> FmtResult {
                f.write_str("a list of tensors")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Extent, A::Error> {
                let mut end = 0;
                while let Some(name) = map.next_key::<String>()? {
                    if name == "__metadata__" {
                        map.next_value::<IgnoredAny>()?;
                    } else {
                        end = map.next_value::<Place>()?.data_offsets.1.max(end);
                    }
                }
                Ok(Extent(end))
            }
        }
        deserializer.deserialize_map(Tensors)
    }
}

/// Any JSON without a key that stands twice.
struct Once;

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Self;

    fn expecting(&self, f: &mut Formatter<'_>) -> FmtResult {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Once>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            map.next_value::<Once>()?;
            if let Some(twice) = keys.replace(key) {
                return Err(A::Error::custom(format_args!("\"{twice}\" stands there twice")));
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, data: usize) -> Vec<u8> {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.resize(bytes.len() + data, 0);
        bytes
    }

    #[test]
    fn only_a_space_that_is_cut_short_is_half_copied() {
        let header = r#"{"__metadata__":{"songspace":"{}"},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#;
        let whole = file(header, 4);
        assert_eq!(examine(&whole, whole.len() as u64), Ok(()));
        for len in [8 + BEGINNING.len(), 60, whole.len() - 4, whole.len() - 1] {
            let flaw = examine(&whole[..len], len as u64).unwrap_err();
            assert!(matches!(flaw, Flaw::HalfCopied(there, written) if there == len as u64 && written > there));
        }
        let longer = examine(&whole, whole.len() as u64 + 3).unwrap_err();
        assert!(matches!(longer, Flaw::Contradiction(clause) if clause.contains("3 bytes longer")));
        for foreign in [&b""[..], b"ID3", &whole[..8], &file(r#"{"a":{}}"#, 0)[..12]] {
            assert_eq!(examine(foreign, foreign.len() as u64), Ok(()));
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_named_however_deep() {
        assert_eq!(
            said_once(br#"{"a":[{"b":1,"c":-1.5},{"b":null,"c":"x"}],"b":true}"#),
            Ok(())
        );
        for text in [r#"{"a":1,"b":2,"a":1}"#, r#"[0,{"x":{"a":1,"a":[]}}]"#] {
            assert!(
                said_once(text.as_bytes())
                    .unwrap_err()
                    .contains("\"a\" stands there twice")
            );
        }
        assert_eq!(said_once(b"{ this is no JSON"), Ok(()), "its reader says so");
    }
}
