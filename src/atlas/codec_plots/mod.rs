//! What a corpus looks like to a neural codec, as pictures: latents over time, clips by the mean and deviation of their
//! latents, codebooks by how evenly they are used. Any thread; blocks until drawn.

mod clip_map;
mod corpus;
mod latents;
mod scale;
mod usage;

pub use corpus::{CodecClip, CodecCorpus, Excerpt};

use super::{AtlasError, Picture};
use crate::sync::StopFlag;

/// The pictures, each with the stem of its file.
///
/// # Errors
/// When there are fewer than four clips, a latent is not finite, or `stop` is set.
pub fn codec_pictures(
    corpus: &CodecCorpus,
    seed: u64,
    stop: &StopFlag,
) -> Result<Vec<(&'static str, Picture)>, AtlasError> {
    Ok(vec![
        ("latent_samples", latents::picture(corpus)?),
        ("clips_by_latent", clip_map::picture(&corpus.clips, seed, stop)?),
        ("codebook_usage", usage::picture(&corpus.usage, corpus.kbps)?),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::encodec::{ClipLatents, CodebookUsage, Codes};
    use crate::values::Frames;

    /// Clips of two kinds, bright ones and dark ones.
    fn corpus(clips: usize) -> CodecCorpus {
        let frames = |kind: f32| Frames::from_vec(3, (0..60).map(|i| kind + (i as f32 * 0.7).sin() * 0.1).collect());
        let kind = |i: usize| if i.is_multiple_of(2) { 1.0 } else { -1.0 };
        let mut usage = CodebookUsage::new(8);
        usage.add(&Codes::from_rows(2, vec![0, 1, 2, 1, 4, 1]).unwrap());
        CodecCorpus {
            excerpts: vec![Excerpt {
                title: "one".into(),
                latents: frames(1.0),
            }],
            clips: (0..clips)
                .map(|i| CodecClip {
                    latents: ClipLatents::of(&frames(kind(i) + i as f32 * 0.01)).unwrap(),
                    valence: Some(kind(i)),
                    arousal: None,
                })
                .collect(),
            usage,
            kbps: 6.0,
            frame_rate_hz: 75.0,
        }
    }

    fn pixels(picture: &Picture, colour: [u8; 3]) -> usize {
        picture.rgb.chunks_exact(3).filter(|pixel| **pixel == colour).count()
    }

    #[test]
    fn moods_are_seen_and_what_is_unknown_is_grey() {
        let pictures = codec_pictures(&corpus(12), 1, &StopFlag::default()).unwrap();
        let (stem, map) = &pictures[1];
        assert_eq!(*stem, "clips_by_latent");
        for mood in [-1.0, 1.0] {
            let plotters::style::RGBColor(r, g, b) = scale::mood(mood);
            assert!(pixels(map, [r, g, b]) > 100, "mood {mood} is not seen");
        }
        let plotters::style::RGBColor(r, g, b) = super::super::canvas::unlabelled();
        assert!(pixels(map, [r, g, b]) > 100, "arousal is unknown and must be grey");
    }

    #[test]
    fn too_few_clips_are_named() {
        let error = codec_pictures(&corpus(3), 1, &StopFlag::default()).unwrap_err();
        assert!(error.to_string().contains("4"), "{error}");
    }
}
