//! What the open space was learned from, and how well.

use super::sheet::{close_button, title};
use crate::session::CodecKind;
use crate::session::{ErrorUnit, Validation, closeness};
use crate::session::{Session, SpaceView};
use crate::ui::controls::{self, caption};
use crate::ui::tokens::space;
use egui::{Grid, Ui};

/// Of a column: longer facts go on in the next line.
const WIDEST: f32 = 380.0;

pub(super) fn show(ui: &mut Ui, session: &Session) -> bool {
    title(ui, session.title());
    if let Some(view) = &session.space {
        Grid::new("about space")
            .num_columns(2)
            .spacing([space::WIDE, space::TIGHT])
            .max_col_width(WIDEST)
            .show(ui, |ui| {
                for (name, value) in facts(view) {
                    caption(ui, name);
                    controls::hint(ui, value);
                    ui.end_row();
                }
            });
    }
    close_button(ui)
}

fn facts(view: &SpaceView) -> Vec<(&'static str, String)> {
    let snapshot = &view.snapshot;
    let meta = &snapshot.meta;
    let minutes: f32 = snapshot.clips.iter().map(|clip| clip.duration_secs).sum::<f32>() / 60.0;
    let (mapped, mapped_minutes) = view.on_map();
    let codec = match meta.model.codec {
        CodecKind::Spectral => "spectral",
        CodecKind::Encodec => "EnCodec",
    };
    let mut facts = vec![
        ("Name", meta.name.clone()),
        (
            "On the map",
            format!(
                "{mapped} clips, {mapped_minutes:.0} min, as {} points",
                snapshot.chunks.len()
            ),
        ),
        (
            "Learned from",
            format!("{} clips, {minutes:.0} min", snapshot.clips.len()),
        ),
        ("Genres", meta.genres.join(", ")),
        ("Codec", codec.to_owned()),
        (
            "Latent",
            format!(
                "{} global, {} local a step",
                snapshot.latents.global_dims(),
                snapshot.latents.local_dims()
            ),
        ),
        (
            "Training",
            format!(
                "{}{}",
                match meta.trained_steps {
                    0 => "none: the linear model".to_owned(),
                    steps => format!("{steps} steps after the linear model"),
                },
                match meta.refined_steps {
                    None | Some(0) => String::new(),
                    Some(steps) => format!(", then {steps} for each point"),
                }
            ),
        ),
    ];
    let figure = |name: &str| meta.figures.get(name).copied();
    let unit = ErrorUnit::of(meta.model.codec).symbol();
    let likeness = (figure("listener_similarity"), figure("linear_similarity"));
    if let (Some(similarity), Some(linear_similarity)) = likeness {
        let told = Validation {
            similarity: similarity as f32,
            linear_similarity: linear_similarity as f32,
            ..Validation::default()
        };
        if let Some(share) = told.closer().filter(|_| meta.trained_steps > 0) {
            let text = format!(
                "{} your recordings than the linear model: {:.0} % of what it missed is there",
                closeness(share),
                100.0 * share
            );
            facts.push(("To a listener", text));
        }
    }
    if let (Some(now), Some(floor)) = (figure("held_out_distance"), figure("linear_distance")) {
        facts.push((
            "Held-out clips",
            format!("rebuilt within {now:.2} {unit} (linear model {floor:.2} {unit})"),
        ));
    }
    if let (Some(map), Some(labels)) = (figure("map_effect"), figure("condition_to_map_ratio")) {
        facts.push((
            "Effects",
            format!("the place moves the sound {map:.2} times as far as music differs, other labels {labels:.2} times as far as another place"),
        ));
    }
    facts.push(("Seed and hash", format!("{}, {}", meta.seed, snapshot.hash)));
    facts
}
