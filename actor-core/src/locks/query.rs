//! Who holds which lock, and who waits.

use std::fmt;

use crate::id::{ActorId, Identity};

/// Who holds a lock, or waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum LockOwner {
    /// A life of this actor.
    Life(Identity),
    /// A thread that is no actor's, by its name if it has one.
    Thread(Option<String>),
}

/// One hold of a lock, or one wait for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct LockInfo {
    /// The lock's name.
    pub name: String,
    /// Whether others may share it.
    pub shared: bool,
    /// Who holds it or waits.
    pub owner: LockOwner,
}

/// All locks of a system at one moment: what [`SystemRef::locks`](crate::SystemRef::locks) tells,
/// Node's `locks.query`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Locks {
    /// Who holds what, by name.
    pub held: Vec<LockInfo>,
    /// Who waits for what, by name, and for one name the first in line first.
    pub pending: Vec<LockInfo>,
}

impl LockOwner {
    pub(super) fn id(&self) -> Option<ActorId> {
        match self {
            LockOwner::Life(identity) => Some(identity.id()),
            LockOwner::Thread(_) => None,
        }
    }
}

impl fmt::Display for LockOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LockOwner::Life(identity) => identity.fmt(f),
            LockOwner::Thread(Some(name)) => write!(f, "the thread {name:?}"),
            LockOwner::Thread(None) => f.write_str("a thread without a name"),
        }
    }
}
