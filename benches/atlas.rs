//! The map's engines against openTSNE's FFT t-SNE and scikit-learn's Barnes-Hut t-SNE on the same rows, epochs and perplexity in
//! the same run on the same cores, and what a mouse move costs on a map of 100,000 points.
//!
//! `cargo bench --bench atlas -- [points ...]`; a peer is skipped, and said to be, where `python3` (or `$PYTHON`) has none of it.
//! scikit-learn is asked up to 20,000 points only: beyond, it takes a quarter of an hour. Ratios are ours / openTSNE's: under 1 is
//! faster. Trustworthiness is over 15 neighbours at the same 1,500 rows for all.

use ndarray::Array2;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use songspace::atlas::quality::neighbourhoods_kept;
use songspace::atlas::{Pca, PointGrid, SMALL_MAP, TsneEngine, TsneOptions, tsne};
use songspace::sync::StopFlag;
use songspace::values::MapPoint;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const WIDTH: usize = 64;
const EPOCHS: usize = 750;
const PERPLEXITY: f32 = 30.0;
/// The Barnes-Hut peer is asked up to here.
const MOST_BARNES_HUT: usize = 5_000;
/// Name, script and most points; the first is what is compared with.
const PEERS: [(&str, &str, usize); 2] = [
    ("openTSNE", "tsne_opentsne.py", usize::MAX),
    ("scikit-learn", "tsne_sklearn.py", 20_000),
];

fn main() {
    let asked: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let sizes = if asked.is_empty() {
        vec![1_000, 5_000, 20_000, 80_000]
    } else {
        asked
    };
    println!(
        "{:>7}  {:<28} {:>9} {:>7}  trustworthiness",
        "points", "engine", "seconds", "ratio"
    );
    for n in sizes {
        compare(n);
    }
    hover();
}

fn compare(n: usize) {
    let rows = music_like_rows(n);
    let mut peer_secs = None;
    for (name, script, most) in PEERS {
        if n > most {
            continue;
        }
        match peer(&rows, script) {
            Ok((secs, points)) => {
                peer_secs = peer_secs.or(Some(secs));
                report(n, name, secs, None, &rows, &points);
            }
            Err(reason) => println!("{n:>7}  {name} skipped: {reason}"),
        }
    }
    if n <= MOST_BARNES_HUT {
        let began = Instant::now();
        let points = barnes_hut(&rows);
        report(
            n,
            "bhtsne 0.7 (Barnes-Hut)",
            began.elapsed().as_secs_f64(),
            peer_secs,
            &rows,
            &points,
        );
    }
    let pca = Pca::fit(rows.view(), 2).expect("finite rows");
    let start = points(&pca.project(rows.view()));
    let exact = (n <= SMALL_MAP).then_some(("every pair (linfa-tsne)", TsneEngine::Exact));
    for (name, engine) in exact.into_iter().chain([("Songspace's grid", TsneEngine::Grid)]) {
        let options = TsneOptions {
            engine: Some(engine),
            perplexity: PERPLEXITY,
            epochs: EPOCHS,
            seed: 0,
        };
        let began = Instant::now();
        let map = tsne(rows.view(), &start, options, &mut |_| {}, &StopFlag::default()).expect("finite rows");
        report(n, name, began.elapsed().as_secs_f64(), peer_secs, &rows, &map);
    }
}

/// The engine that drew large maps before.
fn barnes_hut(rows: &Array2<f32>) -> Vec<MapPoint> {
    let samples: Vec<&[f32]> = rows.as_slice().unwrap_or_default().chunks_exact(WIDTH).collect();
    let distance = |a: &&[f32], b: &&[f32]| a.iter().zip(*b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
    let mut solver: bhtsne::tSNE<'_, f32, &[f32], 2> = bhtsne::tSNE::new(&samples);
    solver
        .perplexity(PERPLEXITY)
        .epochs(EPOCHS)
        .learning_rate(rows.nrows() as f32 / 12.0)
        .barnes_hut(0.5, distance);
    let places = solver.embedding();
    places.chunks_exact(2).map(|p| MapPoint { x: p[0], y: p[1] }).collect()
}

fn report(n: usize, engine: &str, secs: f64, peer_secs: Option<f64>, rows: &Array2<f32>, map: &[MapPoint]) {
    let ratio = peer_secs.map_or_else(|| "-".to_owned(), |peer| format!("{:.2}", secs / peer));
    let kept = neighbourhoods_kept(rows.view(), map, 15);
    println!(
        "{n:>7}  {engine:<28} {secs:>9.2} {ratio:>7}  {:.3}",
        kept.trustworthiness
    );
}

/// Songs of several chunks within genres: clusters of clusters, as latents are.
fn music_like_rows(n: usize) -> Array2<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut normal = || (0..12).map(|_| rng.random_range(-0.5f32..0.5)).sum::<f32>();
    let genres = Array2::from_shape_simple_fn((13, WIDTH), &mut normal) * 1.5;
    let songs = Array2::from_shape_simple_fn((n.div_ceil(7), WIDTH), &mut normal);
    let mut rows = Array2::from_shape_simple_fn((n, WIDTH), normal) * 0.6;
    for (i, mut row) in rows.rows_mut().into_iter().enumerate() {
        row += &songs.row(i / 7);
        row += &genres.row(i / 7 % 13);
    }
    rows
}

fn peer(rows: &Array2<f32>, script: &str) -> Result<(f64, Vec<MapPoint>), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (input, output) = (folder.path().join("rows.f32"), folder.path().join("map.f32"));
    let bytes: Vec<u8> = rows.iter().flat_map(|value| value.to_le_bytes()).collect();
    std::fs::File::create(&input)
        .and_then(|mut file| file.write_all(&bytes))
        .map_err(|error| error.to_string())?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers").join(script);
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let run = Command::new(python)
        .arg(script)
        .arg(&input)
        .args([WIDTH.to_string(), EPOCHS.to_string(), PERPLEXITY.to_string()])
        .arg(&output)
        .output()
        .map_err(|error| error.to_string())?;
    if !run.status.success() {
        let text = String::from_utf8_lossy(&run.stderr);
        return Err(text.lines().last().unwrap_or("it failed").to_owned());
    }
    let secs: f64 = String::from_utf8_lossy(&run.stdout)
        .trim()
        .parse()
        .map_err(|_| "it printed no time".to_owned())?;
    let bytes = std::fs::read(output).map_err(|error| error.to_string())?;
    let value = |part: &[u8]| f32::from_le_bytes([part[0], part[1], part[2], part[3]]);
    let map = bytes.chunks_exact(8).map(|pair| MapPoint {
        x: value(&pair[..4]),
        y: value(&pair[4..]),
    });
    Ok((secs, map.collect()))
}

fn points(table: &Array2<f32>) -> Vec<MapPoint> {
    table
        .rows()
        .into_iter()
        .map(|row| MapPoint { x: row[0], y: row[1] })
        .collect()
}

fn hover() {
    const POINTS: usize = 100_000;
    const QUESTIONS: usize = 100_000;
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut place = || MapPoint {
        x: rng.random_range(-2.0..2.0),
        y: rng.random_range(-2.0..2.0),
    };
    let map: Vec<MapPoint> = (0..POINTS).map(|_| place()).collect();
    let questions: Vec<MapPoint> = (0..QUESTIONS).map(|_| place()).collect();
    let began = Instant::now();
    let grid = PointGrid::new(&map);
    println!(
        "grid over {POINTS} points built in {:.1} ms",
        1e3 * began.elapsed().as_secs_f64()
    );
    let mut found = Vec::new();
    for count in [1, 9] {
        let began = Instant::now();
        let mut sum = 0.0;
        for question in &questions {
            grid.nearest_into(*question, count, &mut found);
            sum += found[0].distance_squared;
        }
        let micros = 1e6 * began.elapsed().as_secs_f64() / QUESTIONS as f64;
        println!("nearest {count} of {POINTS}: {micros:.2} us a question (check sum {sum:.3})");
    }
    let began = Instant::now();
    let plain = questions.iter().take(100).filter_map(|question| {
        map.iter()
            .map(|point| point.distance_squared(*question))
            .min_by(f32::total_cmp)
    });
    let sum: f32 = plain.sum();
    println!(
        "nearest 1 by a plain scan: {:.0} us a question (check sum {sum:.3})",
        1e4 * began.elapsed().as_secs_f64()
    );
}
