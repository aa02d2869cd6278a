//! The desktop's file manager, asked over D-Bus to show a file selected
//! (<https://www.freedesktop.org/wiki/Specifications/file-manager-interface/>).

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

const NAME: &str = "org.freedesktop.FileManager1";
const PATH: &str = "/org/freedesktop/FileManager1";

/// It may have to be started first.
const PATIENCE: Duration = Duration::from_secs(5);

/// Has the file at `path`, which is absolute, shown and selected.
///
/// # Errors
/// There is no such file manager, or no session bus.
pub fn show_selected(path: &Path) -> Result<(), String> {
    let uri = uri_of(path);
    let call = async || -> zbus::Result<()> {
        let bus = zbus::connection::Builder::session()?
            .method_timeout(PATIENCE)
            .build()
            .await?;
        // The second is the id of a start-up, for desktops that show a busy cursor.
        let body = (vec![uri.as_str()], "");
        bus.call_method(Some(NAME), PATH, Some(NAME), "ShowItems", &body)
            .await?;
        Ok(())
    };
    pollster::block_on(call()).map_err(|error| error.to_string())
}

/// `path` as a `file:` address (RFC 8089).
fn uri_of(path: &Path) -> String {
    let mut uri = "file://".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            // A string takes everything.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_an_address_whatever_is_in_it() {
        let uri = uri_of(Path::new("/music/2026-11-25 blüs_001.wav"));
        assert_eq!(uri, "file:///music/2026-11-25%20bl%C3%BCs_001.wav");
    }
}
