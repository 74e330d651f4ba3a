//! Has lines counted, and commits them page by page.

use std::collections::BTreeSet;
use std::sync::Arc;

use actor_core::prelude::*;

use super::archive::ArchiveHandle;
use super::counter::CounterHandle;
use super::parser::Parsed;
use crate::word_count::{CrashPlan, Page, Stage};

/// Lines to a page: what a crash in the group costs at most.
const LINES: usize = 8;

/// Knows which lines the counters have counted since the last commit. So it makes no sense without
/// them, nor they without it: a new clerk would have the lines of the torn page counted again by
/// counters that have them already.
pub(super) struct Clerk {
    desk: Desk,
    /// The lines of the page that is open.
    page: Vec<usize>,
    /// The lines in the books.
    counted: BTreeSet<usize>,
}

/// Whom the clerk has to know.
#[derive(Debug, Clone)]
pub(super) struct Desk {
    pub(super) crashes: Arc<CrashPlan>,
    pub(super) archive: ArchiveHandle,
    pub(super) counters: [CounterHandle; 2],
}

#[actor(derive(Clone), mailbox = 16)]
impl Clerk {
    /// Has the words of a line counted, and commits the page if it is full. A counter that crashes
    /// fails the clerk as well: the page is torn.
    #[message(fails)]
    pub(super) fn enter(&mut self, parsed: Parsed) -> Result<(), Failure> {
        let number = parsed.number;
        if self.counted.contains(&number) || self.page.contains(&number) {
            self.desk.archive.turn_away().tell()?;
            return Ok(());
        }
        let fate = self.desk.crashes.draw(Stage::Aggregate, number);
        fate.before_work();
        self.count(&parsed)?;
        if self.page.len() == LINES {
            self.commit()?;
        }
        fate.after_work();
        Ok(())
    }

    /// Commits the page as it is. Answers when all lines that came before are in the books, but
    /// for those of pages that were torn.
    #[message(fails)]
    pub(super) fn close_page(&mut self) -> Result<(), Failure> {
        self.commit()
    }
}

impl Clerk {
    fn count(&mut self, parsed: &Parsed) -> Result<(), Failure> {
        let words = parsed.words.iter().cloned();
        let (first, rest): (Vec<_>, _) = words.partition(|word| word.as_str() < "n");
        for (counter, words) in self.desk.counters.iter().zip([first, rest]) {
            // Asked and not told: a message that waits in a mailbox outlasts the restart of the
            // group, and words of the torn page would come into the next.
            counter.count(parsed.number, words).ask()?;
        }
        self.page.push(parsed.number);
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Failure> {
        let mut page = Page {
            lines: std::mem::take(&mut self.page),
            ..Page::default()
        };
        for counter in &self.desk.counters {
            page.counts.merge(counter.take().ask()?);
        }
        self.counted.extend(&page.lines);
        self.desk.archive.commit(page).ask()?;
        Ok(())
    }
}

impl Actor for Clerk {
    type Args = Desk;

    fn start(_ctx: &mut Context<Self>, desk: &Desk) -> Result<Self, Failure> {
        Ok(Clerk {
            desk: desk.clone(),
            page: Vec::new(),
            counted: desk.archive.counted().ask()?,
        })
    }
}
