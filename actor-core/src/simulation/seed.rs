//! What decides a run, as a text that fits into an environment variable.

use std::fmt;
use std::ops::{Range, RangeInclusive};
use std::str::FromStr;

use crate::rt::simulated::Turn;

/// Where a seed is taken from, if it is set.
pub(super) const VARIABLE: &str = "ACTOR_SIM_SEED";

/// What decides a simulated run: a number, and perhaps its schedule in short.
///
/// As a text it is `7`, or `7@12.3,57.0`: under seed 7, but at the choice with number 12 the thread
/// with number 3 went on, at 57 the main thread, and else whoever ran before ran on, if it could. Threads are
/// numbered in the order of their starts.
///
/// ```
/// use actor_core::simulation::Seed;
///
/// let seed: Seed = "7@12.3,57.0".parse()?;
/// assert_eq!((seed.number(), seed.to_string().as_str()), (7, "7@12.3,57.0"));
/// assert!("seven".parse::<Seed>().is_err());
/// # Ok::<(), actor_core::simulation::SeedError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    number: u64,
    script: Option<Vec<Turn>>,
}

/// A text that is no [`Seed`].
///
/// ```
/// use actor_core::simulation::Seed;
///
/// let error = "7@12".parse::<Seed>().unwrap_err();
/// assert!(error.to_string().starts_with("\"7@12\" is no seed of a simulation"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no seed of a simulation: {why}. It is a number, as in \"7\", or what a failure \
     has printed, as in \"7@12.3,57.0\""
)]
pub struct SeedError {
    text: String,
    why: &'static str,
}

/// The seeds of an [`Exploration`](crate::simulation::Exploration): so many from 0 on, or a range.
///
/// ```
/// use actor_core::simulation::Simulation;
///
/// Simulation::explore(10, |_system| { /* seeds 0 to 9 */ });
/// Simulation::explore(10..20, |_system| { /* seeds 10 to 19 */ });
/// Simulation::explore(7..=7, |_system| { /* seed 7 */ });
/// ```
#[derive(Clone, Debug)]
pub struct Seeds {
    first: u64,
    count: u64,
}

impl Seeds {
    pub(super) fn iter(&self) -> impl Iterator<Item = u64> {
        let first = self.first;
        (0..self.count).map(move |place| first + place)
    }
}

impl From<u64> for Seeds {
    fn from(count: u64) -> Self {
        Seeds { first: 0, count }
    }
}

impl From<Range<u64>> for Seeds {
    fn from(range: Range<u64>) -> Self {
        Seeds {
            first: range.start,
            count: range.end.saturating_sub(range.start),
        }
    }
}

impl From<RangeInclusive<u64>> for Seeds {
    fn from(range: RangeInclusive<u64>) -> Self {
        let (first, last) = range.into_inner();
        let count = last.checked_sub(first);
        Seeds {
            first,
            count: count.map_or(0, |more| more.saturating_add(1)),
        }
    }
}

impl Seed {
    pub(super) fn new(number: u64, script: Option<Vec<Turn>>) -> Self {
        Seed { number, script }
    }

    /// The number: it decides all chance, and where it stands alone the schedule too.
    pub fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn script(&self) -> Option<Vec<Turn>> {
        self.script.clone()
    }

    /// The one that is set from outside, if one is.
    #[track_caller]
    pub(super) fn from_environment() -> Option<Seed> {
        let text = std::env::var_os(VARIABLE).filter(|text| !text.is_empty())?;
        let seed = text.to_string_lossy().parse();
        Some(seed.unwrap_or_else(|error| panic!("{VARIABLE}: {error}")))
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)?;
        let Some(script) = &self.script else {
            return Ok(());
        };
        f.write_str("@")?;
        for (place, Turn { choice, thread }) in script.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{choice}.{thread}")?;
        }
        Ok(())
    }
}

impl FromStr for Seed {
    type Err = SeedError;

    fn from_str(text: &str) -> Result<Self, SeedError> {
        let error = |why| SeedError {
            text: text.to_owned(),
            why,
        };
        let (number, script) = match text.split_once('@') {
            Some((number, script)) => (number, Some(script)),
            None => (text, None),
        };
        let number = number.trim().parse();
        let number = number.map_err(|_| error("it does not begin with a number below 2⁶⁴"))?;
        let turn = |turn: &str| {
            let (choice, thread) = turn.split_once('.')?;
            Some(Turn {
                choice: choice.trim().parse().ok()?,
                thread: thread.trim().parse().ok()?,
            })
        };
        let turns = |script: &str| -> Option<Vec<Turn>> {
            if script.trim().is_empty() {
                return Some(Vec::new());
            }
            script.split(',').map(turn).collect()
        };
        let script = match script {
            None => None,
            Some(script) => {
                let turns = turns(script).ok_or_else(|| {
                    error("after the @ there are not pairs of a choice and a thread")
                })?;
                if !turns.is_sorted_by(|one, next| one.choice < next.choice) {
                    return Err(error("its choices do not ascend"));
                }
                Some(turns)
            }
        };
        Ok(Seed { number, script })
    }
}
