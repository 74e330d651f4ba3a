//! What became of the tokens that were for one actor, by the way they were sent.

use std::fmt;
use std::ops::AddAssign;
use std::sync::atomic::{AtomicU64, Ordering};

/// How a token travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Tell,
    TryTell,
    Send,
    Ask,
    Await,
    Outlet,
    /// A pool's task, with options.
    Task,
    Timer,
    Port,
}

pub(super) const KINDS: [Kind; 9] = [
    Kind::Tell,
    Kind::TryTell,
    Kind::Send,
    Kind::Ask,
    Kind::Await,
    Kind::Outlet,
    Kind::Task,
    Kind::Timer,
    Kind::Port,
];

impl Kind {
    /// Whether a token of this kind waits in a mailbox, so that it is a dead letter where it is
    /// dropped there. The others count from when their handler begins.
    pub(super) fn is_queued(self) -> bool {
        !matches!(self, Kind::Timer | Kind::Port)
    }
}

/// What became of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Its handler came to its end, or it was received from a port.
    Handled,
    /// Its sender got it back, or an error that says that it was not delivered.
    Returned,
    /// Its handler began, and did not come to its end.
    Failed,
    /// No handler began.
    Dropped,
}

/// So many tokens of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) handled: u64,
    pub(super) returned: u64,
    pub(super) failed: u64,
    pub(super) dropped: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.handled += other.handled;
        self.returned += other.returned;
        self.failed += other.failed;
        self.dropped += other.dropped;
    }
}

impl Tally {
    pub(super) fn sum(self) -> u64 {
        self.handled + self.returned + self.failed + self.dropped
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} handled, {} returned, {} failed with, {} dropped",
            self.handled, self.returned, self.failed, self.dropped
        )
    }
}

#[derive(Default)]
struct Cells {
    handled: AtomicU64,
    returned: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
}

/// One actor's account; also a pool's, with all its workers.
pub(super) struct Account {
    name: String,
    cells: [Cells; KINDS.len()],
    /// Messages handled that carried no token.
    bare: AtomicU64,
    /// Questions of which nobody can say whether they were delivered.
    unclear: AtomicU64,
}

impl Account {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Account {
            name: name.into(),
            cells: Default::default(),
            bare: AtomicU64::new(0),
            unclear: AtomicU64::new(0),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn settle(&self, kind: Kind, fate: Fate) {
        let cells = &self.cells[kind as usize];
        let cell = match fate {
            Fate::Handled => &cells.handled,
            Fate::Returned => &cells.returned,
            Fate::Failed => &cells.failed,
            Fate::Dropped => &cells.dropped,
        };
        cell.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn handled_bare(&self) {
        self.bare.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn bare(&self) -> u64 {
        self.bare.load(Ordering::Relaxed)
    }

    pub(super) fn is_unclear(&self) {
        self.unclear.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn unclear(&self) -> u64 {
        self.unclear.load(Ordering::Relaxed)
    }

    pub(super) fn of(&self, kind: Kind) -> Tally {
        let cells = &self.cells[kind as usize];
        let get = |cell: &AtomicU64| cell.load(Ordering::Relaxed);
        Tally {
            handled: get(&cells.handled),
            returned: get(&cells.returned),
            failed: get(&cells.failed),
            dropped: get(&cells.dropped),
        }
    }

    /// Of all kinds that are wanted.
    pub(super) fn total(&self, wanted: impl Fn(Kind) -> bool) -> Tally {
        let mut total = Tally::default();
        for kind in KINDS.into_iter().filter(|kind| wanted(*kind)) {
            total += self.of(kind);
        }
        total
    }

    /// How many dead letters there must be, by the tokens.
    pub(super) fn lost(&self) -> u64 {
        let all = self.total(|_| true);
        let queued = self.total(Kind::is_queued);
        all.failed + queued.dropped
    }
}
