//! The system: where actors live, and how they all end.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crate::actor::Actor;
use crate::actor_ref::ActorRef;
use crate::cell::Cell;
use crate::context::{Context, HandleOf, Handler};
use crate::error::{SpawnError, SystemError};
use crate::events::Events;
use crate::id::ActorId;
use crate::kernel::Kernel;
use crate::observe::snapshot::Snapshot;
use crate::protocol::Protocol;
use crate::registry::LookupError;
use crate::report::{ShutdownError, ShutdownReport};
use crate::root::Root;
use crate::rt::{IdleStrategy, Rt, lock};
use crate::spec::Spec;
use crate::tree::Parent;
use crate::unwind::{drop_contained, note_locations};

/// A system of actors. It owns them: dropping it shuts it down and waits for that.
///
/// `System` is the owner; [`SystemRef`], to which it derefs, is the reference that can be cloned
/// and sent around without keeping anything alive.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// let system = System::new("demo")?;
/// let counter = system.spawn::<Counter>(10)?;
/// assert_eq!(counter.add(5).ask()?, 15);
/// let report = system.shutdown()?;
/// assert_eq!(report.stopped(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "dropping a system shuts it down"]
pub struct System {
    system: SystemRef,
}

impl System {
    /// Makes a system with default options.
    ///
    /// # Errors
    /// If the program is built with `panic = "abort"`, or no thread can be made.
    pub fn new(name: impl Into<String>) -> Result<System, SystemError> {
        System::builder(name).build()
    }

    /// The options of a system.
    pub fn builder(name: impl Into<String>) -> SystemBuilder {
        SystemBuilder {
            name: name.into(),
            idle: IdleStrategy::default(),
            shutdown_timeout: Duration::from_secs(10),
            allow_panic_abort: false,
        }
    }

    /// A reference that can be cloned and sent to other threads.
    pub fn reference(&self) -> SystemRef {
        self.system.clone()
    }
}

impl Deref for System {
    type Target = SystemRef;

    fn deref(&self) -> &SystemRef {
        &self.system
    }
}

impl Drop for System {
    fn drop(&mut self) {
        if let Err(error) = self.system.shutdown() {
            tracing::error!(%error, "the system was dropped");
        }
    }
}

/// The options of a [`System`].
///
/// ```
/// use std::time::Duration;
/// use actor_core::{IdleStrategy, System};
///
/// let system = System::builder("patient")
///     .idle(IdleStrategy::Park)
///     .shutdown_timeout(Duration::from_secs(60))
///     .build()?;
/// assert_eq!(system.name(), "patient");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes no system until `build`"]
pub struct SystemBuilder {
    name: String,
    idle: IdleStrategy,
    shutdown_timeout: Duration,
    allow_panic_abort: bool,
}

impl SystemBuilder {
    /// How actors wait for messages, unless their spec says otherwise, and askers for answers.
    pub fn idle(mut self, idle: IdleStrategy) -> Self {
        self.idle = idle;
        self
    }

    /// How long a shutdown may take in all; then the threads that still run are left behind. The
    /// default is 10 seconds. Children of actors that had to be left behind get 50 milliseconds
    /// more.
    pub fn shutdown_timeout(mut self, timeout: Duration) -> Self {
        self.shutdown_timeout = timeout;
        self
    }

    /// Lets the system start in a program that is built with `panic = "abort"`, where a panic in
    /// any actor ends the process.
    ///
    /// ```
    /// let system = actor_core::System::builder("small").allow_panic_abort().build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allow_panic_abort(mut self) -> Self {
        self.allow_panic_abort = true;
        self
    }

    /// Makes the system. Inside a simulation (feature `simulation`) it is a part of that: its threads
    /// and its clock are the simulation's.
    ///
    /// The first system of a process adds to the panic hook, so that exit reasons know where an
    /// actor panicked; the hook that was there before still runs.
    ///
    /// # Errors
    /// If the program is built with `panic = "abort"` and that was not allowed, or no thread can
    /// be made.
    pub fn build(self) -> Result<System, SystemError> {
        self.build_on(Rt::current())
    }

    pub(crate) fn build_on(self, rt: Rt) -> Result<System, SystemError> {
        let name = self.name;
        if cfg!(panic = "abort") && !self.allow_panic_abort {
            return Err(SystemError::PanicAbort { name });
        }
        note_locations();
        let kernel = Arc::new(Kernel::new(name, rt, self.idle, self.shutdown_timeout));
        Root::start(&kernel).map_err(|source| SystemError::Thread {
            name: kernel.name.clone(),
            source,
        })?;
        Ok(System {
            system: SystemRef::new(kernel),
        })
    }
}

/// A reference to a [`System`]. It keeps nothing alive.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// let system = System::new("refs")?;
/// let reference = system.reference();
/// let elsewhere = std::thread::spawn(move || {
///     let counter = reference.spawn::<Counter>(1).unwrap();
///     counter.add(1).ask().unwrap();
///     reference
/// });
/// let reference = elsewhere.join().unwrap();
/// drop(system); // stops the counter
/// assert!(reference.spawn::<Counter>(1).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SystemRef {
    kernel: Arc<Kernel>,
}

impl SystemRef {
    pub(crate) fn new(kernel: Arc<Kernel>) -> Self {
        SystemRef { kernel }
    }

    pub(crate) fn kernel(&self) -> &Arc<Kernel> {
        &self.kernel
    }

    /// The system's name.
    pub fn name(&self) -> &str {
        &self.kernel.name
    }

    /// Starts an actor of the top level with default options, and waits until its `start` has
    /// succeeded.
    ///
    /// # Errors
    /// If the start fails, no thread can be made, or the system is shutting down.
    pub fn spawn<A: Actor>(&self, args: A::Args) -> Result<HandleOf<A>, SpawnError> {
        self.spec::<A>(args).spawn()
    }

    /// An actor's options, to be [spawned](Spec::spawn) at the top level or given to a supervisor.
    pub fn spec<A: Actor>(&self, args: A::Args) -> Spec<A> {
        let parent = Arc::clone(&self.kernel) as Arc<dyn Parent>;
        let environment = lock(&self.kernel.environment).clone();
        Spec::new(Arc::clone(&self.kernel), parent, environment, args)
    }

    /// The actor that is registered under `name`, if it takes messages of type `M`.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// let system = System::new("names")?;
    /// system.spec::<Counter>(10).register("visitors").spawn()?;
    /// let counter = system.lookup::<CounterMessage>("visitors")?;
    /// assert_eq!(counter.add(1).ask()?, 11);
    /// assert!(system.lookup::<CounterMessage>("guests").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If nobody has that name, or the actor takes other messages.
    pub fn lookup<M>(&self, name: &str) -> Result<M::Handle, LookupError>
    where
        M: Protocol<Handle: From<ActorRef<M>>>,
    {
        let cell = self.kernel.registry.find::<Cell<M>>(name)?;
        Ok(ActorRef::new(cell).into())
    }

    /// The actor with this id, wherever it is in the tree, if it takes messages of type `M`: with
    /// it, whoever knows no more than an id can send. Node's `postMessageToThread`, typed.
    ///
    /// An id belongs to its actor from the first start to the end, over all restarts, and is never
    /// given to another.
    ///
    /// | Node's error | here |
    /// |---|---|
    /// | `ERR_WORKER_MESSAGING_FAILED`: no such thread, or it has no listener | [`LookupError`]; for one that ends in between, [`AskError::Stopped`](crate::AskError::Stopped) |
    /// | `ERR_WORKER_MESSAGING_SAME_THREAD` | [`AskError::Deadlock`](crate::AskError::Deadlock), with or without a deadline; to tell oneself something is no error |
    /// | `ERR_WORKER_MESSAGING_ERRORED`: the listener threw | [`AskError::Failed`](crate::AskError::Failed), with the reason |
    /// | `ERR_WORKER_MESSAGING_TIMEOUT` | [`AskError::Timeout`](crate::AskError::Timeout) |
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # use std::time::Duration;
    /// let system = System::new("ids")?;
    /// let id = system.spawn::<Counter>(10)?.id();
    /// let counter = system.lookup_id::<CounterMessage>(id)?;
    /// assert_eq!(counter.add(1).timeout(Duration::from_millis(500)).ask()?, 11);
    ///
    /// counter.stop();
    /// counter.join();
    /// let error = system.lookup_id::<CounterMessage>(id).unwrap_err();
    /// assert_eq!(error.to_string(), "no actor has the id #1: it has ended, or not started yet");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If no actor has that id now, or it takes other messages.
    pub fn lookup_id<M>(&self, id: ActorId) -> Result<M::Handle, LookupError>
    where
        M: Protocol<Handle: From<ActorRef<M>>>,
    {
        let cell = self.kernel.registry.find_id::<Cell<M>>(id)?;
        Ok(ActorRef::new(cell).into())
    }

    /// Sets a value that actors of the top level inherit when their spec is made: Node's
    /// `setEnvironmentData`. Those that exist do not see it.
    ///
    /// ```
    /// # let system = actor_core::System::new("environment")?;
    /// system.set_env("region", "eu".to_owned());
    /// assert_eq!(*system.env::<String>("region").unwrap(), "eu");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_env<T: Send + Sync + 'static>(&self, key: impl Into<String>, value: T) {
        let (key, value) = (key.into(), Arc::new(value));
        let old = lock(&self.kernel.environment).set(key, value);
        let _ = drop_contained(old);
    }

    /// Removes a value, for actors that are declared from now on.
    pub fn remove_env(&self, key: &str) {
        let old = lock(&self.kernel.environment).remove(key);
        let _ = drop_contained(old);
    }

    /// A value that was set; none if there is none of that name and type.
    pub fn env<T: Send + Sync + 'static>(&self, key: &str) -> Option<Arc<T>> {
        lock(&self.kernel.environment).get(key)
    }

    /// What happens from now on. Any number of readers may be made; each gets all events.
    pub fn events(&self) -> Events {
        self.kernel.events.subscribe()
    }

    /// The tree of actors at this moment. It waits for no actor.
    pub fn snapshot(&self) -> Snapshot {
        self.kernel.rt.glance();
        let children = self.kernel.root.children();
        Snapshot {
            system: self.kernel.name.clone(),
            actors: children.iter().map(|child| child.snapshot()).collect(),
        }
    }

    /// Stops all actors, in reverse order of their start, and waits for that, at most for the
    /// system's [`shutdown_timeout`](SystemBuilder::shutdown_timeout) in all.
    ///
    /// It may be called any number of times and from several threads: all get the same report.
    /// Called inside an actor of this system it begins the shutdown and returns a report that is
    /// not [finished](ShutdownReport::is_finished), for the actor has to come to its end first.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # let system = System::new("ends")?;
    /// system.spawn::<Counter>(0)?;
    /// let report = system.shutdown()?;
    /// assert!(report.is_finished() && report.abandoned().is_empty());
    /// assert_eq!(system.shutdown()?, report);
    /// assert!(system.spawn::<Counter>(0).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If some actors did not stop in time and had to be left behind, or were before and still run:
    /// the error names them.
    pub fn shutdown(&self) -> Result<ShutdownReport, ShutdownError> {
        let Kernel { rt, root, .. } = &*self.kernel;
        root.order_shutdown(rt.now());
        let begun = ShutdownReport::begun();
        if crate::current::is_inside(self.kernel.number) {
            return Ok(begun);
        }
        rt.awaits(|| "the end of the system".to_owned());
        let report = rt
            .wait(IdleStrategy::Adaptive, None, |context| {
                root.poll_report(context)
            })
            .unwrap_or(begun);
        root.join_thread();
        if report.abandoned().is_empty() {
            return Ok(report);
        }
        Err(ShutdownError {
            system: self.kernel.name.clone(),
            report,
        })
    }
}

impl<A: Handler> Context<A> {
    /// The system that the actor lives in.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # struct Watchdog;
    /// #[actor]
    /// impl Watchdog {
    ///     /// Begins to end everything, this actor included; whether all is over already.
    ///     pub fn bite(&mut self, ctx: &mut Context<Self>) -> bool {
    ///         ctx.system().shutdown().is_ok_and(|report| report.is_finished())
    ///     }
    /// }
    /// # impl Actor for Watchdog { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Watchdog) } }
    /// # let system = System::new("yard")?;
    /// let watchdog = system.spawn::<Watchdog>(())?;
    /// assert_eq!(watchdog.bite().ask()?, false);
    /// assert!(watchdog.join().is_normal());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn system(&self) -> SystemRef {
        SystemRef::new(Arc::clone(self.kernel()))
    }
}

impl std::fmt::Debug for SystemRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SystemRef")
            .field("name", &self.kernel.name)
            .finish_non_exhaustive()
    }
}
