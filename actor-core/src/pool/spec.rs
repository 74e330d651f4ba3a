//! The builder of a pool.

use std::sync::Arc;
use std::time::Duration;

use crate::actor::Actor;
use crate::backoff::Backoff;
use crate::context::{Context, Handler};
use crate::error::SpawnError;
use crate::mailbox::Overflow;
use crate::policy::Shutdown;
use crate::rt::IdleStrategy;
use crate::spec::{Place, Spec};
use crate::system::SystemRef;

use super::handle::Pool;
use super::manager::{Front, PATIENCE};
use super::plan::PoolPlan;
use super::queue::{Order, Queue};

/// How long a task that was cut may take to come to an end, if nothing else is said.
const GRACE: Duration = Duration::from_secs(1);

/// A pool that is declared and not yet started. Made by [`SystemRef::pool`] or [`Context::pool`].
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// use std::time::Duration;
///
/// let system = System::new("pools")?;
/// let pool = system
///     .pool::<Counter>(|index| 10 * index as i64)
///     .name("counters")
///     .sizes(1, 4)
///     .idle_timeout(Duration::from_secs(30))
///     .queue(100)
///     .spawn()?;
/// assert_eq!(pool.add(1).ask()?, 1); // by the first worker
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a pool starts nothing until it is spawned or given to a supervisor"]
pub struct PoolSpec<A: Actor> {
    make: Box<dyn FnOnce(PoolPlan<A>) -> Spec<Front<A>> + Send>,
    plan: PoolPlan<A>,
    name: Option<String>,
    capacity: Option<Option<usize>>,
    overflow: Overflow,
    order: Order,
    recycle: Option<u64>,
    grace: Duration,
}

impl SystemRef {
    /// A pool of workers of one actor type, whose handle is that of one actor: whichever worker is
    /// free takes the next message. `args` makes the arguments of each worker from its index; they
    /// are made once, and lent to each of its lives.
    ///
    /// ```
    /// use actor_core::prelude::*;
    ///
    /// struct Hasher;
    ///
    /// #[actor]
    /// impl Hasher {
    ///     /// The sum of the bytes.
    ///     pub fn sum(&mut self, bytes: Vec<u8>) -> u64 { bytes.iter().map(|&byte| u64::from(byte)).sum() }
    /// }
    /// impl Actor for Hasher {
    ///     type Args = ();
    ///     fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> { Ok(Hasher) }
    /// }
    ///
    /// let system = System::new("pools")?;
    /// let pool = system.pool::<Hasher>(|_| ()).size(2).spawn()?;
    /// assert_eq!(pool.sum(vec![1, 2, 3]).ask()?, 6);
    /// let sums = pool.map(0..100_u8, |pool, n| pool.sum(vec![n; 2]));
    /// assert_eq!(sums.sum::<Result<u64, AskError>>()?, 9_900);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pool<A: Actor>(
        &self,
        args: impl Fn(usize) -> A::Args + Send + Sync + 'static,
    ) -> PoolSpec<A> {
        let system = self.clone();
        PoolSpec::new(args, move |plan| system.spec::<Front<A>>(Arc::new(plan)))
    }
}

impl<A: Handler> Context<A> {
    /// A pool as this actor's child: it ends with it. See [`SystemRef::pool`].
    pub fn pool<B: Actor>(
        &mut self,
        args: impl Fn(usize) -> B::Args + Send + Sync + 'static,
    ) -> PoolSpec<B> {
        let kernel = Arc::clone(self.kernel());
        let (parent, environment) = (self.as_parent(), self.environment().clone());
        PoolSpec::new(args, move |plan| {
            Spec::new(kernel, parent, environment, Arc::new(plan))
        })
    }
}

impl<A: Actor> PoolSpec<A> {
    fn new(
        args: impl Fn(usize) -> A::Args + Send + Sync + 'static,
        make: impl FnOnce(PoolPlan<A>) -> Spec<Front<A>> + Send + 'static,
    ) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        PoolSpec {
            make: Box::new(make),
            plan: PoolPlan {
                args: Box::new(args),
                min: cores,
                max: cores,
                idle_timeout: None,
                limit: None,
                period: Duration::from_secs(5),
                backoff: Backoff::new(PATIENCE.0, PATIENCE.1),
                stack_size: None,
                shutdown: None,
                idle: None,
            },
            name: None,
            capacity: None,
            overflow: Overflow::Block,
            order: Order::Fifo,
            recycle: None,
            grace: GRACE,
        }
    }

    /// How many workers there are, always. The default is one for each core.
    ///
    /// # Panics
    /// If it is 0: nobody would do anything.
    #[track_caller]
    pub fn size(self, workers: usize) -> Self {
        self.sizes(workers, workers)
    }

    /// At least `min` workers, and up to `max` while tasks wait and no worker is free. They stay,
    /// unless there is an [`idle_timeout`](Self::idle_timeout).
    ///
    /// # Panics
    /// If `max` is 0, or less than `min`.
    #[track_caller]
    pub fn sizes(mut self, min: usize, max: usize) -> Self {
        assert!(
            max > 0 && min <= max,
            "PoolSpec::sizes was called with {min} and {max}: the most must be 1 or more, and no \
             less than the least"
        );
        (self.plan.min, self.plan.max) = (min, max);
        self
    }

    /// A worker beyond the least number of them that has had nothing to do for so long ends.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.plan.idle_timeout = Some(timeout);
        self
    }

    /// The pool's name; its workers are called after it, with their index. The default is that of
    /// the actor type.
    ///
    /// # Panics
    /// If it is empty.
    #[track_caller]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        assert!(
            !name.is_empty(),
            "PoolSpec::name was called with an empty name, which nobody could read"
        );
        self.name = Some(name);
        self
    }

    /// How many tasks may wait before the [`overflow`](Self::overflow) policy applies. The default
    /// is the protocol's, 1024 unless `#[actor(mailbox = N)]` says otherwise.
    ///
    /// # Panics
    /// If it is 0.
    #[track_caller]
    pub fn queue(mut self, capacity: usize) -> Self {
        assert!(
            capacity > 0,
            "PoolSpec::queue was called with 0, so no task could ever be sent: use 1 or more, or \
             PoolSpec::unbounded"
        );
        self.capacity = Some(Some(capacity));
        self
    }

    /// Lets any number of tasks wait.
    pub fn unbounded(mut self) -> Self {
        self.capacity = Some(None);
        self
    }

    /// What happens to a task that finds the queue full: its sender waits (the default), gets it
    /// back, or one is dropped. See [`Overflow`].
    pub fn overflow(mut self, overflow: Overflow) -> Self {
        self.overflow = overflow;
        self
    }

    /// Which of the waiting tasks is next.
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// A worker's life ends after so many tasks, and a new one begins: for code that leaks.
    ///
    /// # Panics
    /// If it is 0.
    #[track_caller]
    pub fn recycle_after(mut self, tasks: u64) -> Self {
        assert!(
            tasks > 0,
            "PoolSpec::recycle_after was called with 0, so no life could do anything: use 1 or more"
        );
        self.recycle = Some(tasks);
        self
    }

    /// How long a task that is cancelled or out of time may take to come to an end, before its
    /// thread is left behind and its worker replaced. The default is a second.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// How many lives of workers may end in vain, in `start` or before they began with a task: with
    /// more than `limit` within `period` the pool fails with the cause, and all that waits is
    /// answered. The default is twice the size within 5 seconds. A life that ends with a task in
    /// hand is replaced at once, and not counted.
    pub fn intensity(mut self, limit: usize, period: Duration) -> Self {
        (self.plan.limit, self.plan.period) = (Some(limit), period);
        self
    }

    /// How long the next life waits after one that ended in vain. The default is 10 milliseconds,
    /// and up to a second.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.plan.backoff = backoff;
        self
    }

    /// The size of each worker's stack, in bytes.
    pub fn stack_size(mut self, bytes: usize) -> Self {
        self.plan.stack_size = Some(bytes);
        self
    }

    /// How long each worker may take to stop.
    pub fn shutdown(mut self, shutdown: Shutdown) -> Self {
        self.plan.shutdown = Some(shutdown);
        self
    }

    /// How the workers wait for tasks. The default is the system's.
    pub fn idle(mut self, idle: IdleStrategy) -> Self {
        self.plan.idle = Some(idle);
        self
    }

    /// Starts the workers, all at the same time, and waits until each has started.
    ///
    /// # Errors
    /// If a start fails: nothing is left then.
    pub fn spawn(self) -> Result<Pool<A>, SpawnError> {
        let mut spec = self.into_spec();
        let pool = Pool::of(&mut spec);
        spec.spawn()?;
        Ok(pool)
    }

    /// The pool as a [`Spec`], to be given to a supervisor; [`Pool::of`] gives the pool of that.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// use actor_core::Pool;
    ///
    /// let system = System::new("pools")?;
    /// let mut spec = system.pool::<Counter>(|_| 0).size(2).into_spec();
    /// let pool = Pool::of(&mut spec);
    /// system.spawn::<Supervisor>(Supervisor::one_for_one().child(spec))?;
    /// assert_eq!(pool.add(1).ask()?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn into_spec(self) -> Spec<Front<A>> {
        let PoolSpec {
            make,
            plan,
            name,
            capacity,
            overflow,
            order,
            recycle,
            grace,
        } = self;
        let name = name.unwrap_or_else(|| crate::id::type_name::<A>().to_owned());
        let spec = make(plan).name(name).overflow(overflow);
        let spec = match capacity {
            Some(Some(capacity)) => spec.mailbox(capacity),
            Some(None) => spec.unbounded(),
            None => spec,
        };
        spec.place(Place::Front(Box::new(Queue::new(order, recycle, grace))))
    }
}

impl<A: Actor> Pool<A> {
    /// The pool that a spec declares: what is sent to it waits until it has started.
    pub fn of(spec: &mut Spec<Front<A>>) -> Self {
        Pool::new(spec.cell())
    }
}

impl<A: Actor> std::fmt::Debug for PoolSpec<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PoolSpec")
            .field("name", &self.name)
            .field("plan", &self.plan)
            .finish_non_exhaustive()
    }
}
