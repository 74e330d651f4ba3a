//! Two entangled ports: what one posts, the other receives.

use std::fmt;
use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::id::type_name;
use crate::rt::{IdleStrategy, Rt};

use super::error::{PostError, PostErrorKind, RecvError};
use super::lane::{CAPACITY, Lane, Refusal, Taken};
use super::lease::{Intake, Source};
use super::waiters::Wait;

/// Two entangled ports, Node's `MessageChannel`: what `port1` posts, `port2` receives, and the
/// other way round, in order.
///
/// ```
/// use actor_core::MessageChannel;
///
/// let MessageChannel { port1, port2 } = MessageChannel::<&str, usize>::new();
/// let counter = std::thread::spawn(move || {
///     for word in &port2 {
///         if port2.post(word.len()).is_err() { break }
///     }
/// });
/// port1.post("thread")?;
/// assert_eq!(port1.recv()?, 6);
/// drop(port1); // the other end sees that, and its loop ends
/// counter.join().unwrap();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct MessageChannel<T, U> {
    /// Posts `T` and receives `U`.
    pub port1: MessagePort<T, U>,
    /// Posts `U` and receives `T`.
    pub port2: MessagePort<U, T>,
}

impl<T, U> MessageChannel<T, U> {
    /// A channel in which 1024 values may wait in each direction.
    #[expect(clippy::new_without_default, reason = "a channel is made on purpose")]
    pub fn new() -> Self {
        Self::with(Some(CAPACITY))
    }

    /// A channel in which `capacity` values may wait in each direction.
    ///
    /// # Panics
    /// If `capacity` is 0: nothing could ever be posted.
    #[track_caller]
    pub fn bounded(capacity: usize) -> Self {
        let capacity = NonZeroUsize::new(capacity);
        assert!(
            capacity.is_some(),
            "MessageChannel::bounded was called with 0, so nothing could ever be posted: use 1 or \
             more, or MessageChannel::unbounded"
        );
        Self::with(capacity)
    }

    /// A channel in which any number of values may wait, as in Node. Who posts faster than the
    /// other receives fills the memory.
    pub fn unbounded() -> Self {
        Self::with(None)
    }

    fn with(capacity: Option<NonZeroUsize>) -> Self {
        let (there, back) = (Arc::new(Lane::new(capacity)), Arc::new(Lane::new(capacity)));
        MessageChannel {
            port1: MessagePort::new(Arc::clone(&there), Arc::clone(&back)),
            port2: MessagePort::new(back, there),
        }
    }
}

/// One end of a [`MessageChannel`]: it posts `Out` and receives `In`.
///
/// A port can be sent: in a message, a reply, an actor's arguments or another port. What is queued
/// in it travels with it. In the arguments of a supervised actor it lasts over restarts; made or
/// kept in a life, it closes with it. [`Context::attach`](crate::Context::attach) lets an actor
/// receive from it as from its mailbox.
///
/// A port that is attached stays open until that life ends, even if it is dropped before. Once either
/// end is closed or dropped, nothing more is accepted in either direction; what was
/// queued can still be received, and then comes [`RecvError::Closed`].
pub struct MessagePort<Out, In> {
    end: Arc<End<Out, In>>,
}

/// What owns one end: a port, and a life that it is attached to.
struct End<Out, In> {
    outgoing: Arc<Lane<Out>>,
    incoming: Arc<Lane<In>>,
}

impl<Out, In> MessagePort<Out, In> {
    fn new(outgoing: Arc<Lane<Out>>, incoming: Arc<Lane<In>>) -> Self {
        MessagePort {
            end: Arc::new(End { outgoing, incoming }),
        }
    }

    /// Posts a value; blocks while there is no room. Between actors, a wait for the life that the
    /// other end is attached to is an edge in the graph of waits: where it would close a cycle the
    /// value comes back.
    ///
    /// # Errors
    /// If an end is closed, or waiting would be a deadlock: the value comes back.
    pub fn post(&self, value: Out) -> Result<(), PostError<Out>> {
        self.post_until(value, None)
    }

    /// Posts a value if there is room; never blocks.
    ///
    /// # Errors
    /// If there is no room, or an end is closed: the value comes back.
    pub fn try_post(&self, value: Out) -> Result<(), PostError<Out>> {
        Rt::current().point();
        let pushed = self.end.outgoing.push(value);
        pushed.map_err(|(value, refusal)| PostError::refused(value, refusal))
    }

    /// Posts a value; blocks for `timeout` at most while there is no room.
    ///
    /// # Errors
    /// If there was no room in time, or an end is closed: the value comes back.
    ///
    /// ```
    /// # use actor_core::{MessageChannel, PostErrorKind};
    /// # use std::time::Duration;
    /// let MessageChannel { port1, port2 } = MessageChannel::<u32, ()>::bounded(1);
    /// port1.post(1)?;
    /// let error = port1.post_timeout(2, Duration::from_millis(1)).unwrap_err();
    /// assert_eq!(error.kind(), PostErrorKind::Timeout);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn post_timeout(&self, value: Out, timeout: Duration) -> Result<(), PostError<Out>> {
        let rt = Rt::current();
        match rt.after(timeout) {
            Some(deadline) => self.post_until(value, Some(deadline)),
            None => self.post_until(value, None),
        }
    }

    fn post_until(&self, value: Out, deadline: Option<Instant>) -> Result<(), PostError<Out>> {
        post_until(&self.end.outgoing, value, deadline)
    }

    /// Posts a value once there is room, for any async runtime. Dropped before that, it posts
    /// nothing, and the value is dropped with it.
    pub fn post_async(&self, value: Out) -> Post<'_, Out> {
        Post {
            lane: &self.end.outgoing,
            value: Some(value),
            wait: Wait::default(),
        }
    }

    /// Receives the next value; blocks until there is one.
    ///
    /// # Errors
    /// [`RecvError::Closed`], once an end is closed and all has been received.
    pub fn recv(&self) -> Result<In, RecvError> {
        self.recv_until(None)
    }

    /// Receives the next value if there is one; never blocks. Node's `receiveMessageOnPort`.
    ///
    /// # Errors
    /// [`RecvError::Empty`] if there is none, [`RecvError::Closed`] if none will come either.
    ///
    /// ```
    /// use actor_core::{MessageChannel, RecvError};
    ///
    /// let MessageChannel { port1, port2 } = MessageChannel::<u32, ()>::new();
    /// assert_eq!(port2.try_recv(), Err(RecvError::Empty));
    /// port1.post(1)?;
    /// port1.close();
    /// assert_eq!(port2.try_recv(), Ok(1));
    /// assert_eq!(port2.try_recv(), Err(RecvError::Closed));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn try_recv(&self) -> Result<In, RecvError> {
        try_recv(&self.end.incoming)
    }

    /// Receives the next value; blocks for `timeout` at most.
    ///
    /// # Errors
    /// [`RecvError::Timeout`] if none came in time, [`RecvError::Closed`] if none will.
    pub fn recv_timeout(&self, timeout: Duration) -> Result<In, RecvError> {
        self.recv_until(Rt::current().after(timeout))
    }

    fn recv_until(&self, deadline: Option<Instant>) -> Result<In, RecvError> {
        recv_until(&self.end.incoming, deadline)
    }

    /// Receives the next value, for any async runtime. Dropped, it has received nothing.
    ///
    /// ```
    /// # use actor_core::{MessageChannel, MessagePort};
    /// async fn sum(numbers: MessagePort<(), u32>) -> u32 {
    ///     let mut sum = 0;
    ///     while let Ok(n) = numbers.recv_async().await { sum += n }
    ///     sum
    /// }
    /// # fn block_on<F: Future>(future: F) -> F::Output {
    /// #     let (mut future, waker) = (std::pin::pin!(future), std::task::Waker::noop());
    /// #     loop {
    /// #         let mut context = std::task::Context::from_waker(waker);
    /// #         if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut context) { return output }
    /// #     }
    /// # }
    /// let MessageChannel { port1, port2 } = MessageChannel::bounded(1);
    /// std::thread::spawn(move || (0..4).try_for_each(|n| port1.post(n)));
    /// assert_eq!(block_on(sum(port2)), 6);
    /// ```
    pub fn recv_async(&self) -> Recv<'_, In> {
        Recv {
            lane: &self.end.incoming,
            wait: Wait::default(),
        }
    }

    /// The values as they come, blocking between them, until the port is closed and empty.
    pub fn iter(&self) -> Iter<'_, Out, In> {
        Iter { port: self }
    }

    /// Closes both ends for posting. What is queued can still be received. It may be called again.
    pub fn close(&self) {
        Rt::current().point();
        // In this order, so that who is told of it at the other end can post nothing more.
        self.end.incoming.close();
        self.end.outgoing.close();
    }

    /// Whether either end was closed or dropped.
    pub fn is_closed(&self) -> bool {
        self.end.outgoing.is_closed() || self.end.incoming.is_closed()
    }

    /// How many values wait to be received here.
    pub fn len(&self) -> usize {
        self.end.incoming.len()
    }

    /// Whether no value waits to be received here.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many values may wait in each direction; none if any number may.
    pub fn capacity(&self) -> Option<usize> {
        self.end.incoming.capacity()
    }
}

/// Takes, and waits for a value until `deadline`.
pub(super) fn recv_until<T>(lane: &Lane<T>, deadline: Option<Instant>) -> Result<T, RecvError> {
    let rt = Rt::current();
    let mut wait = Wait::default();
    rt.awaits(|| format!("a {} at a port", type_name::<T>()));
    let received = rt.wait(IdleStrategy::default(), deadline, |context| {
        lane.poll_take(&mut wait, context)
    });
    lane.leave_receivers(&mut wait);
    match received {
        Some(value) => value.ok_or(RecvError::Closed),
        None => Err(RecvError::Timeout),
    }
}

/// Takes, and never waits.
pub(super) fn try_recv<T>(lane: &Lane<T>) -> Result<T, RecvError> {
    Rt::current().glance();
    match lane.take() {
        Taken::Value(posted) => Ok(posted.value),
        Taken::Nothing => Err(RecvError::Empty),
        Taken::Closed => Err(RecvError::Closed),
    }
}

/// Pushes, and waits for room until `deadline`.
pub(super) fn post_until<T>(
    lane: &Lane<T>,
    value: T,
    deadline: Option<Instant>,
) -> Result<(), PostError<T>> {
    let rt = Rt::current();
    let mut value = Some(value);
    let mut wait = Wait::default();
    rt.note(|| format!("posts a {}", type_name::<T>()));
    rt.awaits(|| format!("room for a {} at a port", type_name::<T>()));
    let posted = rt.wait(IdleStrategy::default(), deadline, |context| {
        // One wait, one edge: each time it has to wait on, a new one. Where the old one was refused,
        // the new one closes the cycle.
        wait.settle();
        lane.poll_push(&mut value, deadline.is_none(), &mut wait, context)
    });
    wait.settle();
    lane.leave_room(&mut wait);
    match (posted, value) {
        (Some(Ok(())), _) | (None, None) => Ok(()),
        (Some(Err((value, refusal))), _) => Err(PostError::refused(value, refusal)),
        (None, Some(value)) => Err(PostError::new(value, PostErrorKind::Timeout)),
    }
}

/// The last owner closes both ways; what had not been received here is dropped.
impl<Out, In> Drop for End<Out, In> {
    fn drop(&mut self) {
        // In this order, as in `close`.
        self.incoming.abandon();
        self.outgoing.close();
    }
}

impl<Out: Send + 'static, In: Send + 'static> Source for MessagePort<Out, In> {
    type Item = In;

    fn intake(&self) -> Intake<In> {
        Intake {
            lane: Arc::clone(&self.end.incoming),
            owner: Arc::<End<Out, In>>::clone(&self.end),
        }
    }
}

impl<Out, In> fmt::Debug for MessagePort<Out, In> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessagePort")
            .field("waiting", &self.len())
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

/// See [`MessagePort::iter`].
#[derive(Debug)]
pub struct Iter<'a, Out, In> {
    port: &'a MessagePort<Out, In>,
}

impl<Out, In> Iterator for Iter<'_, Out, In> {
    type Item = In;

    fn next(&mut self) -> Option<In> {
        self.port.recv_until(None).ok()
    }
}

impl<'a, Out, In> IntoIterator for &'a MessagePort<Out, In> {
    type Item = In;
    type IntoIter = Iter<'a, Out, In>;

    fn into_iter(self) -> Iter<'a, Out, In> {
        self.iter()
    }
}

/// See [`MessagePort::recv_async`].
#[must_use = "nothing is received until it is awaited"]
pub struct Recv<'a, T> {
    lane: &'a Lane<T>,
    wait: Wait,
}

impl<T> Future for Recv<'_, T> {
    type Output = Result<T, RecvError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let lane = self.lane;
        let taken = lane.poll_take(&mut self.wait, context);
        taken.map(|value| value.ok_or(RecvError::Closed))
    }
}

impl<T> Drop for Recv<'_, T> {
    fn drop(&mut self) {
        self.lane.leave_receivers(&mut self.wait);
    }
}

impl<T> fmt::Debug for Recv<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recv").finish_non_exhaustive()
    }
}

/// See [`MessagePort::post_async`].
#[must_use = "nothing is posted until it is awaited"]
pub struct Post<'a, T> {
    lane: &'a Lane<T>,
    value: Option<T>,
    wait: Wait,
}

// The value is moved as a whole.
impl<T> Unpin for Post<'_, T> {}

impl<T> Future for Post<'_, T> {
    type Output = Result<(), PostError<T>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Post { lane, value, wait } = &mut *self;
        let pushed = lane.poll_push(value, false, wait, context);
        pushed.map_err(|(value, refusal): (T, Refusal)| PostError::refused(value, refusal))
    }
}

impl<T> Drop for Post<'_, T> {
    fn drop(&mut self) {
        self.lane.leave_room(&mut self.wait);
    }
}

impl<T> fmt::Debug for Post<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post").finish_non_exhaustive()
    }
}
