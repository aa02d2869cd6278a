//! Reading CSV tables that nobody checked: any of three separators, any encoding of a spreadsheet, a line `sep=;` or comments in
//! front, decimal commas, spaces, lines that are too short, too long or endless. Streaming and with bounded memory.

use super::encoding::{text_of, without_utf16};
use crate::corpus::problem::ProblemLog;
use crate::corpus::{CorpusError, Problem, ProblemKind};
use csv::{ByteRecord, ReaderBuilder};
use std::fs::File;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

/// A line longer than this is no line of a table.
const LONGEST_LINE: usize = 1 << 20;

/// An open table.
pub(super) struct Table {
    path: PathBuf,
    reader: csv::Reader<BoundedLines<Box<dyn BufRead + Send>>>,
    /// Column names: trimmed, lower case.
    pub columns: Vec<String>,
    /// Lines before the header, and one where lines end as on Windows: the reader counts a line as begun before it has seen the
    /// second half of such an end.
    uncounted_lines: u64,
}

impl Table {
    /// Opens the table at `path` and reads its header line.
    pub(super) fn open(path: &Path) -> Result<Self, CorpusError> {
        let unreadable = |source| CorpusError::Unreadable {
            path: path.to_path_buf(),
            source,
        };
        let mut file = without_utf16(File::open(path).map_err(unreadable)?).map_err(unreadable)?;
        let (preface_lines, stated) = skip_preface(&mut file).map_err(unreadable)?;
        let start = file.fill_buf().map_err(unreadable)?;
        let delimiter = stated.unwrap_or_else(|| delimiter(start));
        let uncounted_lines = preface_lines + u64::from(start.windows(2).any(|pair| pair == b"\r\n"));
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(BoundedLines { inner: file, run: 0 });
        let mut header = ByteRecord::new();
        reader
            .read_byte_record(&mut header)
            .map_err(|error| CorpusError::Table {
                path: path.to_path_buf(),
                reason: format!("its first line cannot be read (details: {error})"),
            })?;
        let columns = header.iter().map(|name| text(name).to_lowercase()).collect();
        Ok(Self {
            path: path.to_path_buf(),
            reader,
            columns,
            uncounted_lines,
        })
    }

    /// Opens a table whose columns have two levels: three header lines, names become `upper.lower`.
    pub(super) fn open_two_level(path: &Path) -> Result<Self, CorpusError> {
        let mut table = Self::open(path)?;
        let (mut lower, mut index_name) = (ByteRecord::new(), ByteRecord::new());
        for record in [&mut lower, &mut index_name] {
            if !table.reader.read_byte_record(record).unwrap_or(false) {
                return Err(CorpusError::Table {
                    path: path.to_path_buf(),
                    reason: "it has no three header lines".into(),
                });
            }
        }
        for (column, name) in table.columns.iter_mut().enumerate() {
            let below = text(lower.get(column).unwrap_or_default()).to_lowercase();
            *name = format!("{name}.{below}");
        }
        Ok(table)
    }

    /// Index of the first column called one of `names`.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        names
            .iter()
            .find_map(|name| self.columns.iter().position(|column| column == name))
    }

    /// The error for a table that lacks what it needs.
    pub(super) fn lacks(&self, what: &str) -> CorpusError {
        CorpusError::Table {
            path: self.path.clone(),
            reason: format!("it has no column {what}"),
        }
    }

    /// Calls `row` with the first `count` records.
    pub(super) fn first_rows(&mut self, count: usize, mut row: impl FnMut(&ByteRecord)) {
        let mut record = ByteRecord::new();
        for _ in 0..count {
            match self.reader.read_byte_record(&mut record) {
                Ok(true) => row(&record),
                Ok(false) | Err(_) => return,
            }
        }
    }

    /// Whether `wanted` holds for any record.
    pub(super) fn any_row(&mut self, wanted: impl Fn(&ByteRecord) -> bool) -> bool {
        let mut record = ByteRecord::new();
        while self.reader.read_byte_record(&mut record).unwrap_or(false) {
            if wanted(&record) {
                return true;
            }
        }
        false
    }

    /// Calls `row` with every record; lines that are no records go to `log`. `row` returns a reason to log a line too.
    pub(super) fn rows(
        &mut self,
        log: &mut ProblemLog,
        mut row: impl FnMut(&ByteRecord) -> Result<(), (ProblemKind, String)>,
    ) {
        let mut record = ByteRecord::new();
        let mut line = 1u64;
        loop {
            let outcome = self.reader.read_byte_record(&mut record);
            line += 1;
            match outcome {
                Ok(false) => return,
                Ok(true) => {
                    let at = record
                        .position()
                        .map_or(line, |position| position.line() + self.uncounted_lines);
                    if let Err((kind, reason)) = row(&record) {
                        log.push(Problem::new(&self.path, kind, format!("line {at}: {reason}")));
                    }
                }
                Err(error) => {
                    let reason = format!(
                        "the table cannot be read beyond line {line}; the lines before are used (details: {error})"
                    );
                    log.push(Problem::new(&self.path, ProblemKind::BadLine, reason));
                    return;
                }
            }
        }
    }
}

/// A field as trimmed text.
pub(super) fn text(field: &[u8]) -> String {
    text_of(field).trim().to_owned()
}

/// A number, `None` for an empty field, an error for anything else.
pub(super) fn number(field: Option<&[u8]>) -> Result<Option<f32>, String> {
    let text = text(field.unwrap_or_default());
    if text.is_empty() || ["nan", "na", "null", "none", "-"].contains(&text.to_lowercase().as_str()) {
        return Ok(None);
    }
    // Half of the world writes 0,4.
    let plain = if text.contains('.') {
        text.clone()
    } else {
        text.replacen(',', ".", 1)
    };
    match plain.parse::<f32>() {
        Ok(value) if value.is_finite() => Ok(Some(value)),
        _ => Err(format!(
            "\u{201c}{}\u{201d} is no number",
            text.chars().take(40).collect::<String>()
        )),
    }
}

/// Takes comments, empty lines and a spreadsheet's `sep=;` from before the header. Returns how many lines that were, and the
/// separator stated there.
fn skip_preface(file: &mut Box<dyn BufRead + Send>) -> std::io::Result<(u64, Option<u8>)> {
    let (mut lines, mut stated) = (0, None);
    loop {
        let start = file.fill_buf()?;
        let Some(end) = start.iter().position(|byte| *byte == b'\n') else {
            return Ok((lines, stated));
        };
        let line = start[..end].trim_ascii();
        match line {
            [] | [b'#', ..] => {}
            [s, e, p, b'=', separator] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => stated = Some(*separator),
            b"sep=" => stated = Some(b'\t'),
            _ => return Ok((lines, stated)),
        }
        lines += 1;
        file.consume(end + 1);
    }
}

/// The commonest of comma, semicolon and tab in the first line.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
    let mut best = b',';
    for candidate in [b';', b'\t'] {
        if count(candidate) > count(best) {
            best = candidate;
        }
    }
    best
}

/// Fails once a run of bytes without a line end grows beyond [`LONGEST_LINE`], so that no record can fill the memory.
struct BoundedLines<R> {
    inner: R,
    run: usize,
}

impl<R: Read> Read for BoundedLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match buffer[..count].iter().rposition(|byte| *byte == b'\n') {
            Some(last) => self.run = count - last,
            None => self.run += count,
        }
        if self.run > LONGEST_LINE {
            return Err(std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                "a line has no end",
            ));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers_or_nothing() {
        assert_eq!(number(Some(b" -0.5 ")), Ok(Some(-0.5)));
        assert_eq!(number(Some(b"")), Ok(None));
        assert_eq!(number(None), Ok(None));
        assert_eq!(number(Some(b"-0,4")), Ok(Some(-0.4)));
        assert!(number(Some(b"1,000.5")).is_err());
        assert!(number(Some(b"loud")).is_err());
        assert!(number(Some(b"inf")).is_err());
    }

    #[test]
    fn an_endless_line_ends_the_table_not_the_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        let mut bytes = b"path;genre\na.wav;Rock\nb.wav;\"".to_vec();
        bytes.resize(bytes.len() + 3 * LONGEST_LINE, b'x');
        std::fs::write(&path, bytes).unwrap();
        let mut table = Table::open(&path).unwrap();
        assert_eq!(table.columns, ["path", "genre"]);
        let (mut log, mut rows) = (ProblemLog::default(), 0);
        table.rows(&mut log, |_| {
            rows += 1;
            Ok(())
        });
        assert_eq!(rows, 1);
        assert_eq!(log.finish()[0].kind, ProblemKind::BadLine);
    }
}
