//! What to learn and how: folder, estimate, preset, budget, and the rest for those who want it.

use super::{TrainingPaneState, estimate, findings};
use crate::session::TrainOptions;
use crate::session::{CodecKind, Preset};
use crate::session::{Command, Commands, FileAsk, Session, Training};
use crate::ui::controls::{caption, card, heading, hint, icon_button, segmented};
use crate::ui::icon::Icon;
use crate::ui::tokens::{colours, space};
use egui::{Button, CollapsingHeader, DragValue, RichText, Sense, Shape, Stroke, TextEdit, Ui, pos2, vec2};
use std::path::PathBuf;

/// Draws the sheet.
pub fn show(ui: &mut Ui, session: &Session, state: &mut TrainingPaneState, commands: &mut Commands) {
    let training = &session.training;
    if let crate::session::TrainingState::Ended(note) = &training.state {
        card(ui, |ui| hint(ui, note));
        ui.add_space(space::SNUG);
    }
    if let Some(run) = &training.resumable {
        card(ui, |ui| {
            hint(ui, "The last training of this music can go on from its checkpoint.");
            if ui.button("Continue it").clicked() {
                commands.push(Command::Continue(run.clone()));
            }
        });
        ui.add_space(space::SNUG);
    }
    source(ui, session, state, commands);
    ui.add_space(space::ROOMY);
    basics(ui, state);
    ui.add_space(space::SNUG);
    CollapsingHeader::new("Advanced").show(ui, |ui| advanced(ui, &mut state.options, commands));
}

/// Draws the button that begins it.
pub fn start(ui: &mut Ui, state: &TrainingPaneState, commands: &mut Commands) {
    let c = colours(ui);
    let ready = !state.source.trim().is_empty();
    let button = Button::new(RichText::new("Start").color(if ready { c.on_accent } else { c.weak }))
        .fill(if ready { c.accent } else { c.control })
        .min_size(vec2(ui.available_width(), 32.0));
    let clicked = ui.vertical_centered_justified(|ui| ui.add_enabled(ready, button).clicked());
    if clicked.inner {
        commands.push(Command::Train {
            source: PathBuf::from(state.source.trim()),
            options: Box::new(state.options.clone()),
        });
    }
}

fn source(ui: &mut Ui, session: &Session, state: &mut TrainingPaneState, commands: &mut Commands) {
    let training = &session.training;
    heading(ui, "Music");
    if let Some(found) = &training.inspected
        && state.source.is_empty()
    {
        state.source = found.folder.display().to_string();
    }
    ui.horizontal(|ui| {
        let width = ui.available_width() - 88.0;
        let field = TextEdit::singleline(&mut state.source)
            .hint_text("Folder or manifest.csv")
            .desired_width(width);
        let response = ui.add(field).accessible_name("Music folder");
        let typed = PathBuf::from(state.source.trim());
        if response.lost_focus() && !state.source.trim().is_empty() {
            commands.push(Command::Inspect(typed));
        }
        if ui.button("Choose…").clicked() {
            state.source.clear();
            commands.push(Command::Ask(FileAsk::MusicFolder));
        }
    });
    match &training.inspected {
        Some(found) => {
            estimate::show(ui, session, found, &state.options);
            segments(ui, training, commands);
            findings::show(ui, training, state, commands);
        }
        None => {
            hint(
                ui,
                "Sub-folders become genres. A manifest.csv may name genre, valence and arousal of every file.",
            );
        }
    }
}

fn segments(ui: &mut Ui, training: &Training, commands: &mut Commands) {
    if training.segments.is_empty() {
        return;
    }
    ui.add_space(space::TIGHT);
    caption(ui, "A few moments of it");
    let ink = colours(ui).accent;
    for (index, segment) in training.segments.iter().enumerate() {
        ui.horizontal(|ui| {
            if icon_button(ui, Icon::Play, &format!("Hear {}", segment.title), false).clicked() {
                commands.push(Command::HearSegment(index));
            }
            let (rect, _) = ui.allocate_exact_size(vec2(84.0, 22.0), Sense::hover());
            let step = rect.width() / segment.peaks.len().max(1) as f32;
            for (i, peak) in segment.peaks.iter().enumerate() {
                let x = rect.left() + step * (i as f32 + 0.5);
                let half = rect.height() * 0.5 * peak.clamp(0.04, 1.0);
                let ends = [pos2(x, rect.center().y - half), pos2(x, rect.center().y + half)];
                ui.painter()
                    .add(Shape::line_segment(ends, Stroke::new((step * 0.6).max(1.0), ink)));
            }
            ui.add(
                egui::Label::new(RichText::new(format!("{} · {}", segment.title, segment.genre)).small()).truncate(),
            );
        });
    }
}

fn basics(ui: &mut Ui, state: &mut TrainingPaneState) {
    heading(ui, "Model");
    let presets = [
        (
            Preset::S,
            "Small",
            "For two processor cores, about 3 million parameters",
        ),
        (Preset::M, "Medium", "For a graphics card, about 10 million parameters"),
    ];
    if let Some(preset) = segmented(ui, state.options.preset, &presets) {
        state.options.preset = preset;
    }
    ui.horizontal(|ui| {
        let mut minutes = state.options.minutes.unwrap_or(0.0);
        let label = ui.label("Time");
        let drag = DragValue::new(&mut minutes)
            .range(0.0..=10_000.0)
            .speed(0.5)
            .suffix(" min");
        if ui.add(drag).labelled_by(label.id).changed() {
            state.options.minutes = Some(minutes);
        }
        caption(
            ui,
            if minutes == 0.0 {
                "0: the first map only"
            } else {
                "stop any time"
            },
        );
    });
}

fn advanced(ui: &mut Ui, options: &mut TrainOptions, commands: &mut Commands) {
    let codecs = [
        (
            CodecKind::Spectral,
            "Spectral",
            "Built in: 224 bands, voiced by phase integration",
        ),
        (CodecKind::Encodec, "EnCodec", "Needs weights that you downloaded"),
    ];
    if let Some(codec) = segmented(ui, options.codec, &codecs) {
        options.codec = codec;
    }
    if options.codec == CodecKind::Encodec {
        ui.horizontal(|ui| {
            if ui.button("EnCodec weights…").clicked() {
                commands.push(Command::Ask(FileAsk::EncodecWeights));
            }
            let name = options.encodec_weights.as_ref().and_then(|path| path.file_name());
            caption(
                ui,
                name.map_or("none chosen".into(), |name| name.to_string_lossy().into_owned()),
            );
        });
    }
    number(
        ui,
        "Global latent",
        DragValue::new(&mut options.global_dims).range(2..=256),
    );
    number(
        ui,
        "Local latent",
        DragValue::new(&mut options.local_dims).range(1..=512),
    );
    number(ui, "Batch", DragValue::new(&mut options.batch).range(1..=256));
    number(
        ui,
        "KL target, global",
        DragValue::new(&mut options.kl_global_nats)
            .range(1.0..=1_000.0)
            .suffix(" nats"),
    );
    number(
        ui,
        "KL target, local",
        DragValue::new(&mut options.kl_local_nats)
            .range(10.0..=100_000.0)
            .suffix(" nats"),
    );
    number(
        ui,
        "Chunk length",
        DragValue::new(&mut options.chunk_secs)
            .range(0.5..=12.0)
            .speed(0.05)
            .suffix(" s"),
    );
    ui.horizontal(|ui| {
        for secs in [3.0, 5.0, 10.0] {
            let on = (options.chunk_secs - secs).abs() < 0.1;
            if ui.selectable_label(on, format!("{secs:.0} s chunks")).clicked() {
                options.chunk_secs = secs;
            }
        }
    });
    let mut rate = options.peak_rate();
    let drag = DragValue::new(&mut rate).range(1e-6..=0.1).speed(1e-5).max_decimals(6);
    if number(ui, "Learning rate", drag) {
        options.learning_rate = Some(rate);
    }
    number(ui, "Seed", DragValue::new(&mut options.seed));
    if ui.add(Button::new("Back to the proposal")).clicked() {
        *options = TrainOptions {
            encodec_weights: options.encodec_weights.take(),
            layout: options.layout,
            joined: std::mem::take(&mut options.joined),
            ..TrainOptions::default()
        };
    }
}

fn number(ui: &mut Ui, label: &str, drag: DragValue<'_>) -> bool {
    ui.horizontal(|ui| {
        let name = ui.label(label);
        ui.add(drag).labelled_by(name.id).changed()
    })
    .inner
}
