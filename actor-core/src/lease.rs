//! What a life holds that others want too: a port to receive from, a named lock.

/// The record of a lease, in the cell of the actor whose life has it.
pub(crate) trait Lease: Send + Sync {
    /// The life has ended, or was left behind, or lets go.
    fn end(&self);

    /// The life was told to end, while it runs: it is to wait for nothing that may take long.
    fn told_to_end(&self) {}
}

/// The number of a lease, among all of its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LeaseKey {
    Port(u64),
    Lock(u64),
    /// On the tasks of its pool.
    Pool,
}

/// How a life stands that wants a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It runs, or is in its `stopping`.
    Running,
    /// It was told to end, and is in its `start` or a handler still.
    ToldToEnd,
    /// It has no say any more.
    Over,
}
