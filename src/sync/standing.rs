//! How this process's threads are scheduled, read where the kernel tells it (proc(5)): a request that was granted may have been taken
//! back since.

use std::fs;

/// `SCHED_FIFO` and `SCHED_RR` among the policies.
const REAL_TIME_POLICIES: [u32; 2] = [1, 2];

/// How a thread is scheduled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub niceness: i8,
    /// Of the real-time classes; 0 where it is an ordinary thread.
    pub level: u8,
}

impl Standing {
    /// The standing of `thread`, if it still runs.
    pub fn of(thread: u32) -> Option<Self> {
        Self::read(&fs::read_to_string(format!("/proc/self/task/{thread}/stat")).ok()?)
    }

    /// The number of the calling thread.
    pub fn own_thread() -> Option<u32> {
        fs::read_link("/proc/thread-self")
            .ok()?
            .file_name()?
            .to_str()?
            .parse()
            .ok()
    }

    fn read(stat: &str) -> Option<Self> {
        // The name in brackets may hold anything; what follows it is field 3.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
        let field = |number: usize| fields.get(number - 3);
        let policy: u32 = field(41)?.parse().ok()?;
        let level = field(40)?.parse().ok()?;
        Some(Self {
            niceness: field(19)?.parse().ok()?,
            level: if REAL_TIME_POLICIES.contains(&policy) { level } else { 0 },
        })
    }
}

/// This process's threads with these names.
pub fn threads_called(names: &[&str]) -> Vec<u32> {
    let entries = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let id = |entry: fs::DirEntry| {
        let name = fs::read_to_string(entry.path().join("comm")).ok()?;
        let id = entry.file_name().to_str()?.parse().ok()?;
        names.contains(&name.trim_end()).then_some(id)
    };
    entries.filter_map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the kernel writes it, with a name that tries.
    const REAL_TIME: &str = "77 (a) b (1) S 1 77 77 0 -1 4194560 1 0 0 0 0 0 0 0 -11 0 6 0 100 1 1 18446744073709551615 1 1 1 1 1 0 0 0 0 0 0 0 -1 1 10 2 0 0 0 0 0 0 0 0 0 0 0";

    #[test]
    fn class_level_and_niceness_are_read_behind_any_name() {
        let read = Standing::read(REAL_TIME);
        assert_eq!(read, Some(Standing { niceness: 0, level: 10 }));
        let ordinary = REAL_TIME.replace(" 10 2 0 ", " 0 0 0 ");
        assert_eq!(Standing::read(&ordinary).map(|standing| standing.level), Some(0));
        assert_eq!(Standing::read("77 (short) S 1"), None);
    }

    #[test]
    fn a_thread_is_found_by_its_name() {
        let (told, tell) = crossbeam_channel::bounded::<()>(0);
        let worker = crate::sync::Worker::spawn("standing test", move |_| assert!(tell.recv().is_err()), |_| {});
        // The name is set by the thread itself.
        while threads_called(&["standing test"]).is_empty() && !worker.is_finished() {
            std::thread::yield_now();
        }
        let found = threads_called(&["standing test"]);
        assert_eq!(found.len(), 1);
        assert!(Standing::of(found[0]).is_some());
        let own = Standing::own_thread();
        assert!(
            own.is_some_and(|own| own != found[0] && Standing::of(own).is_some()),
            "{own:?}"
        );
        drop(told);
    }
}
