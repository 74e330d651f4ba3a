//! The lines of a trace, from the events of the library.

use std::collections::{BTreeMap, BTreeSet};

use actor_core::{
    ActorId, ChildFailed, Event, EventKind, ExitReason, Failure, GaveUp, SpawnErrorKind,
};

/// Counts lives and prints events.
#[derive(Debug, Default)]
pub(super) struct Trace {
    starts: BTreeMap<String, u64>,
    /// The number, in the scenario, of a life that started.
    lives: BTreeMap<(ActorId, u64), u64>,
    over: BTreeSet<(ActorId, u64)>,
}

/// A line of the trace.
#[derive(Clone, Debug)]
pub(super) struct TraceLine {
    pub(super) text: String,
    /// For the end of a life: whose, and which.
    pub(super) stop: Option<(String, u64)>,
}

impl Trace {
    /// The line of an event, if it has one.
    pub(super) fn line(&mut self, event: &Event) -> Option<TraceLine> {
        let id = event.actor.name();
        let life = (event.actor.id(), event.life);
        if matches!(event.kind, EventKind::Exited { .. }) {
            self.over.insert(life);
        }
        let line = |text| Some(TraceLine { text, stop: None });
        match &event.kind {
            EventKind::Started => {
                let number = self.starts.entry(id.to_owned()).or_default();
                *number += 1;
                self.lives.insert(life, *number);
                line(format!("start {id} {number}"))
            }
            EventKind::Exited { reason, .. } => match (self.lives.get(&life), reason) {
                (Some(number), reason) => Some(TraceLine {
                    text: format!("stop {id} {number} {}", text_of(reason)),
                    stop: Some((id.to_owned(), *number)),
                }),
                (None, ExitReason::Normal) => line(format!("ignored {id}")),
                (None, reason) => line(format!("init_error {id} {}", text_of(reason))),
            },
            _ => None,
        }
    }

    pub(super) fn has_started(&self, id: &str) -> bool {
        self.starts.contains_key(id)
    }

    pub(super) fn is_over(&self, life: (ActorId, u64)) -> bool {
        self.over.contains(&life)
    }

    /// The number of a life in the scenario.
    pub(super) fn number(&self, actor: ActorId, life: u64) -> Option<u64> {
        self.lives.get(&(actor, life)).copied()
    }
}

/// Why a start failed.
pub(super) fn why(kind: &SpawnErrorKind) -> String {
    match kind {
        SpawnErrorKind::Start(reason) => text_of(reason),
        other => other.to_string(),
    }
}

fn text_of(reason: &ExitReason) -> String {
    match reason {
        ExitReason::Normal => "normal".to_owned(),
        ExitReason::Shutdown(None) => "shutdown".to_owned(),
        ExitReason::Shutdown(Some(why)) if why.as_error().is::<GaveUp>() => "shutdown".to_owned(),
        ExitReason::Shutdown(Some(why)) => format!("shutdown:{why}"),
        ExitReason::Failed(failure) => failed(failure),
        // With threads a forced end is a life left behind, or one that left in time.
        ExitReason::Terminated | ExitReason::Abandoned => "killed".to_owned(),
        other => other.to_string(),
    }
}

fn failed(failure: &Failure) -> String {
    match failure.as_error().downcast_ref::<ChildFailed>() {
        Some(failed) => format!("failed:{}:{}", failed.child().name(), why(failed.kind())),
        None => failure.to_string(),
    }
}
