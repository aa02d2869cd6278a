//! What a file looked like when it was read, to notice that somebody else has written it since.

use std::fs::Metadata;
use std::io::Result;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// Equal stamps: nobody has written the file in between. Take it before reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    len_bytes: u64,
    modified: Option<SystemTime>,
    /// A file that was renamed into place is another one even within the same tick of the clock.
    inode: u64,
}

impl Stamp {
    /// The stamp of the file at `path`, links followed.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn of(path: &Path) -> Result<Self> {
        std::fs::metadata(path).map(|meta| Self {
            len_bytes: meta.len(),
            modified: meta.modified().ok(),
            inode: inode(&meta),
        })
    }
}

/// When a file was written last, in milliseconds since 1970; `None` where the disk does not say.
pub fn modified_ms(meta: &Metadata) -> Option<i64> {
    let time = meta.modified().ok()?;
    let ms = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).ok()?,
        Err(before) => -i64::try_from(before.duration().as_millis()).ok()?,
    };
    Some(ms)
}

/// The stamp of a file that is read once and written again and again; clones share it, so that a write that waits behind another
/// one of the same program does not take it for somebody else's.
#[derive(Clone, Debug)]
pub struct SharedStamp(Arc<Mutex<Stamp>>);

impl SharedStamp {
    /// Of the file at `path` as it is now.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn of(path: &Path) -> Result<Self> {
        Stamp::of(path).map(|stamp| Self(Arc::new(Mutex::new(stamp))))
    }

    /// As it was last read or written here.
    pub fn get(&self) -> Stamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file at `path` was just written here.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn renew(&self, path: &Path) -> Result<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Stamp::of(path)?;
        Ok(())
    }
}

#[cfg(unix)]
fn inode(meta: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
