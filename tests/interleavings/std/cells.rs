//! What thread-locals that are cells can do, whoever schedules the threads.

use std::cell::{Cell, RefCell};

use super::LocalKey;

impl<T: 'static> LocalKey<Cell<T>> {
    pub fn get(&'static self) -> T
    where
        T: Copy,
    {
        self.with(Cell::get)
    }

    pub fn set(&'static self, value: T) {
        self.with(|cell| cell.set(value));
    }
}

impl<T: 'static> LocalKey<RefCell<T>> {
    pub fn set(&'static self, value: T) {
        self.with(|cell| drop(cell.replace(value)));
    }
}
