//! The signal lane: what overtakes every message.

use crate::error::SpawnErrorKind;
use crate::exit::ExitReason;
use crate::id::{ActorId, Identity};
use crate::peers::LifeId;

/// What a life is told beside its messages.
#[derive(Debug)]
pub(crate) enum Signal {
    /// Handle no further message and end.
    Stop,
    /// End at once, without `stopping`.
    Terminate,
    /// Something became of a child.
    Child(ChildSignal),
    /// A linked life has ended.
    Exit(LinkedExit),
    /// A monitored life has ended.
    Down(Down),
}

/// The end of a life that was linked: what [`Actor::linked_exit`](crate::Actor::linked_exit) gets.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LinkedExit {
    pub(crate) from: LifeId,
    /// Whose.
    pub actor: Identity,
    /// How it ended; [`ExitReason::NoProc`] if it had ended before it was linked.
    pub reason: ExitReason,
}

impl LinkedExit {
    /// Whether it ends a peer that does not trap it.
    pub(crate) fn ends_its_peer(&self) -> bool {
        !matches!(self.reason, ExitReason::Normal)
    }
}

/// The end of a life that was monitored: what [`Actor::down`](crate::Actor::down) gets.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Down {
    /// Which monitor fires.
    pub monitor: Monitor,
    /// Whose life.
    pub actor: Identity,
    /// How it ended; [`ExitReason::NoProc`] if it had ended before it was monitored.
    pub reason: ExitReason,
}

/// A monitor that a life has set with [`Context::monitor`](crate::Context::monitor).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Monitor(pub(crate) u64);

/// What a parent learns of a child, always of one life of it.
#[derive(Debug)]
pub struct ChildSignal {
    pub(crate) child: ActorId,
    pub(crate) life: u64,
    pub(crate) event: ChildEvent,
}

/// What became of a child.
#[derive(Debug)]
pub(crate) enum ChildEvent {
    /// Its start succeeded, or did not.
    Started(Result<(), SpawnErrorKind>),
    /// The life has ended.
    Exited(ExitReason),
    /// It was told to stop while no life of it ran.
    StopOrdered,
}
