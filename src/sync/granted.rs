//! How a thread runs beside others, as the system granted it.

use std::fmt::{Display, Formatter, Result};

/// How a thread runs beside others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Priority {
    /// Before every ordinary thread, at this level of the round-robin class.
    RealTime(u8),
    /// An ordinary thread with a larger share.
    Raised {
        /// Below zero.
        niceness: i8,
        /// Why it is not real-time.
        why: String,
    },
    /// Like any other, for this reason.
    Ordinary(String),
    /// The system looks after its sound threads by itself.
    OfTheSystem,
}

impl Display for Priority {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::RealTime(level) => write!(f, "real-time priority {level}"),
            Self::Raised { niceness, why } => write!(f, "raised priority (niceness {niceness}), not real-time: {why}"),
            Self::Ordinary(why) => write!(f, "ordinary priority: {why}"),
            Self::OfTheSystem => f.write_str("priority as the system gives its sound threads"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_granted_is_said_with_its_reason() {
        assert_eq!(Priority::RealTime(10).to_string(), "real-time priority 10");
        let why = "there is no D-Bus".to_owned();
        let raised = Priority::Raised {
            niceness: -11,
            why: why.clone(),
        }
        .to_string();
        let ordinary = Priority::Ordinary(why).to_string();
        assert!(raised.contains("-11") && raised.ends_with("there is no D-Bus"));
        assert_eq!(ordinary, "ordinary priority: there is no D-Bus");
    }
}
