//! Where the workers wait until all may begin.

use actor_core::SharedArray;

const CLOSED: u32 = 0;
const OPEN: u32 = 1;

/// It is opened once. A clone is the same gate.
#[derive(Debug, Clone)]
pub(super) struct Gate(SharedArray<u32>);

impl Gate {
    /// A closed one.
    pub(super) fn new() -> Gate {
        Gate([CLOSED].into_iter().collect())
    }

    /// Blocks while it is closed.
    pub(super) fn pass(&self) {
        while self.0.load(0) == CLOSED {
            self.0.wait(0, CLOSED);
        }
    }

    /// Lets everybody pass who waits, and everybody who comes.
    pub(super) fn open(&self) {
        self.0.store(0, OPEN);
        self.0.notify(0, usize::MAX);
    }
}
