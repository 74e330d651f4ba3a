//! Values that actors inherit from whoever spawns them: Node's environment data.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::unwind::drop_contained;

type Value = Arc<dyn Any + Send + Sync>;

/// A snapshot is one reference count; a change copies the map, so that nobody else sees it.
#[derive(Clone, Default)]
pub(crate) struct Environment {
    /// None is empty.
    values: Option<Arc<BTreeMap<String, Value>>>,
}

impl Environment {
    /// Gives the old value back, whose destructor is user code.
    #[must_use]
    pub(crate) fn set(&mut self, key: String, value: Value) -> Option<Value> {
        Arc::make_mut(self.values.get_or_insert_default()).insert(key, value)
    }

    /// Gives the value back, whose destructor is user code.
    #[must_use]
    pub(crate) fn remove(&mut self, key: &str) -> Option<Value> {
        Arc::make_mut(self.values.as_mut()?).remove(key)
    }

    pub(crate) fn get<T: Send + Sync + 'static>(&self, key: &str) -> Option<Arc<T>> {
        let value = self.values.as_ref()?.get(key)?;
        Arc::clone(value).downcast().ok()
    }
}

/// The last copy goes with the record of an actor, wherever that is let go of.
impl Drop for Environment {
    fn drop(&mut self) {
        let _ = drop_contained(self.values.take());
    }
}
