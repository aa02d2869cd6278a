//! Tempo, pulse and key of every clip that a table lists with its tempo, and how many tempi are right, octaves apart or not.
//!
//! `cargo run --release --example tempi -- TABLE.csv`: a table with the columns `file` and `tempo`.

use anyhow::Context;
use songspace::corpus::listen_for_groove;
use std::path::Path;

/// How far a tempo may be off: as in the tempo task of MIREX.
const TOLERANCE: f32 = 0.04;

fn main() -> anyhow::Result<()> {
    let table = std::env::args()
        .nth(1)
        .context("name a table with the columns file and tempo")?;
    let table = Path::new(&table);
    let text = std::fs::read_to_string(table)?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let column = |name: &str| {
        header
            .iter()
            .position(|known| *known == name)
            .context("a column is missing")
    };
    let (file, tempo) = (column("file")?, column("tempo")?);
    let folder = table.parent().unwrap_or(Path::new("."));
    let (mut clips, mut exact, mut octaves, mut near) = (0, 0, 0, 0);
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let (Some(path), Some(Ok(wanted))) = (cells.get(file), cells.get(tempo).map(|cell| cell.parse::<f32>())) else {
            continue;
        };
        let groove = listen_for_groove(&folder.join(path), 44_100, &|| false)?;
        let is_near = |times: f32, tolerance: f32| (groove.tempo_bpm / (wanted * times) - 1.0).abs() <= tolerance;
        let folds = [1.0, 0.5, 2.0, 1.0 / 3.0, 3.0];
        clips += 1;
        exact += usize::from(is_near(1.0, TOLERANCE));
        octaves += usize::from(folds.iter().any(|times| is_near(*times, TOLERANCE)));
        near += usize::from(folds.iter().any(|times| is_near(*times, 0.01)));
        println!(
            "{path}: {wanted} bpm, found {:.2}, pulse {:.2}, {} beats, key {} {} ({:.2})",
            groove.tempo_bpm,
            groove.pulse,
            groove.beats_ms.len(),
            groove.key.tonic,
            if groove.key.is_minor { "minor" } else { "major" },
            groove.key.certainty
        );
    }
    println!("{clips} clips: {exact} exact, {octaves} octaves apart or not, {near} of these within 1 %");
    Ok(())
}
