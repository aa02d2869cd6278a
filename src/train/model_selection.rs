//! Watches a training: when to look, whether it collapses, which snapshot was the best.

use crate::model::Network;
use crate::train::{Health, StepReport, TrainError, Validation, closeness};

/// Training seconds between looks.
const LOOK_EVERY_SECS: f64 = 45.0;
/// A space is called collapsed below these.
const LEAST_MAP_EFFECT: f32 = 0.5;
const LEAST_ACTIVE: f32 = 0.5;
const LEAST_IGNORE_INDEX: f32 = 0.1;
/// Looks without a better one after which nothing more is to be gained.
const PATIENCE: usize = 10;
/// How many nats of reconstruction one unit of missing effect is worth when snapshots are compared: 5 dB of level. A
/// standard deviation of a latent is taken for a nat, which is about what a band of levels has.
const EFFECT_NATS: f32 = 0.575;
/// The same in similarity to a listener, where that is told.
const EFFECT_SIMILARITY: f32 = 0.3;

/// Keeps the best network seen and says in plain words how it goes.
pub struct ModelSelection {
    linear: Validation,
    next_look_secs: f64,
    best: Option<(f32, Validation, Network)>,
    looks_since_best: usize,
    health: Health,
}

impl ModelSelection {
    /// `linear`, the figures of the linear model, are what training must beat.
    pub fn new(linear: Validation) -> Self {
        Self {
            linear,
            looks_since_best: 0,
            next_look_secs: LOOK_EVERY_SECS,
            best: None,
            health: Health::Good,
        }
    }

    /// Whether the step just reported is one after which to look.
    pub fn is_due(&mut self, report: &StepReport) -> bool {
        let due = report.elapsed_secs >= self.next_look_secs;
        if due {
            self.next_look_secs = report.elapsed_secs + LOOK_EVERY_SECS;
        }
        due
    }

    /// Takes in figures of `network`; answers with the health when it changed.
    pub fn observe(&mut self, figures: &Validation, network: &Network) -> Option<Health> {
        let score = score(figures);
        self.looks_since_best += 1;
        if score.is_finite() && self.best.as_ref().is_none_or(|(best, _, _)| score < *best) {
            self.looks_since_best = 0;
            self.best = Some((score, *figures, network.clone()));
        }
        let health = health(figures);
        (health != self.health).then(|| {
            self.health = health.clone();
            health
        })
    }

    /// Whether the last looks all found nothing better: a longer training brings nothing more.
    pub fn is_exhausted(&self) -> bool {
        self.looks_since_best >= PATIENCE
    }

    /// The best network with its figures, if it beats the linear model, and a sentence for the user.
    pub fn verdict(&mut self, outcome: &Result<(), TrainError>) -> (Option<(Network, Validation)>, String) {
        let trouble = outcome
            .as_ref()
            .err()
            .map(|error| format!("Training stopped early: {error}. "))
            .unwrap_or_default();
        let early = if self.is_exhausted() {
            ", and nothing more was to be gained"
        } else {
            ""
        };
        match self.best.take() {
            Some((_, figures, network)) if score(&figures) < score(&self.linear) => (
                Some((network, figures)),
                format!("{trouble}Training finished: {}{early}.", gain(&figures)),
            ),
            _ => (
                None,
                format!(
                    "{trouble}Training did not beat the linear model, which is kept. Give it more time or more music."
                ),
            ),
        }
    }
}

/// What was gained over the linear model, in words.
fn gain(figures: &Validation) -> String {
    let (now, before, unit) = (figures.distance, figures.linear_distance, figures.unit.symbol());
    match figures.closer() {
        Some(share) => format!(
            "{} your recordings ({:.0} % of what was missing is there)",
            closeness(share),
            100.0 * share
        ),
        None => format!(
            "held-out clips are rebuilt {:.2} {unit} closer than by the linear model ({now:.2} {unit} instead of {before:.2} {unit})",
            before - now
        ),
    }
}

/// What a listener misses, or the distance where that cannot be told, plus what missing effects cost: lower is better.
fn score(figures: &Validation) -> f32 {
    let short = |value: f32, least: f32| (least - value).max(0.0);
    let missing = short(figures.map_effect, 0.7) + short(figures.condition_to_map_ratio, 0.2);
    match figures.closer() {
        Some(_) => 1.0 - figures.similarity + EFFECT_SIMILARITY * missing,
        None => figures.distance + EFFECT_NATS * figures.unit.per_loss() * missing,
    }
}

fn health(figures: &Validation) -> Health {
    let warning = |text: String| Health::Warning(text);
    if figures.map_effect < LEAST_MAP_EFFECT {
        return warning(format!(
            "The map is collapsing: moving the point changes the sound by {:.0} % of what real music differs. Raise the KL target of g, or stop and keep the best snapshot.",
            100.0 * figures.map_effect
        ));
    }
    if figures.active_local < LEAST_ACTIVE || figures.active_global < LEAST_ACTIVE {
        return warning(format!(
            "Part of the latent is dead ({:.0} % of g and {:.0} % of l are active). Raise the KL targets.",
            100.0 * figures.active_global,
            100.0 * figures.active_local
        ));
    }
    if figures.condition_to_map_ratio < LEAST_IGNORE_INDEX {
        return warning("Genre and emotion are hardly heard. Check that clips have labels, or train longer.".into());
    }
    Health::Good
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CodecKind, ModelConfig, Preset};
    use burn::tensor::Device;

    #[test]
    fn a_dead_map_is_named_and_scored_worse_than_a_blurred_one() {
        let alive = Validation {
            distance: 5.5,
            map_effect: 0.9,
            active_global: 1.0,
            active_local: 1.0,
            condition_to_map_ratio: 0.5,
            ..Validation::default()
        };
        let dead = Validation {
            distance: 5.0,
            map_effect: 0.1,
            ..alive
        };
        assert!(score(&dead) > score(&alive));
        assert_eq!(health(&alive), Health::Good);
        assert!(matches!(health(&dead), Health::Warning(text) if text.contains("map is collapsing")));
    }

    #[test]
    fn a_listener_decides_and_a_plateau_ends_the_training() {
        let heard = |similarity: f32, distance: f32| Validation {
            distance,
            similarity,
            linear_similarity: 0.8,
            map_effect: 0.9,
            active_global: 1.0,
            active_local: 1.0,
            condition_to_map_ratio: 0.5,
            ..Validation::default()
        };
        assert!(
            score(&heard(0.85, 4.2)) < score(&heard(0.84, 4.0)),
            "a listener hears the first as closer"
        );
        let mut selection = ModelSelection::new(heard(0.8, 4.5));
        let config = ModelConfig::new(CodecKind::Spectral, Preset::S, 2, 0.5);
        let network = Network::new(&config, &Device::flex());
        selection.observe(&heard(0.83, 4.3), &network);
        for _ in 0..PATIENCE {
            assert!(!selection.is_exhausted());
            selection.observe(&heard(0.81, 4.3), &network);
        }
        assert!(selection.is_exhausted());
        let (best, said) = selection.verdict(&Ok(()));
        assert_eq!(best.map(|(_, figures)| figures.similarity), Some(0.83));
        assert!(
            said.contains(": closer to your recordings") && said.contains("nothing more"),
            "{said}"
        );
    }
}
