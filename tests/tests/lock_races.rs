//! Locks by chance: whoever takes, shares, asks, fails and ends at once, nobody waits for ever, and
//! nobody holds what another holds alone.

use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{LockErrorKind, LockGuard};
use actor_tests::{LONG, on_threads, quiet_panics, under};
use proptest::prelude::*;

const LOCKS: [&str; 3] = ["x", "y", "z"];

#[derive(Clone, Copy, Debug)]
enum Step {
    Take { lock: usize, shared: bool },
    TakeWithin { lock: usize, shared: bool },
    TakeIfFree { lock: usize, shared: bool },
    ReleaseLast,
    Ask { other: usize },
    Fail,
    Stop { other: usize },
    Terminate { other: usize },
}

/// Who has come to hold each lock.
type Held = Arc<[Mutex<Vec<Weak<LockGuard>>>; 3]>;

/// Enters a hold, and looks at all others of that lock.
fn enter(held: &Held, lock: usize, guard: LockGuard) -> Arc<LockGuard> {
    let mine = Arc::new(guard);
    let mut all = held[lock].lock().unwrap();
    for other in all.iter().filter_map(Weak::upgrade) {
        let alone = !(mine.is_shared() && other.is_shared());
        // In this order: a life that is left behind has lost what it held.
        let both = other.is_held() && mine.is_held();
        assert!(!(alone && both), "{} is held twice", LOCKS[lock]);
    }
    all.retain(|other| other.strong_count() > 0);
    all.push(Arc::downgrade(&mine));
    mine
}

/// Leaves the last hold, and it is over: whoever enters looks at a hold while it is in the list, and
/// would keep it a moment longer.
fn leave(held: &Held, mine: Arc<LockGuard>) {
    let is_mine = |other: &Weak<LockGuard>| other.as_ptr() == Arc::as_ptr(&mine);
    let lock = LOCKS.iter().position(|lock| *lock == mine.name()).unwrap();
    held[lock].lock().unwrap().retain(|other| !is_mine(other));
    assert!(Arc::into_inner(mine).is_some(), "nobody else has it");
}

struct Party {
    held: Held,
    mine: Vec<Arc<LockGuard>>,
}

impl Party {
    fn leave_all(&mut self) {
        for mine in self.mine.drain(..) {
            leave(&self.held, mine);
        }
    }
}

#[actor]
impl Party {
    /// Does all of it; how many deadlocks it was told of.
    #[message(fails)]
    fn run(
        &mut self,
        ctx: &mut Context<Self>,
        steps: Vec<Step>,
        others: Vec<PartyHandle>,
    ) -> Result<usize, Failure> {
        let mut deadlocks = 0;
        for step in steps {
            let request = |lock: usize, shared| {
                let request = ctx.system().lock(LOCKS[lock]);
                if shared { request.shared() } else { request }
            };
            let taken = match step {
                Step::Take { lock, shared } => (lock, request(lock, shared).acquire()),
                Step::TakeWithin { lock, shared } => {
                    let request = request(lock, shared).timeout(Duration::from_millis(2));
                    (lock, request.acquire())
                }
                Step::TakeIfFree { lock, shared } => (lock, request(lock, shared).try_acquire()),
                Step::ReleaseLast => {
                    if let Some(mine) = self.mine.pop() {
                        leave(&self.held, mine);
                    }
                    continue;
                }
                Step::Ask { other } => {
                    if let Err(AskError::Deadlock { .. }) = others[other].ping().ask() {
                        deadlocks += 1;
                        self.leave_all();
                    }
                    continue;
                }
                Step::Fail => Err("it fails")?,
                Step::Stop { other } => {
                    others[other].stop();
                    continue;
                }
                Step::Terminate { other } => {
                    // It waits for nobody that waits for this one: within the grace it ends, or is
                    // left behind.
                    if others[other].id() != ctx.id() {
                        others[other].terminate(Duration::from_millis(2));
                    }
                    continue;
                }
            };
            match taken {
                (lock, Ok(guard)) => {
                    self.mine.push(enter(&self.held, lock, guard));
                }
                (_, Err(error)) if error.kind() == LockErrorKind::Deadlock => {
                    deadlocks += 1;
                    self.leave_all();
                }
                _ => {}
            }
        }
        self.leave_all();
        Ok(deadlocks)
    }
    fn ping(&self) {}
}

impl Actor for Party {
    type Args = Held;
    fn start(_ctx: &mut Context<Self>, held: &Held) -> Result<Self, Failure> {
        Ok(Party {
            held: Arc::clone(held),
            mine: Vec::new(),
        })
    }
}

/// Runs all scripts at once; how many deadlocks there were.
fn run(system: &System, scripts: &[Vec<Step>]) -> usize {
    let held: Held = Arc::default();
    let mut plan = Supervisor::one_for_one().intensity(1_000, LONG);
    let mut handles = Vec::new();
    for place in 0..scripts.len() {
        let name = format!("party{place}");
        let mut spec = system.spec::<Party>(Arc::clone(&held)).name(&name);
        handles.push(spec.handle());
        plan = plan.child(spec);
    }
    let supervisor = system.spawn::<Supervisor>(plan).unwrap();
    let runs: Vec<_> = handles
        .iter()
        .zip(scripts)
        .filter_map(|(handle, script)| {
            let run = handle.run(script.clone(), handles.clone());
            run.timeout(LONG).send().ok()
        })
        .collect();
    let mut deadlocks = 0;
    for run in runs {
        match run.wait() {
            Ok(some) => deadlocks += some,
            Err(AskError::Timeout { .. }) => panic!("stuck: {:?}", system.locks()),
            Err(AskError::Failed { reason, .. }) => {
                assert!(!matches!(reason, ExitReason::Panicked(_)), "{reason}");
            }
            Err(_) => {}
        }
    }
    supervisor.stop();
    supervisor.join();
    let locks = system.locks();
    assert!(
        locks.held.is_empty() && locks.pending.is_empty(),
        "{locks:?}"
    );
    deadlocks
}

fn taking() -> impl Strategy<Value = Step> {
    let wanted = || (0..LOCKS.len(), any::<bool>());
    prop_oneof![
        4 => wanted().prop_map(|(lock, shared)| Step::Take { lock, shared }),
        1 => wanted().prop_map(|(lock, shared)| Step::TakeWithin { lock, shared }),
        1 => wanted().prop_map(|(lock, shared)| Step::TakeIfFree { lock, shared }),
        2 => Just(Step::ReleaseLast),
    ]
}

fn any_step(parties: usize) -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => taking(),
        2 => (0..parties).prop_map(|other| Step::Ask { other }),
        1 => Just(Step::Fail),
        1 => (0..parties).prop_map(|other| Step::Stop { other }),
        1 => (0..parties).prop_map(|other| Step::Terminate { other }),
    ]
}

fn scripts<S: Strategy<Value = Step>>(
    step: impl Fn(usize) -> S,
) -> impl Strategy<Value = Vec<Vec<Step>>> {
    let script = move |parties| {
        let script = prop::collection::vec(step(parties), 1..8);
        prop::collection::vec(script, parties)
    };
    (2..5_usize).prop_flat_map(script)
}

/// Each takes locks in the order of their names, and lets go of all before it begins anew.
fn in_order(script: &[Step]) -> Vec<Step> {
    let mut last = None;
    let mut ordered = Vec::new();
    for &step in script {
        if let Step::Take { lock, .. }
        | Step::TakeWithin { lock, .. }
        | Step::TakeIfFree { lock, .. } = step
        {
            if last.is_some_and(|last| lock <= last) {
                ordered.extend([Step::ReleaseLast; 3]);
            }
            last = Some(lock);
        }
        ordered.push(step);
    }
    ordered
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nobody_waits_for_ever(scripts in scripts(any_step), seed in any::<u64>()) {
        quiet_panics();
        under(seed).run(|system| {
            run(system, &scripts);
        });
        // Lives that were left behind may still be on their way back when it ends.
        run(&System::new("test").unwrap(), &scripts);
    }

    #[test]
    fn who_takes_locks_in_one_order_is_never_told_of_a_deadlock(
        scripts in scripts(|_| taking()),
        seed in any::<u64>(),
    ) {
        quiet_panics();
        let scripts: Vec<_> = scripts.iter().map(|script| in_order(script)).collect();
        under(seed).run(|system| assert_eq!(run(system, &scripts), 0));
        on_threads(|system| assert_eq!(run(system, &scripts), 0));
    }
}
