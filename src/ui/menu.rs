//! The menu bar. Every entry is also a command, so every entry has a test.

use super::keys::{self, Action};
use super::{Dialog, Panes, PathSheet, SideTab};
use crate::bundle::LayoutKind;
use crate::session::{
    ColourBy, Command, Commands, DeviceChoice, ExportTarget, FileAsk, PlayMode, Session, Source, ThemeChoice,
    TrainingState,
};
use egui::{Button, MenuBar, Ui};

/// Draws the menu bar.
pub fn show(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    MenuBar::new().ui(ui, |ui| {
        ui.menu_button("File", |ui| file(ui, session, panes, commands));
        ui.menu_button("Corpus", |ui| corpus(ui, session, panes, commands));
        ui.menu_button("Model", |ui| model(ui, session, panes, commands));
        ui.menu_button("Map", |ui| map(ui, session, panes, commands));
        ui.menu_button("Play", |ui| play(ui, session, panes, commands));
        ui.menu_button("View", |ui| view(ui, session, panes, commands));
        ui.menu_button("Help", |ui| help(ui, panes, commands));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let mark = if session.unsaved { " •" } else { "" };
            super::controls::caption(ui, format!("{}{mark}", session.title()));
        });
    });
}

/// An entry; true when it was chosen.
fn entry(ui: &mut Ui, enabled: bool, text: &str) -> bool {
    ui.add_enabled(enabled, Button::new(text)).clicked()
}

/// An entry that does what a shortcut does.
fn action(
    ui: &mut Ui,
    enabled: bool,
    text: &str,
    what: Action,
    session: &Session,
    panes: &mut Panes,
    commands: &mut Commands,
) {
    let shortcut = keys::text_of(ui.ctx(), what);
    if ui
        .add_enabled(enabled, Button::new(text).shortcut_text(shortcut))
        .clicked()
    {
        keys::perform(what, session, panes, commands);
    }
}

/// An entry that is on or off.
fn check(ui: &mut Ui, on: bool, text: &str) -> bool {
    ui.selectable_label(on, text).clicked()
}

fn file(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    let open = session.space.is_some();
    action(ui, true, "New from a folder…", Action::Import, session, panes, commands);
    action(ui, true, "Open…", Action::Open, session, panes, commands);
    if entry(ui, true, "Open by path…") {
        panes.dialog = Some(Dialog::Path(PathSheet::open()));
    }
    ui.add_enabled_ui(!session.settings.recent.is_empty(), |ui| {
        ui.menu_button("Open recent", |ui| {
            for path in &session.settings.recent {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
                if entry(ui, true, &name) {
                    commands.push(Command::Open(path.clone()));
                }
            }
        });
    });
    if entry(ui, true, "Open the demo space") {
        commands.push(Command::OpenDemo);
    }
    ui.separator();
    action(ui, open, "Save", Action::Save, session, panes, commands);
    action(ui, open, "Save as…", Action::SaveAs, session, panes, commands);
    if entry(ui, open, "Close the space") {
        commands.push(Command::CloseSpace);
    }
    ui.separator();
    ui.add_enabled_ui(open, |ui| {
        ui.menu_button("Export", |ui| {
            let targets = [
                ("This point as WAV…", ExportTarget::PointWav),
                ("The loop as WAV…", ExportTarget::LoopWav),
                ("The path as WAV…", ExportTarget::PathWav),
                ("The map as PNG…", ExportTarget::MapPng),
                ("The table as CSV…", ExportTarget::TableCsv),
            ];
            for (text, target) in targets {
                let possible = match target {
                    ExportTarget::PointWav | ExportTarget::LoopWav => session.selection.is_some(),
                    ExportTarget::PathWav => session.motion.is_some(),
                    ExportTarget::MapPng | ExportTarget::TableCsv => true,
                };
                if entry(ui, possible, text) {
                    commands.push(Command::Ask(FileAsk::Export(target)));
                }
            }
        });
    });
    ui.separator();
    action(ui, true, "Quit", Action::Quit, session, panes, commands);
}

fn corpus(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    action(ui, true, "Import a folder…", Action::Import, session, panes, commands);
    if entry(ui, true, "Import a manifest…") {
        commands.push(Command::Ask(FileAsk::Manifest));
    }
    ui.separator();
    let inspected = session.training.inspected.is_some();
    if entry(ui, inspected, "Listen to sample segments") {
        panes.side = SideTab::Train;
    }
    if entry(ui, session.codec_plot_source().is_some(), "Plot what EnCodec sees") {
        commands.push(Command::PlotCodec);
    }
    if entry(ui, session.space.is_some(), "Find moved recordings…") {
        commands.push(Command::Ask(FileAsk::Recordings));
    }
    let skipped = session.training.skipped.len();
    if entry(ui, skipped > 0, &format!("Skipped files ({skipped})")) {
        panes.dialog = Some(Dialog::Skipped);
    }
}

fn model(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    let state = &session.training.state;
    if entry(ui, true, "Training sheet…") {
        panes.side = SideTab::Train;
        if !session.settings.show_conditions {
            commands.push(Command::ToggleSide);
        }
    }
    ui.separator();
    if entry(ui, *state == TrainingState::Running, "Pause") {
        commands.push(Command::PauseTraining);
    }
    if entry(ui, *state == TrainingState::Paused, "Resume") {
        commands.push(Command::ResumeTraining);
    }
    if entry(ui, session.training.is_active(), "Stop and keep the best") {
        commands.push(Command::StopTraining);
    }
    let resumable = session.training.resumable.clone();
    if entry(ui, resumable.is_some(), "Continue the last training") {
        commands.extend(resumable.map(Command::Continue));
    }
    ui.menu_button("Computing", |ui| {
        super::controls::caption(ui, format!("Now: {}", session.compute_device));
        for (choice, text) in [
            (DeviceChoice::Auto, "Graphics card if there is one"),
            (DeviceChoice::Gpu, "Graphics card"),
            (DeviceChoice::Cpu, "Processor"),
        ] {
            if check(ui, session.settings.compute == choice, text) {
                commands.push(Command::ChooseCompute(choice));
            }
        }
    });
    ui.separator();
    if entry(ui, true, "Load a model…") {
        commands.push(Command::Ask(FileAsk::OpenSpace));
    }
    if entry(ui, session.space.is_some(), "Export the model…") {
        commands.push(Command::Ask(FileAsk::SaveSpace));
    }
    if entry(ui, true, "EnCodec weights…") {
        commands.push(Command::Ask(FileAsk::EncodecWeights));
    }
    ui.separator();
    for count in [1, 4, 16] {
        let text = if count == 1 {
            "Sample a new sound".to_owned()
        } else {
            format!("Sample {count} new sounds")
        };
        if entry(ui, session.space.is_some(), &text) {
            commands.push(Command::Sample(count));
        }
    }
}

fn map(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    for (kind, text) in [(LayoutKind::Tsne, "t-SNE"), (LayoutKind::Pca, "PCA")] {
        if check(ui, session.settings.layout == kind, text) {
            commands.push(Command::SetLayout(kind));
        }
    }
    ui.separator();
    ui.menu_button("Colours", |ui| {
        for choice in ColourBy::ALL {
            if check(ui, session.settings.colour_by == choice, choice.name()) {
                commands.push(Command::SetColourBy(choice));
            }
        }
    });
    if check(ui, session.settings.density_shading, "Density shading") {
        commands.push(Command::SetDensityShading(!session.settings.density_shading));
    }
    ui.add_enabled_ui(session.space.is_some(), |ui| {
        ui.menu_button("Compute the map again", |ui| {
            for (text, condition_weight) in [
                ("By sound and labels", 1.0),
                ("By sound, labels a little", 0.4),
                ("By sound only", 0.0),
            ] {
                if entry(ui, true, text) {
                    commands.push(Command::Remap { condition_weight });
                }
            }
        });
    });
    ui.separator();
    action(ui, true, "Show the whole map", Action::Fit, session, panes, commands);
    action(ui, true, "Zoom in", Action::ZoomIn, session, panes, commands);
    action(ui, true, "Zoom out", Action::ZoomOut, session, panes, commands);
    action(ui, true, "Search", Action::Search, session, panes, commands);
    ui.separator();
    let sounding = session.selection.is_some();
    action(ui, sounding, "Pin this place", Action::Pin, session, panes, commands);
    if entry(ui, session.pins.len() > 1, "Walk round the pins") {
        commands.push(Command::WalkPins);
    }
    if entry(ui, !session.pins.is_empty(), "Remove all pins") {
        commands.push(Command::ClearPins);
    }
    action(
        ui,
        true,
        "Draw a path that loops",
        Action::DrawPath,
        session,
        panes,
        commands,
    );
    action(
        ui,
        session.space.is_some(),
        "Random walk",
        Action::RandomWalk,
        session,
        panes,
        commands,
    );
    if entry(ui, session.motion.is_some(), "Stop the motion") {
        commands.push(Command::StopMotion);
    }
}

fn play(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    let open = session.space.is_some();
    let transport = &session.transport;
    let text = if transport.playing { "Stop" } else { "Play" };
    action(ui, open, text, Action::TogglePlay, session, panes, commands);
    let text = if transport.recording {
        "Stop recording"
    } else {
        "Record"
    };
    action(ui, open, text, Action::Record, session, panes, commands);
    ui.separator();
    for (mode, text) in [
        (PlayMode::Loop, "Loop"),
        (PlayMode::OneShot, "Once"),
        (PlayMode::Freeze, "Freeze"),
    ] {
        if check(ui, transport.mode == mode, text) {
            commands.push(Command::SetMode(mode));
        }
    }
    ui.separator();
    if check(ui, transport.hold_content, "Hold what happens") {
        commands.push(Command::SetHoldContent(!transport.hold_content));
    }
    let original = transport.source == Source::Original;
    if check(ui, original, "Hear the original") {
        commands.push(Command::SetSource(if original {
            Source::Model
        } else {
            Source::Original
        }));
    }
    ui.separator();
    let label = |text: &str, what: Option<&str>| what.map_or(text.to_owned(), |what| format!("{text} {what}"));
    let undo = label("Undo", session.undo_label);
    action(
        ui,
        session.undo_label.is_some(),
        &undo,
        Action::Undo,
        session,
        panes,
        commands,
    );
    let redo = label("Redo", session.redo_label);
    action(
        ui,
        session.redo_label.is_some(),
        &redo,
        Action::Redo,
        session,
        panes,
        commands,
    );
    ui.separator();
    let sounding = session.selection.is_some();
    action(
        ui,
        sounding,
        "Bookmark this sound",
        Action::Bookmark,
        session,
        panes,
        commands,
    );
    if entry(ui, sounding, "Copy the recipe") {
        commands.push(Command::CopyRecipe);
    }
    if entry(ui, open, "Paste a recipe…") {
        panes.dialog = Some(Dialog::recipe());
    }
    ui.separator();
    ui.menu_button("Sound card", |ui| {
        if session.audio_devices.is_empty() {
            entry(ui, false, "None found");
        }
        for device in &session.audio_devices {
            if check(ui, session.audio_device.as_ref() == Some(device), device) {
                commands.push(Command::ChooseAudioDevice(device.clone()));
            }
        }
    });
    ui.menu_button("MIDI", |ui| midi(ui, session, commands));
}

fn midi(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    if session.midi.inputs.is_empty() {
        entry(ui, false, "No MIDI input connected");
    }
    for input in &session.midi.inputs {
        entry(ui, false, input);
    }
    super::controls::caption(ui, "Right-click a slider to learn a controller.");
    if entry(ui, session.midi.learning.is_some(), "Stop learning") {
        commands.push(Command::LearnMidi(None));
    }
    let bound = session.midi.bindings.len();
    if entry(ui, bound > 0, &format!("Forget all controllers ({bound})")) {
        commands.push(Command::ForgetMidi);
    }
}

fn view(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    ui.menu_button("Theme", |ui| {
        for choice in ThemeChoice::ALL {
            if check(ui, session.settings.theme == choice, choice.name()) {
                commands.push(Command::SetTheme(choice));
            }
        }
    });
    ui.menu_button("Size", |ui| {
        for percent in [80, 100, 125, 150, 200] {
            let zoom = percent as f32 / 100.0;
            if check(ui, (session.settings.zoom - zoom).abs() < 0.01, &format!("{percent} %")) {
                commands.push(Command::SetZoom(zoom));
            }
        }
    });
    ui.separator();
    let text = if session.settings.show_conditions {
        "Hide the side panel"
    } else {
        "Show the side panel"
    };
    action(ui, true, text, Action::Side, session, panes, commands);
    for (tab, text, what) in [
        (SideTab::Shape, "Shape", Action::TabShape),
        (SideTab::Train, "Train", Action::TabTrain),
        (SideTab::Keep, "Keep", Action::TabKeep),
    ] {
        let shortcut = keys::text_of(ui.ctx(), what);
        let button = Button::selectable(panes.side == tab, text).shortcut_text(shortcut);
        if ui.add(button).clicked() {
            keys::perform(what, session, panes, commands);
        }
    }
}

fn help(ui: &mut Ui, panes: &mut Panes, commands: &mut Commands) {
    if entry(ui, true, "First steps") {
        panes.dialog = Some(Dialog::FirstSteps);
    }
    let shortcut = keys::text_of(ui.ctx(), Action::Help);
    let button = Button::new("Keyboard shortcuts").shortcut_text(shortcut);
    if ui.add(button).clicked() {
        panes.dialog = Some(Dialog::Shortcuts);
    }
    if entry(ui, true, "About Songspace") {
        panes.dialog = Some(Dialog::About);
    }
    ui.separator();
    if entry(ui, true, "Restart the engine") {
        commands.push(Command::RestartEngine);
    }
}
