//! A lock that is held.

use std::fmt;

use super::claim::Owned;
use super::error::LockError;
use super::table::Lost;

/// The hold of a lock; dropped, it is let go.
///
/// It belongs to the life that acquired it, wherever it is moved, and ends with that life at the
/// latest: also where the life fails, is terminated, or is left behind. What a plain thread acquired
/// lasts until it is dropped.
///
/// ```
/// # let system = actor_core::System::new("locks")?;
/// let guard = system.lock("ledger").acquire()?;
/// assert_eq!((guard.name(), guard.is_shared(), guard.is_held()), ("ledger", false, true));
/// let thief = system.lock("ledger").steal()?;
/// assert!(thief.is_held() && !guard.is_held());
/// assert!(guard.release().is_err()); // it had been stolen
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "the lock is let go when this is dropped"]
pub struct LockGuard {
    owned: Owned,
}

impl LockGuard {
    pub(super) fn new(owned: Owned) -> Self {
        LockGuard { owned }
    }

    /// The lock's name.
    pub fn name(&self) -> &str {
        &self.owned.claim.slot.name
    }

    /// Whether others may hold it at the same time.
    pub fn is_shared(&self) -> bool {
        self.owned.claim.slot.shared
    }

    /// Whether it has not been [stolen](super::LockRequest::steal), and the life that acquired it has
    /// not ended. Who works long under a lock that others may steal looks here.
    pub fn is_held(&self) -> bool {
        let claim = &self.owned.claim;
        claim.kernel.locks.holds(&claim.slot)
    }

    /// Lets go of the lock, and says whether it was held until now: work that was done under it may
    /// be worth nothing otherwise.
    ///
    /// # Errors
    /// If it had been stolen, or the life that acquired it had ended.
    pub fn release(self) -> Result<(), LockError> {
        let claim = &self.owned.claim;
        claim.kernel.rt.point();
        claim
            .kernel
            .rt
            .note(|| format!("lets go of the lock {:?}", self.name()));
        if claim.kernel.locks.leave(&claim.kernel.graph, &claim.slot) {
            return Ok(());
        }
        let lost = claim.slot.lost().unwrap_or(Lost::Cancelled);
        Err(LockError::new(self.name(), lost))
    }
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        // It may be dropped by any thread, also one that a simulation does not know.
        self.owned.claim.kernel.rt.glance();
    }
}

impl fmt::Debug for LockGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LockGuard")
            .field("name", &self.name())
            .field("shared", &self.is_shared())
            .field("held", &self.is_held())
            .finish()
    }
}
