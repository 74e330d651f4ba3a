//! What a peer must be able to do for a workload. Each workload is written once, against these.

use std::future::Future;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use super::home::Home;
use crate::work::Task;

/// A library of actors.
pub(crate) trait Peer: Send + Sync + Sized + 'static {
    type Home: Home;

    /// Starts what its actors need; called inside the home.
    fn new() -> Self;
}

/// Actors that add numbers. A message is 8 bytes.
pub(crate) trait Counting: Peer {
    type Counter: Clone + Send + Sync + 'static;

    /// Whether messages of one sender are handled in the order in which they were sent.
    const ORDERED: bool = true;

    fn spawn(&self) -> impl Future<Output = Self::Counter> + Send;
    /// Adds, one way.
    fn tell(counter: &Self::Counter, by: u64) -> impl Future<Output = ()> + Send;
    /// Adds, and gives the sum so far.
    fn ask(counter: &Self::Counter, by: u64) -> impl Future<Output = u64> + Send;
    /// Asks so many times before it waits for the first answer; gives the largest.
    fn ask_many(counter: &Self::Counter, by: u64, times: usize)
    -> impl Future<Output = u64> + Send;
    /// Has its handler compute for so long, one way.
    fn busy(counter: &Self::Counter, duration: Duration) -> impl Future<Output = ()> + Send;
    /// Returns when all that was told has been handled, which the sum proves.
    fn settled(counter: &Self::Counter, sum: u64) -> impl Future<Output = ()> + Send {
        async move {
            loop {
                let answer = Self::ask(counter, 0).await;
                if answer == sum {
                    return;
                }
                assert!(!Self::ORDERED && answer < sum, "{answer} instead of {sum}");
            }
        }
    }

    /// Returns when the actor has ended.
    fn end(&self, counter: Self::Counter) -> impl Future<Output = ()> + Send;
}

/// A handler may block until somebody opens the gate.
pub(crate) trait Holding: Counting {
    /// With a mailbox that has no bound.
    fn spawn_unbounded(&self) -> impl Future<Output = Self::Counter> + Send;
    /// Has its handler wait at the gate, one way.
    fn hold(counter: &Self::Counter) -> impl Future<Output = ()> + Send;
}

/// Actors that pass a number on to the next until it is 0; who has that signals.
pub(crate) trait Ringing: Peer {
    type Ring: Send + Sync + 'static;

    fn ring(
        &self,
        actors: usize,
        done: UnboundedSender<()>,
    ) -> impl Future<Output = Self::Ring> + Send;
    /// Gives the first one a number.
    fn pass(ring: &Self::Ring, hops: u64) -> impl Future<Output = ()> + Send;
    /// Returns when all have ended.
    fn end_ring(&self, ring: Self::Ring) -> impl Future<Output = ()> + Send;
}

/// Actors that are restarted when their handler panics.
pub(crate) trait Supervised: Peer {
    type Child: Send + Sync + 'static;

    fn spawn_supervised(&self) -> impl Future<Output = Self::Child> + Send;
    /// Panics in a handler, one way.
    fn crash(child: &Self::Child) -> impl Future<Output = ()> + Send;
    /// Adds, and gives the sum of this life; none if this life cannot answer.
    fn try_ask(child: &Self::Child, by: u64) -> impl Future<Output = Option<u64>> + Send;
}

/// Actors that change a byte of what they get, and give it back.
pub(crate) trait Carrying: Peer {
    type Carrier: Send + Sync + 'static;

    fn spawn_carrier(&self) -> impl Future<Output = Self::Carrier> + Send;
    fn carry(carrier: &Self::Carrier, bytes: Vec<u8>) -> impl Future<Output = Vec<u8>> + Send;
}

/// Workers that share one queue.
pub(crate) trait Pooling: Peer {
    type Pool: Clone + Send + Sync + 'static;

    fn pool(&self, workers: usize) -> impl Future<Output = Self::Pool> + Send;
    /// Has a task done, and waits for it.
    fn run(pool: &Self::Pool, task: Task) -> impl Future<Output = u64> + Send;
    /// Sends all before it waits for the first; the sum of the results.
    fn run_all(pool: &Self::Pool, tasks: Vec<Task>) -> impl Future<Output = u64> + Send;
}
