//! Running a scenario: on real threads, with real supervisors, and nothing known beforehand.
#![allow(
    clippy::disallowed_methods,
    reason = "it waits for real threads from outside"
)]

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actor_core::prelude::*;
use actor_core::{
    ActorId, ActorSnapshot, ActorState, ChildError, ChildId, ChildInfo, ChildState,
    SupervisorHandle,
};

use super::scenario::{Child, Kind, Scenario, Step};
use super::trace::{Trace, TraceLine, why};
use super::tree::{Builder, Handles};
use super::worker::{Hold, Holder, Shared};

/// How long a step may take until the tree is quiet again.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the runner lets others run before it looks again.
const PAUSE: Duration = Duration::from_micros(200);
/// No id of a scenario has brackets.
const HOLDER: &str = "(holder)";

/// A scenario that could not be run to its end.
#[derive(Debug)]
pub struct RunError {
    step: String,
    what: String,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at `{}`: {}", self.step, self.what)
    }
}

impl std::error::Error for RunError {}

/// Runs a scenario and returns its trace.
///
/// # Errors
/// If no system can be made, or the tree does not come to rest after a step.
pub fn run(scenario: &Scenario) -> Result<Vec<String>, RunError> {
    let error = |step: String, what: String| RunError { step, what };
    let system = System::builder("conformance").build();
    let system = system.map_err(|what| error("begin".into(), what.to_string()))?;
    let shared = Arc::new(Shared::default());
    let mut runner = Runner {
        events: system.events(),
        builder: Builder {
            system: &system,
            scenario,
            shared: &shared,
        },
        handles: Handles::default(),
        spawned: BTreeMap::new(),
        trace: Trace::default(),
        step: Vec::new(),
        lines: Vec::new(),
    };
    let outcome = runner.run();
    shared.end();
    match outcome {
        Ok(()) => Ok(runner.lines),
        Err(what) => {
            let last = runner.lines.iter().rfind(|line| line.starts_with("> "));
            Err(error(last.cloned().unwrap_or_default(), what))
        }
    }
}

struct Runner<'a> {
    events: Events,
    builder: Builder<'a>,
    handles: Handles,
    /// Children of `simple_one_for_one` supervisors, and whose they are.
    spawned: BTreeMap<String, String>,
    trace: Trace,
    /// The events of the step that is under way.
    step: Vec<TraceLine>,
    lines: Vec<String>,
}

impl Runner<'_> {
    fn run(&mut self) -> Result<(), String> {
        let scenario = self.builder.scenario;
        for step in &scenario.before {
            self.perform(step)?;
        }
        self.lines.push("> begin".to_owned());
        let spec = self.builder.top(&mut self.handles);
        let begun = match spec.spawn() {
            Ok(_) => "ok".to_owned(),
            Err(error) => format!("error start {}", why(error.kind())),
        };
        self.end_step(vec![begun])?;
        for step in &scenario.steps {
            self.lines.push(format!("> {step}"));
            let result = self.perform(step)?;
            self.end_step(result)?;
        }
        self.lines.push("> end".to_owned());
        match self.handles.sup("top").cloned() {
            Some(top) => {
                self.lines.push("top top running".to_owned());
                let table = self.table("top", &top, true)?;
                self.lines.extend(table);
            }
            None => self.lines.push("top top stopped".to_owned()),
        }
        match self.events.missed() {
            0 => Ok(()),
            missed => Err(format!("{missed} events were missed")),
        }
    }

    /// Waits until the tree is quiet, then prints what happened and the result.
    fn end_step(&mut self, result: Vec<String>) -> Result<(), String> {
        self.until("the tree does not come to rest", Self::is_quiet)?;
        let mut step = std::mem::take(&mut self.step);
        let parent = |line: &TraceLine| self.spawned.get(&line.stop.as_ref()?.0);
        // Such children stop in parallel, so their order says nothing.
        for run in step.chunk_by_mut(|a, b| parent(a).is_some() && parent(a) == parent(b)) {
            run.sort_by(|a, b| a.stop.cmp(&b.stop));
        }
        self.lines.extend(step.into_iter().map(|line| line.text));
        let mut result = result.into_iter();
        let first = result.next();
        self.lines.extend(first.map(|first| format!("= {first}")));
        self.lines.extend(result);
        Ok(())
    }

    fn perform(&mut self, step: &Step) -> Result<Vec<String>, String> {
        let result = match step {
            Step::Crash(id, reason) => {
                let Some(worker) = self.handles.worker(id) else {
                    return Ok(vec!["not_running".to_owned()]);
                };
                let life = (worker.id(), worker.snapshot().life);
                let told = worker.crash(reason.clone()).tell();
                told.map_err(|error| error.to_string())?;
                self.await_end(life)?;
                "ok".to_owned()
            }
            Step::Kill(id) => match self.handles.worker(id) {
                None => "not_running".to_owned(),
                Some(worker) => {
                    let life = (worker.id(), worker.snapshot().life);
                    worker.terminate(Duration::ZERO);
                    self.await_end(life)?;
                    "ok".to_owned()
                }
            },
            Step::CrashMany(sup, reason, ids) => match self.handles.sup(sup).cloned() {
                None => "noproc".to_owned(),
                Some(sup) => {
                    let hold = Arc::new(Hold::default());
                    let holder = self.builder.system.spec::<Holder>(Arc::clone(&hold));
                    let holder = holder.name(HOLDER).restart(Restart::Temporary);
                    let held = sup.start_child(holder).send();
                    let held = held.map_err(|error| error.to_string())?;
                    hold.wait();
                    for id in ids {
                        self.perform(&Step::Crash(id.clone(), reason.clone()))?;
                    }
                    hold.let_go();
                    // The supervisor may have given up meanwhile.
                    let _ = held.wait();
                    "ok".to_owned()
                }
            },
            Step::Terminate(sup, id) => {
                self.call(sup, |sup, child| sup.terminate_child(child).ask(), id)
            }
            Step::Restart(sup, id) => {
                self.call(sup, |sup, child| sup.restart_child(child).ask(), id)
            }
            Step::Delete(sup, id) => self.call(sup, |sup, child| sup.delete_child(child).ask(), id),
            Step::Add(child) => self.add(child),
            Step::Spawn(sup, id) => {
                self.spawned.insert(id.clone(), sup.clone());
                match self.builder.template(sup) {
                    None => "not_found".to_owned(),
                    Some(template) => self.add(&Child {
                        parent: sup.clone(),
                        id: id.clone(),
                        ..template.clone()
                    }),
                }
            }
            Step::FailNext(id, times) => {
                self.builder.shared.fail_next(id, *times);
                "ok".to_owned()
            }
            Step::IgnoreNext(id, times) => {
                self.builder.shared.ignore_next(id, *times);
                "ok".to_owned()
            }
            Step::Children(id) => match self.handles.sup(id).cloned() {
                None => "noproc".to_owned(),
                Some(sup) => {
                    let mut lines = vec!["ok".to_owned()];
                    lines.extend(self.table(id, &sup, false)?);
                    return Ok(lines);
                }
            },
            Step::Count(id) => match self.handles.sup(id) {
                None => "noproc".to_owned(),
                Some(sup) => {
                    let counts = sup.count_children().ask();
                    let counts = counts.map_err(|error| error.to_string())?;
                    format!(
                        "specs={} active={} supervisors={} workers={}",
                        counts.specs, counts.active, counts.supervisors, counts.workers
                    )
                }
            },
            Step::Sleep(millis) => {
                std::thread::sleep(Duration::from_millis(*millis));
                "ok".to_owned()
            }
            Step::Stop => match self.handles.sup("top") {
                None => "not_running".to_owned(),
                Some(top) => {
                    top.stop();
                    top.join();
                    "ok".to_owned()
                }
            },
        };
        Ok(vec![result])
    }

    fn call(
        &self,
        sup: &str,
        call: impl FnOnce(&SupervisorHandle, ChildId) -> Result<Result<(), ChildError>, AskError>,
        child: &str,
    ) -> String {
        let Some(handle) = self.handles.sup(sup) else {
            return "noproc".to_owned();
        };
        // Such children have no ids of their own, and none at all before they have started.
        let started = self.trace.has_started(child);
        let spawned = started && self.spawned.get(child).is_some_and(|parent| parent == sup);
        let child = match self.handles.last_worker(child).filter(|_| spawned) {
            Some(actor) => ChildId::Id(actor),
            None => ChildId::from(child),
        };
        result_of(call(handle, child))
    }

    fn add(&mut self, child: &Child) -> String {
        let Some(sup) = self.handles.sup(&child.parent).cloned() else {
            return "noproc".to_owned();
        };
        match &child.kind {
            Kind::Worker(behaviour) => {
                let spec = self.builder.worker(&mut self.handles, child, *behaviour);
                result_of(sup.start_child(spec).ask())
            }
            Kind::Sup(inner) => {
                let spec = self.builder.sup(&mut self.handles, child, inner);
                result_of(sup.start_child(spec).ask())
            }
        }
    }

    /// The child lines of a supervisor, or of its whole subtree.
    fn table(&self, id: &str, sup: &SupervisorHandle, deep: bool) -> Result<Vec<String>, String> {
        let children = sup.which_children().ask();
        let mut children = children.map_err(|error| error.to_string())?;
        if self.spawned.values().any(|parent| parent == id) {
            children.sort_by(|a, b| a.actor.name().cmp(b.actor.name()));
        }
        let mut lines = Vec::new();
        for child in children {
            let name = child.actor.name();
            let kind = match child.is_supervisor {
                true => "sup",
                false => "worker",
            };
            let state = match child.state {
                ChildState::Running(life) => match self.trace.number(child.actor.id(), life) {
                    Some(number) => format!("running {number}"),
                    None => format!("running, in a life ({life}) that has no start"),
                },
                ChildState::Stopped => "stopped".to_owned(),
                _ => "restarting".to_owned(),
            };
            lines.push(format!("child {id} {name} {kind} {state}"));
            if deep && let Some(inner) = self.running_sup(&child) {
                lines.extend(self.table(name, &inner, deep)?);
            }
        }
        Ok(lines)
    }

    fn running_sup(&self, child: &ChildInfo) -> Option<SupervisorHandle> {
        let runs = matches!(child.state, ChildState::Running(_));
        let sup = self.handles.sup_by_id(child.actor.id());
        sup.filter(|_| runs).cloned()
    }

    /// Waits for the end of a life: its supervisor hears of it after us.
    fn await_end(&mut self, life: (ActorId, u64)) -> Result<(), String> {
        self.until("the worker does not end", |runner| {
            runner.trace.is_over(life)
        })
    }

    fn until(&mut self, what: &str, is: impl Fn(&Self) -> bool) -> Result<(), String> {
        let start = Instant::now();
        loop {
            self.take_events();
            if is(self) {
                return Ok(());
            }
            if start.elapsed() > PATIENCE {
                let tree = self.builder.system.snapshot();
                return Err(format!("{what} within {PATIENCE:?}:\n{tree}"));
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn take_events(&mut self) {
        while let Some(event) = self.events.try_next() {
            if event.actor.name() != HOLDER {
                self.step.extend(self.trace.line(&event));
            }
        }
    }

    /// Whether nothing is going on: what each supervisor knows of its children is what they are,
    /// and no event waits to be read.
    fn is_quiet(&self) -> bool {
        let Some(top) = self.handles.any_sup("top") else {
            return true;
        };
        let quiet = match top.snapshot() {
            top if top.state == ActorState::Ended => true,
            snapshot => self.is_settled(top, &snapshot) && self.is_settled(top, &top.snapshot()),
        };
        quiet && self.events.waiting() == 0
    }

    fn is_settled(&self, sup: &SupervisorHandle, snapshot: &ActorSnapshot) -> bool {
        if snapshot.state != ActorState::Running {
            return false;
        }
        // Exits that have reached the supervisor are dealt with before this is answered.
        let Ok(children) = sup.which_children().ask() else {
            return false;
        };
        children.iter().all(|child| {
            let mut snapshots = snapshot.children.iter();
            let found = snapshots.find(|other| other.actor == child.actor);
            match (child.state, found) {
                (ChildState::Running(life), Some(found)) => {
                    let runs = found.state == ActorState::Running && found.life == life;
                    let inner = self.handles.sup_by_id(child.actor.id());
                    runs && inner.is_none_or(|inner| self.is_settled(inner, found))
                }
                (ChildState::Stopped, found) => {
                    found.is_none_or(|found| found.state == ActorState::Ended)
                }
                _ => false,
            }
        })
    }
}

/// A call's result as the traces have it.
fn result_of<T>(answer: Result<Result<T, ChildError>, AskError>) -> String {
    let error = match answer {
        Ok(Ok(_)) => return "ok".to_owned(),
        Ok(Err(error)) => error,
        Err(_) => return "noproc".to_owned(),
    };
    match error {
        ChildError::Ignored { .. } => "ignored".to_owned(),
        ChildError::Running { .. } => "error running".to_owned(),
        ChildError::Restarting { .. } => "error restarting".to_owned(),
        ChildError::NotFound { .. } => "error not_found".to_owned(),
        ChildError::AlreadyStarted { .. } => "error already_started".to_owned(),
        ChildError::AlreadyPresent { .. } => "error already_present".to_owned(),
        ChildError::SimpleOneForOne => "error simple_one_for_one".to_owned(),
        ChildError::BadCombination(_) => "error bad_combination".to_owned(),
        ChildError::Start(error) => format!("error start {}", why(error.kind())),
        other => format!("error {other}"),
    }
}
