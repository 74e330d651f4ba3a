//! `std`'s thread-locals over shuttle's, which have fewer methods.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;

use shuttle::thread::AccessError;

pub struct LocalKey<T: 'static>(shuttle::thread::LocalKey<T>);

impl<T: 'static> LocalKey<T> {
    pub const fn new(init: fn() -> T) -> Self {
        LocalKey(shuttle::thread::LocalKey {
            init,
            _p: PhantomData,
        })
    }

    pub fn with<R>(&'static self, with: impl FnOnce(&T) -> R) -> R {
        self.0.with(with)
    }

    pub fn try_with<R>(&'static self, with: impl FnOnce(&T) -> R) -> Result<R, AccessError> {
        self.0.try_with(with)
    }
}

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
