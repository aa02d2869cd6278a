//! How labels were completed and how far that can be trusted. Plain values.

use serde::Serialize;

/// How the labels of a corpus were completed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EmotionReport {
    /// Unpleasant to pleasant.
    pub valence: LabelReport,
    /// Calm to excited.
    pub arousal: LabelReport,
}

impl EmotionReport {
    /// How the labels were completed and how far the estimates can be trusted, in one line.
    pub fn sentence(&self) -> String {
        let labels = [("Valence", &self.valence), ("arousal", &self.arousal)];
        let parts = labels.map(|(name, label)| format!("{name}: {}", label.sentence()));
        format!("{}.", parts.join("; "))
    }
}

impl LabelReport {
    /// "60 given, 20 estimated by a regression on the given ones (cross-validated R2 0.61, correlation 0.79)".
    pub fn sentence(&self) -> String {
        let figure = |name: &str, value: Option<f64>| value.map(|value| format!("{name} {value:.2}"));
        let kind = if self.r2.is_some() { "cross-validated " } else { "" };
        let figures: Vec<String> = [figure("R2", self.r2), figure("correlation", self.correlation)]
            .into_iter()
            .flatten()
            .collect();
        let trust = match figures.is_empty() {
            true => "too few given to test it".to_owned(),
            false => format!("{kind}{}", figures.join(", ")),
        };
        match self.estimated {
            0 => format!(
                "{} given, none estimated ({trust} for {})",
                self.given,
                self.method.words()
            ),
            n => format!(
                "{} given, {n} estimated by {} ({trust})",
                self.given,
                self.method.words()
            ),
        }
    }
}

/// How one label was completed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LabelReport {
    /// Clips that came with it.
    pub given: usize,
    /// Clips that got an estimate.
    pub estimated: usize,
    /// A regression where there were enough labels and it predicts them better than their mean does.
    pub method: Method,
    /// Cross-validated share of variance explained, where there were enough labels to tell.
    pub r2: Option<f64>,
    /// Correlation (Pearson) of estimates with given labels: cross-validated for a regression.
    pub correlation: Option<f64>,
}

/// Where estimates come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A fixed rule on tempo, mode, brightness, onsets.
    #[default]
    Rule,
    /// A regression fitted to this corpus' own labels.
    Regression,
}

impl Method {
    /// For a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Rule => "a fixed rule",
            Self::Regression => "a regression on the given ones",
        }
    }
}
