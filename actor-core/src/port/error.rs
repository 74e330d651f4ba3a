//! What can go wrong with ports.

use std::error::Error;
use std::fmt;
use std::sync::Mutex;

use crate::graph::Cycle;
use crate::id::Identity;

use super::lane::Refusal;

/// A value that was not accepted; it comes back with [`into_value`](Self::into_value).
///
/// ```
/// use actor_core::{MessageChannel, PostErrorKind};
///
/// let MessageChannel { port1, port2 } = MessageChannel::<u32, ()>::bounded(1);
/// port1.post(1)?;
/// let error = port1.try_post(2).unwrap_err();
/// assert_eq!(error.kind(), PostErrorKind::Full);
/// assert_eq!(error.into_value(), 2);
/// drop(port2);
/// assert_eq!(port1.post(3).unwrap_err().to_string(), "the value was not posted: an end of the port is closed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PostError<T> {
    // A mutex, so that the error is `Sync` for values that are not.
    value: Mutex<T>,
    kind: PostErrorKind,
    cycle: Option<Cycle>,
    /// Behind an outlet.
    actor: Option<Identity>,
}

/// Why a value was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PostErrorKind {
    /// One of the ends is closed, or the actor behind the outlet has ended or drains.
    Closed,
    /// There is no room, and the call does not wait.
    Full,
    /// There was no room until the deadline.
    Timeout,
    /// There is no room, and the actor that is to make some waits for the caller.
    Deadlock,
}

impl<T> PostError<T> {
    pub(crate) fn new(value: T, kind: PostErrorKind) -> Self {
        PostError {
            value: Mutex::new(value),
            kind,
            cycle: None,
            actor: None,
        }
    }

    /// It was posted at an outlet.
    pub(crate) fn to(mut self, actor: &Identity) -> Self {
        self.actor = Some(actor.clone());
        self
    }

    pub(crate) fn in_cycle(mut self, cycle: Option<Cycle>) -> Self {
        self.cycle = cycle;
        self
    }

    pub(crate) fn refused(value: T, refusal: Refusal) -> Self {
        let (kind, cycle) = match refusal {
            Refusal::Full => (PostErrorKind::Full, None),
            Refusal::Closed => (PostErrorKind::Closed, None),
            Refusal::Deadlock(cycle) => (PostErrorKind::Deadlock, Some(cycle)),
        };
        PostError {
            cycle,
            ..PostError::new(value, kind)
        }
    }

    /// What was posted.
    pub fn into_value(self) -> T {
        self.value
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Why it was not accepted.
    pub fn kind(&self) -> PostErrorKind {
        self.kind
    }

    /// Who would have waited for whom, for [`PostErrorKind::Deadlock`].
    pub fn cycle(&self) -> Option<&Cycle> {
        self.cycle.as_ref()
    }
}

impl<T> fmt::Display for PostError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.actor {
            Some(actor) => write!(f, "the value was not posted to {actor}: ")?,
            None => f.write_str("the value was not posted: ")?,
        }
        match (self.kind, &self.cycle) {
            (PostErrorKind::Closed, _) if self.actor.is_some() => {
                f.write_str("it has ended, or drains")
            }
            (PostErrorKind::Closed, _) => f.write_str("an end of the port is closed"),
            (PostErrorKind::Full, _) => f.write_str("there is no room"),
            (PostErrorKind::Timeout, _) => f.write_str("there was no room until the deadline"),
            (PostErrorKind::Deadlock, Some(cycle)) => {
                write!(
                    f,
                    "there is no room, and waiting would be a deadlock: {cycle}"
                )
            }
            (PostErrorKind::Deadlock, None) => f.write_str("waiting would be a deadlock"),
        }
    }
}

impl<T> fmt::Debug for PostError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostError")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl<T: Send> Error for PostError<T> {}

/// Why nothing was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecvError {
    /// Nothing is there now.
    #[error("nothing has been posted yet")]
    Empty,
    /// Nothing came until the deadline.
    #[error("nothing was posted until the deadline")]
    Timeout,
    /// Nothing is there, and nothing will come: one of the ends is closed.
    #[error("the port is closed, and all that was posted has been received")]
    Closed,
}

/// A port that another life holds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the port is attached to {holder}: detach it there, or let that life end first")]
pub struct AttachError {
    pub(crate) holder: Identity,
}

impl AttachError {
    /// Who holds it.
    pub fn holder(&self) -> &Identity {
        &self.holder
    }
}
