//! Selectors that render, sample and play share: which latent, under which condition.

use super::number::{finite, on_or_off, seconds};
use super::terminal::tell;
use crate::decode::{Relatives, Span};
use crate::device::DeviceChoice;
use crate::jobs::{lacking_grooves, with_grooves};
use crate::render::{Recipe, RecipeSource};
use crate::space::{BundleError, LayoutKind, Snapshot};
use crate::sync::StopFlag;
use crate::values::{Condition, Emotion, MapPoint, strength_in_range};
use anyhow::{Context, bail};
use std::path::PathBuf;
use std::sync::Arc;

/// Which space, and where the codec's weights are if it needs some.
#[derive(Debug, clap::Args)]
pub struct SpaceArguments {
    pub space: PathBuf,
    /// EnCodec weights (safetensors) of a space learned with them, where they have moved since the training.
    #[arg(long)]
    pub encodec: Option<PathBuf>,
    /// Folder with the recordings that the space was learned from, where they have moved since.
    #[arg(long, value_name = "FOLDER")]
    pub recordings: Option<PathBuf>,
}

/// Looks for the beats of clips that an older import has not looked for, where what is asked for needs them.
pub fn with_beats(snapshot: Snapshot, space: &SpaceArguments, way: &WayArguments, stop: &StopFlag) -> Arc<Snapshot> {
    let snapshot = Arc::new(snapshot);
    let lacking = lacking_grooves(&snapshot);
    if lacking == 0 || !(way.endless || way.relative) {
        return snapshot;
    }
    tell(format_args!(
        "looking for beats in {lacking} clips; opened in the window and saved there, the space keeps them"
    ));
    with_grooves(&snapshot, &space.recording_roots(&snapshot), stop).unwrap_or(snapshot)
}

impl SpaceArguments {
    /// Opens the space.
    pub fn open(&self) -> Result<Snapshot, BundleError> {
        let mut snapshot = Snapshot::open(&self.space)?;
        if let Some(weights) = &self.encodec {
            snapshot.relink_codec(weights);
        }
        Ok(snapshot)
    }

    /// Where the recordings may lie, the likeliest first.
    pub fn recording_roots(&self, snapshot: &Snapshot) -> Vec<PathBuf> {
        let learned_from = PathBuf::from(&snapshot.meta.corpus_root);
        self.recordings.iter().cloned().chain([learned_from]).collect()
    }
}

/// Where the latent comes from.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct SourceArguments {
    /// A clip by number, or part of its title or path.
    #[arg(long)]
    pub clip: Option<String>,
    /// A map point: "x,y".
    #[arg(long, allow_hyphen_values = true)]
    pub at: Option<String>,
    /// A walk over the map: "x,y x,y ...".
    #[arg(long, allow_hyphen_values = true)]
    pub path: Option<String>,
    /// A recipe copied from the window.
    #[arg(long)]
    pub recipe: Option<String>,
    /// The score of a take (.songspace-take), played with this space: every gesture again, at full detail.
    #[arg(long, value_name = "FILE")]
    pub take: Option<PathBuf>,
}

/// What is asked for beside the latent.
#[derive(Debug, clap::Args)]
pub struct ConditionArguments {
    /// Genre mix: "jazz=0.7,rock=0.3" or one name.
    #[arg(long)]
    pub genre: Option<String>,
    /// Unpleasant -1 .. pleasant 1.
    #[arg(long, allow_hyphen_values = true, value_parser = finite)]
    pub valence: Option<f32>,
    /// Calm -1 .. excited 1.
    #[arg(long, allow_hyphen_values = true, value_parser = finite)]
    pub arousal: Option<f32>,
    /// happy, angry, sad, calm or neutral.
    #[arg(long, conflicts_with_all = ["valence", "arousal"])]
    pub emotion: Option<String>,
    /// How far labels act: 0 = the point's own labels stay, 1 = as learned, up to 3 = exaggerated.
    #[arg(long, default_value_t = 1.0, value_parser = finite, allow_hyphen_values = true)]
    pub strength: f32,
    /// How much of the level's scatter is voiced as texture.
    #[arg(long, default_value_t = 1.0, value_parser = finite, allow_hyphen_values = true)]
    pub texture: f32,
    /// How much of the recording sounds: 0 = the model alone, 1 = the recording itself, steered by the model.
    #[arg(long, default_value_t = 1.0, value_parser = finite, allow_hyphen_values = true)]
    pub detail: f32,
    /// Whether every sound is brought to one loudness, about -16 LUFS.
    #[arg(long, default_value = "on", value_name = "on|off", value_parser = on_or_off, action = clap::ArgAction::Set)]
    pub match_loudness: bool,
}

/// Whether it goes on, and what the labels decide.
#[derive(Debug, clap::Args)]
pub struct WayArguments {
    /// Go on without end from the point, with jumps at beats to what continues alike; --seconds tells for how long (60 without
    /// it).
    #[arg(long, conflicts_with = "path")]
    pub endless: bool,
    /// How far --endless roams: 0 = stays in the clip, 0.5 = round the point, 1 = over the whole map.
    #[arg(long, default_value_t = 0.5, value_parser = finite, value_name = "0..1")]
    pub adventure: f32,
    /// Let genre and mood lead to a recording that really is so (its relative) instead of changing the colour only.
    #[arg(long)]
    pub relative: bool,
}

/// How long, by which draw of chance, and computed where.
#[derive(Debug, clap::Args)]
pub struct SoundArguments {
    /// Length; the source's own without it.
    #[arg(long, value_parser = seconds)]
    pub seconds: Option<f32>,
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// As everywhere; the CPU by default, where equal input gives equal bytes.
    #[arg(long, default_value = "cpu", value_name = "DEVICE")]
    pub device: DeviceChoice,
}

/// The recipe these arguments describe; one copied from the window keeps its seed.
pub fn recipe(
    snapshot: &Snapshot,
    source: &SourceArguments,
    condition: &ConditionArguments,
    way: &WayArguments,
    sound: &SoundArguments,
) -> anyhow::Result<Recipe> {
    if let Some(text) = &source.recipe {
        let recipe = Recipe::from_text(text)?;
        return Ok(going_on(
            Recipe {
                seconds: sound.seconds.or(recipe.seconds),
                ..recipe
            },
            way,
        ));
    }
    let layout = best_layout(snapshot);
    let chosen = if let Some(clip) = &source.clip {
        RecipeSource::Clip(find_clip(snapshot, clip)?)
    } else if let Some(at) = &source.at {
        RecipeSource::At {
            layout,
            point: point(snapshot, at)?,
        }
    } else if let Some(path) = &source.path {
        RecipeSource::Path {
            layout,
            points: path
                .split_whitespace()
                .map(|text| point(snapshot, text))
                .collect::<anyhow::Result<_>>()?,
        }
    } else {
        bail!("name a source: --clip, --at, --path, --recipe or --take");
    };
    let recipe = Recipe {
        condition: condition.parse(snapshot)?,
        seconds: sound.seconds,
        seed: sound.seed,
        ..with_sliders(Recipe::new(chosen), condition)
    };
    Ok(going_on(recipe, way))
}

/// `recipe` on the way that was asked for.
fn going_on(mut recipe: Recipe, way: &WayArguments) -> Recipe {
    if way.endless {
        (recipe.span, recipe.adventure) = (Span::Endless, way.adventure.clamp(0.0, 1.0));
    }
    if way.relative {
        recipe.relatives = Relatives::Nearest;
    }
    recipe
}

/// Strength, texture and detail within their ranges, and the loudness.
pub fn with_sliders(recipe: Recipe, condition: &ConditionArguments) -> Recipe {
    Recipe {
        strength: strength_in_range(condition.strength),
        texture: condition.texture.clamp(0.0, 2.0),
        detail: condition.detail.clamp(0.0, 1.0),
        match_loudness: condition.match_loudness,
        ..recipe
    }
}

/// t-SNE where it was drawn, else PCA: what the window shows first.
pub fn best_layout(snapshot: &Snapshot) -> LayoutKind {
    snapshot
        .layout(LayoutKind::Tsne)
        .map_or(LayoutKind::Pca, |layout| layout.kind)
}

impl ConditionArguments {
    /// The condition asked for; `None` when nothing was said.
    pub fn parse(&self, snapshot: &Snapshot) -> anyhow::Result<Option<Condition>> {
        if self.genre.is_none() && self.valence.is_none() && self.arousal.is_none() && self.emotion.is_none() {
            return Ok(None);
        }
        let mut condition = Condition::unknown(snapshot.meta.genres.len());
        for part in self.genre.iter().flat_map(|mix| mix.split(',')) {
            let (name, share) = part.split_once('=').map_or((part, "1"), |(name, share)| (name, share));
            let share = finite(share)
                .ok()
                .filter(|share| *share >= 0.0)
                .with_context(|| format!("\"{part}\": a genre's share is a number from 0 on, such as 0.7"))?;
            condition.genre[genre_index(snapshot, name.trim())?] = share;
        }
        condition.valence = self.valence;
        condition.arousal = self.arousal;
        if let Some(name) = &self.emotion {
            let emotion = Emotion::ALL
                .into_iter()
                .find(|emotion| emotion.name().eq_ignore_ascii_case(name));
            condition = condition.with_emotion(
                emotion.with_context(|| format!("\"{name}\" is none of happy, angry, sad, calm, neutral"))?,
            );
        }
        Ok(Some(condition.normalised()))
    }
}

fn genre_index(snapshot: &Snapshot, name: &str) -> anyhow::Result<usize> {
    let genres = &snapshot.meta.genres;
    genres
        .iter()
        .position(|genre| genre.eq_ignore_ascii_case(name))
        .with_context(|| format!("this space has no genre \"{name}\"; it has {}", genres.join(", ")))
}

fn find_clip(snapshot: &Snapshot, asked: &str) -> anyhow::Result<u32> {
    if let Ok(number) = asked.parse::<u32>() {
        return Ok(number);
    }
    let wanted = asked.to_lowercase();
    let matches = |clip: &crate::space::Clip| {
        clip.path.to_lowercase().contains(&wanted) || clip.title.to_lowercase().contains(&wanted)
    };
    let found = snapshot.clips.iter().position(matches);
    Ok(found.with_context(|| format!("no clip's title or path contains \"{asked}\""))? as u32)
}

/// Shares of the map's size that a point may lie beside it: there its border sounds, as in the window.
const BESIDE: f32 = 0.25;

fn point(snapshot: &Snapshot, text: &str) -> anyhow::Result<MapPoint> {
    let parsed = text
        .split_once(',')
        .and_then(|(x, y)| Some((x.trim().parse().ok()?, y.trim().parse().ok()?)));
    let (x, y): (f32, f32) = parsed.with_context(|| format!("\"{text}\" is no point; write x,y"))?;
    let points = snapshot
        .layout(best_layout(snapshot))
        .map_or(&[][..], |layout| &layout.points);
    let range = |of: fn(&MapPoint) -> f32| {
        let ends = (f32::INFINITY, f32::NEG_INFINITY);
        points
            .iter()
            .map(of)
            .fold(ends, |(low, high), at| (low.min(at), high.max(at)))
    };
    let (across, up) = (range(|point| point.x), range(|point| point.y));
    let beside = BESIDE * (across.1 - across.0).max(up.1 - up.0).max(1.0);
    let near = |(low, high): (f32, f32), at: f32| (low - beside..=high + beside).contains(&at);
    let is_on_map = near(across, x) && near(up, y);
    if !(points.is_empty() || is_on_map) {
        bail!(
            "\"{text}\" lies far outside the map: its points lie between {:.2},{:.2} and {:.2},{:.2}",
            across.0,
            up.0,
            across.1,
            up.1
        );
    }
    Ok(MapPoint { x, y })
}
