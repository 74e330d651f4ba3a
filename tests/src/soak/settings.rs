//! What a subject is started with, and its options by chance.

use std::sync::Arc;
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{Backoff, Spec};
use fastrand::Rng;

use super::account::Account;
use super::hand::Hand;
use super::subject::Subject;
use super::world::{Port, World};
use crate::Counted;

/// A subject's arguments.
pub(super) struct Brief {
    pub(super) world: Arc<World>,
    pub(super) number: u64,
    pub(super) account: Arc<Account>,
    /// Attached by each of its lives.
    pub(super) port: Option<Port>,
    /// How often a value of that port is tried again.
    pub(super) attempts: u32,
    _alive: Counted,
}

impl Brief {
    pub(super) fn new(
        world: &Arc<World>,
        account: &Arc<Account>,
        number: u64,
        port: Option<Port>,
    ) -> Self {
        Brief {
            world: Arc::clone(world),
            number,
            account: Arc::clone(account),
            attempts: (number % 3) as u32,
            port,
            _alive: Counted::new(&world.arguments),
        }
    }
}

/// What a subject is to have in any case.
#[derive(Default)]
pub(super) struct Wish {
    pub(super) port: Option<Port>,
    pub(super) significant: bool,
}

pub(super) fn overflow(rng: &mut Rng) -> Overflow {
    match rng.u32(0..6) {
        0..=2 => Overflow::Block,
        3 => Overflow::Reject,
        4 => Overflow::DropOldest,
        _ => Overflow::DropNewest,
    }
}

pub(super) fn restart(rng: &mut Rng) -> Restart {
    match rng.u32(0..6) {
        0..=3 => Restart::Permanent,
        4 => Restart::Transient,
        _ => Restart::Temporary,
    }
}

pub(super) fn shutdown(rng: &mut Rng) -> Shutdown {
    match rng.u32(0..12) {
        0..=6 => Shutdown::Timeout(Duration::from_secs(5)),
        7..=9 => Shutdown::Timeout(Duration::from_millis(rng.u64(1..50))),
        10 => Shutdown::Infinity,
        _ => Shutdown::Brutal,
    }
}

impl Hand {
    /// A subject to be started, that can be sent to already.
    pub(super) fn subject(
        &mut self,
        wish: Wish,
        make: impl FnOnce(Brief) -> Spec<Subject>,
    ) -> Spec<Subject> {
        let number = self.world.next_number();
        let name = format!("subject-{number}");
        let account = Arc::new(Account::new(&name));
        let brief = Brief::new(&self.world, &account, number, wish.port);
        let rng = &mut self.rng;
        let (overflow, restart, shutdown) = (overflow(rng), restart(rng), shutdown(rng));
        let mut spec = make(brief)
            .name(name)
            .overflow(overflow)
            .restart(restart)
            .shutdown(shutdown);
        spec = match self.rng.u32(0..4) {
            0 => spec.unbounded(),
            1 => spec.mailbox(self.rng.usize(1..5)),
            2 => spec.mailbox(self.rng.usize(5..200)),
            _ => spec,
        };
        if wish.significant {
            spec = spec.significant().restart(Restart::Transient);
        }
        if self.chance(30) {
            spec = spec.redeliver(self.rng.u32(1..4));
        }
        if self.chance(20) {
            let longest = Duration::from_millis(self.rng.u64(1..30));
            spec = spec.backoff(Backoff::new(longest / 8, longest));
        }
        if self.chance(20) {
            spec = spec.stack_size(256 * 1024);
        }
        let handle = spec.handle();
        self.world.add(handle, account, overflow, false);
        spec
    }
}
