//! Actors that end with a scope.

use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use crate::actor_ref::ActorRef;
use crate::protocol::Protocol;

/// Terminates its actor when it is dropped; derefs to the handle.
///
/// Made by [`ActorRef::terminate_on_drop`].
#[must_use = "dropping it terminates the actor"]
pub struct TerminateOnDrop<M: Protocol> {
    actor: ActorRef<M>,
    handle: M::Handle,
    grace: Duration,
}

impl<M: Protocol<Handle: From<ActorRef<M>>>> ActorRef<M> {
    /// A guard that [terminates](Self::terminate) the actor when it goes out of scope, with this
    /// grace. References otherwise never end an actor.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// use std::time::Duration;
    ///
    /// let system = System::new("scopes")?;
    /// let counter = system.spawn::<Counter>(0)?;
    /// {
    ///     let scoped = counter.terminate_on_drop(Duration::from_secs(1));
    ///     scoped.add(1).ask()?;
    /// }
    /// assert!(matches!(counter.join(), ExitReason::Terminated));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn terminate_on_drop(&self, grace: Duration) -> TerminateOnDrop<M> {
        TerminateOnDrop {
            actor: self.clone(),
            handle: self.clone().into(),
            grace,
        }
    }
}

impl<M: Protocol> Deref for TerminateOnDrop<M> {
    type Target = M::Handle;

    fn deref(&self) -> &M::Handle {
        &self.handle
    }
}

impl<M: Protocol> Drop for TerminateOnDrop<M> {
    fn drop(&mut self) {
        self.actor.terminate(self.grace);
    }
}

impl<M: Protocol> fmt::Debug for TerminateOnDrop<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TerminateOnDrop")
            .field("actor", &self.actor)
            .field("grace", &self.grace)
            .finish_non_exhaustive()
    }
}
