//! Whom a life descends from.

use std::sync::Arc;

use crate::id::ActorId;

/// The chain of a life's parents, the nearest first; the root is not in it.
#[derive(Clone, Default)]
pub(crate) struct Lineage(Option<Arc<Generation>>);

struct Generation {
    parent: ActorId,
    above: Lineage,
}

impl Lineage {
    /// Of the children of an actor that has this lineage.
    pub(crate) fn below(&self, parent: ActorId) -> Lineage {
        Lineage(Some(Arc::new(Generation {
            parent,
            above: self.clone(),
        })))
    }

    pub(crate) fn contains(&self, actor: ActorId) -> bool {
        let mut next = self;
        while let Some(generation) = &next.0 {
            if generation.parent == actor {
                return true;
            }
            next = &generation.above;
        }
        false
    }
}
