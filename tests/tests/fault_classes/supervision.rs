//! What a supervisor makes of crashes.

use std::time::Duration;

use actor_core::SupervisorHandle;
use actor_core::prelude::*;
use actor_core::simulation::Fault;
use actor_tests::Log;
use actor_tests::probe::{Plan, Probe, ProbeHandle};

use crate::{explore_with, probe, steps};

fn supervised(system: &System, limit: usize) -> (SupervisorHandle, ProbeHandle) {
    let plan = Plan::new(&Log::new(), "worker");
    let mut spec = system.spec::<Probe>(plan).name("worker");
    let worker = spec.handle();
    let plan = Supervisor::one_for_one().intensity(limit, Duration::from_secs(5));
    let supervisor = system.spawn::<Supervisor>(plan.child(spec)).unwrap();
    (supervisor, worker)
}

#[test]
fn a_crash_reaches_the_supervisor() {
    let crashes = Fault::crash_before("worker").times(2).one_in(2);
    explore_with([crashes], |system| {
        let (_, worker) = supervised(system, 2);
        let mut expected = 1;
        for _ in 0..6 {
            match worker.life().ask() {
                Ok(life) => assert_eq!(life, expected),
                Err(AskError::Failed { life, .. }) => {
                    assert_eq!(life, expected);
                    expected += 1;
                }
                Err(error) => panic!("{error}"),
            }
        }
    });
}

#[test]
fn a_restarted_actor_goes_on_with_its_mailbox() {
    let crashes = Fault::crash_before("worker").times(3).one_in(3);
    explore_with([crashes], |system| {
        let (_, worker) = supervised(system, 3);
        let sent: Vec<_> = (0..8)
            .map(|n| (n, worker.echo(n).send().unwrap()))
            .collect();
        let mut lost = 0;
        for (n, pending) in sent {
            match pending.wait() {
                Ok(answer) => assert_eq!(answer, n),
                // Only what a life had in hand is lost with it.
                Err(AskError::Failed { .. }) => lost += 1,
                Err(error) => panic!("{error}"),
            }
        }
        let now = worker.snapshot();
        assert_eq!(
            (now.handled, now.dead_letters.values().sum()),
            (8 - lost, lost),
            "{now}"
        );
    });
}

#[test]
fn siblings_start_in_order_and_stop_the_last_first() {
    explore_with([Fault::crash_before("b")], |system| {
        let log = Log::new();
        let mut specs = ["a", "b", "c"].map(|name| {
            let spec = system.spec::<Probe>(Plan::new(&log, name));
            spec.name(name)
        });
        let [b, c] = [1, 2].map(|place| specs[place].handle());
        let plan = Supervisor::one_for_all().children(specs);
        system.spawn::<Supervisor>(plan).unwrap();
        probe(system, &log, "last");
        assert!(b.echo(1).ask().is_err());
        assert_eq!(b.echo(2).ask().unwrap(), 2);
        assert_eq!(c.echo(3).ask().unwrap(), 3);
        system.shutdown().unwrap();
        assert_eq!(steps(&log, "start"), ["a", "b", "c", "last", "a", "b", "c"]);
        assert_eq!(steps(&log, "drop"), ["b", "c", "a", "last", "c", "b", "a"]);
    });
}

#[test]
fn siblings_that_crash_together_come_back_together() {
    explore_with(["a", "b"].map(Fault::crash_before), |system| {
        let mut specs = ["a", "b"].map(|name| {
            let spec = system.spec::<Probe>(Plan::new(&Log::new(), name));
            spec.name(name)
        });
        let both = specs.each_mut().map(|spec| spec.handle());
        let plan = Supervisor::one_for_all().intensity(2, Duration::from_secs(5));
        system.spawn::<Supervisor>(plan.children(specs)).unwrap();
        let crashes = both.each_ref().map(|one| one.echo(1).send().unwrap());
        for crashed in crashes {
            assert!(matches!(crashed.wait(), Err(AskError::Failed { .. })));
        }
        // The exit of a life that the restart of the other has dealt with has no meaning any more.
        for one in &both {
            let life = one.life().ask().unwrap();
            assert!((2..=3).contains(&life), "life {life} after two crashes");
        }
    });
}

#[test]
fn the_window_of_the_intensity_slides() {
    explore_with([Fault::crash_before("worker").times(6)], |system| {
        let (supervisor, worker) = supervised(system, 2);
        for n in 0..5 {
            assert!(worker.echo(n).ask().is_err());
            let seconds = Duration::from_secs(4 * u64::from(n < 4));
            let end = worker.join_timeout(seconds);
            assert!(
                end.is_none(),
                "never three within five seconds, and yet {end:?}"
            );
        }
        assert!(worker.echo(5).ask().is_err());
        let gave_up = supervisor.join().to_string();
        assert!(
            gave_up.starts_with("shutdown: gave up on worker"),
            "{gave_up}"
        );
    });
}
