//! Starting, ending, and what others learn of it, in which order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actor_core::SpawnErrorKind;
use actor_core::prelude::*;
use actor_tests::probe::{Fault, Gate, Plan, Probe, ProbeHandle};
use actor_tests::{Counted, Log, everywhere, lines};

fn probe(system: &SystemRef, plan: &Plan) -> ProbeHandle {
    let spec = system.spec::<Probe>(plan.clone()).name(plan.name);
    spec.spawn().expect("it starts")
}

#[test]
fn a44_events_come_in_order_and_exited_once() {
    everywhere(|system| {
        let mut events = system.events();
        let a = probe(system, &Plan::new(&Log::new(), "a"));
        a.strike(Fault::Exits(42)).tell().unwrap();
        assert_eq!(a.join().code(), 42);
        assert_eq!(
            lines(&mut events),
            ["a 1 started", "a 1 exited (exit code 42)"]
        );

        let b = probe(system, &Plan::new(&Log::new(), "b"));
        b.strike(Fault::Fails).tell().unwrap();
        assert_eq!(b.join().code(), 1);
        let expected = [
            "b 1 started",
            "b 1 dead letter strike Failed",
            "b 1 failed",
            "b 1 exited (failed: handler fails)",
        ];
        assert_eq!(lines(&mut events), expected);
    });
}

#[test]
fn a8_nothing_but_stopping_runs_after_exit() {
    everywhere(|system| {
        let log = Log::new();
        let a = probe(system, &Plan::new(&log, "a"));
        a.strike(Fault::Exits(3)).tell().unwrap();
        for n in 0..10 {
            // The mailbox may be closed by now.
            let _ = a.note(format!("after {n}")).tell();
        }
        assert_eq!(a.join().code(), 3);
        assert_eq!(
            log.notes(),
            ["a start", "a stopping (exit code 3)", "a drop"]
        );
    });
}

#[test]
fn a9_the_first_exit_code_wins() {
    struct Twice;
    #[actor]
    impl Twice {
        fn leave(&mut self, ctx: &mut Context<Self>) -> i32 {
            ctx.exit(42);
            ctx.exit(99);
            7
        }
    }
    impl Actor for Twice {
        type Args = ();
        fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
            Ok(Twice)
        }
        fn stopping(&mut self, ctx: &mut Context<Self>, _: &ExitReason) -> Result<(), Failure> {
            ctx.exit(98);
            Ok(())
        }
    }
    everywhere(|system| {
        let twice = system.spawn::<Twice>(()).unwrap();
        assert_eq!(twice.leave().ask().unwrap(), 7, "the answer still goes out");
        assert_eq!(twice.join().code(), 42);
    });
}

#[test]
fn an_exit_in_start_is_started_and_exited() {
    everywhere(|system| {
        let mut events = system.events();
        let plan = Plan {
            start: Fault::Exits(5),
            ..Plan::new(&Log::new(), "a")
        };
        let a = probe(system, &plan);
        assert_eq!(a.join().code(), 5);
        assert_eq!(
            lines(&mut events),
            ["a 1 started", "a 1 exited (exit code 5)"]
        );
    });
}

#[test]
fn a10_a_failing_start_leaves_nothing() {
    for fault in [Fault::Fails, Fault::Panics, Fault::Bomb] {
        everywhere(|system| {
            let log = Log::new();
            let alive = Arc::new(AtomicUsize::new(0));
            let mut events = system.events();
            let plan = Plan {
                start: fault,
                children: vec![Plan::new(&log, "first"), Plan::new(&log, "second")],
                counted: Some(Counted::new(&alive)),
                ..Plan::new(&log, "parent")
            };
            let mut spec = system.spec::<Probe>(plan).name("parent");
            let handle = spec.handle();
            handle.note("delivered".into()).tell().unwrap();
            let asked = handle.echo(1).send().unwrap();
            let error = spec.spawn().unwrap_err();
            assert!(matches!(asked.wait(), Err(AskError::Stopped { .. })));
            assert!(matches!(error.kind(), SpawnErrorKind::Start(reason) if reason.code() == 1));
            let expected = [
                "parent start",
                "first start",
                "second start",
                "second stopping (shutdown)",
                "second drop",
                "first stopping (shutdown)",
                "first drop",
            ];
            assert_eq!(log.notes(), expected);
            let lines = lines(&mut events);
            assert!(!lines.contains(&"parent 1 started".to_owned()));
            let position = |line: &str| lines.iter().position(|other| other.starts_with(line));
            assert!(position("first 1 exited") < position("parent 1 failed"));
            assert!(position("parent 1 failed") < position("parent 1 exited"));
            assert_eq!(alive.load(Ordering::SeqCst), 0, "its arguments are gone");
            assert!(!handle.is_alive());
            assert!(handle.echo(1).ask().is_err());
            assert!(system.snapshot().actors.is_empty());
        });
    }
}

#[test]
fn a_start_that_ignores_is_no_failure() {
    everywhere(|system| {
        let mut events = system.events();
        let plan = Plan {
            start: Fault::Ignores,
            ..Plan::new(&Log::new(), "a")
        };
        let error = system.spec::<Probe>(plan).name("a").spawn().unwrap_err();
        assert!(matches!(error.kind(), SpawnErrorKind::Ignored));
        assert_eq!(lines(&mut events), ["a 1 exited (normal)"]);
    });
}

#[test]
fn stop_handles_no_further_message_and_drain_handles_what_is_queued() {
    everywhere(|system| {
        for (drains, expected) in [(false, 0), (true, 5)] {
            let log = Log::new();
            let gate = system.spawn::<Gate>(()).unwrap();
            let a = probe(system, &Plan::new(&log, "a"));
            a.pass((*gate).clone().into()).tell().unwrap();
            let asks: Vec<_> = (0..5).map(|n| a.echo(n).send().unwrap()).collect();
            gate.somebody_waits().ask().unwrap();
            if drains {
                a.drain()
            } else {
                a.stop()
            }
            gate.open().tell().unwrap();
            assert!(a.join().is_normal());
            let answers = asks.into_iter().map(|ask| ask.wait());
            let answered = answers
                .filter(|answer| match answer {
                    Ok(_) => true,
                    Err(AskError::Stopped { .. }) => false,
                    Err(error) => panic!("{error}"),
                })
                .count();
            assert_eq!(answered, expected);
            let error = a.echo(9).tell().unwrap_err();
            assert!(matches!(
                error.into_message(),
                actor_tests::probe::ProbeMessage::Echo { n: 9 }
            ));
        }
    });
}

#[test]
fn children_stop_first_in_reverse_order() {
    everywhere(|system| {
        let log = Log::new();
        let mut plan = Plan::new(&log, "parent");
        for name in ["a", "b"] {
            let mut child = Plan::new(&log, name);
            child.children = vec![Plan::new(&log, if name == "a" { "a1" } else { "b1" })];
            plan.children.push(child);
        }
        let parent = probe(system, &plan);
        parent.stop();
        parent.join();
        let stopping: Vec<String> = log
            .notes()
            .into_iter()
            .filter(|note| note.ends_with("drop"))
            .collect();
        assert_eq!(
            stopping,
            ["b1 drop", "b drop", "a1 drop", "a drop", "parent drop"]
        );
        let clean_ups = log
            .notes()
            .iter()
            .filter(|note| note.contains("stopping"))
            .count();
        assert_eq!(clean_ups, 5, "everybody's clean-up has run");
    });
}

#[test]
fn a_child_that_ends_by_itself_is_let_go_of() {
    everywhere(|system| {
        let log = Log::new();
        let alive = Arc::new(AtomicUsize::new(0));
        let parent = probe(system, &Plan::new(&log, "parent"));
        let plan = Plan {
            counted: Some(Counted::new(&alive)),
            ..Plan::new(&log, "child")
        };
        assert!(parent.spawn(plan).ask().unwrap());
        let child = parent.children().ask().unwrap().remove(0);
        child.strike(Fault::Exits(0)).tell().unwrap();
        child.join();
        assert_eq!(alive.load(Ordering::SeqCst), 0);
        // The signal overtakes the question.
        parent.echo(0).ask().unwrap();
        assert!(parent.snapshot().children.is_empty());
    });
}

#[test]
fn join_returns_after_the_state_is_dropped() {
    everywhere(|system| {
        let log = Log::new();
        let a = probe(system, &Plan::new(&log, "a"));
        a.stop();
        a.join();
        assert_eq!(log.notes(), ["a start", "a stopping (shutdown)", "a drop"]);
        assert!(!a.is_alive());
        a.stop();
        assert!(
            a.join().is_normal(),
            "joining and stopping again are harmless"
        );
    });
}

#[test]
fn a_forgotten_handle_keeps_neither_actor_nor_arguments() {
    everywhere(|system| {
        let log = Log::new();
        let alive = Arc::new(AtomicUsize::new(0));
        let plan = Plan {
            counted: Some(Counted::new(&alive)),
            ..Plan::new(&log, "a")
        };
        let a = probe(system, &plan);
        drop(plan);
        std::mem::forget(a.clone());
        assert!(alive.load(Ordering::SeqCst) > 0);
        a.stop();
        a.join();
        assert_eq!(alive.load(Ordering::SeqCst), 0);
        assert!(log.notes().contains(&"a drop".to_owned()));
    });
}

#[test]
fn a24_dropping_the_last_handle_stops_nothing() {
    everywhere(|system| {
        let log = Log::new();
        drop(probe(system, &Plan::new(&log, "a")));
        assert_eq!(system.snapshot().actors.len(), 1);
        system.shutdown().unwrap();
        assert_eq!(log.notes(), ["a start", "a stopping (shutdown)", "a drop"]);
    });
}

#[test]
fn state_may_be_bound_to_its_thread() {
    struct Local(std::rc::Rc<std::cell::Cell<u32>>);
    #[actor]
    impl Local {
        fn bump(&mut self) -> u32 {
            self.0.set(self.0.get() + 1);
            self.0.get()
        }
    }
    impl Actor for Local {
        type Args = ();
        fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
            Ok(Local(std::rc::Rc::default()))
        }
    }
    everywhere(|system| {
        let local = system.spawn::<Local>(()).unwrap();
        assert_eq!(local.bump().ask().unwrap(), 1);
        assert_eq!(local.bump().ask().unwrap(), 2);
    });
}

#[test]
fn threads_bear_the_actors_names() {
    struct Named;
    #[actor]
    impl Named {
        fn thread(&self) -> Option<String> {
            std::thread::current().name().map(ToOwned::to_owned)
        }
    }
    impl Actor for Named {
        type Args = ();
        fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
            Ok(Named)
        }
    }
    everywhere(|system| {
        let named = system.spec::<Named>(()).name("camera\0").spawn().unwrap();
        assert_eq!(
            named.thread().ask().unwrap().unwrap(),
            format!("camera?{}", named.id())
        );
    });
}

#[test]
fn a_spec_that_is_dropped_answers_those_who_asked() {
    everywhere(|system| {
        let mut spec = system.spec::<Probe>(Plan::new(&Log::new(), "a"));
        let handle = spec.handle();
        let pending = handle.echo(1).send().unwrap();
        drop(spec);
        assert!(matches!(pending.wait(), Err(AskError::Stopped { .. })));
        assert!(!handle.is_alive());
    });
}

#[test]
fn messages_before_the_first_start_wait() {
    everywhere(|system| {
        let mut spec = system.spec::<Probe>(Plan::new(&Log::new(), "a"));
        let handle = spec.handle();
        let pending = handle.echo(1).send().unwrap();
        let _running = spec.spawn().unwrap();
        assert_eq!(pending.wait().unwrap(), 1);
    });
}

#[test]
fn the_spec_names_its_mistakes() {
    let system = System::new("specs").unwrap();
    let mistake = |make: &dyn Fn()| {
        actor_tests::quiet_panics();
        let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(make)).unwrap_err();
        payload
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .unwrap_or_else(|| payload.downcast_ref::<String>().cloned().expect("a text"))
    };
    let zero = mistake(&|| drop(system.spec::<Gate>(()).mailbox(0)));
    assert!(zero.contains("use 1 or more"), "{zero}");
    let late = mistake(&|| {
        let mut spec = system.spec::<Gate>(());
        let _ = spec.handle();
        drop(spec.name("late"));
    });
    assert!(
        late.contains("Spec::name was called after Spec::handle"),
        "{late}"
    );
}
