//! What an actor costs that has supervisors above its supervisor.

use std::time::{Duration, Instant};

use actor_core::prelude::*;

use super::actors::Counter;
use crate::measure::{Measured, Scale, Times};
use crate::workloads::life::quiet_planned_panics;

/// Ask, and crash to first answer, with so many supervisors above.
pub(super) fn run(scale: Scale) -> Vec<Measured> {
    quiet_planned_panics();
    let mut measured = Vec::new();
    for depth in 1..=8 {
        let system = System::new("depth").expect("the system starts");
        let mut leaf = system.spec::<Counter>(());
        let counter = leaf.handle();
        let lenient = |plan: Supervision| plan.intensity(usize::MAX, Duration::from_secs(1));
        let mut plan = lenient(Supervisor::one_for_one().child(leaf));
        for _ in 1..depth {
            let below = system.spec::<Supervisor>(plan);
            plan = lenient(Supervisor::one_for_one().child(below));
        }
        system.spawn::<Supervisor>(plan).expect("the tree starts");

        let ask = || counter.sum(1).ask().expect("a next life answers");
        let (mut asks, mut crashes) = (Times::default(), Times::default());
        for _ in scale.rounds(10_000, 50) {
            let begun = Instant::now();
            ask();
            asks.push(begun.elapsed());
        }
        for _ in scale.rounds(200, 3) {
            let begun = Instant::now();
            counter
                .crash()
                .tell()
                .expect("its mailbox outlasts a crash");
            assert_eq!(ask(), 1, "an earlier life has answered");
            crashes.push(begun.elapsed());
        }
        measured.push(Measured::new(
            format!("ask, {depth}"),
            "ns",
            asks.share(0.5),
        ));
        measured.push(Measured::new(
            format!("crash, {depth}"),
            "ns",
            crashes.share(0.5),
        ));
    }
    measured
}
