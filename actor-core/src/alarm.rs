//! The deadline of something that is awaited; the system's root thread wakes for it.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use crate::deadlines::Deadline;
use crate::kernel::Kernel;

pub(crate) struct Alarm {
    at: Option<Instant>,
    /// None before it was polled in vain.
    kept: Option<Kept>,
}

/// A deadline that is kept until it is dropped.
pub(crate) struct Kept {
    kernel: Arc<Kernel>,
    deadline: Deadline,
}

/// Why nothing is to be awaited any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rung {
    /// The deadline has passed.
    Due,
    /// The system is gone: nobody keeps the deadline.
    SystemGone,
}

impl Alarm {
    pub(crate) fn new(at: Option<Instant>) -> Self {
        Alarm { at, kept: None }
    }

    pub(crate) fn at(&self) -> Option<Instant> {
        self.at
    }

    pub(crate) fn poll(&mut self, kernel: &Arc<Kernel>, context: &Context<'_>) -> Poll<Rung> {
        let Some(at) = self.at else {
            return Poll::Pending;
        };
        if kernel.rt.now() >= at {
            return Poll::Ready(Rung::Due);
        }
        if kernel.deadlines.is_closed() {
            return Poll::Ready(Rung::SystemGone);
        }
        let waker = context.waker();
        if let Some(kept) = &self.kept {
            kernel.deadlines.renew(kept.deadline, waker);
            return Poll::Pending;
        }
        self.kept = Kept::new(kernel, at, waker.clone());
        if self.kept.is_none() {
            // Closed this moment: looking again tells.
            waker.wake_by_ref();
        }
        Poll::Pending
    }
}

impl Kept {
    /// The root thread wakes at that time; none if the system is gone.
    pub(crate) fn new(kernel: &Arc<Kernel>, at: Instant, waker: Waker) -> Option<Kept> {
        let (deadline, earliest) = kernel.deadlines.keep(at, waker)?;
        if earliest {
            kernel.root.ring();
        }
        Some(Kept {
            kernel: Arc::clone(kernel),
            deadline,
        })
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.kernel.deadlines.drop(self.deadline);
    }
}
