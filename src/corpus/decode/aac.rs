//! What an AAC stream's configuration (ISO/IEC 14496-3, `AudioSpecificConfig`) says beyond what the decoder reads. Pure.
//!
//! HE-AAC is AAC at half the rate plus a recipe for the upper half of the spectrum (SBR) and, in its second version, one for
//! stereo (PS). The decoder knows plain AAC alone, so it is given that, and the user is told what is missing.

/// Rates by index.
const RATES_HZ: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
const LOW_COMPLEXITY: u32 = 2;
const SPECTRAL_BAND_REPLICATION: u32 = 5;
const PARAMETRIC_STEREO: u32 = 29;
/// Announces an extension behind the configuration of plain AAC.
const EXTENSION: u32 = 0x2b7;
/// Plain AAC of music is hardly ever this slow; bare streams of HE-AAC say nothing else of themselves.
const SUSPICIOUS_RATE_HZ: u32 = 24_000;

/// A stream's configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AacConfig {
    /// Rate of plain AAC in it.
    pub(super) rate_hz: u32,
    /// Code for the loudspeakers; 0 = told elsewhere.
    channels: u32,
    /// Plain AAC or HE-AAC: what the decoder can be given.
    is_low_complexity: bool,
    /// The upper half of the spectrum is a recipe.
    pub(super) has_sbr: bool,
}

/// Reads bits from the most significant one on.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        (0..count).try_fold(0, |value, _| {
            let byte = self.bytes.get(self.at / 8)?;
            let bit = byte >> (7 - self.at % 8) & 1;
            self.at += 1;
            Some(value << 1 | u32::from(bit))
        })
    }

    fn object_type(&mut self) -> Option<u32> {
        match self.take(5)? {
            31 => Some(32 + self.take(6)?),
            kind => Some(kind),
        }
    }

    fn rate_hz(&mut self) -> Option<u32> {
        match self.take(4)? {
            15 => self.take(24),
            index => RATES_HZ.get(index as usize).copied(),
        }
    }
}

impl AacConfig {
    /// Reads a configuration.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut bits = Bits { bytes, at: 0 };
        let (kind, rate_hz, channels) = (bits.object_type()?, bits.rate_hz()?, bits.take(4)?);
        let mut config = Self {
            rate_hz,
            channels,
            is_low_complexity: kind == LOW_COMPLEXITY,
            has_sbr: false,
        };
        if kind == SPECTRAL_BAND_REPLICATION || kind == PARAMETRIC_STEREO {
            bits.rate_hz()?;
            config.has_sbr = true;
            config.is_low_complexity = bits.object_type()? == LOW_COMPLEXITY;
        } else if config.is_low_complexity {
            // Frame length, core coder and extension flags stand between.
            config.has_sbr = bits.take(3).is_some()
                && bits.take(11) == Some(EXTENSION)
                && bits.object_type() == Some(SPECTRAL_BAND_REPLICATION)
                && bits.take(1) == Some(1);
        }
        Some(config)
    }

    /// The configuration of the plain AAC in HE-AAC; `None` where there is none.
    pub(super) fn plain(self) -> Option<Box<[u8]>> {
        if !self.has_sbr || !self.is_low_complexity {
            return None;
        }
        let index = RATES_HZ.iter().position(|rate_hz| *rate_hz == self.rate_hz)? as u32;
        let word = LOW_COMPLEXITY << 11 | index << 7 | self.channels << 3;
        Some(Box::from([(word >> 8) as u8, word as u8]))
    }
}

/// What to tell of a stream of plain AAC at `rate_hz`, whose container counts time at `clock_hz`.
pub(super) fn remark(has_sbr: bool, rate_hz: u32, clock_hz: Option<u32>, bare: bool) -> Option<String> {
    let half_khz = f64::from(rate_hz) / 2_000.0;
    if has_sbr || clock_hz == Some(2 * rate_hz) {
        Some(format!(
            "HE-AAC: what lies above {half_khz:.1} kHz is missing, only the plain AAC in it is decoded"
        ))
    } else if bare && rate_hz <= SUSPICIOUS_RATE_HZ {
        Some(format!(
            "AAC at {rate_hz} Hz: if it is HE-AAC, what lies above {half_khz:.1} kHz is missing"
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_and_high_efficiency_are_told_apart() {
        let plain = AacConfig::parse(&[0x12, 0x10]).unwrap();
        assert_eq!((plain.rate_hz, plain.has_sbr, plain.plain()), (44_100, false, None));
        // Object type 5, 22,050 Hz, stereo, extended to 44,100 Hz, object type 2.
        let he = AacConfig::parse(&[0x2b, 0x92, 0x08, 0x00]).unwrap();
        assert_eq!((he.rate_hz, he.has_sbr), (22_050, true));
        assert_eq!(he.plain().as_deref(), Some([0x13, 0x90].as_slice()));
        assert_eq!(
            AacConfig::parse(&[0x13, 0x90]).unwrap().rate_hz,
            22_050,
            "what is given on"
        );
        // The same, announced behind a configuration of plain AAC.
        let behind = AacConfig::parse(&[0x13, 0x90, 0x56, 0xe5, 0xa0]).unwrap();
        assert_eq!((behind.rate_hz, behind.has_sbr), (22_050, true));
        assert_eq!(AacConfig::parse(&[0x13]), None);
    }

    #[test]
    fn what_is_missing_is_said() {
        assert!(
            remark(true, 22_050, None, false)
                .unwrap()
                .contains("above 11.0 kHz is missing")
        );
        assert!(remark(false, 24_000, Some(48_000), false).unwrap().contains("HE-AAC: "));
        assert!(remark(false, 24_000, None, true).unwrap().contains("if it is HE-AAC"));
        assert_eq!(remark(false, 44_100, Some(44_100), true), None);
    }
}
