//! What OTP's rules make of a scenario: a small model, without threads, to compare the library
//! with. It knows no back-off and no time, so all restarts lie within one period.

use std::collections::{BTreeMap, VecDeque};

use actor_core::{AutoShutdown, Restart, Shutdown, Strategy};

use super::scenario::{Behaviour, Child, Kind, Scenario, Significance, Step, Sup};

/// The trace that the rules prescribe.
pub fn model(scenario: &Scenario) -> Vec<String> {
    let mut model = Model {
        scenario,
        sups: BTreeMap::new(),
        alive: BTreeMap::new(),
        starts: BTreeMap::new(),
        fail: BTreeMap::new(),
        ignore: BTreeMap::new(),
        spawned: BTreeMap::new(),
        events: Vec::new(),
    };
    let mut lines = Vec::new();
    for step in &scenario.before {
        model.step(step);
    }
    let begun = match model.start_sup("top", &scenario.top) {
        Ok(()) => "ok".to_owned(),
        Err(why) => format!("error start {why}"),
    };
    model.print(&mut lines, "begin", vec![begun]);
    for step in &scenario.steps {
        let result = model.step(step);
        model.print(&mut lines, &step.to_string(), result);
    }
    lines.push("> end".to_owned());
    if model.sups.contains_key("top") {
        lines.push("top top running".to_owned());
        lines.extend(model.table("top", true));
    } else {
        lines.push("top top stopped".to_owned());
    }
    lines
}

/// A supervisor that is alive.
struct State {
    spec: Sup,
    entries: Vec<Entry>,
    restarts: usize,
    queue: VecDeque<Work>,
}

struct Entry {
    child: Child,
    at: At,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Running(u64),
    Stopped,
    Restarting,
}

enum Work {
    Exit(String, u64, String),
    Retry(String),
}

enum Started {
    Life(u64),
    Ignored,
}

/// The supervisor has ended.
struct Over;

struct Model<'a> {
    scenario: &'a Scenario,
    sups: BTreeMap<String, State>,
    /// The life of whatever is alive.
    alive: BTreeMap<String, u64>,
    starts: BTreeMap<String, u64>,
    fail: BTreeMap<String, u64>,
    ignore: BTreeMap<String, u64>,
    spawned: BTreeMap<String, String>,
    events: Vec<(String, Option<(String, u64)>)>,
}

impl Model<'_> {
    fn print(&mut self, lines: &mut Vec<String>, step: &str, result: Vec<String>) {
        lines.push(format!("> {step}"));
        let mut events = std::mem::take(&mut self.events);
        let parent = |event: &(String, Option<(String, u64)>)| {
            self.spawned.get(&event.1.as_ref()?.0).cloned()
        };
        for run in events.chunk_by_mut(|a, b| parent(a).is_some() && parent(a) == parent(b)) {
            run.sort_by(|a, b| a.1.cmp(&b.1));
        }
        lines.extend(events.into_iter().map(|(text, _)| text));
        let mut result = result.into_iter();
        lines.extend(result.next().map(|first| format!("= {first}")));
        lines.extend(result);
    }

    // Starting.

    fn start_child(&mut self, child: &Child) -> Result<Started, String> {
        let id = &child.id;
        match &child.kind {
            Kind::Sup(sup) => self.start_sup(id, sup)?,
            Kind::Worker(_) => {
                if take(&mut self.fail, id) {
                    self.event(format!("init_error {id} boom"));
                    return Err("boom".to_owned());
                }
                if take(&mut self.ignore, id) {
                    self.event(format!("ignored {id}"));
                    return Ok(Started::Ignored);
                }
                self.has_started(id);
            }
        }
        Ok(Started::Life(self.alive[id]))
    }

    fn start_sup(&mut self, id: &str, spec: &Sup) -> Result<(), String> {
        let children = self.scenario.children.iter();
        let children: Vec<Child> = match spec.strategy {
            Strategy::SimpleOneForOne => Vec::new(),
            _ => children
                .filter(|child| child.parent == id)
                .cloned()
                .collect(),
        };
        let state = State {
            spec: spec.clone(),
            entries: Vec::new(),
            restarts: 0,
            queue: VecDeque::new(),
        };
        self.sups.insert(id.to_owned(), state);
        for child in children {
            let at = match self.start_child(&child) {
                Ok(Started::Life(life)) => At::Running(life),
                Ok(Started::Ignored) if child.restart == Restart::Temporary => continue,
                Ok(Started::Ignored) => At::Stopped,
                Err(why) => {
                    self.stop_children(id);
                    self.sups.remove(id);
                    let why = format!("failed:{}:{why}", child.id);
                    self.event(format!("init_error {id} {why}"));
                    return Err(why);
                }
            };
            self.sup(id).entries.push(Entry { child, at });
        }
        self.has_started(id);
        Ok(())
    }

    fn has_started(&mut self, id: &str) {
        let count = self.starts.entry(id.to_owned()).or_default();
        *count += 1;
        let life = *count;
        self.alive.insert(id.to_owned(), life);
        self.event(format!("start {id} {life}"));
    }

    // Stopping.

    fn has_stopped(&mut self, id: &str, reason: &str) {
        if let Some(life) = self.alive.remove(id) {
            let text = format!("stop {id} {life} {reason}");
            self.events.push((text, Some((id.to_owned(), life))));
        }
    }

    /// The supervisor of `child` orders it to stop. What is dead already is not stopped again.
    fn stop_child(&mut self, child: &Child) {
        if !self.alive.contains_key(&child.id) {
            return;
        }
        let reason = match (&child.kind, child.shutdown) {
            (Kind::Sup(_), _) => {
                self.end_sup(&child.id);
                return;
            }
            (_, Shutdown::Brutal) | (Kind::Worker(Behaviour::Stubborn), _) => "killed",
            (Kind::Worker(Behaviour::BadStop), _) => "badstop",
            (Kind::Worker(_), _) => "shutdown",
        };
        self.has_stopped(&child.id, reason);
    }

    fn stop_children(&mut self, sup: &str) {
        let entries = std::mem::take(&mut self.sup(sup).entries);
        for entry in entries.iter().rev() {
            self.stop_child(&entry.child);
        }
    }

    fn end_sup(&mut self, id: &str) {
        self.stop_children(id);
        self.sups.remove(id);
        self.has_stopped(id, "shutdown");
    }

    // Exits.

    /// Deals with what waits for the supervisor, then for its parents.
    fn settle(&mut self, sup: &str) {
        let mut sup = sup.to_owned();
        while let Some(work) = self.sups.get_mut(&sup).and_then(|it| it.queue.pop_front()) {
            let done = match work {
                Work::Exit(id, life, reason) => self.exited(&sup, &id, life, &reason),
                Work::Retry(id) if self.at(&sup, &id) == Some(At::Restarting) => {
                    self.restart(&sup, &id)
                }
                Work::Retry(_) => Ok(()),
            };
            if let Err(Over) = done {
                let life = self.alive[&sup];
                self.end_sup(&sup);
                let Some(parent) = self.parent_of(&sup) else {
                    return;
                };
                let exit = Work::Exit(sup, life, "shutdown".to_owned());
                self.sup(&parent).queue.push_back(exit);
                sup = parent;
            }
        }
    }

    fn exited(&mut self, sup: &str, id: &str, life: u64, reason: &str) -> Result<(), Over> {
        if self.at(sup, id) != Some(At::Running(life)) {
            return Ok(());
        }
        let entry = self.entry(sup, id);
        let child = entry.child.clone();
        let normal = reason == "normal" || reason == "shutdown" || reason.starts_with("shutdown:");
        let restarts = match child.restart {
            Restart::Permanent => true,
            Restart::Transient => !normal,
            Restart::Temporary => false,
        };
        if restarts {
            return self.restart(sup, id);
        }
        self.end_entry(sup, id);
        let state = self.sup(sup);
        let goes_on =
            |entry: &Entry| entry.child.significant == Significance::Yes && entry.at != At::Stopped;
        let shuts_down = match state.spec.auto {
            AutoShutdown::Never => false,
            AutoShutdown::AnySignificant => true,
            AutoShutdown::AllSignificant => !state.entries.iter().any(goes_on),
        };
        match shuts_down && child.significant == Significance::Yes {
            true => Err(Over),
            false => Ok(()),
        }
    }

    fn restart(&mut self, sup: &str, cause: &str) -> Result<(), Over> {
        let state = self.sup(sup);
        state.restarts += 1;
        if state.restarts > state.spec.intensity {
            return Err(Over);
        }
        let place = state.entries.iter().position(|it| it.child.id == cause);
        let place = place.unwrap_or_default();
        let concerned = match state.spec.strategy {
            Strategy::OneForAll => 0..state.entries.len(),
            Strategy::RestForOne => place..state.entries.len(),
            _ => place..place + 1,
        };
        let children = state.entries[concerned].iter();
        let children: Vec<Child> = children.map(|entry| entry.child.clone()).collect();
        for child in children.iter().rev().filter(|child| child.id != cause) {
            self.stop_child(child);
            self.end_entry(sup, &child.id);
        }
        self.entry(sup, cause).at = At::Restarting;
        for child in &children {
            if child.restart == Restart::Temporary {
                continue;
            }
            let at = match self.start_child(child) {
                Ok(Started::Life(life)) => At::Running(life),
                Ok(Started::Ignored) => At::Stopped,
                Err(_) => At::Restarting,
            };
            if at == At::Restarting && child.id != cause {
                self.entry(sup, cause).at = match self.alive.get(cause) {
                    Some(life) => At::Running(*life),
                    None => At::Stopped,
                };
            }
            self.entry(sup, &child.id).at = at;
            if at == At::Stopped {
                self.end_entry(sup, &child.id);
            }
            if at == At::Restarting {
                let retry = Work::Retry(child.id.clone());
                self.sup(sup).queue.push_back(retry);
                return Ok(());
            }
        }
        Ok(())
    }

    /// The child does not run any more, and is not restarted.
    fn end_entry(&mut self, sup: &str, id: &str) {
        let state = self.sup(sup);
        let simple = state.spec.strategy == Strategy::SimpleOneForOne;
        state.entries.retain(|entry| {
            entry.child.id != id || !(simple || entry.child.restart == Restart::Temporary)
        });
        if let Some(entry) = state.entries.iter_mut().find(|it| it.child.id == id) {
            entry.at = At::Stopped;
        }
    }

    // Steps.

    fn step(&mut self, step: &Step) -> Vec<String> {
        let result = match step {
            Step::Crash(id, reason) => self.crash(&[id], &reason.to_string()),
            Step::Kill(id) => self.crash(&[id], "killed"),
            Step::CrashMany(sup, reason, ids) => match self.sups.contains_key(sup) {
                true => {
                    let ids: Vec<&String> = ids.iter().collect();
                    self.crash(&ids, &reason.to_string());
                    "ok".to_owned()
                }
                false => "noproc".to_owned(),
            },
            Step::Terminate(sup, id) => self.call(sup, |model| model.terminate(sup, id)),
            Step::Restart(sup, id) => self.call(sup, |model| model.restart_child(sup, id)),
            Step::Delete(sup, id) => self.call(sup, |model| model.delete(sup, id)),
            Step::Add(child) => self.call(&child.parent, |model| model.add(child)),
            Step::Spawn(sup, id) => self.spawn(sup, id),
            Step::FailNext(id, times) => {
                self.fail.insert(id.clone(), *times);
                "ok".to_owned()
            }
            Step::IgnoreNext(id, times) => {
                self.ignore.insert(id.clone(), *times);
                "ok".to_owned()
            }
            Step::Children(sup) if self.sups.contains_key(sup) => {
                let mut lines = vec!["ok".to_owned()];
                lines.extend(self.table(sup, false));
                return lines;
            }
            Step::Children(_) => "noproc".to_owned(),
            Step::Count(sup) => self.call(sup, |model| Err(model.count(sup))),
            Step::Sleep(_) => "ok".to_owned(),
            Step::Stop if self.sups.contains_key("top") => {
                self.end_sup("top");
                "ok".to_owned()
            }
            Step::Stop => "not_running".to_owned(),
        };
        vec![result]
    }

    /// The workers that are alive end one after another, then their supervisor sees it.
    fn crash(&mut self, ids: &[&String], reason: &str) -> String {
        let mut result = "not_running";
        for id in ids {
            let Some(life) = self.alive.get(*id).copied() else {
                continue;
            };
            let Some(sup) = self.parent_of(id) else {
                continue;
            };
            self.has_stopped(id, reason);
            let exit = Work::Exit((*id).clone(), life, reason.to_owned());
            self.sup(&sup).queue.push_back(exit);
            result = "ok";
        }
        let waiting = |state: &State| !state.queue.is_empty();
        while let Some(sup) = self.sups.iter().find(|(_, state)| waiting(state)) {
            let sup = sup.0.clone();
            self.settle(&sup);
        }
        result.to_owned()
    }

    fn call(&mut self, sup: &str, call: impl FnOnce(&mut Self) -> Result<(), String>) -> String {
        if !self.sups.contains_key(sup) {
            return "noproc".to_owned();
        }
        call(self).map_or_else(|error| error, |()| "ok".to_owned())
    }

    fn terminate(&mut self, sup: &str, id: &str) -> Result<(), String> {
        let simple = self.sup(sup).spec.strategy == Strategy::SimpleOneForOne;
        let started = self.starts.contains_key(id);
        if simple && (!started || self.spawned.get(id).is_none_or(|parent| parent != sup)) {
            return Err("error simple_one_for_one".to_owned());
        }
        match self.at(sup, id) {
            // One that has ended is as good as terminated.
            None if simple => return Ok(()),
            None => return Err("error not_found".to_owned()),
            Some(_) => {}
        }
        let child = self.entry(sup, id).child.clone();
        self.stop_child(&child);
        self.end_entry(sup, id);
        Ok(())
    }

    fn stopped(&mut self, sup: &str, id: &str) -> Result<(), String> {
        if self.sup(sup).spec.strategy == Strategy::SimpleOneForOne {
            return Err("error simple_one_for_one".to_owned());
        }
        match self.at(sup, id) {
            None => Err("error not_found".to_owned()),
            Some(At::Running(_)) => Err("error running".to_owned()),
            Some(At::Restarting) => Err("error restarting".to_owned()),
            Some(At::Stopped) => Ok(()),
        }
    }

    fn restart_child(&mut self, sup: &str, id: &str) -> Result<(), String> {
        self.stopped(sup, id)?;
        let child = self.entry(sup, id).child.clone();
        match self.start_child(&child) {
            Ok(Started::Life(life)) => {
                self.entry(sup, id).at = At::Running(life);
                Ok(())
            }
            Ok(Started::Ignored) => Err("ignored".to_owned()),
            Err(why) => Err(format!("error start {why}")),
        }
    }

    fn delete(&mut self, sup: &str, id: &str) -> Result<(), String> {
        self.stopped(sup, id)?;
        self.sup(sup).entries.retain(|entry| entry.child.id != id);
        Ok(())
    }

    fn add(&mut self, child: &Child) -> Result<(), String> {
        let sup = &child.parent;
        let auto = self.sup(sup).spec.auto;
        let significant = child.significant == Significance::Yes;
        if significant && (auto == AutoShutdown::Never || child.restart == Restart::Permanent) {
            return Err("error bad_combination".to_owned());
        }
        let simple = self.sup(sup).spec.strategy == Strategy::SimpleOneForOne;
        match self.at(sup, &child.id) {
            Some(At::Running(_)) if !simple => return Err("error already_started".to_owned()),
            Some(_) if !simple => return Err("error already_present".to_owned()),
            _ => {}
        }
        let (at, result) = match self.start_child(child) {
            Ok(Started::Life(life)) => (At::Running(life), Ok(())),
            Ok(Started::Ignored) if simple || child.restart == Restart::Temporary => {
                return Err("ignored".to_owned());
            }
            Ok(Started::Ignored) => (At::Stopped, Err("ignored".to_owned())),
            Err(why) => return Err(format!("error start {why}")),
        };
        let child = child.clone();
        self.sup(sup).entries.push(Entry { child, at });
        result
    }

    fn spawn(&mut self, sup: &str, id: &str) -> String {
        self.spawned.insert(id.to_owned(), sup.to_owned());
        let mut templates = self.scenario.children.iter();
        let Some(template) = templates.find(|child| child.parent == sup) else {
            return "not_found".to_owned();
        };
        let child = Child {
            id: id.to_owned(),
            ..template.clone()
        };
        self.call(sup, |model| model.add(&child))
    }

    fn count(&mut self, sup: &str) -> String {
        let state = self.sup(sup);
        let all = state.entries.len();
        let is_sup = |entry: &&Entry| matches!(entry.child.kind, Kind::Sup(_));
        let runs = |entry: &&Entry| matches!(entry.at, At::Running(_));
        let supervisors = state.entries.iter().filter(is_sup).count();
        let specs = match state.spec.strategy {
            Strategy::SimpleOneForOne => 1,
            _ => all,
        };
        format!(
            "specs={specs} active={} supervisors={supervisors} workers={}",
            state.entries.iter().filter(runs).count(),
            all - supervisors
        )
    }

    fn table(&self, sup: &str, deep: bool) -> Vec<String> {
        let state = &self.sups[sup];
        let mut entries: Vec<&Entry> = state.entries.iter().collect();
        if state.spec.strategy == Strategy::SimpleOneForOne {
            entries.sort_by(|a, b| a.child.id.cmp(&b.child.id));
        }
        let mut lines = Vec::new();
        for Entry { child, at } in entries {
            let id = &child.id;
            let kind = match child.kind {
                Kind::Worker(_) => "worker",
                Kind::Sup(_) => "sup",
            };
            lines.push(match at {
                At::Running(life) => format!("child {sup} {id} {kind} running {life}"),
                At::Stopped => format!("child {sup} {id} {kind} stopped"),
                At::Restarting => format!("child {sup} {id} {kind} restarting"),
            });
            if deep && kind == "sup" && matches!(at, At::Running(_)) {
                lines.extend(self.table(id, deep));
            }
        }
        lines
    }

    // Looking up.

    fn event(&mut self, text: String) {
        self.events.push((text, None));
    }

    fn sup(&mut self, id: &str) -> &mut State {
        self.sups
            .get_mut(id)
            .unwrap_or_else(|| panic!("{id} is not alive"))
    }

    fn entry(&mut self, sup: &str, id: &str) -> &mut Entry {
        let mut entries = self.sup(sup).entries.iter_mut();
        let found = entries.find(|entry| entry.child.id == id);
        found.unwrap_or_else(|| panic!("{sup} has no child {id}"))
    }

    fn at(&self, sup: &str, id: &str) -> Option<At> {
        let mut entries = self.sups.get(sup)?.entries.iter();
        entries
            .find(|entry| entry.child.id == id)
            .map(|entry| entry.at)
    }

    fn parent_of(&self, id: &str) -> Option<String> {
        let has = |state: &State| state.entries.iter().any(|entry| entry.child.id == id);
        let mut sups = self.sups.iter();
        sups.find(|(_, state)| has(state))
            .map(|(sup, _)| sup.clone())
    }
}

/// Whether one of those that are due is taken.
fn take(due: &mut BTreeMap<String, u64>, id: &str) -> bool {
    match due.get_mut(id) {
        Some(times) if *times > 0 => {
            *times -= 1;
            true
        }
        _ => false,
    }
}
