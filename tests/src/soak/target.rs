//! Somebody whom messages can be sent to.

use std::sync::Arc;

use actor_core::{ActorState, Overflow};

use super::account::Account;
use super::subject::{SubjectHandle, SubjectMessage};

/// An actor, or a pool, with its account.
pub(super) struct Target {
    pub(super) handle: SubjectHandle,
    pub(super) account: Arc<Account>,
    pub(super) overflow: Overflow,
    pub(super) is_pool: bool,
}

impl Target {
    /// Whether a full mailbox makes dead letters rather than senders wait.
    pub(super) fn drops(&self) -> bool {
        matches!(self.overflow, Overflow::DropOldest | Overflow::DropNewest)
    }

    /// Whether nobody has begun to start it. A question to it is no part of the graph of waits, so
    /// that an actor that asks it without a deadline may wait for itself.
    pub(super) fn is_declared(&self) -> bool {
        self.handle.snapshot().state == ActorState::Declared
    }

    /// Whether it was told to end before it ever ran.
    pub(super) fn never_ran(&self) -> bool {
        let end = self.handle.snapshot();
        end.state == ActorState::Ended && end.life == 0
    }
}

/// Counts a message that came back.
pub(super) fn take_back(message: SubjectMessage) {
    match message {
        SubjectMessage::Work { token, .. }
        | SubjectMessage::Defer { token, .. }
        | SubjectMessage::Answer { token, .. }
        | SubjectMessage::Hold { token, .. }
        | SubjectMessage::Frame { token } => token.come_back(),
        SubjectMessage::Look | SubjectMessage::Closed => {}
    }
}
