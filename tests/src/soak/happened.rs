//! What the events of a system tell, counted.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use actor_core::{ActorId, EventKind, Events};

use crate::line;

/// Of each actor's events, so many are kept to be told.
const KEPT: usize = 6;

/// The number of events of each kind, and of some for each actor.
#[derive(Debug, Default)]
pub(super) struct Happened {
    pub(super) started: u64,
    pub(super) restarted: u64,
    pub(super) failed: u64,
    pub(super) left_behind: u64,
    pub(super) redelivered: u64,
    pub(super) dead_letters: u64,
    pub(super) missed: u64,
    actors: BTreeMap<ActorId, OfActor>,
}

/// The same for one actor.
#[derive(Clone, Debug, Default)]
pub(super) struct OfActor {
    pub(super) exited: u64,
    pub(super) left_behind: u64,
    pub(super) dead_letters: u64,
    /// The last that happened to it.
    pub(super) last: VecDeque<String>,
}

impl Happened {
    /// Reads until the system has ended.
    pub(super) fn until_the_end(mut events: Events) -> Self {
        let mut happened = Happened::default();
        for event in &mut events {
            let actor = happened.actors.entry(event.actor.id()).or_default();
            if actor.last.len() == KEPT {
                actor.last.pop_front();
            }
            actor.last.push_back(line(&event));
            match event.kind {
                EventKind::Started => happened.started += 1,
                EventKind::Restarted { .. } => happened.restarted += 1,
                EventKind::Failed { .. } => happened.failed += 1,
                EventKind::Exited { .. } => actor.exited += 1,
                EventKind::Abandoned { .. } => {
                    actor.left_behind += 1;
                    happened.left_behind += 1;
                }
                EventKind::Redelivered { .. } => happened.redelivered += 1,
                EventKind::DeadLetter { message, .. } => {
                    actor.dead_letters += 1;
                    happened.dead_letters += u64::from(has_token(message));
                }
                _ => {}
            }
        }
        happened.missed = events.missed();
        happened
    }

    pub(super) fn of(&self, actor: ActorId) -> OfActor {
        self.actors.get(&actor).cloned().unwrap_or_default()
    }
}

/// Whether a message of that name carries a token.
fn has_token(message: &str) -> bool {
    matches!(message, "work" | "defer" | "answer" | "hold" | "frame")
}

impl fmt::Display for Happened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} started, {} restarts, {} failures, {} redelivered, {} left behind",
            self.started, self.restarted, self.failed, self.redelivered, self.left_behind
        )
    }
}
