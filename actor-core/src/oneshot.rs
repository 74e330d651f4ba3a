//! A channel for one value, from any thread to whoever waits for it.
//!
//! The value is behind a lock of its own, so each end may go at any time: a receiver that gives up
//! while the value is on its way leaves it to the sender, or drops it.

use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use crate::rt::lock;

/// A value on its way.
pub(crate) fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(Mutex::new(Slot::Empty));
    let sender = Sender(Some(Arc::clone(&shared)));
    (sender, Receiver(Some(shared)))
}

enum Slot<T> {
    Empty,
    /// Who waits for it.
    Awaited(Waker),
    Sent(T),
    /// One of the ends is gone.
    Closed,
}

/// Dropped without a value, it tells the receiver that none comes.
pub(crate) struct Sender<T>(Option<Arc<Mutex<Slot<T>>>>);

/// Ready with the value, or with none if the sender is gone. None as well once the value was taken.
pub(crate) struct Receiver<T>(Option<Arc<Mutex<Slot<T>>>>);

impl<T> Sender<T> {
    /// Sends the value, and wakes who waits for it; it comes back if the receiver is gone.
    pub(crate) fn send(mut self, value: T) -> Result<(), T> {
        match self.0.take() {
            Some(shared) => put(&shared, Slot::Sent(value)).map_or(Ok(()), Err),
            None => Err(value),
        }
    }
}

/// Puts what the sender has to say into the slot; what comes back was a value for nobody.
fn put<T>(shared: &Mutex<Slot<T>>, said: Slot<T>) -> Option<T> {
    let before = {
        let mut slot = lock(shared);
        match &*slot {
            Slot::Closed => said,
            _ => mem::replace(&mut *slot, said),
        }
    };
    match before {
        // Outside the lock, for it may be an executor's.
        Slot::Awaited(waker) => {
            waker.wake();
            None
        }
        Slot::Sent(value) => Some(value),
        Slot::Empty | Slot::Closed => None,
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        if let Some(shared) = self.0.take() {
            put(&shared, Slot::Closed);
        }
    }
}

impl<T> Receiver<T> {
    /// Takes what was said; where nothing was, leaves the waker, if there is one.
    fn look(&mut self, waker: &mut Option<Waker>) -> Poll<Option<T>> {
        let Some(shared) = &self.0 else {
            return Poll::Ready(None);
        };
        let before = {
            let mut slot = lock(shared);
            let next = match &*slot {
                Slot::Sent(_) | Slot::Closed => Slot::Closed,
                Slot::Empty | Slot::Awaited(_) => match waker.take() {
                    Some(waker) => Slot::Awaited(waker),
                    None => return Poll::Pending,
                },
            };
            mem::replace(&mut *slot, next)
        };
        let said = match before {
            Slot::Sent(value) => Some(value),
            Slot::Closed => None,
            // Its old waker is dropped here, outside the lock, for it may be an executor's.
            Slot::Empty | Slot::Awaited(_) => return Poll::Pending,
        };
        self.0 = None;
        Poll::Ready(said)
    }
}

impl<T> Future for Receiver<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        if let Poll::Ready(said) = self.look(&mut None) {
            return Poll::Ready(said);
        }
        // Cloned outside the lock as well, so it may be there by now.
        self.look(&mut Some(context.waker().clone()))
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        if let Some(shared) = self.0.take() {
            let _unread = mem::replace(&mut *lock(&shared), Slot::Closed);
        }
    }
}
