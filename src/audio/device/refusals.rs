//! Not real-time: why a sound system refused, as a clause in plain words; its own words stand behind it where they alone say more.

use cpal::ErrorKind;

/// Why a device could not be used, or was lost.
pub fn in_words(error: &cpal::Error) -> String {
    let meaning = match error.kind() {
        ErrorKind::DeviceBusy => "another program holds it",
        ErrorKind::DeviceNotAvailable => "it is not there any more",
        ErrorKind::HostUnavailable => "its sound server does not run",
        ErrorKind::PermissionDenied => "the system does not allow it",
        ErrorKind::ResourceExhausted => "the system has no room for another stream",
        ErrorKind::StreamInvalidated => "its settings have changed",
        ErrorKind::UnsupportedConfig | ErrorKind::UnsupportedOperation => "it cannot play this kind of sound",
        _ => return format!("the sound system refused, details: {error}"),
    };
    log::debug!("the sound system refused: {error}");
    meaning.to_owned()
}

/// Why a JACK server could not be used.
pub fn in_words_of_jack(error: &jack::Error) -> String {
    let meaning = match error {
        jack::Error::LibraryError(_) => "JACK's library cannot be loaded",
        jack::Error::ClientError(_) | jack::Error::ClientActivationError => "the server takes no further program",
        jack::Error::ClientIsNoLongerAlive => "the server has ended",
        jack::Error::PortRegistrationError(_) => "the server gives no ports",
        other => return format!("the server refused, details: {other}"),
    };
    log::debug!("JACK refused: {error}");
    meaning.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_said_plainly_and_the_rest_keeps_its_details() {
        let busy = cpal::Error::with_message(ErrorKind::DeviceBusy, "EBUSY (-16)");
        assert_eq!(in_words(&busy), "another program holds it");
        let odd = cpal::Error::with_message(ErrorKind::BackendError, "snd_pcm_hw_params: -22");
        assert!(in_words(&odd).ends_with("details: snd_pcm_hw_params: -22"));
        let gone = jack::Error::ClientIsNoLongerAlive;
        assert_eq!(in_words_of_jack(&gone), "the server has ended");
    }
}
