//! What was recorded by hand, as the window lists it.

use std::path::PathBuf;

/// A recording of what was heard.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedTake {
    /// A WAV file.
    pub path: PathBuf,
    /// From its header.
    pub secs: f32,
}

impl RecordedTake {
    /// The file's name without its ending.
    pub fn name(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The day that its name begins with, where it does, and the rest.
    pub fn day_and_rest(&self) -> (Option<String>, String) {
        let name = self.name();
        let is_day = |text: &str| {
            let shape = text.bytes().enumerate();
            text.len() == 10
                && shape
                    .into_iter()
                    .all(|(i, byte)| matches!(i, 4 | 7) == (byte == b'-') && (byte == b'-' || byte.is_ascii_digit()))
        };
        match name.split_once(' ') {
            Some((day, rest)) if is_day(day) && !rest.is_empty() => (Some(day.to_owned()), rest.to_owned()),
            _ => (None, name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_the_programs_own_begins_with_its_day() {
        let told = |name: &str| {
            RecordedTake {
                path: format!("/music/{name}.wav").into(),
                secs: 1.0,
            }
            .day_and_rest()
        };
        let day = Some("2026-11-25".to_owned());
        assert_eq!(told("2026-11-25 blues_015"), (day, "blues_015".to_owned()));
        for name in ["dusk", "2026-11-2x blues", "2026-11-25", "20-26-1125 blues"] {
            assert_eq!(told(name), (None, name.to_owned()));
        }
    }
}
