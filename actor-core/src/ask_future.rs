//! An awaited request.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::actor_ref::ActorRef;
use crate::alarm::Alarm;
use crate::delivery::undelivered;
use crate::envelope::Envelope;
use crate::error::AskError;
use crate::pending::Pending;
use crate::protocol::Protocol;

/// The future of an awaited request. It sends when it is first polled; dropped before that,
/// nothing was sent; dropped after that, the message may still be handled.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// async fn sum(counter: &CounterHandle) -> Result<i64, AskError> {
///     counter.add(20).await?;
///     counter.add(22).await
/// }
/// let system = System::new("verbs")?;
/// let counter = system.spawn::<Counter>(0)?;
/// # fn block_on<F: Future>(future: F) -> F::Output {
/// #     let (mut future, waker) = (std::pin::pin!(future), std::task::Waker::noop());
/// #     let mut poll = || future.as_mut().poll(&mut std::task::Context::from_waker(waker));
/// #     loop { if let std::task::Poll::Ready(output) = poll() { return output } }
/// # }
/// assert_eq!(block_on(sum(&counter))?, 42); // any runtime's
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a future does nothing until it is awaited"]
pub struct AskFuture<M: Protocol, T> {
    pub(crate) actor: ActorRef<M>,
    pub(crate) unsent: Option<Envelope<M>>,
    /// Until when it waits for room.
    pub(crate) room: Alarm,
    pub(crate) pending: Pending<M, T>,
}

// Nothing in it is pinned.
impl<M: Protocol, T> Unpin for AskFuture<M, T> {}

impl<M: Protocol, T> Future for AskFuture<M, T> {
    type Output = Result<T, AskError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if let Some(envelope) = this.unsent.take() {
            match this.actor.cell().poll_room(|| Ok(None), context) {
                Poll::Ready(Ok(room)) => {
                    let task = envelope.task.clone();
                    room.fill(envelope);
                    if let Some(task) = task {
                        this.actor.cell().watch_wait(&task);
                    }
                }
                Poll::Ready(Err(refusal)) => {
                    return Poll::Ready(Err(undelivered(&this.actor, envelope, refusal)));
                }
                Poll::Pending => {
                    this.unsent = Some(envelope);
                    let rung = this.room.poll(this.actor.kernel(), context);
                    return rung.map(|rung| Err(this.pending.given_up(rung)));
                }
            }
        }
        Pin::new(&mut this.pending).poll(context)
    }
}

impl<M: Protocol, T> fmt::Debug for AskFuture<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AskFuture").field(&self.pending).finish()
    }
}
