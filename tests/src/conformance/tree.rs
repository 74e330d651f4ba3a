//! The specs of a scenario's tree, and the handles that come with them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{ActorId, ActorSnapshot, ActorState, Spec, Strategy, SupervisorHandle};

use super::scenario::{Behaviour, Child, Kind, Scenario, Significance, Sup};
use super::worker::{Plan, Shared, Worker, WorkerHandle};

/// Every actor that was ever declared, by its id in the scenario: an id may be deleted and added
/// again, and name another actor then.
#[derive(Debug, Default)]
pub(super) struct Handles {
    workers: BTreeMap<String, Vec<WorkerHandle>>,
    sups: BTreeMap<String, Vec<SupervisorHandle>>,
}

impl Handles {
    /// The worker of that id that runs.
    pub(super) fn worker(&self, id: &str) -> Option<&WorkerHandle> {
        let workers = self.workers.get(id)?;
        workers.iter().find(|worker| runs(&worker.snapshot()))
    }

    /// The last worker of that id, whether or not it runs.
    pub(super) fn last_worker(&self, id: &str) -> Option<ActorId> {
        Some(self.workers.get(id)?.last()?.id())
    }

    /// The supervisor of that id that runs.
    pub(super) fn sup(&self, id: &str) -> Option<&SupervisorHandle> {
        let sups = self.sups.get(id)?;
        sups.iter().find(|sup| runs(&sup.snapshot()))
    }

    /// The last supervisor of that id, whether or not it runs.
    pub(super) fn any_sup(&self, id: &str) -> Option<&SupervisorHandle> {
        self.sups.get(id)?.last()
    }

    pub(super) fn sup_by_id(&self, id: ActorId) -> Option<&SupervisorHandle> {
        self.sups.values().flatten().find(|sup| sup.id() == id)
    }
}

fn runs(snapshot: &ActorSnapshot) -> bool {
    snapshot.state == ActorState::Running
}

/// Makes specs from a scenario's lines.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    pub(super) system: &'a SystemRef,
    pub(super) scenario: &'a Scenario,
    pub(super) shared: &'a Arc<Shared>,
}

impl Builder<'_> {
    pub(super) fn worker(
        &self,
        handles: &mut Handles,
        child: &Child,
        behaviour: Behaviour,
    ) -> Spec<Worker> {
        let plan = Plan {
            id: child.id.clone(),
            behaviour,
            shared: Arc::clone(self.shared),
        };
        let mut spec = self.options(self.system.spec::<Worker>(plan), child);
        let handle = spec.handle();
        handles
            .workers
            .entry(child.id.clone())
            .or_default()
            .push(handle);
        spec
    }

    pub(super) fn sup(&self, handles: &mut Handles, child: &Child, sup: &Sup) -> Spec<Supervisor> {
        let plan = self.plan(handles, &child.id, sup);
        let mut spec = self.options(self.system.spec::<Supervisor>(plan), child);
        let handle = spec.handle();
        handles
            .sups
            .entry(child.id.clone())
            .or_default()
            .push(handle);
        spec
    }

    pub(super) fn top(&self, handles: &mut Handles) -> Spec<Supervisor> {
        let plan = self.plan(handles, "top", &self.scenario.top);
        let mut spec = self.system.spec::<Supervisor>(plan).name("top");
        let handle = spec.handle();
        handles
            .sups
            .entry("top".to_owned())
            .or_default()
            .push(handle);
        spec
    }

    /// The one child line of a `simple_one_for_one` supervisor.
    pub(super) fn template(&self, sup: &str) -> Option<&Child> {
        self.scenario
            .children
            .iter()
            .find(|child| child.parent == sup)
    }

    fn plan(&self, handles: &mut Handles, id: &str, sup: &Sup) -> Supervision {
        let plan = match sup.strategy {
            Strategy::OneForAll => Supervisor::one_for_all(),
            Strategy::RestForOne => Supervisor::rest_for_one(),
            Strategy::SimpleOneForOne => Supervisor::simple_one_for_one(),
            _ => Supervisor::one_for_one(),
        };
        let plan = plan
            .intensity(sup.intensity, Duration::from_secs(sup.period))
            .auto_shutdown(sup.auto);
        let is_child = |child: &&Child| child.parent == id;
        let children = self.scenario.children.iter().filter(is_child);
        match sup.strategy {
            Strategy::SimpleOneForOne => plan,
            _ => children.fold(plan, |plan, child| match &child.kind {
                Kind::Worker(behaviour) => plan.child(self.worker(handles, child, *behaviour)),
                Kind::Sup(sup) => plan.child(self.sup(handles, child, sup)),
            }),
        }
    }

    fn options<A: Actor>(&self, spec: Spec<A>, child: &Child) -> Spec<A> {
        let spec = spec
            .name(child.id.clone())
            .restart(child.restart)
            .shutdown(child.shutdown);
        match child.significant {
            Significance::Yes => spec.significant(),
            Significance::No => spec,
        }
    }
}
