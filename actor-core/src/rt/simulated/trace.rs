//! What happened in a simulated run, in order.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What happened in a simulated run, in order: who did what, and when by the virtual clock. Two
/// runs of one seed have equal traces.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// use actor_core::simulation::Simulation;
///
/// let trace = |seed| {
///     let run = Simulation::new(seed).run(|system| {
///         system.spawn::<Counter>(0).unwrap().add(1).ask().unwrap();
///     });
///     run.trace
/// };
/// assert_eq!(trace(1), trace(1));
/// assert!(trace(1).to_string().contains("main       asks Counter#1 for add"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    lines: Vec<Line>,
    steps: u64,
    /// Of who went on at each step.
    schedule: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    at: Duration,
    thread: Arc<str>,
    what: String,
}

/// FNV-1a's (Fowler, Noll and Vo), which needs no key.
const PRIME: u64 = 0x0100_0000_01b3;

impl Trace {
    pub(super) fn note(&mut self, at: Duration, thread: &Arc<str>, what: String) {
        self.lines.push(Line {
            at,
            thread: Arc::clone(thread),
            what,
        });
    }

    pub(super) fn step(&mut self, thread: usize) {
        self.steps += 1;
        self.schedule = (self.schedule ^ thread as u64).wrapping_mul(PRIME);
    }

    /// How often the scheduler chose who goes on.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// How many lines it has.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether nothing happened.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl Trace {
    /// Writes the last `limit` lines, one each.
    pub(crate) fn show(&self, f: &mut fmt::Formatter<'_>, limit: usize) -> fmt::Result {
        let hidden = self.lines.len().saturating_sub(limit);
        if hidden > 0 {
            writeln!(f, "{:>12}  ({hidden} lines before)", "…")?;
        }
        let lines = &self.lines[hidden..];
        let width = lines.iter().map(|line| line.thread.chars().count()).max();
        let width = width.unwrap_or(0);
        for Line { at, thread, what } in lines {
            let at = format!("{at:?}");
            writeln!(f, "{at:>12}  {thread:<width$}  {what}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f, usize::MAX)
    }
}
