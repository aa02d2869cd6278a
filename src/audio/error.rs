//! Not real-time: what can go wrong, in sentences a person can act on.

use crate::files::in_words;
use std::path::PathBuf;

/// Why the audio engine could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    /// The chunk cannot be played by this engine.
    #[error("this chunk cannot be played: {0}")]
    Unplayable(String),
    /// No output device of this name.
    #[error("the output device {0} is not there; choose another one")]
    NoSuchDevice(String),
    /// The system has no output device at all.
    #[error("the system offers no audio output; connect one, or check that the sound server runs")]
    NoDevice,
    /// A device refused.
    #[error("the output device {device} cannot be used: {reason}")]
    Device {
        /// Its name as a person reads it.
        device: String,
        /// Why, as a clause.
        reason: String,
    },
    /// A device that was closed does not let go of what it played.
    #[error("the output device that was closed still holds the synth; start the program again")]
    SynthHeld,
    /// The rates of engine and device cannot be matched.
    #[error("the sound cannot be converted to {rate_hz} Hz (details: {reason})")]
    Rate {
        /// The rate to convert to.
        rate_hz: u32,
        /// In the words of the resampler.
        reason: String,
    },
    /// A recording could not be written.
    #[error(
        "cannot record to {}: {}; check that the folder can be written and the disk has room",
        path.display(),
        of_the_writer(source)
    )]
    Recording {
        /// The WAV file.
        path: PathBuf,
        /// What the WAV writer met.
        source: hound::Error,
    },
}

fn of_the_writer(error: &hound::Error) -> String {
    match error {
        hound::Error::IoError(error) => in_words(error),
        other => format!("it cannot be written as WAV (details: {other})"),
    }
}
