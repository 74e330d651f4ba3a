//! How an actor receives from ports as from its mailbox.

use std::sync::{Arc, Mutex};

use crate::context::{Context, Handler};
use crate::lease::{Lease, LeaseKey, Standing};
use crate::registry::Registered;

use super::error::AttachError;
use super::lane::{Holder, Tenure};
use super::lease::{Attachee, Intake, Leased, Redelivery, Source};

/// A port that an actor has attached, to be [detached](Context::detach) by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attachment(u64);

impl<A: Handler> Context<A> {
    /// Receives from `source` from now on: each value becomes the message that `make` makes of it,
    /// and is handled like one from the mailbox. The constructors that `#[actor]` derives fit.
    ///
    /// Mailbox and ports take turns, so that a flood in one starves neither another nor the timers;
    /// within a port the order holds. The port keeps its own bound: while the actor is busy, whoever
    /// posts waits. The lease ends with the life, or with [`detach`](Self::detach); a port in the
    /// actor's arguments can be attached by each life anew. What waits in a port stays there when the
    /// actor stops, and when it drains too: that empties its mailbox. The message in hand of a life that fails
    /// is a dead letter: see [`attach_redelivering`](Self::attach_redelivering).
    ///
    /// # Errors
    /// If another life holds the port.
    ///
    /// ```
    /// use actor_core::prelude::*;
    /// use actor_core::{MessageChannel, MessagePort};
    ///
    /// struct Filter { out: MessagePort<u32, ()> }
    ///
    /// #[actor]
    /// impl Filter {
    ///     /// Lets even numbers through.
    ///     pub fn number(&mut self, n: u32) {
    ///         if n % 2 == 0 { self.out.post(n).ok(); }
    ///     }
    ///     /// No number will come any more.
    ///     pub fn done(&mut self, ctx: &mut Context<Self>) { ctx.exit(0) }
    /// }
    ///
    /// impl Actor for Filter {
    ///     type Args = std::sync::Mutex<Option<(MessagePort<(), u32>, MessagePort<u32, ()>)>>;
    ///     fn start(ctx: &mut Context<Self>, ports: &Self::Args) -> Result<Self, Failure> {
    ///         let (numbers, out) = ports.lock().unwrap().take().ok_or("started again")?;
    ///         let attachment = ctx.attach(&numbers, FilterMessage::number)?;
    ///         ctx.on_close(attachment, FilterMessage::done());
    ///         Ok(Filter { out })
    ///     }
    /// }
    ///
    /// let system = System::new("filters")?;
    /// let numbers = MessageChannel::<u32, ()>::new();
    /// let even = MessageChannel::<u32, ()>::new();
    /// system.spawn::<Filter>(Some((numbers.port2, even.port1)).into())?;
    /// for n in 0..10 { numbers.port1.post(n)? }
    /// drop(numbers.port1);
    /// assert_eq!(even.port2.iter().collect::<Vec<_>>(), [0, 2, 4, 6, 8]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn attach<S: Source>(
        &mut self,
        source: &S,
        make: impl FnMut(S::Item) -> A::Message + 'static,
    ) -> Result<Attachment, AttachError> {
        self.attach_with(source.intake(), None, make)
    }

    /// Like [`attach`](Self::attach), and a value that a life fails with goes back to the front of
    /// the port, for whoever attaches it next, up to `times` times. Then it is a dead letter. Each
    /// value is cloned before it is handled. A port that closes with the life is dropped with all
    /// that waits in it, so this is for one that lasts, in the arguments for example.
    ///
    /// # Errors
    /// If another life holds the port.
    pub fn attach_redelivering<S: Source<Item: Clone>>(
        &mut self,
        source: &S,
        times: u32,
        make: impl FnMut(S::Item) -> A::Message + 'static,
    ) -> Result<Attachment, AttachError> {
        let redelivery = Redelivery {
            limit: times,
            clone: Clone::clone,
        };
        self.attach_with(source.intake(), Some(redelivery), make)
    }

    fn attach_with<T: Send + 'static>(
        &mut self,
        intake: Intake<T>,
        redelivery: Option<Redelivery<T>>,
        make: impl FnMut(T) -> A::Message + 'static,
    ) -> Result<Attachment, AttachError> {
        self.kernel().rt.point();
        let life = self.life();
        let number = self.ports_mut().last + 1;
        let tenure = Tenure {
            identity: self.identity().clone(),
            life,
            number,
        };
        let holder = Holder {
            kernel: Arc::clone(self.kernel()),
            tenure: tenure.clone(),
            ring: self.cell().ringer(),
        };
        let leased = Arc::new(Leased {
            lane: intake.lane,
            owner: Mutex::new(Some(intake.owner)),
            tenure,
            redelivery,
            kept: Mutex::new(None),
        });
        let leased_to = |holder| AttachError { holder };
        leased.lane.lease(holder).map_err(leased_to)?;
        let ports = self.ports_mut();
        ports.last = number;
        ports.attached.push(Box::new(Attachee {
            leased: Arc::clone(&leased),
            make,
            on_close: None,
        }));
        let key = LeaseKey::Port(number);
        let lease: Arc<dyn Lease> = leased;
        // A life that was left behind gets nothing: its lease ends here.
        if self.cell().keep_lease(life, key, Arc::clone(&lease)) == Standing::Over {
            lease.end();
        }
        Ok(Attachment(number))
    }

    /// What to tell itself once an attached port is closed and all of it has been received; once.
    pub fn on_close(&mut self, attachment: Attachment, message: A::Message) {
        let mut ports = self.ports_mut().attached.iter_mut();
        if let Some(port) = ports.find(|port| port.number() == attachment.0) {
            port.on_close(message);
        }
    }

    /// Receives from an attached port no more; what is queued in it stays there. The message in hand
    /// is still the actor's: with [`attach_redelivering`](Self::attach_redelivering) it goes back
    /// only if the life fails with it. False if it was detached before.
    pub fn detach(&mut self, attachment: Attachment) -> bool {
        self.kernel().rt.point();
        let removed = self.ports_mut().remove(attachment.0);
        if removed == Some(true) {
            let key = LeaseKey::Port(attachment.0);
            self.cell().end_lease(self.life(), key);
        }
        removed.is_some()
    }
}
