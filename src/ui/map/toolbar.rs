//! The strip over the map: layout, colour, search, tools, zoom.

use super::{MapState, Tool};
use crate::session::{ColourBy, Command, Commands, Gesture, Motion, PlayPoint, Session};
use crate::space::LayoutKind;
use crate::ui::controls::{caption, icon_button, segmented};
use crate::ui::icon::Icon;
use crate::ui::tokens::space;
use crate::values::ChunkId;
use egui::{Align, ComboBox, Key, Layout, TextEdit, Ui};

/// Draws the strip.
pub fn show(ui: &mut Ui, session: &Session, state: &mut MapState, commands: &mut Commands) {
    ui.horizontal(|ui| {
        let has = |kind| {
            session
                .space
                .as_ref()
                .is_some_and(|view| view.layouts.iter().any(|layout| layout.kind == kind))
        };
        if has(LayoutKind::Pca) && has(LayoutKind::Tsne) {
            let choices = [
                (
                    LayoutKind::Tsne,
                    "t-SNE",
                    "Neighbours stay neighbours, distances far apart mean little; a place between points is a blend of the nearest",
                ),
                (
                    LayoutKind::Pca,
                    "PCA",
                    "The two directions in which the sounds differ most; a place between points is met exactly",
                ),
            ];
            if let Some(kind) = segmented(ui, session.settings.layout, &choices) {
                commands.push(Command::SetLayout(kind));
            }
        } else {
            caption(ui, "PCA");
        }
        colour_choice(ui, session, commands);
        search(ui, session, state, commands);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::TIGHT;
            if icon_button(ui, Icon::Fit, "Show the whole map (F)", false).clicked() {
                state.camera.fit();
            }
            if icon_button(ui, Icon::Minus, "Zoom out (-)", false).clicked() {
                let centre = state.camera.centre;
                state.camera.glide(centre, state.camera.half * 1.6);
            }
            if icon_button(ui, Icon::Plus, "Zoom in (+)", false).clicked() {
                let centre = state.camera.centre;
                state.camera.glide(centre, state.camera.half / 1.6);
            }
            ui.add_space(space::SNUG);
            motions(ui, session, state, commands);
        });
    });
}

fn colour_choice(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let now = session.settings.colour_by;
    ComboBox::from_id_salt("colour by")
        .selected_text(format!("Colour: {}", now.name().to_lowercase()))
        .width(128.0)
        .show_ui(ui, |ui| {
            for choice in ColourBy::ALL {
                if ui.selectable_label(choice == now, choice.name()).clicked() && choice != now {
                    commands.push(Command::SetColourBy(choice));
                }
            }
        })
        .response
        .accessible_name("Colour by")
        .on_hover_text("What a point's colour means");
}

/// The search field: what does not match fades, Enter plays the first that does.
fn search(ui: &mut Ui, session: &Session, state: &mut MapState, commands: &mut Commands) {
    let room = (ui.available_width() - 236.0).clamp(70.0, 220.0);
    let field = TextEdit::singleline(&mut state.query)
        .hint_text("Search")
        .desired_width(room);
    let response = ui.add(field).accessible_name("Search clips");
    if std::mem::take(&mut state.focus_search) {
        response.request_focus();
    }
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if let (true, Some(view)) = (entered && !state.query.trim().is_empty(), &session.space) {
        let query = state.query.trim().to_lowercase();
        let first = (0..view.snapshot.chunks.len()).find(|chunk| view.matches(*chunk, &query));
        commands.extend(first.map(|chunk| Command::Play(PlayPoint::Chunk(ChunkId(chunk as u32)), Gesture::Begin)));
    }
    if let Some(view) = &session.space
        && !state.query.is_empty()
        && ui.available_width() > 300.0
    {
        let found = view.count_matches(&state.query.trim().to_lowercase());
        caption(
            ui,
            match found {
                0 => "nothing found".to_owned(),
                1 => "1 clip".to_owned(),
                n => format!("{n} clips"),
            },
        );
    }
}

fn motions(ui: &mut Ui, session: &Session, state: &mut MapState, commands: &mut Commands) {
    let walking = matches!(session.motion, Some(Motion::Random { .. }));
    if icon_button(ui, Icon::Dice, "Random walk (W)", walking).clicked() {
        commands.push(if walking {
            Command::StopMotion
        } else {
            Command::RandomWalk
        });
    }
    let drawing = state.tool == Tool::Draw;
    if icon_button(ui, Icon::Path, "Draw a path that loops (D)", drawing).clicked() {
        state.tool = if drawing { Tool::Play } else { Tool::Draw };
    }
    let pins = !session.pins.is_empty();
    let tip = if pins {
        "Walk round the pins"
    } else {
        "Walk round the pins: right-click the map to set some"
    };
    ui.add_enabled_ui(session.pins.len() > 1, |ui| {
        if icon_button(ui, Icon::Pin, tip, matches!(session.motion, Some(Motion::Path { .. }))).clicked() {
            commands.push(Command::WalkPins);
        }
    });
}
