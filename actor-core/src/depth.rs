//! How many messages a mailbox has accepted that nobody has begun with.
//!
//! There are two counts, each on a cache line of its own: senders write the one, whoever takes the
//! messages the other. One count for both would go back and forth between their cores with each message.
//! Who counts in releases what it knows of the other count, and who looks for room acquires that: so
//! what has come is never set against fewer that were begun than there were before it came.

use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Default)]
pub(crate) struct Depth {
    came: Came,
    begun: Begun,
}

/// What senders write.
#[derive(Default)]
#[repr(align(64))]
struct Came {
    number: AtomicUsize,
    /// How many had been begun when a sender last looked. That may be too few now, never too many: so a
    /// sender looks again only where there seems to be no room.
    begun: AtomicUsize,
}

/// What is written under the lock of the actor's cell.
#[derive(Default)]
#[repr(align(64))]
struct Begun(AtomicUsize);

impl Depth {
    #[inline]
    pub(crate) fn get(&self) -> usize {
        // In this order, so that the difference is not below what it was at any time.
        let begun = self.begun.0.load(Ordering::Acquire);
        self.came.number.load(Ordering::Relaxed).wrapping_sub(begun)
    }

    /// Counts one in, whether or not there is room.
    #[inline]
    pub(crate) fn add(&self) {
        self.came.number.fetch_add(1, Ordering::Release);
    }

    /// Counts one in if there are fewer than `capacity`.
    #[inline]
    pub(crate) fn add_below(&self, capacity: usize) -> bool {
        let Came { number, begun } = &self.came;
        let capacity = isize::try_from(capacity).unwrap_or(isize::MAX);
        let add = |came: usize| {
            // Below nought where others have come and been begun since: then the update fails, and is tried
            // again.
            let is_room = |begun: usize| came.wrapping_sub(begun).cast_signed() < capacity;
            if is_room(begun.load(Ordering::Relaxed)) {
                return Some(came.wrapping_add(1));
            }
            let now = self.begun.0.load(Ordering::Acquire);
            begun.store(now, Ordering::Relaxed);
            is_room(now).then_some(came.wrapping_add(1))
        };
        number
            .try_update(Ordering::Release, Ordering::Acquire, add)
            .is_ok()
    }

    /// Counts so many out. Called under the lock of the actor's cell, by one at a time.
    #[inline]
    pub(crate) fn sub(&self, number: usize) {
        let begun = self.begun.0.load(Ordering::Relaxed);
        self.begun
            .0
            .store(begun.wrapping_add(number), Ordering::Release);
    }
}
