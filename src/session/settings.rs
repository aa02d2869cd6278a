//! What the window remembers between two starts.

use super::{ClockSettings, KeySettings, MidiTarget, Modulator, OscSettings, PlayMode};
use crate::device::DeviceChoice;
use crate::model::Preset;
use crate::space::LayoutKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Persisted as JSON; unknown and missing fields are no error, so old and new versions read each other's files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Dark unless chosen otherwise.
    pub theme: ThemeChoice,
    /// Inner size of the window in points.
    pub window_size: Option<[f32; 2]>,
    /// Size of everything, 1 = as designed.
    pub zoom: f32,
    /// On screen at the next start; a space without it shows its first layout.
    pub layout: LayoutKind,
    /// What the colour of a point on the map means.
    pub colour_by: ColourBy,
    /// Whether the glow is drawn that shows where points are dense.
    pub density_shading: bool,
    /// Whether genres and clusters are named on the map.
    pub map_names: bool,
    /// What the player starts with.
    pub mode: PlayMode,
    /// Linear gain 0..1 that the player starts with.
    pub volume: f32,
    /// Depth of the noise texture that the player starts with, 0..2.
    pub texture: f32,
    /// How much of the recording the player starts with, 0..1.
    pub detail: f32,
    /// How far an endless sound roams, 0..1, that the player starts with.
    pub adventure: f32,
    /// Whether the player starts with every sound brought to one loudness.
    pub match_loudness: bool,
    /// Newest first.
    pub recent: Vec<PathBuf>,
    /// The music inspected or trained on last; its unfinished run is offered for continuing.
    pub last_corpus: Option<PathBuf>,
    /// The user's download of EnCodec.
    pub encodec_weights: Option<PathBuf>,
    /// How fast trainings went here.
    pub paces: Vec<Pace>,
    /// Gigabytes that analysed music may take on disk, from the next start on.
    pub cache_gb: f32,
    /// What computes, from the next start on.
    pub compute: DeviceChoice,
    /// Folders that recordings have moved from and to.
    pub moved_recordings: Vec<(String, PathBuf)>,
    /// The system's identifier, not the name shown; `None` = the default one.
    pub audio_device: Option<String>,
    /// Frames per block of the sound cards that could not keep up with less, by their names.
    pub device_blocks: BTreeMap<String, u32>,
    /// Whether the panel beside the map is shown.
    pub show_conditions: bool,
    /// The tour was taken, or refused.
    pub toured: bool,
    /// Controller number and what it moves, at most one of each.
    pub midi: Vec<(u8, MidiTarget)>,
    /// Open Sound Control.
    pub osc: OscSettings,
    /// The MIDI output that is told what moves, by its name; `None` for none.
    pub gestures_to: Option<String>,
    /// Keys that play what sounds.
    pub keys: KeySettings,
    /// The master clock.
    pub clock: ClockSettings,
    /// What moves controls by itself.
    pub modulators: Vec<Modulator>,
    /// Names and recipes of bookmarks from before spaces kept them; each moves into its space when that is open and saved.
    pub bookmarks: Vec<(String, String)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::Dark,
            window_size: None,
            zoom: 1.0,
            layout: LayoutKind::Tsne,
            colour_by: ColourBy::Genre,
            density_shading: true,
            map_names: true,
            mode: PlayMode::Loop,
            volume: 0.8,
            texture: 1.0,
            detail: 1.0,
            adventure: 0.5,
            match_loudness: true,
            recent: Vec::new(),
            last_corpus: None,
            encodec_weights: None,
            paces: Vec::new(),
            cache_gb: 4.0,
            compute: DeviceChoice::Auto,
            moved_recordings: Vec::new(),
            audio_device: None,
            device_blocks: BTreeMap::new(),
            show_conditions: true,
            toured: false,
            midi: Vec::new(),
            osc: OscSettings::default(),
            gestures_to: None,
            keys: KeySettings::default(),
            clock: ClockSettings::default(),
            modulators: Vec::new(),
            bookmarks: Vec::new(),
        }
    }
}

/// The pace of a training on one device with one size of network, measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// As [`Session::compute_device`](super::Session::compute_device) names it.
    pub device: String,
    /// The size of network that was trained.
    pub preset: Preset,
    /// Steps per second times batch size, once warmed up.
    pub chunks_per_sec: f32,
}

impl Settings {
    /// Keeps a measured pace in place of an older one.
    pub fn remember_pace(&mut self, pace: Pace) {
        self.paces
            .retain(|old| (&old.device, old.preset) != (&pace.device, pace.preset));
        self.paces.push(pace);
    }

    /// Chunks a second that a training on `device` went through, if one ever did.
    pub fn pace(&self, device: &str, preset: Preset) -> Option<f32> {
        let measured = self
            .paces
            .iter()
            .find(|pace| pace.device == device && pace.preset == preset)?;
        Some(measured.chunks_per_sec)
    }

    /// Moves `path` to the front of the recent files.
    pub fn remember(&mut self, path: &Path) {
        const KEPT: usize = 8;
        self.recent.retain(|old| old != path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(KEPT);
    }

    /// Takes `path` out of the recent files.
    pub fn forget(&mut self, path: &Path) {
        self.recent.retain(|old| old != path);
    }
}

/// Light, dark, or whatever the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// The default.
    #[default]
    Dark,
    /// Light whatever the system says.
    Light,
    /// Light or dark as the system says, also when that changes.
    System,
}

impl ThemeChoice {
    /// Every choice, in menu order.
    pub const ALL: [Self; 3] = [Self::Dark, Self::Light, Self::System];

    /// The word in the menu.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => "Dark",
            Self::Light => "Light",
            Self::System => "Like the system",
        }
    }
}

/// What a point's colour means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ColourBy {
    /// By leading genre; a chunk without one has the colour for "unknown".
    #[default]
    Genre,
    /// Dark to bright.
    Valence,
    /// Calm to energetic.
    Arousal,
    /// One category per clip.
    File,
    /// The cluster found for the chunk when the map was computed.
    Cluster,
    /// How closely the points lie around it in the layout on screen.
    Density,
}

impl ColourBy {
    /// Every choice, in menu order.
    pub const ALL: [Self; 6] = [
        Self::Genre,
        Self::Valence,
        Self::Arousal,
        Self::File,
        Self::Cluster,
        Self::Density,
    ];

    /// The word in the menu.
    pub fn name(self) -> &'static str {
        match self {
            Self::Genre => "Genre",
            Self::Valence => "Dark-Bright",
            Self::Arousal => "Calm-Energetic",
            Self::File => "File",
            Self::Cluster => "Cluster",
            Self::Density => "Density",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_version_is_read() {
        let settings: Settings = serde_json::from_str(r#"{"theme":"Light","a_later_field":3}"#).unwrap();
        assert_eq!(settings.theme, ThemeChoice::Light);
        assert_eq!(settings.volume, Settings::default().volume);
    }

    #[test]
    fn recent_files_are_unique_and_newest_first() {
        let mut settings = Settings::default();
        for name in ["a", "b", "a"] {
            settings.remember(Path::new(name));
        }
        assert_eq!(settings.recent, [PathBuf::from("a"), PathBuf::from("b")]);
    }
}
