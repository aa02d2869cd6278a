//! Bytes that stay in a file and are read from their place when they are wanted. Any thread.

use crate::files::read_exact_at;
use safetensors::tensor::Dtype;
use std::fs::File;
use std::io::{Result, Write};
use std::path::Path;
use std::sync::Arc;

/// Bytes handed on at once.
const PIECE_BYTES: u64 = 1 << 20;

/// A stretch of a file. The file stays open, so that what takes its name later changes nothing here.
#[derive(Clone, Debug)]
pub(super) struct Paged {
    file: Arc<File>,
    offset: u64,
    len: u64,
}

/// A tensor whose bytes stayed in their file.
#[derive(Debug)]
pub(super) struct PagedTensor {
    pub dtype: Dtype,
    pub shape: Vec<usize>,
    pub bytes: Paged,
}

impl Paged {
    /// `len` bytes of `file` from `offset` on.
    pub fn new(file: File, offset: u64, len: u64) -> Self {
        Self {
            file: Arc::new(file),
            offset,
            len,
        }
    }

    /// `bytes` in a nameless file in `folder`, which goes with its last reader.
    pub fn temporary(folder: &Path, bytes: &[u8]) -> Result<Self> {
        let mut file = tempfile::tempfile_in(folder)?;
        file.write_all(bytes)?;
        Ok(Self::new(file, 0, bytes.len() as u64))
    }

    /// Number of bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Puts `bytes` behind, in a temporary file.
    ///
    /// # Errors
    /// When the disk refuses, or somebody else reads the file too: what each puts there would be the other's.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(file) = Arc::get_mut(&mut self.file) else {
            return Err(std::io::Error::other("it is shared"));
        };
        file.write_all(bytes)?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// `len` bytes from `from` on; zeros where the disk has gone.
    pub fn read(&self, from: u64, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        if let Err(error) = read_exact_at(&self.file, &mut bytes, self.offset + from) {
            log::error!("latents cannot be read from their file: {error}");
            bytes.fill(0);
        }
        bytes
    }

    /// Hands all bytes to `take`, in order and in pieces.
    ///
    /// # Errors
    /// When they cannot be read, or `take` fails.
    pub fn each_piece(&self, take: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut piece = vec![0u8; PIECE_BYTES.min(self.len) as usize];
        let mut done = 0;
        while done < self.len {
            let count = (self.len - done).min(PIECE_BYTES) as usize;
            read_exact_at(&self.file, &mut piece[..count], self.offset + done)?;
            take(&piece[..count])?;
            done += count as u64;
        }
        Ok(())
    }
}
