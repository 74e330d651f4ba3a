//! What a supervisor tells itself, to be dealt with later.

use crate::id::ActorId;

use super::protocol::SupervisorMessage;

/// A message that only a supervisor can make.
#[derive(Debug)]
pub struct Reminder(pub(super) Matter);

#[derive(Debug)]
pub(super) enum Matter {
    /// The retry of this number is due for the child.
    Retry(ActorId, u64),
    /// The step of this number has taken longer than the child's shutdown allows.
    Overdue(u64),
}

impl From<Matter> for SupervisorMessage {
    fn from(matter: Matter) -> Self {
        SupervisorMessage::Reminder(Reminder(matter))
    }
}
