//! Which child a call is about, and why it could not be done.

use std::fmt;

use crate::error::SpawnError;
use crate::id::{ActorId, Identity};

/// Which child of a supervisor: its id there, which is its name, or the id of its actor. Children of
/// a `simple_one_for_one` supervisor share names, so they go by the latter.
///
/// ```
/// # use {actor_core::prelude::*, counter::*};
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # let system = System::new("shop")?;
/// let mut counter = system.spec::<Counter>(0).name("visitors");
/// let handle = counter.handle();
/// let supervisor = system.spawn::<Supervisor>(Supervisor::one_for_one().child(counter))?;
/// supervisor.terminate_child("visitors").ask()??;
/// supervisor.delete_child(handle.id()).ask()??;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChildId {
    /// By name.
    Name(String),
    /// By the actor's id.
    Id(ActorId),
}

impl From<&str> for ChildId {
    fn from(name: &str) -> Self {
        ChildId::Name(name.to_owned())
    }
}

impl From<String> for ChildId {
    fn from(name: String) -> Self {
        ChildId::Name(name)
    }
}

impl From<ActorId> for ChildId {
    fn from(id: ActorId) -> Self {
        ChildId::Id(id)
    }
}

impl fmt::Display for ChildId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChildId::Name(name) => write!(f, "{name:?}"),
            ChildId::Id(id) => write!(f, "#{id}"),
        }
    }
}

/// Why a supervisor did not do what it was asked for. The names are those of OTP's errors.
///
/// ```
/// # use {actor_core::prelude::*, counter::*};
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # let system = System::new("shop")?;
/// let plan = Supervisor::one_for_one().child(system.spec::<Counter>(0).name("visitors"));
/// let supervisor = system.spawn::<Supervisor>(plan)?;
/// let error = supervisor.restart_child("visitors").ask()?.unwrap_err();
/// assert_eq!(error.to_string(), "visitors#1 runs: terminate it first");
/// let error = supervisor.restart_child("visiters").ask()?.unwrap_err();
/// assert_eq!(error.to_string(), "the supervisor has no child \"visiters\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChildError {
    /// There is no such child.
    #[error("the supervisor has no child {child}")]
    NotFound {
        /// Which was looked for.
        child: ChildId,
    },
    /// It runs.
    #[error("{actor} runs: terminate it first")]
    Running {
        /// The child.
        actor: Identity,
    },
    /// It is between two lives, and its supervisor starts it by itself.
    #[error("{actor} is being restarted: terminate it first, or let it start")]
    Restarting {
        /// The child.
        actor: Identity,
    },
    /// A child with that id runs.
    #[error("{actor} has that id and runs: use another name, or terminate and delete it first")]
    AlreadyStarted {
        /// The child that is there.
        actor: Identity,
    },
    /// A child with that id is there, and does not run.
    #[error("{actor} has that id: use another name, restart that one, or delete it first")]
    AlreadyPresent {
        /// The child that is there.
        actor: Identity,
    },
    /// The children of a `simple_one_for_one` supervisor have no ids of their own, and an ended
    /// one leaves nothing that could be restarted or deleted.
    #[error(
        "the supervisor is simple_one_for_one: its children go by the id of their actor, and can \
         be terminated only"
    )]
    SimpleOneForOne,
    /// The child cannot be significant.
    #[error("{0}")]
    BadCombination(String),
    /// The spec was made from another system.
    #[error("{0}")]
    ForeignSystem(String),
    /// Its start found nothing to do: it returned [`Ignore`](crate::Ignore). Its entry is kept,
    /// unless it is temporary.
    #[error("{actor} was not started: its start found nothing to do")]
    Ignored {
        /// The child.
        actor: Identity,
    },
    /// It did not start. Nothing is left of a new child; one that was there stays stopped.
    #[error(transparent)]
    Start(#[from] SpawnError),
    /// It takes other messages than those of the handle that was asked for.
    #[error("{actor} takes other messages than those asked for")]
    OtherMessages {
        /// The child.
        actor: Identity,
    },
}
