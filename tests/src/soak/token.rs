//! Tokens: what travels in messages, and is counted once, when its last copy is gone.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard};

use super::account::{Account, Fate, Kind};
use super::books::Books;

thread_local! {
    /// What this thread asks just now.
    static ASKED: Cell<Option<u64>> = const { Cell::new(None) };
}

/// One copy of a token. Messages and values that may be redelivered are cloned with it, once before
/// each attempt.
pub(super) struct Token {
    slip: Arc<Slip>,
}

/// What a sender keeps of a token that it gave away.
pub(super) struct Stub {
    slip: Arc<Slip>,
}

struct Slip {
    number: u64,
    kind: Kind,
    books: Arc<Books>,
    progress: Mutex<Progress>,
}

struct Progress {
    /// Whose it is.
    account: Arc<Account>,
    /// The attempts that were begun, a bit for each.
    begun: u64,
    /// The attempts whose handler came to its end.
    ended: u64,
    /// How often it was cloned.
    copies: u32,
    returned: bool,
    /// A copy was dropped on the thread that asked, while it did.
    dropped_at_ask: bool,
}

impl Token {
    pub(super) fn new(books: &Arc<Books>, kind: Kind, account: &Arc<Account>) -> Self {
        let progress = Progress {
            account: Arc::clone(account),
            begun: 0,
            ended: 0,
            copies: 0,
            returned: false,
            dropped_at_ask: false,
        };
        Token {
            slip: Arc::new(Slip {
                number: books.open_token(),
                kind,
                books: Arc::clone(books),
                progress: Mutex::new(progress),
            }),
        }
    }

    pub(super) fn number(&self) -> u64 {
        self.slip.number
    }

    pub(super) fn stub(&self) -> Stub {
        Stub {
            slip: Arc::clone(&self.slip),
        }
    }

    /// The handler of `account`'s actor begins with it.
    pub(super) fn begin(&self, account: &Arc<Account>, attempt: u32) {
        let bit = 1 << attempt.min(63);
        let mut progress = self.slip.progress();
        if progress.begun & bit != 0 {
            let told = format!("{} was begun twice, at attempt {attempt}", self.slip);
            self.slip.books.fault(told);
        }
        let same = Arc::ptr_eq(&progress.account, account);
        if !same && self.slip.kind.is_queued() {
            let told = format!("{} came to {}", self.slip, account.name());
            self.slip.books.fault(told);
        }
        progress.begun |= bit;
        progress.account = Arc::clone(account);
    }

    /// That handler comes to its end.
    pub(super) fn end(&self, attempt: u32) {
        self.slip.progress().ended |= 1 << attempt.min(63);
    }

    /// It was received from a port, by nobody in particular.
    pub(super) fn receive(&self, account: &Arc<Account>) {
        let mut progress = self.slip.progress();
        // Later than any handler may have begun with it.
        progress.begun |= 1 << 63;
        progress.ended |= 1 << 63;
        progress.account = Arc::clone(account);
    }

    /// Its sender has it back.
    pub(super) fn come_back(&self) {
        let begun = self.slip.progress().begun;
        if begun != 0 {
            let told = format!("{} came back, and was begun", self.slip);
            self.slip.books.fault(told);
        }
        self.slip.progress().returned = true;
    }
}

impl Stub {
    pub(super) fn number(&self) -> u64 {
        self.slip.number
    }

    /// Asks, and notes whether the message was dropped by this thread meanwhile.
    pub(super) fn asking<T>(&self, ask: impl FnOnce() -> T) -> T {
        ASKED.set(Some(self.slip.number));
        let answer = ask();
        ASKED.set(None);
        answer
    }

    pub(super) fn was_dropped_here(&self) -> bool {
        self.slip.progress().dropped_at_ask
    }

    /// The error says that it was not delivered.
    pub(super) fn not_delivered(&self) {
        self.slip.progress().returned = true;
    }
}

impl Slip {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().expect("nobody panics with it")
    }
}

impl std::fmt::Display for Slip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "token {} ({:?})", self.number, self.kind)
    }
}

impl Clone for Token {
    fn clone(&self) -> Self {
        self.slip.progress().copies += 1;
        Token {
            slip: Arc::clone(&self.slip),
        }
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        if ASKED.get() == Some(self.slip.number) {
            self.slip.progress().dropped_at_ask = true;
        }
    }
}

impl Drop for Slip {
    fn drop(&mut self) {
        let progress = self.progress.get_mut().expect("nobody panics with it");
        // The last attempt decides: an earlier one may come to its end long after it was left behind.
        let last = progress.begun.checked_ilog2().map_or(0, |last| 1 << last);
        let fate = if progress.returned {
            Fate::Returned
        } else if last == 0 {
            Fate::Dropped
        } else if progress.ended & last != 0 {
            Fate::Handled
        } else if self.kind == Kind::Port && progress.copies >= progress.begun.count_ones() {
            // Put back for another attempt, and dropped with its port before that.
            Fate::Dropped
        } else {
            Fate::Failed
        };
        progress.account.settle(self.kind, fate);
        self.books.close_token();
    }
}
