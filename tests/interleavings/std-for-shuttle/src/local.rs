//! `std`'s thread-locals over shuttle's, which have fewer methods.

#[path = "../../std/cells.rs"]
mod cells;

use std::marker::PhantomData;

use shuttle::thread::AccessError;

pub struct LocalKey<T: 'static>(shuttle::thread::LocalKey<T>);

/// shuttle itself may panic, when all threads wait: the library's panic hook looks at thread-locals.
fn is_in_thread() -> bool {
    shuttle::current::try_get_current_task().is_some()
}

impl<T: 'static> LocalKey<T> {
    pub const fn new(init: fn() -> T) -> Self {
        LocalKey(shuttle::thread::LocalKey {
            init,
            _p: PhantomData,
        })
    }

    pub fn with<R>(&'static self, with: impl FnOnce(&T) -> R) -> R {
        match is_in_thread() {
            true => self.0.with(with),
            false => with(&(self.0.init)()),
        }
    }

    pub fn try_with<R>(&'static self, with: impl FnOnce(&T) -> R) -> Result<R, AccessError> {
        match is_in_thread() {
            true => self.0.try_with(with),
            false => Ok(with(&(self.0.init)())),
        }
    }
}
