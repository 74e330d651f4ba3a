//! Why a lock is not held.

use std::error::Error;
use std::fmt;

use crate::graph::Cycle;

use super::query::LockOwner;
use super::table::Lost;

/// A lock that was not acquired, or is held no longer.
///
/// ```
/// use actor_core::LockErrorKind;
///
/// # let system = actor_core::System::new("locks")?;
/// let guard = system.lock("ledger").acquire()?;
/// let error = system.lock("ledger").try_acquire().unwrap_err();
/// assert_eq!(error.kind(), LockErrorKind::Held);
/// # let thread = error.owners()[0].to_string();
/// assert_eq!(error.to_string(), format!("the lock \"ledger\" is held by {thread}"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct LockError {
    name: String,
    kind: LockErrorKind,
    owners: Vec<LockOwner>,
    cycle: Option<Cycle>,
}

/// Why a lock is not held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockErrorKind {
    /// Others hold it or wait for it, and the call does not wait.
    Held,
    /// Others held it until the deadline.
    Timeout,
    /// Whoever holds it waits for the caller, or is the caller.
    Deadlock,
    /// The life was told to end while it waited, or has no say any more.
    Cancelled,
    /// Another has taken it away.
    Stolen,
}

impl LockError {
    pub(super) fn new(name: &str, lost: Lost) -> Self {
        let (kind, owners, cycle) = match lost {
            Lost::Held(owners) => (LockErrorKind::Held, owners, None),
            Lost::TimedOut(owners) => (LockErrorKind::Timeout, owners, None),
            Lost::Deadlock(cycle) => (LockErrorKind::Deadlock, Vec::new(), Some(cycle)),
            Lost::Cancelled => (LockErrorKind::Cancelled, Vec::new(), None),
            Lost::Stolen(by) => (LockErrorKind::Stolen, vec![by], None),
        };
        LockError {
            name: name.to_owned(),
            kind,
            owners,
            cycle,
        }
    }

    /// The lock's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why it is not held.
    pub fn kind(&self) -> LockErrorKind {
        self.kind
    }

    /// Who holds it, for [`Held`](LockErrorKind::Held) and [`Timeout`](LockErrorKind::Timeout); who
    /// took it, for [`Stolen`](LockErrorKind::Stolen).
    pub fn owners(&self) -> &[LockOwner] {
        &self.owners
    }

    /// Who would have waited for whom, for [`LockErrorKind::Deadlock`].
    pub fn cycle(&self) -> Option<&Cycle> {
        self.cycle.as_ref()
    }
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        let owners: Vec<String> = self.owners.iter().map(ToString::to_string).collect();
        let by = match owners.is_empty() {
            true => "others, who wait for it".to_owned(),
            false => owners.join(" and "),
        };
        match (self.kind, &self.cycle) {
            (LockErrorKind::Held, _) => write!(f, "the lock {name:?} is held by {by}"),
            (LockErrorKind::Timeout, _) => {
                write!(
                    f,
                    "the lock {name:?} was not free in time: it is held by {by}"
                )
            }
            (LockErrorKind::Deadlock, Some(cycle)) => {
                write!(
                    f,
                    "waiting for the lock {name:?} would be a deadlock: {cycle}"
                )
            }
            (LockErrorKind::Deadlock, None) => {
                write!(f, "waiting for the lock {name:?} would be a deadlock")
            }
            (LockErrorKind::Cancelled, _) => {
                write!(
                    f,
                    "the wait for the lock {name:?} is over: the actor was told to end"
                )
            }
            (LockErrorKind::Stolen, _) => write!(f, "the lock {name:?} was taken away by {by}"),
        }
    }
}

impl Error for LockError {}
