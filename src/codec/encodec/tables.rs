//! What a corpus looks like in EnCodec: figures for plots, computed from latents and codes already at hand.

use super::Codes;
use crate::values::Frames;

/// One clip as a point: mean and standard deviation over time of every latent dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipLatents {
    /// One value per latent dimension, averaged over time.
    pub mean: Vec<f32>,
    /// Population standard deviation over time, one value per latent dimension.
    pub std: Vec<f32>,
}

impl ClipLatents {
    /// Of the latents `[time x latent]` of one clip; `None` when there are none.
    pub fn of(latents: &Frames) -> Option<Self> {
        if latents.is_empty() {
            return None;
        }
        let mean = latents.time_mean();
        let mut square = vec![0.0f64; latents.width()];
        for row in latents.rows() {
            for ((sum, value), mean) in square.iter_mut().zip(row).zip(&mean) {
                *sum += f64::from(value - mean).powi(2);
            }
        }
        let time = latents.len() as f64;
        let std = square.into_iter().map(|sum| (sum / time).sqrt() as f32).collect();
        Some(Self { mean, std })
    }

    /// Means, then deviations: a row of the table a projection such as t-SNE takes.
    pub fn features(&self) -> impl Iterator<Item = f32> + '_ {
        self.mean.iter().chain(&self.std).copied()
    }
}

/// How often a corpus uses every entry of every codebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodebookUsage {
    entries: usize,
    counts: Vec<u64>,
}

impl CodebookUsage {
    /// Nothing counted yet, for codebooks of `entries` entries.
    pub fn new(entries: usize) -> Self {
        Self {
            entries: entries.max(1),
            counts: Vec::new(),
        }
    }

    /// Counts the codes of one clip; entries the codebooks do not have are left out.
    pub fn add(&mut self, codes: &Codes) {
        let needed = codes.used() * self.entries;
        if self.counts.len() < needed {
            self.counts.resize(needed, 0);
        }
        for (codebook, counts) in self
            .counts
            .chunks_exact_mut(self.entries)
            .take(codes.used())
            .enumerate()
        {
            for entry in codes.column(codebook) {
                if let Some(count) = counts.get_mut(usize::from(entry)) {
                    *count += 1;
                }
            }
        }
    }

    /// Counts of every entry, one slice per codebook.
    pub fn counts(&self) -> impl ExactSizeIterator<Item = &[u64]> {
        self.counts.chunks_exact(self.entries)
    }

    /// Share of each codebook's entries that occur at all.
    pub fn used_share(&self) -> Vec<f32> {
        let used = |counts: &[u64]| counts.iter().filter(|count| **count > 0).count();
        self.counts()
            .map(|counts| used(counts) as f32 / self.entries as f32)
            .collect()
    }

    /// Each codebook's perplexity: as many entries, evenly used, would carry as much information.
    pub fn perplexity(&self) -> Vec<f32> {
        self.counts()
            .map(|counts| {
                let total = counts.iter().sum::<u64>().max(1) as f64;
                let shares = counts
                    .iter()
                    .filter(|count| **count > 0)
                    .map(|count| *count as f64 / total);
                shares.map(|share| -share * share.ln()).sum::<f64>().exp() as f32
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clip_is_its_mean_and_deviation() {
        let clip = ClipLatents::of(&Frames::from_vec(2, vec![1.0, 5.0, 3.0, 5.0])).unwrap();
        assert_eq!(clip.features().collect::<Vec<_>>(), [2.0, 5.0, 1.0, 0.0]);
        assert_eq!(ClipLatents::of(&Frames::default()), None);
    }

    #[test]
    fn usage_counts_every_codebook_by_itself() {
        let mut usage = CodebookUsage::new(4);
        // The first codebook uses all four entries evenly, the second only one.
        usage.add(&Codes::from_rows(2, vec![0, 3, 1, 3, 2, 3]).unwrap());
        usage.add(&Codes::from_rows(2, vec![3, 3]).unwrap());
        assert_eq!(usage.used_share(), [1.0, 0.25]);
        let perplexity = usage.perplexity();
        assert!((perplexity[0] - 4.0).abs() < 1e-5 && (perplexity[1] - 1.0).abs() < 1e-5);
        // A clip at a lower bandwidth has no codes for the second.
        usage.add(&Codes::from_rows(1, vec![0]).unwrap());
        assert_eq!(
            usage.counts().map(|counts| counts.iter().sum()).collect::<Vec<u64>>(),
            [5, 4]
        );
    }
}
