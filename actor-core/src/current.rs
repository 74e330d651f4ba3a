//! Which actor the calling thread is.

use std::cell::Cell;

use crate::id::ActorId;

thread_local! {
    static CURRENT: Cell<Option<Current>> = const { Cell::new(None) };
}

#[derive(Clone, Copy)]
struct Current {
    system: u64,
    actor: ActorId,
}

/// Makes the calling thread a life of `actor`, for good.
pub(crate) fn enter(system: u64, actor: ActorId) {
    CURRENT.set(Some(Current { system, actor }));
}

/// The actor of the system numbered `system` that the calling thread is; none on other threads.
pub(crate) fn actor_of(system: u64) -> Option<ActorId> {
    CURRENT
        .get()
        .filter(|current| current.system == system)
        .map(|current| current.actor)
}

/// Whether the calling thread is an actor's.
pub(crate) fn is_actor() -> bool {
    CURRENT.get().is_some()
}
