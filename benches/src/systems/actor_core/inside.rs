//! An actor that asks another.

use std::time::Instant;

use actor_core::prelude::*;

use super::actors::{Counter, CounterHandle};
use crate::measure::{Measured, Scale, Times};

struct Asker {
    counter: CounterHandle,
}

#[actor]
impl Asker {
    fn measure(&mut self, scale: Scale) -> Vec<Measured> {
        let ask = || self.counter.sum(1).ask().expect("it lives");
        let asks = scale.of(100_000, 1_000);
        let mut sum = (0..asks / 10).fold(0, |_, _| ask());
        let mut times = Times::default();
        for _ in scale.rounds(asks, asks) {
            let begun = Instant::now();
            let answer = ask();
            times.push(begun.elapsed());
            sum += 1;
            assert_eq!(answer, sum, "the answer is not the sum");
        }
        times.spread()
    }
}

impl Actor for Asker {
    type Args = CounterHandle;

    fn start(_ctx: &mut Context<Self>, counter: &CounterHandle) -> Result<Self, Failure> {
        Ok(Asker {
            counter: counter.clone(),
        })
    }
}

pub(super) fn run(scale: Scale) -> Vec<Measured> {
    let system = System::new("inside").expect("the system starts");
    let counter = system.spawn::<Counter>(()).expect("a thread starts");
    let asker = system.spawn::<Asker>(counter).expect("a thread starts");
    asker.measure(scale).ask().expect("it lives")
}
