//! Selectors that render, sample and play share: which latent, under which condition.

use crate::device::DeviceChoice;
use crate::render::{Recipe, RecipeSource};
use crate::space::{BundleError, LayoutKind, Snapshot};
use crate::values::{Condition, Emotion, MapPoint, strength_in_range};
use anyhow::{Context, bail};
use std::path::PathBuf;

/// Which space, and where the codec's weights are if it needs some.
#[derive(Debug, clap::Args)]
pub struct SpaceArguments {
    pub space: PathBuf,
    /// EnCodec weights (safetensors) of a space learned with them, where they have moved since the training.
    #[arg(long)]
    pub encodec: Option<PathBuf>,
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
}

/// What is asked for beside the latent.
#[derive(Debug, clap::Args)]
pub struct ConditionArguments {
    /// Genre mix: "jazz=0.7,rock=0.3" or one name.
    #[arg(long)]
    pub genre: Option<String>,
    /// Unpleasant -1 .. pleasant 1.
    #[arg(long, allow_hyphen_values = true)]
    pub valence: Option<f32>,
    /// Calm -1 .. excited 1.
    #[arg(long, allow_hyphen_values = true)]
    pub arousal: Option<f32>,
    /// happy, angry, sad, calm or neutral.
    #[arg(long, conflicts_with_all = ["valence", "arousal"])]
    pub emotion: Option<String>,
    /// 0 = as if unlabelled, 1 = as trained, up to 3 = exaggerated.
    #[arg(long, default_value_t = 1.0)]
    pub strength: f32,
    /// How much of the level's scatter is voiced as texture.
    #[arg(long, default_value_t = 1.0)]
    pub texture: f32,
}

/// How long, by which draw of chance, and computed where.
#[derive(Debug, clap::Args)]
pub struct SoundArguments {
    /// Length; the source's own without it.
    #[arg(long)]
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
    sound: &SoundArguments,
) -> anyhow::Result<Recipe> {
    if let Some(text) = &source.recipe {
        let recipe = Recipe::from_text(text)?;
        return Ok(Recipe {
            seconds: sound.seconds.or(recipe.seconds),
            ..recipe
        });
    }
    let layout = best_layout(snapshot);
    let chosen = if let Some(clip) = &source.clip {
        RecipeSource::Clip(find_clip(snapshot, clip)?)
    } else if let Some(at) = &source.at {
        RecipeSource::At {
            layout,
            point: point(at)?,
        }
    } else if let Some(path) = &source.path {
        RecipeSource::Path {
            layout,
            points: path.split_whitespace().map(point).collect::<anyhow::Result<_>>()?,
        }
    } else {
        bail!("name a source: --clip, --at, --path or --recipe");
    };
    Ok(Recipe {
        condition: condition.parse(snapshot)?,
        seconds: sound.seconds,
        seed: sound.seed,
        ..with_sliders(Recipe::new(chosen), condition)
    })
}

/// Strength and texture within their ranges.
pub fn with_sliders(recipe: Recipe, condition: &ConditionArguments) -> Recipe {
    Recipe {
        strength: strength_in_range(condition.strength),
        texture: condition.texture.clamp(0.0, 2.0),
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
            let share: f32 = share
                .trim()
                .parse()
                .with_context(|| format!("\"{part}\": a genre's share is a number"))?;
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

fn point(text: &str) -> anyhow::Result<MapPoint> {
    let parsed = text
        .split_once(',')
        .and_then(|(x, y)| Some((x.trim().parse().ok()?, y.trim().parse().ok()?)));
    let (x, y): (f32, f32) = parsed.with_context(|| format!("\"{text}\" is no point; write x,y"))?;
    if !x.is_finite() || !y.is_finite() {
        bail!("\"{text}\" is no point on the map");
    }
    Ok(MapPoint { x, y })
}
