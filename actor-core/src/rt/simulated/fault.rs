//! Faults that a simulation injects.

use std::fmt;
use std::time::Duration;

use super::chance::Chance;
use crate::rt::Moment;

/// Something that goes wrong in a simulated run, under its seed.
///
/// Actors and messages are matched by their names. By default a fault strikes once, at the first
/// occasion; [`times`](Self::times), [`after`](Self::after) and [`one_in`](Self::one_in) change that.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// use actor_core::simulation::{Fault, Simulation};
///
/// let crash = Fault::crash_before("Counter").at("add").after(1);
/// Simulation::new(7).fault(crash).run(|system| {
///     let counter = system.spawn::<Counter>(0).unwrap();
///     assert_eq!(counter.add(1).ask().unwrap(), 1);
///     assert!(counter.add(1).ask().is_err());
/// });
/// ```
#[derive(Clone, Debug)]
#[must_use = "a fault is to be given to a `Simulation`"]
pub struct Fault {
    actor: String,
    message: Option<String>,
    what: What,
    /// How many occasions pass first.
    after: u64,
    times: u64,
    one_in: u64,
}

#[derive(Clone, Copy, Debug)]
enum What {
    CrashBefore,
    CrashAfter,
    Hang,
    Delay(Duration),
    DropAnswer,
    FailStart,
    FillMailbox,
}

impl Fault {
    fn new(actor: &str, what: What) -> Self {
        Fault {
            actor: actor.to_owned(),
            message: None,
            what,
            after: 0,
            times: 1,
            one_in: 1,
        }
    }

    /// The actor of this name panics instead of handling a message.
    pub fn crash_before(actor: &str) -> Self {
        Fault::new(actor, What::CrashBefore)
    }

    /// The actor of this name panics when it has handled a message, before it answers.
    pub fn crash_after(actor: &str) -> Self {
        Fault::new(actor, What::CrashAfter)
    }

    /// The actor of this name never comes back from a message, as if the handler blocked in a call
    /// that does not return. It can only be left behind; once the run is over it does come back, late.
    pub fn hang(actor: &str) -> Self {
        Fault::new(actor, What::Hang)
    }

    /// The actor of this name takes `delay` longer over a message, by the virtual clock, and answers
    /// so much later. Where another thread answers, that one takes longer.
    pub fn delay_answer(actor: &str, delay: Duration) -> Self {
        Fault::new(actor, What::Delay(delay))
    }

    /// The actor of this name handles a message, and its answer is lost: the asker gets
    /// [`AskError::NoReply`](crate::AskError::NoReply).
    pub fn drop_answer(actor: &str) -> Self {
        Fault::new(actor, What::DropAnswer)
    }

    /// `start` of the actor of this name fails, `times` times.
    pub fn fail_start(actor: &str) -> Self {
        Fault::new(actor, What::FailStart)
    }

    /// Whoever sends to the actor of this name finds its mailbox full, and does what its
    /// [`Overflow`](crate::Overflow) says; one that waits for room waits for a virtual millisecond. It does not strike where there
    /// is no bound, nor where the oldest message is to make room and there is none.
    pub fn full_mailbox(actor: &str) -> Self {
        Fault::new(actor, What::FillMailbox)
    }

    /// Only at messages of this name, that of the method.
    pub fn at(mut self, message: &str) -> Self {
        self.message = Some(message.to_owned());
        self
    }

    /// Not at the first `occasions`.
    pub fn after(mut self, occasions: u64) -> Self {
        self.after = occasions;
        self
    }

    /// At most so many times; 1 by default.
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }

    /// At each occasion with a chance of one in `n`, which the seed decides; always, if `n` is 0 or 1.
    pub fn one_in(mut self, n: u64) -> Self {
        self.one_in = n;
        self
    }

    /// Whether it is not to strike at all.
    pub(crate) fn is_off(&self) -> bool {
        self.times == 0
    }

    fn is_at(&self, moment: Moment, actor: &str, message: &str) -> bool {
        let at = match self.what {
            What::CrashBefore | What::Hang => Moment::Before,
            What::CrashAfter => Moment::After,
            What::Delay(_) => Moment::Delay,
            What::DropAnswer => Moment::Answer,
            What::FailStart => Moment::Start,
            What::FillMailbox => Moment::Push,
        };
        let named = self.message.as_deref().is_none_or(|name| name == message);
        at == moment && self.actor == actor && (named || at == Moment::Start)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            What::CrashBefore => "a crash before",
            What::CrashAfter => "a crash after",
            What::Hang => "no end of",
            What::Delay(delay) => return write!(f, "a delay of {delay:?} of {}", self.place()),
            What::DropAnswer => "the loss of the answer to",
            What::FailStart => return write!(f, "a failure of the start of {}", self.actor),
            What::FillMailbox => "a full mailbox at",
        };
        write!(f, "{what} {}", self.place())
    }
}

impl Fault {
    fn place(&self) -> String {
        match &self.message {
            Some(message) => format!("{}'s {message}", self.actor),
            None => format!("any message of {}", self.actor),
        }
    }
}

/// What a fault does to the thread that it strikes.
pub(super) enum Strike {
    Crash,
    Hang,
    Delay(Duration),
    /// What the thread is about to do fails.
    Fail,
}

/// The faults of one run.
pub(super) struct Faults {
    planned: Vec<Planned>,
}

struct Planned {
    fault: Fault,
    occasions: u64,
    struck: u64,
    chance: Chance,
}

impl Faults {
    pub(super) fn new(seed: u64, faults: &[Fault]) -> Self {
        let planned = faults.iter().zip(0..).map(|(fault, place)| Planned {
            fault: fault.clone(),
            occasions: 0,
            struck: 0,
            chance: Chance::new(seed, 1_000 + place),
        });
        Faults {
            planned: planned.collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.planned.is_empty()
    }

    /// The first that strikes here, with its description.
    pub(super) fn strike(
        &mut self,
        moment: Moment,
        actor: &str,
        message: &str,
    ) -> Option<(Strike, String)> {
        let struck = self
            .planned
            .iter_mut()
            .find_map(|one| one.strikes(moment, actor, message).then_some(&one.fault))?;
        let strike = match struck.what {
            What::CrashBefore | What::CrashAfter => Strike::Crash,
            What::Hang => Strike::Hang,
            What::Delay(delay) => Strike::Delay(delay),
            What::DropAnswer | What::FailStart | What::FillMailbox => Strike::Fail,
        };
        Some((strike, struck.to_string()))
    }

    /// How often each struck.
    pub(super) fn struck(&self) -> Vec<u64> {
        self.planned.iter().map(|one| one.struck).collect()
    }
}

impl Planned {
    fn strikes(&mut self, moment: Moment, actor: &str, message: &str) -> bool {
        if !self.fault.is_at(moment, actor, message) {
            return false;
        }
        self.occasions += 1;
        let strikes = self.occasions > self.fault.after
            && self.struck < self.fault.times
            && self.chance.below(self.fault.one_in) == 0;
        self.struck += u64::from(strikes);
        strikes
    }
}
