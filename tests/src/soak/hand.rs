//! Whoever does things: a plain thread of the round, or an actor on an errand.

use std::sync::Arc;
use std::time::Duration;

use actor_core::Pending;
use fastrand::Rng;

use super::subject::SubjectMessage;
use super::target::Target;
use super::token::Stub;
use super::world::{Port, World};

/// Of questions under way, so many at a time.
const MANY: usize = 24;

/// One who acts by chance.
pub(super) struct Hand {
    pub(super) world: Arc<World>,
    pub(super) rng: Rng,
    /// Whether it is an actor's.
    pub(super) inside: bool,
    pub(super) asked: Vec<Asked>,
    pub(super) ports: Vec<Port>,
}

/// A question under way.
pub(super) struct Asked {
    pub(super) pending: Pending<SubjectMessage, u64>,
    pub(super) stub: Stub,
    pub(super) target: Arc<Target>,
    /// Whether only the end of a life may answer it.
    pub(super) may_take_long: bool,
}

impl Hand {
    pub(super) fn new(world: &Arc<World>, rng: Rng, inside: bool) -> Self {
        Hand {
            world: Arc::clone(world),
            rng,
            inside,
            asked: Vec::new(),
            ports: Vec::new(),
        }
    }

    /// Does one thing.
    pub(super) fn act(&mut self) {
        if self.asked.len() >= MANY {
            self.gather();
        }
        match self.rng.u32(0..100) {
            0..=67 => self.send(),
            68..=75 => self.gather(),
            76..=83 => self.use_port(),
            84..=89 => self.use_pool(),
            _ if self.inside => self.send(),
            90..=92 if self.world.is_empty() => self.build(),
            90..=92 => self.end_somebody(),
            93..=95 => self.call_supervisor(),
            96 => self.build(),
            97 => self.lock(),
            _ => self.look(),
        }
    }

    /// So many microseconds, at most.
    pub(super) fn micros(&mut self, most: u64) -> Duration {
        Duration::from_micros(self.rng.u64(0..most))
    }

    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(0..100) < percent
    }
}
