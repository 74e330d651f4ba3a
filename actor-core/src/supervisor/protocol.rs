//! What a supervisor can be asked.

use std::ops::Deref;

use crate::actor_ref::ActorRef;
use crate::id::Identity;
use crate::policy::Restart;
use crate::protocol::Protocol;
use crate::request::Request;

/// A child of a supervisor, as [`SupervisorHandle::which_children`] tells of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChildInfo {
    /// Who.
    pub actor: Identity,
    /// Its restart type.
    pub restart: Restart,
    /// Where it is.
    pub state: ChildState,
}

/// Where a supervised child is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChildState {
    /// Running, in the life with this number.
    Running(u64),
    /// A start is under way, or is due again after one that failed.
    Restarting,
    /// It has ended and is not restarted; its entry is kept.
    Stopped,
}

/// How many children a supervisor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildCounts {
    /// Entries, whether or not they run.
    pub specs: usize,
    /// Children that run.
    pub active: usize,
}

/// The messages of a [`Supervisor`](super::Supervisor).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SupervisorMessage {
    /// See [`SupervisorHandle::which_children`].
    WhichChildren,
    /// See [`SupervisorHandle::count_children`].
    CountChildren,
}

/// The replies of a [`Supervisor`](super::Supervisor).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SupervisorReply {
    /// To [`SupervisorMessage::WhichChildren`].
    WhichChildren(Vec<ChildInfo>),
    /// To [`SupervisorMessage::CountChildren`].
    CountChildren(ChildCounts),
}

/// The handle of a [`Supervisor`](super::Supervisor).
#[derive(Clone, Debug)]
pub struct SupervisorHandle(ActorRef<SupervisorMessage>);

impl SupervisorHandle {
    /// The children, in the order of their start. Answered also while a child starts.
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
                SupervisorReply::CountChildren(_) => None,
            },
        )
    }

    /// How many children there are. Answered also while a child starts.
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
                SupervisorReply::WhichChildren(_) => None,
            },
        )
    }
}

impl Protocol for SupervisorMessage {
    type Reply = SupervisorReply;
    type Handle = SupervisorHandle;

    fn name(&self) -> &'static str {
        match self {
            SupervisorMessage::WhichChildren => "which_children",
            SupervisorMessage::CountChildren => "count_children",
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
