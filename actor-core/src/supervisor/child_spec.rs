//! A spec whose type is forgotten: what a supervisor keeps of it.

use std::fmt;
use std::sync::Arc;

use crate::actor::Actor;
use crate::backoff::Backoff;
use crate::policy::Restart;
use crate::spec::Spec;
use crate::tree::Child;

/// A [`Spec`] on its way to a supervisor. Dropped on the way, it closes, as a spec does.
pub struct ChildSpec {
    pub(super) child: Arc<dyn Child>,
    pub(super) restart: Restart,
    pub(super) significant: bool,
    pub(super) backoff: Option<Backoff>,
    /// Some supervisor looks after the child.
    taken: bool,
}

impl ChildSpec {
    /// The child's id in its supervisor: its name.
    pub(super) fn id(&self) -> &str {
        self.child.identity().name()
    }

    /// From now on an entry decides about the child's end.
    pub(super) fn take(&mut self) {
        self.taken = true;
    }
}

impl<A: Actor> From<Spec<A>> for ChildSpec {
    fn from(spec: Spec<A>) -> Self {
        let (child, options) = spec.into_child();
        ChildSpec {
            child,
            restart: options.restart,
            significant: options.significant,
            backoff: options.backoff,
            taken: false,
        }
    }
}

impl Drop for ChildSpec {
    fn drop(&mut self) {
        if !self.taken {
            self.child.finish();
        }
    }
}

impl fmt::Debug for ChildSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChildSpec")
            .field("child", self.child.identity())
            .field("restart", &self.restart)
            .field("significant", &self.significant)
            .finish_non_exhaustive()
    }
}
