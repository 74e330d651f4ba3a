//! Lives that are left behind, that crash, and those that follow them.

use std::mem::ManuallyDrop;
use std::thread;
use std::time::Duration;

use actor_core::prelude::*;

use super::actors::{Gate, Stuck, StuckPlan, Taker};
use super::{Count, explore, explore_system, system};

/// The life number: a life that comes back late takes no message of its successor, and silences no
/// bell that its successor listens to.
#[test]
fn a_life_that_comes_back_late_takes_nothing_from_its_successor() {
    explore(|| {
        let system = system();
        let plan = StuckPlan {
            gate: Gate::new(),
            handled: Default::default(),
        };
        let spec = system.spec::<Stuck>(plan.clone());
        let mut spec = spec.restart(Restart::Permanent);
        let stuck = spec.handle();
        let supervision = Supervisor::one_for_one().child(spec);
        system.spawn::<Supervisor>(supervision).unwrap();
        stuck.block().tell().unwrap();
        plan.gate.await_arrival();
        stuck.work().tell().unwrap();
        let reason = stuck.terminate(Duration::from_millis(1));
        assert!(matches!(reason, ExitReason::Abandoned), "{reason}");
        let gate = plan.gate.clone();
        let opener = thread::spawn(move || gate.open());
        for _ in 0..3 {
            assert_eq!(stuck.work().ask().unwrap(), 2);
        }
        opener.join().unwrap();
        assert_eq!(stuck.work().ask().unwrap(), 2);
        assert_eq!(plan.handled.map(|handled| handled.get()), [0, 5]);
        // It names the life that was left behind, unless that has come to its end by now.
        let _ = system.shutdown();
        drop(ManuallyDrop::into_inner(system));
    });
}

/// A crash, a restart, and messages all the time: each is handled once, or its asker told.
#[test]
fn a_restart_keeps_the_mailbox() {
    explore_system(|system| {
        let handled = Count::default();
        let spec = system.spec::<Taker>(handled.clone());
        let mut spec = spec.restart(Restart::Permanent).mailbox(2);
        let taker = spec.handle();
        let supervision = Supervisor::one_for_one().child(spec);
        system.spawn::<Supervisor>(supervision).unwrap();
        let sender = taker.clone();
        let sender = thread::spawn(move || {
            for number in 1..=3 {
                sender.take(0, number).tell().unwrap();
            }
        });
        assert!(matches!(
            taker.crash().ask(),
            Err(AskError::Failed { life: 1, .. })
        ));
        sender.join().unwrap();
        assert_eq!(taker.take(1, 1).ask().unwrap(), 1);
        assert_eq!(handled.get(), 4);
        assert_eq!(taker.snapshot().life, 2);
    });
}

/// Whoever joins hears of the end, however early or late it comes.
#[test]
fn an_end_is_told_to_whoever_waits_for_it() {
    explore_system(|system| {
        let taker = system.spawn::<Taker>(Count::default()).unwrap();
        let joiners = [0, 1].map(|_| {
            let taker = taker.clone();
            thread::spawn(move || taker.join().is_normal())
        });
        taker.stop();
        assert!(joiners.map(|joiner| joiner.join().unwrap()) == [true, true]);
        assert!(taker.take(0, 1).tell().is_err());
    });
}
