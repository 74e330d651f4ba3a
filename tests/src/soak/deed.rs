//! What a message makes its handler do.

use fastrand::Rng;

/// One deed. Whom it concerns, the actor decides by its own chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Nothing,
    /// Uses the processor, for so many steps.
    Compute(u32),
    /// For so many microseconds, unless it is told to come to an end.
    Sleep(u64),
    /// The same, and notices nothing.
    Block(u64),
    Panic,
    Fail,
    Exit(i32),
    /// Acts like a hand of the round, so many times.
    Errand(u32),
    Child,
    Link,
    Unlink,
    Monitor,
    Trap(bool),
    /// A message to itself after so many microseconds.
    After(u64),
    /// The same, again and again.
    Every(u64),
    Attach,
    DropPorts,
    Lock,
    StopItself,
    DrainItself,
    /// Begins the shutdown of the system.
    EndAll,
}

/// Who answers a question that was put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answerer {
    AtOnce,
    SomebodyElse,
    Nobody,
    /// The end of the life that keeps the way back.
    End,
}

impl Deed {
    /// A deed by chance; the wilder, the worse.
    pub(super) fn by_chance(rng: &mut Rng, wildness: u32) -> Self {
        if rng.u32(0..1000) < 8 * wildness {
            return Self::bad(rng);
        }
        match rng.u32(0..100) {
            0..=57 => Deed::Nothing,
            58..=65 => Deed::Compute(rng.u32(1..20_000)),
            66..=71 => Deed::Sleep(rng.u64(1..3_000)),
            72..=73 => Deed::Block(rng.u64(1..5_000)),
            74..=83 => Deed::Errand(rng.u32(1..4)),
            84..=85 => Deed::Child,
            86..=87 => Deed::Link,
            88 => Deed::Unlink,
            89..=90 => Deed::Monitor,
            91 => Deed::Trap(rng.bool()),
            92..=93 => Deed::After(rng.u64(0..5_000)),
            94 => Deed::Every(rng.u64(500..20_000)),
            95..=97 => Deed::Attach,
            98 => Deed::DropPorts,
            _ => Deed::Lock,
        }
    }

    /// One that ends the life, or takes long.
    fn bad(rng: &mut Rng) -> Self {
        match rng.u32(0..16) {
            0..=4 => Deed::Panic,
            5..=8 => Deed::Fail,
            9..=10 => Deed::Exit(rng.i32(0..3)),
            11 => Deed::StopItself,
            12 => Deed::DrainItself,
            13..=14 => Deed::Block(rng.u64(5_000..60_000)),
            _ => Deed::Sleep(rng.u64(5_000..100_000)),
        }
    }
}

impl Answerer {
    pub(super) fn by_chance(rng: &mut Rng) -> Self {
        match rng.u32(0..8) {
            0..=3 => Answerer::AtOnce,
            4..=5 => Answerer::SomebodyElse,
            6 => Answerer::Nobody,
            _ => Answerer::End,
        }
    }
}
