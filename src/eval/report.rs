//! The report `eval` prints: one JSON object, sections and names as promised to whoever reads it with a program.

use super::curves::StrengthCurves;
use super::metric::{Metric, section};
use super::ways::WayFigures;
use serde::Serialize;
use serde::ser::Serializer;

section!(
    /// How good the judge itself is, on real held-out chunks it never learned from.
    EvaluatorFigures {
        /// Share of chunks whose genre it names.
        genre_accuracy,
        /// Rank correlation of its reading with the label, by chunk.
        valence_spearman,
        /// The same for arousal.
        arousal_spearman,
    }
);

section!(
    /// How near decoded chunks come to the recordings, under their own labels.
    ReconstructionFigures {
        /// RMS over bands of the level difference, averaged over frames; dB.
        lsd_db,
        /// The same against each chunk's own mean frame: what a decoder scores that knows only the average sound.
        lsd_mean_frame_db,
        /// Spectral convergence of magnitudes; dB, lower is closer.
        sc_db,
        /// Held-out clips measured.
        clips,
    }
);

section!(
    /// Whether the latent is alive and what it does.
    LatentFigures {
        /// Share of dimensions of g with Var(mean) > 0.01 and KL > 0.1 nat.
        active_fraction_global,
        /// The same of l, per time step.
        active_fraction_local,
        /// Per chunk.
        kl_global_nats,
        /// The same of l, summed over its time steps.
        kl_local_nats,
        /// Median change of the mean spectrum when only g becomes another chunk's of the same genre, over the median
        /// difference of the two recordings.
        map_effect,
        /// The same when g and l both do.
        click_effect,
    }
);

section!(
    /// Whether genre, valence and arousal are heard: read by the judge off rendered audio at strength 1.
    ControlFigures {
        /// Share of chunks, decoded under another song's condition, that the judge gives that song's genre.
        genre_swap_accuracy,
        /// (accuracy - chance) / (accuracy on real audio - chance).
        genre_swap_accuracy_normalised,
        /// The same for real songs with the whole timbre of the other song and their own rhythm and harmony: what a swap
        /// that keeps these could reach.
        genre_swap_ceiling_normalised,
        /// Mean rank correlation of the reading with the slider over 11 positions.
        genre_slider_spearman,
        /// The same for valence.
        valence_slider_spearman,
        /// The same for arousal.
        arousal_slider_spearman,
        /// How far the reading travels from end to end, over that reading's p10-p90 on real audio.
        valence_slider_range,
        /// The same for arousal.
        arousal_slider_range,
        /// How far the other emotion travels along, relative to the one that is moved (both in their own p10-p90).
        cross_talk,
        /// Change of the decode between two conditions, over its change between two g, l fixed.
        condition_to_map_ratio,
        /// Correlation of onset strength before and after a swap: the content stays.
        onset_correlation,
    }
);

section!(
    /// What training changed, chunk by chunk: the model's figure less the linear model's.
    TrainingFigures {
        /// dB; below zero is closer.
        lsd_db,
        genre_swap_accuracy_normalised,
        genre_slider_spearman,
        valence_slider_spearman,
        valence_slider_range,
        arousal_slider_spearman,
        arousal_slider_range,
        onset_correlation,
    }
);

impl TrainingFigures {
    /// From the linear model to the model.
    pub(super) fn between(linear_model: &ModelFigures, model: &ModelFigures) -> Self {
        let control =
            |figure: fn(&ControlFigures) -> &Metric| figure(&model.control).change_from(figure(&linear_model.control));
        Self {
            lsd_db: model
                .reconstruction
                .lsd_db
                .change_from(&linear_model.reconstruction.lsd_db),
            genre_swap_accuracy_normalised: control(|c| &c.genre_swap_accuracy_normalised),
            genre_slider_spearman: control(|c| &c.genre_slider_spearman),
            valence_slider_spearman: control(|c| &c.valence_slider_spearman),
            valence_slider_range: control(|c| &c.valence_slider_range),
            arousal_slider_spearman: control(|c| &c.arousal_slider_spearman),
            arousal_slider_range: control(|c| &c.arousal_slider_range),
            onset_correlation: control(|c| &c.onset_correlation),
        }
    }
}

section!(
    /// How faithful the map is.
    MapFigures {
        /// How far neighbours on the map are neighbours in the features, 0..1.
        trustworthiness,
        /// How far neighbours in the features stay neighbours on the map, 0..1.
        continuity,
        /// Majority of 15 nearest chunks of other clips, on the space's own map.
        knn_genre_accuracy,
        /// The same on a map drawn without the labels.
        knn_genre_accuracy_without_label,
        /// What guessing the commonest genre scores.
        majority_class,
        /// Normalised mutual information of clusters and genres, 0..1.
        cluster_nmi,
    }
);

/// How long a chunk takes to decode.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecodeFigures {
    /// Median time for one chunk, decoded alone, in milliseconds.
    pub p50_ms: f64,
    /// 95th percentile of the same, in milliseconds.
    pub p95_ms: f64,
    /// Seconds of sound per second of decoding, at the median.
    pub times_real_time: f64,
    /// What it was decoded on, in words.
    pub device: String,
}

/// Figures that depend on the model alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModelFigures {
    /// Decoded chunks against the recordings.
    pub reconstruction: ReconstructionFigures,
    /// How much of g and l is in use, and what changing them does.
    pub latent: LatentFigures,
    /// How far the labels steer the sound.
    pub control: ControlFigures,
}

/// Everything.
#[derive(Clone, Debug, PartialEq)]
pub struct EvalReport {
    /// How far the judge's other verdicts can be trusted.
    pub evaluator: EvaluatorFigures,
    /// The space as it is now, trained or not.
    pub model: ModelFigures,
    /// Of the t-SNE layout, or of the first there is.
    pub map: MapFigures,
    /// Measured on this machine, so not comparable between machines.
    pub decode: DecodeFigures,
    /// What strength does; `None` when it was not asked for.
    pub strength: Option<StrengthCurves>,
    /// Where relatives and Endless lead; `None` when it was not asked for.
    pub ways: Option<WayFigures>,
    /// The same space before training; `None` when the space is the linear model itself or does not hold it.
    pub linear_model: Option<ModelFigures>,
}

const UNTRAINED: &str = "this space is its own linear model, or does not hold one";

impl Serialize for EvalReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("evaluator", &self.evaluator)?;
        map.serialize_entry("reconstruction", &self.model.reconstruction)?;
        map.serialize_entry("latent", &self.model.latent)?;
        map.serialize_entry("control", &self.model.control)?;
        if let Some(strength) = &self.strength {
            map.serialize_entry("strength", strength)?;
        }
        if let Some(ways) = &self.ways {
            map.serialize_entry("ways", ways)?;
        }
        map.serialize_entry("map", &self.map)?;
        map.serialize_entry("decode", &self.decode)?;
        map.serialize_entry("linear_model", &self.linear_model)?;
        match &self.linear_model {
            Some(linear_model) => {
                map.serialize_entry("training", &TrainingFigures::between(linear_model, &self.model))?;
            }
            None => {
                map.serialize_entry("closed_form_reason", UNTRAINED)?;
                map.serialize_entry("training", &TrainingFigures::unknown(UNTRAINED))?;
            }
        }
        map.end()
    }
}
