//! Settings on disk: JSON in the platform's configuration folder, written whole or not at all.

use crate::files::{make_own_folder_for, write_whole_unsynced};
use crate::session::Settings;
use std::path::PathBuf;

/// Where the settings live and what was written last.
#[derive(Debug)]
pub struct SettingsFile {
    /// `None` keeps them in memory only.
    path: Option<PathBuf>,
    written: Settings,
}

impl SettingsFile {
    /// The platform's own place.
    pub fn standard() -> Self {
        let folders = directories::ProjectDirs::from("org", "songspace", "songspace");
        Self::at(folders.map(|folders| folders.config_dir().join("settings.json")))
    }

    /// A file of one's own choosing, or none.
    pub fn at(path: Option<PathBuf>) -> Self {
        Self {
            path,
            written: Settings::default(),
        }
    }

    /// Reads the settings; what cannot be read is replaced by the defaults, with a line in the log.
    pub fn load(&mut self) -> Settings {
        let read = || -> Option<Settings> {
            let path = self.path.as_ref()?;
            let text = std::fs::read_to_string(path).ok()?;
            serde_json::from_str(&text)
                .map_err(|error| log::warn!("{} is no settings file ({error}); using the defaults", path.display()))
                .ok()
        };
        self.written = read().unwrap_or_default();
        self.written.clone()
    }

    /// Writes `settings` if they changed.
    ///
    /// # Errors
    /// A sentence with the path, when the folder cannot be written.
    pub fn save(&mut self, settings: &Settings) -> Result<(), String> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        if *settings == self.written {
            return Ok(());
        }
        // Tried once per change: a folder that cannot be written would otherwise complain at every frame.
        self.written = settings.clone();
        // Without waiting for the disk: this is the UI thread.
        make_own_folder_for(path)
            .and_then(|()| write_whole_unsynced(path, |out| Ok(serde_json::to_writer_pretty(out, settings)?)))
            .map_err(|error| format!("The settings are not kept: {error}."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::ThemeChoice;

    #[test]
    fn settings_survive_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("below").join("settings.json");
        let settings = Settings {
            theme: ThemeChoice::Light,
            volume: 0.25,
            ..Settings::default()
        };
        SettingsFile::at(Some(path.clone())).save(&settings).unwrap();
        assert_eq!(SettingsFile::at(Some(path.clone())).load(), settings);
        std::fs::write(&path, "{ not json").unwrap();
        assert_eq!(SettingsFile::at(Some(path)).load(), Settings::default());
    }
}
