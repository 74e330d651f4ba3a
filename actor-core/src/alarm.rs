//! The deadline of something that is awaited; the system's root thread wakes for it.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use crate::deadlines::Deadline;
use crate::kernel::Kernel;

pub(crate) struct Alarm {
    at: Option<Instant>,
    /// None before it was polled in vain.
    kept: Option<(Arc<Kernel>, Deadline)>,
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
        let Kernel {
            rt,
            deadlines,
            root,
            ..
        } = &**kernel;
        if rt.now() >= at {
            return Poll::Ready(Rung::Due);
        }
        if deadlines.is_closed() {
            return Poll::Ready(Rung::SystemGone);
        }
        let waker = context.waker();
        if let Some((_, kept)) = &self.kept {
            deadlines.renew(*kept, waker);
            return Poll::Pending;
        }
        match deadlines.keep(at, waker.clone()) {
            Some((kept, earliest)) => {
                self.kept = Some((Arc::clone(kernel), kept));
                if earliest {
                    root.ring();
                }
            }
            // Closed this moment: looking again tells.
            None => waker.wake_by_ref(),
        }
        Poll::Pending
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        if let Some((kernel, kept)) = self.kept.take() {
            kernel.deadlines.drop(kept);
        }
    }
}
