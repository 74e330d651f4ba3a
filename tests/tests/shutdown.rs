//! The end of a whole system.

use std::time::Duration;

use actor_core::SpawnErrorKind;
use actor_core::prelude::*;
use actor_tests::probe::{Plan, Probe, ProbeHandle};
use actor_tests::process::alone;
use actor_tests::{Log, everywhere, on_threads};

fn probe(system: &SystemRef, plan: &Plan) -> ProbeHandle {
    let spec = system.spec::<Probe>(plan.clone()).name(plan.name);
    spec.spawn().expect("it starts")
}

#[test]
fn the_top_level_stops_in_reverse_order() {
    everywhere(|system| {
        let log = Log::new();
        for name in ["a", "b", "c"] {
            probe(system, &Plan::new(&log, name));
        }
        let report = system.shutdown().unwrap();
        assert_eq!((report.stopped(), report.is_finished()), (3, true));
        let notes = log.notes();
        assert_eq!(
            notes[3..],
            [
                "c stopping (shutdown)",
                "c drop",
                "b stopping (shutdown)",
                "b drop",
                "a stopping (shutdown)",
                "a drop",
            ]
        );
        assert_eq!(
            system.shutdown().unwrap(),
            report,
            "again gives the same report"
        );
    });
}

#[test]
fn two_threads_may_shut_down_at_once() {
    on_threads(|system| {
        let log = Log::new();
        probe(system, &Plan::new(&log, "a"));
        let reports = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..2)
                .map(|_| scope.spawn(|| system.shutdown().unwrap()))
                .collect();
            calls
                .into_iter()
                .map(|call| call.join().unwrap())
                .collect::<Vec<_>>()
        });
        assert_eq!(reports[0], reports[1]);
        assert_eq!(log.notes().len(), 3);
    });
}

#[test]
fn an_actor_may_begin_the_shutdown() {
    everywhere(|system| {
        let log = Log::new();
        probe(system, &Plan::new(&log, "other"));
        let a = probe(system, &Plan::new(&log, "a"));
        assert!(
            !a.shut_down().ask().unwrap(),
            "it is not over while the actor runs"
        );
        a.join();
        assert!(system.shutdown().unwrap().is_finished());
        assert!(log.notes().contains(&"other drop".to_owned()));
    });
}

#[test]
fn nothing_starts_in_a_system_that_is_gone() {
    everywhere(|system| {
        system.shutdown().unwrap();
        let error = system
            .spawn::<Probe>(Plan::new(&Log::new(), "late"))
            .unwrap_err();
        assert!(
            matches!(error.kind(), SpawnErrorKind::ParentStopping),
            "{error}"
        );
    });
}

#[test]
fn an_actor_that_is_stopping_starts_nothing() {
    struct Late;
    #[actor]
    impl Late {}
    impl Actor for Late {
        type Args = Log;
        fn start(ctx: &mut Context<Self>, log: &Log) -> Result<Self, Failure> {
            log.note(ctx.name());
            Ok(Late)
        }
        fn stopping(&mut self, ctx: &mut Context<Self>, _: &ExitReason) -> Result<(), Failure> {
            match ctx.spawn::<Probe>(Plan::new(&Log::new(), "late")) {
                Ok(_) => Err("it started".into()),
                Err(_) => Ok(()),
            }
        }
    }
    everywhere(|system| {
        let late = system.spawn::<Late>(Log::new()).unwrap();
        late.stop();
        assert!(late.join().is_normal());
    });
}

#[test]
fn stopping_an_idle_system_takes_no_virtual_time() {
    actor_tests::quiet_panics();
    for seed in 0..actor_tests::SEEDS {
        let run = actor_core::simulation::Simulation::new(seed).run(|system| {
            let actors: Vec<_> = (0..5)
                .map(|_| probe(system, &Plan::new(&Log::new(), "a")))
                .collect();
            actors[0].stop();
            actors[0].join();
        });
        assert_eq!(run.elapsed, Duration::ZERO);
    }
}

#[test]
fn the_event_stream_ends_with_the_system() {
    everywhere(|system| {
        let events = system.events();
        probe(system, &Plan::new(&Log::new(), "a"));
        system.shutdown().unwrap();
        assert_eq!(events.count(), 2);
    });
}

#[test]
fn events_taken_after_the_end_are_over() {
    everywhere(|system| {
        system.shutdown().unwrap();
        assert!(system.events().next().is_none());
    });
}

#[test]
fn a_panic_while_the_root_lets_go_of_something_ends_nothing() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            assert!(std::thread::panicking(), "let go of");
        }
    }
    everywhere(|system| {
        system.set_env("bomb", Bomb);
        let a = probe(system, &Plan::new(&Log::new(), "a"));
        system.remove_env("bomb");
        let b = probe(system, &Plan::new(&Log::new(), "b"));
        a.stop();
        a.join();
        drop(a);
        assert_eq!(b.echo(1).ask().unwrap(), 1);
        assert!(system.shutdown().unwrap().is_finished());
    });
}

#[test]
fn a_slow_reader_of_events_blocks_nobody_and_learns_what_it_missed() {
    on_threads(|system| {
        let slow = system.events();
        let a = probe(system, &Plan::new(&Log::new(), "a"));
        for _ in 0..2500 {
            let child = system.spawn::<Probe>(Plan::new(&Log::new(), "b")).unwrap();
            child.stop();
            child.join();
        }
        assert_eq!(a.echo(1).ask().unwrap(), 1);
        assert_eq!(slow.missed(), 5001 - 4096);
    });
}

#[test]
fn a23_leaving_main_with_a_live_system_stops_it() {
    if !alone("a23_leaving_main_with_a_live_system_stops_it") {
        return;
    }
    let log = Log::new();
    {
        let system = System::new("main").unwrap();
        for _ in 0..10 {
            // Busy while the system goes out of scope.
            let busy = probe(&system, &Plan::new(&log, "busy"));
            busy.sleep(Duration::from_secs(3600)).tell().unwrap();
        }
    }
    let notes = log.notes();
    let dropped = notes.iter().filter(|note| *note == "busy drop");
    assert_eq!(dropped.count(), 10);
}
