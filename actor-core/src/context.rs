//! How an actor handles its messages, and what it can do with itself meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use crate::actor_ref::ActorRef;
use crate::cell::Cell;
use crate::envelope::ReplySender;
use crate::environment::Environment;
use crate::exit::ExitReason;
use crate::failure::Failure;
use crate::id::{ActorId, Identity};
use crate::kernel::Kernel;
use crate::nest::Nest;
use crate::policy::Shutdown;
use crate::pool::Task;
use crate::port::Ports;
use crate::protocol::Protocol;
use crate::signal::{ChildSignal, Signal};
use crate::timer::Timers;
use crate::tree::Parent;
use crate::unwind::drop_contained;

/// The typed handle of an actor type, for code that is generic over actors.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// use actor_core::{HandleOf, SpawnError};
///
/// /// Starts several of a kind.
/// fn pool<A: Actor<Args = i64>>(system: &System, size: usize) -> Result<Vec<HandleOf<A>>, SpawnError> {
///     (0..size).map(|_| system.spawn::<A>(0)).collect()
/// }
/// let system = System::new("pool")?;
/// let counters = pool::<Counter>(&system, 3)?;
/// assert_eq!(counters[2].add(1).ask()?, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type HandleOf<A> = <<A as Handler>::Message as Protocol>::Handle;

/// How an actor handles its messages: `#[actor]` implements it; by hand it looks like this.
///
/// ```
/// use actor_core::{ActorRef, Actor, Context, Failure, Handled, Handler, Protocol, Request, System};
///
/// struct Doubler;
/// struct Double(u32);
/// #[derive(Clone)]
/// struct DoublerHandle(ActorRef<Double>);
///
/// impl Protocol for Double {
///     type Reply = u32;
///     type Handle = DoublerHandle;
///     fn name(&self) -> &'static str { "double" }
/// }
/// impl Handler for Doubler {
///     type Message = Double;
///     fn handle(&mut self, _ctx: &mut Context<Self>, message: Double) -> Handled<u32> {
///         Handled::Reply(message.0 * 2)
///     }
/// }
/// impl From<ActorRef<Double>> for DoublerHandle {
///     fn from(actor: ActorRef<Double>) -> Self { DoublerHandle(actor) }
/// }
/// impl std::ops::Deref for DoublerHandle {
///     type Target = ActorRef<Double>;
///     fn deref(&self) -> &ActorRef<Double> { &self.0 }
/// }
/// impl DoublerHandle {
///     fn double(&self, n: u32) -> Request<'_, Double, u32> { Request::new(&self.0, Double(n), Some) }
/// }
/// impl Actor for Doubler {
///     type Args = ();
///     fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> { Ok(Doubler) }
/// }
///
/// let system = System::new("by-hand")?;
/// assert_eq!(system.spawn::<Doubler>(())?.double(21).ask()?, 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Handler: Sized + 'static {
    /// The message enum. Its handle is made from a reference to the actor.
    type Message: Protocol<Handle: From<ActorRef<Self::Message>>>;

    /// Handles one message.
    fn handle(
        &mut self,
        ctx: &mut Context<Self>,
        message: Self::Message,
    ) -> Handled<<Self::Message as Protocol>::Reply>;

    #[doc(hidden)]
    const SHUTDOWN: Shutdown = Shutdown::WORKER;

    #[doc(hidden)]
    const IS_SUPERVISOR: bool = false;

    /// Whether its children stop all at once, rather than the last first.
    #[doc(hidden)]
    fn stops_children_together(&self) -> bool {
        false
    }

    /// Called before the children stop because this life comes to its end.
    #[doc(hidden)]
    fn before_stopping(&mut self, ctx: &mut Context<Self>) {
        let _ = ctx;
    }

    /// Tasks wait in a pool whose front this is, and no worker is free.
    #[doc(hidden)]
    fn look(&mut self, ctx: &mut Context<Self>) {
        let _ = ctx;
    }

    #[doc(hidden)]
    fn child_signal(&mut self, ctx: &mut Context<Self>, signal: ChildSignal) {
        ctx.reap(&signal);
    }
}

/// What became of a message: what [`Handler::handle`] returns.
#[derive(Clone, Debug)]
pub enum Handled<R> {
    /// It was handled, with this reply.
    Reply(R),
    /// It failed the actor.
    Failed(Failure),
    /// A [`ReplyTo`](crate::ReplyTo) will answer it.
    Later,
}

/// The context of one life of an actor: who it is, how it ends, what it starts.
///
/// It is lent to `start`, to each handler that asks for it as its first argument, and to
/// `stopping`. Once the life was left behind (see [`ActorRef::terminate`]), its calls do nothing.
///
/// ```
/// use actor_core::prelude::*;
///
/// struct Countdown(u32);
///
/// #[actor]
/// impl Countdown {
///     /// Counts down; ends at 0.
///     pub fn tick(&mut self, ctx: &mut Context<Self>) {
///         self.0 -= 1;
///         if self.0 == 0 { ctx.exit(0) }
///     }
/// }
///
/// impl Actor for Countdown {
///     type Args = u32;
///     fn start(_ctx: &mut Context<Self>, from: &u32) -> Result<Self, Failure> { Ok(Countdown(*from)) }
/// }
///
/// let system = System::new("countdown")?;
/// let countdown = system.spawn::<Countdown>(2)?;
/// countdown.tick().tell()?;
/// countdown.tick().tell()?;
/// assert_eq!(countdown.join().code(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Context<A: Handler> {
    cell: Arc<Cell<A::Message>>,
    life: u64,
    cancelled: Arc<AtomicBool>,
    exit: Option<ExitReason>,
    asked: bool,
    attempts: u32,
    /// What a pool knows of the message in hand.
    task: Option<Arc<Task<A::Message>>>,
    environment: Environment,
    timers: Timers<A::Message>,
    ports: Ports<A::Message>,
}

impl<A: Handler> Context<A> {
    pub(crate) fn new(
        cell: Arc<Cell<A::Message>>,
        life: u64,
        cancelled: Arc<AtomicBool>,
        environment: Environment,
    ) -> Self {
        Context {
            cell,
            life,
            cancelled,
            exit: None,
            asked: false,
            attempts: 0,
            task: None,
            environment,
            timers: Timers::new(),
            ports: Ports::new(),
        }
    }

    /// The actor's own handle, to give to others, or to tell itself something. Asking itself
    /// is [`AskError::Deadlock`](crate::AskError::Deadlock), and so is a `tell` when its mailbox is
    /// full, as [`SendErrorKind::Deadlock`](crate::SendErrorKind::Deadlock).
    ///
    /// ```
    /// # use actor_core::prelude::*; struct Copier(u32);
    /// #[actor]
    /// impl Copier {
    ///     /// Copies one file; the next comes after whatever else waits in the mailbox.
    ///     pub fn step(&mut self, ctx: &mut Context<Self>) {
    ///         self.0 -= 1;
    ///         if self.0 == 0 { ctx.exit(0) }
    ///         else if ctx.handle().step().try_tell().is_err() { ctx.exit(1) }
    ///     }
    /// }
    /// # impl Actor for Copier { type Args = u32; fn start(_: &mut Context<Self>, files: &u32) -> Result<Self, Failure> { Ok(Copier(*files)) } }
    /// # let system = System::new("copies")?;
    /// let copier = system.spawn::<Copier>(3)?;
    /// copier.step().tell()?;
    /// assert_eq!(copier.join().code(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn handle(&self) -> HandleOf<A> {
        ActorRef::new(Arc::clone(&self.cell)).into()
    }

    /// The actor's id.
    pub fn id(&self) -> ActorId {
        self.cell.identity.id()
    }

    /// The actor's name.
    pub fn name(&self) -> &str {
        self.cell.identity.name()
    }

    /// The number of this life: 1 for the first, one more after each restart.
    pub fn life(&self) -> u64 {
        self.life
    }

    /// Ends the actor with an exit code, as Node's `process.exit` in a worker: 0 is
    /// [`ExitReason::Normal`], anything else [`ExitReason::Code`].
    ///
    /// After the running handler has returned (its answer still goes out), no further message is
    /// handled. The first call decides; a failure or a panic later in the same handler overrides
    /// it. In `start` it ends the life right after a start that succeeds; in `stopping` it does
    /// nothing.
    pub fn exit(&mut self, code: i32) {
        self.exit_with(ExitReason::from_code(code));
    }

    /// Ends the actor with a reason, otherwise like [`exit`](Self::exit).
    ///
    /// ```
    /// # use actor_core::prelude::*; struct Printer;
    /// #[actor]
    /// impl Printer {
    ///     /// Prints a page.
    ///     pub fn print(&mut self, ctx: &mut Context<Self>) {
    ///         ctx.exit_with(ExitReason::Shutdown(Some("out of paper".into())));
    ///     }
    /// }
    /// # impl Actor for Printer { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Printer) } }
    /// # let system = System::new("office")?;
    /// let printer = system.spawn::<Printer>(())?;
    /// printer.print().ask()?;
    /// assert_eq!(printer.join().to_string(), "shutdown: out of paper");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn exit_with(&mut self, reason: ExitReason) {
        self.exit.get_or_insert(match reason {
            ExitReason::Code(code) => ExitReason::from_code(code),
            reason => reason,
        });
    }

    /// Whether this life was told to come to an end: by `stop`, by `terminate`, by its parent, by
    /// a shutdown. Not by `drain`, which lets handlers finish.
    ///
    /// A thread cannot be killed: a handler that runs for long should look at this from time to
    /// time and return early.
    ///
    /// ```
    /// # use actor_core::prelude::*; struct Miner;
    /// #[actor]
    /// impl Miner {
    ///     /// Tries numbers until it is told to stop.
    ///     pub fn mine(&mut self, ctx: &mut Context<Self>) {
    ///         while !ctx.cancelled() { /* try the next thousand */ }
    ///     }
    /// }
    /// # impl Actor for Miner { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Miner) } }
    /// # let system = System::new("mine")?;
    /// let miner = system.spawn::<Miner>(())?;
    /// miner.mine().tell()?;
    /// miner.stop();
    /// assert!(miner.join().is_normal());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cancelled(&self) -> bool {
        self.cell.kernel.rt.glance();
        let is_cut = self.task.as_ref().is_some_and(|task| task.is_cancelled());
        is_cut || self.cancelled.load(Ordering::Relaxed)
    }

    /// Blocks the actor for `duration`; returns false if it was [`cancelled`](Self::cancelled)
    /// before or meanwhile, at once.
    ///
    /// ```
    /// # use actor_core::prelude::*; use std::time::Duration; struct Sensor;
    /// #[actor]
    /// impl Sensor {
    ///     /// Reads the device once a minute until it is told to stop.
    ///     pub fn watch(&mut self, ctx: &mut Context<Self>) {
    ///         while ctx.sleep(Duration::from_secs(60)) { /* read it */ }
    ///     }
    /// }
    /// # impl Actor for Sensor { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Sensor) } }
    /// # let system = System::new("lab")?;
    /// let sensor = system.spawn::<Sensor>(())?;
    /// sensor.watch().tell()?;
    /// sensor.stop();
    /// assert!(sensor.join().is_normal()); // at once
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sleep(&self, duration: Duration) -> bool {
        let rt = &self.cell.kernel.rt;
        rt.awaits(|| format!("the end of {duration:?}"));
        !rt.sleep(duration, |context| self.poll_cancelled(context))
    }

    /// How often a life has failed with the message in hand before: 0 unless it was
    /// [redelivered](crate::Spec::redeliver).
    pub fn redelivered(&self) -> u32 {
        self.attempts
    }

    /// Sets a value that children inherit when their spec is made. It is this life's own: neither
    /// the parent nor children that exist see it, and a restart begins with what was inherited.
    pub fn set_env<T: Send + Sync + 'static>(&mut self, key: impl Into<String>, value: T) {
        let _ = drop_contained(self.environment.set(key.into(), Arc::new(value)));
    }

    /// Removes a value, for this life and children that are declared from now on.
    pub fn remove_env(&mut self, key: &str) {
        let _ = drop_contained(self.environment.remove(key));
    }

    /// A value that was inherited or set; none if there is none of that name and type.
    pub fn env<T: Send + Sync + 'static>(&self, key: &str) -> Option<Arc<T>> {
        self.environment.get(key)
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    pub(crate) fn timers_mut(&mut self) -> &mut Timers<A::Message> {
        &mut self.timers
    }

    pub(crate) fn ports(&self) -> &Ports<A::Message> {
        &self.ports
    }

    pub(crate) fn ports_mut(&mut self) -> &mut Ports<A::Message> {
        &mut self.ports
    }

    pub(crate) fn as_parent(&self) -> Arc<dyn Parent> {
        Arc::new(Nest::new(Arc::clone(&self.cell), self.life))
    }

    pub(crate) fn kernel(&self) -> &Arc<Kernel> {
        &self.cell.kernel
    }

    pub(crate) fn cell(&self) -> &Arc<Cell<A::Message>> {
        &self.cell
    }

    pub(crate) fn promise(&self) {
        self.cell.promise(self.life);
    }

    /// The name of the message in hand and the way back of its reply; none for a tell.
    pub(crate) fn take_reply(&mut self) -> Option<(&'static str, ReplySender<A::Message>)> {
        self.cell.take_reply(self.life)
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.cell.identity
    }

    /// How many messages were accepted and not begun.
    pub(crate) fn waiting_messages(&self) -> usize {
        self.cell.mailbox.depth()
    }

    /// Whether something became of a child that was not told yet.
    pub(crate) fn has_child_signals(&self) -> bool {
        let of_child = |signal: &Signal| matches!(signal, Signal::Child(_));
        let state = self.cell.state_of(self.life);
        state.is_some_and(|state| state.signals.iter().any(of_child))
    }

    pub(crate) fn is_asked(&self) -> bool {
        self.asked
    }

    pub(crate) fn set_message(
        &mut self,
        asked: bool,
        attempts: u32,
        task: Option<Arc<Task<A::Message>>>,
    ) {
        self.asked = asked;
        self.attempts = attempts;
        self.task = task;
    }

    pub(crate) fn task(&self) -> Option<&Arc<Task<A::Message>>> {
        self.task.as_ref()
    }

    pub(crate) fn is_exiting(&self) -> bool {
        self.exit.is_some()
    }

    pub(crate) fn exit_reason(&mut self) -> Option<ExitReason> {
        self.exit.take()
    }

    /// Ready when this life was told to come to an end.
    pub(crate) fn poll_cancelled(&self, context: &TaskContext<'_>) -> Poll<()> {
        self.cell.poll_cancelled(self.life, context)
    }

    /// Lets go of a child that has ended by itself.
    pub(crate) fn reap(&mut self, signal: &ChildSignal) {
        if let Some(child) = self.cell.forget(self.life, signal.child) {
            child.join_thread();
        }
    }
}

impl<A: Handler> std::fmt::Debug for Context<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("actor", &self.cell.identity)
            .field("life", &self.life)
            .finish_non_exhaustive()
    }
}
