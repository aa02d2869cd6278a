//! How categories (genres, clusters, files) look on every map, in the window and in a picture.

/// Ten hues told apart with any common colour vision, after Okabe & Ito (2008) and Paul Tol's "bright" and "muted"
/// sets, lightened for a dark ground. Categories 10..20 repeat them with another [`Mark`].
const DARK_HUES: [[u8; 3]; 10] = [
    [86, 180, 233],
    [236, 158, 34],
    [46, 190, 145],
    [244, 118, 96],
    [190, 150, 240],
    [240, 228, 90],
    [232, 134, 190],
    [58, 118, 226],
    [170, 178, 120],
    [196, 200, 210],
];

/// The same hues, darkened for paper.
const LIGHT_HUES: [[u8; 3]; 10] = [
    [28, 128, 190],
    [200, 116, 0],
    [0, 138, 100],
    [204, 62, 40],
    [122, 78, 190],
    [160, 140, 0],
    [196, 70, 140],
    [20, 62, 168],
    [108, 116, 48],
    [92, 98, 110],
];

/// Shape of a point: the second ten categories differ by shape, not by a hue nobody could tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// Of the first ten.
    #[default]
    Disc,
    /// Of the second ten.
    Diamond,
}

/// Red, green and blue of category `index` on a dark or light ground.
pub fn category_rgb(index: usize, dark: bool) -> [u8; 3] {
    let hues = if dark { &DARK_HUES } else { &LIGHT_HUES };
    hues[index % hues.len()]
}

/// Shape of category `index`.
pub fn category_mark(index: usize) -> Mark {
    if (index / DARK_HUES.len()).is_multiple_of(2) {
        Mark::Disc
    } else {
        Mark::Diamond
    }
}

/// The grey of something without a category or value.
pub fn unknown_grey(dark: bool) -> u8 {
    if dark { 96 } else { 168 }
}
