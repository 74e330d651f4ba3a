//! What all hands of a round share.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use actor_core::{MessagePort, Overflow, Pool, SupervisorHandle, SystemRef};
use fastrand::Rng;

use super::account::Account;
use super::books::Books;
use super::subject::{Subject, SubjectHandle};
use super::target::Target;
use super::token::Token;

/// One end of a channel of tokens.
pub(super) type Port = MessagePort<Token, Token>;

/// A pool, as an actor and as itself.
type KnownPool = (Arc<Target>, Arc<Pool<Subject>>);

/// Of the actors, mostly the youngest so many are sent to.
const YOUNG: usize = 48;
/// So many lives at a time, and no new ones.
const CROWD: usize = 80;

/// One round's system and all that is known of it.
pub(super) struct World {
    pub(super) system: SystemRef,
    pub(super) books: Arc<Books>,
    /// Of tokens that are received from ports by no actor's handler, or by nobody.
    pub(super) ports_account: Arc<Account>,
    pub(super) targets: RwLock<Vec<Arc<Target>>>,
    pub(super) supervisors: RwLock<Vec<SupervisorHandle>>,
    pub(super) pools: RwLock<Vec<KnownPool>>,
    /// Ends that nobody has in hand.
    pub(super) ports: Mutex<Vec<Port>>,
    /// States and arguments that are alive.
    pub(super) states: Arc<AtomicUsize>,
    pub(super) arguments: Arc<AtomicUsize>,
    /// From 0 to 4.
    pub(super) wildness: u32,
    /// What threads wait for without a deadline.
    waits: Mutex<BTreeMap<u64, String>>,
    seed: u64,
    last: AtomicU64,
    over: AtomicBool,
    pub(super) built: AtomicU64,
}

/// One value out of several.
pub(super) fn mix(values: [u64; 3]) -> u64 {
    values
        .into_iter()
        .fold(0, |mixed, value| Rng::with_seed(mixed ^ value).u64(..))
}

impl World {
    pub(super) fn new(system: SystemRef, books: Arc<Books>, seed: u64) -> Self {
        World {
            system,
            books,
            ports_account: Arc::new(Account::new("ports")),
            targets: RwLock::default(),
            supervisors: RwLock::default(),
            pools: RwLock::default(),
            ports: Mutex::default(),
            states: Arc::default(),
            arguments: Arc::default(),
            wildness: Rng::with_seed(seed).u32(0..5),
            waits: Mutex::default(),
            seed,
            last: AtomicU64::new(0),
            over: AtomicBool::new(false),
            built: AtomicU64::new(0),
        }
    }

    /// The chance of one who acts.
    pub(super) fn rng(&self, who: u64, life: u64) -> Rng {
        Rng::with_seed(mix([self.seed, who, life]))
    }

    pub(super) fn next_number(&self) -> u64 {
        self.last.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn add(
        &self,
        handle: SubjectHandle,
        account: Arc<Account>,
        overflow: Overflow,
        is_pool: bool,
    ) -> Arc<Target> {
        let target = Arc::new(Target {
            handle,
            account,
            overflow,
            is_pool,
        });
        let mut targets = self.targets.write().expect("nobody panics with it");
        targets.push(Arc::clone(&target));
        target
    }

    /// Somebody to send to, most likely one who lives.
    pub(super) fn pick(&self, rng: &mut Rng) -> Option<Arc<Target>> {
        let mut picked = None;
        for _ in 0..4 {
            picked = self.pick_any(rng);
            if picked.as_ref().is_none_or(|one| one.handle.is_alive()) {
                break;
            }
        }
        picked
    }

    fn pick_any(&self, rng: &mut Rng) -> Option<Arc<Target>> {
        let targets = self.targets.read().expect("nobody panics with it");
        if targets.is_empty() {
            return None;
        }
        let all = rng.u32(0..20) == 0;
        let from = if all {
            0
        } else {
            targets.len().saturating_sub(YOUNG)
        };
        Some(Arc::clone(&targets[rng.usize(from..targets.len())]))
    }

    pub(super) fn pick_supervisor(&self, rng: &mut Rng) -> Option<SupervisorHandle> {
        let supervisors = self.supervisors.read().expect("nobody panics with it");
        let from = supervisors.len().saturating_sub(YOUNG / 4);
        let young = &supervisors[from..];
        (!young.is_empty()).then(|| young[rng.usize(0..young.len())].clone())
    }

    pub(super) fn pick_pool(&self, rng: &mut Rng) -> Option<KnownPool> {
        let pools = self.pools.read().expect("nobody panics with it");
        let from = pools.len().saturating_sub(4);
        let young = &pools[from..];
        (!young.is_empty()).then(|| young[rng.usize(0..young.len())].clone())
    }

    pub(super) fn take_port(&self, rng: &mut Rng) -> Option<Port> {
        let mut ports = self.ports.lock().expect("nobody panics with it");
        let place = (!ports.is_empty()).then(|| rng.usize(0..ports.len()))?;
        Some(ports.swap_remove(place))
    }

    pub(super) fn put_port(&self, port: Port) {
        self.ports.lock().expect("nobody panics with it").push(port);
    }

    pub(super) fn is_crowded(&self) -> bool {
        self.states.load(Ordering::Relaxed) >= CROWD
    }

    pub(super) fn is_empty(&self) -> bool {
        self.states.load(Ordering::Relaxed) < CROWD / 4
    }

    /// Waits, and notes for whom as long as it takes.
    pub(super) fn waiting<T>(&self, target: &Target, wait: impl FnOnce() -> T) -> T {
        let number = self.next_number();
        let waits = || self.waits.lock().expect("nobody panics with it");
        let thread = std::thread::current();
        let who = thread.name().unwrap_or("a hand");
        let told = format!("{who} waits for {}", target.account.name());
        waits().insert(number, told);
        let waited = wait();
        waits().remove(&number);
        waited
    }

    /// Who waits for whom and where something waits, for a round that is stuck; and the tree.
    pub(super) fn backlog(&self) -> String {
        let mut told = String::new();
        for wait in self.waits.lock().expect("nobody panics with it").values() {
            told += &format!("\n  {wait}");
        }
        for target in self.targets.read().expect("nobody panics with it").iter() {
            let snapshot = target.handle.snapshot();
            if snapshot.mailbox > 0 {
                told += &format!("\n  {snapshot}, {:?}", target.overflow);
            }
        }
        for (target, pool) in self.pools.read().expect("nobody panics with it").iter() {
            let stats = pool.stats();
            if stats.queued > 0 {
                told += &format!("\n{}:\n{stats}", target.account.name());
            }
        }
        format!("{told}\n{}", self.system.snapshot())
    }

    pub(super) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }
}
