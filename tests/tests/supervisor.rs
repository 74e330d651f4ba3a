//! One for one: what is restarted, when it gives up, and what lasts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{ChildState, SpawnErrorKind, Spec, SupervisorHandle};
use actor_tests::probe::{Fault, Gate, Plan, Probe, ProbeHandle};
use actor_tests::{Counted, Log, everywhere, everywhere_leaving, lines, simulated};

const PERIOD: Duration = Duration::from_secs(5);

fn spec(system: &SystemRef, plan: &Plan, restart: Restart) -> (Spec<Probe>, ProbeHandle) {
    let mut spec = system
        .spec::<Probe>(plan.clone())
        .name(plan.name)
        .restart(restart);
    let handle = spec.handle();
    (spec, handle)
}

fn supervised(
    system: &SystemRef,
    plan: &Plan,
    restart: Restart,
    limit: usize,
) -> (SupervisorHandle, ProbeHandle) {
    let (spec, handle) = spec(system, plan, restart);
    let plan = Supervisor::one_for_one()
        .intensity(limit, PERIOD)
        .child(spec);
    let spec = system.spec::<Supervisor>(plan).name("sup");
    (spec.spawn().unwrap(), handle)
}

/// Waits until the supervisor has dealt with what it was told before.
fn settled(supervisor: &SupervisorHandle) -> Vec<ChildState> {
    loop {
        let children = supervisor.which_children().ask().unwrap();
        let states: Vec<_> = children.into_iter().map(|child| child.state).collect();
        if !states.contains(&ChildState::Restarting) {
            return states;
        }
    }
}

#[test]
fn children_start_in_order_and_stop_in_reverse() {
    everywhere(|system| {
        let log = Log::new();
        let mut plan = Supervisor::one_for_one();
        for name in ["a", "b", "c"] {
            plan = plan.child(spec(system, &Plan::new(&log, name), Restart::Permanent).0);
        }
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        assert_eq!(log.notes(), ["a start", "b start", "c start"]);
        supervisor.stop();
        assert!(supervisor.join().is_normal());
        let drops: Vec<_> = log
            .notes()
            .into_iter()
            .filter(|note| note.ends_with("drop"))
            .collect();
        assert_eq!(drops, ["c drop", "b drop", "a drop"]);
    });
}

#[test]
fn a_crashed_child_is_restarted_alone_and_keeps_its_mailbox_and_handle() {
    everywhere(|system| {
        let log = Log::new();
        let gate = system.spawn::<Gate>(()).unwrap();
        let (a, a_handle) = spec(system, &Plan::new(&log, "a"), Restart::Permanent);
        let (b, b_handle) = spec(system, &Plan::new(&Log::new(), "b"), Restart::Permanent);
        let plan = Supervisor::one_for_one()
            .intensity(3, PERIOD)
            .child(a)
            .child(b);
        let _supervisor = system.spawn::<Supervisor>(plan).unwrap();
        let mut events = system.events();
        a_handle.pass(gate.clone()).tell().unwrap();
        a_handle.strike(Fault::Panics).tell().unwrap();
        // Behind the crash: kept, and handled by the next life.
        let behind: Vec<_> = (0..10).map(|n| a_handle.echo(n).send().unwrap()).collect();
        gate.open().tell().unwrap();
        for (n, pending) in behind.into_iter().enumerate() {
            assert_eq!(pending.wait().unwrap(), n as u64);
        }
        assert_eq!(a_handle.life().ask().unwrap(), 2);
        assert_eq!(b_handle.life().ask().unwrap(), 1);
        let lines = lines(&mut events);
        assert_eq!(lines.len(), 5, "{lines:?}");
        assert!(lines[2].starts_with("a 1 exited (panicked: handler panics"));
        assert_eq!(lines[3..], ["a 2 restarted", "a 2 started"]);
        let notes = log.notes();
        assert_eq!(notes[3], "a drop", "the old life is over …");
        assert_eq!(notes[4], "a start", "… before the next begins");
    });
}

#[test]
fn restart_types_decide_by_the_reason() {
    let running = ChildState::Running(2);
    for (restart, fault, expected) in [
        (Restart::Permanent, Fault::Exits(0), Some(running)),
        (Restart::Permanent, Fault::Exits(1), Some(running)),
        (Restart::Permanent, Fault::Panics, Some(running)),
        (
            Restart::Transient,
            Fault::Exits(0),
            Some(ChildState::Stopped),
        ),
        (Restart::Transient, Fault::Exits(1), Some(running)),
        (Restart::Transient, Fault::Fails, Some(running)),
        (Restart::Temporary, Fault::Exits(0), None),
        (Restart::Temporary, Fault::Panics, None),
    ] {
        everywhere(|system| {
            let (supervisor, a) = supervised(system, &Plan::new(&Log::new(), "a"), restart, 3);
            let mut events = system.events();
            a.strike(fault).tell().unwrap();
            while !lines(&mut events)
                .iter()
                .any(|line| line.starts_with("a 1 exited"))
            {
                supervisor.count_children().ask().unwrap();
            }
            // The signal comes right behind the event.
            let mut states = settled(&supervisor);
            while states == [ChildState::Running(1)] {
                states = settled(&supervisor);
            }
            assert_eq!(states, expected.into_iter().collect::<Vec<_>>());
            if expected != Some(running) {
                a.join();
                assert!(!a.is_alive());
                assert!(matches!(a.echo(1).ask(), Err(AskError::Stopped { .. })));
            }
        });
    }
}

#[test]
fn a_child_that_is_told_to_stop_is_not_restarted() {
    everywhere(|system| {
        for drains in [false, true] {
            let (supervisor, a) =
                supervised(system, &Plan::new(&Log::new(), "a"), Restart::Permanent, 3);
            if drains {
                a.drain()
            } else {
                a.stop()
            }
            assert!(a.join().is_normal());
            assert_eq!(settled(&supervisor), [ChildState::Stopped]);
            assert!(a.echo(1).tell().is_err());
        }
    });
}

#[test]
fn a_terminated_child_is_restarted() {
    everywhere(|system| {
        let (_supervisor, a) =
            supervised(system, &Plan::new(&Log::new(), "a"), Restart::Transient, 3);
        assert!(matches!(
            a.terminate(actor_tests::LONG),
            ExitReason::Terminated
        ));
        assert_eq!(a.life().ask().unwrap(), 2);
    });
}

#[test]
fn a_stuck_child_is_replaced_and_its_return_changes_nothing() {
    everywhere_leaving(|system| {
        let log = Log::new();
        let gate = system.spawn::<Gate>(()).unwrap();
        let (_supervisor, a) = supervised(system, &Plan::new(&log, "a"), Restart::Permanent, 3);
        a.pass(gate.clone()).tell().unwrap();
        let behind = a.life().send().unwrap();
        gate.somebody_waits().ask().unwrap();
        assert!(matches!(
            a.terminate(Duration::from_millis(10)),
            ExitReason::Abandoned
        ));
        assert_eq!(
            behind.wait().unwrap(),
            2,
            "the next life handles what was queued"
        );
        let handled = a.snapshot().handled;
        gate.open().ask().unwrap();
        gate.stop();
        gate.join();
        while !log.notes().contains(&"a passed".to_owned()) {
            a.sleep(Duration::from_millis(1)).ask().unwrap();
        }
        assert_eq!(a.life().ask().unwrap(), 2);
        assert!(a.snapshot().handled > handled);
        assert!(
            !log.notes()
                .iter()
                .any(|note| note.starts_with("a stopping"))
        );
    });
}

#[test]
fn too_many_threads_left_behind_are_too_much() {
    everywhere_leaving(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let (a, a_handle) = spec(system, &Plan::new(&Log::new(), "a"), Restart::Permanent);
        let plan = Supervisor::one_for_one()
            .intensity(9, PERIOD)
            .max_abandoned(1)
            .child(a);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        for _ in 0..2 {
            // Before it goes on, the life before was replaced.
            a_handle.echo(1).ask().unwrap();
            a_handle.pass(gate.clone()).tell().unwrap();
            while a_handle.snapshot().mailbox > 0 {
                gate.somebody_waits().ask().unwrap();
            }
            assert!(matches!(
                a_handle.terminate(Duration::ZERO),
                ExitReason::Abandoned
            ));
        }
        let reason = supervisor.join().to_string();
        assert!(reason.contains("more than 1 threads"), "{reason}");
        gate.open().tell().unwrap();
    });
}

#[test]
fn too_many_restarts_stop_everything_and_the_supervisor() {
    everywhere(|system| {
        let log = Log::new();
        let (a, a_handle) = spec(system, &Plan::new(&Log::new(), "a"), Restart::Permanent);
        let (b, b_handle) = spec(system, &Plan::new(&log, "b"), Restart::Permanent);
        let plan = Supervisor::one_for_one()
            .intensity(1, PERIOD)
            .child(a)
            .child(b);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        assert!(a_handle.strike(Fault::Panics).ask().is_err());
        let pending = a_handle.strike(Fault::Panics).send().unwrap();
        assert!(pending.wait().is_err());
        let reason = supervisor.join();
        assert!(matches!(reason, ExitReason::Shutdown(Some(_))));
        assert!(
            reason
                .to_string()
                .contains("more than 1 restarts within 5 s"),
            "{reason}"
        );
        assert!(reason.to_string().contains("handler panics"), "{reason}");
        a_handle.join();
        b_handle.join();
        assert_eq!(log.notes(), ["b start", "b stopping (shutdown)", "b drop"]);
        assert!(matches!(
            a_handle.echo(1).ask(),
            Err(AskError::Stopped { .. })
        ));
    });
}

#[test]
fn the_window_of_restarts_slides() {
    simulated(|system| {
        let (_supervisor, a) =
            supervised(system, &Plan::new(&Log::new(), "a"), Restart::Permanent, 2);
        // Seven crashes, never more than two within five seconds.
        for life in 2..9 {
            assert!(a.strike(Fault::Panics).ask().is_err());
            assert_eq!(a.life().ask().unwrap(), life);
            assert!(a.sleep(Duration::from_secs(3)).ask().unwrap());
        }
    });
}

#[test]
fn a_failing_first_start_fails_the_supervisor_and_leaves_nothing() {
    everywhere(|system| {
        let log = Log::new();
        let alive = Arc::new(AtomicUsize::new(0));
        let good_plan = Plan {
            counted: Some(Counted::new(&alive)),
            ..Plan::new(&log, "good")
        };
        let bad_plan = Plan {
            start: Fault::Fails,
            ..Plan::new(&log, "bad")
        };
        let (good, good_handle) = spec(system, &good_plan, Restart::Permanent);
        let (bad, bad_handle) = spec(system, &bad_plan, Restart::Permanent);
        drop(good_plan);
        let (never, never_handle) = spec(system, &Plan::new(&log, "never"), Restart::Permanent);
        let plan = Supervisor::one_for_one()
            .child(good)
            .child(bad)
            .child(never);
        let error = system.spawn::<Supervisor>(plan).unwrap_err();
        assert!(matches!(error.kind(), SpawnErrorKind::Start(_)));
        assert!(error.to_string().contains("child bad#"), "{error}");
        assert!(error.to_string().contains("start fails"), "{error}");
        let notes = log.notes();
        assert_eq!(
            notes,
            [
                "good start",
                "bad start",
                "good stopping (shutdown)",
                "good drop"
            ]
        );
        assert_eq!(alive.load(Ordering::SeqCst), 0);
        for handle in [good_handle, bad_handle, never_handle] {
            assert!(!handle.is_alive());
            assert!(handle.echo(1).ask().is_err(), "nobody waits for ever");
        }
    });
}

#[test]
fn a_failing_start_at_a_restart_is_tried_again_and_counted() {
    everywhere(|system| {
        let plan = Plan {
            start: Fault::Fails,
            failing_restarts: 2,
            ..Plan::new(&Log::new(), "a")
        };
        let (_supervisor, a) = supervised(system, &plan, Restart::Permanent, 3);
        assert!(a.strike(Fault::Panics).ask().is_err());
        assert_eq!(a.life().ask().unwrap(), 4, "two lives did not start");

        let (supervisor, a) = supervised(
            system,
            &Plan {
                starts: Arc::default(),
                ..plan.clone()
            },
            Restart::Permanent,
            2,
        );
        assert!(a.strike(Fault::Panics).ask().is_err());
        assert!(matches!(supervisor.join(), ExitReason::Shutdown(Some(_))));
    });
}

#[test]
fn reads_are_answered_while_a_child_starts() {
    struct Slow;
    #[actor]
    impl Slow {
        #[message(fails)]
        fn crash(&mut self) -> Result<(), Failure> {
            Err("crash")?
        }
    }
    impl Actor for Slow {
        type Args = actor_tests::probe::GateHandle;
        fn start(ctx: &mut Context<Self>, gate: &Self::Args) -> Result<Self, Failure> {
            if ctx.life() > 1 {
                gate.pass().ask()?;
            }
            Ok(Slow)
        }
    }
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let mut slow = system.spec::<Slow>(gate.clone());
        let handle = slow.handle();
        let plan = Supervisor::one_for_one().child(slow);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        handle.crash().tell().unwrap();
        gate.somebody_waits().ask().unwrap();
        let children = supervisor.which_children().ask().unwrap();
        assert_eq!(children[0].state, ChildState::Restarting);
        supervisor.stop();
        gate.open().tell().unwrap();
        assert!(supervisor.join().is_normal(), "and it can be stopped");
    });
}

#[test]
fn a_supervisor_under_a_supervisor_starts_its_children_again_with_their_handles() {
    everywhere(|system| {
        let (a, a_handle) = spec(system, &Plan::new(&Log::new(), "a"), Restart::Permanent);
        let inner = Supervisor::one_for_one().intensity(0, PERIOD).child(a);
        let inner = system.spec::<Supervisor>(inner).name("inner");
        let outer = Supervisor::one_for_one().intensity(1, PERIOD).child(inner);
        let _outer = system.spawn::<Supervisor>(outer).unwrap();
        let id = a_handle.id();
        assert!(a_handle.strike(Fault::Panics).ask().is_err());
        // The inner one gives up at once, and the outer one starts it again.
        let life = loop {
            if let Ok(life) = a_handle.life().ask() {
                break life;
            }
        };
        assert_eq!((life, a_handle.id()), (2, id));
    });
}

#[test]
fn siblings_are_wired_through_their_arguments() {
    struct Front(ProbeHandle);
    #[actor]
    impl Front {
        fn through(&mut self, n: u64) -> Option<u64> {
            self.0.echo(n).ask().ok()
        }
    }
    impl Actor for Front {
        type Args = ProbeHandle;
        fn start(_ctx: &mut Context<Self>, back: &ProbeHandle) -> Result<Self, Failure> {
            Ok(Front(back.clone()))
        }
    }
    everywhere(|system| {
        let (back, back_handle) = spec(system, &Plan::new(&Log::new(), "back"), Restart::Permanent);
        let mut front = system.spec::<Front>(back_handle.clone());
        let front_handle = front.handle();
        // The front starts first, and finds the mailbox of the back there already.
        let plan = Supervisor::one_for_one().child(front).child(back);
        let _supervisor = system.spawn::<Supervisor>(plan).unwrap();
        assert_eq!(front_handle.through(1).ask().unwrap(), Some(1));
        assert!(back_handle.strike(Fault::Panics).ask().is_err());
        assert_eq!(
            front_handle.through(2).ask().unwrap(),
            Some(2),
            "the handle is still true"
        );
    });
}

#[test]
fn a_plan_with_a_senseless_period_is_refused() {
    everywhere(|system| {
        let plan = Supervisor::one_for_one().intensity(1, Duration::ZERO);
        let error = system.spawn::<Supervisor>(plan).unwrap_err();
        assert!(error.to_string().contains("period"), "{error}");
    });
}

#[test]
fn a_spec_of_another_system_is_refused() {
    let (one, other) = (System::new("one").unwrap(), System::new("other").unwrap());
    let plan = Supervisor::one_for_one()
        .child(spec(&other, &Plan::new(&Log::new(), "a"), Restart::Permanent).0);
    let error = one.spawn::<Supervisor>(plan).unwrap_err();
    assert!(error.to_string().contains("from another system"), "{error}");
}
