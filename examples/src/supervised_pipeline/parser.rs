//! Takes lines apart.

use std::sync::Arc;

use actor_core::prelude::*;

use super::clerk::ClerkHandle;
use crate::word_count::{CrashPlan, Line, Stage, words};

/// Remembers nothing, so it can be restarted alone: the line in hand is redelivered.
pub(super) struct Parser {
    crashes: Arc<CrashPlan>,
    clerk: ClerkHandle,
}

/// A line in words.
#[derive(Debug, Clone)]
pub(super) struct Parsed {
    pub(super) number: usize,
    pub(super) words: Arc<[String]>,
}

#[actor(derive(Clone), mailbox = 16)]
impl Parser {
    /// Passes the words of a line on.
    pub(super) fn parse(&mut self, line: Line) {
        let fate = self.crashes.draw(Stage::Parse, line.number);
        fate.before_work();
        let parsed = Parsed {
            number: line.number,
            words: words(&line.text).collect(),
        };
        // What is not accepted is missing in the books, and comes again with the next round.
        let _ = self.clerk.enter(parsed).tell();
        fate.after_work();
    }

    /// Answers when all lines that came before are passed on.
    pub(super) fn passed_on(&self) {}
}

impl Actor for Parser {
    type Args = (Arc<CrashPlan>, ClerkHandle);

    fn start(_ctx: &mut Context<Self>, (crashes, clerk): &Self::Args) -> Result<Self, Failure> {
        Ok(Parser {
            crashes: Arc::clone(crashes),
            clerk: clerk.clone(),
        })
    }
}
