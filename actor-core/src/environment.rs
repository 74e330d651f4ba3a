//! Values that actors inherit from whoever spawns them: Node's environment data.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A snapshot is one reference count; a change copies the map, so that nobody else sees it.
#[derive(Clone, Default)]
pub(crate) struct Environment {
    values: Arc<BTreeMap<String, Arc<dyn Any + Send + Sync>>>,
}

impl Environment {
    pub(crate) fn set<T: Send + Sync + 'static>(&mut self, key: String, value: T) {
        Arc::make_mut(&mut self.values).insert(key, Arc::new(value));
    }

    pub(crate) fn remove(&mut self, key: &str) {
        Arc::make_mut(&mut self.values).remove(key);
    }

    pub(crate) fn get<T: Send + Sync + 'static>(&self, key: &str) -> Option<Arc<T>> {
        Arc::clone(self.values.get(key)?).downcast().ok()
    }
}
