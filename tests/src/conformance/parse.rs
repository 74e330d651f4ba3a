//! Reading scenarios, with the line of whatever is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use actor_core::{AutoShutdown, Restart, Shutdown, Strategy};

use super::scenario::{Behaviour, Child, Kind, Reason, Scenario, Significance, Step, Sup};

/// A scenario that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    line: usize,
    what: String,
}

impl ScenarioError {
    /// The line, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for ScenarioError {}

type Parsed<T> = Result<T, String>;

/// Reads a scenario.
///
/// # Errors
/// If a line is not in the format, or contradicts another.
pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
    let mut draft = Draft::default();
    let mut last = 0;
    for (index, line) in text.lines().enumerate() {
        last = index + 1;
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        draft
            .line(line, last)
            .map_err(|what| ScenarioError { line: last, what })?;
    }
    draft.finish(last)
}

#[derive(Default)]
struct Draft {
    name: Option<String>,
    tags: Vec<String>,
    top: Option<Sup>,
    children: Vec<(usize, Child)>,
    before: Vec<(usize, Step)>,
    begun: bool,
    steps: Vec<(usize, Step)>,
}

impl Draft {
    fn line(&mut self, line: &str, number: usize) -> Parsed<()> {
        let tokens: Vec<&str> = line.split(' ').collect();
        if tokens.contains(&"") || line.contains(['\t', '\r']) {
            return Err("tokens are separated by one space each".to_owned());
        }
        if self.begun && matches!(tokens[0], "name" | "tag" | "sup" | "child") {
            return Err(format!("`{}` after `begin`", tokens[0]));
        }
        match (tokens[0], &tokens[1..]) {
            ("name", [name]) if self.name.is_none() => self.name = Some((*name).to_owned()),
            ("name", [_]) => return Err("a second name".to_owned()),
            ("tag", tags @ [_, ..]) => self.tags.extend(tags.iter().map(ToString::to_string)),
            ("sup", ["top", fields @ ..]) if self.top.is_none() => self.top = Some(sup(fields)?),
            ("sup", ["top", ..]) => return Err("a second top supervisor".to_owned()),
            ("sup", _) => return Err("the id of the top supervisor is `top`".to_owned()),
            ("child", fields) => self.children.push((number, child(fields)?)),
            ("begin", []) if self.begun => return Err("a second begin".to_owned()),
            ("begin", []) => self.begun = true,
            _ => {
                let step = step(&tokens)?;
                if matches!(step, Step::Sleep(_)) && !self.tags.iter().any(|tag| tag == "time") {
                    return Err("`sleep` needs the tag `time`".to_owned());
                }
                match (self.begun, &step) {
                    (true, _) => self.steps.push((number, step)),
                    (false, Step::FailNext(..) | Step::IgnoreNext(..)) => {
                        self.before.push((number, step));
                    }
                    (false, _) => return Err("a step before `begin`".to_owned()),
                }
            }
        }
        Ok(())
    }

    fn finish(self, last: usize) -> Result<Scenario, ScenarioError> {
        let at = |line, what: String| ScenarioError { line, what };
        let missing = |what: &str| at(last.max(1), format!("the scenario has no `{what}` line"));
        let name = self.name.clone().ok_or_else(|| missing("name"))?;
        let top = self.top.clone().ok_or_else(|| missing("sup top"))?;
        if !self.begun {
            return Err(missing("begin"));
        }
        if top.strategy == Strategy::SimpleOneForOne
            && !self.children.iter().any(|(_, child)| child.parent == "top")
        {
            return Err(at(last, "\"top\" has no template".to_owned()));
        }
        self.check(&top)?;
        Ok(Scenario {
            name,
            tags: self.tags,
            top,
            children: self.children.into_iter().map(|(_, child)| child).collect(),
            before: self.before.into_iter().map(|(_, step)| step).collect(),
            steps: self.steps.into_iter().map(|(_, step)| step).collect(),
        })
    }

    /// What one line says and another contradicts.
    fn check(&self, top: &Sup) -> Result<(), ScenarioError> {
        let known = Known::of(self, top)?;
        for (line, child) in &self.children {
            let checked = known.child(child);
            checked.map_err(|what| ScenarioError { line: *line, what })?;
        }
        for (line, step) in self.before.iter().chain(&self.steps) {
            let checked = known.step(step);
            checked.map_err(|what| ScenarioError { line: *line, what })?;
        }
        Ok(())
    }
}

/// What the lines of a scenario name.
struct Known<'a> {
    sups: BTreeMap<&'a str, &'a Sup>,
    parents: BTreeMap<&'a str, &'a str>,
    templates: BTreeMap<&'a str, &'a str>,
    workers: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of(draft: &'a Draft, top: &'a Sup) -> Result<Self, ScenarioError> {
        let mut known = Known {
            sups: BTreeMap::from([("top", top)]),
            parents: BTreeMap::new(),
            templates: BTreeMap::new(),
            workers: BTreeSet::new(),
        };
        let at = |line, what| ScenarioError { line, what };
        for (line, child) in &draft.children {
            if child.id == "top" || known.parents.contains_key(child.id.as_str()) {
                return Err(at(*line, format!("a second {:?}", child.id)));
            }
            known.add(child);
        }
        for (line, step) in &draft.steps {
            match step {
                Step::Add(child) => {
                    let parent = known.parents.get(child.id.as_str()).copied();
                    if child.id == "top" || parent.is_some_and(|parent| parent != child.parent) {
                        return Err(at(*line, format!("{:?} is somebody else", child.id)));
                    }
                    known.add(child);
                }
                Step::Spawn(sup, id) => {
                    let parent = known.parents.insert(id, sup);
                    if parent.is_some_and(|parent| parent != sup) {
                        return Err(at(*line, format!("{id:?} is somebody else")));
                    }
                    known.workers.insert(id);
                }
                _ => {}
            }
        }
        for (line, child) in &draft.children {
            if known.is_simple(&child.parent) {
                let other = known.templates.insert(&child.parent, &child.id);
                if other.is_some() {
                    let what = format!("a second template of {:?}", child.parent);
                    return Err(at(*line, what));
                }
            }
        }
        Ok(known)
    }

    fn add(&mut self, child: &'a Child) {
        self.parents.insert(&child.id, &child.parent);
        match &child.kind {
            Kind::Sup(sup) => drop(self.sups.insert(&child.id, sup)),
            Kind::Worker(_) => drop(self.workers.insert(&child.id)),
        }
    }

    fn is_simple(&self, id: &str) -> bool {
        let sup = self.sups.get(id);
        sup.is_some_and(|sup| sup.strategy == Strategy::SimpleOneForOne)
    }

    fn sup(&self, id: &str) -> Parsed<()> {
        match self.sups.contains_key(id) {
            true => Ok(()),
            false => Err(format!("no supervisor is called {id:?}")),
        }
    }

    fn worker(&self, id: &str) -> Parsed<()> {
        match self.workers.contains(id) {
            true => Ok(()),
            false => Err(format!("no worker is called {id:?}")),
        }
    }

    fn child(&self, child: &Child) -> Parsed<()> {
        self.sup(&child.parent)?;
        let mut above = child.parent.as_str();
        for _ in 0..=self.parents.len() {
            match self.parents.get(above) {
                Some(parent) => above = parent,
                None => break,
            }
        }
        if above != "top" {
            return Err(format!("{:?} is below itself", child.id));
        }
        if self.is_simple(&child.parent) {
            if matches!(child.kind, Kind::Sup(_)) {
                return Err("a template is a worker".to_owned());
            }
            if child.significant == Significance::Yes {
                return Err("a template is not significant".to_owned());
            }
        }
        if self.is_simple(&child.id) && !self.templates.contains_key(child.id.as_str()) {
            return Err(format!("{:?} has no template", child.id));
        }
        Ok(())
    }

    fn step(&self, step: &Step) -> Parsed<()> {
        match step {
            Step::Crash(id, _)
            | Step::Kill(id)
            | Step::FailNext(id, _)
            | Step::IgnoreNext(id, _) => self.worker(id),
            Step::CrashMany(sup, _, ids) => {
                self.sup(sup)?;
                ids.iter().try_for_each(|id| self.worker(id))
            }
            Step::Terminate(sup, _)
            | Step::Restart(sup, _)
            | Step::Delete(sup, _)
            | Step::Children(sup)
            | Step::Count(sup) => self.sup(sup),
            Step::Add(child) if self.is_simple(&child.parent) => Err(format!(
                "{:?} is simple_one_for_one: use `spawn`",
                child.parent
            )),
            Step::Add(child) => self.child(child),
            Step::Spawn(sup, _) if !self.is_simple(sup) => {
                Err(format!("{sup:?} is not simple_one_for_one"))
            }
            Step::Spawn(sup, _) if !self.templates.contains_key(sup.as_str()) => {
                Err(format!("{sup:?} has no template"))
            }
            Step::Spawn(..) | Step::Sleep(_) | Step::Stop => Ok(()),
        }
    }
}

fn sup(fields: &[&str]) -> Parsed<Sup> {
    let [strategy, intensity, period, auto] = fields else {
        return Err(format!(
            "a supervisor has STRATEGY INTENSITY PERIOD AUTO, not {} fields",
            fields.len()
        ));
    };
    let sup = Sup {
        strategy: match *strategy {
            "one_for_one" => Strategy::OneForOne,
            "one_for_all" => Strategy::OneForAll,
            "rest_for_one" => Strategy::RestForOne,
            "simple_one_for_one" => Strategy::SimpleOneForOne,
            other => return Err(format!("{other:?} is no strategy")),
        },
        intensity: number("an intensity", intensity)?,
        period: number("a period", period)?,
        auto: match *auto {
            "never" => AutoShutdown::Never,
            "any_significant" => AutoShutdown::AnySignificant,
            "all_significant" => AutoShutdown::AllSignificant,
            other => return Err(format!("{other:?} is no automatic shutdown")),
        },
    };
    if sup.period == 0 {
        return Err("a period is more than 0 seconds".to_owned());
    }
    if sup.strategy == Strategy::SimpleOneForOne && sup.auto != AutoShutdown::Never {
        return Err("simple_one_for_one has no automatic shutdown".to_owned());
    }
    Ok(sup)
}

fn child(fields: &[&str]) -> Parsed<Child> {
    let [parent, id, kind, restart, shutdown, significant, rest @ ..] = fields else {
        return Err(
            "a child has PARENT ID worker|sup RESTART SHUTDOWN SIGNIFICANT and what it is"
                .to_owned(),
        );
    };
    Ok(Child {
        parent: name(parent)?,
        id: name(id)?,
        restart: match *restart {
            "permanent" => Restart::Permanent,
            "transient" => Restart::Transient,
            "temporary" => Restart::Temporary,
            other => return Err(format!("{other:?} is no restart type")),
        },
        shutdown: match *shutdown {
            "infinity" => Shutdown::Infinity,
            "brutal_kill" => Shutdown::Brutal,
            millis => Shutdown::Timeout(Duration::from_millis(number("a shutdown", millis)?)),
        },
        significant: match *significant {
            "yes" => Significance::Yes,
            "no" => Significance::No,
            other => return Err(format!("{other:?} is neither yes nor no")),
        },
        kind: match (*kind, rest) {
            ("worker", [behaviour]) => Kind::Worker(self::behaviour(behaviour)?),
            ("worker", _) => return Err("a worker has one behaviour".to_owned()),
            ("sup", fields) => Kind::Sup(sup(fields)?),
            (other, _) => return Err(format!("{other:?} is neither worker nor sup")),
        },
    })
}

fn behaviour(text: &str) -> Parsed<Behaviour> {
    Ok(match text.split_once(':') {
        None if text == "obey" => Behaviour::Obey,
        None if text == "badstop" => Behaviour::BadStop,
        None if text == "stubborn" => Behaviour::Stubborn,
        Some(("slow", millis)) => Behaviour::Slow(number("milliseconds", millis)?),
        _ => return Err(format!("{text:?} is no behaviour")),
    })
}

fn reason(text: &str) -> Parsed<Reason> {
    Ok(match text.split_once(':') {
        None if text == "normal" => Reason::Normal,
        None if text == "shutdown" => Reason::Shutdown,
        None if text == "error" => Reason::Error,
        Some(("shutdown", why)) if !why.is_empty() => Reason::ShutdownFor(why.to_owned()),
        _ => return Err(format!("{text:?} is no reason")),
    })
}

fn step(tokens: &[&str]) -> Parsed<Step> {
    Ok(match tokens {
        ["crash", id, why] => Step::Crash(name(id)?, reason(why)?),
        ["kill", id] => Step::Kill(name(id)?),
        ["crash_many", sup, why, ids @ ..] if !ids.is_empty() => {
            let ids = ids.iter().map(|id| name(id)).collect::<Parsed<_>>()?;
            Step::CrashMany(name(sup)?, reason(why)?, ids)
        }
        ["terminate", sup, id] => Step::Terminate(name(sup)?, name(id)?),
        ["restart", sup, id] => Step::Restart(name(sup)?, name(id)?),
        ["delete", sup, id] => Step::Delete(name(sup)?, name(id)?),
        ["add", fields @ ..] => Step::Add(child(fields)?),
        ["spawn", sup, id] => Step::Spawn(name(sup)?, name(id)?),
        ["failnext", id, times] => Step::FailNext(name(id)?, number("a number of starts", times)?),
        ["ignorenext", id, times] => {
            Step::IgnoreNext(name(id)?, number("a number of starts", times)?)
        }
        ["children", sup] => Step::Children(name(sup)?),
        ["count", sup] => Step::Count(name(sup)?),
        ["sleep", millis] => Step::Sleep(number("milliseconds", millis)?),
        ["stop"] => Step::Stop,
        [
            known @ ("crash" | "kill" | "crash_many" | "terminate" | "restart" | "delete" | "spawn"
            | "failnext" | "ignorenext" | "children" | "count" | "sleep" | "stop" | "name"
            | "tag" | "begin"),
            ..,
        ] => return Err(format!("`{known}` with the wrong number of words")),
        [other, ..] => return Err(format!("`{other}` is no step")),
        [] => return Err("an empty line".to_owned()),
    })
}

fn name(text: &str) -> Parsed<String> {
    let allowed = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '_');
    match text.chars().all(allowed) {
        true => Ok(text.to_owned()),
        false => Err(format!(
            "{text:?} is no id: they are made of a-z, 0-9 and _"
        )),
    }
}

fn number<T: std::str::FromStr>(what: &str, text: &str) -> Parsed<T> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|_| digits)
        .ok_or_else(|| format!("{what} is a number, not {text:?}"))
}
