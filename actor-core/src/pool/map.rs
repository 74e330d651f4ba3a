//! Many tasks from an iterator.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::actor::Actor;
use crate::context::HandleOf;
use crate::error::{AskError, SendError};
use crate::pending::Pending;
use crate::request::Request;

use super::handle::Pool;

/// How many tasks are under way for each worker. Whoever feeds them has to be woken on a core where a
/// worker is at work, and until then there must be something to do.
const FOR_EACH_WORKER: usize = 8;

/// The answers to tasks made from an iterator: see [`Pool::map`] and [`Pool::map_unordered`].
#[must_use = "nothing is sent until it is iterated"]
pub struct Map<A: Actor, I: Iterator, F, T> {
    pool: Pool<A>,
    items: I,
    make: F,
    ordered: bool,
    /// As many for each worker as are the default, if none.
    in_flight: Option<usize>,
    /// What was sent first is first.
    sent: VecDeque<Result<Pending<A::Message, T>, AskError>>,
}

impl<A: Actor> Pool<A> {
    /// Makes a task of each item, and gives the answers in the order of the items. It is lazy: the
    /// next item is taken when an answer is, so that no more than
    /// [`in_flight`](Map::in_flight) tasks are under way. Where the queue is smaller than that and its
    /// policy is to reject, what found no room is an error among the answers.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// let system = System::new("pools")?;
    /// let pool = system.pool::<Counter>(|_| 0).size(1).spawn()?;
    /// let totals = pool.map(1.., |pool, n| pool.add(n)).take(4);
    /// assert_eq!(totals.collect::<Result<Vec<_>, _>>()?, [1, 3, 6, 10]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn map<I, F, T>(&self, items: I, make: F) -> Map<A, I::IntoIter, F, T>
    where
        I: IntoIterator,
        F: for<'a> FnMut(&'a HandleOf<A>, I::Item) -> Request<'a, A::Message, T>,
    {
        Map {
            pool: self.clone(),
            items: items.into_iter(),
            make,
            ordered: true,
            in_flight: None,
            sent: VecDeque::new(),
        }
    }

    /// Like [`map`](Self::map), and gives each answer as soon as it is there.
    pub fn map_unordered<I, F, T>(&self, items: I, make: F) -> Map<A, I::IntoIter, F, T>
    where
        I: IntoIterator,
        F: for<'a> FnMut(&'a HandleOf<A>, I::Item) -> Request<'a, A::Message, T>,
    {
        Map {
            ordered: false,
            ..self.map(items, make)
        }
    }
}

impl<A: Actor, I: Iterator, F, T> Map<A, I, F, T> {
    /// How many tasks may be under way, or done and not taken. The default is eight for each worker
    /// that runs at the time.
    ///
    /// # Panics
    /// If it is 0.
    #[track_caller]
    pub fn in_flight(mut self, tasks: usize) -> Self {
        assert!(
            tasks > 0,
            "Map::in_flight was called with 0, so nothing would ever be sent: use 1 or more"
        );
        self.in_flight = Some(tasks);
        self
    }

    fn limit(&self) -> usize {
        let for_all = || FOR_EACH_WORKER * self.pool.count_workers().max(1);
        self.in_flight.unwrap_or_else(for_all)
    }

    /// Ready with the place and the answer of one that is done; what was not sent is done.
    fn poll_any(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<(usize, Option<Result<T, AskError>>)> {
        for (place, sent) in self.sent.iter_mut().enumerate() {
            let Ok(pending) = sent else {
                return Poll::Ready((place, None));
            };
            if let Poll::Ready(answer) = Pin::new(pending).poll(context) {
                return Poll::Ready((place, Some(answer)));
            }
        }
        Poll::Pending
    }

    fn next_done(&mut self) -> Option<Result<T, AskError>> {
        let kernel = Arc::clone(self.pool.kernel());
        let mut now = Context::from_waker(Waker::noop());
        let done = match self.poll_any(&mut now) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => {
                // All of it lies with the pool, so who asks waits for that.
                let waiter = kernel.current_waiter();
                let pool = self.pool.id();
                let edge = waiter.map(|waiter| {
                    let graph = &kernel.graph;
                    graph.wait_for_all(&waiter, &[pool], "map_unordered", None)
                });
                let ticket = match edge.transpose() {
                    Ok(ticket) => ticket.flatten(),
                    Err(cycle) => {
                        // It is not to be asked again for what will not come.
                        self.sent.clear();
                        return Some(Err(AskError::Deadlock { cycle }));
                    }
                };
                let awaited = || format!("one of several answers of {pool}");
                kernel.rt.awaits(awaited);
                let wait = |context: &mut Context<'_>| self.poll_any(context);
                let done = kernel.rt.wait(kernel.idle, None, wait);
                ticket
                    .into_iter()
                    .for_each(|ticket| kernel.graph.settle(ticket));
                done
            }
        };
        let (place, answer) = done?;
        let sent = self.sent.remove(place)?;
        answer.or_else(|| sent.err().map(Err))
    }
}

impl<A, I, F, T> Iterator for Map<A, I, F, T>
where
    A: Actor,
    I: Iterator,
    F: for<'a> FnMut(&'a HandleOf<A>, I::Item) -> Request<'a, A::Message, T>,
{
    type Item = Result<T, AskError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.sent.len() < self.limit()
            && let Some(item) = self.items.next()
        {
            let sent = (self.make)(&self.pool, item).send();
            self.sent.push_back(sent.map_err(SendError::into_ask_error));
        }
        if self.sent.is_empty() {
            return None;
        }
        if !self.ordered {
            return self.next_done();
        }
        let first = self.sent.pop_front()?;
        Some(first.and_then(Pending::wait))
    }
}

impl<A: Actor, I: Iterator, F, T> fmt::Debug for Map<A, I, F, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map")
            .field("ordered", &self.ordered)
            .field("in_flight", &self.in_flight)
            .finish_non_exhaustive()
    }
}
