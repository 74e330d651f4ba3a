//! What is found wrong, and what was done wrong on purpose.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::options::Sabotage;

/// Of more than so many faults only the number is kept.
const KEPT: usize = 12;

/// One round's books.
pub(super) struct Books {
    last_token: AtomicU64,
    /// Tokens that are not gone yet.
    open: AtomicU64,
    faults: Mutex<Vec<String>>,
    count: AtomicU64,
    sabotage: Option<Sabotage>,
    is_done: AtomicBool,
}

impl Books {
    pub(super) fn new(sabotage: Option<Sabotage>) -> Self {
        Books {
            last_token: AtomicU64::new(0),
            open: AtomicU64::new(0),
            faults: Mutex::default(),
            count: AtomicU64::new(0),
            sabotage,
            is_done: AtomicBool::new(false),
        }
    }

    /// The number of a new token.
    pub(super) fn open_token(&self) -> u64 {
        self.open.fetch_add(1, Ordering::Relaxed);
        self.last_token.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn close_token(&self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn tokens(&self) -> u64 {
        self.last_token.load(Ordering::Relaxed)
    }

    pub(super) fn open_tokens(&self) -> u64 {
        self.open.load(Ordering::Relaxed)
    }

    pub(super) fn fault(&self, what: impl Into<String>) {
        self.count.fetch_add(1, Ordering::Relaxed);
        let mut faults = self.faults.lock().expect("nobody panics with it");
        if faults.len() < KEPT {
            faults.push(what.into());
        }
    }

    /// All that was found so far.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = self.faults.lock().expect("nobody panics with it").clone();
        let more = self.count.load(Ordering::Relaxed) - faults.len() as u64;
        if more > 0 {
            faults.push(format!("{more} more"));
        }
        faults
    }

    /// Whether this is to be done wrong now: once in a round. Wrong answers are many, for not all are
    /// waited for.
    pub(super) fn sabotages(&self, what: Sabotage) -> bool {
        let again = what == Sabotage::Answer;
        self.sabotage == Some(what) && (again || !self.is_done.swap(true, Ordering::Relaxed))
    }
}
