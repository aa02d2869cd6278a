//! Which of the system's outputs a person would call a sound card. On Linux ALSA lists its plug-ins too: converters, mixers, one entry
//! for every way into the same card.

use crate::audio::DeviceEntry;
use std::collections::BTreeSet;

/// Servers that play through whatever card they choose.
const SERVERS: [&str; 4] = ["default", "pipewire", "pulse", "jack"];
/// Ways into a card, the best first: a plug converts what a card cannot take.
const WAYS: [&str; 4] = ["plughw", "hw", "sysdefault", "hdmi"];

/// `devices` without plug-ins, each card once, in their order; all of them where nothing would be left, or elsewhere than on ALSA.
pub fn real_outputs(devices: Vec<DeviceEntry>) -> Vec<DeviceEntry> {
    let of_alsa = |device: &DeviceEntry| device.id.starts_with("alsa:");
    if !devices.iter().any(of_alsa) {
        return devices;
    }
    let mut met = BTreeSet::new();
    let best: Vec<DeviceEntry> = WAYS
        .iter()
        .flat_map(|way| devices.iter().filter(move |device| way_of(&device.id) == *way))
        .filter(|device| met.insert(card_of(&device.id)))
        .cloned()
        .collect();
    let is_kept = |device: &&DeviceEntry| {
        device.is_default || !of_alsa(device) || SERVERS.contains(&way_of(&device.id)) || best.contains(device)
    };
    let kept: Vec<DeviceEntry> = devices.iter().filter(is_kept).cloned().collect();
    if kept.is_empty() { devices } else { kept }
}

/// `plughw` of `alsa:plughw:CARD=PCH,DEV=0`.
fn way_of(id: &str) -> &str {
    let name = id.split_once(':').map_or(id, |(_, name)| name);
    name.split(':').next().unwrap_or(name)
}

/// The card and which of its outputs: `CARD=PCH,DEV=0`. A way without an output means the first.
fn card_of(id: &str) -> String {
    let place = id.splitn(3, ':').nth(2).unwrap_or_default();
    match place.contains("DEV=") {
        true => place.to_owned(),
        false => format!("{place},DEV=0"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, is_default: bool) -> DeviceEntry {
        DeviceEntry {
            id: id.to_owned(),
            name: id.to_owned(),
            is_default,
        }
    }

    fn kept(ids: &[&str]) -> Vec<String> {
        let devices = ids.iter().enumerate().map(|(i, id)| entry(id, i == 0)).collect();
        real_outputs(devices).into_iter().map(|device| device.id).collect()
    }

    #[test]
    fn plug_ins_are_left_out_and_each_card_stands_once() {
        let listed = [
            "alsa:default",
            "alsa:null",
            "alsa:samplerate",
            "alsa:upmix",
            "alsa:pulse",
            "alsa:hw:CARD=PCH,DEV=0",
            "alsa:plughw:CARD=PCH,DEV=0",
            "alsa:sysdefault:CARD=PCH",
            "alsa:front:CARD=PCH,DEV=0",
            "alsa:surround51:CARD=PCH,DEV=0",
            "alsa:dmix:CARD=PCH,DEV=0",
            "alsa:hw:CARD=USB,DEV=0",
            "alsa:hdmi:CARD=NVidia,DEV=3",
        ];
        assert_eq!(
            kept(&listed),
            [
                "alsa:default",
                "alsa:pulse",
                "alsa:plughw:CARD=PCH,DEV=0",
                "alsa:hw:CARD=USB,DEV=0",
                "alsa:hdmi:CARD=NVidia,DEV=3",
            ]
        );
    }

    #[test]
    fn other_systems_and_what_is_the_default_are_left_as_they_are() {
        assert_eq!(kept(&["wasapi:speakers", "wasapi:line"]).len(), 2);
        assert_eq!(kept(&["alsa:null", "alsa:upmix"]), ["alsa:null"]);
    }
}
