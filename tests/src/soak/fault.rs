//! What goes wrong at the edges of a life.

/// What goes wrong at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    Fails,
    Panics,
    Exits,
    Ignores,
}

impl Fault {
    pub(super) fn by_chance(rng: &mut fastrand::Rng, percent: u32) -> Self {
        if rng.u32(0..100) >= percent {
            return Fault::None;
        }
        match rng.u32(0..8) {
            0..=2 => Fault::Fails,
            3..=5 => Fault::Panics,
            6 => Fault::Exits,
            _ => Fault::Ignores,
        }
    }
}
