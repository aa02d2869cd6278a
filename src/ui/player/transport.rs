//! Buttons and sliders of the player.

use crate::session::CodecKind;
use crate::session::{
    Command, Commands, FileAsk, MidiTarget, PlayMode, PlaybackSource, RecordingGap, Session, Standing, Transport,
};
use crate::ui::controls::learnable;
use crate::ui::controls::{Bar, round_button, segmented, toggle_chip};
use crate::ui::icon::Icon;
use crate::ui::tokens::{colours, size, space, type_scale};
use egui::accesskit::Role;
use egui::{Align, Layout, RichText, Ui, WidgetInfo, vec2};

/// Play, record, mode, hold, A/B.
pub fn buttons(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let transport = &session.transport;
    let ready = session.space.is_some();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::SNUG;
        ui.add_enabled_ui(ready, |ui| {
            let (icon, name) = if transport.playing {
                (Icon::Stop, "Stop (space)")
            } else {
                (Icon::Play, "Play (space)")
            };
            if round_button(ui, icon, name, 44.0, transport.playing).clicked() {
                commands.push(Command::TogglePlay);
            }
            let name = if transport.recording {
                "Stop recording (R)"
            } else {
                "Record what you hear (R)"
            };
            if round_button(ui, Icon::Record, name, 30.0, transport.recording).clicked() {
                commands.push(Command::ToggleRecording);
            }
        });
        if transport.recording {
            let timer = RichText::new(clock(transport.recorded_secs)).font(type_scale::figures());
            ui.label(timer.color(colours(ui).bad))
                .on_hover_text("Recording what you hear; the take lands in the library");
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_enabled_ui(ready, |ui| compare(ui, session, commands));
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.y = space::HAIR;
                let c = colours(ui);
                let (title, by) = now_playing(session);
                ui.add(egui::Label::new(RichText::new(title).font(type_scale::body()).color(c.text)).truncate());
                ui.add(egui::Label::new(RichText::new(by).font(type_scale::caption()).color(c.weak)).truncate());
                if let Some(gap) = &session.recording_gap {
                    model_only(ui, gap, commands);
                }
            });
        });
    });
    ui.add_enabled_ui(ready, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::TIGHT;
            let modes = [
                (PlayMode::Loop, "Loop", "Round and round without a seam (1)"),
                (PlayMode::Song, "Song", "The whole clip from here, round and round (2)"),
                (PlayMode::OneShot, "Once", "Once, then silence (3)"),
                (
                    PlayMode::Freeze,
                    "Freeze",
                    "The playhead stands still and the moment sustains (4)",
                ),
                (
                    PlayMode::Endless,
                    "Endless",
                    "On without end, with jumps at beats to what continues alike (5)",
                ),
            ];
            if let Some(mode) = segmented(ui, transport.mode, &modes) {
                commands.push(Command::SetMode(mode));
            }
            let tip = "Keep what happens and move only how it sounds (H)";
            if toggle_chip(ui, "Hold notes", tip, transport.hold_content).clicked() {
                commands.push(Command::SetHoldContent(!transport.hold_content));
            }
        });
        if transport.mode == PlayMode::Endless {
            adventure(ui, session, commands);
        }
    });
}

/// A/B: the recording that the point stands for, or what the model makes of it.
fn compare(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let source = session.transport.source;
    let original = source == PlaybackSource::Original;
    let why_off = session.why_no_original().filter(|_| !original);
    let tip = "Hear the recording this point stands for (A)";
    ui.add_enabled_ui(why_off.is_none(), |ui| {
        let chip = toggle_chip(ui, "A/B", tip, original);
        if chip.clicked() {
            commands.push(Command::SetSource(source.other()));
        }
        if let Some(why) = why_off {
            chip.on_disabled_hover_text(why);
        }
    });
}

/// Minutes and seconds.
fn clock(secs: f32) -> String {
    let whole = secs.max(0.0) as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}

/// How far music that goes on roams.
fn adventure(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let value = session.transport.adventure;
    let bar = Bar {
        label: "Adventure",
        value_text: match value {
            clip if clip < 0.05 => "this clip".to_owned(),
            far if far > 0.95 => "the map".to_owned(),
            share => format!("{:.0} %", share * 100.0),
        },
        range: 0.0..=1.0,
        tint: None,
        origin: None,
        height: size::TIGHT_ROW,
    };
    slider(
        ui,
        bar,
        "How far the music roams, 0 to 100 %: at 0 in this clip, in the middle round your cursor, at 100 % over the whole map.",
        (value, 0.5),
        MidiTarget::Adventure,
        session,
        commands,
        Command::SetAdventure,
    );
}

/// That the model sounds without its recording, why, and the way out.
fn model_only(ui: &mut Ui, gap: &RecordingGap, commands: &mut Commands) {
    ui.horizontal(|ui| {
        let text = RichText::new("Model only")
            .font(type_scale::caption())
            .color(colours(ui).warning);
        ui.label(text).on_hover_text(&gap.sentence);
        if gap.can_be_found {
            let find = RichText::new("Find the recordings…").font(type_scale::caption());
            if ui.link(find).on_hover_text(&gap.sentence).clicked() {
                commands.push(Command::Ask(FileAsk::Recordings));
            }
        }
    });
}

/// Two lines: what sounds, and where it comes from.
fn now_playing(session: &Session) -> (String, String) {
    if let Some(number) = session.sample {
        let as_asked = session.genre_in_words();
        let by = match as_asked.as_str() {
            "" => "invented".to_owned(),
            genre => format!("{genre} · invented"),
        };
        return (format!("New {number}"), by);
    }
    let (Some(view), Some(selection)) = (&session.space, session.selection) else {
        return ("Nothing plays yet".into(), "Click a point on the map".into());
    };
    let Some(chunk) = view.snapshot.chunks.get(selection.chunk.0 as usize) else {
        return (String::new(), String::new());
    };
    let clip = &view.snapshot.clips[chunk.clip.0 as usize];
    let genre = session.genre_in_words();
    if session.transport.source == PlaybackSource::Original {
        return (clip.title.clone(), "the original recording".into());
    }
    let near = || format!("Near {}", clip.title);
    match selection.standing {
        Standing::Chunk => (clip.title.clone(), format!("{genre} · from {:.1} s", chunk.start_secs)),
        Standing::Exact => (near(), format!("{genre} · exact on this overview")),
        Standing::Blend => (near(), format!("{genre} · between points")),
        Standing::Moved => (near(), format!("{genre} · moved by hand")),
    }
}

/// Detail, texture, speed, volume.
pub fn sliders(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let transport = &session.transport;
    ui.spacing_mut().item_spacing.y = space::TIGHT;
    detail_and_texture(ui, session, commands);
    let speed = Bar {
        label: "Speed",
        value_text: format!("{:.2}×", transport.speed),
        // In octaves: half and double lie as far from the middle.
        range: Transport::SPEEDS.start().log2()..=Transport::SPEEDS.end().log2(),
        tint: None,
        origin: Some(0.0),
        height: size::TIGHT_ROW,
    };
    slider(
        ui,
        speed,
        "How fast it plays, a quarter to four times; the pitch stays.",
        (transport.speed.log2(), 0.0),
        MidiTarget::Speed,
        session,
        commands,
        |octaves| Command::SetSpeed(octaves.exp2()),
    );
    let volume = Bar {
        label: "Volume",
        value_text: if transport.volume > 0.0 {
            format!("{:+.1} dB", 20.0 * transport.volume.log10())
        } else {
            "mute".into()
        },
        range: 0.0..=1.0,
        tint: None,
        origin: None,
        height: size::TIGHT_ROW,
    };
    // Side by side: the strip has no room for a fifth row.
    let row = vec2(ui.available_width(), size::TIGHT_ROW);
    ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
        match_loudness(ui, transport.match_loudness, commands);
        slider(
            ui,
            volume,
            "How loud it is, mute to 0 dB. Recordings and meters hear it too.",
            (transport.volume, 0.8),
            MidiTarget::Volume,
            session,
            commands,
            Command::SetVolume,
        );
    });
}

fn match_loudness(ui: &mut Ui, on: bool, commands: &mut Commands) {
    let tip = "every sound as loud as the others, about -16 LUFS; only how energetic it is moves it a little";
    let chip = toggle_chip(ui, "Match", &format!("Match loudness: {tip}"), on);
    chip.widget_info(|| WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), on, "Match loudness"));
    if chip.clicked() {
        commands.push(Command::SetMatchLoudness(!on));
    }
}

/// How much of the recording sounds, and how noisy the model's own levels are.
fn detail_and_texture(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let transport = &session.transport;
    let percent = |value: f32| format!("{:.0} %", value * 100.0);
    let bar = |label, value, most| Bar {
        label,
        value_text: percent(value),
        range: 0.0..=most,
        tint: None,
        origin: None,
        height: size::TIGHT_ROW,
    };
    slider(
        ui,
        bar("Detail", transport.detail, 1.0),
        "How much of the recording itself sounds, 0 to 100 %: 0 is the model alone.",
        (transport.detail, 1.0),
        MidiTarget::Detail,
        session,
        commands,
        Command::SetDetail,
    );
    if !has_texture(session) {
        return;
    }
    slider(
        ui,
        bar("Texture", transport.texture, 2.0),
        "How noisy the model's own levels are, 0 to 200 %; 100 % as it says. Heard where the model sounds.",
        (transport.texture, 1.0),
        MidiTarget::Texture,
        session,
        commands,
        Command::SetTexture,
    );
}

/// A codec that decodes to a waveform leaves no noise to set.
fn has_texture(session: &Session) -> bool {
    let codec = session.space.as_ref().map(|view| view.snapshot.meta.model.codec);
    codec.is_none_or(|codec| codec == CodecKind::Spectral)
}

fn slider(
    ui: &mut Ui,
    bar: Bar<'_>,
    tip: &str,
    (value, rest): (f32, f32),
    target: MidiTarget,
    session: &Session,
    commands: &mut Commands,
    order: fn(f32) -> Command,
) {
    let outcome = bar.show(ui, value);
    if outcome.double_clicked {
        commands.push(order(rest));
    } else if let Some(value) = outcome.moved {
        commands.push(order(value));
    }
    let response = outcome.response.on_hover_text(format!(
        "{tip}\nArrows move it, double click (Enter) resets it, right click: MIDI."
    ));
    learnable(response, target, session, commands);
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn a_clock_has_minutes_and_seconds() {
        assert_eq!([0.4, 12.9, 75.0, 3_601.0].map(clock), ["0:00", "0:12", "1:15", "60:01"]);
    }
}
