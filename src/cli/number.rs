//! Numbers of the command line: what Rust reads as a number besides, `nan` and `inf`, is none here.

/// A number that can be computed with, for `value_parser`.
pub fn finite(text: &str) -> Result<f32, String> {
    Some(precise(text)? as f32)
        .filter(|number| number.is_finite())
        .ok_or("write a smaller number".to_owned())
}

/// The same at double precision.
pub fn precise(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err("write a number, such as 0.5".to_owned()),
    }
}

/// The same for a length of time.
pub fn seconds(text: &str) -> Result<f32, String> {
    match finite(text)? {
        seconds if seconds > 0.0 => Ok(seconds),
        _ => Err("write a number of seconds above 0".to_owned()),
    }
}

/// A switch.
pub fn on_or_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("write on or off".to_owned()),
    }
}
