//! Pools by chance: tasks that succeed, fail, panic, exit, hang, and are cancelled, on pools of all
//! sizes. Each settles exactly once, with its own answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{Backoff, Order, Pool};
use actor_tests::{LONG, on_threads, quiet_panics, under, under_faults};
use proptest::prelude::*;

const SHORT: Duration = Duration::from_millis(3);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Deed {
    Answer,
    /// Before it is tried again so often.
    Fail(u32),
    Panic(u32),
    Exit(i32),
    /// Until it is cut.
    Hang,
}

#[derive(Clone, Debug)]
struct Plan {
    deed: Deed,
    asked: bool,
    plain: bool,
    priority: i32,
    key: Option<u8>,
    patience: bool,
    timeout: bool,
    retries: Option<u32>,
    cancelled: bool,
}

impl Plan {
    /// Whether something may end it that is not its handler's doing.
    fn may_be_cut(&self) -> bool {
        !self.plain && (self.patience || self.timeout || self.cancelled)
    }

    fn retries(&self) -> u32 {
        if self.plain {
            0
        } else {
            self.retries.unwrap_or(0)
        }
    }
}

#[derive(Clone, Debug)]
struct Shape {
    min: usize,
    max: usize,
    shrinks: bool,
    queue: usize,
    lifo: bool,
    recycle: Option<u64>,
}

type Runs = Arc<Mutex<BTreeMap<usize, u32>>>;

struct Doer(Runs);

#[actor(derive(Clone))]
impl Doer {
    #[message(fails)]
    fn work(&self, ctx: &mut Context<Self>, number: usize, deed: Deed) -> Result<usize, Failure> {
        *self.0.lock().unwrap().entry(number).or_default() += 1;
        match deed {
            Deed::Answer => {}
            Deed::Fail(times) if ctx.redelivered() < times => Err("a planned failure")?,
            Deed::Panic(times) if ctx.redelivered() < times => panic!("a planned panic"),
            Deed::Fail(_) | Deed::Panic(_) => {}
            Deed::Exit(code) => ctx.exit(code),
            Deed::Hang => assert!(!ctx.sleep(10 * LONG), "nobody has cut it"),
        }
        Ok(number)
    }
}

impl Actor for Doer {
    type Args = Runs;
    fn start(_ctx: &mut Context<Self>, runs: &Runs) -> Result<Self, Failure> {
        Ok(Doer(Arc::clone(runs)))
    }
}

/// Where it is `faulty`, workers crash and lose answers that were not planned to.
fn run(system: &System, shape: &Shape, plans: &[Plan], faulty: bool) {
    let runs = Runs::default();
    let counted = Arc::clone(&runs);
    let spec = system
        .pool::<Doer>(move |_| Arc::clone(&counted))
        .name("pool");
    let mut spec = spec.sizes(shape.min, shape.max).queue(shape.queue);
    if shape.shrinks {
        spec = spec.idle_timeout(SHORT);
    }
    if shape.lifo {
        spec = spec.order(Order::Lifo);
    }
    if let Some(tasks) = shape.recycle {
        spec = spec.recycle_after(tasks);
    }
    let pool: Pool<Doer> = spec.grace(LONG).spawn().unwrap();
    let mut pending = Vec::new();
    let mut refused = 0;
    for (number, plan) in plans.iter().enumerate() {
        let sent = if plan.plain {
            let work = pool.work(number, plan.deed);
            match plan.asked {
                true => work.send().map(Some),
                false => work.tell().map(|()| None),
            }
        } else {
            let mut task = pool
                .task(|pool| pool.work(number, plan.deed))
                .priority(plan.priority);
            if let Some(key) = plan.key {
                task = task.key(key);
            }
            if plan.patience {
                task = task.patience(SHORT);
            }
            if plan.timeout {
                task = task.timeout(SHORT);
            }
            if let Some(times) = plan.retries {
                let longest = if number % 2 == 0 {
                    Duration::ZERO
                } else {
                    SHORT
                };
                task = task.retries(times, Backoff::new(Duration::ZERO, longest));
            }
            match plan.asked {
                true => task.send().map(Some),
                false => task.tell().map(|()| None),
            }
        };
        match sent {
            Ok(Some(sent)) => pending.push((number, plan, sent)),
            Ok(None) => {}
            // Only patience gives up room.
            Err(_) if plan.patience => refused += 1,
            Err(error) => panic!("{error}"),
        }
        if number % 3 == 2 {
            cancel(&pending);
        }
    }
    cancel(&pending);
    for (number, plan, sent) in pending {
        let answer = sent.wait();
        let cut = |error: &AskError| {
            matches!(error, AskError::Cancelled { .. } | AskError::Timeout { .. })
        };
        match (&answer, plan.deed) {
            (Err(error), _) if cut(error) => assert!(plan.may_be_cut(), "{plan:?}: {error}"),
            (Err(AskError::Failed { .. } | AskError::NoReply { .. }), _) if faulty => {}
            (Ok(answer), Deed::Fail(times) | Deed::Panic(times)) => {
                assert!(
                    *answer == number && times <= plan.retries(),
                    "{plan:?}: {answer}"
                );
            }
            (Ok(answer), Deed::Answer | Deed::Exit(_)) => assert_eq!(*answer, number),
            (
                Err(AskError::Failed {
                    message: "work", ..
                }),
                Deed::Fail(times) | Deed::Panic(times),
            ) => {
                assert!(times > plan.retries(), "{plan:?}");
            }
            _ => panic!("{plan:?}: {answer:?}"),
        }
    }
    pool.drain();
    let reason = pool.join_timeout(LONG);
    assert!(
        reason.is_some_and(|reason| reason.is_normal()),
        "{:?}",
        pool.stats()
    );
    let stats = pool.stats();
    let settled = stats.completed + stats.failed + stats.cancelled + stats.timed_out;
    let sent = (plans.len() - refused) as u64;
    assert_eq!(settled, sent, "{stats:?}");
    let runs = runs.lock().unwrap();
    for (number, plan) in plans.iter().enumerate() {
        let times = runs.get(&number).copied().unwrap_or(0);
        assert!(times <= 1 + plan.retries(), "{plan:?} ran {times} times");
        assert!(
            times > 0 || plan.may_be_cut() || faulty,
            "{plan:?} never ran"
        );
    }
}

/// Cancels those of which it was planned.
fn cancel<M: Protocol, T>(pending: &[(usize, &Plan, Pending<M, T>)]) {
    for (_, plan, sent) in pending.iter().filter(|(_, plan, _)| plan.cancelled) {
        assert!(plan.plain == sent.canceller().is_none());
        if let Some(canceller) = sent.canceller() {
            canceller.cancel();
        }
    }
}

/// Each task comes when the worker, done with the one before, is about to have nothing to do.
#[test]
fn a_task_that_comes_as_the_worker_goes_idle_is_done() {
    on_threads(|system| {
        let spec = system.pool::<Doer>(|_| Runs::default());
        let pool = spec.size(1).spawn().unwrap();
        for number in 0..5_000 {
            let work = pool.work(number, Deed::Answer).timeout(LONG);
            assert_eq!(work.ask().unwrap(), number);
        }
    });
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let deed = prop_oneof![
        6 => Just(Deed::Answer),
        2 => (1..3_u32).prop_map(Deed::Fail),
        2 => (1..3_u32).prop_map(Deed::Panic),
        1 => (0..3).prop_map(Deed::Exit),
        1 => Just(Deed::Hang),
    ];
    let options = (
        any::<bool>(),
        any::<bool>(),
        -2..3_i32,
        prop::option::of(0..3_u8),
        prop::bool::weighted(0.15),
        prop::bool::weighted(0.2),
        prop::option::of(0..3_u32),
        prop::bool::weighted(0.2),
    );
    let plan = (deed, options).prop_map(|(deed, options)| {
        let (asked, plain, priority, key, patience, timeout, retries, cancelled) = options;
        let hangs = deed == Deed::Hang;
        Plan {
            deed,
            asked,
            plain: plain && !hangs,
            priority,
            key,
            patience,
            timeout: timeout || hangs,
            retries,
            cancelled,
        }
    });
    prop::collection::vec(plan, 1..25)
}

fn shapes() -> impl Strategy<Value = Shape> {
    let sizes = (0..3_usize, 1..4_usize);
    let recycle = prop::option::weighted(0.3, 1..4_u64);
    (
        sizes,
        any::<bool>(),
        1..30_usize,
        prop::bool::weighted(0.2),
        recycle,
    )
        .prop_map(|((min, more), shrinks, queue, lifo, recycle)| Shape {
            min,
            max: min + more,
            shrinks,
            queue,
            lifo,
            recycle,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a41_each_task_settles_once_with_its_own_answer(
        shape in shapes(),
        plans in plans(),
        seed in any::<u64>(),
    ) {
        quiet_panics();
        under(seed).run(|system| run(system, &shape, &plans, false));
        let workers = ["pool-0", "pool-1", "pool-2", "pool-3", "pool-4"];
        under_faults(seed, &workers).run(|system| run(system, &shape, &plans, true));
        let system = System::new("test").unwrap();
        run(&system, &shape, &plans, false);
        system.shutdown().unwrap();
    }
}
