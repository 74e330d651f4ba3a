//! What happens in a system, as a stream for whoever wants to know.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::exit::ExitReason;
use crate::id::{ActorId, Identity};
use crate::rt::{IdleStrategy, Rt, lock};

/// Something that happened to an actor.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// # std::panic::set_hook(Box::new(|_| {}));
/// # let system = System::new("events")?;
/// let mut events = system.events();
/// let counter = system.spawn::<Counter>(0)?;
/// assert!(counter.divide(0).ask().is_err());
/// let failed = events.find(|event| matches!(event.kind, EventKind::Failed { .. })).unwrap();
/// assert_eq!((failed.actor.name(), failed.life), ("Counter", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Event {
    /// When, since the system was made.
    pub at: Duration,
    /// To whom.
    pub actor: Identity,
    /// In which of its lives; 0 before the first.
    pub life: u64,
    /// What.
    pub kind: EventKind,
}

/// What happened. Each life has, in this order, at most one `Started`, at most one `Failed`, and
/// exactly one `Exited`; `Restarted` comes between two lives. [`Events`] shows how to read them.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum EventKind {
    /// Its `start` succeeded.
    Started,
    /// Its supervisor begins a new life, the one that the event names.
    Restarted {
        /// How the life before it ended, or why its last start failed.
        reason: ExitReason,
    },
    /// Something in it failed or panicked.
    Failed {
        /// What.
        reason: ExitReason,
    },
    /// The life has ended.
    Exited {
        /// How.
        reason: ExitReason,
        /// The exit code of that reason.
        code: i32,
    },
    /// It did not stop in time, and its thread was left behind.
    Abandoned {
        /// The message it was stuck in.
        message: Option<&'static str>,
        /// How long it was waited for, from the moment it was told to end.
        waited: Duration,
    },
    /// A life ended with this message in hand, and the next is to handle it again.
    Redelivered {
        /// The message's name.
        message: &'static str,
        /// Which redelivery this is; the first is 1.
        attempt: u32,
    },
    /// A message that had been accepted will not be handled, or was not handled to its end.
    DeadLetter {
        /// The message's name.
        message: &'static str,
        /// The actor that sent it; none if it was sent by a plain thread.
        sender: Option<ActorId>,
        /// Why.
        cause: DeadLetterCause,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, life {}: {}", self.actor, self.life, self.kind)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EventKind::Started => f.write_str("started"),
            EventKind::Restarted { reason } => write!(f, "restarted after: {reason}"),
            EventKind::Failed { reason } => write!(f, "failed: {reason}"),
            EventKind::Exited { reason, code } => write!(f, "exited with {code}: {reason}"),
            EventKind::Abandoned { message, waited } => {
                write!(f, "left behind after {waited:?}")?;
                message.map_or(Ok(()), |message| write!(f, ", stuck in {message}"))
            }
            EventKind::Redelivered { message, attempt } => {
                write!(f, "{message} comes again, redelivery {attempt}")
            }
            EventKind::DeadLetter {
                message,
                sender,
                cause,
            } => {
                write!(f, "{message} is a dead letter ({cause:?})")?;
                sender.map_or(Ok(()), |sender| write!(f, ", sent by {sender}"))
            }
        }
    }
}

/// Why a message became a dead letter.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// use actor_core::DeadLetterCause;
///
/// let system = System::new("events")?;
/// let mut events = system.events();
/// let mut spec = system.spec::<Counter>(0);
/// spec.handle().add(1).tell()?;
/// drop(spec); // so it never starts
/// let letter = events.next().unwrap().kind;
/// assert!(matches!(letter, EventKind::DeadLetter { message: "add", cause: DeadLetterCause::Stopped, .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum DeadLetterCause {
    /// It was in the mailbox when the actor ended.
    Stopped,
    /// The actor failed while it handled it.
    Failed,
    /// The actor was left behind while it handled it.
    Abandoned,
    /// The mailbox was full, and its policy is to drop the oldest or the newest message.
    Overflow,
    /// The actor failed while it handled it, as the lives before had, as often as it may be
    /// redelivered.
    RedeliveryUsedUp,
    /// A task of a pool was cancelled before a worker began with it.
    Cancelled,
    /// No worker of a pool began with a task in the time that it had for that.
    Expired,
}

/// How many events wait for a slow reader.
const CAPACITY: usize = 4096;

/// Where events go.
pub(crate) struct Hub {
    rt: Rt,
    start: Instant,
    readers: Mutex<Readers>,
    /// How many readers there are, so that nobody takes a lock where there is none.
    count: AtomicUsize,
}

#[derive(Default)]
struct Readers {
    queues: Vec<Weak<Queue>>,
    closed: bool,
}

#[derive(Default)]
struct Queue {
    state: Mutex<QueueState>,
}

#[derive(Default)]
struct QueueState {
    events: VecDeque<Event>,
    missed: u64,
    over: bool,
    waiter: Option<Waker>,
}

impl Hub {
    pub(crate) fn new(rt: Rt) -> Self {
        Hub {
            start: rt.now(),
            rt,
            readers: Mutex::default(),
            count: AtomicUsize::new(0),
        }
    }

    pub(crate) fn subscribe(&self) -> Events {
        let queue = Arc::new(Queue::default());
        let mut readers = lock(&self.readers);
        readers.queues.retain(|reader| reader.strong_count() > 0);
        readers.queues.push(Arc::downgrade(&queue));
        self.count.store(readers.queues.len(), Ordering::Release);
        lock(&queue.state).over = readers.closed;
        Events {
            queue,
            rt: self.rt.clone(),
        }
    }

    /// Gives an event to all readers. It never waits: a full reader misses its oldest event.
    pub(crate) fn publish(&self, actor: &Identity, life: u64, kind: EventKind) {
        self.rt.note(|| format!("{actor}, life {life}: {kind}"));
        if self.count.load(Ordering::Acquire) == 0 {
            return;
        }
        let event = Event {
            at: self.rt.now().saturating_duration_since(self.start),
            actor: actor.clone(),
            life,
            kind,
        };
        // Under the lock of the readers, so that all of them get events in one order. Events hold
        // errors of users, so what a reader misses, and one that is just going, is dropped after it.
        let dropped: Vec<_> = {
            let readers = lock(&self.readers);
            let queues = readers.queues.iter().filter_map(Weak::upgrade);
            queues
                .map(|queue| (queue.push(event.clone()), queue))
                .collect()
        };
        drop(dropped);
    }

    /// No event follows, for those who come later neither.
    pub(crate) fn close(&self) {
        let queues = {
            let mut readers = lock(&self.readers);
            readers.closed = true;
            std::mem::take(&mut readers.queues)
        };
        for queue in queues.iter().filter_map(Weak::upgrade) {
            let waiter = {
                let mut state = lock(&queue.state);
                state.over = true;
                state.waiter.take()
            };
            waiter.into_iter().for_each(Waker::wake);
        }
        self.count.store(0, Ordering::Release);
    }
}

impl Queue {
    /// Gives back the event that is missed for this one.
    fn push(&self, event: Event) -> Option<Event> {
        let (missed, waiter) = {
            let mut state = lock(&self.state);
            let full = state.events.len() == CAPACITY;
            let missed = full.then(|| state.events.pop_front()).flatten();
            state.missed += u64::from(full);
            state.events.push_back(event);
            (missed, state.waiter.take())
        };
        waiter.into_iter().for_each(Waker::wake);
        missed
    }
}

/// The events of a system from [`SystemRef::events`](crate::SystemRef::events) on.
///
/// A slow reader never blocks an actor: it keeps the newest 4,096 events and counts what it
/// [`missed`](Self::missed). The iterator blocks for the next event and ends with the system.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// let system = System::new("events")?;
/// let events = system.events();
/// system.spawn::<Counter>(0)?.stop();
/// system.shutdown()?;
/// let kinds: Vec<EventKind> = events.map(|event| event.kind).collect();
/// assert!(matches!(kinds[..], [EventKind::Started, EventKind::Exited { code: 0, .. }]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Events {
    queue: Arc<Queue>,
    rt: Rt,
}

impl Events {
    /// Takes the next event if there is one; never blocks.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # let system = System::new("events")?;
    /// let mut events = system.events();
    /// assert!(events.try_next().is_none());
    /// system.spawn::<Counter>(0)?;
    /// assert!(matches!(events.try_next().unwrap().kind, EventKind::Started));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn try_next(&mut self) -> Option<Event> {
        lock(&self.queue.state).events.pop_front()
    }

    /// Waits for the next event until `timeout` has passed; none then, or when the system is gone.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # let system = actor_core::System::new("quiet")?;
    /// let mut events = system.events();
    /// assert!(events.next_timeout(Duration::from_millis(1)).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next_timeout(&mut self, timeout: Duration) -> Option<Event> {
        self.wait(self.rt.after(timeout))
    }

    /// How many events were dropped because this reader was too slow.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # let system = System::new("events")?;
    /// let events = system.events();
    /// let mut spec = system.spec::<Counter>(0).unbounded();
    /// for _ in 0..5_000 { spec.handle().add(1).tell()? }
    /// drop(spec); // 5,000 dead letters, and nobody reads
    /// assert_eq!(events.missed(), 904);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn missed(&self) -> u64 {
        lock(&self.queue.state).missed
    }

    /// How many events wait to be read.
    pub fn waiting(&self) -> usize {
        lock(&self.queue.state).events.len()
    }

    fn wait(&mut self, deadline: Option<Instant>) -> Option<Event> {
        let queue = &self.queue;
        self.rt.awaits(|| "an event".to_owned());
        self.rt
            .wait(IdleStrategy::Park, deadline, |context| queue.poll(context))
            .flatten()
    }
}

impl Queue {
    fn poll(&self, context: &Context<'_>) -> Poll<Option<Event>> {
        let mut state = lock(&self.state);
        match state.events.pop_front() {
            Some(event) => Poll::Ready(Some(event)),
            None if state.over => Poll::Ready(None),
            None => {
                state.waiter = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Iterator for Events {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        self.wait(None)
    }
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events")
            .field("waiting", &self.waiting())
            .finish_non_exhaustive()
    }
}
