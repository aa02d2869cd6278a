//! Tables as spreadsheets write them: UTF-8, UTF-16 or Windows-1252 become UTF-8. Streaming; any thread.

use std::io::{BufRead, BufReader, Read, Result};

/// Windows-1252's characters 0x80 to 0x9f; the five that it leaves open are Latin-1's.
const WINDOWS_1252: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}', '\u{2030}',
    '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}',
    '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}',
    '\u{17e}', '\u{178}',
];

/// `bytes` as text: UTF-8 where they are that, else Windows-1252 (which holds Latin-1).
pub(super) fn text_of(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes
            .iter()
            .map(|byte| match byte {
                0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
                byte => char::from(*byte),
            })
            .collect(),
    }
}

/// `inner` without its byte order mark, and as UTF-8 where it is UTF-16.
pub(super) fn without_utf16<R: Read + Send + 'static>(inner: R) -> Result<Box<dyn BufRead + Send>> {
    let mut inner = BufReader::with_capacity(1 << 16, inner);
    let (mark_len, order) = match inner.fill_buf()? {
        [0xef, 0xbb, 0xbf, ..] => (3, None),
        [0xff, 0xfe, ..] => (2, Some(Order::Little)),
        [0xfe, 0xff, ..] => (2, Some(Order::Big)),
        // Without a mark, ASCII in two bytes gives it away.
        [a, 0, b, 0, ..] if *a > 0 && *b > 0 => (0, Some(Order::Little)),
        [0, a, 0, b, ..] if *a > 0 && *b > 0 => (0, Some(Order::Big)),
        _ => (0, None),
    };
    inner.consume(mark_len);
    Ok(match order {
        None => Box::new(inner),
        Some(order) => Box::new(BufReader::with_capacity(
            1 << 16,
            Utf16 {
                inner,
                order,
                high: None,
                ready: Vec::new(),
                given: 0,
            },
        )),
    })
}

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

/// UTF-16 in, UTF-8 out.
struct Utf16<R> {
    inner: R,
    order: Order,
    /// First half of a pair whose second is still to come.
    high: Option<u16>,
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> Utf16<R> {
    fn refill(&mut self) -> Result<()> {
        let mut raw = Vec::with_capacity(4_096);
        self.inner.by_ref().take(4_096).read_to_end(&mut raw)?;
        let units = raw.as_chunks::<2>().0.iter().map(|pair| match self.order {
            Order::Little => u16::from_le_bytes(*pair),
            Order::Big => u16::from_be_bytes(*pair),
        });
        let mut units: Vec<u16> = self.high.take().into_iter().chain(units).collect();
        if !raw.is_empty() && units.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit)) {
            self.high = units.pop();
        }
        let text: String = char::decode_utf16(units)
            .map(|symbol| symbol.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        (self.ready, self.given) = (text.into_bytes(), 0);
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.given == self.ready.len() {
            self.refill()?;
        }
        let rest = &self.ready[self.given..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_a_spreadsheet_is_text() {
        let text = "path;genre\r\nh\u{e9}.mp3;\u{1f525}\u{2013}\r\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [b"\xff\xfe", little.as_slice()].concat(),
            [b"\xfe\xff", big.as_slice()].concat(),
            little,
            big,
        ] {
            let mut read = String::new();
            without_utf16(std::io::Cursor::new(bytes))
                .unwrap()
                .read_to_string(&mut read)
                .unwrap();
            assert_eq!(read, text);
        }
        assert_eq!(text_of(b"h\xe9\x96"), "h\u{e9}\u{2013}");
        let long: Vec<u8> = "\u{1f525}"
            .repeat(5_000)
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        let mut read = String::new();
        let bytes = [b"\xfe\xff\0a", long.as_slice()].concat();
        without_utf16(std::io::Cursor::new(bytes))
            .unwrap()
            .read_to_string(&mut read)
            .unwrap();
        assert_eq!(read.chars().count(), 5_001, "no pair is torn apart");
    }
}
