//! Delays between restarts, on the virtual clock: hours pass in no time.

use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{Backoff, ChildError, ChildState, EventKind, Events, Spec, SupervisorHandle};
use actor_tests::probe::{Fault, Plan, Probe, ProbeHandle};
use actor_tests::{Log, simulated};

const HOUR: Duration = Duration::from_secs(3600);

/// 10 s, 20 s, 40 s …, up to an hour.
fn backoff() -> Backoff {
    Backoff::new(Duration::from_secs(10), HOUR).jitter(0.0)
}

fn probe(system: &SystemRef, plan: Plan) -> (Spec<Probe>, ProbeHandle) {
    let name = plan.name;
    let mut spec = system.spec::<Probe>(plan).name(name).backoff(backoff());
    let handle = spec.handle();
    (spec, handle)
}

fn named(system: &SystemRef, name: &'static str) -> (Spec<Probe>, ProbeHandle) {
    probe(system, Plan::new(&Log::new(), name))
}

fn spawn(system: &SystemRef, plan: Supervision) -> SupervisorHandle {
    let plan = plan.intensity(100, 100 * HOUR);
    system.spawn::<Supervisor>(plan).unwrap()
}

/// How long after the end of its life before the child was started again, in seconds.
fn delays(events: &mut Events, name: &str) -> Vec<u64> {
    let mut ended = None;
    let mut delays = Vec::new();
    while let Some(event) = events.try_next() {
        if event.actor.name() == name {
            match event.kind {
                EventKind::Exited { .. } => ended = Some(event.at),
                EventKind::Restarted { .. } => {
                    delays.extend(ended.map(|ended| (event.at - ended).as_secs()));
                }
                _ => {}
            }
        }
    }
    delays
}

#[test]
fn each_delay_is_longer_until_the_child_has_run_well() {
    simulated(|system| {
        let (a, handle) = named(system, "a");
        let _supervisor = spawn(system, Supervisor::one_for_one().child(a));
        let mut events = system.events();
        for _ in 0..4 {
            assert!(handle.strike(Fault::Panics).ask().is_err());
        }
        // As long as the longest delay.
        assert!(handle.sleep(HOUR).ask().unwrap());
        assert!(handle.strike(Fault::Panics).ask().is_err());
        handle.echo(1).ask().unwrap();
        assert_eq!(delays(&mut events, "a"), [10, 20, 40, 80, 10]);
    });
}

#[test]
fn a_start_that_fails_is_tried_again_later_and_later() {
    simulated(|system| {
        let plan = Plan {
            start: Fault::Fails,
            failing_restarts: 3,
            ..Plan::new(&Log::new(), "a")
        };
        let (a, handle) = probe(system, plan);
        let _supervisor = spawn(system, Supervisor::one_for_one().child(a));
        let mut events = system.events();
        assert!(handle.strike(Fault::Panics).ask().is_err());
        assert_eq!(handle.life().ask().unwrap(), 5);
        assert_eq!(delays(&mut events, "a"), [10, 20, 40, 80]);
    });
}

#[test]
fn meanwhile_asks_wait_as_long_as_their_deadline() {
    simulated(|system| {
        let (a, handle) = named(system, "a");
        let _supervisor = spawn(system, Supervisor::one_for_one().child(a));
        assert!(handle.strike(Fault::Panics).ask().is_err());
        let waits = handle.life().send().unwrap();
        let too_late = handle.life().timeout(Duration::from_secs(5)).ask();
        assert!(matches!(too_late, Err(AskError::Timeout { .. })));
        assert_eq!(waits.wait().unwrap(), 2);
    });
}

#[test]
fn meanwhile_the_supervisor_goes_on_with_its_other_children() {
    simulated(|system| {
        let (a, a_handle) = named(system, "a");
        let (b, b_handle) = named(system, "b");
        let plan = Supervisor::one_for_one().child(a).child(b);
        let supervisor = spawn(system, plan);
        assert!(a_handle.strike(Fault::Panics).ask().is_err());
        while states(&supervisor)[0] != ChildState::Restarting {}
        assert!(b_handle.strike(Fault::Panics).ask().is_err());
        let again = supervisor.restart_child("a").ask().unwrap();
        assert!(matches!(again, Err(ChildError::Restarting { .. })));
        let deleted = supervisor.delete_child("a").ask().unwrap();
        assert!(matches!(deleted, Err(ChildError::Restarting { .. })));
        let add = named(system, "a").0;
        let added = supervisor.start_child(add).ask().unwrap();
        assert!(matches!(added, Err(ChildError::AlreadyPresent { .. })));
        supervisor.terminate_child("a").ask().unwrap().unwrap();
        assert_eq!(states(&supervisor)[0], ChildState::Stopped);
        assert!(a_handle.echo(1).ask().is_err(), "its mailbox is closed");
        assert_eq!(b_handle.life().ask().unwrap(), 2);
        // The restart that was due is not, any more.
        assert!(b_handle.sleep(HOUR).ask().unwrap());
        assert_eq!(states(&supervisor)[0], ChildState::Stopped);
        supervisor.restart_child("a").ask().unwrap().unwrap();
        assert_eq!(a_handle.life().ask().unwrap(), 2);
    });
}

#[test]
fn a_stop_through_the_handle_holds_meanwhile() {
    simulated(|system| {
        let (a, a_handle) = named(system, "a");
        let supervisor = spawn(system, Supervisor::one_for_one().child(a));
        assert!(a_handle.strike(Fault::Panics).ask().is_err());
        while states(&supervisor)[0] != ChildState::Restarting {}
        let waits = a_handle.life().send().unwrap();
        a_handle.stop();
        assert!(matches!(waits.wait(), Err(AskError::Stopped { .. })));
        a_handle.join();
        assert_eq!(states(&supervisor), [ChildState::Stopped]);
    });
}

#[test]
fn a_supervisor_that_is_told_to_stop_does_not_wait_for_it() {
    simulated(|system| {
        let (a, a_handle) = named(system, "a");
        let supervisor = spawn(system, Supervisor::one_for_one().child(a));
        assert!(a_handle.strike(Fault::Panics).ask().is_err());
        while states(&supervisor)[0] != ChildState::Restarting {}
        let waits = a_handle.life().send().unwrap();
        let mut events = system.events();
        supervisor.stop();
        assert!(supervisor.join().is_normal());
        assert!(matches!(waits.wait(), Err(AskError::Stopped { .. })));
        assert!(delays(&mut events, "a").is_empty());
    });
}

#[test]
fn siblings_of_a_group_stop_at_once_and_start_with_the_child() {
    simulated(|system| {
        let (a, _a) = named(system, "a");
        let (b, b_handle) = named(system, "b");
        let (c, c_handle) = named(system, "c");
        let plan = Supervisor::rest_for_one().child(a).child(b).child(c);
        let supervisor = spawn(system, plan);
        let mut events = system.events();
        assert!(b_handle.strike(Fault::Panics).ask().is_err());
        // It waits in the mailbox, which lasts.
        while c_handle.life().ask().unwrap() < 2 {}
        let expected = [
            ChildState::Running(1),
            ChildState::Running(2),
            ChildState::Running(2),
        ];
        assert_eq!(states(&supervisor), expected);
        let told: Vec<_> = std::iter::from_fn(|| events.try_next()).collect();
        let at = |name: &str, started: bool| {
            let mut found = told.iter().filter(|event| event.actor.name() == name);
            let found = found.find(|event| match event.kind {
                EventKind::Started => started,
                EventKind::Exited { .. } => !started,
                _ => false,
            });
            found.unwrap().at.as_secs()
        };
        let start = at("b", false);
        assert_eq!(at("c", false), start);
        assert_eq!(at("b", true), start + 10);
        assert_eq!(at("c", true), start + 10);
    });
}

#[test]
fn each_restart_counts_once_however_long_it_waits() {
    simulated(|system| {
        let (a, handle) = named(system, "a");
        let plan = Supervisor::one_for_one().intensity(2, HOUR).child(a);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        for life in 2..4 {
            assert!(handle.strike(Fault::Panics).ask().is_err());
            assert_eq!(handle.life().ask().unwrap(), life);
        }
        assert!(handle.strike(Fault::Panics).ask().is_err());
        assert!(matches!(supervisor.join(), ExitReason::Shutdown(Some(_))));
    });
}

fn states(supervisor: &SupervisorHandle) -> Vec<ChildState> {
    let children = supervisor.which_children().ask().unwrap();
    children.into_iter().map(|child| child.state).collect()
}

#[test]
#[should_panic(expected = "longer than the longest")]
fn a_shortest_delay_beyond_the_longest_is_refused() {
    let _ = Backoff::new(HOUR, Duration::ZERO);
}

#[test]
#[should_panic(expected = "delays grow by 1 or more")]
fn a_factor_that_shrinks_is_refused() {
    let _ = backoff().factor(0.5);
}

#[test]
#[should_panic(expected = "it is a share, from 0 to 1")]
fn a_jitter_that_is_no_share_is_refused() {
    let _ = backoff().jitter(f64::NAN);
}
