//! Sends the lines.

use std::sync::Arc;
use std::time::Duration;

use actor_core::prelude::*;

use super::archive::ArchiveHandle;
use super::clerk::ClerkHandle;
use super::parser::ParserHandle;
use crate::word_count::{CrashPlan, Stage, Text};

/// Each round but the last one has lost lines to some crash, or to a group that was just being
/// restarted. So many of them in one life are more than crashes explain.
const ROUNDS: u32 = 10_000;
/// Before another round, so that the groups come to be restarted meanwhile.
const PAUSE: Duration = Duration::from_millis(1);

/// Sends what the books lack until they lack nothing.
pub(super) struct Ingest {
    wiring: Wiring,
}

/// Whom ingest has to know.
#[derive(Debug, Clone)]
pub(super) struct Wiring {
    pub(super) text: Text,
    pub(super) crashes: Arc<CrashPlan>,
    pub(super) archive: ArchiveHandle,
    pub(super) parsers: [ParserHandle; 2],
    pub(super) clerk: ClerkHandle,
}

/// Why some lines are not in the books.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum Unfinished {
    /// Ingest is stopped together with those it sends to.
    #[error("ingest was told to stop before all lines were counted")]
    Stopped,
    /// The books cannot be read.
    #[error("ingest does not know which lines are missing: {0}")]
    NoBooks(AskError),
    /// It would go on for ever.
    #[error(
        "{missing} lines are still not counted after {ROUNDS} rounds: some stage does not pass \
         them on"
    )]
    NoEnd { missing: usize },
}

#[actor(derive(Clone))]
impl Ingest {
    /// Sends all lines. The answer comes when all are in the books: from whichever life is the one
    /// to see it, for the others have passed the message on by their crash.
    pub(super) fn send_all(&mut self, ctx: &mut Context<Self>) -> Result<(), Unfinished> {
        let mut is_at_rest = false;
        for _ in 0..ROUNDS {
            let missing = self.missing()?;
            if missing.is_empty() && is_at_rest {
                return Ok(());
            }
            is_at_rest = self.round(ctx, &missing);
            if ctx.cancelled() || (!is_at_rest && ctx.sleep(PAUSE)) {
                return Err(Unfinished::Stopped);
            }
        }
        let missing = self.missing()?.len();
        Err(Unfinished::NoEnd { missing })
    }
}

impl Ingest {
    /// Sends these lines; true when all that was sent has come to its end, whichever that is.
    fn round(&self, ctx: &Context<Self>, missing: &[usize]) -> bool {
        let Wiring {
            text,
            crashes,
            parsers,
            clerk,
            ..
        } = &self.wiring;
        for line in missing.iter().filter_map(|&number| text.line(number)) {
            if ctx.cancelled() {
                return false;
            }
            let fate = crashes.draw(Stage::Ingest, line.number);
            fate.before_work();
            let parser = &parsers[line.number % parsers.len()];
            // What is not accepted is missing in the books, and comes again with the next round.
            let _ = parser.parse(line).tell();
            fate.after_work();
        }
        // The mailboxes keep the order, so whoever answers this has dealt with the lines before.
        let has_passed_on = |parser: &ParserHandle| parser.passed_on().ask().is_ok();
        parsers.iter().all(has_passed_on) && clerk.close_page().ask().is_ok()
    }

    fn missing(&self) -> Result<Vec<usize>, Unfinished> {
        let archive = &self.wiring.archive;
        archive.missing().ask().map_err(Unfinished::NoBooks)
    }
}

impl Actor for Ingest {
    type Args = Wiring;

    fn start(_ctx: &mut Context<Self>, wiring: &Wiring) -> Result<Self, Failure> {
        Ok(Ingest {
            wiring: wiring.clone(),
        })
    }
}
