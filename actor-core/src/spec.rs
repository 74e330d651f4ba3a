//! How an actor is to run: the one builder for all who spawn.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;

use crate::actor::Actor;
use crate::actor_ref::ActorRef;
use crate::backoff::Backoff;
use crate::cell::Cell;
use crate::context::{Context, HandleOf, Handler};
use crate::declared::Declared;
use crate::environment::Environment;
use crate::error::SpawnError;
use crate::id::{Identity, type_name};
use crate::kernel::Kernel;
use crate::launch::start_child;
use crate::letters::Redelivery;
use crate::mailbox::{Mailbox, Overflow};
use crate::policy::{Restart, Shutdown};
use crate::pool::Queue;
use crate::protocol::Protocol;
use crate::rt::IdleStrategy;
use crate::tree::{Child, Parent};

/// What the builder has gathered.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) name: Option<String>,
    pub(crate) registered: bool,
    pub(crate) mailbox: Option<NonZeroUsize>,
    pub(crate) overflow: Overflow,
    pub(crate) idle: IdleStrategy,
    pub(crate) stack_size: Option<usize>,
    pub(crate) shutdown: Shutdown,
    pub(crate) restart: Restart,
    pub(crate) significant: bool,
    pub(crate) backoff: Option<Backoff>,
}

/// Where an actor stands towards a pool.
#[derive(Default)]
pub(crate) enum Place<M: Protocol> {
    #[default]
    Alone,
    /// What is sent to it, its workers do.
    Front(Box<Queue<M>>),
    /// It does what is sent to this one.
    Worker(Arc<Cell<M>>),
}

/// An actor that is declared and not yet started: its arguments and options.
///
/// Made by [`SystemRef::spec`](crate::SystemRef::spec) or [`Context::spec`]; started by
/// [`spawn`](Self::spawn), or given to a [`Supervisor`](crate::Supervisor). Dropped unused, it
/// closes: what was sent to its [`handle`](Self::handle) becomes dead letters.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// let system = System::new("specs")?;
/// let counter = system
///     .spec::<Counter>(10)
///     .name("visitors")
///     .mailbox(64)
///     .overflow(Overflow::Reject)
///     .stack_size(256 * 1024)
///     .spawn()?;
/// assert_eq!(counter.name(), "visitors");
/// assert_eq!(counter.add(1).ask()?, 11);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a spec starts nothing until it is spawned or given to a supervisor"]
pub struct Spec<A: Actor> {
    kernel: Arc<Kernel>,
    parent: Arc<dyn Parent>,
    options: Options,
    redelivery: Option<Redelivery<A::Message>>,
    place: Place<A::Message>,
    environment: Environment,
    args: Option<Arc<A::Args>>,
    declared: Option<Arc<Declared<A>>>,
}

impl<A: Actor> Spec<A> {
    pub(crate) fn new(
        kernel: Arc<Kernel>,
        parent: Arc<dyn Parent>,
        environment: Environment,
        args: A::Args,
    ) -> Self {
        Spec {
            options: Options {
                name: None,
                registered: false,
                mailbox: NonZeroUsize::new(<A::Message as Protocol>::MAILBOX),
                overflow: Overflow::default(),
                idle: kernel.idle,
                stack_size: None,
                shutdown: A::SHUTDOWN,
                restart: Restart::default(),
                significant: false,
                backoff: None,
            },
            redelivery: None,
            place: Place::Alone,
            environment,
            kernel,
            parent,
            args: Some(Arc::new(args)),
            declared: None,
        }
    }

    #[track_caller]
    fn set(mut self, option: &str, set: impl FnOnce(&mut Options)) -> Self {
        assert!(
            self.declared.is_none(),
            "Spec::{option} was called after Spec::handle, which has settled the options: set \
             them first"
        );
        set(&mut self.options);
        self
    }

    /// The actor's name, for its thread, errors, events and logs. The default is the name of its
    /// type. It need not be unique.
    ///
    /// # Panics
    /// If the name is empty, or after [`register`](Self::register), which has given it a name. Also,
    /// like every option, after [`handle`](Self::handle).
    #[track_caller]
    pub fn name(self, name: impl Into<String>) -> Self {
        assert!(
            !self.options.registered,
            "Spec::name was called after Spec::register, and an actor has one name: leave one of \
             them out"
        );
        self.set_name("name", name.into())
    }

    #[track_caller]
    fn set_name(self, option: &str, name: String) -> Self {
        assert!(
            !name.is_empty(),
            "Spec::{option} was called with an empty name, which nobody could read or look up"
        );
        self.set(option, |options| options.name = Some(name))
    }

    /// Registers the actor under `name`, which becomes its name and is unique in the system:
    /// [`SystemRef::lookup`](crate::SystemRef::lookup) finds it. The name is taken when the actor
    /// first starts and freed when it has ended; restarts keep it.
    ///
    /// # Panics
    /// If the name is empty. Also after [`handle`](Self::handle).
    #[track_caller]
    pub fn register(self, name: impl Into<String>) -> Self {
        let mut spec = self.set_name("register", name.into());
        spec.options.registered = true;
        spec
    }

    /// How many accepted messages may wait before the [`overflow`](Self::overflow) policy
    /// applies. The default is the protocol's, 1024 unless `#[actor(mailbox = N)]` says otherwise.
    ///
    /// # Panics
    /// If `capacity` is 0: nothing could ever be sent. Also after [`handle`](Self::handle).
    #[track_caller]
    pub fn mailbox(self, capacity: usize) -> Self {
        let capacity = NonZeroUsize::new(capacity);
        assert!(
            capacity.is_some(),
            "Spec::mailbox was called with 0, so nothing could ever be sent: use 1 or more, or \
             Spec::unbounded"
        );
        self.set("mailbox", |options| options.mailbox = capacity)
    }

    /// Lets any number of messages wait. A producer that is faster than the actor then fills the
    /// memory.
    ///
    /// ```
    /// # use {actor_core::prelude::*, counter::*};
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # let system = System::new("specs")?;
    /// let mut spec = system.spec::<Counter>(0).unbounded();
    /// let counter = spec.handle();
    /// for _ in 0..10_000 { counter.add(1).try_tell()? }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// After [`handle`](Self::handle).
    #[track_caller]
    pub fn unbounded(self) -> Self {
        self.set("unbounded", |options| options.mailbox = None)
    }

    /// What happens to a message that finds the mailbox full. The default is
    /// [`Overflow::Block`].
    ///
    /// ```
    /// # use {actor_core::prelude::*, counter::*};
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # let system = System::new("specs")?;
    /// let mut spec = system.spec::<Counter>(0).mailbox(1).overflow(Overflow::Reject);
    /// let counter = spec.handle(); // not started, so what is sent stays in the mailbox
    /// counter.add(1).tell()?;
    /// let refused = counter.add(2).tell().unwrap_err();
    /// assert!(matches!(refused.into_message(), CounterMessage::Add { by: 2 }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// If a supervisor is to drop messages: a call that is lost could leave its children in any
    /// state. Also after [`handle`](Self::handle).
    #[track_caller]
    pub fn overflow(self, overflow: Overflow) -> Self {
        let drops = matches!(overflow, Overflow::DropOldest | Overflow::DropNewest);
        assert!(
            !(A::IS_SUPERVISOR && drops),
            "Spec::overflow was called with {overflow:?} for a supervisor, whose calls must not be \
             lost: use Block or Reject"
        );
        self.set("overflow", |options| options.overflow = overflow)
    }

    /// How the actor waits for messages. The default is the system's.
    ///
    /// # Panics
    /// After [`handle`](Self::handle).
    #[track_caller]
    pub fn idle(self, idle: IdleStrategy) -> Self {
        self.set("idle", |options| options.idle = idle)
    }

    /// The size of the thread's stack, in bytes. The default is that of `std`: 2 MiB, or
    /// `RUST_MIN_STACK`.
    ///
    /// # Panics
    /// After [`handle`](Self::handle).
    #[track_caller]
    pub fn stack_size(self, bytes: usize) -> Self {
        self.set("stack_size", |options| options.stack_size = Some(bytes))
    }

    /// How long the actor may take to stop when its parent orders it. The default is 5 seconds, for
    /// supervisors as long as it takes, as in OTP. See [`Shutdown`] for an example.
    ///
    /// # Panics
    /// After [`handle`](Self::handle).
    #[track_caller]
    pub fn shutdown(self, shutdown: Shutdown) -> Self {
        self.set("shutdown", |options| options.shutdown = shutdown)
    }

    /// Which ends of the actor its supervisor restarts it after. The default is
    /// [`Restart::Permanent`], as in OTP. Without a supervisor it has no meaning.
    ///
    /// ```
    /// # use {actor_core::prelude::*, counter::*};
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # std::panic::set_hook(Box::new(|_| {}));
    /// # let system = System::new("specs")?;
    /// let mut spec = system.spec::<Counter>(0).restart(Restart::Temporary);
    /// let counter = spec.handle();
    /// system.spawn::<Supervisor>(Supervisor::one_for_one().child(spec))?;
    /// assert!(counter.divide(0).ask().is_err());
    /// assert!(matches!(counter.join(), ExitReason::Panicked(_))); // and it stays so
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// After [`handle`](Self::handle).
    #[track_caller]
    pub fn restart(self, restart: Restart) -> Self {
        self.set("restart", |options| options.restart = restart)
    }

    /// How long its supervisor waits before each restart. By default it does not wait, as in OTP.
    /// See [`Backoff`] for an example.
    ///
    /// # Panics
    /// After [`handle`](Self::handle).
    #[track_caller]
    pub fn backoff(self, backoff: Backoff) -> Self {
        self.set("backoff", |options| options.backoff = Some(backoff))
    }

    /// Makes it a child whose end may end its supervisor: see
    /// [`AutoShutdown`](crate::AutoShutdown), without which, or with [`Restart::Permanent`], the
    /// supervisor refuses it.
    ///
    /// # Panics
    /// After [`handle`](Self::handle).
    #[track_caller]
    pub fn significant(self) -> Self {
        self.set("significant", |options| options.significant = true)
    }

    /// Gives a message that a life failed with to the next life again, `times` times at most;
    /// whoever asked goes on waiting. Then it is a dead letter. Without a supervisor, or where its
    /// [`ReplyTo`](crate::ReplyTo) was taken, nothing is redelivered.
    ///
    /// Each attempt costs the supervisor a restart, so its
    /// [`intensity`](crate::Supervision::intensity) must bear them: with OTP's default of 1 in 5
    /// seconds, a message that always fails ends the supervisor.
    ///
    /// The message is cloned before it is handled, so keep it cheap to clone.
    ///
    /// # Panics
    /// After [`handle`](Self::handle).
    #[track_caller]
    pub fn redeliver(mut self, times: u32) -> Self
    where
        A::Message: Clone,
    {
        self.redelivery = Some(Redelivery {
            limit: times,
            clone: Clone::clone,
        });
        self.set("redeliver", |_| {})
    }

    /// The handle, before the first start: what is sent through it waits in the mailbox. So
    /// siblings can be given each other's handles in their arguments.
    ///
    /// ```
    /// # use {actor_core::prelude::*, counter::*};
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # let system = System::new("specs")?;
    /// let mut spec = system.spec::<Counter>(10);
    /// let counter = spec.handle();
    /// counter.add(1).tell()?; // waits
    /// spec.spawn()?;
    /// assert_eq!(counter.add(1).ask()?, 12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn handle(&mut self) -> HandleOf<A> {
        ActorRef::new(Arc::clone(&self.declare().cell)).into()
    }

    /// Starts the actor and waits until its [`start`](Actor::start) has succeeded.
    ///
    /// # Errors
    /// If the start fails, no thread can be made, the parent is stopping, or the actor was told to
    /// stop through its handle before.
    pub fn spawn(mut self) -> Result<HandleOf<A>, SpawnError> {
        let handle = self.handle();
        let child: Arc<dyn Child> = self.declare();
        start_child(&self.kernel, &self.parent, &child)?;
        Ok(handle)
    }

    pub(crate) fn cell(&mut self) -> Arc<Cell<A::Message>> {
        Arc::clone(&self.declare().cell)
    }

    pub(crate) fn place(mut self, place: Place<A::Message>) -> Self {
        self.place = place;
        self
    }

    /// The record that a supervisor keeps.
    pub(crate) fn into_child(mut self) -> (Arc<dyn Child>, Options) {
        let child = self.declare();
        self.declared = None;
        (child, self.options.clone())
    }

    fn declare(&mut self) -> Arc<Declared<A>> {
        let declared = self.declared.get_or_insert_with(|| {
            let name = self.options.name.as_deref().unwrap_or(type_name::<A>());
            let identity = Identity::new(name, self.kernel.next_id());
            // No other life of a temporary child follows.
            let restarts = self.options.restart != Restart::Temporary;
            let (crowd, queue, pool) = match std::mem::take(&mut self.place) {
                Place::Alone => (None, None, None),
                Place::Front(queue) => (Some(Box::default()), Some(queue), None),
                Place::Worker(pool) => (None, None, Some(pool)),
            };
            let mailbox = Mailbox::new(self.options.mailbox, self.options.overflow, crowd);
            let redelivery = self.redelivery.filter(|_| restarts);
            let kernel = Arc::clone(&self.kernel);
            let cell = Cell::new(identity, kernel, mailbox, redelivery, queue, pool);
            Arc::new(Declared::new(
                Arc::new(cell),
                self.args.take(),
                self.options.clone(),
                self.environment.clone(),
            ))
        });
        Arc::clone(declared)
    }
}

impl<A: Handler> Context<A> {
    /// Starts a child with default options and waits until its `start` has succeeded.
    ///
    /// The child ends before this life does; its own end does not end this actor.
    ///
    /// # Errors
    /// If the start fails, no thread can be made, or this actor is stopping.
    ///
    /// ```
    /// # use {actor_core::prelude::*, counter::*};
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # struct Shop { visitors: CounterHandle }
    /// #[actor]
    /// impl Shop {
    ///     /// Somebody comes in.
    ///     pub fn enter(&mut self) -> Result<i64, AskError> { self.visitors.add(1).ask() }
    /// }
    /// impl Actor for Shop {
    ///     type Args = ();
    ///     fn start(ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
    ///         Ok(Shop { visitors: ctx.spawn::<Counter>(0)? })
    ///     }
    /// }
    /// # let system = System::new("mall")?;
    /// assert_eq!(system.spawn::<Shop>(())?.enter().ask()??, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn spawn<B: Actor>(&mut self, args: B::Args) -> Result<HandleOf<B>, SpawnError> {
        self.spec::<B>(args).spawn()
    }

    /// A child's options, to be [spawned](Spec::spawn) under this actor.
    pub fn spec<B: Actor>(&mut self, args: B::Args) -> Spec<B> {
        let environment = self.environment().clone();
        Spec::new(
            Arc::clone(self.kernel()),
            self.as_parent(),
            environment,
            args,
        )
    }
}

impl<A: Actor> Drop for Spec<A> {
    fn drop(&mut self) {
        // Nothing happens where it runs already.
        if let Some(declared) = self.declared.take() {
            declared.finish();
        }
    }
}

impl<A: Actor> fmt::Debug for Spec<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spec")
            .field("actor", &type_name::<A>())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
