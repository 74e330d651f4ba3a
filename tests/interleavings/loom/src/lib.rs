//! The primitives of the library in all their interleavings, with the memory orders that they ask
//! for: under loom, a relaxed load may give an old value, as on real hardware.
//!
//! What is tested are the library's own source files. Each of them compiles here as it is, with a
//! `std` whose locks, atomics and threads are loom's (see `std-for-loom`).
#![cfg(test)]

#[path = "../../../../actor-core/src"]
#[allow(
    dead_code,
    unused_imports,
    reason = "the rest of the library uses the rest"
)]
mod library {
    pub(crate) mod bell;
    pub(crate) mod crowd;
    pub(crate) mod current;
    pub(crate) mod depth;
    pub(crate) mod graph;
    pub(crate) mod id;
    pub(crate) mod lineage;
    pub(crate) mod mailbox;
    pub(crate) mod oneshot;
    pub(crate) mod panic;
    pub(crate) mod protocol;
    pub(crate) mod rt;
    pub(crate) mod shared;
    pub(crate) mod unwind;
}

// Where the sources look for each other.
pub(crate) use library::{
    bell, crowd, current, depth, graph, id, lineage, mailbox, oneshot, panic, protocol, rt, shared,
    unwind,
};

/// A message on its way. The mailbox never looks into it.
mod envelope {
    pub(crate) struct Envelope<M>(pub(crate) M);
}

mod tests;
