//! A figure: a number with its interval, or the reason why there is none; and sections of them that print as JSON.

use super::stats::{bootstrap, mean};
use serde::ser::{SerializeMap, Serializer};

/// One figure of the report.
#[derive(Clone, Debug, PartialEq)]
pub enum Metric {
    /// The value and, where it was resampled by clip, its 95 % interval; where it is a mean, what it is the mean of.
    Known {
        /// Always finite.
        value: f64,
        /// Lower and upper end; `None` where no resampling was done or it was not possible.
        interval: Option<[f64; 2]>,
        /// Each with the clip it belongs to; empty where the value is not a mean.
        items: Vec<(u32, f32)>,
    },
    /// Why it cannot be had, in a sentence.
    Unknown(String),
}

impl Metric {
    /// A number without an interval.
    pub fn exact(value: impl Into<f64>) -> Self {
        Self::with_interval(value, None)
    }

    /// A number with its interval; a number that is not finite is no figure.
    pub fn with_interval(value: impl Into<f64>, interval: Option<[f32; 2]>) -> Self {
        let value = value.into();
        if !value.is_finite() {
            return Self::unknown("the measurement gave no finite number");
        }
        Self::Known {
            value,
            interval: interval.map(|ends| ends.map(f64::from)),
            items: Vec::new(),
        }
    }

    /// The mean of `items`, each with its clip, and its interval.
    pub fn mean_of(items: Vec<(u32, f32)>) -> Self {
        let values: Vec<f32> = items.iter().map(|item| item.1).collect();
        let mut figure = Self::with_interval(mean(&values), bootstrap(&items, mean));
        if let Self::Known { items: kept, .. } = &mut figure {
            *kept = items;
        }
        figure
    }

    /// How much more this mean is than `other` of the same things in the same order. Pairs differ less than clips do, so its
    /// interval is narrower than either's.
    pub fn change_from(&self, other: &Self) -> Self {
        let pairs = match (self, other) {
            (Self::Unknown(reason), _) | (_, Self::Unknown(reason)) => return Self::unknown(reason.clone()),
            (Self::Known { items: now, .. }, Self::Known { items: before, .. }) => now.iter().zip(before),
        };
        Self::mean_of(pairs.map(|(now, before)| (now.0, now.1 - before.1)).collect())
    }

    /// The reason there is none.
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown(reason.into())
    }

    /// The number, if there is one.
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Known { value, .. } => Some(*value),
            Self::Unknown(_) => None,
        }
    }

    /// Writes `name`, and beside it `name_interval` or `name_reason`.
    pub(super) fn write<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> Result<(), M::Error> {
        match self {
            Self::Known { value, interval, .. } => {
                map.serialize_entry(name, value)?;
                match interval {
                    Some(ends) => map.serialize_entry(&format!("{name}_interval"), ends),
                    None => Ok(()),
                }
            }
            Self::Unknown(reason) => {
                map.serialize_entry(name, &None::<f64>)?;
                map.serialize_entry(&format!("{name}_reason"), reason)
            }
        }
    }
}

/// Declares a section of the report: named figures that serialise in the order given, each a number or null with a reason.
macro_rules! section {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $figure:ident),+ $(,)? }) => {
        $(#[$outer])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($(#[$inner])* pub $figure: $crate::eval::metric::Metric,)+
        }

        impl $name {
            /// No figure at all, for one reason.
            pub fn unknown(reason: &str) -> Self {
                Self { $($figure: $crate::eval::metric::Metric::unknown(reason),)+ }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                $(self.$figure.write(stringify!($figure), &mut map)?;)+
                serde::ser::SerializeMap::end(map)
            }
        }
    };
}
pub(super) use section;

impl serde::Serialize for Metric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    section!(
        /// For the test.
        Sample { first, second }
    );

    #[test]
    fn a_small_change_of_every_clip_is_told_from_none() {
        let at = |clip: u32, more: f32| (clip, (clip % 7) as f32 + more);
        let before = Metric::mean_of((0..30).map(|clip| at(clip, 0.0)).collect());
        let now = Metric::mean_of((0..30).map(|clip| at(clip, 0.1 + 0.01 * (clip % 3) as f32)).collect());
        let interval = |figure: &Metric| match figure {
            Metric::Known {
                interval: Some(ends), ..
            } => *ends,
            other => panic!("no interval: {other:?}"),
        };
        assert!(
            interval(&now)[0] < before.value().unwrap(),
            "not told by their own intervals"
        );
        let change = now.change_from(&before);
        assert!((change.value().unwrap() - 0.11).abs() < 1e-6);
        assert!(interval(&change)[0] > 0.1 && interval(&change)[1] < 0.12);
        let unknown = now.change_from(&Metric::unknown("no clip"));
        assert_eq!(unknown, Metric::unknown("no clip"));
    }

    #[test]
    fn a_missing_number_is_null_with_its_reason_beside_it() {
        let sample = Sample {
            first: Metric::with_interval(1.5, Some([1.0, 2.0])),
            second: Metric::exact(f64::NAN),
        };
        assert_eq!(
            serde_json::to_string(&sample).unwrap(),
            r#"{"first":1.5,"first_interval":[1.0,2.0],"second":null,"second_reason":"the measurement gave no finite number"}"#
        );
        let nothing = serde_json::to_value(Sample::unknown("no clip")).unwrap();
        assert_eq!(nothing["first_reason"], "no clip");
    }
}
