//! How large the window is before anybody has sized it.

/// The smallest window in which everything can be reached, in points.
pub const SMALLEST: [f32; 2] = [720.0, 480.0];
/// What it would like to be.
const WANTED: [f32; 2] = [1280.0, 800.0];
/// Parts of a screen that panels, a dock and the title bar leave.
const LEFT_FREE: [f32; 2] = [0.96, 0.87];

/// A first size before the screen is known: fits any that is still in use.
pub const UNSEEN: [f32; 2] = [1120.0, 680.0];

/// The first size on a `screen` of that many points.
pub fn first_size(screen: [f32; 2]) -> [f32; 2] {
    std::array::from_fn(|axis| {
        WANTED[axis]
            .min((screen[axis] * LEFT_FREE[axis]).floor())
            .max(SMALLEST[axis])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_window_leaves_room_for_the_title_bar_and_the_panels() {
        for screen in [[1280.0, 800.0], [1366.0, 768.0], [1024.0, 768.0], [3840.0, 2160.0]] {
            let [width, height] = first_size(screen);
            assert!(
                width <= screen[0] && height <= screen[1] - 90.0,
                "{width} x {height} on {screen:?}"
            );
        }
        assert_eq!(first_size([1920.0, 1080.0]), WANTED);
        assert_eq!(first_size([640.0, 480.0]), SMALLEST);
    }
}
