//! Fixed points of a training, decoded with its first map and with every newer one: what the training does can be heard.

use super::App;
use crate::dsp::LEVEL_FLOOR;
use crate::jobs::preview_points;
use crate::session::{Preview, Take};
use crate::space::Snapshot;
use crate::values::{ChunkAudio, ChunkId, DecodedChunk, Frames};
use std::sync::Arc;

impl App {
    /// Decodes the fixed points of `snapshot` on a thread of its own.
    pub(super) fn preview(&mut self, snapshot: Arc<Snapshot>) {
        let previewer = self.backend.previewer();
        let chunks = preview_points(&snapshot);
        self.tasks.run(
            "decoding the previews",
            move |_| {
                let takes = previewer(&snapshot, &chunks).map(|sounds| {
                    let step = snapshot.meta.trained_steps;
                    sounds.into_iter().map(|audio| take(audio, step)).collect::<Vec<_>>()
                });
                Box::new(move |app: &mut App| match takes {
                    Ok(takes) => app.on_previews(&snapshot, &chunks, takes),
                    Err(sentence) => log::warn!("no previews: {sentence}"),
                })
            },
            |message| Box::new(move |_: &mut App| log::warn!("no previews: {message}")),
        );
    }

    /// The first takes of a training are what it is compared with.
    fn on_previews(&mut self, snapshot: &Snapshot, chunks: &[ChunkId], takes: Vec<Take>) {
        let previews = &mut self.session.training.previews;
        if previews.len() == takes.len() {
            for (preview, take) in previews.iter_mut().zip(takes) {
                preview.now = Some(take);
            }
            return;
        }
        let described = chunks.iter().zip(takes).filter_map(|(chunk, before)| {
            let clip = &snapshot.clips[snapshot.chunks.get(chunk.0 as usize)?.clip.0 as usize];
            let genre = clip.labels.leading_genre();
            Some(Preview {
                title: clip.title.clone(),
                genre: genre.map_or_else(String::new, |genre| snapshot.meta.genres[usize::from(genre)].clone()),
                before,
                now: None,
            })
        });
        *previews = described.collect();
    }

    /// Plays a take of a preview.
    pub(super) fn hear_preview(&mut self, index: usize, now: bool) {
        let preview = self.session.training.previews.get(index);
        let take = preview.and_then(|preview| {
            if now {
                preview.now.as_ref()
            } else {
                Some(&preview.before)
            }
        });
        if let Some(audio) = take.map(|take| Arc::clone(&take.audio)) {
            self.hear(audio);
        }
    }
}

fn take(audio: ChunkAudio, step: u64) -> Take {
    let picture = match &audio {
        ChunkAudio::Spectral { log_amplitude, .. } => picture(log_amplitude),
        ChunkAudio::Pcm { .. } => Arc::default(),
    };
    let audio = Arc::new(DecodedChunk::of(audio));
    Take { step, picture, audio }
}

/// The loudest level in each cell of a coarse grid, from the floor to full scale.
fn picture(levels: &Frames) -> Arc<[u8]> {
    let span = |part: usize, parts: usize, whole: usize| part * whole / parts..((part + 1) * whole / parts).max(1);
    let cell = |row: usize, column: usize| {
        let bands = span(Take::ROWS - 1 - row, Take::ROWS, levels.width());
        let frames = span(column, Take::COLUMNS, levels.len());
        let loudest = frames
            .flat_map(|frame| levels.row(frame)[bands.clone()].iter().copied())
            .fold(LEVEL_FLOOR, f32::max);
        ((1.0 - loudest / LEVEL_FLOOR) * 255.0).clamp(0.0, 255.0) as u8
    };
    let cells = (0..Take::ROWS).flat_map(|row| (0..Take::COLUMNS).map(move |column| (row, column)));
    cells.map(|(row, column)| cell(row, column)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_note_late_lies_at_the_lower_right() {
        let mut levels = Frames::from_vec(224, vec![LEVEL_FLOOR; 224 * 512]);
        for frame in 400..512 {
            levels.row_mut(frame)[10] = -1.0;
        }
        let picture = picture(&levels);
        let loudest = (0..picture.len()).max_by_key(|cell| picture[*cell]).unwrap();
        let (row, column) = (loudest / Take::COLUMNS, loudest % Take::COLUMNS);
        assert!(
            row > Take::ROWS * 3 / 4 && column >= Take::COLUMNS * 3 / 4,
            "{row} {column}"
        );
        assert_eq!(picture[0], 0);
    }
}
