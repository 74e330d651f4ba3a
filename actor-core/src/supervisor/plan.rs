//! What a supervisor is to do: its children, and how much it bears.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::actor::Actor;
use crate::failure::Failure;
use crate::policy::Restart;
use crate::spec::Spec;
use crate::tree::Child;

/// The plan of a [`Supervisor`](super::Supervisor): its arguments.
///
/// It lasts over the supervisor's own restarts: a new life starts the same children again, with
/// their arguments, ids and handles.
#[must_use = "a plan does nothing until a supervisor is spawned with it"]
pub struct Supervision {
    pub(super) children: Vec<(Arc<dyn Child>, Restart)>,
    pub(super) limit: usize,
    pub(super) period: Duration,
}

impl Supervision {
    pub(super) fn new() -> Self {
        Supervision {
            children: Vec::new(),
            limit: 1,
            period: Duration::from_secs(5),
        }
    }

    /// Adds a child. Children start in the order in which they are added, and stop in reverse.
    pub fn child<A: Actor>(mut self, spec: Spec<A>) -> Self {
        self.children.push(spec.into_child());
        self
    }

    /// How many restarts the supervisor bears: with more than `limit` within `period`, over all
    /// its children, it stops them all and gives up. The default is OTP's, 1 in 5 seconds.
    pub fn intensity(mut self, limit: usize, period: Duration) -> Self {
        self.limit = limit;
        self.period = period;
        self
    }

    /// What must hold before anything starts.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.period.is_zero() {
            Err(
                "the period of a supervisor's intensity is zero: a restart needs some time to count in",
            )?;
        }
        Ok(())
    }
}

impl Drop for Supervision {
    fn drop(&mut self) {
        // Whoever waits for children of a plan that will not be carried out is told.
        for (child, _) in self.children.iter().rev() {
            child.finish();
        }
    }
}

impl fmt::Debug for Supervision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let children = self.children.iter().map(|(child, _)| child.identity());
        f.debug_struct("Supervision")
            .field("children", &children.collect::<Vec<_>>())
            .field("limit", &self.limit)
            .field("period", &self.period)
            .finish()
    }
}
