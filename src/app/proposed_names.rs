//! What a new file is called unless its maker says otherwise: the space, and what of it.

use super::App;
use super::disk_names::sanitised;
use crate::render::Recipe;
use crate::session::{ExportTarget, FileAsk, Motion};

impl App {
    /// The name, without an ending, that is proposed for what `ask` writes.
    pub fn proposed_name(&self, ask: FileAsk) -> String {
        let mut parts = vec![self.session.title().to_owned()];
        if let FileAsk::Export(target) = ask {
            match target {
                ExportTarget::PointWav => parts.extend(self.sound_in_words()),
                ExportTarget::LoopWav => parts.extend(self.sound_in_words().into_iter().chain(["loop".to_owned()])),
                ExportTarget::PathWav => parts.push(match &self.session.motion {
                    Some(Motion::Path { period_secs, .. }) => format!("path of {period_secs:.0} s"),
                    _ => "path".to_owned(),
                }),
                ExportTarget::TakeWav => {
                    parts = self
                        .session
                        .take
                        .iter()
                        .map(|take| format!("{} again", take.name))
                        .collect();
                }
                ExportTarget::MapPng => parts.push("map".to_owned()),
                ExportTarget::TableCsv => parts.push("table".to_owned()),
            }
        }
        file_name(&parts)
    }

    /// Clip, genre and moment of what sounds.
    fn sound_in_words(&self) -> Vec<String> {
        if let Some(number) = self.session.sample {
            return vec![format!("new {number}"), self.session.genre_in_words()];
        }
        let (Some(view), Some(selection)) = (&self.session.space, self.session.selection) else {
            return Vec::new();
        };
        let Some(chunk) = view.snapshot.chunks.get(selection.chunk.0 as usize) else {
            return Vec::new();
        };
        let title = view.snapshot.clips[chunk.clip.0 as usize].title.clone();
        let is_clip = |recipe: Recipe| recipe.span == crate::decode::Span::Song;
        let moment = match self.recipe_now().is_some_and(is_clip) {
            true => format!("whole from {:.1} s", chunk.start_secs),
            false => format!("{:.1} s", chunk.start_secs),
        };
        vec![title, self.session.genre_in_words(), moment]
    }
}

/// `parts` as a name that every disk takes.
fn file_name(parts: &[String]) -> String {
    let said = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    sanitised(&said.collect::<Vec<_>>().join(" - "))
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_name_holds_what_disks_refuse_no_more() {
        let parts = ["mine", "AC/DC: live?", "", "Rock as Metal 60 %, Jazz 40 %", "8.9 s"].map(str::to_owned);
        assert_eq!(
            file_name(&parts),
            "mine - AC-DC- live- - Rock as Metal 60 %, Jazz 40 % - 8.9 s"
        );
        assert_eq!(file_name(&["..".to_owned()]), "");
        assert!(file_name(&["x".repeat(400)]).len() <= 150);
    }
}
