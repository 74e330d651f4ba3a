//! How a pool is to run.

use std::sync::Arc;
use std::time::Duration;

use crate::actor::Actor;
use crate::backoff::Backoff;
use crate::cell::Cell;
use crate::context::Context;
use crate::policy::Shutdown;
use crate::rt::IdleStrategy;
use crate::spec::{Place, Spec};

use super::manager::Front;

/// What the front of a pool is started with; made by a [`PoolSpec`](super::PoolSpec).
pub struct PoolPlan<A: Actor> {
    pub(super) args: Box<dyn Fn(usize) -> A::Args + Send + Sync>,
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) idle_timeout: Option<Duration>,
    /// How many lives may end in vain.
    pub(super) limit: Option<usize>,
    pub(super) period: Duration,
    pub(super) backoff: Backoff,
    pub(super) stack_size: Option<usize>,
    pub(super) shutdown: Option<Shutdown>,
    pub(super) idle: Option<IdleStrategy>,
}

impl<A: Actor> PoolPlan<A> {
    /// More lives than this that ended in vain, within the period, are too many.
    pub(super) fn limit(&self) -> usize {
        self.limit.unwrap_or(2 * self.max)
    }

    /// The spec of a worker.
    pub(super) fn worker(
        &self,
        ctx: &mut Context<Front<A>>,
        index: usize,
        pool: &Arc<Cell<A::Message>>,
    ) -> Spec<A> {
        let name = format!("{}-{index}", ctx.name());
        let mut spec = ctx.spec::<A>((self.args)(index)).name(name);
        if let Some(bytes) = self.stack_size {
            spec = spec.stack_size(bytes);
        }
        if let Some(shutdown) = self.shutdown {
            spec = spec.shutdown(shutdown);
        }
        if let Some(idle) = self.idle {
            spec = spec.idle(idle);
        }
        spec.place(Place::Worker(Arc::clone(pool)))
    }
}

impl<A: Actor> std::fmt::Debug for PoolPlan<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PoolPlan")
            .field("min", &self.min)
            .field("max", &self.max)
            .field("idle_timeout", &self.idle_timeout)
            .finish_non_exhaustive()
    }
}
