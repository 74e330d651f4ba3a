//! A simulated run that has failed leaves no thread behind that could go on. The only test of its
//! process, because it counts threads.

#![expect(
    clippy::disallowed_methods,
    reason = "the test's own thread, outside any system"
)]

use std::time::Duration;

use actor_core::prelude::*;
use actor_core::simulation::{Fault, Simulation};

/// Waits in all the ways in which a loop could be written around it.
struct Stubborn;

#[actor]
impl Stubborn {
    fn sleep_on(&mut self, ctx: &mut Context<Self>) {
        loop {
            ctx.sleep(Duration::from_secs(1));
        }
    }

    fn look_on(&mut self, ctx: &mut Context<Self>) {
        while !ctx.cancelled() {}
    }

    fn ask_on(&mut self, other: StubbornHandle) {
        loop {
            let _ = other.ask_on(other.clone()).ask();
        }
    }

    fn idle(&mut self) {}
}

impl Actor for Stubborn {
    type Args = ();
    fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
        Ok(Stubborn)
    }
    fn stopping(&mut self, ctx: &mut Context<Self>, _: &ExitReason) -> Result<(), Failure> {
        ctx.sleep(Duration::from_secs(1));
        Ok(())
    }
}

/// A thread that nobody joined keeps its stack.
fn maps() -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps");
    maps.expect("this is Linux").lines().count()
}

fn threads() -> usize {
    let folder = std::fs::read_dir("/proc/self/task");
    folder.expect("this is Linux").count()
}

#[test]
#[cfg(target_os = "linux")]
fn a_run_that_has_failed_leaves_no_thread() {
    let (before, mut first) = (threads(), 0);
    for seed in 0..50 {
        let run = Simulation::new(seed).max_steps(200);
        let run = run.fault(Fault::hang("Stubborn").at("idle"));
        let failed = run.try_run(|system| {
            let spawn = || system.spawn::<Stubborn>(()).unwrap();
            let (sleeps, looks, asks, hangs) = (spawn(), spawn(), spawn(), spawn());
            sleeps.sleep_on().tell().unwrap();
            looks.look_on().tell().unwrap();
            asks.ask_on(sleeps.clone()).tell().unwrap();
            hangs.idle().tell().unwrap();
            hangs.join();
        });
        failed.unwrap_err();
        // Whoever leaves is counted a moment longer than its closure runs.
        let left = (0..100_000).find(|_| {
            std::thread::yield_now();
            threads() == before
        });
        assert!(
            left.is_some(),
            "seed {seed}: {} threads, {before} before",
            threads()
        );
        if seed == 10 {
            first = maps();
        }
    }
    assert!(
        maps() < first + 40,
        "{} maps, {first} after ten runs",
        maps()
    );
}
