//! What a pool makes of tasks that take their worker with them.

use std::time::Duration;

use actor_core::prelude::*;
use actor_core::simulation::Fault;
use actor_core::{Pool, SharedArray};
use actor_tests::probe::{Gate, GateHandle};

use crate::{explore, explore_with};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Doer(Vec<ReplyTo<u64>>);

#[actor]
impl Doer {
    fn echo(&self, n: u64) -> u64 {
        n
    }
    /// The process would be over now.
    #[message(later)]
    fn leave(&mut self, ctx: &mut Context<Self>) -> Later<u64> {
        ctx.exit(3);
        let (later, reply) = ctx.later();
        self.0.push(reply);
        later
    }
    fn pass(&self, gate: GateHandle, n: u64) -> u64 {
        let _ = gate.pass().ask();
        n
    }
    /// Two of these need two workers.
    fn meet(&self, place: SharedArray<u32>) {
        place.add(0, 1);
        place.notify(0, 1);
        while place.load(0) < 2 {
            place.wait(0, 1);
        }
    }
}

impl Actor for Doer {
    type Args = ();
    fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
        Ok(Doer::default())
    }
}

fn pool(system: &System, size: usize) -> Pool<Doer> {
    let spec = system.pool::<Doer>(|_| ()).name("pool").size(size);
    spec.spawn().unwrap()
}

#[test]
fn a_worker_that_exits_in_a_task_settles_it_and_strands_none() {
    explore(|system| {
        let pool = pool(system, 1);
        let leaves = pool.leave().send().unwrap();
        let sent: Vec<_> = (0..4).map(|n| (n, pool.echo(n).send().unwrap())).collect();
        let error = leaves.wait().unwrap_err();
        assert!(matches!(error, AskError::NoReply { .. }), "{error}");
        for (n, pending) in sent {
            assert_eq!(pending.wait().unwrap(), n);
        }
    });
}

#[test]
fn what_waits_for_a_worker_that_dies_goes_to_another() {
    let crashes = ["pool-0", "pool-1"].map(|worker| Fault::crash_before(worker).one_in(2));
    explore_with(crashes, |system| {
        let pool = pool(system, 2);
        let sent: Vec<_> = (0..8)
            .map(|n| {
                let task = pool.task(|pool| pool.echo(n)).key(n % 2);
                (n, task.send().unwrap())
            })
            .collect();
        let mut failed = 0;
        for (n, pending) in sent {
            match pending.wait() {
                Ok(answer) => assert_eq!(answer, n),
                Err(AskError::Failed { .. }) => failed += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert!(failed <= 2, "{failed} failed by two crashes");
    });
}

#[test]
fn no_task_gets_the_value_of_another() {
    explore(|system| {
        let gates = [(), ()].map(|()| system.spawn::<Gate>(()).unwrap());
        let spec = system.pool::<Doer>(|_| ()).name("pool").size(1);
        let pool = spec.grace(SECOND).spawn().unwrap();
        let late = pool
            .task(|pool| pool.pass(gates[0].clone(), 1))
            .timeout(SECOND);
        assert!(matches!(late.ask(), Err(AskError::Timeout { .. })));
        // The worker does not come to an end in time and is left behind; another has its place.
        let next = pool.pass(gates[1].clone(), 2).send().unwrap();
        gates[1].somebody_waits().ask().unwrap();
        // Now the first comes back, with its value.
        gates[0].open().tell().unwrap();
        gates[1].open().tell().unwrap();
        assert_eq!(next.wait().unwrap(), 2);
        assert_eq!(pool.echo(3).ask().unwrap(), 3);
        // The clock goes on only where everybody waits, and whoever comes back late has.
        assert!(pool.join_timeout(SECOND).is_none());
    });
}

#[test]
fn two_crashes_leave_a_pool_with_two_workers() {
    let crashes = ["pool-0", "pool-1"].map(|worker| Fault::crash_before(worker).at("echo"));
    explore_with(crashes, |system| {
        let pool = pool(system, 2);
        let sent: Vec<_> = (0..6).map(|n| pool.echo(n).send().unwrap()).collect();
        let failed = sent
            .into_iter()
            .filter_map(|sent| sent.wait().err())
            .count();
        assert!(failed <= 2, "{failed} failed by two crashes");
        let place = SharedArray::new(1);
        let both = [(), ()].map(|()| pool.meet(place.clone()).send().unwrap());
        for one in both {
            one.wait().unwrap();
        }
    });
}

#[test]
fn what_is_cut_up_comes_back_in_order() {
    explore(|system| {
        let pool = pool(system, 2);
        let gate = system.spawn::<Gate>(()).unwrap();
        gate.open().tell().unwrap();
        // On its way through the gate each may be overtaken.
        let answers = pool.map(0..6, |pool, n| pool.pass(gate.clone(), n));
        let whole: Result<Vec<_>, _> = answers.collect();
        assert_eq!(whole.unwrap(), [0, 1, 2, 3, 4, 5]);
    });
}
