//! How an actor links itself with others, and watches them.

use std::sync::Arc;

use crate::actor_ref::ActorRef;
use crate::context::{Context, Handler};
use crate::peers::Peer;
use crate::protocol::Protocol;
use crate::signal::Monitor;

impl<A: Handler> Context<A> {
    /// Links this life with the one that `other` lives now: when one ends abnormally, so does the
    /// other, with the same reason. Erlang's `link`.
    ///
    /// [`Normal`](crate::ExitReason::Normal) ends nobody else; every other end does, a shutdown
    /// too. A life that ends by a link handles no further message, its handler sees
    /// [`cancelled`](Self::cancelled), and [`stopping`](crate::Actor::stopping) runs. What was
    /// terminated or left behind ends its peers in order, with
    /// [`Terminated`](crate::ExitReason::Terminated). Who [traps exits](Self::trap_exit) is told
    /// instead.
    ///
    /// There is one link for each pair, whoever makes it. It binds lives, not actors: a restart of
    /// either comes without it. Where `other` has ended, or is between two lives, that is an exit
    /// with [`NoProc`](crate::ExitReason::NoProc).
    ///
    /// ```
    /// use actor_core::prelude::*;
    ///
    /// /// Makes no sense without its partner.
    /// struct Half;
    ///
    /// #[actor]
    /// impl Half {
    ///     /// Binds the two together.
    ///     pub fn meet(&mut self, ctx: &mut Context<Self>, other: HalfHandle) { ctx.link(&other) }
    ///     /// Goes wrong.
    ///     #[message(fails)]
    ///     pub fn fail(&mut self) -> Result<(), Failure> { Err("broken")? }
    /// }
    /// # impl Actor for Half { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Half) } }
    /// let system = System::new("halves")?;
    /// let (one, other) = (system.spawn::<Half>(())?, system.spawn::<Half>(())?);
    /// one.meet(other.clone()).ask()?;
    /// one.fail().tell()?;
    /// assert_eq!(other.join().to_string(), "failed: broken");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn link<M: Protocol>(&mut self, other: &ActorRef<M>) {
        self.kernel().rt.point();
        let other = Arc::clone(other.cell()) as Arc<dyn Peer>;
        self.cell().link(self.life(), other);
    }

    /// Takes the link with `other` away, if there is one. An exit that is under way already has no
    /// effect any more.
    pub fn unlink<M: Protocol>(&mut self, other: &ActorRef<M>) {
        self.kernel().rt.point();
        self.cell().unlink(self.life(), &**other.cell());
    }

    /// Whether the ends of linked lives are told to [`linked_exit`](crate::Actor::linked_exit),
    /// normal ones too, rather than ending this one. Erlang's `process_flag(trap_exit, …)`.
    ///
    /// ```
    /// use actor_core::prelude::*;
    ///
    /// # struct Half;
    /// # #[actor] impl Half { #[message(fails)] pub fn fail(&mut self) -> Result<(), Failure> { Err("broken")? } }
    /// # impl Actor for Half { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Half) } }
    /// struct Survivor(Vec<String>);
    ///
    /// #[actor]
    /// impl Survivor {
    ///     /// Whom it has survived.
    ///     pub fn survived(&self) -> Vec<String> { self.0.clone() }
    /// }
    ///
    /// impl Actor for Survivor {
    ///     type Args = HalfHandle;
    ///     fn start(ctx: &mut Context<Self>, other: &HalfHandle) -> Result<Self, Failure> {
    ///         ctx.trap_exit(true);
    ///         ctx.link(other);
    ///         Ok(Survivor(Vec::new()))
    ///     }
    ///     fn linked_exit(&mut self, _ctx: &mut Context<Self>, exit: LinkedExit) -> Result<(), Failure> {
    ///         self.0.push(format!("{}: {}", exit.actor, exit.reason));
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let system = System::new("halves")?;
    /// let half = system.spawn::<Half>(())?;
    /// let survivor = system.spawn::<Survivor>(half.clone())?;
    /// half.fail().tell()?;
    /// half.join();
    /// assert_eq!(survivor.survived().ask()?, ["Half#1: failed: broken"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn trap_exit(&mut self, traps: bool) {
        self.cell().trap_exit(self.life(), traps);
    }

    /// Watches the life that `other` lives now: when it ends, however it ends,
    /// [`down`](crate::Actor::down) is told, once for each monitor. Erlang's `monitor`.
    ///
    /// Where `other` has ended, or is between two lives, that happens at once, with
    /// [`NoProc`](crate::ExitReason::NoProc). A failing start is an end as well. By the time it is
    /// told, the life's state is dropped and a name that it held is free.
    ///
    /// ```
    /// use actor_core::prelude::*;
    ///
    /// # struct Half;
    /// # #[actor] impl Half { #[message(fails)] pub fn fail(&mut self) -> Result<(), Failure> { Err("broken")? } }
    /// # impl Actor for Half { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Half) } }
    /// struct Watcher;
    ///
    /// #[actor]
    /// impl Watcher {
    ///     /// Nothing to do.
    ///     pub fn idle(&self) {}
    /// }
    ///
    /// impl Actor for Watcher {
    ///     type Args = HalfHandle;
    ///     fn start(ctx: &mut Context<Self>, other: &HalfHandle) -> Result<Self, Failure> {
    ///         ctx.monitor(other);
    ///         Ok(Watcher)
    ///     }
    ///     fn down(&mut self, ctx: &mut Context<Self>, down: Down) -> Result<(), Failure> {
    ///         ctx.exit_with(ExitReason::Shutdown(Some(format!("{} is gone", down.actor).into())));
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let system = System::new("halves")?;
    /// let half = system.spawn::<Half>(())?;
    /// let watcher = system.spawn::<Watcher>(half.clone())?;
    /// half.stop();
    /// assert_eq!(watcher.join().to_string(), "shutdown: Half#1 is gone");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn monitor<M: Protocol>(&mut self, other: &ActorRef<M>) -> Monitor {
        self.kernel().rt.point();
        let other = Arc::clone(other.cell()) as Arc<dyn Peer>;
        self.cell().monitor(self.life(), other)
    }

    /// Ends a monitor; false if it has fired. What it would tell, and was under way, is not told any
    /// more.
    pub fn demonitor(&mut self, monitor: Monitor) -> bool {
        self.kernel().rt.point();
        self.cell().demonitor(self.life(), monitor)
    }
}
