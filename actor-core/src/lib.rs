//! Actors that own a thread, and the tree that supervises them.
//!
//! Work that should own a thread (CPU-bound stages, blocking I/O, FFI handles, devices, models) is
//! put into structs that are reached only by messages. Each lives on a thread of its own, so it may
//! block and may hold what is not `Send`. A supervisor tree restarts what fails, the way Erlang/OTP
//! does. There is no async runtime in it, and its answers can be awaited from any.
//!
//! ```
//! use actor_core::prelude::*;
//!
//! struct Greeter { greeting: String }
//!
//! #[actor]
//! impl Greeter {
//!     /// Greets somebody.
//!     pub fn greet(&mut self, whom: String) -> String {
//!         format!("{}, {whom}!", self.greeting)
//!     }
//! }
//!
//! impl Actor for Greeter {
//!     type Args = String;
//!     fn start(_ctx: &mut Context<Self>, greeting: &String) -> Result<Self, Failure> {
//!         Ok(Greeter { greeting: greeting.clone() })
//!     }
//! }
//!
//! let system = System::new("demo")?;
//! let greeter = system.spawn::<Greeter>("Hello".into())?;
//! assert_eq!(greeter.greet("thread".into()).ask()?, "Hello, thread!");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Rules that fit in the head
//!
//! 1. **The block is the protocol.** Every method of an `#[actor]` block is a message.
//! 2. **Messages and replies are plain data**: enums that hold what the methods name, and nothing
//!    else.
//! 3. **The verb is at the call.** A handle's method builds a [`Request`]; `tell`, `ask`, `send` or
//!    `.await` says how it travels.
//! 4. **Errors reach someone.** A `Result` is a reply; `#[message(fails)]` fails the actor.
//! 5. **References never keep an actor alive; the tree does.** Dropping handles ends nothing.
//! 6. **A handle outlives restarts.** Mailbox, id and name belong to the actor, not to its life.
//!
//! # By concept
//!
//! - **A system** ([`System`], [`SystemRef`]) owns a tree of actors and ends with all of them.
//! - **An actor** is a type with a protocol (`#[actor]` derives [`Protocol`] and [`Handler`]) and a
//!   lifecycle ([`Actor`]). What it can do with itself is its [`Context`].
//! - **A handle** derefs to [`ActorRef`]: stop, drain, terminate, join, snapshot.
//! - **A request** ([`Request`], [`Pending`], [`AskError`], [`SendError`]) sends; [`Later`] and
//!   [`ReplyTo`] answer after the handler has returned. Who would wait in a [`Cycle`] is told so.
//! - **A mailbox** is bounded; what happens when it is full, [`Overflow`] says
//!   ([guide](guide::mailboxes_and_back_pressure)).
//! - **A spec** ([`Spec`]) is how an actor is to run: name, mailbox ([`Overflow`]), idling
//!   ([`IdleStrategy`]), stack, [`Shutdown`], [`Restart`].
//! - **A supervisor** ([`Supervisor`], [`Supervision`], [`Strategy`]) starts children in order and
//!   restarts them ([guide](guide::supervision)); [`SupervisorHandle`] has OTP's calls, [`Backoff`]
//!   delays restarts.
//! - **A port** ([`MessageChannel`], [`MessagePort`], [`Outlet`], [`BroadcastChannel`]) connects actors and threads directly;
//!   [`SharedArray`] is memory that they share; a lock ([`SystemRef::lock`]) is for what lies outside
//!   ([guide](guide::ports_and_shared_memory)).
//! - **A pool** ([`Pool`], [`PoolSpec`], [`PoolTask`], [`PoolStats`]) is several workers of one type and
//!   one queue, behind the same handle ([guide](guide::worker_pools)).
//! - **Links and monitors** ([`Context::link`], [`Context::monitor`], [`LinkedExit`], [`Down`]) tell
//!   of the ends of others.
//! - **An end** has an [`ExitReason`]; a [`Failure`] is any error. No message is lost in silence
//!   ([guide](guide::when_things_go_wrong)), and no thread can be killed
//!   ([guide](guide::what_a_thread_cannot_do)).
//! - **Looking at it**: [`Events`], [`Snapshot`], and spans of `tracing` with actor, id and life, of
//!   which `ActorLogs` (feature `logs`) makes one file for each actor ([guide](guide::observing)).
//! - **Testing it**: `Simulation` (feature `simulation`) runs the same actors
//!   under a seed and a virtual clock, and every failure can be had again
//!   ([guide](guide::testing_your_actors)).
//!
//! The [guide] goes through them one by one.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `macros` | yes | `#[actor]` |
//! | `serde` | yes | `Serialize` for events, snapshots, reports and exit reasons |
//! | `histograms` | no | how long the tasks of pools wait and run ([`PoolStats`]) |
//! | `simulation` | no | the simulated scheduler; for `dev-dependencies` |
//! | `logs` | no | `ActorLogs`: one log file for each actor, as a layer of `tracing-subscriber` |
mod actor;
mod actor_ref;
mod alarm;
mod ask_future;
mod backoff;
mod bell;
mod cell;
mod context;
mod crowd;
mod current;
mod deadlines;
mod declared;
mod delivery;
mod depth;
mod ending;
mod envelope;
mod environment;
mod error;
mod events;
mod exit;
mod failure;
mod graph;
mod id;
mod intensity;
mod kernel;
mod later;
mod launch;
mod lease;
mod letters;
mod lineage;
mod linking;
mod locks;
mod mailbox;
mod nest;
mod observe;
mod oneshot;
mod panic;
mod peers;
mod pending;
mod policy;
mod pool;
mod port;
mod private;
mod protocol;
mod registry;
mod report;
mod request;
mod ringer;
mod root;
mod rt;
mod runner;
mod scope;
mod shared;
mod signal;
mod spec;
mod supervisor;
mod system;
mod ticking;
mod timer;
mod tree;
mod turn;
mod unwind;

/// The guide, page by page.
pub mod guide {
    #[doc = include_str!("../guide/first-actor.md")]
    pub mod first_actor {}
    #[doc = include_str!("../guide/messages-and-errors.md")]
    pub mod messages_and_errors {}
    #[doc = include_str!("../guide/lifecycle.md")]
    pub mod lifecycle {}
    #[doc = include_str!("../guide/supervision.md")]
    pub mod supervision {}
    #[doc = include_str!("../guide/ports-and-shared-memory.md")]
    pub mod ports_and_shared_memory {}
    #[doc = include_str!("../guide/worker-pools.md")]
    pub mod worker_pools {}
    #[doc = include_str!("../guide/mailboxes-and-back-pressure.md")]
    pub mod mailboxes_and_back_pressure {}
    #[doc = include_str!("../guide/when-things-go-wrong.md")]
    pub mod when_things_go_wrong {}
    #[doc = include_str!("../guide/what-a-thread-cannot-do.md")]
    pub mod what_a_thread_cannot_do {}
    #[doc = include_str!("../guide/observing.md")]
    pub mod observing {}
    #[doc = include_str!("../guide/testing-your-actors.md")]
    pub mod testing_your_actors {}
    #[doc = include_str!("../guide/coming-from-worker-threads.md")]
    pub mod coming_from_worker_threads {}
    #[doc = include_str!("../guide/node-behaviours.md")]
    pub mod node_behaviours {}
}

#[cfg(feature = "simulation")]
pub mod simulation;

pub use actor::Actor;
pub use actor_ref::ActorRef;
pub use ask_future::AskFuture;
pub use backoff::Backoff;
pub use context::{Context, HandleOf, Handled, Handler};
pub use error::{AskError, SendError, SendErrorKind, SpawnError, SpawnErrorKind, SystemError};
pub use events::{DeadLetterCause, Event, EventKind, Events};
pub use exit::{ExitReason, Panic};
pub use failure::{Failure, Ignore};
pub use graph::Cycle;
pub use id::{ActorId, Identity};
pub use later::{Later, ReplyTo};
pub use locks::{
    LockError, LockErrorKind, LockFuture, LockGuard, LockInfo, LockOwner, LockRequest, Locks,
};
pub use mailbox::Overflow;
#[cfg(feature = "logs")]
pub use observe::logs::ActorLogs;
pub use observe::snapshot::{ActorSnapshot, ActorState, Snapshot};
pub use pending::Pending;
pub use policy::{Restart, Shutdown};
pub use pool::{
    Canceller, Closure, Closures, ClosuresHandle, Front, Map, Order, Outcome, Pool, PoolCloseError,
    PoolPlan, PoolSpec, PoolStats, PoolTask, Spread, VainEnd, WorkerFailed,
};
pub use port::{
    AttachError, Attachment, BroadcastChannel, BroadcastError, Iter, MessageChannel, MessagePort,
    Outlet, Post, PostError, PostErrorKind, Posted, Recv, RecvError, Source,
};
pub use protocol::Protocol;
pub use registry::LookupError;
pub use report::{Abandoned, ShutdownError, ShutdownReport};
pub use request::Request;
pub use rt::IdleStrategy;
pub use scope::TerminateOnDrop;
pub use shared::{Shareable, SharedArray, WaitAsync, Waited};
pub use signal::{Down, LinkedExit, Monitor};
pub use spec::Spec;
pub use supervisor::{
    AnyActor, AutoShutdown, ChildCounts, ChildError, ChildFailed, ChildId, ChildInfo, ChildSpec,
    ChildState, GaveUp, Strategy, Supervision, Supervisor, SupervisorHandle, SupervisorMessage,
    SupervisorReply,
};
pub use system::{System, SystemBuilder, SystemRef};
pub use timer::Timer;

#[cfg(feature = "macros")]
pub use actor_macros::{actor, message};

#[doc(hidden)]
pub mod __private {
    pub use crate::private::*;
}

/// What a program that uses actors needs: `use actor_core::prelude::*;`
pub mod prelude {
    pub use crate::{
        Actor, ActorRef, AskError, Context, Down, EventKind, Events, ExitReason, Failure, Ignore,
        Later, LinkedExit, MessageChannel, MessagePort, Overflow, Pending, Protocol, ReplyTo,
        Restart, SendError, Shutdown, Supervision, Supervisor, System, SystemRef,
    };
    #[cfg(feature = "macros")]
    pub use actor_macros::{actor, message};
}
