//! flume, with a lock that the model knows around each call: its own lock, which the library's
//! protocols build on, is invisible to the model. The queue itself is flume's.

use std::sync::{Arc, Mutex, PoisonError};

pub use real::{TryRecvError, TrySendError};

pub struct Sender<T> {
    queue: real::Sender<T>,
    lock: Arc<Mutex<()>>,
}

pub struct Receiver<T> {
    queue: real::Receiver<T>,
    lock: Arc<Mutex<()>>,
}

/// What was queued when it was made.
pub type Drain<'a, T> = real::Drain<'a, T>;

pub fn unbounded<T>() -> (Sender<T>, Receiver<T>) {
    let lock = Arc::new(Mutex::new(()));
    let (sender, receiver) = real::unbounded();
    let sender = Sender {
        queue: sender,
        lock: Arc::clone(&lock),
    };
    let receiver = Receiver {
        queue: receiver,
        lock,
    };
    (sender, receiver)
}

impl<T> Sender<T> {
    pub fn try_send(&self, value: T) -> Result<(), TrySendError<T>> {
        let _locked = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.queue.try_send(value)
    }
}

impl<T> Receiver<T> {
    pub fn is_empty(&self) -> bool {
        let _locked = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.queue.is_empty()
    }

    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        let _locked = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.queue.try_recv()
    }

    pub fn drain(&self) -> Drain<'_, T> {
        let _locked = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.queue.drain()
    }
}
