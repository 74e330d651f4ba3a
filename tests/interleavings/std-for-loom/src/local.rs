//! `std`'s thread-locals over loom's, which have fewer methods.

#[path = "../../std/cells.rs"]
mod cells;

use std::marker::PhantomData;

use loom::thread::AccessError;

pub struct LocalKey<T: 'static>(loom::thread::LocalKey<T>);

impl<T: 'static> LocalKey<T> {
    pub const fn new(init: fn() -> T) -> Self {
        LocalKey(loom::thread::LocalKey {
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
