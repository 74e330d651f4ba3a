//! A place for a worker.

use std::sync::Arc;
use std::time::Instant;

use crate::actor::Actor;
use crate::context::Context;
use crate::error::SpawnErrorKind;
use crate::events::EventKind;
use crate::id::ActorId;
use crate::signal::{ChildEvent, ChildSignal};
use crate::tree::{Child, Kept, OnStarted};

use super::manager::Front;

pub(super) struct Slot {
    pub(super) index: usize,
    pub(super) child: Arc<dyn Child>,
    /// The life that its state is about.
    pub(super) life: u64,
    pub(super) state: SlotState,
    /// Lives in a row that ended in vain.
    pub(super) failures: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlotState {
    Starting,
    Running,
    /// Its life was told to end, and no other is to follow.
    Retiring,
    /// The next life is to start then.
    Waiting(Instant),
}

impl Slot {
    pub(super) fn new(index: usize, child: Arc<dyn Child>) -> Self {
        Slot {
            index,
            life: 0,
            state: SlotState::Starting,
            failures: 0,
            child,
        }
    }

    pub(super) fn id(&self) -> ActorId {
        self.child.identity().id()
    }

    /// Starts its next life; the outcome comes as a signal.
    pub(super) fn start<A: Actor>(
        &mut self,
        ctx: &Context<Front<A>>,
    ) -> Result<(), SpawnErrorKind> {
        let (parent, child) = (ctx.as_parent(), self.id());
        let on_started: OnStarted = Box::new(move |life, outcome| {
            parent.signal(ChildSignal {
                child,
                life,
                event: ChildEvent::Started(outcome),
            });
        });
        if self.life > 0 {
            let reason = self.child.last_exit();
            let restarted = EventKind::Restarted { reason };
            let events = &ctx.kernel().events;
            events.publish(self.child.identity(), self.life + 1, restarted);
        }
        self.state = SlotState::Starting;
        let child = Arc::clone(&self.child);
        self.life = child.launch(ctx.as_parent(), Kept::ByParent, on_started)?;
        Ok(())
    }
}
