//! Watches a training: when to look, whether it collapses, which snapshot was the best.

use crate::model::Network;
use crate::train::{Health, StepReport, TrainError, Validation};

/// Training seconds between looks.
const LOOK_EVERY_SECS: f64 = 45.0;
/// A space is called collapsed below these.
const LEAST_MAP_EFFECT: f32 = 0.5;
const LEAST_ACTIVE: f32 = 0.5;
const LEAST_IGNORE_INDEX: f32 = 0.1;
/// How many nats of reconstruction one unit of missing effect is worth when snapshots are compared: 5 dB of level. A
/// standard deviation of a latent is taken for a nat, which is about what a band of levels has.
const EFFECT_NATS: f32 = 0.575;

/// Keeps the best network seen and says in plain words how it goes.
pub struct ModelSelection {
    linear_distance: f32,
    next_look_secs: f64,
    best: Option<(f32, Validation, Network)>,
    health: Health,
}

impl ModelSelection {
    /// `linear_distance`, the linear model's, is the floor that training must beat.
    pub fn new(linear_distance: f32) -> Self {
        Self {
            linear_distance,
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
        if score.is_finite() && self.best.as_ref().is_none_or(|(best, _, _)| score < *best) {
            self.best = Some((score, *figures, network.clone()));
        }
        let health = health(figures);
        (health != self.health).then(|| {
            self.health = health.clone();
            health
        })
    }

    /// The best network with its figures, if it beats the linear model, and a sentence for the user.
    pub fn verdict(&mut self, outcome: &Result<(), TrainError>) -> (Option<(Network, Validation)>, String) {
        let trouble = outcome
            .as_ref()
            .err()
            .map(|error| format!("Training stopped early: {error}. "))
            .unwrap_or_default();
        match self.best.take() {
            Some((_, figures, network)) if figures.distance < self.linear_distance => {
                let gain = self.linear_distance - figures.distance;
                let unit = figures.unit.symbol();
                let note = format!(
                    "{trouble}Held-out clips are rebuilt {gain:.2} {unit} closer than by the linear model ({:.2} {unit} instead of {:.2} {unit}).",
                    figures.distance, self.linear_distance
                );
                (Some((network, figures)), note)
            }
            _ => (
                None,
                format!(
                    "{trouble}Training did not beat the linear model, which is kept. Give it more time or more music."
                ),
            ),
        }
    }
}

/// Reconstruction plus what missing effects cost: lower is better.
fn score(figures: &Validation) -> f32 {
    let missing = |value: f32, least: f32| (least - value).max(0.0);
    figures.distance
        + EFFECT_NATS
            * figures.unit.per_loss()
            * (missing(figures.map_effect, 0.7) + missing(figures.condition_to_map_ratio, 0.2))
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
}
