//! Names by which actors are found: unique in a system, freed at the actor's end.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use crate::id::Identity;
use crate::rt::lock;

#[derive(Default)]
pub(crate) struct Registry {
    entries: Mutex<BTreeMap<String, Entry>>,
}

struct Entry {
    actor: Identity,
    /// The actor's cell, whose type knows its messages.
    cell: Arc<dyn Any + Send + Sync>,
}

impl Registry {
    /// Gives the actor its name; who has it already, if somebody else does.
    pub(crate) fn claim(
        &self,
        actor: &Identity,
        cell: Arc<dyn Any + Send + Sync>,
    ) -> Result<(), Identity> {
        let mut entries = lock(&self.entries);
        match entries.get(actor.name()) {
            Some(entry) if entry.actor != *actor => Err(entry.actor.clone()),
            Some(_) => Ok(()),
            None => {
                let entry = Entry {
                    actor: actor.clone(),
                    cell,
                };
                entries.insert(actor.name().to_owned(), entry);
                Ok(())
            }
        }
    }

    /// Frees the actor's name, if it has one.
    pub(crate) fn free(&self, actor: &Identity) {
        let mut entries = lock(&self.entries);
        let freed = match entries.get(actor.name()) {
            Some(entry) if entry.actor == *actor => entries.remove(actor.name()),
            _ => None,
        };
        drop(entries);
        drop(freed);
    }

    /// The cell of type `C` that is registered as `name`.
    pub(crate) fn find<C: Any + Send + Sync>(&self, name: &str) -> Result<Arc<C>, LookupError> {
        let entries = lock(&self.entries);
        let error = |actor| LookupError {
            name: name.to_owned(),
            actor,
        };
        let entry = entries.get(name).ok_or_else(|| error(None))?;
        let other = |_| error(Some(entry.actor.clone()));
        Arc::clone(&entry.cell).downcast().map_err(other)
    }
}

/// A name by which no actor with such messages was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupError {
    name: String,
    actor: Option<Identity>,
}

impl LookupError {
    /// The name that was looked up.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The actor of that name, if there is one: it takes other messages.
    pub fn actor(&self) -> Option<&Identity> {
        self.actor.as_ref()
    }
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.actor {
            Some(actor) => write!(f, "{actor} takes other messages than those looked for"),
            None => write!(f, "no actor is registered as {:?}", self.name),
        }
    }
}

impl std::error::Error for LookupError {}
