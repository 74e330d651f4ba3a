//! What a scenario says, as data; it prints in the format in which it is read.

use std::fmt;

use actor_core::{AutoShutdown, Restart, Strategy};

/// A scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// What it needs.
    pub tags: Vec<String>,
    /// The top supervisor.
    pub top: Sup,
    /// All children that are not started by a call, parents before or after them.
    pub children: Vec<Child>,
    /// Before the first start: `failnext` and `ignorenext` only.
    pub before: Vec<Step>,
    /// After it.
    pub steps: Vec<Step>,
}

/// How a supervisor is to behave.
#[derive(Clone, Debug, PartialEq)]
pub struct Sup {
    /// Its strategy.
    pub strategy: Strategy,
    /// How many restarts …
    pub intensity: usize,
    /// … within so many seconds.
    pub period: u64,
    /// Its automatic shutdown.
    pub auto: AutoShutdown,
}

/// A child specification.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// The supervisor's id.
    pub parent: String,
    /// The child's id.
    pub id: String,
    /// Its restart type.
    pub restart: Restart,
    /// How long its stop may take.
    pub shutdown: actor_core::Shutdown,
    /// Whether it is significant.
    pub significant: Significance,
    /// What it is.
    pub kind: Kind,
}

/// Whether a child is significant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Significance {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// What a child is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A worker.
    Worker(Behaviour),
    /// A supervisor.
    Sup(Sup),
}

/// What a worker does when its supervisor orders a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// It stops.
    Obey,
    /// It stops after so many milliseconds.
    Slow(u64),
    /// Its stop hook fails.
    BadStop,
    /// Its stop hook never ends.
    Stubborn,
}

/// With what reason a worker ends itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// `normal`
    Normal,
    /// `shutdown`
    Shutdown,
    /// `shutdown:x`
    ShutdownFor(String),
    /// `error`
    Error,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The worker ends itself.
    Crash(String, Reason),
    /// The worker dies at once.
    Kill(String),
    /// The workers end themselves while the supervisor is busy.
    CrashMany(String, Reason, Vec<String>),
    /// `terminate_child`
    Terminate(String, String),
    /// `restart_child`
    Restart(String, String),
    /// `delete_child`
    Delete(String, String),
    /// `start_child` with a new specification.
    Add(Child),
    /// `start_child` of a `simple_one_for_one` supervisor.
    Spawn(String, String),
    /// The worker's next starts fail.
    FailNext(String, u64),
    /// The worker's next starts return ignore.
    IgnoreNext(String, u64),
    /// Prints the child table.
    Children(String),
    /// Prints the counts.
    Count(String),
    /// Time passes.
    Sleep(u64),
    /// The owner stops the top supervisor.
    Stop,
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "name {}", self.name)?;
        if !self.tags.is_empty() {
            writeln!(f, "tag {}", self.tags.join(" "))?;
        }
        writeln!(f, "sup top {}", self.top)?;
        for child in &self.children {
            writeln!(f, "child {child}")?;
        }
        for step in &self.before {
            writeln!(f, "{step}")?;
        }
        writeln!(f, "begin")?;
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Sup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let strategy = match self.strategy {
            Strategy::OneForOne => "one_for_one",
            Strategy::OneForAll => "one_for_all",
            Strategy::RestForOne => "rest_for_one",
            Strategy::SimpleOneForOne => "simple_one_for_one",
            _ => "?",
        };
        let auto = match self.auto {
            AutoShutdown::Never => "never",
            AutoShutdown::AnySignificant => "any_significant",
            AutoShutdown::AllSignificant => "all_significant",
        };
        write!(f, "{strategy} {} {} {auto}", self.intensity, self.period)
    }
}

impl fmt::Display for Child {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Worker(_) => "worker",
            Kind::Sup(_) => "sup",
        };
        let restart = match self.restart {
            Restart::Permanent => "permanent",
            Restart::Transient => "transient",
            Restart::Temporary => "temporary",
        };
        let shutdown = match self.shutdown {
            actor_core::Shutdown::Timeout(timeout) => timeout.as_millis().to_string(),
            actor_core::Shutdown::Infinity => "infinity".to_owned(),
            actor_core::Shutdown::Brutal => "brutal_kill".to_owned(),
        };
        let significant = match self.significant {
            Significance::Yes => "yes",
            Significance::No => "no",
        };
        let Child { parent, id, .. } = self;
        write!(
            f,
            "{parent} {id} {kind} {restart} {shutdown} {significant} "
        )?;
        match &self.kind {
            Kind::Worker(Behaviour::Obey) => f.write_str("obey"),
            Kind::Worker(Behaviour::Slow(millis)) => write!(f, "slow:{millis}"),
            Kind::Worker(Behaviour::BadStop) => f.write_str("badstop"),
            Kind::Worker(Behaviour::Stubborn) => f.write_str("stubborn"),
            Kind::Sup(sup) => write!(f, "{sup}"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Normal => f.write_str("normal"),
            Reason::Shutdown => f.write_str("shutdown"),
            Reason::ShutdownFor(why) => write!(f, "shutdown:{why}"),
            Reason::Error => f.write_str("error"),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Crash(id, reason) => write!(f, "crash {id} {reason}"),
            Step::Kill(id) => write!(f, "kill {id}"),
            Step::CrashMany(sup, reason, ids) => {
                write!(f, "crash_many {sup} {reason} {}", ids.join(" "))
            }
            Step::Terminate(sup, id) => write!(f, "terminate {sup} {id}"),
            Step::Restart(sup, id) => write!(f, "restart {sup} {id}"),
            Step::Delete(sup, id) => write!(f, "delete {sup} {id}"),
            Step::Add(child) => write!(f, "add {child}"),
            Step::Spawn(sup, id) => write!(f, "spawn {sup} {id}"),
            Step::FailNext(id, times) => write!(f, "failnext {id} {times}"),
            Step::IgnoreNext(id, times) => write!(f, "ignorenext {id} {times}"),
            Step::Children(sup) => write!(f, "children {sup}"),
            Step::Count(sup) => write!(f, "count {sup}"),
            Step::Sleep(millis) => write!(f, "sleep {millis}"),
            Step::Stop => f.write_str("stop"),
        }
    }
}
