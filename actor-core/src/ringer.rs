//! Rings an actor's bell, for those who know no more of it than a waker.

use std::sync::Arc;
use std::task::{Wake, Waker};

use crate::cell::Cell;
use crate::protocol::Protocol;

struct Ringer<M: Protocol>(Arc<Cell<M>>);

impl<M: Protocol> Wake for Ringer<M> {
    fn wake(self: Arc<Self>) {
        self.0.mailbox.bell.ring();
    }
}

impl<M: Protocol> Cell<M> {
    /// A waker that makes the running life look what there is.
    pub(crate) fn ringer(self: &Arc<Self>) -> Waker {
        Waker::from(Arc::new(Ringer(Arc::clone(self))))
    }
}
