//! What draws a walk: a place, labels, and how far it may roam.

use super::super::choice::MayBe;
use crate::values::Condition;

/// What a walk is drawn to.
#[derive(Clone)]
pub struct EndlessSteering {
    /// g of the place that was chosen.
    pub cursor: Vec<f32>,
    /// The labels of what is to sound; `None` = whatever lies near.
    pub wanted: Option<Condition>,
    /// 0 = stays in its clip, .5 = roams the neighbourhood of the cursor, 1 = roams the map.
    pub adventure: f32,
    /// Which chunks may sound; `None` = all.
    pub shown: Option<MayBe>,
}
