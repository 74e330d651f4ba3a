//! A message for a pool, with options.

use std::fmt;
use std::future::IntoFuture;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use crate::ask_future::AskFuture;
use crate::backoff::Backoff;
use crate::context::{Context, Handler};
use crate::error::{AskError, SendError};
use crate::pending::Pending;
use crate::protocol::Protocol;
use crate::request::Request;

use super::task::{Report, Retry, Task, TaskOptions};

/// A message that is about to be sent to a [`Pool`](super::Pool), made by [`Pool::task`](super::Pool::task). Its verbs are those of a
/// [`Request`](crate::Request).
#[must_use = "nothing is sent until `tell`, `ask`, `send` or `.await`"]
pub struct PoolTask<'a, M: Protocol, T> {
    request: Request<'a, M, T>,
    options: TaskOptions<M>,
}

impl<'a, M: Protocol, T> PoolTask<'a, M, T> {
    pub(super) fn new(request: Request<'a, M, T>) -> Self {
        PoolTask {
            request,
            options: TaskOptions::default(),
        }
    }

    /// How urgent it is; 0 unless this is called. Each step lets it overtake those that came up to
    /// 64 places before it: so nothing waits for ever, however many urgent tasks come.
    pub fn priority(mut self, priority: i32) -> Self {
        self.options.priority = priority;
        self
    }

    /// Tasks with equal keys are done by the same worker, while its life lasts: for what it keeps in
    /// its state. Whoever takes the first of a key has it. A key costs some memory until then.
    pub fn key(mut self, key: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        self.options.key = Some(hasher.finish());
        self
    }

    /// How long it may wait, for room and for its run. Then it is not done, and its asker gets
    /// [`AskError::Timeout`].
    pub fn patience(mut self, patience: Duration) -> Self {
        self.options.patience = Some(patience);
        self
    }

    /// How long its run may take, from its beginning on, however long it waited before. Then its
    /// asker gets [`AskError::Timeout`] at once, and [`Context::cancelled`] tells the handler; one
    /// that has not returned after the pool's [`grace`](super::PoolSpec::grace) is left behind, and
    /// the worker replaced.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Where its worker dies with it, others try again, `times` times at most, each time after the
    /// back-off; its asker goes on waiting. What was cut is not tried again. The message is cloned
    /// before it is handled, and whoever handles it can see [`Context::redelivered`].
    pub fn retries(mut self, times: u32, backoff: Backoff) -> Self
    where
        M: Clone,
    {
        self.options.retry = Some(Retry {
            limit: times,
            backoff,
            clone: Clone::clone,
        });
        self
    }

    /// Who is to be told what the handler reports with [`Context::progress`]: on the worker's thread,
    /// in order, and before the answer.
    ///
    /// ```
    /// use actor_core::prelude::*;
    /// use std::sync::mpsc;
    ///
    /// struct Copier;
    ///
    /// #[actor]
    /// impl Copier {
    ///     /// Copies so many files.
    ///     pub fn copy(&mut self, ctx: &mut Context<Self>, files: u32) -> u32 {
    ///         for file in 1..=files { ctx.progress(file).ok(); }
    ///         files
    ///     }
    /// }
    /// # impl Actor for Copier { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Copier) } }
    ///
    /// let system = System::new("pools")?;
    /// let pool = system.pool::<Copier>(|_| ()).size(1).spawn()?;
    /// let (progress, reports) = mpsc::channel();
    /// let task = pool.task(|pool| pool.copy(3)).on_progress(move |file: u32| progress.send(file).unwrap());
    /// assert_eq!(task.ask()?, 3);
    /// assert_eq!(reports.try_iter().collect::<Vec<_>>(), [1, 2, 3]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn on_progress<P: 'static>(mut self, report: impl Fn(P) + Send + Sync + 'static) -> Self {
        let report: Report<P> = Box::new(report);
        self.options.progress = Some(Box::new(report));
        self
    }

    /// Sends one way. Like [`Request::tell`](crate::Request::tell).
    ///
    /// # Errors
    /// If the pool has ended, or there was no room: the message comes back.
    pub fn tell(self) -> Result<(), SendError<M>> {
        self.into_request().tell()
    }

    /// Sends, and returns what to gather the answer from, or to [cancel](crate::Pending::cancel) the
    /// task by. Like [`Request::send`](crate::Request::send).
    ///
    /// # Errors
    /// If the pool has ended, or there was no room: the message comes back.
    pub fn send(self) -> Result<Pending<M, T>, SendError<M>> {
        self.into_request().send()
    }

    /// Sends, and blocks the thread until the answer is there. Like
    /// [`Request::ask`](crate::Request::ask).
    ///
    /// # Errors
    /// If the pool has ended, the handler fails and is not to be tried again, or the time is over.
    pub fn ask(self) -> Result<T, AskError> {
        self.into_request().ask()
    }

    fn into_request(self) -> Request<'a, M, T> {
        self.request.with_task(Arc::new(Task::new(self.options)))
    }
}

impl<'a, M: Protocol, T> IntoFuture for PoolTask<'a, M, T> {
    type Output = Result<T, AskError>;
    type IntoFuture = AskFuture<M, T>;

    fn into_future(self) -> AskFuture<M, T> {
        self.into_request().into_future()
    }
}

impl<A: Handler> Context<A> {
    /// Reports how far the task in hand is, to whoever [listens](PoolTask::on_progress) for values of
    /// this type.
    ///
    /// # Errors
    /// If nobody does: the value comes back.
    pub fn progress<P: 'static>(&self, value: P) -> Result<(), P> {
        match self.task() {
            Some(task) => task.report(value),
            None => Err(value),
        }
    }
}

impl<M: Protocol, T> fmt::Debug for PoolTask<'_, M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolTask")
            .field("request", &self.request)
            .field("priority", &self.options.priority)
            .field("patience", &self.options.patience)
            .field("timeout", &self.options.timeout)
            .finish_non_exhaustive()
    }
}
