//! What was found in a folder and what learning it takes, before anything is begun.

use crate::session::ModelConfig;
use crate::session::{Estimate, Session};
use crate::session::{TrainOptions, refinement_steps, step_memory_bytes};
use crate::ui::controls::{caption, card};
use crate::ui::tokens::colours;
use egui::{RichText, Ui};

/// What the program needs beside a training.
const PROGRAM_BYTES: u64 = 400_000_000;

/// Draws the card.
pub fn show(ui: &mut Ui, session: &Session, found: &Estimate, options: &TrainOptions) {
    card(ui, |ui| {
        let music = duration(f64::from(found.minutes_of_music) * 60.0);
        ui.label(format!("{} clips, {music} of music", found.files));
        let genres: Vec<String> = found.genres.iter().map(|(name, n)| format!("{name} {n}")).collect();
        if !genres.is_empty() {
            caption(ui, genres.join(" · "));
        }
        let first = duration(f64::from(found.import_secs));
        let cache = bytes(found.cache_bytes);
        caption(
            ui,
            format!(
                "First map, of about {} points, in about {first} · {cache} of cache on disk",
                points(found, options)
            ),
        );
        caption(ui, training(session, found, options));
        // They say how it will be done, not that anything is wrong.
        let ink = colours(ui).text;
        for note in &found.notes {
            ui.label(RichText::new(note).small().color(ink));
        }
    });
}

/// How far the training gets in its time, at the pace of the last one on this device.
fn training(session: &Session, found: &Estimate, options: &TrainOptions) -> String {
    let config = ModelConfig::new(options.codec, options.preset, found.genres.len(), options.chunk_secs);
    let memory = bytes(PROGRAM_BYTES + step_memory_bytes(&config, options));
    let minutes = options.minutes.unwrap_or(0.0);
    if minutes <= 0.0 {
        return "No training: the first map only.".into();
    }
    match session.settings.pace(&session.compute_device, options.preset) {
        Some(chunks_per_sec) => {
            let passes = f64::from(minutes * 60.0 * chunks_per_sec) / found.map_points.max(1) as f64;
            let passes = if passes < 1.5 {
                "1 pass".to_owned()
            } else {
                format!("{passes:.0} passes")
            };
            // One step for one point takes about as long as learning from one chunk.
            let points = points(found, options);
            let steps = options.refine.unwrap_or_else(|| refinement_steps(points));
            let refinement = match steps * points {
                0 => String::new(),
                steps => format!(
                    ", then {} for the points",
                    duration(steps as f64 / f64::from(chunks_per_sec))
                ),
            };
            format!(
                "{minutes:.0} min of training: about {passes} over the music at the pace measured here{refinement} · {memory} of memory"
            )
        }
        None => format!(
            "{minutes:.0} min of training; how far that goes is known after the first time · {memory} of memory"
        ),
    }
}

/// Points of the map, at the chunk length that is set.
fn points(found: &Estimate, options: &TrainOptions) -> usize {
    let most = options.map_points.unwrap_or(usize::MAX);
    let secs = found.minutes_of_music * 60.0;
    ((secs / options.chunk_secs.max(0.1)) as usize).min(most)
}

fn duration(secs: f64) -> String {
    match secs {
        secs if secs < 50.0 => format!("{:.0} s", (secs / 5.0).ceil() * 5.0),
        secs if secs < 5_400.0 => format!("{:.0} min", (secs / 60.0).max(1.0)),
        secs => format!("{:.1} h", secs / 3_600.0),
    }
}

fn bytes(count: u64) -> String {
    match count as f64 {
        count if count < 1e9 => format!("{:.0} MB", (count / 1e6).max(1.0)),
        count => format!("{:.1} GB", count / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Pace;
    use crate::session::Preset;

    #[test]
    fn the_estimate_follows_corpus_preset_and_device() {
        let mut session = Session {
            compute_device: "CPU (2 threads)".into(),
            ..Session::default()
        };
        let found = Estimate {
            map_points: 6_000,
            ..Estimate::default()
        };
        let options = TrainOptions::default();
        assert!(training(&session, &found, &options).contains("after the first time"));
        session.settings.remember_pace(Pace {
            device: session.compute_device.clone(),
            preset: Preset::S,
            chunks_per_sec: 100.0,
        });
        assert!(training(&session, &found, &options).contains("10 passes"));
        assert!(
            !training(&session, &found, &options).contains("for the points"),
            "there is no music"
        );
        let hour = Estimate {
            minutes_of_music: 60.0,
            ..found.clone()
        };
        let refined = training(&session, &hour, &options);
        assert!(refined.contains("then 4 min for the points"), "{refined}");
        let medium = TrainOptions {
            preset: Preset::M,
            ..options
        };
        assert!(training(&session, &found, &medium).contains("after the first time"));
    }

    #[test]
    fn amounts_are_said_as_people_say_them() {
        assert_eq!(
            [duration(12.0), duration(130.0), duration(7_200.0)],
            ["15 s", "2 min", "2.0 h"]
        );
        assert_eq!([bytes(360_000_000), bytes(1_240_000_000)], ["360 MB", "1.2 GB"]);
    }
}
