//! What a supervisor is to do: its children, and how much it bears.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::actor::Actor;
use crate::failure::Failure;
use crate::policy::Restart;
use crate::spec::Spec;
use crate::tree::Child;

/// The plan of a [`Supervisor`](super::Supervisor): its arguments.
///
/// It lasts over the supervisor's own restarts: a new life starts the same children again, with
/// their arguments, ids and handles.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// let system = System::new("shop")?;
/// let plan = Supervisor::one_for_one()
///     .child(system.spec::<Counter>(0).name("visitors"))
///     .child(system.spec::<Counter>(0).name("sales").restart(Restart::Transient));
/// let supervisor = system.spec::<Supervisor>(plan).name("counters").spawn()?;
/// assert_eq!(supervisor.name(), "counters");
/// assert_eq!(supervisor.snapshot().children.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a plan does nothing until a supervisor is spawned with it"]
pub struct Supervision {
    pub(super) children: Vec<(Arc<dyn Child>, Restart)>,
    pub(super) limit: usize,
    pub(super) period: Duration,
    pub(super) max_abandoned: Option<usize>,
}

impl Supervision {
    pub(super) fn new() -> Self {
        Supervision {
            children: Vec::new(),
            limit: 1,
            period: Duration::from_secs(5),
            max_abandoned: None,
        }
    }

    /// Adds a child. Children start in the order in which they are added, each when the one before
    /// has started, and stop in reverse.
    /// A supervisor is a child like any other:
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # let system = System::new("shop")?;
    /// let mut counter = system.spec::<Counter>(0);
    /// let visitors = counter.handle();
    /// let inner = Supervisor::one_for_one().child(counter);
    /// let outer = Supervisor::one_for_one().child(system.spec::<Supervisor>(inner));
    /// system.spawn::<Supervisor>(outer)?;
    /// assert_eq!(visitors.add(1).ask()?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn child<A: Actor>(mut self, spec: Spec<A>) -> Self {
        self.children.push(spec.into_child());
        self
    }

    /// Adds children of one type, in their order.
    pub fn children<A: Actor>(self, specs: impl IntoIterator<Item = Spec<A>>) -> Self {
        specs.into_iter().fold(self, Self::child)
    }

    /// How many restarts the supervisor bears: with more than `limit` within `period`, over all
    /// its children, it stops them all and gives up: it ends with
    /// [`ExitReason::Shutdown`](crate::ExitReason::Shutdown), which says why. The default is
    /// OTP's, 1 in 5 seconds. With a `period` of zero the supervisor does not start.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # use std::time::Duration;
    /// # std::panic::set_hook(Box::new(|_| {}));
    /// # let system = System::new("shop")?;
    /// let mut counter = system.spec::<Counter>(0);
    /// let handle = counter.handle();
    /// let plan = Supervisor::one_for_one().intensity(0, Duration::from_secs(5)).child(counter);
    /// let supervisor = system.spawn::<Supervisor>(plan)?;
    /// assert!(handle.divide(0).ask().is_err());
    /// assert!(supervisor.join().to_string().starts_with("shutdown: gave up on Counter#1"));
    /// assert!(!handle.is_alive());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn intensity(mut self, limit: usize, period: Duration) -> Self {
        self.limit = limit;
        self.period = period;
        self
    }

    /// How many threads of its children that were left behind and still run the supervisor bears:
    /// with more than `limit` it gives up, as with too many restarts. There is no bound unless
    /// this is called.
    pub fn max_abandoned(mut self, limit: usize) -> Self {
        self.max_abandoned = Some(limit);
        self
    }

    /// What must hold before anything starts.
    pub(super) fn check(&self, system: u64) -> Result<(), Failure> {
        let foreign = |child: &&Arc<dyn Child>| child.system() != system;
        if let Some(child) = self.children.iter().map(|(child, _)| child).find(foreign) {
            let child = child.identity();
            Err(format!(
                "the spec of {child} was made from another system: make it from the supervisor's"
            ))?;
        }
        if self.period.is_zero() {
            Err(
                "the period of a supervisor's intensity is zero: a restart needs some time to count in",
            )?;
        }
        Ok(())
    }
}

impl Drop for Supervision {
    fn drop(&mut self) {
        // Whoever waits for children of a plan that will not be carried out is told.
        for (child, _) in self.children.iter().rev() {
            child.finish();
        }
    }
}

impl fmt::Debug for Supervision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let children = self.children.iter().map(|(child, _)| child.identity());
        f.debug_struct("Supervision")
            .field("children", &children.collect::<Vec<_>>())
            .field("limit", &self.limit)
            .field("period", &self.period)
            .finish()
    }
}
