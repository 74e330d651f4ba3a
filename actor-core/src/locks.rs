//! Locks by name within a system: Node's `locks.request`.

mod claim;
mod error;
mod guard;
mod query;
mod request;
mod table;

pub use error::{LockError, LockErrorKind};
pub use guard::LockGuard;
pub use query::{LockInfo, LockOwner, Locks};
pub use request::{LockFuture, LockRequest};
pub(crate) use table::LockTable;
