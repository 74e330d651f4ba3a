//! The tree of a system at one moment.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::cell::{Cell, Phase};
use crate::events::DeadLetterCause;
use crate::exit::ExitReason;
use crate::id::Identity;
use crate::protocol::Protocol;

/// Where an actor is in its life.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// use actor_core::ActorState;
///
/// let system = System::new("states")?;
/// let mut spec = system.spec::<Counter>(0);
/// let counter = spec.handle();
/// assert_eq!(counter.snapshot().state, ActorState::Declared);
/// spec.spawn()?;
/// assert_eq!(counter.snapshot().state, ActorState::Running);
/// counter.stop();
/// counter.join();
/// assert_eq!(counter.snapshot().state, ActorState::Ended);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum ActorState {
    /// Declared and not started yet.
    Declared,
    /// In its `start`.
    Starting,
    /// Handling messages, or waiting for one.
    Running,
    /// Coming to its end: its children stop, `stopping` runs, the state is dropped.
    Stopping,
    /// A life has ended; its supervisor decides about the next.
    Down,
    /// Ended.
    Ended,
}

/// One actor, with its children in the order of their start.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// # std::panic::set_hook(Box::new(|_| {}));
/// # let system = System::new("shop")?;
/// let counter = system.spawn::<Counter>(0)?;
/// counter.add(2).ask()?;
/// assert!(counter.divide(0).ask().is_err());
/// counter.join();
/// let snapshot = counter.snapshot();
/// assert_eq!((snapshot.life, snapshot.handled), (1, 1));
/// assert!(matches!(snapshot.last_failure, Some(ExitReason::Panicked(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ActorSnapshot {
    /// Who.
    pub actor: Identity,
    /// Where it is in its life.
    pub state: ActorState,
    /// How many lives it has had, the running one included.
    pub life: u64,
    /// Messages accepted and not yet begun.
    pub mailbox: usize,
    /// How many may be; none if unbounded.
    pub capacity: Option<usize>,
    /// Messages handled to their end, over all lives.
    pub handled: u64,
    /// Messages that became dead letters, by cause, over all lives.
    pub dead_letters: BTreeMap<DeadLetterCause, u64>,
    /// How the last life that failed did.
    pub last_failure: Option<ExitReason>,
    /// Its children.
    pub children: Vec<ActorSnapshot>,
}

/// A system at one moment. It prints as a tree.
///
/// Each actor is looked at in turn, so two actors may be shown at slightly different times.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// let system = System::new("shop")?;
/// let counter = system.spec::<Counter>(0).name("visitors").spawn()?;
/// counter.add(2).ask()?;
/// let tree = system.snapshot();
/// assert_eq!(tree.actors[0].life, 1);
/// assert!(tree.to_string().starts_with("shop\n└─ visitors#1 running"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Snapshot {
    /// The system's name.
    pub system: String,
    /// The actors of the top level, in the order of their start.
    pub actors: Vec<ActorSnapshot>,
}

impl Snapshot {
    /// All actors of the tree, parents before their children.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # let system = System::new("shop")?;
    /// let visitors = system.spec::<Counter>(0).name("visitors");
    /// let sales = system.spec::<Counter>(0).name("sales");
    /// system.spawn::<Supervisor>(Supervisor::one_for_one().child(visitors).child(sales))?;
    /// let tree = system.snapshot();
    /// let names: Vec<_> = tree.iter().map(|one| one.actor.name()).collect();
    /// assert_eq!(names, ["Supervisor", "visitors", "sales"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = &ActorSnapshot> {
        let mut left: Vec<&ActorSnapshot> = self.actors.iter().rev().collect();
        std::iter::from_fn(move || {
            let next = left.pop()?;
            left.extend(next.children.iter().rev());
            Some(next)
        })
    }
}

impl<M: Protocol> Cell<M> {
    pub(crate) fn snapshot(&self) -> ActorSnapshot {
        let (mut snapshot, children) = {
            let state = self.state();
            let snapshot = ActorSnapshot {
                actor: self.identity.clone(),
                state: (&state.phase).into(),
                life: state.life,
                mailbox: self.mailbox.depth(),
                capacity: self.mailbox.capacity(),
                handled: state.handled,
                dead_letters: state.dead_letters.clone(),
                last_failure: state.last_failure.clone(),
                children: Vec::new(),
            };
            let children: Vec<_> = state.children.iter().map(Arc::clone).collect();
            (snapshot, children)
        };
        snapshot.children = children.iter().map(|child| child.snapshot()).collect();
        snapshot
    }
}

impl From<&Phase> for ActorState {
    fn from(phase: &Phase) -> Self {
        match phase {
            Phase::Declared => ActorState::Declared,
            Phase::Starting => ActorState::Starting,
            Phase::Running => ActorState::Running,
            Phase::Stopping | Phase::LeftBehind => ActorState::Stopping,
            Phase::Down => ActorState::Down,
            Phase::Ended(_) => ActorState::Ended,
        }
    }
}

impl fmt::Display for ActorState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ActorState::Declared => "declared",
            ActorState::Starting => "starting",
            ActorState::Running => "running",
            ActorState::Stopping => "stopping",
            ActorState::Down => "down",
            ActorState::Ended => "ended",
        })
    }
}

impl fmt::Display for ActorSnapshot {
    /// The actor without its children, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}, life {}", self.actor, self.state, self.life)?;
        match self.capacity {
            Some(capacity) => write!(f, ", mailbox {}/{capacity}", self.mailbox)?,
            None => write!(f, ", mailbox {}", self.mailbox)?,
        }
        write!(f, ", handled {}", self.handled)?;
        let lost: u64 = self.dead_letters.values().sum();
        if lost > 0 {
            write!(f, ", dead letters {lost}")?;
        }
        match &self.last_failure {
            Some(reason) => write!(f, ", last failure: {reason}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.system)?;
        branches(f, &self.actors, "")
    }
}

fn branches(f: &mut fmt::Formatter<'_>, actors: &[ActorSnapshot], indent: &str) -> fmt::Result {
    for (position, actor) in actors.iter().enumerate() {
        let (branch, below) = match position + 1 == actors.len() {
            true => ("└─ ", "   "),
            false => ("├─ ", "│  "),
        };
        write!(f, "\n{indent}{branch}{actor}")?;
        branches(f, &actor.children, &format!("{indent}{below}"))?;
    }
    Ok(())
}
