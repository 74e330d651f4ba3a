//! Where panics are contained.
//!
//! Three rules keep a panic from aborting the process. What a handler unwinds past is never our
//! state, which lives outside the frame and is dropped in a frame of its own; a payload becomes
//! text at once and is dropped in a frame too, because its destructor may panic; and a payload
//! that does so is forgotten.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::task::Waker;

use crate::panic::{Panic, text_of};
use crate::rt;

thread_local! {
    static LOCATION: Cell<Option<String>> = const { Cell::new(None) };
}

/// Runs `code`; its panic becomes an error.
///
/// What `code` borrows may be half changed afterwards: callers only go on to drop it, or give it
/// to `stopping`, whose docs say so.
#[inline]
pub(crate) fn contain<T>(code: impl FnOnce() -> T) -> Result<T, Panic> {
    let outcome = catch(code);
    if let Err(panic) = &outcome {
        rt::panicked(panic.message(), panic.location());
    }
    outcome
}

/// Like [`contain`], for what is no part of an actor.
#[inline]
pub(crate) fn catch<T>(code: impl FnOnce() -> T) -> Result<T, Panic> {
    panic::catch_unwind(AssertUnwindSafe(code)).map_err(|payload| {
        if rt::is_over(&*payload) {
            panic::resume_unwind(payload);
        }
        // First: the payload's destructor may panic too, somewhere else.
        let location = LOCATION.try_with(Cell::take).ok().flatten();
        Panic {
            message: text_of(payload),
            location,
        }
    })
}

/// Drops a user's value where a panic of its destructor does no harm, and says so if it had one.
#[inline]
pub(crate) fn drop_contained<T>(value: T) -> Result<(), Panic> {
    if !std::mem::needs_drop::<T>() {
        return Ok(());
    }
    contain(|| drop(value))
}

/// Wakes whoever waits: an executor's waker is not ours, and may panic.
pub(crate) fn wake_contained(waker: Waker) {
    let _ = contain(|| waker.wake());
}

/// Makes panics note where they happen, before the hook that was there before does its work.
pub(crate) fn note_locations() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // The hook cannot be changed by a panicking thread.
        if std::thread::panicking() {
            return;
        }
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if crate::current::is_actor() || rt::Rt::current().is_simulated() {
                let location = info.location().map(ToString::to_string);
                // A destructor of a thread-local may panic after ours has been dropped.
                let _ = LOCATION.try_with(|noted| noted.set(location));
            }
            if !rt::is_silent(info.payload_as_str()) {
                previous(info);
            }
        }));
    });
}
