//! The lifecycle of an actor.

use crate::context::{Context, Handler};
use crate::exit::ExitReason;
use crate::failure::Failure;
use crate::signal::{Down, LinkedExit};

/// The lifecycle of an actor.
///
/// The actor's value is made by [`start`](Self::start) on the actor's own thread, lives there and
/// is dropped there, at each life anew: it may be `!Send`.
///
/// ```
/// use actor_core::prelude::*;
///
/// /// Owns a scratch file that no other thread touches.
/// struct Journal { lines: Vec<String> }
///
/// #[actor]
/// impl Journal {
///     /// Adds a line.
///     pub fn add(&mut self, line: String) { self.lines.push(line) }
/// }
///
/// impl Actor for Journal {
///     type Args = String;
///     fn start(_ctx: &mut Context<Self>, title: &String) -> Result<Self, Failure> {
///         if title.is_empty() { Err("a journal needs a title")? }
///         Ok(Journal { lines: vec![title.clone()] })
///     }
///     fn stopping(&mut self, _ctx: &mut Context<Self>, reason: &ExitReason) -> Result<(), Failure> {
///         println!("{} lines, then {reason}", self.lines.len());
///         Ok(())
///     }
/// }
///
/// let system = System::new("journals")?;
/// assert!(system.spawn::<Journal>(String::new()).is_err());
/// system.spawn::<Journal>("Monday".into())?.add("rain".into()).tell()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has messages but no lifecycle",
    label = "add `impl Actor for {Self}` with its `Args` and `start`",
    note = "`#[actor]` derives what the actor receives; `impl Actor` says how it starts"
)]
pub trait Actor: Handler {
    /// What an actor is started with, Node's `workerData`. It is kept for restarts and lent to
    /// each start; it is dropped when the actor has ended.
    type Args: Send + Sync + 'static;

    /// Makes the actor, on its own thread. Whoever spawns it waits for this.
    ///
    /// # Errors
    /// An error fails the start: the spawner gets it, children that were started here are stopped
    /// in reverse order, and nothing is left. [`Ignore`](crate::Ignore) says that there is nothing
    /// to do. A panic here is contained and counts as a failure.
    fn start(ctx: &mut Context<Self>, args: &Self::Args) -> Result<Self, Failure>;

    /// Runs once, on the actor's thread, when a life that had started comes to its end: its
    /// children have stopped, no message will be handled any more. It runs after a failure or a
    /// panic too, when the state may be half changed, but not after a `terminate`.
    ///
    /// # Errors
    /// An error, like a panic, replaces the reason that the life ends with.
    fn stopping(&mut self, ctx: &mut Context<Self>, reason: &ExitReason) -> Result<(), Failure> {
        let _ = (ctx, reason);
        Ok(())
    }

    /// A life that this one [monitors](Context::monitor) has ended. By default nothing happens.
    ///
    /// # Errors
    /// An error fails the actor.
    fn down(&mut self, ctx: &mut Context<Self>, down: Down) -> Result<(), Failure> {
        let _ = (ctx, down);
        Ok(())
    }

    /// A life that this one is [linked](Context::link) with has ended, and this one
    /// [traps exits](Context::trap_exit). By default nothing happens.
    ///
    /// # Errors
    /// An error fails the actor.
    fn linked_exit(&mut self, ctx: &mut Context<Self>, exit: LinkedExit) -> Result<(), Failure> {
        let _ = (ctx, exit);
        Ok(())
    }

    /// What is wrong with what the arguments plan for, in this system.
    #[doc(hidden)]
    fn args_mistakes(args: &Self::Args, system: u64) -> Vec<String> {
        let _ = (args, system);
        Vec::new()
    }

    /// The actor has ended, or will, or its entry is kept and it does not run.
    #[doc(hidden)]
    fn args_retire(args: &Self::Args) {
        let _ = args;
    }
}
