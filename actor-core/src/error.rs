//! One error for each operation. Each says who, what and why; those of sending hand the message
//! back.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Mutex;

use crate::exit::ExitReason;
use crate::graph::Cycle;
use crate::id::Identity;

/// A message that was not accepted; it comes back with [`into_message`](Self::into_message).
///
/// It can be sent between threads and shared whatever the message is, and needs no `M: Debug`.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// let system = System::new("errors")?;
/// let counter = system.spawn::<Counter>(0)?;
/// counter.stop();
/// counter.join();
/// let error = counter.add(5).tell().unwrap_err();
/// assert_eq!(error.to_string(), "`add` was not delivered to Counter#1: it has ended or is draining");
/// assert!(matches!(error.into_message(), CounterMessage::Add { by: 5 }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SendError<M> {
    // A mutex, so that the error is `Sync` for messages that are not.
    message: Mutex<M>,
    name: &'static str,
    actor: Identity,
    kind: SendErrorKind,
    cycle: Option<Cycle>,
}

/// Why a message was not accepted.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// use actor_core::SendErrorKind;
///
/// let system = System::new("errors")?;
/// let mut spec = system.spec::<Counter>(0).mailbox(1);
/// let counter = spec.handle(); // not started, so what is sent stays in the mailbox
/// counter.add(1).tell()?;
/// assert_eq!(counter.add(1).try_tell().unwrap_err().kind(), SendErrorKind::Full);
/// drop(spec);
/// assert_eq!(counter.add(1).try_tell().unwrap_err().kind(), SendErrorKind::Closed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendErrorKind {
    /// The actor has ended, or was told to drain and takes nothing new.
    Closed,
    /// The mailbox is full, and the actor's overflow policy or `try_tell` do not wait.
    Full,
    /// The mailbox stayed full until the request's deadline.
    Timeout,
    /// The mailbox is full, and its actor waits for the sender: both would wait for ever.
    Deadlock,
}

impl<M> SendError<M> {
    pub(crate) fn new(
        message: M,
        name: &'static str,
        actor: &Identity,
        kind: SendErrorKind,
    ) -> Self {
        SendError {
            message: Mutex::new(message),
            name,
            actor: actor.clone(),
            kind,
            cycle: None,
        }
    }

    pub(crate) fn in_cycle(mut self, cycle: Option<Cycle>) -> Self {
        self.cycle = cycle;
        self
    }

    /// Who would have waited for whom, for [`SendErrorKind::Deadlock`].
    pub fn cycle(&self) -> Option<&Cycle> {
        self.cycle.as_ref()
    }

    /// What was sent.
    pub fn into_message(self) -> M {
        self.message
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The actor it was sent to.
    pub fn actor(&self) -> &Identity {
        &self.actor
    }

    /// Why it was not accepted.
    pub fn kind(&self) -> SendErrorKind {
        self.kind
    }

    pub(crate) fn into_ask_error(self) -> AskError {
        if let Some(cycle) = self.cycle {
            return AskError::Deadlock { cycle };
        }
        let (actor, message) = (self.actor.clone(), self.name);
        match self.kind {
            SendErrorKind::Closed => AskError::Stopped {
                actor,
                message,
                reason: None,
            },
            SendErrorKind::Full | SendErrorKind::Deadlock => AskError::Full { actor, message },
            SendErrorKind::Timeout => AskError::Timeout { actor, message },
        }
    }
}

impl<M> fmt::Display for SendError<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.kind {
            SendErrorKind::Closed => "it has ended or is draining",
            SendErrorKind::Full => "its mailbox is full",
            SendErrorKind::Timeout => "its mailbox stayed full until the deadline",
            SendErrorKind::Deadlock => "its mailbox is full and it waits for the sender",
        };
        write!(
            f,
            "`{}` was not delivered to {}: {why}",
            self.name, self.actor
        )?;
        match &self.cycle {
            Some(cycle) => write!(f, " ({cycle})"),
            None => Ok(()),
        }
    }
}

impl<M> fmt::Debug for SendError<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError")
            .field("message", &self.name)
            .field("actor", &self.actor)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl<M: Send> Error for SendError<M> {}

/// A question that got no answer.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// # std::panic::set_hook(Box::new(|_| {}));
/// # let system = System::new("errors")?;
/// let counter = system.spawn::<Counter>(0)?;
/// assert!(matches!(counter.divide(0).ask(), Err(AskError::Failed { message: "divide", .. })));
/// counter.join();
/// let error = counter.add(1).ask().unwrap_err();
/// assert_eq!(error.to_string(), "`add` was not answered: Counter#1 has stopped");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// The actor had ended, or ended before it began with the message, which was not handled. Or
    /// the message was to be [redelivered](crate::Spec::redeliver), and no further life came.
    #[error(
        "`{message}` was not answered: {actor} has stopped{}",
        because(reason.as_ref())
    )]
    Stopped {
        /// The actor that was asked.
        actor: Identity,
        /// The message's name.
        message: &'static str,
        /// How the actor ended, where the message was waiting in its mailbox then.
        reason: Option<ExitReason>,
    },
    /// The life that had the message in hand ended: the handler failed or panicked,
    /// or the life was left behind. What it did before is unknown.
    #[error("`{message}` was not answered: {actor} ended while it handled it: {reason}")]
    Failed {
        /// The actor that was asked.
        actor: Identity,
        /// Which of its lives ended.
        life: u64,
        /// The message's name.
        message: &'static str,
        /// How its life ended.
        reason: ExitReason,
    },
    /// The deadline passed. The message may still be handled; a late answer is dropped.
    #[error("`{message}` was not answered by {actor} in time")]
    Timeout {
        /// The actor that was asked.
        actor: Identity,
        /// The message's name.
        message: &'static str,
    },
    /// The mailbox is full and its overflow policy is to reject; nothing was delivered.
    #[error("`{message}` was not delivered to {actor}: its mailbox is full")]
    Full {
        /// The actor that was asked.
        actor: Identity,
        /// The message's name.
        message: &'static str,
    },
    /// The actors would have waited for each other for ever. An ask that finds this delivers
    /// nothing; where an answer [sent](crate::Request::send) for before is waited for, the message
    /// was delivered before. Asking oneself is always one.
    #[error("waiting for the answer would be a deadlock: {cycle}")]
    Deadlock {
        /// Who waits for whom.
        cycle: Cycle,
    },
    /// A task of a pool was cancelled before its answer.
    #[error("`{message}` was not answered: it was cancelled at {actor}")]
    Cancelled {
        /// The pool or the worker that had it.
        actor: Identity,
        /// The message's name.
        message: &'static str,
    },
    /// Whoever was to answer later dropped its `ReplyTo` without an answer.
    #[error("`{message}` was not answered: {actor} dropped its `ReplyTo`")]
    NoReply {
        /// The actor that was asked.
        actor: Identity,
        /// The message's name.
        message: &'static str,
    },
}

fn because(reason: Option<&ExitReason>) -> String {
    reason.map_or_else(String::new, |reason| format!(" ({reason})"))
}

/// An actor that did not start. Nothing of it is left.
///
/// ```
/// # use actor_core::prelude::*;
/// # struct Listener;
/// # #[actor]
/// # impl Listener { pub fn accept(&mut self) {} }
/// impl Actor for Listener {
///     type Args = u16;
///     fn start(_ctx: &mut Context<Self>, port: &u16) -> Result<Self, Failure> {
///         if *port == 0 { Err("port 0 cannot be listened on")? }
///         Ok(Listener)
///     }
/// }
/// let system = System::new("errors")?;
/// let error = system.spec::<Listener>(0).name("web").spawn().unwrap_err();
/// assert_eq!(error.to_string(), "web#1 was not started: its start failed: port 0 cannot be listened on");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct SpawnError {
    actor: Identity,
    kind: SpawnErrorKind,
}

/// Why an actor did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum SpawnErrorKind {
    /// Its `start` failed or panicked, or the actor was stopped or left behind while it ran.
    Start(ExitReason),
    /// Its `start` returned [`Ignore`](crate::Ignore).
    Ignored,
    /// The system gave no thread.
    Thread(io::Error),
    /// It was to be registered under its name, which the actor named here has.
    NameTaken(Identity),
    /// Its parent, or the system, is stopping or has ended, and starts nothing any more.
    ParentStopping,
}

impl SpawnError {
    pub(crate) fn new(actor: &Identity, kind: SpawnErrorKind) -> Self {
        SpawnError {
            actor: actor.clone(),
            kind,
        }
    }

    /// The actor that did not start.
    pub fn actor(&self) -> &Identity {
        &self.actor
    }

    /// Why it did not.
    pub fn kind(&self) -> &SpawnErrorKind {
        &self.kind
    }
}

impl fmt::Display for SpawnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was not started: {}", self.actor, self.kind)
    }
}

impl fmt::Display for SpawnErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpawnErrorKind::Start(reason) => write!(f, "its start {reason}"),
            SpawnErrorKind::Ignored => f.write_str("its start found nothing to do"),
            SpawnErrorKind::Thread(error) => write!(
                f,
                "no thread could be made ({error}); a smaller stack or fewer actors may help"
            ),
            SpawnErrorKind::NameTaken(other) => {
                write!(f, "{other} is registered under that name already")
            }
            SpawnErrorKind::ParentStopping => {
                f.write_str("its parent is stopping, or it was told to stop before it started")
            }
        }
    }
}

impl Error for SpawnError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            SpawnErrorKind::Start(ExitReason::Failed(failure)) => Some(failure.as_error()),
            SpawnErrorKind::Thread(error) => Some(error),
            _ => None,
        }
    }
}

/// A system that could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SystemError {
    /// The program is built with `panic = "abort"`: a panicking actor would take the process with
    /// it, and no supervisor could restart it.
    #[error(
        "system {name:?} refuses to start: the program is built with panic = \"abort\", so a panic \
         in any actor ends the process and nothing can be supervised; build with panic = \
         \"unwind\", or call System::builder(..).allow_panic_abort() if that is what you want"
    )]
    PanicAbort {
        /// The name of the system.
        name: String,
    },
    /// The system's root thread could not be made.
    #[error("system {name:?} could not start its root thread")]
    Thread {
        /// The name of the system.
        name: String,
        /// What the operating system said.
        source: io::Error,
    },
}
