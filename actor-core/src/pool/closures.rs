//! A pool for closures, without an actor of one's own.

use std::any::Any;
use std::fmt;
use std::ops::Deref;

use crate::actor::Actor;
use crate::actor_ref::ActorRef;
use crate::context::{Context, Handled, Handler};
use crate::failure::Failure;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::system::SystemRef;

use super::handle::Pool;
use super::spec::PoolSpec;

/// An actor that runs closures: what a pool made by [`Pool::closures`] has as its workers.
#[derive(Debug)]
pub struct Closures(());

/// A closure on its way to a worker.
pub struct Closure(Box<dyn FnOnce() -> Outcome + Send>);

/// What a closure returned.
pub type Outcome = Box<dyn Any + Send>;

/// The handle of an actor that runs closures.
#[derive(Clone, Debug)]
pub struct ClosuresHandle(ActorRef<Closure>);

impl Pool<Closures> {
    /// A pool that runs any closure that can travel.
    ///
    /// ```
    /// use actor_core::{Pool, System};
    ///
    /// let system = System::new("closures")?;
    /// let pool = Pool::closures(&system).size(2).spawn()?;
    /// let bytes = vec![1_u8; 1000];
    /// let sum = pool.run(move || bytes.iter().map(|&byte| u32::from(byte)).sum::<u32>()).send()?;
    /// assert_eq!(pool.run(|| "meanwhile".len()).ask()?, 9);
    /// assert_eq!(sum.wait()?, 1000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn closures(system: &SystemRef) -> PoolSpec<Closures> {
        system.pool::<Closures>(|_| ()).name("closures")
    }
}

impl ClosuresHandle {
    /// Runs a closure on a worker, which is replaced if it panics: the asker gets
    /// [`AskError::Failed`](crate::AskError::Failed) then.
    pub fn run<T: Send + 'static>(
        &self,
        closure: impl FnOnce() -> T + Send + 'static,
    ) -> Request<'_, Closure, T> {
        let closure = Closure(Box::new(move || Box::new(closure())));
        let unwrap = |outcome: Outcome| outcome.downcast().ok().map(|outcome: Box<T>| *outcome);
        Request::new(&self.0, closure, unwrap)
    }
}

impl Protocol for Closure {
    type Reply = Outcome;
    type Handle = ClosuresHandle;

    fn name(&self) -> &'static str {
        "run"
    }
}

impl Handler for Closures {
    type Message = Closure;

    fn handle(&mut self, _ctx: &mut Context<Self>, Closure(closure): Closure) -> Handled<Outcome> {
        Handled::Reply(closure())
    }
}

impl Actor for Closures {
    type Args = ();

    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Closures(()))
    }
}

impl From<ActorRef<Closure>> for ClosuresHandle {
    fn from(actor: ActorRef<Closure>) -> Self {
        ClosuresHandle(actor)
    }
}

impl Deref for ClosuresHandle {
    type Target = ActorRef<Closure>;

    fn deref(&self) -> &ActorRef<Closure> {
        &self.0
    }
}

impl fmt::Debug for Closure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closure").finish_non_exhaustive()
    }
}
