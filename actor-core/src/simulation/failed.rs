//! A run that failed, and how to have it again.

use std::fmt;

use crate::simulation::seed::VARIABLE;
use crate::simulation::{Finding, Seed, Trace};

/// A simulated run that failed: what was found, what happened until then, and how to replay it.
///
/// ```
/// use actor_core::simulation::{Exploration, Simulation};
///
/// let failed = Exploration::new(10).search(|_system| panic!("found one")).unwrap_err();
/// let again = Simulation::replay(failed.seed()).try_run(|_system| panic!("found one"));
/// assert_eq!(again.unwrap_err().trace(), failed.trace());
/// println!("{failed}"); // the finding, the trace, and the line that replays it
/// ```
#[derive(Clone, Debug)]
pub struct Failed {
    seed: Seed,
    finding: Finding,
    trace: Trace,
    pub(super) reduced: Option<Reduced>,
}

/// How a trace came to be the shortest.
#[derive(Clone, Debug)]
pub(super) struct Reduced {
    /// The seed that failed first.
    pub(super) from: Seed,
    /// How many lines its trace had.
    pub(super) lines: usize,
    pub(super) runs: u64,
    /// How many seeds were tried until one failed.
    pub(super) seeds: u64,
    /// It failed again with the choices it had made.
    pub(super) comes_again: bool,
}

/// Of a long trace, its end is what tells.
const SHOWN: usize = 200;

impl Failed {
    pub(super) fn new(seed: Seed, finding: Finding, trace: Trace) -> Self {
        Failed {
            seed,
            finding,
            trace,
            reduced: None,
        }
    }

    /// What replays it: [`Simulation::replay`](crate::simulation::Simulation::replay), with the same faults and bounds.
    pub fn seed(&self) -> &Seed {
        &self.seed
    }

    /// What was found.
    pub fn finding(&self) -> &Finding {
        &self.finding
    }

    /// What happened until then; of an exploration, the shortest that was found.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// How many seeds an exploration needed.
    pub fn seeds_tried(&self) -> u64 {
        self.reduced.as_ref().map_or(1, |reduced| reduced.seeds)
    }

    /// The line for a shell that replays it, as far as the program can know how it was run.
    pub fn replay_line(&self) -> String {
        let thread = std::thread::current();
        let variable = format!("{VARIABLE}='{}'", self.seed);
        match thread.name() {
            // The test harness names the thread of a test after it.
            Some(test) if is_path(test) => format!("{variable} cargo test {test} -- --exact"),
            _ => {
                let words = std::env::args_os().map(|word| quoted(&word.to_string_lossy()));
                format!("{variable} {}", words.collect::<Vec<_>>().join(" "))
            }
        }
    }
}

/// Whether a thread of this name runs a test: it is the path of a function.
fn is_path(name: &str) -> bool {
    let is_word = |part: char| part.is_alphanumeric() || part == '_' || part == ':';
    name != "main" && !name.is_empty() && name.chars().all(is_word)
}

/// One word of a shell.
fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./=:,".contains(it);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reduced {
            None => writeln!(f, "the simulation failed under seed {}", self.seed)?,
            Some(reduced) => writeln!(
                f,
                "the simulation failed under seed {} (seeds tried: {})",
                reduced.from, reduced.seeds
            )?,
        }
        writeln!(f, "{}", self.finding)?;
        match &self.reduced {
            Some(Reduced {
                comes_again: false, ..
            }) => writeln!(
                f,
                "it did not come again with the same choices: something decides that the seed does \
                 not know of (the time, a hash map, a random number, a thread outside); what \
                 happened:"
            )?,
            None => writeln!(f, "what happened:")?,
            Some(reduced) => writeln!(
                f,
                "the shortest trace found ({} lines, from {}, by {} more runs):",
                self.trace.len(),
                reduced.lines,
                reduced.runs
            )?,
        }
        self.trace.show(f, SHOWN)?;
        write!(f, "replay it: {}", self.replay_line())
    }
}

impl std::error::Error for Failed {}
