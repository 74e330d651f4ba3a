//! A child whose restart waits is told to stop, while its supervisor is busy with others.

use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{Backoff, ChildState, Spec, SupervisorHandle};
use actor_tests::probe::{Fault, Gate, GateHandle, Plan, Probe, ProbeHandle};
use actor_tests::{LONG, Log, everywhere};

fn spec(system: &SystemRef, name: &'static str) -> Spec<Probe> {
    let plan = Plan::new(&Log::new(), name);
    let spec = system.spec::<Probe>(plan).name(name);
    spec.shutdown(Shutdown::Infinity)
}

fn waiting(system: &SystemRef) -> Spec<Probe> {
    spec(system, "x").backoff(Backoff::new(100 * LONG, 100 * LONG))
}

/// Fails a child, and waits until its supervisor deals with that.
fn fail(supervisor: &SupervisorHandle, child: &ProbeHandle) {
    child.strike(Fault::Fails).ask().unwrap_err();
    while state(supervisor, child) != ChildState::Restarting {
        assert!(supervisor.join_timeout(Duration::from_millis(1)).is_none());
    }
}

fn state(supervisor: &SupervisorHandle, child: &ProbeHandle) -> ChildState {
    let children = supervisor.which_children().ask().unwrap();
    let of_child = children.iter().find(|one| one.actor.id() == child.id());
    of_child.expect("it is kept").state
}

/// A child that does not stop before the gate is open.
fn hold(child: &ProbeHandle, gate: &GateHandle) {
    child.pass(gate.clone()).tell().unwrap();
    gate.somebody_waits().ask().unwrap();
}

#[test]
fn siblings_that_stop_for_a_restart_that_is_cancelled_end() {
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let (mut x, mut y) = (waiting(system), spec(system, "y"));
        let (waits, stops) = (x.handle(), y.handle());
        let plan = Supervisor::one_for_all().child(x).child(y);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        hold(&stops, &gate);
        fail(&supervisor, &waits);
        // It would start with the other, which does not come again.
        waits.stop();
        assert_eq!(state(&supervisor, &waits), ChildState::Stopped);
        gate.open().tell().unwrap();
        let answer = stops.echo(1).timeout(LONG).ask();
        assert!(
            matches!(answer, Err(AskError::Stopped { .. })),
            "{answer:?}"
        );
        assert_eq!(state(&supervisor, &stops), ChildState::Stopped);
        supervisor.restart_child("y").ask().unwrap().unwrap();
        assert_eq!(stops.echo(1).ask().unwrap(), 1);
    });
}

#[test]
fn a_restart_goes_on_when_that_of_another_child_is_cancelled() {
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let mut x = waiting(system);
        let waits = x.handle();
        let plan = Supervisor::rest_for_one().child(x);
        let supervisor = system.spawn::<Supervisor>(plan.intensity(9, LONG)).unwrap();
        fail(&supervisor, &waits);
        let start = |spec| {
            supervisor
                .start_child::<Probe>(spec)
                .ask()
                .unwrap()
                .unwrap()
        };
        let fails = start(spec(system, "s"));
        let stops = start(spec(system, "t"));
        hold(&stops, &gate);
        fail(&supervisor, &fails);
        waits.stop();
        assert_eq!(state(&supervisor, &waits), ChildState::Stopped);
        gate.open().tell().unwrap();
        for child in [fails, stops] {
            assert_eq!(child.echo(1).timeout(LONG).ask().unwrap(), 1);
            assert_eq!(child.snapshot().life, 2);
        }
    });
}
