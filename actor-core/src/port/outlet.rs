//! One way into a mailbox, whatever the actor's type.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::actor_ref::ActorRef;
use crate::delivery::{Edge, await_room, envelope, note_sending};
use crate::graph::Cycle;
use crate::id::Identity;
use crate::mailbox::Refusal;
use crate::protocol::Protocol;

use super::error::{PostError, PostErrorKind};

/// Posts values into an actor's mailbox, one way: made by
/// [`ActorRef::port`](crate::ActorRef::port). Whoever has it knows the type of what it sends, and
/// nothing of the actor.
///
/// ```
/// # use {actor_core::prelude::*, counter::*};
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// use actor_core::Outlet;
///
/// /// Knows of numbers, and of no counter.
/// fn produce(numbers: &Outlet<i64>) {
///     for n in 1..=10 { numbers.post(n).unwrap() }
/// }
/// let system = System::new("outlets")?;
/// let counter = system.spawn::<Counter>(0)?;
/// produce(&counter.port(CounterMessage::add));
/// assert_eq!(counter.add(0).ask()?, 55);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Outlet<T> {
    inlet: Arc<dyn Inlet<T>>,
}

trait Inlet<T>: Send + Sync {
    fn identity(&self) -> &Identity;
    fn is_closed(&self) -> bool;
    fn post(&self, value: T, wait: Wait) -> Result<(), PostError<T>>;
}

/// How long to wait for room.
#[derive(Clone, Copy)]
enum Wait {
    Never,
    Until(Option<Instant>),
}

struct Into<M: Protocol, F> {
    actor: ActorRef<M>,
    make: F,
}

impl<T> Outlet<T> {
    /// Posts a value; blocks while the mailbox is full, if its policy is to block. Between actors,
    /// a wait that would close a cycle is refused.
    ///
    /// # Errors
    /// If the actor has ended or drains, its mailbox rejects, or waiting would be a deadlock: the
    /// value comes back.
    pub fn post(&self, value: T) -> Result<(), PostError<T>> {
        self.inlet.post(value, Wait::Until(None))
    }

    /// Posts a value; blocks for `timeout` at most.
    ///
    /// # Errors
    /// Like [`post`](Self::post), and if there was no room in time.
    pub fn post_timeout(&self, value: T, timeout: Duration) -> Result<(), PostError<T>> {
        let deadline = crate::rt::Rt::current().after(timeout);
        self.inlet.post(value, Wait::Until(deadline))
    }

    /// Posts a value; never blocks.
    ///
    /// # Errors
    /// If the actor has ended or drains, or there is no room: the value comes back.
    pub fn try_post(&self, value: T) -> Result<(), PostError<T>> {
        self.inlet.post(value, Wait::Never)
    }

    /// The actor behind it.
    pub fn actor(&self) -> &Identity {
        self.inlet.identity()
    }

    /// Whether the actor accepts nothing any more.
    pub fn is_closed(&self) -> bool {
        self.inlet.is_closed()
    }
}

impl<M: Protocol> ActorRef<M> {
    /// A one-way port into the mailbox, for whoever is to send values of one type: each becomes the
    /// message that `make` makes of it, on the sender's thread. See [`Outlet`] for an example.
    pub fn port<T: 'static>(&self, make: impl Fn(T) -> M + Send + Sync + 'static) -> Outlet<T> {
        Outlet {
            inlet: Arc::new(Into {
                actor: self.clone(),
                make,
            }),
        }
    }
}

impl<T, M: Protocol, F: Fn(T) -> M + Send + Sync> Inlet<T> for Into<M, F> {
    fn identity(&self) -> &Identity {
        self.actor.identity()
    }

    fn is_closed(&self) -> bool {
        !self.actor.cell().mailbox.is_open()
    }

    /// Room first, and the message then: so what finds none comes back as it was.
    fn post(&self, value: T, wait: Wait) -> Result<(), PostError<T>> {
        let refused = |value, kind, cycle: Option<Cycle>| {
            let error = PostError::new(value, kind).to(self.identity());
            Err(error.in_cycle(cycle))
        };
        self.actor.kernel().rt.point();
        let room = match wait {
            Wait::Never => Some(self.actor.cell().room()),
            Wait::Until(deadline) => await_room(&self.actor, "post", deadline, Edge::ToSet, None),
        };
        let Some(room) = room else {
            return refused(value, PostErrorKind::Timeout, None);
        };
        let room = match room {
            Ok(room) => room,
            Err(Refusal::Closed) => return refused(value, PostErrorKind::Closed, None),
            Err(Refusal::Full) => return refused(value, PostErrorKind::Full, None),
            Err(Refusal::Deadlock(cycle)) => {
                return refused(value, PostErrorKind::Deadlock, Some(cycle));
            }
        };
        let envelope = envelope(&self.actor, (self.make)(value), None);
        note_sending(&self.actor, &envelope);
        room.fill(envelope);
        Ok(())
    }
}

impl<T> Clone for Outlet<T> {
    fn clone(&self) -> Self {
        Outlet {
            inlet: Arc::clone(&self.inlet),
        }
    }
}

impl<T> fmt::Debug for Outlet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outlet({})", self.actor())
    }
}
