//! The signal lane: what overtakes every message.

use crate::error::SpawnErrorKind;
use crate::exit::ExitReason;
use crate::id::ActorId;

/// What a life is told beside its messages.
#[derive(Debug)]
pub(crate) enum Signal {
    /// Handle no further message and end.
    Stop,
    /// End at once, without `stopping`.
    Terminate,
    /// Something became of a child.
    Child(ChildSignal),
}

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
