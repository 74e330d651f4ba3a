//! Waiting at a shared array in any runtime.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{Shareable, SharedArray, Waited};

/// See [`SharedArray::wait_async`].
#[must_use = "nothing waits until it is awaited"]
pub struct WaitAsync<T: Shareable> {
    array: SharedArray<T>,
    index: usize,
    expected: T,
    ticket: Option<u64>,
    over: bool,
}

impl<T: Shareable> SharedArray<T> {
    /// Waits as [`wait`](Self::wait) does, in any runtime; it looks when it is first polled. Dropped,
    /// it leaves the line, and a notification that it did not take goes to the next. Node's
    /// `Atomics.waitAsync`.
    ///
    /// ```
    /// use actor_core::{SharedArray, Waited};
    ///
    /// async fn until_ready(ready: SharedArray<u32>) {
    ///     while ready.load(0) == 0 { ready.wait_async(0, 0).await; }
    /// }
    /// # let ready = SharedArray::<u32>::new(1);
    /// # let mut future = std::pin::pin!(until_ready(ready.clone()));
    /// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    /// # assert!(future.as_mut().poll(&mut context).is_pending());
    /// # ready.store(0, 1);
    /// # assert_eq!(ready.notify(0, 1), 1);
    /// # assert!(future.as_mut().poll(&mut context).is_ready());
    /// ```
    #[track_caller]
    pub fn wait_async(&self, index: usize, expected: T) -> WaitAsync<T> {
        let _ = self.at(index);
        WaitAsync {
            array: self.clone(),
            index,
            expected,
            ticket: None,
            over: false,
        }
    }
}

// Nothing in it is pinned.
impl<T: Shareable> Unpin for WaitAsync<T> {}

impl<T: Shareable> Future for WaitAsync<T> {
    type Output = Waited;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Waited> {
        let this = &mut *self;
        let (array, index, expected) = (&this.array, this.index, this.expected);
        let is_expected = || array.load(index) == expected;
        let parking = &array.inner.parking;
        let waited = parking.poll(index, is_expected, &mut this.ticket, context);
        this.over = waited.is_ready();
        waited
    }
}

impl<T: Shareable> Drop for WaitAsync<T> {
    fn drop(&mut self) {
        let parking = &self.array.inner.parking;
        if !self.over && parking.give_up(self.index, self.ticket) == Waited::Notified {
            parking.notify(self.index, 1);
        }
    }
}

impl<T: Shareable> fmt::Debug for WaitAsync<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitAsync")
            .field("index", &self.index)
            .field("expected", &self.expected)
            .finish_non_exhaustive()
    }
}
