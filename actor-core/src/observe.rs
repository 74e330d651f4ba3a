//! Looking at a running system.

pub(crate) mod snapshot;
