//! What a supervisor is to do: its children, and how much it bears.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use crate::actor::Actor;
use crate::policy::Restart;
use crate::spec::Spec;
use crate::tree::Kept;

use super::child_spec::ChildSpec;
use super::strategy::{AutoShutdown, Strategy};

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
    pub(super) strategy: Strategy,
    pub(super) auto_shutdown: AutoShutdown,
    pub(super) children: Vec<ChildSpec>,
    pub(super) limit: usize,
    pub(super) period: Duration,
    pub(super) max_abandoned: Option<usize>,
}

impl Supervision {
    pub(super) fn new(strategy: Strategy) -> Self {
        Supervision {
            strategy,
            auto_shutdown: AutoShutdown::default(),
            children: Vec::new(),
            limit: 1,
            period: Duration::from_secs(5),
            max_abandoned: None,
        }
    }

    /// Adds a child. Children start in the order in which they are added, each when the one before
    /// has started, and stop in reverse. The name of the spec is the child's id in the supervisor,
    /// so it must be another for each child.
    ///
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
        let spec = ChildSpec::from(spec);
        spec.child.keep(Kept::ByPlan);
        self.children.push(spec);
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

    /// Whether the supervisor ends when significant children do. See [`AutoShutdown`] for an example.
    pub fn auto_shutdown(mut self, auto_shutdown: AutoShutdown) -> Self {
        self.auto_shutdown = auto_shutdown;
        self
    }

    /// What must hold before anything starts and does not, here and in the plans of supervisors
    /// below.
    pub(super) fn mistakes(&self, system: u64) -> Vec<String> {
        let mut mistakes = Vec::new();
        if self.period.is_zero() {
            mistakes.push(
                "the period of its intensity is zero, and restarts need some time to count in"
                    .to_owned(),
            );
        }
        if self.strategy == Strategy::SimpleOneForOne {
            if !self.children.is_empty() {
                mistakes.push(
                    "simple_one_for_one has children in its plan: start them with start_child"
                        .to_owned(),
                );
            }
            if self.auto_shutdown != AutoShutdown::Never {
                mistakes.push("simple_one_for_one has no automatic shutdown".to_owned());
            }
        }
        let mut ids = BTreeSet::new();
        for child in &self.children {
            if !ids.insert(child.id()) {
                mistakes.push(format!(
                    "{} has the id of another child, {:?}: give each a name of its own with \
                     Spec::name",
                    child.child.identity(),
                    child.id(),
                ));
            }
            let of_child = [
                foreign(child, system),
                combination(child, self.auto_shutdown),
            ];
            mistakes.extend(of_child.into_iter().flatten());
            let below = child.child.mistakes().into_iter();
            mistakes
                .extend(below.map(|mistake| format!("in {}: {mistake}", child.child.identity())));
        }
        mistakes
    }
}

/// What is wrong where the child's spec was made from another system.
pub(super) fn foreign(child: &ChildSpec, system: u64) -> Option<String> {
    (child.child.system() != system).then(|| {
        let child = child.child.identity();
        format!("the spec of {child} was made from another system: make it from the supervisor's")
    })
}

/// What is wrong where a significant child cannot be one.
pub(super) fn combination(child: &ChildSpec, auto_shutdown: AutoShutdown) -> Option<String> {
    let why = match (child.significant, auto_shutdown, child.restart) {
        (true, AutoShutdown::Never, _) => "its supervisor has no automatic shutdown",
        (true, _, Restart::Permanent) => "it is permanent, so it never ends for good",
        _ => return None,
    };
    Some(format!(
        "{} cannot be significant: {why}",
        child.child.identity()
    ))
}

impl fmt::Debug for Supervision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let children = self.children.iter().map(|spec| spec.child.identity());
        f.debug_struct("Supervision")
            .field("strategy", &self.strategy)
            .field("children", &children.collect::<Vec<_>>())
            .field("limit", &self.limit)
            .field("period", &self.period)
            .finish()
    }
}
