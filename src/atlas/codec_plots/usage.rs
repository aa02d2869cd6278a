//! How evenly the corpus uses the codebooks: share of entries used, perplexity, and every entry's count.

use super::scale;
use crate::atlas::AtlasError;
use crate::atlas::canvas::{Area, Drawn, Picture, ink};
use crate::codec::encodec::CodebookUsage;
use plotters::prelude::*;

const WIDTH: u32 = 1_400;
const TITLE_HEIGHT: u32 = 56;
const BARS_HEIGHT: u32 = 260;
const COUNTS_HEIGHT: u32 = 420;
const LEFT: i32 = 80;
/// Of the smallest labels.
const LETTER_HEIGHT: i32 = 16;
const RIGHT: i32 = WIDTH as i32 - 30;

pub(super) fn picture(usage: &CodebookUsage, kbps: f64) -> Result<Picture, AtlasError> {
    let entries = usage.counts().next().map_or(0, <[u64]>::len);
    let height = TITLE_HEIGHT + 2 * BARS_HEIGHT + COUNTS_HEIGHT;
    Picture::drawn(WIDTH, height, |area| {
        let title = format!("{} codebooks of {entries} entries at {kbps} kbps", usage.counts().len());
        area.draw(&Text::new(title, (24, 18), ink(22)))?;
        let (_, below) = area.split_vertically(TITLE_HEIGHT);
        let (shares, below) = below.split_vertically(BARS_HEIGHT);
        let (perplexities, counts) = below.split_vertically(BARS_HEIGHT);
        bars(
            "entries used, %",
            usage.used_share().iter().map(|share| share * 100.0),
            100.0,
            &shares,
        )?;
        bars(
            "perplexity: as many entries, evenly used, would say as much",
            usage.perplexity().into_iter(),
            entries as f32,
            &perplexities,
        )?;
        heat(usage, &counts)
    })
}

/// One bar per codebook between 0 and `most`.
fn bars(title: &str, values: impl ExactSizeIterator<Item = f32>, most: f32, area: &Area<'_>) -> Drawn {
    area.draw(&Text::new(title.to_owned(), (24, 2), ink(18)))?;
    let (top, bottom) = (34, BARS_HEIGHT as i32 - 34);
    let height = |value: f32| ((value / most.max(1e-9)).clamp(0.0, 1.0) * (bottom - top) as f32) as i32;
    for share in [0.0, 0.5, 1.0] {
        let y = bottom - height(share * most);
        area.draw(&Rectangle::new(
            [(LEFT, y), (RIGHT, y + 1)],
            scale::amount(0.12).filled(),
        ))?;
        area.draw(&Text::new(format!("{:.0}", share * most), (24, y - 9), ink(16)))?;
    }
    let step = (RIGHT - LEFT) / values.len().max(1) as i32;
    for (index, value) in values.enumerate() {
        let x = LEFT + index as i32 * step;
        let bar = [(x + 2, bottom - height(value)), (x + step - 2, bottom)];
        area.draw(&Rectangle::new(bar, scale::mood(1.0).filled()))?;
        area.draw(&Text::new(
            format!("{}", index + 1),
            (x + step / 2 - 6, bottom + 8),
            ink(15),
        ))?;
    }
    Ok(())
}

/// Counts of every entry, the commonest first, one row per codebook; logarithmic, as counts fall off steeply.
fn heat(usage: &CodebookUsage, area: &Area<'_>) -> Drawn {
    let title = "counts of the entries, commonest first, one row per codebook (logarithmic)";
    area.draw(&Text::new(title, (24, 2), ink(18)))?;
    let rows = usage.counts().len().max(1) as i32;
    let (top, bottom) = (34, COUNTS_HEIGHT as i32 - 24);
    // Labels every so many rows, where a row is lower than a letter.
    let labelled = (LETTER_HEIGHT * rows / (bottom - top) + 1).max(1) as usize;
    let most = usage.counts().flatten().copied().max().unwrap_or(0).max(1) as f32;
    for (index, counts) in usage.counts().enumerate() {
        let mut sorted = counts.to_vec();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        let edge = |row: i32| top + (bottom - top) * row / rows;
        let (high, low) = (edge(index as i32), edge(index as i32 + 1) - 1);
        if index.is_multiple_of(labelled) {
            let place = (40, (high + low) / 2 - LETTER_HEIGHT / 2);
            area.draw(&Text::new(format!("{}", index + 1), place, ink(15)))?;
        }
        for x in LEFT..RIGHT {
            let entry = (x - LEFT) as usize * sorted.len() / (RIGHT - LEFT) as usize;
            let value = (sorted[entry] as f32 + 1.0).ln() / (most + 1.0).ln();
            area.draw(&Rectangle::new(
                [(x, high), (x + 1, low)],
                scale::amount(value).filled(),
            ))?;
        }
    }
    Ok(())
}
