//! Which life of which actor the calling thread is.

use std::cell::{Cell, RefCell};

use crate::graph::Waiter;
use crate::id::ActorId;
use crate::lineage::Lineage;

thread_local! {
    static CURRENT: Cell<Option<Current>> = const { Cell::new(None) };
    static ROOT_OF: Cell<Option<u64>> = const { Cell::new(None) };
    static WAITER: RefCell<Option<Waiter>> = const { RefCell::new(None) };
    static LINEAGE: RefCell<Option<Lineage>> = const { RefCell::new(None) };
}

#[derive(Clone, Copy)]
struct Current {
    system: u64,
    actor: ActorId,
}

/// Makes the calling thread a life, for good.
pub(crate) fn enter(system: u64, waiter: Waiter, lineage: Lineage) {
    CURRENT.set(Some(Current {
        system,
        actor: waiter.identity.id(),
    }));
    WAITER.set(Some(waiter));
    LINEAGE.set(Some(lineage));
}

/// Makes the calling thread the root thread of a system, for good.
pub(crate) fn enter_root(system: u64) {
    ROOT_OF.set(Some(system));
}

/// Whether the calling thread is an actor's or the root thread of the system numbered `system`.
pub(crate) fn is_inside(system: u64) -> bool {
    ROOT_OF.get() == Some(system) || actor_of(system).is_some()
}

/// The actor of the system numbered `system` that the calling thread is; none on other threads.
#[inline]
pub(crate) fn actor_of(system: u64) -> Option<ActorId> {
    CURRENT
        .get()
        .filter(|current| current.system == system)
        .map(|current| current.actor)
}

/// The life of the system numbered `system` that the calling thread is; none on other threads.
pub(crate) fn waiter_of(system: u64) -> Option<Waiter> {
    actor_of(system)?;
    // Destructors of other thread-locals may come after this one's.
    WAITER.try_with(|waiter| waiter.borrow().clone()).ok()?
}

/// Whether the calling thread is a life of a descendant of `actor` in the system numbered `system`.
pub(crate) fn descends_from(system: u64, actor: ActorId) -> bool {
    let descends = |lineage: &RefCell<Option<Lineage>>| {
        let lineage = lineage.borrow();
        lineage.as_ref().is_some_and(|it| it.contains(actor))
    };
    // Destructors of other thread-locals may come after this one's.
    actor_of(system).is_some() && LINEAGE.try_with(descends).unwrap_or(false)
}

/// Whether the calling thread is an actor's.
pub(crate) fn is_actor() -> bool {
    CURRENT.get().is_some()
}

/// The life that the calling thread is, of whichever system; none on other threads.
#[cfg(feature = "logs")]
pub(crate) fn life() -> Option<Waiter> {
    // Destructors of other thread-locals may come after this one's.
    WAITER.try_with(|waiter| waiter.borrow().clone()).ok()?
}
