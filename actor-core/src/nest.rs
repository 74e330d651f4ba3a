//! One life of an actor as the parent of its children.

use std::sync::Arc;

use crate::cell::Cell;
use crate::error::SpawnErrorKind;
use crate::id::{ActorId, Identity};
use crate::lineage::Lineage;
use crate::protocol::Protocol;
use crate::signal::ChildSignal;
use crate::tree::{Child, Parent};

/// Children belong to a life: once it has ended, or was left behind, nothing is adopted any more.
pub(crate) struct Nest<M: Protocol> {
    cell: Arc<Cell<M>>,
    life: u64,
}

impl<M: Protocol> Nest<M> {
    pub(crate) fn new(cell: Arc<Cell<M>>, life: u64) -> Self {
        Nest { cell, life }
    }
}

impl<M: Protocol> Parent for Nest<M> {
    fn adopt(&self, child: Arc<dyn Child>) -> Result<(), SpawnErrorKind> {
        self.cell.adopt(self.life, child)
    }

    fn forget(&self, child: ActorId) -> Option<Arc<dyn Child>> {
        self.cell.forget(self.life, child)
    }

    fn signal(&self, signal: ChildSignal) {
        self.cell.signal_of(self.life, signal);
    }

    fn identity(&self) -> Option<Identity> {
        Some(self.cell.identity.clone())
    }

    fn is_current(&self) -> bool {
        self.cell.state_of(self.life).is_some()
    }

    fn lineage(&self) -> Lineage {
        self.cell.state().lineage.below(self.cell.identity.id())
    }
}
