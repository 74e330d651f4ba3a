//! A panic is contained wherever it happens, reaches whoever must know, and never aborts.

use std::time::Duration;

use actor_core::prelude::*;

use actor_tests::probe::{Fault, Gate, Plan, Probe, ProbeHandle};
use actor_tests::{Log, everywhere, lines, on_threads};

fn probe(system: &SystemRef, plan: &Plan) -> ProbeHandle {
    let spec = system.spec::<Probe>(plan.clone()).name(plan.name);
    spec.spawn().expect("it starts")
}

#[test]
fn a_panicking_handler_ends_the_life_and_answers_at_once() {
    everywhere(|system| {
        let log = Log::new();
        let a = probe(system, &Plan::new(&log, "a"));
        let error = a.strike(Fault::Panics).ask().unwrap_err();
        let AskError::Failed {
            reason: ExitReason::Panicked(panic),
            message,
            ..
        } = error
        else {
            panic!("{error}");
        };
        assert_eq!((message, panic.message()), ("strike", "handler panics"));
        assert!(panic.location().unwrap().contains("probe.rs"));
        assert_eq!(a.join().code(), 1);
        assert!(log.notes()[1].starts_with("a stopping (panicked: handler panics"));
    });
}

#[test]
fn a5_a_payload_that_panics_on_drop_is_contained() {
    everywhere(|system| {
        let mut events = system.events();
        let a = probe(system, &Plan::new(&Log::new(), "a"));
        let error = a.strike(Fault::Bomb).ask().unwrap_err();
        assert!(
            error
                .to_string()
                .contains("a panic whose payload is no text"),
            "{error}"
        );
        let reason = a.join();
        assert!(matches!(reason, ExitReason::Panicked(_)));
        let expected = [
            "a 1 started",
            "a 1 dead letter strike Failed",
            "a 1 failed",
            &format!("a 1 exited ({reason})"),
        ];
        assert_eq!(lines(&mut events), expected);
    });
}

#[test]
fn a4_a_stopping_that_fails_or_panics_replaces_the_reason() {
    everywhere(|system| {
        for (fault, expected) in [
            (Fault::Fails, "failed: stopping fails"),
            (Fault::Panics, "panicked: stopping panics"),
            (Fault::Bomb, "panicked: a panic whose payload"),
        ] {
            let log = Log::new();
            let plan = Plan {
                stopping: fault,
                ..Plan::new(&log, "a")
            };
            let mut events = system.events();
            let a = probe(system, &plan);
            a.stop();
            let reason = a.join();
            assert!(reason.to_string().starts_with(expected), "{reason}");
            assert_eq!(
                (reason.code(), log.notes().last().unwrap().as_str()),
                (1, "a drop")
            );
            let exited = format!("a 1 exited ({reason})");
            assert_eq!(lines(&mut events), ["a 1 started", "a 1 failed", &exited]);
        }
    });
}

#[test]
fn a_drop_that_panics_is_a_failure() {
    everywhere(|system| {
        for fault in [Fault::Panics, Fault::Bomb] {
            let a = probe(
                system,
                &Plan {
                    drop: fault,
                    ..Plan::new(&Log::new(), "a")
                },
            );
            a.stop();
            assert!(matches!(a.join(), ExitReason::Panicked(_)));
        }
    });
}

#[test]
fn handler_stopping_and_drop_may_all_panic() {
    everywhere(|system| {
        let plan = Plan {
            stopping: Fault::Bomb,
            drop: Fault::Bomb,
            ..Plan::new(&Log::new(), "a")
        };
        let a = probe(system, &plan);
        assert!(a.strike(Fault::Bomb).ask().is_err());
        assert!(matches!(a.join(), ExitReason::Panicked(_)));
    });
}

#[test]
fn a_panic_stops_the_children_in_order_with_their_clean_up() {
    everywhere(|system| {
        let log = Log::new();
        let plan = Plan {
            children: vec![Plan::new(&log, "b"), Plan::new(&log, "c")],
            ..Plan::new(&log, "a")
        };
        let a = probe(system, &plan);
        assert!(a.strike(Fault::Panics).ask().is_err());
        a.join();
        let notes = log.notes();
        assert_eq!(
            notes[3..7],
            [
                "c stopping (shutdown)",
                "c drop",
                "b stopping (shutdown)",
                "b drop"
            ]
        );
        assert!(notes[7].starts_with("a stopping (panicked"));
        assert!(system.snapshot().actors.is_empty() || !a.is_alive());
    });
}

#[test]
fn a_message_or_reply_whose_drop_panics_is_contained() {
    /// Panics when it is dropped, once it is armed.
    struct Touchy(bool);
    impl Drop for Touchy {
        fn drop(&mut self) {
            assert!(!self.0 || std::thread::panicking(), "touched");
        }
    }
    struct Holder;
    #[actor]
    impl Holder {
        fn keep(&mut self, gate: actor_tests::probe::GateHandle) {
            let _ = gate.pass().ask();
        }
        fn take(&mut self, touchy: Touchy) {
            std::mem::forget(touchy);
        }
        fn give(&mut self) -> Touchy {
            Touchy(true)
        }
    }
    impl Actor for Holder {
        type Args = ();
        fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
            Ok(Holder)
        }
    }
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        // Swept out of the mailbox.
        let holder = system.spawn::<Holder>(()).unwrap();
        holder.keep((*gate).clone().into()).tell().unwrap();
        holder.take(Touchy(true)).tell().unwrap();
        gate.somebody_waits().ask().unwrap();
        holder.stop();
        gate.open().tell().unwrap();
        assert!(holder.join().is_normal());
        // A reply that nobody waits for.
        let holder = system.spawn::<Holder>(()).unwrap();
        holder.give().tell().unwrap();
        assert!(matches!(holder.join(), ExitReason::Panicked(_)));
    });
}

#[test]
fn a46_an_asker_of_a_dead_actor_is_answered_at_once() {
    everywhere(|system| {
        let a = probe(system, &Plan::new(&Log::new(), "a"));
        a.stop();
        a.join();
        for _ in 0..2000 {
            // More than a mailbox holds: nothing piles up.
            let error = a.echo(1).ask().unwrap_err();
            assert!(matches!(error, AskError::Stopped { .. }));
        }
        assert_eq!(a.snapshot().mailbox, 0);
    });
}

#[test]
fn askers_queued_behind_a_panic_are_answered() {
    everywhere(|system| {
        let a = probe(system, &Plan::new(&Log::new(), "a"));
        let gate = system.spawn::<Gate>(()).unwrap();
        a.pass((*gate).clone().into()).tell().unwrap();
        a.strike(Fault::Panics).tell().unwrap();
        let behind: Vec<_> = (0..10).map(|n| a.echo(n).send().unwrap()).collect();
        gate.open().tell().unwrap();
        for pending in behind {
            let error = pending.wait().unwrap_err();
            assert!(
                matches!(
                    error,
                    AskError::Stopped {
                        reason: Some(ExitReason::Panicked(_)),
                        ..
                    }
                ),
                "{error}"
            );
        }
    });
}

#[test]
fn asks_that_race_with_a_panic_are_all_answered() {
    // On real threads, where pushes and the sweep truly overlap.
    on_threads(|system| {
        for _ in 0..200 {
            let a = probe(system, &Plan::new(&Log::new(), "a"));
            std::thread::scope(|scope| {
                for _ in 0..3 {
                    scope.spawn(|| {
                        for n in 0..20 {
                            let answer = a.echo(n).timeout(Duration::from_secs(20)).ask();
                            match answer {
                                Ok(same) => assert_eq!(same, n),
                                Err(AskError::Stopped { .. }) => return,
                                Err(error) => panic!("{error}"),
                            }
                        }
                    });
                }
                a.strike(Fault::Panics).tell().unwrap();
            });
            a.join();
        }
    });
}
