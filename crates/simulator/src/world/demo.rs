//! The organization of the demo.

use super::World;

impl World {
    /// The time that the demo's dates are meant for: 2026-11-24T09:00:00Z, in seconds since 1970.
    pub const DEMO_NOW: i64 = 1_795_510_800;

    /// Returns the organization of the demo: about a dozen accounts with everything an audit can find.
    pub fn demo() -> Self {
        // A test shows that the file is a world; should it not be, an empty world is served.
        Self::from_toml(include_str!("../worlds/demo.toml")).unwrap_or_default()
    }
}
