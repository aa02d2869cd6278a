//! What to compute on, as the user says it: a word or a part of an adapter's name, on the command line and in settings.

use serde::{Deserialize, Serialize};

/// What the user asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum DeviceChoice {
    /// A GPU when there is a real one that passes the self-test, else the CPU.
    #[default]
    Auto,
    /// The same, but it is said when there is none.
    Gpu,
    /// The CPU, without looking for adapters.
    Cpu,
    /// An adapter that computes on the CPU: the GPU's code without a GPU, for tests and bug reports.
    Software,
    /// The first adapter whose name contains this, whatever the case.
    Named(String),
}

impl From<String> for DeviceChoice {
    fn from(text: String) -> Self {
        match text.trim().to_lowercase().as_str() {
            "" | "auto" => Self::Auto,
            "gpu" => Self::Gpu,
            "cpu" => Self::Cpu,
            "software" => Self::Software,
            _ => Self::Named(text),
        }
    }
}

impl From<DeviceChoice> for String {
    fn from(choice: DeviceChoice) -> Self {
        choice.to_string()
    }
}

impl std::fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Gpu => "gpu",
            Self::Cpu => "cpu",
            Self::Software => "software",
            Self::Named(name) => name,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_every_version_are_read() {
        let read = |json: &str| serde_json::from_str::<DeviceChoice>(json).unwrap();
        assert_eq!(read("\"auto\""), DeviceChoice::Auto);
        assert_eq!(read("\"gpu\""), DeviceChoice::Gpu);
        assert_eq!(read("\"cpu\""), DeviceChoice::Cpu);
        let named = DeviceChoice::Named("Radeon RX 7600".into());
        assert_eq!(read("\"Radeon RX 7600\""), named);
        assert_eq!(read(&serde_json::to_string(&named).unwrap()), named);
    }
}
