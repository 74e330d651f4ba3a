//! How an actor sets its timers.

use std::time::Duration;

use crate::context::{Context, Handler};
use crate::timer::{Tick, Timer};

impl<A: Handler> Context<A> {
    /// Sends the actor itself `message` once `delay` has passed.
    ///
    /// Timers live in the actor's own loop, without a thread: one is handled between two messages,
    /// as soon as the running handler has returned. Timers and messages take turns, so neither
    /// starves the other. The mailbox's bound does not concern them. They end with the life.
    ///
    /// ```
    /// use actor_core::prelude::*;
    /// use std::time::Duration;
    ///
    /// struct Reminder;
    ///
    /// #[actor]
    /// impl Reminder {
    ///     /// It is time.
    ///     pub fn ring(&mut self, ctx: &mut Context<Self>) { ctx.exit(0) }
    /// }
    ///
    /// impl Actor for Reminder {
    ///     type Args = Duration;
    ///     fn start(ctx: &mut Context<Self>, delay: &Duration) -> Result<Self, Failure> {
    ///         ctx.send_after(*delay, ReminderMessage::ring());
    ///         Ok(Reminder)
    ///     }
    /// }
    ///
    /// let system = System::new("reminders")?;
    /// let reminder = system.spawn::<Reminder>(Duration::from_millis(5))?;
    /// assert!(matches!(reminder.join(), ExitReason::Normal));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn send_after(&mut self, delay: Duration, message: A::Message) -> Timer {
        let at = self.kernel().rt.after(delay);
        self.timers_mut().add(at, Tick::Once(message))
    }

    /// Sends the actor itself what `make` returns, each time `period` has passed, until cancelled.
    /// Ticks that were missed, because a handler took longer than the period, are left out. A
    /// panic of `make` fails the actor.
    ///
    /// # Panics
    /// If `period` is zero: it would be due for ever.
    #[track_caller]
    pub fn every(&mut self, period: Duration, make: impl FnMut() -> A::Message + 'static) -> Timer {
        assert!(
            !period.is_zero(),
            "Context::every was called with a period of zero, which would always be due: use a \
             longer one, or tell yourself a message"
        );
        let at = self.kernel().rt.after(period);
        let make = Box::new(make);
        self.timers_mut().add(at, Tick::Every { period, make })
    }

    /// Cancels a timer of this life; false if it has fired or was cancelled before. What it had
    /// sent already stays sent.
    pub fn cancel(&mut self, timer: Timer) -> bool {
        self.timers_mut().cancel(timer).is_some()
    }
}
