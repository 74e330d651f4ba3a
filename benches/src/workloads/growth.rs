//! What a message costs when there is more of everything.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Instant;

use super::ask::timed;
use crate::measure::{Measured, Scale, each};
use crate::systems::{Counting, Holding, Home};

/// Tell and ask while so many actors are alive; all but one are idle.
pub(crate) fn live<P: Counting>(scale: Scale) -> Vec<Measured> {
    let sizes: &[usize] = scale.of(&[1, 10, 100, 1_000, 10_000], &[1, 10]);
    let messages = scale.of(100_000, 1_000);
    P::Home::block_on(async move {
        let peer = P::new();
        let counter = peer.spawn().await;
        let mut others = Vec::new();
        let mut measured = Vec::new();
        for &actors in sizes {
            while others.len() + 1 < actors {
                others.push(peer.spawn().await);
            }
            let before = P::ask(&counter, 0).await;
            let begun = Instant::now();
            for _ in 0..messages {
                P::tell(&counter, 1).await;
            }
            P::settled(&counter, before + messages as u64).await;
            let tell = each(begun.elapsed(), messages);
            let ask = timed::<P>(&counter, scale, messages / 10).await.share(0.5);
            measured.push(Measured::new(format!("tell, {actors}"), "ns", tell));
            measured.push(Measured::new(format!("ask, {actors}"), "ns", ask));
        }
        measured
    })
}

/// The time for each message of a mailbox in which so many had been queued; told from a thread, whom a
/// handler that blocks its runtime does not hold up.
pub(crate) fn queued<P: Holding>(scale: Scale) -> Vec<Measured> {
    let sizes: &[usize] = scale.of(&[10, 1_000, 1_000_000], &[10, 1_000]);
    P::Home::from_thread(async move {
        let peer = P::new();
        let counter = peer.spawn_unbounded().await;
        let mut measured = Vec::new();
        for &queued in sizes {
            let before = P::ask(&counter, 0).await;
            GATE.close();
            P::hold(&counter).await;
            for _ in 0..queued {
                P::tell(&counter, 1).await;
            }
            let begun = Instant::now();
            GATE.open();
            P::settled(&counter, before + queued as u64).await;
            let taken = each(begun.elapsed(), queued);
            measured.push(Measured::new(queued.to_string(), "ns", taken));
        }
        measured
    })
}

/// Where a handler waits until a mailbox is full enough.
pub(crate) static GATE: Gate = Gate {
    open: Mutex::new(true),
    opened: Condvar::new(),
};

pub(crate) struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn close(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = false;
    }

    fn open(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.opened.notify_all();
    }

    pub(crate) fn pass(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.opened.wait_while(open, |open| !*open));
    }
}
