//! Actors that own a thread.
//!
//! # Where things are
//!
//! The floors, from the ground up; a file imports only from floors below its own.
#![cfg_attr(test, allow(clippy::disallowed_methods))]

mod actor;
mod actor_ref;
mod bell;
mod cell;
mod context;
mod current;
mod deadlines;
mod declared;
mod ending;
mod envelope;
mod error;
mod events;
mod exit;
mod failure;
mod id;
mod kernel;
mod later;
mod mailbox;
mod nest;
mod observe;
mod pending;
mod policy;
mod private;
mod protocol;
mod report;
mod request;
mod root;
mod rt;
mod runner;
mod signal;
mod spec;
mod supervisor;
mod system;
mod tree;
mod unwind;

#[cfg(feature = "simulation")]
pub mod simulation;

pub use actor::Actor;
pub use actor_ref::ActorRef;
pub use context::{Context, HandleOf, Handled, Handler};
pub use error::{AskError, SendError, SendErrorKind, SpawnError, SpawnErrorKind, SystemError};
pub use events::{DeadLetterCause, Event, EventKind, Events};
pub use exit::{ExitReason, Panic};
pub use failure::{Failure, Ignore};
pub use id::{ActorId, Identity};
pub use later::{Later, ReplyTo};
pub use mailbox::Overflow;
pub use observe::snapshot::{ActorSnapshot, ActorState, Snapshot};
pub use pending::Pending;
pub use policy::{Restart, Shutdown};
pub use protocol::Protocol;
pub use report::{Abandoned, ShutdownError, ShutdownReport};
pub use request::{AskFuture, Request};
pub use rt::IdleStrategy;
pub use spec::Spec;
pub use supervisor::{
    ChildCounts, ChildInfo, ChildState, Supervision, Supervisor, SupervisorHandle,
    SupervisorMessage, SupervisorReply,
};
pub use system::{System, SystemBuilder, SystemRef};

#[cfg(feature = "macros")]
pub use actor_macros::{actor, message};

#[doc(hidden)]
pub mod __private {
    pub use crate::private::*;
}

/// What a program that uses actors needs: `use actor_core::prelude::*;`
pub mod prelude {
    pub use crate::{
        Actor, ActorRef, AskError, Context, EventKind, ExitReason, Failure, Ignore, Later,
        Overflow, Protocol, ReplyTo, Restart, SendError, Shutdown, Supervisor, System,
    };
    #[cfg(feature = "macros")]
    pub use actor_macros::{actor, message};
}
