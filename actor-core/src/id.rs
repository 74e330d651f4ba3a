//! Who an actor is: the number and the name that belong to it over all its lives.

use std::fmt;
use std::num::NonZeroU64;
use std::sync::Arc;

/// The number of an actor, unique within its system and never used again.
///
/// Ids are counted from 1 in the order in which actors are declared.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// let system = System::new("ids")?;
/// let first = system.spawn::<Counter>(0)?;
/// let second = system.spawn::<Counter>(0)?;
/// assert!(first.id() < second.id());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ActorId(NonZeroU64);

impl ActorId {
    pub(crate) fn new(number: NonZeroU64) -> Self {
        ActorId(number)
    }

    /// The id as a number.
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl fmt::Debug for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Name and id of an actor, as errors, events and snapshots give them: `counter#3`.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// # let system = System::new("ids")?;
/// let counter = system.spec::<Counter>(0).name("visitors").spawn()?;
/// let identity = counter.snapshot().actor;
/// assert_eq!((identity.name(), identity.id().get()), ("visitors", 1));
/// assert_eq!(identity.to_string(), "visitors#1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Identity {
    name: Arc<str>,
    id: ActorId,
}

impl Identity {
    pub(crate) fn new(name: &str, id: ActorId) -> Self {
        Identity {
            name: Arc::from(name),
            id,
        }
    }

    /// The name it was given, or the name of its type.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its id.
    pub fn id(&self) -> ActorId {
        self.id
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.name, self.id)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The last segment of the type's path, without generics.
pub(crate) fn type_name<A>() -> &'static str {
    let path = std::any::type_name::<A>();
    let path = path.split('<').next().unwrap_or(path);
    path.rsplit("::").next().unwrap_or(path)
}
