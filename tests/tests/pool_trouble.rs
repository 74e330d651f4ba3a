//! Pools in trouble: what users hand them, and moments at which things go wrong.

#![expect(
    clippy::disallowed_methods,
    reason = "the test's own threads, outside any system"
)]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{Backoff, Order, Pool};
use actor_tests::{LONG, quiet_panics, under};

const HOUR: Duration = Duration::from_secs(3600);

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

type Act = Arc<dyn Fn(&mut Context<Doer>) -> u64 + Send + Sync>;

#[derive(Clone)]
struct Deed(Act);

fn deed(act: impl Fn(&mut Context<Doer>) -> u64 + Send + Sync + 'static) -> Deed {
    Deed(Arc::new(act))
}

struct Doer;

#[actor(derive(Clone))]
impl Doer {
    fn echo(&mut self, n: u64) -> u64 {
        n
    }
    fn act(&mut self, ctx: &mut Context<Self>, deed: Deed) -> u64 {
        (deed.0)(ctx)
    }
    #[message(fails)]
    fn fail_times(&self, ctx: &mut Context<Self>, times: u32) -> Result<u32, Failure> {
        if ctx.redelivered() < times {
            Err("again")?;
        }
        Ok(ctx.redelivered())
    }
}

impl Actor for Doer {
    type Args = usize;
    fn start(_ctx: &mut Context<Self>, _index: &usize) -> Result<Self, Failure> {
        Ok(Doer)
    }
}

fn system() -> System {
    quiet_panics();
    System::new("test").unwrap()
}

/// Runs it, and fails where it hangs.
fn bounded<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    let (tx, rx) = mpsc::channel();
    let thread = std::thread::spawn(move || tx.send(f()));
    match rx.recv_timeout(3 * LONG) {
        Ok(t) => t,
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            std::panic::resume_unwind(thread.join().unwrap_err())
        }
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("it hangs"),
    }
}

/// Waits for a condition, while the pool lives.
fn until(pool: &Pool<Doer>, mut holds: impl FnMut() -> bool) {
    for _ in 0..20_000 {
        if holds() {
            return;
        }
        assert!(pool.join_timeout(ms(1)).is_none());
    }
    panic!("it does not come: {:?}", pool.stats());
}

/// Holds a worker until the sender is dropped.
fn hold(pool: &Pool<Doer>) -> mpsc::Sender<()> {
    let (tx, rx) = mpsc::channel::<()>();
    let (began, begins) = mpsc::channel::<()>();
    let rx = Mutex::new(rx);
    pool.act(deed(move |_| {
        let _ = began.send(());
        let _ = rx.lock().unwrap().recv();
        0
    }))
    .tell()
    .unwrap();
    begins.recv().unwrap();
    tx
}

#[test]
fn arguments_that_panic_while_the_pool_grows_end_it() {
    bounded(|| {
        let system = system();
        let pool = system
            .pool::<Doer>(|i| {
                assert!(i < 1, "no more");
                i
            })
            .sizes(1, 2)
            .spawn()
            .unwrap();
        let gate = hold(&pool);
        let waits = pool.echo(1).send().unwrap();
        let error = waits.wait().unwrap_err();
        assert!(error.to_string().contains("no more"), "{error}");
        drop(gate);
        assert!(matches!(pool.join(), ExitReason::Panicked(_)));
    });
}

#[test]
fn a_worker_that_asks_its_pool_beside_the_queue_is_answered_by_another() {
    bounded(|| {
        let system = system();
        let pool = system.pool::<Doer>(|i| i).size(2).spawn().unwrap();
        for _ in 0..20 {
            pool.echo(1).ask().unwrap();
        }
        // One of them is held by something of its own; the other is free.
        let all: Vec<_> = pool
            .snapshot()
            .children
            .iter()
            .map(|c| c.actor.id())
            .collect();
        for id in all {
            let worker = system.lookup_id::<DoerMessage>(id).unwrap();
            let inner = pool.clone();
            let answer = worker
                .act(deed(move |_| inner.echo(7).ask().unwrap()))
                .ask();
            assert_eq!(answer.unwrap(), 7);
        }
    });
}

#[test]
fn workers_that_ask_their_pool_in_a_broadcast_are_answered() {
    bounded(|| {
        let system = system();
        let pool = system.pool::<Doer>(|i| i).size(3).spawn().unwrap();
        let inner = pool.clone();
        let once = Arc::new(AtomicBool::new(false));
        let d = deed(move |_| match once.swap(true, Ordering::SeqCst) {
            true => 0,
            false => inner.echo(7).ask().unwrap(),
        });
        for a in pool.broadcast(|w| w.act(d.clone())) {
            a.unwrap();
        }
    });
}

#[test]
fn the_oldest_is_dropped_whether_it_has_options_or_not() {
    bounded(|| {
        let system = system();
        let pool = system
            .pool::<Doer>(|i| i)
            .size(1)
            .queue(2)
            .overflow(Overflow::DropOldest)
            .spawn()
            .unwrap();
        let gate = hold(&pool);
        let first = pool.task(|p| p.echo(1)).send().unwrap();
        let second = pool.echo(2).send().unwrap();
        let third = pool.echo(3).send().unwrap();
        drop(gate);
        let got = (first.wait(), second.wait(), third.wait());
        assert!(got.0.is_err() && got.1.is_ok() && got.2.is_ok(), "{got:?}");
    });
}

#[test]
fn the_oldest_is_dropped_and_not_the_most_urgent() {
    bounded(|| {
        let system = system();
        let pool = system
            .pool::<Doer>(|i| i)
            .size(1)
            .queue(2)
            .overflow(Overflow::DropOldest)
            .spawn()
            .unwrap();
        let gate = hold(&pool);
        let first = pool.task(|p| p.echo(1)).send().unwrap();
        let second = pool.task(|p| p.echo(2)).priority(5).send().unwrap();
        let third = pool.task(|p| p.echo(3)).send().unwrap();
        drop(gate);
        let got = (first.wait(), second.wait(), third.wait());
        assert!(got.0.is_err() && got.1.is_ok() && got.2.is_ok(), "{got:?}");
    });
}

#[test]
fn the_oldest_is_dropped_where_it_waits_for_its_worker() {
    bounded(|| {
        let system = system();
        let pool = system
            .pool::<Doer>(|i| i)
            .size(2)
            .queue(1)
            .overflow(Overflow::DropOldest)
            .spawn()
            .unwrap();
        let (tx, rx) = mpsc::channel::<()>();
        let rx = Mutex::new(rx);
        let (began, begins) = mpsc::channel::<()>();
        let d = deed(move |_| {
            let _ = began.send(());
            let _ = rx.lock().unwrap().recv();
            0
        });
        pool.task(|p| p.act(d)).key(1).tell().unwrap();
        begins.recv().unwrap();
        let keyed = pool.task(|p| p.echo(1)).key(1).send().unwrap();
        let next = pool.echo(2).send().unwrap();
        drop(tx);
        assert!(keyed.wait().is_err());
        assert!(next.wait().is_ok());
    });
}

#[test]
fn the_oldest_is_dropped_where_it_waits_for_its_back_off() {
    bounded(|| {
        let system = system();
        let pool = system
            .pool::<Doer>(|i| i)
            .size(1)
            .queue(1)
            .overflow(Overflow::DropOldest)
            .spawn()
            .unwrap();
        let task = pool
            .task(|p| p.fail_times(1))
            .retries(1, Backoff::new(HOUR, HOUR))
            .send()
            .unwrap();
        until(&pool, || pool.stats().retried == 1);
        assert_eq!(pool.echo(1).ask().unwrap(), 1);
        assert!(task.wait().is_err());
    });
}

#[test]
fn tasks_with_options_age_too() {
    bounded(|| {
        let system = system();
        let pool = system.pool::<Doer>(|i| i).size(1).spawn().unwrap();
        let gate = hold(&pool);
        let log: Arc<Mutex<Vec<u64>>> = Arc::default();
        let note = |n: u64| {
            let log = log.clone();
            deed(move |_| {
                log.lock().unwrap().push(n);
                0
            })
        };
        pool.act(note(1)).tell().unwrap();
        pool.task(|p| p.act(note(2))).tell().unwrap();
        for n in 0..300 {
            pool.task(|p| p.act(note(1000 + n)))
                .priority(1)
                .tell()
                .unwrap();
        }
        drop(gate);
        pool.drain();
        pool.join();
        let log = log.lock().unwrap().clone();
        let place = |n| log.iter().position(|&one| one == n).unwrap();
        assert!(place(1) < 80 && place(2) < 80, "{} {}", place(1), place(2));
    });
}

#[test]
fn the_last_comes_first_with_options_too() {
    bounded(|| {
        let system = system();
        let pool = system
            .pool::<Doer>(|i| i)
            .size(1)
            .order(Order::Lifo)
            .spawn()
            .unwrap();
        let gate = hold(&pool);
        let log: Arc<Mutex<Vec<u64>>> = Arc::default();
        let note = |n: u64| {
            let log = log.clone();
            deed(move |_| {
                log.lock().unwrap().push(n);
                0
            })
        };
        for n in 0..5 {
            pool.task(|p| p.act(note(n))).tell().unwrap();
        }
        drop(gate);
        pool.drain();
        pool.join();
        assert_eq!(*log.lock().unwrap(), [4, 3, 2, 1, 0]);
    });
}

#[test]
fn the_listener_of_a_task_goes_with_it_when_its_worker_dies() {
    bounded(|| {
        let system = system();
        let pool = system.pool::<Doer>(|i| i).size(1).spawn().unwrap();
        let (tx, rx) = mpsc::channel::<u32>();
        let dies = pool
            .task(|p| p.fail_times(9))
            .timeout(HOUR)
            .on_progress(move |n: u32| tx.send(n).unwrap())
            .ask();
        assert!(dies.is_err());
        assert_eq!(rx.iter().count(), 0);
    });
}

#[test]
fn the_listener_of_a_task_goes_with_it_when_the_pool_stops() {
    bounded(|| {
        let system = system();
        let pool = system.pool::<Doer>(|i| i).size(1).spawn().unwrap();
        let gate = hold(&pool);
        let (tx, rx) = mpsc::channel::<u32>();
        let t = pool
            .task(|p| p.echo(9))
            .patience(HOUR)
            .on_progress(move |n: u32| tx.send(n).unwrap())
            .send()
            .unwrap();
        pool.stop();
        assert!(t.wait().is_err());
        drop(gate);
        assert_eq!(rx.iter().count(), 0);
    });
}

#[test]
fn a_drain_does_not_wait_for_a_message_that_was_not_made() {
    bounded(|| {
        let system = system();
        let pool = system.pool::<Doer>(|i| i).size(1).spawn().unwrap();
        pool.echo(1).ask().unwrap();
        let (tx, rx) = mpsc::channel::<()>();
        let rx = Mutex::new(rx);
        let (inm, ins) = mpsc::channel::<()>();
        let outlet = pool.port(move |n: u64| {
            inm.send(()).unwrap();
            let _ = rx.lock().unwrap().recv();
            assert!(n > 5, "planned");
            DoerMessage::echo(n)
        });
        let t = std::thread::spawn(move || {
            let _ =
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| outlet.post(1).is_ok()));
        });
        ins.recv().unwrap();
        pool.drain();
        // It waits for what may still come.
        assert!(pool.join_timeout(ms(50)).is_none());
        drop(tx);
        t.join().unwrap();
        pool.join();
    });
}

#[test]
fn a_worker_of_whose_start_the_pool_has_not_heard_is_not_lost() {
    bounded(|| {
        let system = system();
        let calls = Arc::new(AtomicUsize::new(0));
        let slow = calls.clone();
        let pool = system
            .pool::<Doer>(move |i| {
                if slow.fetch_add(1, Ordering::SeqCst) == 2 {
                    std::thread::sleep(ms(400));
                }
                i
            })
            .name("pool")
            .sizes(0, 2)
            .idle_timeout(ms(100))
            .spawn()
            .unwrap();
        // Both run.
        let (g1, g2) = (hold(&pool), hold(&pool));
        let ids: Vec<_> = pool
            .snapshot()
            .children
            .iter()
            .map(|c| c.actor.id())
            .collect();
        let b = system.lookup_id::<DoerMessage>(ids[1]).unwrap();
        let a = system.lookup_id::<DoerMessage>(ids[0]).unwrap();
        // B is stopped through its handle, A crashes right after.
        b.stop();
        a.fail_times(9).tell().unwrap();
        drop(g1);
        drop(g2);
        // Until the slow arguments are made, and whoever is idle has been let go of.
        until(&pool, || calls.load(Ordering::SeqCst) >= 3);
        assert!(pool.join_timeout(ms(700)).is_none());
        let (h1, h2) = (hold(&pool), hold(&pool));
        drop(h1);
        drop(h2);
    });
}

#[test]
fn an_idle_timeout_of_nothing_stops_nobody() {
    bounded(|| {
        let system = system();
        let spec = system.pool::<Doer>(|i| i).sizes(0, 1);
        let pool = spec.idle_timeout(Duration::ZERO).spawn().unwrap();
        for n in 0..200 {
            assert_eq!(pool.echo(n).ask().unwrap(), n);
        }
    });
}

#[test]
fn a_pool_that_gets_no_thread_fails_with_the_cause() {
    bounded(|| {
        let system = system();
        let spec = || system.pool::<Doer>(|i| i).stack_size(usize::MAX / 2);
        let error = spec().size(2).spawn().unwrap_err();
        assert!(
            error.to_string().contains("no thread could be made"),
            "{error}"
        );
        let pool = spec().sizes(0, 2).intensity(2, HOUR).spawn().unwrap();
        let error = pool.echo(1).ask().unwrap_err();
        assert!(
            error.to_string().contains("no thread could be made"),
            "{error}"
        );
        assert_eq!(pool.join().code(), 1);
    });
}

/// Cannot be cloned.
#[derive(Debug)]
struct Unclonable;

impl Clone for Unclonable {
    fn clone(&self) -> Self {
        panic!("a planned panic")
    }
}

#[actor(derive(Clone))]
impl Copier {
    fn take(&self, _what: Unclonable) {}
    fn echo(&self, n: u64) -> u64 {
        n
    }
}

struct Copier;

impl Actor for Copier {
    type Args = ();
    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Copier)
    }
}

#[test]
fn a_clone_that_panics_costs_its_own_task_only() {
    bounded(|| {
        quiet_panics();
        let system = system();
        let pool = system.pool::<Copier>(|_| ()).size(1).spawn().unwrap();
        let task = pool.task(|pool| pool.take(Unclonable));
        let failed = task.retries(3, Backoff::new(ms(1), ms(1))).ask();
        assert!(matches!(failed, Err(AskError::Failed { .. })), "{failed:?}");
        assert_eq!(pool.echo(1).ask().unwrap(), 1);
        assert_eq!(pool.stats().failed, 1);
    });
}

#[test]
fn one_task_needs_one_worker() {
    quiet_panics();
    for seed in 0..100 {
        under(seed).run(|system| {
            let pool = system.pool::<Doer>(|i| i).sizes(0, 4).spawn().unwrap();
            assert_eq!(pool.echo(1).ask().unwrap(), 1);
            assert_eq!(pool.snapshot().children.len(), 1, "{seed}");
        });
    }
}

#[test]
fn a_map_lets_the_pool_grow() {
    bounded(|| {
        let system = system();
        let pool = system.pool::<Doer>(|i| i).sizes(1, 6).spawn().unwrap();
        let n = pool
            .map(0..60, |p, _| {
                p.act(deed(|ctx| u64::from(ctx.sleep(ms(10)))))
            })
            .count();
        assert_eq!(n, 60);
        assert_eq!(pool.stats().workers, 6);
    });
}

#[test]
fn closing_names_a_worker_that_came_meanwhile() {
    bounded(|| {
        let system = system();
        let pool = system
            .pool::<Doer>(|i| i)
            .sizes(0, 2)
            .shutdown(Shutdown::Timeout(ms(100)))
            .spawn()
            .unwrap();
        let (tx, rx) = mpsc::channel::<()>();
        let rx = Mutex::new(rx);
        pool.act(deed(move |_| {
            let _ = rx.lock().unwrap().recv();
            0
        }))
        .tell()
        .unwrap();
        let closed = pool.close(ms(500));
        drop(tx);
        assert!(closed.is_err(), "{closed:?}");
    });
}

#[test]
fn patience_counts_for_an_awaited_task_that_waits_for_room() {
    bounded(|| {
        let system = system();
        let pool = system.pool::<Doer>(|i| i).size(1).queue(1).spawn().unwrap();
        let gate = hold(&pool);
        pool.echo(1).tell().unwrap();
        let rt = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let got = rt.block_on(async { pool.task(|p| p.echo(2)).patience(ms(50)).await });
        assert!(matches!(got, Err(AskError::Timeout { .. })), "{got:?}");
        drop(gate);
    });
}

#[test]
fn a_cycle_that_closes_while_the_pool_grows_is_found() {
    quiet_panics();
    bounded(|| {
        for seed in 0..200 {
            under(seed).run(|system| {
                let pool = system.pool::<Doer>(|i| i).sizes(1, 2).spawn().unwrap();
                let got = pool
                    .act(descend(pool.clone(), 4))
                    .send()
                    .unwrap()
                    .wait_timeout(Duration::from_secs(20))
                    .unwrap();
                assert!(got.is_some(), "{seed}: {got:?}");
            });
        }
    });
}

#[test]
fn a_cycle_that_closes_while_a_worker_is_replaced_is_found() {
    quiet_panics();
    bounded(|| {
        for seed in 0..200 {
            under(seed).run(|system| {
                let pool = system
                    .pool::<Doer>(|i| i)
                    .size(2)
                    .recycle_after(1)
                    .spawn()
                    .unwrap();
                for _ in 0..4 {
                    pool.echo(1).tell().unwrap();
                }
                let got = pool
                    .act(descend(pool.clone(), 4))
                    .send()
                    .unwrap()
                    .wait_timeout(Duration::from_secs(20))
                    .unwrap();
                assert!(got.is_some(), "{seed}: {got:?}");
            });
        }
    });
}

/// Each of so many tasks asks the pool for the next.
fn descend(pool: Pool<Doer>, depth: u64) -> Deed {
    deed(move |_| {
        if depth == 0 {
            return 0;
        }
        match pool.act(descend(pool.clone(), depth - 1)).ask() {
            Ok(n) => n + 1,
            Err(AskError::Deadlock { .. }) => 1000,
            Err(e) => panic!("{e}"),
        }
    })
}

#[test]
fn a_task_that_asks_for_its_own_key_is_told_so() {
    bounded(|| {
        let system = system();
        let pool = system.pool::<Doer>(|i| i).size(2).spawn().unwrap();
        let inner = pool.clone();
        let d = deed(move |_| match inner.task(|p| p.echo(1)).key("a").ask() {
            Err(AskError::Deadlock { .. }) => 99,
            other => panic!("{other:?}"),
        });
        let got = pool
            .task(|p| p.act(d))
            .key("a")
            .send()
            .unwrap()
            .wait_timeout(Duration::from_secs(3))
            .unwrap();
        assert_eq!(got, Some(99));
        drop(pool);
    });
}

#[test]
fn an_unordered_map_of_a_worker_on_its_own_pool_of_one_is_told_so() {
    bounded(|| {
        let system = system();
        let pool = system.pool::<Doer>(|i| i).size(1).spawn().unwrap();
        let inner = pool.clone();
        let maps = deed(move |_| {
            let mut answers = inner.map_unordered(0..3, |pool, n| pool.echo(n));
            let first = answers.next().unwrap();
            assert!(matches!(first, Err(AskError::Deadlock { .. })), "{first:?}");
            99
        });
        assert_eq!(pool.act(maps).ask().unwrap(), 99);
        let outside = pool.map_unordered(0..3, |pool, n| pool.echo(n));
        assert_eq!(outside.map(Result::unwrap).sum::<u64>(), 3);
    });
}

#[test]
fn tasks_that_wait_for_each_other_by_a_key_are_told_so() {
    quiet_panics();
    bounded(|| {
        for seed in 0..200 {
            under(seed).run(|system| {
                let pool = system.pool::<Doer>(|i| i).size(3).spawn().unwrap();
                let (outer, inner) = (pool.clone(), pool.clone());
                let second = deed(move |_| match inner.task(|p| p.echo(1)).key("a").ask() {
                    Ok(n) => n,
                    Err(AskError::Deadlock { .. }) => 98,
                    other => panic!("{other:?}"),
                });
                let first = deed(
                    move |_| match outer.act(second.clone()).send().unwrap().wait() {
                        Ok(n) => n,
                        Err(AskError::Deadlock { .. }) => 99,
                        other => panic!("{other:?}"),
                    },
                );
                let got = pool.task(|p| p.act(first)).key("a").send().unwrap();
                let got = {
                    let mut got = got;
                    got.wait_timeout(Duration::from_secs(20)).unwrap()
                };
                assert!(got.is_some_and(|n| n >= 98), "{seed}: {got:?}");
            });
        }
    });
}

#[test]
fn keys_in_a_chain_are_no_cycle() {
    quiet_panics();
    bounded(|| {
        for seed in 0..200 {
            under(seed)
                .expect_panics(|message| message.contains("Deadlock"))
                .run(|system| {
                    let pool = system
                        .pool::<Doer>(|i| i)
                        .size(3)
                        .recycle_after(2)
                        .spawn()
                        .unwrap();
                    let log: Vec<_> = (0..6_u64)
                        .map(|k| {
                            let inner = pool.clone();
                            let d =
                                deed(move |_| inner.task(|p| p.echo(k)).key(k + 1).ask().unwrap());
                            // A chain of keys without a cycle, but the last.
                            pool.task(|p| p.act(d)).key(100 + k).send().unwrap()
                        })
                        .collect();
                    for (k, one) in log.into_iter().enumerate() {
                        match one.wait() {
                            Ok(n) => assert_eq!(n, k as u64),
                            // All workers may wait for their pool at once.
                            Err(AskError::Failed { reason, .. }) => {
                                assert!(reason.to_string().contains("Deadlock"), "{reason}")
                            }
                            Err(e) => panic!("{seed} {e:?}"),
                        }
                    }
                    assert_eq!(pool.echo(1).ask().unwrap(), 1);
                });
        }
    });
}

#[test]
fn nothing_is_left_of_many_tasks_of_all_kinds() {
    // 10^5 rounds on real threads, everything at once; nothing is left.
    quiet_panics();
    let system = System::new("test").unwrap();
    let pool = system
        .pool::<Doer>(|i| i)
        .sizes(1, 4)
        .idle_timeout(ms(1))
        .queue(64)
        .grace(ms(500))
        .recycle_after(50)
        .spawn()
        .unwrap();
    let alive: Arc<AtomicUsize> = Arc::default();
    let threads: Vec<_> = (0..4_u64)
        .map(|t| {
            let (pool, alive) = (pool.clone(), alive.clone());
            std::thread::spawn(move || {
                let mut tally = [0u64; 5];
                let mut held: Vec<(u64, actor_core::Pending<DoerMessage, u64>)> = Vec::new();
                for n in 0..8_000_u64 {
                    let n = n * 4 + t;
                    let counted = actor_tests::Counted::new(&alive);
                    let mut task = pool.task(|p| p.echo(n)).priority((n % 7) as i32 - 3);
                    if n % 3 == 0 {
                        task = task.key(n);
                    }
                    if n % 5 == 0 {
                        task = task.patience(HOUR);
                    }
                    if n % 7 == 0 {
                        task = task.timeout(HOUR);
                    }
                    if n % 50 == 0 {
                        task = task.retries(1, Backoff::new(ms(1), ms(1)));
                        pool.fail_times(9).tell().unwrap();
                    }
                    let task = task.on_progress(move |_: u8| {
                        let _ = &counted;
                    });
                    let sent = match task.send() {
                        Ok(s) => s,
                        Err(e) => panic!("{e}"),
                    };
                    if n % 11 == 0 {
                        sent.cancel();
                        tally[4] += 1;
                    } else {
                        held.push((n, sent));
                    }
                    if held.len() > 32 {
                        for (n, sent) in held.drain(..) {
                            match sent.wait() {
                                Ok(m) => {
                                    assert_eq!(m, n);
                                    tally[0] += 1
                                }
                                Err(e) => panic!("{n}: {e}"),
                            }
                        }
                    }
                }
                for (n, sent) in held.drain(..) {
                    assert_eq!(sent.wait().unwrap(), n);
                }
                tally
            })
        })
        .collect();
    for t in threads {
        t.join().unwrap();
    }
    pool.echo(1).ask().unwrap();
    until(&pool, || {
        alive.load(Ordering::SeqCst) == 0 && pool.snapshot().mailbox == 0
    });
    pool.drain();
    pool.join();
    let s = pool.stats();
    assert_eq!(
        s.completed + s.failed + s.cancelled + s.timed_out,
        32_000 + 640 + 1
    );
}

#[test]
fn workers_may_be_ended_through_their_handles_at_any_moment() {
    quiet_panics();
    bounded(|| {
        for seed in 0..100 {
            under(seed).run(|system| {
                let pool = system
                    .pool::<Doer>(|i| i)
                    .sizes(1, 3)
                    .idle_timeout(ms(2))
                    .intensity(1000, HOUR)
                    .spawn()
                    .unwrap();
                let mut sent = Vec::new();
                for n in 0..16_u64 {
                    let t = pool.task(|p| {
                        p.act(deed(move |ctx| {
                            ctx.sleep(ms(n % 3));
                            n
                        }))
                    });
                    let t = if n % 3 == 0 { t.key(n % 6) } else { t };
                    sent.push((n, t.send().unwrap()));
                    let kids = pool.snapshot().children;
                    let child = kids.get((seed + n) as usize % kids.len().max(1));
                    let worker =
                        child.map(|child| system.lookup_id::<DoerMessage>(child.actor.id()));
                    if let Some(Ok(w)) = worker {
                        match (seed + n) % 4 {
                            0 => {
                                w.stop();
                            }
                            1 => {
                                w.drain();
                            }
                            2 => {
                                w.terminate(ms(1));
                            }
                            _ => {
                                let _ = w.fail_times(9).tell();
                            }
                        }
                    }
                }
                for (n, mut s) in sent {
                    match s.wait_timeout(Duration::from_secs(60)) {
                        Ok(Some(m)) => assert_eq!(n, m),
                        Err(AskError::Failed { .. }) => {}
                        Ok(None) => {
                            panic!("{seed} {n} {:?}\n{}", pool.stats(), pool.snapshot())
                        }
                        Err(e) => panic!("{seed}: {e:?}"),
                    }
                }
                pool.drain();
                assert!(
                    pool.join_timeout(Duration::from_secs(60)).is_some(),
                    "{seed} {:?}",
                    pool.stats()
                );
                let s = pool.stats();
                assert_eq!(s.completed + s.failed, 16, "{seed} {s:?}");
            });
        }
    });
}

#[test]
fn listeners_may_call_the_pool_and_panic_and_handlers_cancel_themselves() {
    bounded(|| {
        let system = system();
        let pool = system
            .pool::<Doer>(|i| i)
            .size(2)
            .grace(ms(200))
            .spawn()
            .unwrap();
        let inner = pool.clone();
        let d = deed(|ctx| {
            for n in 0..3_u32 {
                ctx.progress(n).unwrap();
            }
            3
        });
        assert_eq!(
            pool.task(|p| p.act(d.clone()))
                .on_progress(move |_: u32| {
                    inner.stats();
                    assert_eq!(inner.echo(1).ask().unwrap(), 1);
                })
                .ask()
                .unwrap(),
            3
        );
        let e = pool
            .task(|p| p.act(d))
            .on_progress(move |_: u32| panic!("planned"))
            .ask();
        assert!(matches!(e, Err(AskError::Failed { .. })));
        // From the handler itself.
        let slot: Arc<Mutex<Option<actor_core::Canceller>>> = Arc::default();
        let s = slot.clone();
        let t = pool
            .task(|p| {
                p.act(deed(move |ctx| {
                    let c = loop {
                        if let Some(c) = s.lock().unwrap().take() {
                            break c;
                        }
                    };
                    assert!(c.cancel());
                    assert!(!c.cancel());
                    assert!(ctx.cancelled());
                    1
                }))
            })
            .send()
            .unwrap();
        *slot.lock().unwrap() = t.canceller();
        assert!(matches!(t.wait(), Err(AskError::Cancelled { .. })));
        assert_eq!(pool.echo(1).ask().unwrap(), 1);
    });
}

#[test]
fn two_pools_that_ask_each_other_are_told_so() {
    quiet_panics();
    bounded(|| {
        for seed in 0..100 {
            under(seed).run(|system| {
                let a = system
                    .pool::<Doer>(|i| i)
                    .name("a")
                    .size(1)
                    .spawn()
                    .unwrap();
                let b = system
                    .pool::<Doer>(|i| i)
                    .name("b")
                    .size(2)
                    .spawn()
                    .unwrap();
                // a → b → a
                let (a1, b1) = (a.clone(), b.clone());
                let inner = deed(move |_| match a1.echo(5).ask() {
                    Ok(n) => n,
                    Err(AskError::Deadlock { .. }) => 77,
                    Err(e) => panic!("{e}"),
                });
                let got = a
                    .act(deed(move |_| match b1.act(inner.clone()).ask() {
                        Ok(n) => n,
                        Err(AskError::Deadlock { .. }) => 78,
                        Err(e) => panic!("{e}"),
                    }))
                    .send()
                    .unwrap()
                    .wait_timeout(Duration::from_secs(30))
                    .unwrap();
                assert!(got.is_some_and(|n| n == 77 || n == 78), "{got:?}");
                // a pool within a worker
                let got = a
                    .act(deed(|ctx| {
                        let p = ctx.pool::<Doer>(|i| i).size(2).spawn().unwrap();
                        let n: u64 = p.map(0..10, |p, n| p.echo(n)).map(Result::unwrap).sum();
                        p.close(ms(1000)).unwrap();
                        n
                    }))
                    .ask();
                assert_eq!(got.unwrap(), 45);
            });
        }
    });
}
