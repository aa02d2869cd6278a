//! rtkit, which grants real-time priority to programs of the desktop, asked over D-Bus
//! (<https://github.com/heftig/rtkit>, `org.freedesktop.RealtimeKit1`).

use super::real_time_limit::{SOFT_US, limit_real_time};
use std::time::Duration;
use zbus::zvariant::OwnedValue;

const RTKIT: &str = "org.freedesktop.RealtimeKit1";
const RTKIT_PATH: &str = "/org/freedesktop/RealtimeKit1";

/// It answers within milliseconds.
const PATIENCE: Duration = Duration::from_millis(500);

/// What it asks for at most, in microseconds, unless it is configured otherwise.
const MOST_US: u64 = 200_000;

/// Asks for round-robin scheduling of this process's `threads` at `level`, or the highest there is, and where that is refused, for
/// `niceness`.
///
/// # Errors
/// Why they are not real-time: part of a sentence.
pub fn ask(threads: &[u32], level: u8, niceness: i32) -> Result<(), String> {
    pollster::block_on(call(threads, level, niceness)).map_err(|error| in_words(&error))
}

/// Asks for a thread's level by `method`.
async fn set<L: serde::Serialize + zbus::zvariant::Type>(
    bus: &zbus::Connection,
    method: &str,
    thread: u32,
    level: L,
) -> zbus::Result<zbus::Message> {
    let body = (u64::from(thread), level);
    bus.call_method(Some(RTKIT), RTKIT_PATH, Some(RTKIT), method, &body)
        .await
}

async fn call(threads: &[u32], level: u8, niceness: i32) -> zbus::Result<()> {
    let bus = zbus::connection::Builder::system()?
        .method_timeout(PATIENCE)
        .build()
        .await?;
    let call = async |method: &str, thread: u32, level: Level| match level {
        Level::RealTime(level) => set(&bus, method, thread, level).await,
        Level::Nice(level) => set(&bus, method, thread, level).await,
    };
    let property = async |name: &str| -> zbus::Result<OwnedValue> {
        let properties = Some("org.freedesktop.DBus.Properties");
        let answer = bus
            .call_method(Some(RTKIT), RTKIT_PATH, properties, "Get", &(RTKIT, name))
            .await?;
        answer.body().deserialize::<OwnedValue>()
    };
    let most_us = i64::try_from(property("RTTimeUSecMax").await?)?;
    let highest = i32::try_from(property("MaxRealtimePriority").await?)?;
    let level = u32::from(level).min(highest.max(1) as u32);
    // A hard limit that was lowered cannot be raised again; one of nothing would end the program at once.
    let limit = u64::try_from(most_us)
        .ok()
        .filter(|most_us| *most_us >= SOFT_US)
        .unwrap_or(MOST_US);
    let limited = limit_real_time(Some(limit));
    for thread in threads {
        let refused = match &limited {
            Ok(()) => call("MakeThreadRealtime", *thread, Level::RealTime(level)).await.err(),
            Err(error) => Some(zbus::Error::Failure(format!("its time cannot be limited: {error}"))),
        };
        if let Some(refused) = refused {
            // Better than nothing; the reason that matters is the first one.
            let _ = call("MakeThreadHighPriority", *thread, Level::Nice(niceness)).await;
            return Err(refused);
        }
    }
    Ok(())
}

enum Level {
    RealTime(u32),
    Nice(i32),
}

/// What a person can do something about.
fn in_words(error: &zbus::Error) -> String {
    match error {
        zbus::Error::InputOutput(_) | zbus::Error::Address(_) | zbus::Error::Connection(..) => {
            "there is no D-Bus to ask rtkit over".to_owned()
        }
        zbus::Error::MethodError(name, _, _) if name.contains("ServiceUnknown") || name.contains("Spawn") => {
            "rtkit is not installed, and this user has no right to real-time priority".to_owned()
        }
        zbus::Error::MethodError(name, text, _) => {
            format!(
                "rtkit refused it ({})",
                text.as_deref().filter(|text| !text.is_empty()).unwrap_or(name.as_str())
            )
        }
        other => format!("rtkit did not grant it ({other})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_a_bus_goes_on_with_a_sentence() {
        let error = zbus::Error::InputOutput(std::sync::Arc::new(std::io::Error::other("no such file")));
        assert!(in_words(&error).contains("D-Bus"), "{}", in_words(&error));
        let refused = zbus::Error::Failure("its time cannot be limited".to_owned());
        assert!(in_words(&refused).contains("its time cannot be limited"));
    }
}
