//! A channel for one value, from any thread to whoever waits for it.
//!
//! The value is behind a lock of its own, so each end may go at any time: a receiver that gives up
//! while the value is on its way leaves it to the sender, or drops it.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use crate::rt::lock;

/// A value on its way.
pub(crate) fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let slot = Arc::new(Mutex::new(Slot {
        value: None,
        waker: None,
        closed: false,
    }));
    (Sender(Some(Arc::clone(&slot))), Receiver(Some(slot)))
}

struct Slot<T> {
    value: Option<T>,
    /// Who waits for it.
    waker: Option<Waker>,
    /// One of the ends is gone, or done.
    closed: bool,
}

/// Dropped without a value, it tells the receiver that none comes.
pub(crate) struct Sender<T>(Option<Arc<Mutex<Slot<T>>>>);

/// Ready with the value, or with none if the sender is gone. None as well once the value was taken.
pub(crate) struct Receiver<T>(Option<Arc<Mutex<Slot<T>>>>);

impl<T> Sender<T> {
    /// Sends the value, and wakes who waits for it; it comes back if the receiver is gone.
    pub(crate) fn send(mut self, value: T) -> Result<(), T> {
        self.close(Some(value)).map_or(Ok(()), Err)
    }

    /// Leaves the value, if there is one, and whoever waits is woken; what comes back is for nobody.
    fn close(&mut self, value: Option<T>) -> Option<T> {
        let Some(slot) = self.0.take() else {
            return value;
        };
        let waker = {
            let mut slot = lock(&slot);
            if slot.closed {
                return value;
            }
            slot.value = value;
            slot.closed = true;
            slot.waker.take()
        };
        // Outside the lock, for it may be an executor's.
        if let Some(waker) = waker {
            waker.wake();
        }
        None
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.close(None);
    }
}

impl<T> Receiver<T> {
    /// Takes what was sent; where nothing was, swaps the wakers, if there is a new one.
    fn look(&mut self, waker: &mut Option<Waker>) -> Poll<Option<T>> {
        let Some(slot) = &self.0 else {
            return Poll::Ready(None);
        };
        let value = {
            let mut slot = lock(slot);
            if !slot.closed {
                if waker.is_some() {
                    std::mem::swap(&mut slot.waker, waker);
                }
                return Poll::Pending;
            }
            slot.value.take()
        };
        self.0 = None;
        Poll::Ready(value)
    }
}

impl<T> Future for Receiver<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        if let Poll::Ready(value) = self.look(&mut None) {
            return Poll::Ready(value);
        }
        // A waker may be an executor's: it is cloned, and the old one dropped, outside the lock. So
        // the value may be there by now.
        self.look(&mut Some(context.waker().clone()))
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let Some(slot) = self.0.take() else {
            return;
        };
        let _unread = {
            let mut slot = lock(&slot);
            slot.closed = true;
            (slot.value.take(), slot.waker.take())
        };
    }
}
