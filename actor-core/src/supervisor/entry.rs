//! A child as its supervisor knows it.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::backoff::Backoff;
use crate::context::Context;
use crate::error::SpawnErrorKind;
use crate::events::EventKind;
use crate::id::ActorId;
use crate::policy::Restart;
use crate::rt::Rt;
use crate::signal::{ChildEvent, ChildSignal};
use crate::tree::{Child, Kept, OnStarted};

use super::Supervisor;
use super::child_spec::ChildSpec;
use super::protocol::{ChildInfo, ChildState};

pub(super) struct Entry {
    pub(super) child: Arc<dyn Child>,
    pub(super) restart: Restart,
    pub(super) significant: bool,
    /// Part of the plan, or added later.
    kept: Kept,
    backoff: Option<Backoff>,
    /// Restarts since it last ran well.
    failures: u32,
    /// When its last life started.
    since: Option<Instant>,
    /// The life that its state is about.
    pub(super) life: u64,
    pub(super) state: EntryState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryState {
    Running,
    Stopping,
    Starting,
    /// To be started by the operation that goes on, or with the sibling that is to be tried again.
    Due,
    /// A restart is due later: a start has failed, or there is a back-off.
    Waiting(Retry),
    Stopped,
}

/// A restart that is due later. A timer or a message carries it; one that is not the entry's any
/// more has no meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Retry {
    pub(super) number: u64,
    /// It is no further restart to count, but one that waited for its back-off.
    pub(super) counted: bool,
}

impl Entry {
    pub(super) fn new(spec: &ChildSpec, kept: Kept) -> Self {
        Entry {
            child: Arc::clone(&spec.child),
            restart: spec.restart,
            significant: spec.significant,
            kept,
            backoff: spec.backoff,
            failures: 0,
            since: None,
            life: spec.child.life(),
            state: EntryState::Due,
        }
    }

    pub(super) fn id(&self) -> ActorId {
        self.child.identity().id()
    }

    pub(super) fn is_temporary(&self) -> bool {
        self.restart == Restart::Temporary
    }

    /// Starts the child's next life; the outcome comes as a signal. `over` is called first, on the
    /// child's thread, when the start is over.
    pub(super) fn start(
        &mut self,
        ctx: &Context<Supervisor>,
        over: impl FnOnce() + Send + 'static,
    ) -> Result<u64, SpawnErrorKind> {
        let (parent, child) = (ctx.as_parent(), self.id());
        let on_started: OnStarted = Box::new(move |life, outcome| {
            over();
            parent.signal(ChildSignal {
                child,
                life,
                event: ChildEvent::Started(outcome),
            });
        });
        if self.life > 0 {
            let restarted = EventKind::Restarted {
                reason: self.child.last_exit(),
            };
            let events = &ctx.kernel().events;
            events.publish(self.child.identity(), self.life + 1, restarted);
        }
        self.life = Arc::clone(&self.child).launch(ctx.as_parent(), self.kept, on_started)?;
        self.state = EntryState::Starting;
        Ok(self.life)
    }

    pub(super) fn has_started(&mut self, now: Instant) {
        self.state = EntryState::Running;
        self.since = Some(now);
    }

    /// How long to wait before the next restart.
    pub(super) fn next_delay(&mut self, rt: &Rt) -> Duration {
        let Some(backoff) = &self.backoff else {
            return Duration::ZERO;
        };
        let healthy = self
            .since
            .take()
            .is_some_and(|since| backoff.is_over_after(rt.now().saturating_duration_since(since)));
        if healthy {
            self.failures = 0;
        }
        let delay = backoff.delay(self.failures, rt.random());
        self.failures = self.failures.saturating_add(1);
        delay
    }

    /// It does not run, and is to be started: its mailbox accepts messages.
    pub(super) fn revive(&mut self, ctx: &Context<Supervisor>) {
        if self.state == EntryState::Stopped {
            self.child.reopen();
        }
        self.await_start(ctx, EntryState::Due);
    }

    /// It does not run until the supervisor starts it.
    pub(super) fn await_start(&mut self, ctx: &Context<Supervisor>, state: EntryState) {
        self.state = state;
        self.child.await_start(ctx.identity());
    }

    /// It does not run and is not to be started: its mailbox closes.
    pub(super) fn settle(&mut self) {
        self.state = EntryState::Stopped;
        self.child.finish();
    }

    pub(super) fn info(&self) -> ChildInfo {
        ChildInfo {
            actor: self.child.identity().clone(),
            is_supervisor: self.child.is_supervisor(),
            restart: self.restart,
            significant: self.significant,
            state: match self.state {
                EntryState::Running | EntryState::Stopping => ChildState::Running(self.life),
                EntryState::Stopped => ChildState::Stopped,
                _ => ChildState::Restarting,
            },
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.info(), f)
    }
}
