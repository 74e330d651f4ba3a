//! The tree as it is shown: the same shape all the time.

use actor_core::{ActorRef, ActorSnapshot, Protocol};
use serde::Serialize;

use crate::word_count::Stage;

/// An actor of the tree and those below it.
///
/// It looks at each actor through its handle. The snapshot of the system has the children of a
/// supervisor only while that runs, and a tree that loses branches cannot be redrawn in place.
pub(super) struct Branch {
    name: &'static str,
    strategy: Option<&'static str>,
    stage: Option<Stage>,
    look: Box<dyn Fn() -> ActorSnapshot>,
    below: Vec<Branch>,
}

/// How an actor of the tree and those below it are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Condition {
    pub(super) name: &'static str,
    /// Of a supervisor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) strategy: Option<&'static str>,
    #[serde(skip)]
    pub(super) stage: Option<Stage>,
    pub(super) state: String,
    pub(super) lives: u64,
    pub(super) handled: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) children: Vec<Condition>,
}

impl Branch {
    /// A worker; `stage` is the one that it belongs to.
    pub(super) fn worker<M: Protocol>(
        name: &'static str,
        stage: Option<Stage>,
        actor: &ActorRef<M>,
    ) -> Branch {
        let actor = actor.clone();
        Branch {
            name,
            strategy: None,
            stage,
            look: Box::new(move || actor.snapshot()),
            below: Vec::new(),
        }
    }

    /// A supervisor, and those below it.
    pub(super) fn supervisor<M: Protocol>(
        name: &'static str,
        strategy: &'static str,
        actor: &ActorRef<M>,
        below: impl Into<Vec<Branch>>,
    ) -> Branch {
        Branch {
            strategy: Some(strategy),
            below: below.into(),
            ..Branch::worker(name, None, actor)
        }
    }

    /// How all of them are now.
    pub(super) fn look(&self) -> Condition {
        let seen = (self.look)();
        Condition {
            name: self.name,
            strategy: self.strategy,
            stage: self.stage,
            state: seen.state.to_string(),
            lives: seen.life,
            handled: seen.handled,
            children: self.below.iter().map(Branch::look).collect(),
        }
    }
}

impl Condition {
    /// How often those for which `counts` holds were restarted.
    pub(super) fn restarts(&self, counts: &impl Fn(&Condition) -> bool) -> u64 {
        let own = match counts(self) {
            true => self.lives.saturating_sub(1),
            false => 0,
        };
        let below = self.children.iter().map(|child| child.restarts(counts));
        own + below.sum::<u64>()
    }

    /// The tree in rows: who, in which state, how many lives, how many messages handled.
    pub(super) fn rows(&self) -> Vec<[String; 4]> {
        let mut rows = Vec::new();
        self.add_rows(&mut rows, "", "");
        rows
    }

    fn add_rows(&self, rows: &mut Vec<[String; 4]>, branch: &str, indent: &str) {
        let who = match self.strategy {
            Some(strategy) => format!("{branch}{} ({strategy})", self.name),
            None => format!("{branch}{}", self.name),
        };
        let numbers = [self.lives, self.handled].map(|number| number.to_string());
        let [lives, handled] = numbers;
        rows.push([who, self.state.clone(), lives, handled]);
        for (place, child) in self.children.iter().enumerate() {
            let (branch, below) = match place + 1 == self.children.len() {
                true => ("└─ ", "   "),
                false => ("├─ ", "│  "),
            };
            let (branch, below) = (format!("{indent}{branch}"), format!("{indent}{below}"));
            child.add_rows(rows, &branch, &below);
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Something to look at.
    pub(in super::super) fn condition() -> Condition {
        let worker = |name, stage, lives| Condition {
            name,
            strategy: None,
            stage: Some(stage),
            state: "running".to_owned(),
            lives,
            handled: 7,
            children: Vec::new(),
        };
        let supervisor = |name, strategy, children| Condition {
            strategy: Some(strategy),
            stage: None,
            children,
            ..worker(name, Stage::Ingest, 2)
        };
        let clerk = worker("clerk", Stage::Aggregate, 5);
        let aggregate = supervisor("aggregate", "one_for_all", vec![clerk]);
        let ingest = worker("ingest", Stage::Ingest, 3);
        supervisor("pipeline", "rest_for_one", vec![aggregate, ingest])
    }

    #[test]
    fn it_prints_as_a_tree() {
        let who: Vec<String> = condition()
            .rows()
            .into_iter()
            .map(|[who, ..]| who)
            .collect();
        assert_eq!(
            who,
            [
                "pipeline (rest_for_one)",
                "├─ aggregate (one_for_all)",
                "│  └─ clerk",
                "└─ ingest",
            ]
        );
    }

    #[test]
    fn restarts_are_the_lives_after_the_first() {
        let of = |stage| condition().restarts(&|one: &Condition| one.stage == stage);
        assert_eq!(of(Some(Stage::Aggregate)), 4);
        assert_eq!(of(Some(Stage::Ingest)), 2);
        assert_eq!(of(None), 2);
    }
}
