//! What tells an idle consumer that there is something to take.
//!
//! The protocol has one word. The consumer hushes it (EMPTY), looks, and, finding nothing, leaves
//! its waker and exchanges EMPTY for ASLEEP. A producer makes its change, then rings: it swaps in
//! NOTED and wakes if that gave ASLEEP; where it reads NOTED already, it has nothing to do, so a
//! burst costs one load each.
//!
//! No wake-up is lost, as long as change and look are critical sections of one lock (the queue's,
//! or the cell's). If the change comes first, the look finds it. If the look comes first, its
//! unlock and the producer's lock order the consumer's EMPTY before the producer's load: a NOTED
//! that the producer reads is newer, and the exchange to ASLEEP fails on it; otherwise the
//! producer swaps, and exchange and swap are on one word.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Waker};

use crate::rt::lock;

const EMPTY: u8 = 0;
const NOTED: u8 = 1;
const ASLEEP: u8 = 2;

/// One consumer, any number of producers.
#[derive(Default)]
#[repr(align(64))]
pub(crate) struct Bell {
    word: AtomicU8,
    waker: Mutex<Option<Waker>>,
}

impl Bell {
    /// Tells the consumer, after a change.
    #[inline]
    pub(crate) fn ring(&self) {
        if self.word.load(Ordering::Relaxed) == NOTED {
            return;
        }
        if self.word.swap(NOTED, Ordering::AcqRel) == ASLEEP {
            let waker = lock(&self.waker).clone();
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }

    /// Forgets earlier rings, before looking.
    #[inline]
    pub(crate) fn hush(&self) {
        self.word.store(EMPTY, Ordering::Relaxed);
    }

    /// Goes to sleep after a look that found nothing; false if it rang meanwhile.
    pub(crate) fn listen(&self, context: &Context<'_>) -> bool {
        {
            let mut slot = lock(&self.waker);
            if !slot
                .as_ref()
                .is_some_and(|waker| waker.will_wake(context.waker()))
            {
                *slot = Some(context.waker().clone());
            }
        }
        self.word
            .compare_exchange(EMPTY, ASLEEP, Ordering::Release, Ordering::Relaxed)
            .is_ok()
    }
}
