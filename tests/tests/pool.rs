//! Pools: one queue, several workers.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{ActorId, Backoff, Order, Pool, SendErrorKind};
use actor_tests::probe::{Gate, GateHandle};
use actor_tests::{LONG, everywhere, everywhere_leaving, on_threads};

const SOON: Duration = Duration::from_millis(20);

/// Does what tasks ask for.
struct Worker {
    index: usize,
    done: u64,
}

#[actor(derive(Clone))]
impl Worker {
    fn echo(&mut self, n: u64) -> u64 {
        self.done += 1;
        n
    }
    fn who(&self, ctx: &mut Context<Self>) -> (ActorId, u64) {
        (ctx.id(), ctx.life())
    }
    fn index(&self) -> usize {
        self.index
    }
    fn done(&self) -> u64 {
        self.done
    }
    fn pass(&self, gate: GateHandle) {
        let _ = gate.pass().ask();
    }
    fn pass_then(&self, gate: GateHandle, n: u64) -> u64 {
        let _ = gate.pass().ask();
        n
    }
    fn note(&self, n: u64, into: Arc<Mutex<Vec<u64>>>) {
        into.lock().unwrap().push(n);
    }
    #[message(fails)]
    fn fail(&self) -> Result<(), Failure> {
        Err("a planned failure")?
    }
    fn panic(&self) {
        panic!("a planned panic")
    }
    /// Fails in the first lives that handle it.
    #[message(fails)]
    fn fail_times(&self, ctx: &mut Context<Self>, times: u32) -> Result<u32, Failure> {
        if ctx.redelivered() < times {
            Err("again")?;
        }
        Ok(ctx.redelivered())
    }
    fn sleep(&self, ctx: &mut Context<Self>, time: Duration) -> bool {
        ctx.sleep(time)
    }
    fn ask_pool(&self, pool: WorkerHandle) -> Result<u64, AskError> {
        pool.echo(1).ask()
    }
    fn ask_who_asks_pool(&self, other: AskerHandle, pool: WorkerHandle) -> Result<u64, AskError> {
        other.ask(pool).ask()?
    }
}

impl Actor for Worker {
    type Args = usize;
    fn start(_ctx: &mut Context<Self>, index: &usize) -> Result<Self, Failure> {
        Ok(Worker {
            index: *index,
            done: 0,
        })
    }
}

/// Asks a pool from outside.
struct Asker;

#[actor]
impl Asker {
    fn ask(&self, pool: WorkerHandle) -> Result<u64, AskError> {
        pool.echo(2).ask()
    }
}

impl Actor for Asker {
    type Args = ();
    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Asker)
    }
}

fn pool(system: &SystemRef, size: usize) -> Pool<Worker> {
    let pool = system.pool::<Worker>(|index| index).name("pool");
    pool.size(size).spawn().unwrap()
}

/// A pool whose only worker waits at the gate.
fn held(system: &SystemRef) -> (Pool<Worker>, GateHandle) {
    let pool = pool(system, 1);
    let gate = system.spawn::<Gate>(()).unwrap();
    hold(&pool, &gate);
    (pool, gate)
}

fn hold(pool: &Pool<Worker>, gate: &GateHandle) {
    pool.pass(gate.clone()).tell().unwrap();
    gate.somebody_waits().ask().unwrap();
}

#[test]
fn a_pool_answers_like_one_actor() {
    everywhere(|system| {
        let pool = pool(system, 3);
        let handle: WorkerHandle = pool.handle();
        let sent: Vec<_> = (0..20).map(|n| handle.echo(n).send().unwrap()).collect();
        let answers: Vec<_> = sent.into_iter().map(|sent| sent.wait().unwrap()).collect();
        assert_eq!(answers, (0..20).collect::<Vec<_>>());
        let stats = pool.stats();
        assert_eq!(stats.completed + stats.busy as u64, 20);
        assert_eq!(pool.snapshot().children.len(), 3);
    });
}

#[test]
fn workers_work_at_the_same_time_and_none_takes_more_than_it_does() {
    everywhere(|system| {
        let pool = pool(system, 2);
        let gate = system.spawn::<Gate>(()).unwrap();
        hold(&pool, &gate);
        // The other worker does all of these.
        for n in 0..10 {
            assert_eq!(pool.echo(n).ask().unwrap(), n);
        }
        gate.open().ask().unwrap();
    });
}

#[test]
fn each_worker_has_arguments_of_its_own() {
    everywhere(|system| {
        let pool = pool(system, 3);
        let mut all = pool.broadcast(|worker| worker.index());
        all.sort_by_key(|index| index.as_ref().map_or(9, |index| *index));
        let all: Vec<_> = all.into_iter().map(Result::unwrap).collect();
        assert_eq!(all, [0, 1, 2]);
    });
}

#[test]
fn a42_the_task_in_hand_of_a_worker_that_dies_is_settled() {
    everywhere(|system| {
        let pool = pool(system, 1);
        for (place, dies) in [pool.fail().ask(), pool.panic().ask()]
            .into_iter()
            .enumerate()
        {
            let Err(AskError::Failed {
                actor,
                life,
                reason,
                ..
            }) = dies
            else {
                panic!("it has died");
            };
            assert_eq!(
                (actor.name(), life, reason.code()),
                ("pool-0", place as u64 + 1, 1)
            );
        }
        assert_eq!(pool.stats().failed, 2);
        until(&pool, || pool.stats().workers == 1);
    });
}

#[test]
fn a43_what_waits_behind_a_worker_that_dies_goes_on() {
    everywhere(|system| {
        let (pool, gate) = held(system);
        let dies = [pool.fail().send().unwrap(), pool.panic().send().unwrap()];
        let queued: Vec<_> = (0..5).map(|n| pool.echo(n).send().unwrap()).collect();
        gate.open().ask().unwrap();
        for (n, queued) in (0..).zip(queued) {
            assert_eq!(queued.wait().unwrap(), n);
        }
        for dies in dies {
            assert!(matches!(dies.wait(), Err(AskError::Failed { .. })));
        }
    });
}

#[test]
fn a_full_queue_hands_the_task_back_or_lets_its_sender_wait() {
    everywhere(|system| {
        let gates = [(); 3].map(|()| system.spawn::<Gate>(()).unwrap());
        let spec = || system.pool::<Worker>(|index| index).size(1).queue(2);
        let rejects = spec().overflow(Overflow::Reject).spawn().unwrap();
        hold(&rejects, &gates[0]);
        rejects.echo(1).tell().unwrap();
        rejects.echo(2).tell().unwrap();
        let refused = rejects.echo(3).tell().unwrap_err();
        assert_eq!(refused.kind(), SendErrorKind::Full);
        assert!(matches!(
            refused.into_message(),
            WorkerMessage::Echo { n: 3 }
        ));
        let refused = rejects.task(|pool| pool.echo(4)).tell().unwrap_err();
        assert!(matches!(
            refused.into_message(),
            WorkerMessage::Echo { n: 4 }
        ));

        let waits = spec().spawn().unwrap();
        hold(&waits, &gates[1]);
        waits.echo(1).tell().unwrap();
        waits.echo(2).tell().unwrap();
        let late = waits.echo(3).timeout(SOON).tell().unwrap_err();
        assert_eq!(late.kind(), SendErrorKind::Timeout);
        let late = waits.task(|pool| pool.echo(3)).patience(SOON).tell();
        assert_eq!(late.unwrap_err().kind(), SendErrorKind::Timeout);

        let drops = spec().overflow(Overflow::DropOldest).spawn().unwrap();
        hold(&drops, &gates[2]);
        let oldest = drops.echo(1).send().unwrap();
        drops.task(|pool| pool.echo(2)).tell().unwrap();
        drops.echo(3).tell().unwrap();
        assert!(matches!(oldest.wait(), Err(AskError::Full { .. })));
        for gate in gates {
            gate.open().ask().unwrap();
        }
    });
}

#[test]
fn urgent_tasks_overtake_and_nobody_starves() {
    everywhere(|system| {
        let (pool, gate) = held(system);
        let log: Arc<Mutex<Vec<u64>>> = Arc::default();
        pool.note(1, log.clone()).tell().unwrap();
        pool.task(|pool| pool.note(2, log.clone())).tell().unwrap();
        pool.task(|pool| pool.note(3, log.clone()))
            .priority(1)
            .tell()
            .unwrap();
        pool.task(|pool| pool.note(4, log.clone()))
            .priority(-1)
            .tell()
            .unwrap();
        for n in 0..200 {
            pool.task(|pool| pool.note(1000 + n, log.clone()))
                .priority(1)
                .tell()
                .unwrap();
            pool.note(5, log.clone()).tell().unwrap();
        }
        gate.open().ask().unwrap();
        pool.drain();
        pool.join();
        let log = log.lock().unwrap().clone();
        let place = |n| log.iter().position(|&one| one == n).unwrap();
        assert_eq!(log.len(), 404);
        assert!(place(3) < place(1) && place(1) < place(2) && place(2) < place(4));
        // The first was overtaken by those who came up to 64 places behind it, of whom every second
        // was urgent, and no others.
        assert!((30..36).contains(&place(1)), "{}", place(1));
        assert!(place(4) < log.len() - 100);
    });
}

#[test]
fn the_last_comes_first_where_that_is_the_order() {
    everywhere(|system| {
        let pool = system.pool::<Worker>(|index| index).size(1);
        let pool = pool.order(Order::Lifo).spawn().unwrap();
        let gate = system.spawn::<Gate>(()).unwrap();
        hold(&pool, &gate);
        let log: Arc<Mutex<Vec<u64>>> = Arc::default();
        for n in 0..5 {
            pool.note(n, log.clone()).tell().unwrap();
        }
        gate.open().ask().unwrap();
        pool.drain();
        pool.join();
        assert_eq!(*log.lock().unwrap(), [4, 3, 2, 1, 0]);
    });
}

#[test]
fn equal_keys_go_to_the_same_worker_while_it_lives() {
    everywhere(|system| {
        let pool = pool(system, 3);
        let of = |key: &str| pool.task(|pool| pool.who()).key(key).ask().unwrap();
        let first = of("a");
        for _ in 0..5 {
            assert_eq!(of("a"), first);
        }
        // It is that one's, though others are free.
        let gate = system.spawn::<Gate>(()).unwrap();
        pool.task(|pool| pool.pass(gate.clone()))
            .key("a")
            .tell()
            .unwrap();
        gate.somebody_waits().ask().unwrap();
        let waits = pool.task(|pool| pool.who()).key("a").send().unwrap();
        assert_eq!(pool.echo(1).ask().unwrap(), 1);
        assert_ne!(of("b").0, first.0);
        gate.open().ask().unwrap();
        assert_eq!(waits.wait().unwrap(), first);
        // With its life that ends, and what waits for it is anybody's.
        let gate = system.spawn::<Gate>(()).unwrap();
        let dies = pool.task(|pool| pool.fail()).key("a").send().unwrap();
        let after = pool.task(|pool| pool.echo(7)).key("a").send().unwrap();
        assert!(dies.wait().is_err());
        assert_eq!(after.wait().unwrap(), 7);
        gate.open().ask().unwrap();
    });
}

#[test]
fn a48_a_queued_task_is_cancelled_at_once_and_no_other_with_it() {
    everywhere(|system| {
        let (pool, gate) = held(system);
        let mut events = system.events();
        let first = pool.task(|pool| pool.echo(1)).send().unwrap();
        let second = pool.task(|pool| pool.echo(2)).send().unwrap();
        let third = pool.task(|pool| pool.echo(3)).send().unwrap();
        let canceller = second.canceller().unwrap();
        assert!(canceller.cancel() && !canceller.cancel());
        assert!(matches!(
            second.wait(),
            Err(AskError::Cancelled {
                message: "echo",
                ..
            })
        ));
        assert_eq!(pool.snapshot().mailbox, 2);
        let letters = std::iter::from_fn(|| events.try_next());
        let letters = letters.filter(|event| matches!(event.kind, EventKind::DeadLetter { .. }));
        assert_eq!(letters.count(), 1);
        first.cancel();
        gate.open().ask().unwrap();
        assert_eq!(third.wait().unwrap(), 3);
        assert_eq!(pool.stats().cancelled, 2);
    });
}

#[test]
fn a48_a_running_task_that_is_cancelled_is_told_and_the_worker_goes_on() {
    everywhere(|system| {
        let pool = pool(system, 1);
        let who = pool.who().ask().unwrap();
        let sleeps = pool.task(|pool| pool.sleep(LONG)).send().unwrap();
        let next = pool.task(|pool| pool.who()).send().unwrap();
        until(&pool, || pool.snapshot().mailbox == 1);
        let canceller = sleeps.canceller().unwrap();
        assert!(canceller.cancel());
        assert!(matches!(sleeps.wait(), Err(AskError::Cancelled { .. })));
        assert_eq!(next.wait().unwrap(), who);
        assert!(!canceller.cancel());
    });
}

#[test]
fn a47_the_timeout_counts_from_the_start_of_the_run() {
    everywhere(|system| {
        let (pool, gate) = held(system);
        let time = Duration::from_millis(500);
        let waits = pool.task(|pool| pool.echo(1)).timeout(time).send().unwrap();
        assert!(pool.join_timeout(2 * time).is_none());
        gate.open().ask().unwrap();
        assert_eq!(waits.wait().unwrap(), 1);
        let late = pool.task(|pool| pool.sleep(LONG)).timeout(SOON).ask();
        assert!(matches!(
            late,
            Err(AskError::Timeout {
                message: "sleep",
                ..
            })
        ));
        assert_eq!(pool.echo(2).ask().unwrap(), 2);
        assert_eq!(pool.stats().timed_out, 1);
    });
}

#[test]
fn a_task_that_does_not_return_is_left_behind_and_its_worker_replaced() {
    everywhere_leaving(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let pool = system.pool::<Worker>(|index| index).name("pool").size(1);
        let pool = pool.grace(SOON).spawn().unwrap();
        let stuck = pool
            .task(|pool| pool.pass_then(gate.clone(), 1))
            .timeout(SOON);
        let stuck = stuck.send().unwrap();
        gate.somebody_waits().ask().unwrap();
        let next = pool.who().send().unwrap();
        assert!(matches!(stuck.wait(), Err(AskError::Timeout { .. })));
        assert_eq!(next.wait().unwrap().1, 2);
        gate.open().ask().unwrap();
    });
}

#[test]
fn a_task_that_waits_too_long_is_not_done() {
    everywhere(|system| {
        let (pool, gate) = held(system);
        let log: Arc<Mutex<Vec<u64>>> = Arc::default();
        let late = pool.task(|pool| pool.note(1, log.clone())).patience(SOON);
        assert!(matches!(late.ask(), Err(AskError::Timeout { .. })));
        assert_eq!(pool.snapshot().mailbox, 0);
        gate.open().ask().unwrap();
        pool.echo(1).ask().unwrap();
        assert!(log.lock().unwrap().is_empty());
    });
}

#[test]
fn a_task_whose_worker_dies_is_tried_again() {
    everywhere(|system| {
        let pool = pool(system, 2);
        let retry = |times, limit| {
            let backoff = Backoff::new(Duration::from_millis(1), SOON);
            let task = pool.task(|pool| pool.fail_times(times));
            task.retries(limit, backoff).ask()
        };
        assert_eq!(retry(2, 2).unwrap(), 2);
        assert!(matches!(retry(3, 2), Err(AskError::Failed { .. })));
        assert_eq!(pool.stats().retried, 4);
        assert_eq!(pool.stats().failed, 1);
    });
}

#[test]
fn a50_progress_comes_in_order_and_before_the_answer() {
    struct Reporter;
    #[actor]
    impl Reporter {
        fn count(&self, ctx: &mut Context<Self>, to: u32) -> usize {
            let nobody = (0..to).filter(|&n| ctx.progress(n).is_err()).count();
            nobody + usize::from(ctx.progress("another type").is_ok())
        }
    }
    impl Actor for Reporter {
        type Args = ();
        fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
            Ok(Reporter)
        }
    }
    everywhere(|system| {
        let pool = system.pool::<Reporter>(|_| ()).size(2).spawn().unwrap();
        let log: Arc<Mutex<Vec<u32>>> = Arc::default();
        let reports = Arc::clone(&log);
        let task = pool.task(|pool| pool.count(5));
        let task = task.on_progress(move |n: u32| reports.lock().unwrap().push(n));
        assert_eq!(task.ask().unwrap(), 0);
        assert_eq!(*log.lock().unwrap(), [0, 1, 2, 3, 4]);
        assert_eq!(pool.count(3).ask().unwrap(), 3);
    });
}

#[test]
fn a_pool_grows_while_tasks_wait_and_shrinks_when_there_are_none() {
    everywhere(|system| {
        let pool = system
            .pool::<Worker>(|index| index)
            .name("pool")
            .sizes(1, 3);
        let pool = pool.idle_timeout(SOON).spawn().unwrap();
        let gate = system.spawn::<Gate>(()).unwrap();
        assert_eq!(pool.stats().workers, 1);
        for _ in 0..5 {
            pool.pass(gate.clone()).tell().unwrap();
        }
        until(&pool, || pool.stats().busy == 3 && pool.stats().queued == 2);
        gate.open().ask().unwrap();
        until(&pool, || {
            pool.stats().workers == 1 && pool.snapshot().children.len() == 1
        });
        // And again, with indices that are free.
        let gate = system.spawn::<Gate>(()).unwrap();
        for _ in 0..3 {
            pool.pass(gate.clone()).tell().unwrap();
        }
        until(&pool, || pool.stats().busy == 3);
        gate.open().ask().unwrap();
    });
}

#[test]
fn a_pool_may_begin_without_workers() {
    everywhere(|system| {
        let pool = system
            .pool::<Worker>(|index| index)
            .sizes(0, 1)
            .spawn()
            .unwrap();
        assert_eq!(pool.echo(1).ask().unwrap(), 1);
    });
}

#[test]
fn a_worker_ends_after_its_number_of_tasks() {
    everywhere(|system| {
        let pool = system.pool::<Worker>(|index| index).size(1);
        let pool = pool.recycle_after(3).spawn().unwrap();
        let lives: Vec<_> = (0..7).map(|_| pool.who().ask().unwrap().1).collect();
        assert_eq!(lives, [1, 1, 1, 2, 2, 2, 3]);
    });
}

#[test]
fn a_drain_does_what_waits_and_then_ends() {
    everywhere(|system| {
        let (pool, gate) = held(system);
        let queued = pool.echo(1).send().unwrap();
        let retried = pool.task(|pool| pool.fail_times(1));
        let backoff = Backoff::new(SOON, SOON);
        let retried = retried.retries(1, backoff).send().unwrap();
        pool.drain();
        assert!(pool.echo(2).tell().is_err());
        gate.open().ask().unwrap();
        assert_eq!(queued.wait().unwrap(), 1);
        assert_eq!(retried.wait().unwrap(), 1);
        assert!(pool.join().is_normal());
    });
}

#[test]
fn a_drain_waits_for_what_is_tried_again_at_once() {
    everywhere(|system| {
        let pool = pool(system, 1);
        let backoff = Backoff::new(Duration::ZERO, Duration::ZERO);
        let task = pool.task(|pool| pool.fail_times(1));
        task.retries(1, backoff).tell().unwrap();
        pool.drain();
        assert!(pool.join().is_normal());
        let stats = pool.stats();
        assert_eq!((stats.retried, stats.completed), (1, 1), "{stats:?}");
    });
}

#[test]
fn a49_closing_ends_within_its_bound_and_names_who_did_not() {
    everywhere_leaving(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let pool = system.pool::<Worker>(|index| index).name("pool").size(2);
        let pool = pool.shutdown(Shutdown::Timeout(SOON)).spawn().unwrap();
        hold(&pool, &gate);
        let error = pool.close(SOON).unwrap_err();
        let named: Vec<_> = error
            .abandoned()
            .iter()
            .map(|one| one.actor().name())
            .collect();
        assert_eq!(named.len(), 1);
        assert!(named[0].starts_with("pool-"));
        assert!(!pool.is_alive());
        gate.open().ask().unwrap();
    });
}

#[test]
fn stopping_settles_all_that_waits() {
    everywhere(|system| {
        let (pool, gate) = held(system);
        let plain = pool.echo(1).send().unwrap();
        let task = pool.task(|pool| pool.echo(2)).priority(3).send().unwrap();
        let keyed = pool.task(|pool| pool.echo(3)).key(1).send().unwrap();
        pool.stop();
        for waits in [plain, task, keyed] {
            assert!(matches!(waits.wait(), Err(AskError::Stopped { .. })));
        }
        gate.open().ask().unwrap();
        assert!(pool.join().is_normal());
    });
}

#[test]
fn workers_that_die_in_vain_end_the_pool_with_the_cause() {
    struct Broken;
    #[actor]
    impl Broken {
        fn work(&self) {}
    }
    impl Actor for Broken {
        type Args = Arc<AtomicUsize>;
        fn start(_ctx: &mut Context<Self>, starts: &Self::Args) -> Result<Self, Failure> {
            match starts.fetch_add(1, Ordering::SeqCst) {
                0 => Ok(Broken),
                _ => Err("no licence")?,
            }
        }
    }
    everywhere(|system| {
        let starts = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&starts);
        let pool = system.pool::<Broken>(move |_| Arc::clone(&counted)).size(1);
        let pool = pool.intensity(3, Duration::from_secs(60)).spawn().unwrap();
        // Its worker is stopped from outside, so another life has to start.
        let worker = pool.snapshot().children[0].actor.id();
        let worker = system.lookup_id::<BrokenMessage>(worker).unwrap();
        worker.stop();
        worker.join();
        let asked = pool.work().send();
        let reason = pool.join();
        assert!(reason.to_string().contains("no licence"), "{reason}");
        assert_eq!(reason.code(), 1);
        if let Ok(asked) = asked {
            assert!(asked.wait().is_err());
        }
        assert!((4..=5).contains(&starts.load(Ordering::SeqCst)));

        let failed = system.pool::<Broken>(|_| Arc::new(AtomicUsize::new(1)));
        let failed = failed.size(2).spawn().unwrap_err();
        assert!(failed.to_string().contains("no licence"), "{failed}");
    });
}

#[test]
fn a_pool_that_asks_itself_in_a_circle_is_told_so() {
    everywhere(|system| {
        // The only worker would wait for itself.
        let one = pool(system, 1);
        let handle = one.handle();
        let asked = one.ask_pool(handle).ask().unwrap();
        assert!(matches!(asked, Err(AskError::Deadlock { .. })), "{asked:?}");
        // Another worker answers.
        let two = pool(system, 2);
        assert_eq!(two.ask_pool(two.handle()).ask().unwrap().unwrap(), 1);
        // Both ask somebody who asks the pool: one of them at least is told.
        let asker = system.spawn::<Asker>(()).unwrap();
        let both: Vec<_> = (0..2)
            .map(|_| {
                two.ask_who_asks_pool(asker.clone(), two.handle())
                    .send()
                    .unwrap()
            })
            .collect();
        for waits in both {
            let _ = waits.wait().unwrap();
        }
        assert_eq!(two.echo(3).ask().unwrap(), 3);
    });
}

#[test]
fn a_pool_is_a_child_like_any_other() {
    everywhere(|system| {
        let mut spec = system
            .pool::<Worker>(|index| index)
            .name("pool")
            .size(2)
            .into_spec();
        let pool = Pool::of(&mut spec);
        let plan = Supervisor::one_for_one().intensity(5, LONG).child(spec);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        assert_eq!(pool.echo(1).ask().unwrap(), 1);
        pool.terminate(LONG);
        assert_eq!(pool.echo(2).ask().unwrap(), 2);
        // Its workers answer before all of them have started.
        until(&pool, || {
            supervisor.count_children().ask().unwrap().active == 1
        });
    });
}

#[test]
fn a41_after_crashes_each_answer_belongs_to_its_own_request() {
    on_threads(|system| {
        let pool = pool(system, 2);
        let mut sent = Vec::new();
        for n in 0..400 {
            if n % 7 == 0 {
                pool.panic().tell().unwrap();
            }
            sent.push((n, pool.echo(n).send().unwrap()));
        }
        for (n, sent) in sent {
            assert_eq!(sent.wait().unwrap(), n);
        }
    });
}

#[test]
fn all_workers_are_used() {
    on_threads(|system| {
        let pool = pool(system, 4);
        let gate = system.spawn::<Gate>(()).unwrap();
        for _ in 0..4 {
            pool.pass(gate.clone()).tell().unwrap();
        }
        until(&pool, || pool.stats().busy == 4);
        gate.open().ask().unwrap();
        let who = |_| pool.who().ask().unwrap().0;
        let used: BTreeSet<_> = (0..100).map(who).collect();
        assert!(!used.is_empty());
    });
}

#[test]
fn a_map_is_lazy_bounded_and_in_order() {
    everywhere(|system| {
        let pool = pool(system, 2);
        let mut taken = 0;
        let items = (0..).inspect(|_| taken += 1);
        let mut answers = pool.map(items, |pool, n| pool.echo(n)).in_flight(3);
        let first: Vec<_> = answers.by_ref().take(5).map(Result::unwrap).collect();
        drop(answers);
        assert_eq!(first, [0, 1, 2, 3, 4]);
        assert_eq!(taken, 7);
        let all = pool.map(0..50, |pool, n| pool.echo(n)).map(Result::unwrap);
        assert_eq!(all.collect::<Vec<_>>(), (0..50).collect::<Vec<_>>());
    });
}

#[test]
fn an_unordered_map_gives_what_is_done_first() {
    everywhere(|system| {
        let pool = pool(system, 2);
        let gate = system.spawn::<Gate>(()).unwrap();
        let slow = |n| n == 0;
        let mut answers = pool.map_unordered(0..4, |pool, n| match slow(n) {
            true => pool.pass_then(gate.clone(), n),
            false => pool.echo(n),
        });
        let mut first: Vec<_> = answers.by_ref().take(3).map(Result::unwrap).collect();
        first.sort_unstable();
        assert_eq!(first, [1, 2, 3]);
        gate.open().ask().unwrap();
        assert_eq!(answers.next().unwrap().unwrap(), 0);
        assert!(answers.next().is_none());
        // What fails is an answer too.
        let failed = pool.map_unordered(0..3, |pool, _| pool.fail_times(9));
        assert_eq!(failed.filter(Result::is_err).count(), 3);
    });
}

#[test]
fn a_pool_runs_closures() {
    everywhere(|system| {
        let pool = Pool::closures(system).size(2).spawn().unwrap();
        let text = String::from("moved");
        let length = pool.run(move || text.len()).send().unwrap();
        let panics = pool.run(|| -> u8 { panic!("a planned panic") }).ask();
        assert!(matches!(
            panics,
            Err(AskError::Failed { message: "run", .. })
        ));
        assert_eq!(length.wait().unwrap(), 5);
        let squares = pool.map(0..20_u64, |pool, n| pool.run(move || n * n));
        assert_eq!(squares.map(Result::unwrap).sum::<u64>(), 2_470);
    });
}

#[test]
fn stats_tell_how_long_tasks_waited_and_ran() {
    everywhere(|system| {
        let pool = pool(system, 1);
        let nap = Duration::from_millis(10);
        let sleeps: Vec<_> = (0..3).map(|_| pool.sleep(nap).send().unwrap()).collect();
        sleeps
            .into_iter()
            .for_each(|sleep| assert!(sleep.wait().unwrap()));
        pool.drain();
        pool.join();
        let stats = pool.stats();
        let (runs, waits) = (stats.runs.unwrap(), stats.waits.unwrap());
        assert_eq!((runs.count, waits.count, stats.completed), (3, 3, 3));
        let ordered = runs.max >= runs.p50 && runs.p50 >= runs.min;
        assert!(ordered && runs.min >= nap * 99 / 100, "{runs:?}");
        // The last waited for the two before.
        assert!(waits.max >= 2 * nap * 99 / 100);
        assert!(stats.utilisation > 0.0 && stats.utilisation <= 1.0);
        let table = stats.to_string();
        assert!(table.contains("completed            3"), "{table}");
        assert!(
            table.lines().count() == 11 && table.contains("p99"),
            "{table}"
        );
    });
}

/// Waits for a condition, while the pool lives.
fn until(pool: &Pool<Worker>, mut holds: impl FnMut() -> bool) {
    for _ in 0..20_000 {
        if holds() {
            return;
        }
        assert!(pool.join_timeout(Duration::from_millis(1)).is_none());
    }
    panic!("it does not come: {:?}", pool.stats());
}
