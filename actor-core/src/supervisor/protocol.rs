//! What a supervisor can be asked.

use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::actor::Actor;
use crate::actor_ref::ActorRef;
use crate::cell::Cell;
use crate::context::{HandleOf, Handler};
use crate::id::Identity;
use crate::policy::Restart;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::spec::Spec;

use super::child_error::{ChildError, ChildId};
use super::child_spec::ChildSpec;
use super::reminder::Reminder;

/// A child of a supervisor, as [`SupervisorHandle::which_children`] tells of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChildInfo {
    /// Who. Its name is its id in the supervisor.
    pub actor: Identity,
    /// Whether it is a supervisor, rather than a worker.
    pub is_supervisor: bool,
    /// Its restart type.
    pub restart: Restart,
    /// Whether its end may end the supervisor.
    pub significant: bool,
    /// Where it is.
    pub state: ChildState,
}

/// Where a supervised child is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChildState {
    /// Running, in the life with this number.
    Running(u64),
    /// A start is under way, or is due: after one that failed, after a back-off, or behind a sibling.
    Restarting,
    /// It has ended and is not restarted; its entry is kept.
    Stopped,
}

/// How many children a supervisor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildCounts {
    /// Entries, whether or not they run; 1 for a `simple_one_for_one` supervisor, as in OTP.
    pub specs: usize,
    /// Children that run.
    pub active: usize,
    /// Children that are supervisors, whether or not they run.
    pub supervisors: usize,
    /// Children that are not, whether or not they run.
    pub workers: usize,
}

/// The messages of a [`Supervisor`](super::Supervisor).
#[derive(Debug)]
#[non_exhaustive]
pub enum SupervisorMessage {
    /// See [`SupervisorHandle::which_children`].
    WhichChildren,
    /// See [`SupervisorHandle::count_children`].
    CountChildren,
    /// See [`SupervisorHandle::child`].
    FindChild(ChildId),
    /// See [`SupervisorHandle::start_child`].
    StartChild(ChildSpec),
    /// See [`SupervisorHandle::terminate_child`].
    TerminateChild(ChildId),
    /// See [`SupervisorHandle::restart_child`].
    RestartChild(ChildId),
    /// See [`SupervisorHandle::delete_child`].
    DeleteChild(ChildId),
    /// What a supervisor tells itself.
    #[doc(hidden)]
    Reminder(Reminder),
}

/// The replies of a [`Supervisor`](super::Supervisor).
#[derive(Debug)]
#[non_exhaustive]
pub enum SupervisorReply {
    /// To [`SupervisorMessage::WhichChildren`].
    WhichChildren(Vec<ChildInfo>),
    /// To [`SupervisorMessage::CountChildren`].
    CountChildren(ChildCounts),
    /// To [`SupervisorMessage::FindChild`] and [`SupervisorMessage::StartChild`].
    Child(Result<AnyActor, ChildError>),
    /// To the other calls.
    Done(Result<(), ChildError>),
}

/// An actor whose type is forgotten.
#[derive(Clone)]
pub struct AnyActor {
    pub(super) identity: Identity,
    pub(super) cell: Arc<dyn Any + Send + Sync>,
}

impl AnyActor {
    /// The reference, if the actor takes messages of type `M`.
    pub fn downcast<M: Protocol>(&self) -> Option<ActorRef<M>> {
        let cell = Arc::clone(&self.cell).downcast::<Cell<M>>();
        cell.ok().map(ActorRef::new)
    }

    fn into_handle<A: Handler>(self) -> Result<HandleOf<A>, ChildError> {
        match self.downcast() {
            Some(actor) => Ok(actor.into()),
            None => Err(ChildError::OtherMessages {
                actor: self.identity,
            }),
        }
    }
}

impl fmt::Debug for AnyActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnyActor({})", self.identity)
    }
}

/// The handle of a [`Supervisor`](super::Supervisor): OTP's calls.
///
/// [`which_children`](Self::which_children), [`count_children`](Self::count_children) and
/// [`child`](Self::child) are answered at once, also while a child starts or stops. The other calls
/// change something: they wait until what goes on is over, each for those before it, and answer
/// when they are done. An actor that would wait for itself by that, such as a child that calls its
/// own supervisor from its `start`, gets [`AskError::Deadlock`](crate::AskError::Deadlock).
#[derive(Clone, Debug)]
pub struct SupervisorHandle(ActorRef<SupervisorMessage>);

impl SupervisorHandle {
    /// The children, in the order of their start.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// use actor_core::ChildState;
    ///
    /// let system = System::new("shop")?;
    /// let plan = Supervisor::one_for_one().child(system.spec::<Counter>(0).name("visitors"));
    /// let supervisor = system.spawn::<Supervisor>(plan)?;
    /// let children = supervisor.which_children().ask()?;
    /// assert_eq!(children[0].actor.name(), "visitors");
    /// assert_eq!(children[0].state, ChildState::Running(1)); // in its first life
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn which_children(&self) -> Request<'_, SupervisorMessage, Vec<ChildInfo>> {
        Request::new(
            &self.0,
            SupervisorMessage::WhichChildren,
            |reply| match reply {
                SupervisorReply::WhichChildren(children) => Some(children),
                _ => None,
            },
        )
    }

    /// How many children there are.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # let system = System::new("shop")?;
    /// let mut counter = system.spec::<Counter>(0);
    /// let handle = counter.handle();
    /// let supervisor = system.spawn::<Supervisor>(Supervisor::one_for_one().child(counter))?;
    /// handle.stop();
    /// handle.join();
    /// let counts = supervisor.count_children().ask()?;
    /// assert_eq!((counts.specs, counts.active), (1, 0)); // stopped, and its entry kept
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn count_children(&self) -> Request<'_, SupervisorMessage, ChildCounts> {
        Request::new(
            &self.0,
            SupervisorMessage::CountChildren,
            |reply| match reply {
                SupervisorReply::CountChildren(counts) => Some(counts),
                _ => None,
            },
        )
    }

    /// The typed handle of a child.
    ///
    /// ```
    /// # use {actor_core::prelude::*, counter::*};
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # let system = System::new("shop")?;
    /// let plan = Supervisor::one_for_one().child(system.spec::<Counter>(0).name("visitors"));
    /// let supervisor = system.spawn::<Supervisor>(plan)?;
    /// let visitors = supervisor.child::<Counter>("visitors").ask()??;
    /// assert_eq!(visitors.add(1).ask()?, 1);
    /// assert!(supervisor.child::<Supervisor>("visitors").ask()?.is_err()); // it is a counter
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn child<A: Handler>(
        &self,
        child: impl Into<ChildId>,
    ) -> Request<'_, SupervisorMessage, Result<HandleOf<A>, ChildError>> {
        let message = SupervisorMessage::FindChild(child.into());
        Request::new(&self.0, message, handle_of::<A>)
    }

    /// Adds a child behind the others and starts it. It is part of the supervisor's present life
    /// only: where the supervisor is restarted itself, it starts the children of its plan.
    ///
    /// This is how all children of a `simple_one_for_one` supervisor come:
    ///
    /// ```
    /// # use {actor_core::prelude::*, counter::*};
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # let system = System::new("shop")?;
    /// let guests = system.spawn::<Supervisor>(Supervisor::simple_one_for_one())?;
    /// for _ in 0..3 {
    ///     let spec = system.spec::<Counter>(0).restart(Restart::Temporary);
    ///     let guest = guests.start_child(spec).ask()??;
    ///     guest.add(1).ask()?;
    /// }
    /// assert_eq!(guests.count_children().ask()?.active, 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// The answer is an error if another child has that id, if the spec cannot be a child of this
    /// supervisor, or if the start fails or has nothing to do. No entry is kept then, except where
    /// the start had nothing to do and the child is not temporary.
    pub fn start_child<A: Actor>(
        &self,
        spec: Spec<A>,
    ) -> Request<'_, SupervisorMessage, Result<HandleOf<A>, ChildError>> {
        let message = SupervisorMessage::StartChild(spec.into());
        Request::new(&self.0, message, handle_of::<A>)
    }

    /// Stops a child, within its [`Shutdown`](crate::Shutdown), and keeps its entry; that of a
    /// temporary child, and of a `simple_one_for_one` supervisor's, is removed. One that does not
    /// run is left as it is. Its mailbox closes, and the handles say so, until it is restarted.
    ///
    /// ```
    /// # use {actor_core::prelude::*, counter::*};
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # let system = System::new("shop")?;
    /// let plan = Supervisor::one_for_one().child(system.spec::<Counter>(0).name("visitors"));
    /// let supervisor = system.spawn::<Supervisor>(plan)?;
    /// let visitors = supervisor.child::<Counter>("visitors").ask()??;
    /// supervisor.terminate_child("visitors").ask()??;
    /// assert!(visitors.add(1).tell().is_err());
    /// supervisor.restart_child("visitors").ask()??;
    /// assert_eq!(visitors.add(1).ask()?, 1); // the same handle
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn terminate_child(
        &self,
        child: impl Into<ChildId>,
    ) -> Request<'_, SupervisorMessage, Result<(), ChildError>> {
        self.done(SupervisorMessage::TerminateChild(child.into()))
    }

    /// Starts a child that was terminated or has ended. It counts as no restart. Where the start
    /// fails, the answer says why, and the child stays stopped.
    pub fn restart_child(
        &self,
        child: impl Into<ChildId>,
    ) -> Request<'_, SupervisorMessage, Result<(), ChildError>> {
        self.done(SupervisorMessage::RestartChild(child.into()))
    }

    /// Removes the entry of a child that does not run. A child of the plan comes back where the
    /// supervisor is restarted itself.
    pub fn delete_child(
        &self,
        child: impl Into<ChildId>,
    ) -> Request<'_, SupervisorMessage, Result<(), ChildError>> {
        self.done(SupervisorMessage::DeleteChild(child.into()))
    }

    fn done(
        &self,
        message: SupervisorMessage,
    ) -> Request<'_, SupervisorMessage, Result<(), ChildError>> {
        Request::new(&self.0, message, |reply| match reply {
            SupervisorReply::Done(done) => Some(done),
            _ => None,
        })
    }
}

fn handle_of<A: Handler>(reply: SupervisorReply) -> Option<Result<HandleOf<A>, ChildError>> {
    match reply {
        SupervisorReply::Child(child) => Some(child.and_then(AnyActor::into_handle::<A>)),
        _ => None,
    }
}

impl Protocol for SupervisorMessage {
    type Reply = SupervisorReply;
    type Handle = SupervisorHandle;

    fn name(&self) -> &'static str {
        match self {
            SupervisorMessage::WhichChildren => "which_children",
            SupervisorMessage::CountChildren => "count_children",
            SupervisorMessage::FindChild(_) => "child",
            SupervisorMessage::StartChild(_) => "start_child",
            SupervisorMessage::TerminateChild(_) => "terminate_child",
            SupervisorMessage::RestartChild(_) => "restart_child",
            SupervisorMessage::DeleteChild(_) => "delete_child",
            SupervisorMessage::Reminder(_) => "reminder",
        }
    }
}

impl From<ActorRef<SupervisorMessage>> for SupervisorHandle {
    fn from(actor: ActorRef<SupervisorMessage>) -> Self {
        SupervisorHandle(actor)
    }
}

impl Deref for SupervisorHandle {
    type Target = ActorRef<SupervisorMessage>;

    fn deref(&self) -> &ActorRef<SupervisorMessage> {
        &self.0
    }
}
