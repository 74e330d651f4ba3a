//! Where actors are found: by their ids, and by names, which are unique in a system. Both are freed
//! at the actor's end.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use crate::id::{ActorId, Identity};
use crate::lease::{Lease, LeaseKey, Standing};
use crate::rt::lock;

/// An actor's cell, whose type knows its messages.
pub(crate) trait Registered: Any + Send + Sync {
    fn identity(&self) -> &Identity;

    /// Keeps the record of a lease of `life`.
    fn keep_lease(&self, life: u64, key: LeaseKey, lease: Arc<dyn Lease>) -> Standing;

    /// Ends a lease of `life`, if its record is kept.
    fn end_lease(&self, life: u64, key: LeaseKey);
}

#[derive(Default)]
pub(crate) struct Registry {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    actors: BTreeMap<ActorId, Arc<dyn Registered>>,
    names: BTreeMap<String, ActorId>,
}

impl Registry {
    /// Makes the actor known, by its name too if it is `named`; who has that name already, if
    /// somebody else does.
    pub(crate) fn claim(&self, cell: Arc<dyn Registered>, named: bool) -> Result<(), Identity> {
        let mut entries = lock(&self.entries);
        let actor = cell.identity();
        let id = actor.id();
        if named {
            let holder = entries.names.get(actor.name()).copied();
            let holder = holder.filter(|holder| *holder != id);
            if let Some(other) = holder.and_then(|holder| entries.actors.get(&holder)) {
                return Err(other.identity().clone());
            }
            entries.names.insert(actor.name().to_owned(), id);
        }
        entries.actors.entry(id).or_insert(cell);
        Ok(())
    }

    /// Frees the actor's id, and its name if it has one.
    pub(crate) fn free(&self, actor: &Identity) {
        let mut entries = lock(&self.entries);
        if entries.names.get(actor.name()) == Some(&actor.id()) {
            entries.names.remove(actor.name());
        }
        let freed = entries.actors.remove(&actor.id());
        drop(entries);
        drop(freed);
    }

    /// The cell of type `C` that is registered as `name`.
    pub(crate) fn find<C: Registered>(&self, name: &str) -> Result<Arc<C>, LookupError> {
        let id = lock(&self.entries).names.get(name).copied();
        self.find_as(id, Wanted::Name(name.to_owned()))
    }

    /// The cell of type `C` of the actor with this id.
    pub(crate) fn find_id<C: Registered>(&self, id: ActorId) -> Result<Arc<C>, LookupError> {
        self.find_as(Some(id), Wanted::Id(id))
    }

    fn find_as<C: Registered>(
        &self,
        id: Option<ActorId>,
        wanted: Wanted,
    ) -> Result<Arc<C>, LookupError> {
        let Some(cell) = id.and_then(|id| self.get(id)) else {
            return Err(LookupError {
                wanted,
                actor: None,
            });
        };
        let actor = Some(cell.identity().clone());
        let cell: Arc<dyn Any + Send + Sync> = cell;
        cell.downcast().map_err(|_| LookupError { wanted, actor })
    }

    /// The cell of the actor with this id.
    pub(crate) fn get(&self, id: ActorId) -> Option<Arc<dyn Registered>> {
        lock(&self.entries).actors.get(&id).cloned()
    }
}

/// A name or an id by which no actor with such messages was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupError {
    wanted: Wanted,
    actor: Option<Identity>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    Name(String),
    Id(ActorId),
}

impl LookupError {
    /// The name that was looked up, unless it was an id.
    pub fn name(&self) -> Option<&str> {
        match &self.wanted {
            Wanted::Name(name) => Some(name),
            Wanted::Id(_) => None,
        }
    }

    /// The id that was looked up, unless it was a name.
    pub fn id(&self) -> Option<ActorId> {
        match self.wanted {
            Wanted::Name(_) => None,
            Wanted::Id(id) => Some(id),
        }
    }

    /// The actor of that name or id, if there is one: it takes other messages.
    pub fn actor(&self) -> Option<&Identity> {
        self.actor.as_ref()
    }
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.actor, &self.wanted) {
            (Some(actor), _) => write!(f, "{actor} takes other messages than those looked for"),
            (None, Wanted::Name(name)) => write!(f, "no actor is registered as {name:?}"),
            (None, Wanted::Id(id)) => {
                write!(
                    f,
                    "no actor has the id {id}: it has ended, or not started yet"
                )
            }
        }
    }
}

impl std::error::Error for LookupError {}
