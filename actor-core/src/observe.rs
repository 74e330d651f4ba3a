//! Looking at a running system.

#[cfg(feature = "logs")]
pub(crate) mod logs;
pub(crate) mod snapshot;
