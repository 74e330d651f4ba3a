//! Who goes on where several threads can.
//!
//! Each choice is compared with that of a plain rule: the current thread goes on if it can, else
//! the next in the order of their starts. Where a choice differs, that is a turn; the turns of a
//! run are a complete description of its schedule, and a short one once they have been reduced.

use std::collections::VecDeque;

use super::chance::Chance;

/// How a simulation chooses the thread that goes on.
///
/// ```
/// use actor_core::simulation::{Simulation, Strategy};
///
/// for changes in 1..4 {
///     Simulation::new(7)
///         .strategy(Strategy::Pct { changes })
///         .run(|_system| { /* spawn and ask */ });
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strategy {
    /// Any thread that can go on, each with the same chance, at each step.
    #[default]
    RandomWalk,
    /// Probabilistic concurrency testing (Burckhardt and others, ASPLOS 2010): each thread has a
    /// priority by chance, the highest goes on, and at `changes` steps by chance the one that runs
    /// becomes the lowest. It finds what needs few, but long, detours, which a random walk hardly
    /// ever takes.
    Pct {
        /// How often a priority changes. A fault that needs `d` steps to come in one order is found with
        /// `d - 1`.
        changes: u32,
    },
}

/// A choice that differs from the plain rule's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    /// The how manieth choice, from 0.
    pub(crate) choice: u64,
    /// The thread, in the order of their starts.
    pub(crate) thread: usize,
}

/// Strict priorities can starve a thread that others wait for by looking again and again.
const STRICT_FOR: u64 = 20_000;

pub(super) struct Chooser {
    by: By,
    chance: Chance,
    choices: u64,
    turns: Vec<Turn>,
    fits: bool,
}

enum By {
    Chance,
    Priority(Priorities),
    Script(VecDeque<Turn>),
}

struct Priorities {
    of: Vec<i64>,
    changes: Vec<u64>,
    lowest: i64,
}

impl Chooser {
    pub(super) fn new(seed: u64, strategy: Strategy, script: Option<&[Turn]>) -> Self {
        let mut chance = Chance::new(seed, 1);
        let by = match (script, strategy) {
            (Some(turns), _) => By::Script(turns.iter().copied().collect()),
            (None, Strategy::RandomWalk) => By::Chance,
            (None, Strategy::Pct { changes }) => {
                // How long the run will be is not known: each seed tries another scale.
                let within = 16 << chance.below(11);
                let changes = u64::from(changes).min(within);
                let changes = (0..changes).map(|_| chance.below(within)).collect();
                By::Priority(Priorities {
                    of: Vec::new(),
                    changes,
                    lowest: 0,
                })
            }
        };
        Chooser {
            by,
            chance,
            choices: 0,
            turns: Vec::new(),
            fits: true,
        }
    }

    /// One of `able`, which is in ascending order and not empty. `current` is whoever chooses; where
    /// it waits by looking, it gives way.
    pub(super) fn choose(&mut self, able: &[usize], current: usize, gives_way: bool) -> usize {
        if let By::Priority(priorities) = &mut self.by
            && gives_way
        {
            priorities.lower(current);
        }
        let &[_, _, ..] = able else {
            return able[0];
        };
        let choice = self.choices;
        self.choices += 1;
        let plain = plain(able, current, gives_way);
        let chosen = match &mut self.by {
            By::Priority(priorities) if choice < STRICT_FOR => {
                priorities.choose(&mut self.chance, choice, able)
            }
            By::Chance | By::Priority(_) => able[self.chance.below(able.len() as u64) as usize],
            By::Script(turns) => match turns.front() {
                Some(turn) if turn.choice == choice => {
                    let thread = turn.thread;
                    turns.pop_front();
                    // In a reduced script it may be unable to go on here.
                    let is_able = able.contains(&thread);
                    self.fits &= is_able;
                    if is_able { thread } else { plain }
                }
                _ => plain,
            },
        };
        if chosen != plain {
            self.turns.push(Turn {
                choice,
                thread: chosen,
            });
        }
        chosen
    }

    /// Whether all turns of the script were possible, and none is left.
    pub(super) fn fits(&self) -> bool {
        self.fits && !matches!(&self.by, By::Script(turns) if !turns.is_empty())
    }

    pub(super) fn turns(&self) -> &[Turn] {
        &self.turns
    }
}

fn plain(able: &[usize], current: usize, gives_way: bool) -> usize {
    if !gives_way && able.contains(&current) {
        return current;
    }
    let next = able.iter().find(|&&thread| thread > current);
    *next.unwrap_or(&able[0])
}

impl Priorities {
    fn choose(&mut self, chance: &mut Chance, choice: u64, able: &[usize]) -> usize {
        while able.iter().any(|&thread| thread >= self.of.len()) {
            self.of.push((chance.next() >> 2) as i64);
        }
        let highest = |of: &[i64]| {
            let highest = able.iter().copied().max_by_key(|&thread| of[thread]);
            highest.unwrap_or(able[0])
        };
        if self.changes.contains(&choice) {
            self.lower(highest(&self.of));
        }
        highest(&self.of)
    }

    fn lower(&mut self, thread: usize) {
        if let Some(priority) = self.of.get_mut(thread) {
            self.lowest -= 1;
            *priority = self.lowest;
        }
    }
}
