//! Every control on screen with its name, state and place, written to a file for whoever drives the program from outside.
//!
//! Off unless the environment names a file in [`VARIABLE`]. It is the accessibility tree that screen readers are given, so
//! what a test can find by name a person can too. UI thread; the file is replaced whole, and only when something changed.

use crate::files::write_whole_unsynced;
use egui::accesskit::{Node, Role, Toggled};
use egui::{Context, FullOutput, Plugin, RawInput};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Names the file.
pub const VARIABLE: &str = "SONGSPACE_CONTROLS";

/// One control, or one line of text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ControlOnScreen {
    /// As AccessKit calls it: `Button`, `Slider`, `Label`.
    pub role: String,
    /// Its label; for a line of text, the text itself. May occur more than once.
    pub name: String,
    /// The text of a field, the number of a slider.
    pub value: Option<String>,
    /// Left, top, right, bottom in pixels of the window.
    pub rect: [f64; 4],
    /// False while it is greyed out.
    pub enabled: bool,
    /// Whether a switch is on.
    pub on: bool,
    /// Whether it has the keyboard.
    pub focused: bool,
}

/// Writes the file at the end of each frame that changed something.
struct ControlsFile {
    path: PathBuf,
    written: Vec<ControlOnScreen>,
}

/// Starts writing if the environment asks for it.
pub fn install(ctx: &Context) {
    if let Some(path) = std::env::var_os(VARIABLE) {
        let path = PathBuf::from(path);
        ctx.add_plugin(ControlsFile {
            path,
            written: Vec::new(),
        });
    }
}

impl Plugin for ControlsFile {
    fn debug_name(&self) -> &'static str {
        "controls file"
    }

    fn input_hook(&mut self, ctx: &Context, _input: &mut RawInput) {
        // Every frame: the window switches it off where no screen reader listens.
        ctx.enable_accesskit();
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        let Some(tree) = &output.platform_output.accesskit_update else {
            return;
        };
        let scale = f64::from(ctx.pixels_per_point());
        let controls: Vec<ControlOnScreen> = tree
            .nodes
            .iter()
            .filter_map(|(id, node)| control(node, *id == tree.focus, scale))
            .collect();
        if controls == self.written {
            return;
        }
        if let Err(error) = write_whole_unsynced(&self.path, |out| Ok(serde_json::to_writer(out, &controls)?)) {
            log::warn!("{error}");
        }
        self.written = controls;
    }
}

/// What has a name and a place; meters move at every frame and are nobody's target.
fn control(node: &Node, focused: bool, scale: f64) -> Option<ControlOnScreen> {
    let rect = node.bounds()?;
    let text = node.value().map(str::to_owned);
    let name = node.label().map(str::to_owned).or_else(|| text.clone())?;
    (node.role() != Role::Meter).then(|| ControlOnScreen {
        role: format!("{:?}", node.role()),
        name,
        value: node.numeric_value().map(|value| value.to_string()).or(text),
        rect: [rect.x0, rect.y0, rect.x1, rect.y1].map(|edge| edge * scale),
        enabled: !node.is_disabled(),
        on: node.toggled() == Some(Toggled::True),
        focused,
    })
}
