//! What a child's parent does about its ends.

use std::time::Duration;

use crate::exit::ExitReason;

/// How long an actor may take to stop, once its parent or the system orders it, before its
/// thread is left behind. OTP's `shutdown`.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// # use std::time::Duration;
/// # let system = System::new("shop")?;
/// let patience = Shutdown::Timeout(Duration::from_secs(60)); // it has much to write out
/// let counter = system.spec::<Counter>(0).shutdown(patience).spawn()?;
/// system.shutdown()?; // takes no longer than it needs
/// assert!(!counter.is_alive());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// So long. The default is 5 seconds, as in OTP.
    Timeout(Duration),
    /// As long as it takes; the default for supervisors. The system's own bound still holds.
    Infinity,
    /// No time at all: it is not told, but left behind at once, an idle one too, without
    /// `stopping`. Its thread leaves when its handler returns; a system's shutdown names it if it
    /// still runs at the end. OTP's `brutal_kill`.
    Brutal,
}

impl Shutdown {
    /// OTP's default for workers.
    pub(crate) const WORKER: Shutdown = Shutdown::Timeout(Duration::from_secs(5));
}

impl Default for Shutdown {
    fn default() -> Self {
        Shutdown::WORKER
    }
}

/// Which ends of a child its supervisor restarts it after: OTP's restart types.
///
/// | | normal end, shutdown | any other end |
/// |---|---|---|
/// | `Permanent` | restart | restart |
/// | `Transient` | stays stopped | restart |
/// | `Temporary` | removed | removed |
///
/// A child that was told to stop, through its handle or by its supervisor, is not restarted
/// whatever its type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Restart {
    /// Always.
    #[default]
    Permanent,
    /// Only after an abnormal end.
    Transient,
    /// Never; the supervisor forgets it.
    Temporary,
}

impl Restart {
    /// Whether a child of this type that ended by itself for `reason` is restarted.
    ///
    /// ```
    /// use actor_core::{ExitReason, Restart};
    ///
    /// assert!(Restart::Permanent.applies_to(&ExitReason::Normal));
    /// assert!(!Restart::Transient.applies_to(&ExitReason::Normal));
    /// assert!(Restart::Transient.applies_to(&ExitReason::Code(1)));
    /// assert!(!Restart::Temporary.applies_to(&ExitReason::Code(1)));
    /// ```
    pub fn applies_to(self, reason: &ExitReason) -> bool {
        match self {
            Restart::Permanent => true,
            Restart::Transient => !reason.is_normal(),
            Restart::Temporary => false,
        }
    }
}
