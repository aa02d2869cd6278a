//! What a report says about the machine: told by whoever finds it out, as it happens.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

static FACTS: Mutex<BTreeMap<&'static str, String>> = Mutex::new(BTreeMap::new());

/// Puts `value` into reports to come, in place of an older one under the same `name`.
pub fn remember(name: &'static str, value: impl Into<String>) {
    let mut facts = FACTS.lock().unwrap_or_else(PoisonError::into_inner);
    facts.insert(name, value.into());
}

/// Everything that was told, by name.
pub(super) fn remembered() -> Vec<(&'static str, String)> {
    // Whoever holds it may be the thread that panicked.
    let facts = FACTS.try_lock();
    facts.map_or_else(
        |_| Vec::new(),
        |facts| facts.iter().map(|(name, value)| (*name, value.clone())).collect(),
    )
}

/// The operating system, as it calls itself.
pub(super) fn system() -> String {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let own = format!("{} on {}", std::env::consts::OS, std::env::consts::ARCH);
    let named = [
        Some(own.as_str()),
        name.map(|name| name.trim_matches('"')),
        Some(kernel.trim()),
    ];
    let told: Vec<&str> = named.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    told.join(", ")
}
