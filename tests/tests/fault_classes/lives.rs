//! How actors end, and in what order.

use actor_core::prelude::*;
use actor_core::simulation::Fault;
use actor_tests::Log;
use actor_tests::probe::{Plan, Probe, ProbeHandle, ProbeMessage};

use crate::{explore, explore_with, numbers, probe, steps};

/// Two children, one of whom has a child.
fn family(log: &Log) -> Plan {
    let mut one = Plan::new(log, "one");
    one.children = vec![Plan::new(log, "below")];
    let mut parent = Plan::new(log, "parent");
    parent.children = vec![one, Plan::new(log, "two")];
    parent
}

#[test]
fn the_children_of_who_stops_run_their_stopping_the_last_first() {
    explore(|system| {
        let log = Log::new();
        let spec = system.spec::<Probe>(family(&log)).name("parent");
        let parent = spec.spawn().unwrap();
        for child in parent.children().ask().unwrap() {
            child.note("7".to_owned()).tell().unwrap();
        }
        parent.stop();
        assert!(parent.join().is_normal());
        let order = ["two", "below", "one", "parent"];
        assert_eq!(
            (steps(&log, "stopping (shutdown)"), steps(&log, "drop")),
            (
                order.map(str::to_owned).to_vec(),
                order.map(str::to_owned).to_vec()
            )
        );
    });
}

#[test]
fn the_last_handle_stops_nobody_and_the_shutdown_everybody() {
    explore(|system| {
        let log = Log::new();
        let spec = system.spec::<Probe>(family(&log)).register("parent");
        drop(spec.spawn().unwrap());
        drop(probe(system, &log, "alone"));
        let parent = system.lookup::<ProbeMessage>("parent").unwrap();
        parent.note("7".to_owned()).ask().unwrap();
        drop(parent);
        assert_eq!((numbers(&log), steps(&log, "drop")), (vec![7], vec![]));
        // That no thread is left is looked at by the simulation itself.
        system.shutdown().unwrap();
        let order = ["alone", "two", "below", "one", "parent"];
        assert_eq!(steps(&log, "drop"), order);
    });
}

/// Its drop takes a while: others go on meanwhile.
struct Heavy(Log, ProbeHandle);

#[actor]
impl Heavy {}

impl Actor for Heavy {
    type Args = (Log, ProbeHandle);
    fn start(_: &mut Context<Self>, (log, other): &Self::Args) -> Result<Self, Failure> {
        Ok(Heavy(log.clone(), other.clone()))
    }
}

impl Drop for Heavy {
    fn drop(&mut self) {
        for _ in 0..3 {
            let _ = self.1.echo(1).ask();
        }
        self.0.note("7");
    }
}

#[test]
fn who_joins_comes_back_after_the_drop_of_the_state() {
    explore(|system| {
        let log = Log::new();
        let other = probe(system, &Log::new(), "other");
        let heavy = system.spawn::<Heavy>((log.clone(), other)).unwrap();
        heavy.stop();
        heavy.join();
        assert_eq!(numbers(&log), [7], "the state is dropped");
    });
}

#[test]
fn a_system_in_which_somebody_crashed_ends_like_any_other() {
    explore_with([Fault::crash_before("one")], |system| {
        let [one, two] = ["one", "two"].map(|name| probe(system, &Log::new(), name));
        let crashed = one.echo(1).send().unwrap();
        assert_eq!(two.echo(2).ask().unwrap(), 2);
        assert!(matches!(crashed.wait(), Err(AskError::Failed { .. })));
        let report = system.shutdown().unwrap();
        assert!(report.abandoned().is_empty() && !one.is_alive() && !two.is_alive());
    });
}
