//! What the threads of a run report of themselves: what they do, what they wait for, and their
//! panics; and the faults that strike them then.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;

use super::fault::Strike;
use super::finding::Finding;
use super::{MAIN, RUNS, Simulator};
use crate::rt::{INJECTED, Moment, lock};

impl Simulator {
    pub(in crate::rt) fn note(self: &Arc<Self>, what: String) {
        if let Some(me) = self.me_or_none() {
            lock(&self.schedule).note(me, &what);
        }
    }

    pub(in crate::rt) fn awaits(self: &Arc<Self>, what: String) {
        if let Some(me) = self.me_or_none() {
            lock(&self.schedule).entries[me].awaits = Some(what);
        }
    }

    /// Whether an injected fault makes fail what the calling thread is about to do.
    pub(in crate::rt) fn strike(
        self: &Arc<Self>,
        moment: Moment,
        actor: &str,
        message: &str,
    ) -> bool {
        let Some(me) = self.me_or_none() else {
            return false;
        };
        let (strike, what) = {
            let mut schedule = lock(&self.schedule);
            if schedule.faults.is_empty() {
                return false;
            }
            let Some((strike, what)) = schedule.faults.strike(moment, actor, message) else {
                return false;
            };
            schedule.note(me, &format!("injected: {what}"));
            (strike, what)
        };
        match strike {
            Strike::Fail => true,
            Strike::Crash => panic::resume_unwind(Box::new(format!("{INJECTED}: {what}"))),
            Strike::Delay(delay) => {
                self.awaits(format!("the end of an injected fault: {what}"));
                self.wait(self.now().checked_add(delay), |_| Poll::<()>::Pending);
                false
            }
            Strike::Hang => {
                lock(&self.schedule).entries[me].hangs = true;
                self.awaits(format!("the end of an injected fault: {what}"));
                self.wait(None, |_| match lock(&self.schedule).entries[me].hangs {
                    true => Poll::Pending,
                    false => Poll::Ready(()),
                });
                false
            }
        }
    }

    /// A panic was contained on the calling thread.
    pub(in crate::rt) fn panicked(self: &Arc<Self>, message: &str, location: Option<&str>) {
        let Some(me) = self.me_or_none() else {
            return;
        };
        // It is user code, so it runs outside our lock.
        let expected = || match &self.plan.expected {
            Some(expected) => expected(message),
            None => false,
        };
        let expected = message.starts_with(INJECTED)
            || panic::catch_unwind(AssertUnwindSafe(expected)).unwrap_or(false);
        let mut schedule = lock(&self.schedule);
        let text = match location {
            Some(location) => format!("panics: {message} ({location})"),
            None => format!("panics: {message}"),
        };
        schedule.note(me, &text);
        if !expected {
            let thread = schedule.entries[me].name.to_string();
            schedule.fail(Finding::Panic {
                thread,
                message: message.to_owned(),
                location: location.map(str::to_owned),
            });
        }
    }

    /// The main thread has panicked, which no test expects; only what failed first counts.
    pub(crate) fn fail_by_panic(&self, message: &str, location: Option<&str>) {
        lock(&self.schedule).fail(Finding::Panic {
            thread: "main".to_owned(),
            message: message.to_owned(),
            location: location.map(str::to_owned),
        });
    }

    /// Whether nobody needs to see this panic. Where some are expected, only what is found tells: no
    /// user code is to run in a hook.
    pub(in crate::rt) fn is_silent(&self, message: Option<&str>) -> bool {
        let is_over = self.over.load(Ordering::Acquire) != RUNS;
        let is_injected = message.is_some_and(|message| message.starts_with(INJECTED));
        let is_main = self.current.load(Ordering::Acquire) == MAIN;
        let some_expected = self.plan.expected.is_some() && !is_main;
        self.plan.quiet || is_over || is_injected || some_expected
    }
}
