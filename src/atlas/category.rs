//! How categories (genres, clusters, files) look on every map, in the window and in a picture: eight hues, and where those are
//! used up another shape or fill, so that 32 categories in a row differ.

/// Hues told apart with any common colour vision: the least distance in CIELAB of any two is 22, simulated after Machado,
/// Oliveira & Fernandes (2009) for people without red, green or blue cones too. For a dark ground.
const DARK_HUES: [[u8; 3]; 8] = [
    [152, 191, 255],
    [215, 167, 0],
    [7, 182, 122],
    [237, 41, 66],
    [179, 95, 255],
    [212, 255, 135],
    [236, 65, 173],
    [255, 230, 216],
];

/// The same for paper; the least distance is 16.
const LIGHT_HUES: [[u8; 3]; 8] = [
    [0, 72, 187],
    [255, 68, 0],
    [13, 107, 52],
    [170, 0, 33],
    [175, 87, 188],
    [99, 160, 38],
    [183, 136, 113],
    [29, 62, 67],
];

/// Shape and fill of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A filled circle.
    #[default]
    Disc,
    /// A circle with a hole.
    Ring,
    /// A filled square on its corner.
    Diamond,
    /// A square on its corner with a hole.
    Frame,
}

impl Mark {
    /// In the order in which categories take them.
    pub const ALL: [Self; 4] = [Self::Disc, Self::Ring, Self::Diamond, Self::Frame];

    /// Width of the hole as a part of the whole mark; 0 where it is filled.
    pub fn hole(self) -> f32 {
        match self {
            Self::Disc | Self::Diamond => 0.0,
            Self::Ring | Self::Frame => 0.55,
        }
    }

    /// Whether it has corners.
    pub fn is_square(self) -> bool {
        matches!(self, Self::Diamond | Self::Frame)
    }
}

/// Red, green and blue of category `index` on a dark or light ground.
pub fn category_rgb(index: usize, dark: bool) -> [u8; 3] {
    let hues = if dark { &DARK_HUES } else { &LIGHT_HUES };
    hues[index % hues.len()]
}

/// Shape and fill of category `index`.
pub fn category_mark(index: usize) -> Mark {
    Mark::ALL[index / DARK_HUES.len() % Mark::ALL.len()]
}

/// The grey of something without a category or value.
pub fn unknown_grey(dark: bool) -> u8 {
    if dark { 96 } else { 168 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Categories in a row that all look different.
    const DISTINCT_CATEGORIES: usize = 24;

    /// What is left of linear red, green and blue without one kind of cone (Machado et al. 2009, severity 1); the first is
    /// common vision.
    const VISIONS: [[[f32; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ];

    fn mul(matrix: &[[f32; 3]; 3], v: [f32; 3]) -> [f32; 3] {
        matrix.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum())
    }

    /// CIELAB under D65, as `vision` sees it.
    fn lab(rgb: [u8; 3], vision: &[[f32; 3]; 3]) -> [f32; 3] {
        const XYZ: [[f32; 3]; 3] = [
            [0.412_456_4, 0.357_576_1, 0.180_437_5],
            [0.212_672_9, 0.715_152_2, 0.072_175],
            [0.019_333_9, 0.119_192, 0.950_304_1],
        ];
        let linear = rgb.map(|v| {
            let v = f32::from(v) / 255.0;
            if v <= 0.040_45 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        });
        let seen = mul(vision, linear).map(|v| v.clamp(0.0, 1.0));
        let [x, y, z] = mul(&XYZ, seen);
        let f = |t: f32| {
            if t > 0.008_856 {
                t.cbrt()
            } else {
                7.787 * t + 16.0 / 116.0
            }
        };
        let (x, y, z) = (f(x / 0.950_47), f(y), f(z / 1.088_83));
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[test]
    fn hues_differ_for_every_common_colour_vision() {
        for dark in [true, false] {
            for vision in &VISIONS {
                for a in 0..DARK_HUES.len() {
                    for b in 0..a {
                        let (p, q) = (lab(category_rgb(a, dark), vision), lab(category_rgb(b, dark), vision));
                        let distance = p.iter().zip(q).map(|(p, q)| (p - q).powi(2)).sum::<f32>().sqrt();
                        assert!(distance > 16.0, "{a} and {b} on dark {dark}: {distance}");
                    }
                }
            }
        }
    }

    #[test]
    fn two_dozen_categories_are_all_different() {
        for dark in [true, false] {
            let looks: HashSet<_> = (0..DISTINCT_CATEGORIES)
                .map(|i| (category_rgb(i, dark), category_mark(i)))
                .collect();
            assert_eq!(looks.len(), DISTINCT_CATEGORIES);
        }
    }
}
