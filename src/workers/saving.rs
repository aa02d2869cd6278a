//! Writes a space with what is kept in it, whole or not at all.

use super::{SaveRequest, WorkerEvent};
use crate::files::{SharedStamp, WriteError};
use crate::space::{BundleError, Kept, Snapshot};
use crate::train::RunFolder;
use std::borrow::Cow;

/// Does what `request` asks for and says how it went.
pub(super) fn save(request: SaveRequest) -> WorkerEvent {
    let SaveRequest {
        snapshot,
        kept,
        path,
        over,
        finishes,
    } = request;
    let precision = snapshot.stored_precision();
    let whole = with_kept(&snapshot, &kept);
    let written = match over.as_ref().filter(|_| path.exists()) {
        Some(stamp) => whole.save_over(&path, &stamp.get(), precision),
        None => whole.save(&path, precision),
    };
    match written {
        Ok(()) => {}
        Err(BundleError::Write(WriteError::Changed(path))) => return WorkerEvent::ChangedOnDisk(path),
        Err(error) => return WorkerEvent::RequestFailed(error.to_string()),
    }
    let stamp = match over {
        Some(stamp) => stamp.renew(&path).map(|()| stamp),
        None => SharedStamp::of(&path),
    };
    if let Some(folder) = finishes
        && let Err(error) = RunFolder::mark_finished(&folder)
    {
        log::warn!("{}: the run is not marked as finished: {error}", folder.display());
    }
    WorkerEvent::Saved {
        path,
        stamp: stamp.ok(),
        snapshot,
        kept,
    }
}

/// `snapshot` as it is written.
fn with_kept<'a>(snapshot: &'a Snapshot, kept: &Kept) -> Cow<'a, Snapshot> {
    if snapshot.meta.kept == *kept {
        return Cow::Borrowed(snapshot);
    }
    let mut whole = snapshot.clone();
    whole.meta.kept.clone_from(kept);
    Cow::Owned(whole)
}
