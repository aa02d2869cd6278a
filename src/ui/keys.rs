//! Every shortcut in one table, which also fills the help sheet and the menus.

use super::dialogs::Dialog;
use super::keyboard;
use super::map::Tool;
use super::panes::{Panes, SideTab};
use crate::session::{Command, Commands, FileAsk, Gesture, Motion, PlayMode, PlayPoint, Session, is_shown};
use crate::space::LayoutKind;
use crate::values::{ChunkId, LoopRegion};
use egui::{Context, Event, Key, KeyboardShortcut, Modifiers, Popup};

/// What a shortcut does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    TogglePlay,
    Loop,
    OneShot,
    Freeze,
    Song,
    Endless,
    Hold,
    Compare,
    Record,
    NextChunk,
    PreviousChunk,
    LoopFrom,
    LoopTo,
    Nudge(i8, i8),
    Pin,
    RandomWalk,
    DrawPath,
    StopMotion,
    SwitchLayout,
    Fit,
    LookAt,
    ZoomIn,
    ZoomOut,
    Search,
    Undo,
    Redo,
    Bookmark,
    Open,
    Save,
    SaveAs,
    Import,
    Keys,
    Clock,
    Tap,
    Side,
    TabSound,
    TabTrain,
    TabLibrary,
    Help,
    Quit,
}

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn command(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn command_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

/// All of them, in the order of the help sheet. Longer chords come before the shorter ones they contain.
pub const SHORTCUTS: &[(KeyboardShortcut, &str, Action)] = &[
    (plain(Key::Space), "Play or stop", Action::TogglePlay),
    (plain(Key::Num1), "Loop", Action::Loop),
    (plain(Key::Num2), "The whole song", Action::Song),
    (plain(Key::Num3), "Once", Action::OneShot),
    (plain(Key::Num4), "Freeze", Action::Freeze),
    (plain(Key::Num5), "On without end", Action::Endless),
    (plain(Key::H), "Hold notes, move how it sounds", Action::Hold),
    (plain(Key::A), "Original or model", Action::Compare),
    (plain(Key::R), "Record", Action::Record),
    (plain(Key::N), "Next moment of this clip", Action::NextChunk),
    (plain(Key::B), "Previous moment of this clip", Action::PreviousChunk),
    (plain(Key::OpenBracket), "The loop begins here", Action::LoopFrom),
    (plain(Key::CloseBracket), "The loop ends here", Action::LoopTo),
    (plain(Key::ArrowLeft), "Move the point left", Action::Nudge(-1, 0)),
    (plain(Key::ArrowRight), "Move the point right", Action::Nudge(1, 0)),
    (plain(Key::ArrowUp), "Move the point up", Action::Nudge(0, 1)),
    (plain(Key::ArrowDown), "Move the point down", Action::Nudge(0, -1)),
    (plain(Key::P), "Pin this place", Action::Pin),
    (plain(Key::W), "Random walk", Action::RandomWalk),
    (plain(Key::D), "Draw a path that loops", Action::DrawPath),
    (plain(Key::Escape), "Stop every motion", Action::StopMotion),
    (
        plain(Key::M),
        "Clusters (t-SNE) or overview (PCA)",
        Action::SwitchLayout,
    ),
    (plain(Key::F), "Show the whole map", Action::Fit),
    (
        plain(Key::Z),
        "Look at what sounds, is found or is shown",
        Action::LookAt,
    ),
    (plain(Key::Plus), "Zoom in", Action::ZoomIn),
    (plain(Key::Minus), "Zoom out", Action::ZoomOut),
    (plain(Key::K), "Play keys, or the sound itself", Action::Keys),
    (plain(Key::C), "Loops follow the clock", Action::Clock),
    (plain(Key::T), "Tap the tempo", Action::Tap),
    (command(Key::F), "Search", Action::Search),
    (command_shift(Key::Z), "Redo", Action::Redo),
    (command(Key::Z), "Undo", Action::Undo),
    (command(Key::Y), "Redo", Action::Redo),
    (command(Key::D), "Bookmark this sound", Action::Bookmark),
    (command(Key::O), "Open a space", Action::Open),
    (command_shift(Key::S), "Save the space as", Action::SaveAs),
    (command(Key::S), "Save the space", Action::Save),
    (command(Key::I), "Learn a folder of music", Action::Import),
    (plain(Key::Backslash), "Show or hide the side panel", Action::Side),
    (command(Key::Num1), "Sound", Action::TabSound),
    (command(Key::Num2), "Train", Action::TabTrain),
    (command(Key::Num3), "Library", Action::TabLibrary),
    (plain(Key::F1), "Keyboard shortcuts", Action::Help),
    (command(Key::Q), "Quit", Action::Quit),
];

/// The text of the shortcut of `action`, for menus.
pub fn text_of(ctx: &Context, action: Action) -> String {
    SHORTCUTS
        .iter()
        .find(|(_, _, a)| *a == action)
        .map(|(shortcut, ..)| words_of(ctx, shortcut))
        .unwrap_or_default()
}

/// A shortcut as it is written: "[" rather than "OpenBracket".
pub fn words_of(ctx: &Context, shortcut: &KeyboardShortcut) -> String {
    match shortcut.logical_key.symbol_or_name() {
        symbol if symbol.chars().count() == 1 && symbol.is_ascii() && shortcut.modifiers.is_none() => symbol.to_owned(),
        _ => ctx.format_shortcut(shortcut),
    }
}

/// Carries out every shortcut pressed in this frame, unless a menu or a text field has the keyboard.
pub fn handle(ctx: &Context, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    if Popup::is_any_open(ctx) {
        keyboard::read(ctx, session, &mut panes.keyboard, false, commands);
        return;
    }
    let map = &panes.map;
    let typing = ctx.text_edit_focused() || map.searching || map.focus_search || keyboard_may_move(ctx);
    // The map's own arrows move the point.
    let widget_has_arrows = ctx.memory(egui::Memory::focused).is_some_and(|id| map.id != Some(id));
    let sheet = panes.dialog.is_some() || session.replacing.is_some() || session.crash_report.is_some();
    keyboard::read(ctx, session, &mut panes.keyboard, !typing && !sheet, commands);
    for (shortcut, _, action) in SHORTCUTS {
        let with_command = shortcut.modifiers.command && !matches!(action, Action::Undo | Action::Redo);
        // What opened the sheet of keys closes it again.
        let closes = *action == Action::Help && panes.dialog == Some(Dialog::Shortcuts);
        if typing && !with_command || sheet && *action != Action::Quit && !closes {
            continue;
        }
        if widget_has_arrows && matches!(action, Action::Nudge(..)) {
            continue;
        }
        if *action == Action::TogglePlay {
            space_bar(ctx, widget_has_arrows, panes, commands);
        } else if ctx.input_mut(|input| input.consume_shortcut(shortcut)) {
            perform(*action, session, panes, commands);
        }
    }
}

/// Whether this frame may give the keyboard to a text field before its letters arrive: slow frames hold a click and the
/// first letters together, and those letters are text.
fn keyboard_may_move(ctx: &Context) -> bool {
    ctx.input(|input| {
        input.events.iter().any(|event| match event {
            // A click that slow frames hold is taken apart: its end comes with the letters then.
            Event::PointerButton { .. } => true,
            Event::Key {
                key,
                pressed: true,
                modifiers,
                ..
            } => *key == Key::Tab || modifiers.command && *key == Key::F,
            _ => false,
        })
    })
}

/// The space bar acts when it is let go, and only if nothing was panned with it and no button has the focus.
fn space_bar(ctx: &Context, widget_focused: bool, panes: &mut Panes, commands: &mut Commands) {
    if !ctx.input(|input| input.key_released(Key::Space)) {
        return;
    }
    if !std::mem::take(&mut panes.map.panned_with_space) && !widget_focused {
        commands.push(Command::TogglePlay);
    }
}

/// Does `action`; menus call it too.
pub fn perform(action: Action, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    let transport = &session.transport;
    match action {
        Action::TogglePlay => commands.push(Command::TogglePlay),
        Action::Loop => commands.push(Command::SetMode(PlayMode::Loop)),
        Action::OneShot => commands.push(Command::SetMode(PlayMode::OneShot)),
        Action::Song => commands.push(Command::SetMode(PlayMode::Song)),
        Action::Endless => commands.push(Command::SetMode(PlayMode::Endless)),
        Action::Freeze => commands.push(Command::SetMode(PlayMode::Freeze)),
        Action::Hold => commands.push(Command::SetHoldContent(!transport.hold_content)),
        Action::Compare => commands.push(Command::SetSource(transport.source.other())),
        Action::Record => commands.push(Command::ToggleRecording),
        Action::NextChunk => step_chunk(session, 1, commands),
        Action::PreviousChunk => step_chunk(session, -1, commands),
        Action::LoopFrom | Action::LoopTo => mark_loop(action == Action::LoopFrom, session, commands),
        Action::Nudge(x, y) => nudge(session, panes, x, y, commands),
        Action::Pin => commands.extend(session.selection.map(|selection| Command::AddPin(selection.point))),
        Action::RandomWalk => commands.push(match session.motion {
            Some(Motion::Random { .. }) => Command::StopMotion,
            _ => Command::RandomWalk,
        }),
        Action::DrawPath => panes.map.tool = Tool::Draw,
        Action::StopMotion => {
            panes.map.tool = Tool::Play;
            commands.push(Command::StopMotion);
        }
        Action::SwitchLayout => commands.push(Command::SetLayout(match session.settings.layout {
            LayoutKind::Pca => LayoutKind::Tsne,
            LayoutKind::Tsne => LayoutKind::Pca,
        })),
        Action::Fit => panes.map.camera.fit(),
        Action::LookAt => look_at(session, panes),
        Action::ZoomIn => zoom(panes, 1.6),
        Action::ZoomOut => zoom(panes, 1.0 / 1.6),
        Action::Search => panes.map.focus_search = true,
        Action::Undo => commands.push(Command::Undo),
        Action::Redo => commands.push(Command::Redo),
        Action::Bookmark => commands.push(Command::AddBookmark),
        Action::Open => commands.push(Command::Ask(FileAsk::OpenSpace)),
        Action::Save => commands.push(Command::Save),
        Action::SaveAs => commands.push(Command::Ask(FileAsk::SaveSpace)),
        Action::Import => commands.push(Command::Ask(FileAsk::MusicFolder)),
        Action::Keys if session.space.is_some() || session.keys.on => {
            commands.push(Command::PlayKeys(!session.keys.on));
        }
        Action::Keys => {}
        Action::Clock => commands.push(Command::FollowClock(!session.clock.on)),
        Action::Tap if session.clock.on => commands.push(Command::TapTempo),
        Action::Tap => {}
        Action::Side => commands.push(Command::ToggleSide),
        Action::TabSound => panes.side = SideTab::Sound,
        Action::TabTrain => panes.side = SideTab::Train,
        Action::TabLibrary => panes.side = SideTab::Library,
        Action::Help => {
            let is_open = panes.dialog == Some(Dialog::Shortcuts);
            panes.dialog = (!is_open).then_some(Dialog::Shortcuts);
        }
        Action::Quit => commands.push(Command::Quit),
    }
}

fn zoom(panes: &mut Panes, factor: f32) {
    let camera = &mut panes.map.camera;
    camera.glide(camera.centre, camera.half / factor);
}

/// Brings what was found or is shown to the size of the map, else what sounds with its neighbours.
fn look_at(session: &Session, panes: &mut Panes) {
    const NEIGHBOURS: usize = 24;
    let (Some(view), Some(layout)) = (&session.space, session.layout()) else {
        return;
    };
    let around = session.selection.map(|selection| {
        let place = layout.view_from_map(selection.point);
        layout.nearest_many(place, NEIGHBOURS, session.shown())
    });
    panes.map.look_at_choice(view, layout, &around.unwrap_or_default());
}

/// The neighbouring chunk of the clip that sounds.
fn step_chunk(session: &Session, step: i64, commands: &mut Commands) {
    let (Some(view), Some(selection)) = (&session.space, session.selection) else {
        return;
    };
    let chunks = &view.snapshot.chunks;
    let next = i64::from(selection.chunk.0) + step;
    let Some(next) = usize::try_from(next).ok().filter(|next| *next < chunks.len()) else {
        return;
    };
    let next_chunk = ChunkId(next as u32);
    if chunks[next].clip == chunks[selection.chunk.0 as usize].clip && is_shown(session.shown(), next_chunk) {
        commands.push(Command::Play(PlayPoint::Chunk(next_chunk), Gesture::Begin));
    }
}

/// Lets the loop begin or end at the playhead.
fn mark_loop(begins: bool, session: &Session, commands: &mut Commands) {
    let (transport, whole) = (&session.transport, session.strip.secs);
    let Some(playhead) = session.meters.playhead.filter(|_| transport.takes_region()) else {
        return;
    };
    let here = playhead * whole;
    let (begin, end) = transport
        .region
        .map_or((0.0, whole), |region| (region.begin_secs, region.end_secs));
    let region = match begins {
        true => LoopRegion::between(here, if end > here { end } else { whole }, whole),
        false => LoopRegion::between(if begin < here { begin } else { 0.0 }, here, whole),
    };
    commands.push(Command::SetRegion(region));
}

/// Moves the sounding place by a hundredth of what is on screen.
fn nudge(session: &Session, panes: &Panes, x: i8, y: i8, commands: &mut Commands) {
    let Some(layout) = session.layout() else {
        return;
    };
    let step = panes.map.camera.half * 0.02;
    let [at_x, at_y] = session.selection.map_or(panes.map.camera.centre, |selection| {
        layout.view_from_map(selection.point)
    });
    let place = [at_x + f32::from(x) * step, at_y + f32::from(y) * step];
    commands.push(Command::Play(
        PlayPoint::At(layout.map_from_view(place)),
        Gesture::Continue,
    ));
}
