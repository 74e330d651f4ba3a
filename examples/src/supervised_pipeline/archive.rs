//! Keeps the books, out of reach of the crashes.

use std::collections::BTreeSet;

use actor_core::prelude::*;

use crate::word_count::{Books, Page};

/// Stands for the disk or the database that a real pipeline writes to.
pub(super) struct Archive {
    books: Books,
}

#[actor]
impl Archive {
    /// Takes a page into the books.
    pub(super) fn commit(&mut self, page: Page) {
        self.books.commit(page);
    }

    /// Notes that a line came once more and was not counted again.
    pub(super) fn turn_away(&mut self) {
        self.books.turn_away();
    }

    /// The lines that the books have.
    pub(super) fn counted(&self) -> BTreeSet<usize> {
        self.books.counted()
    }

    /// The lines that the books lack, in order.
    pub(super) fn missing(&self) -> Vec<usize> {
        self.books.missing()
    }

    /// A copy of the books.
    pub(super) fn books(&self) -> Books {
        self.books.clone()
    }
}

impl Actor for Archive {
    /// How many lines the text has.
    type Args = usize;

    fn start(_ctx: &mut Context<Self>, lines: &usize) -> Result<Self, Failure> {
        Ok(Archive {
            books: Books::new(*lines),
        })
    }
}
