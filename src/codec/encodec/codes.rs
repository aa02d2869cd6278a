//! Codebook indices over time, and how evenly a corpus uses them.

/// `[time x used codebooks]` indices, row-major.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    used: usize,
    indices: Vec<u16>,
}

impl Codes {
    /// Row-major `indices` of `used` codebooks; `None` when they fill no whole rows.
    #[cfg(test)]
    pub(crate) fn from_rows(used: usize, indices: Vec<u16>) -> Option<Self> {
        (used > 0 && indices.len().is_multiple_of(used)).then_some(Self { used, indices })
    }

    /// From one column of `time` indices per codebook.
    pub(super) fn from_columns(time: usize, columns: &[Vec<u16>]) -> Self {
        let indices = (0..time)
            .flat_map(|row| columns.iter().map(move |column| column[row]))
            .collect();
        Self {
            used: columns.len(),
            indices,
        }
    }

    /// Number of codebooks used.
    pub fn used(&self) -> usize {
        self.used
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.indices.len().checked_div(self.used).unwrap_or(0)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// All indices, row-major.
    pub fn as_slice(&self) -> &[u16] {
        &self.indices
    }

    /// The indices of one codebook over time.
    pub fn column(&self, codebook: usize) -> impl Iterator<Item = u16> + '_ {
        self.indices.iter().skip(codebook).step_by(self.used.max(1)).copied()
    }

    /// Appends the rows of `other`, which uses as many codebooks.
    pub(super) fn append(&mut self, other: &Self) {
        self.used = other.used;
        self.indices.extend_from_slice(&other.indices);
    }
}
