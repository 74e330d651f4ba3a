//! Pools, and tasks with options.

use std::sync::Arc;
use std::time::Duration;

use actor_core::{Backoff, Front, Order, Overflow, Pool, PoolSpec, Spec};

use super::account::{Account, Kind};
use super::deed::Deed;
use super::hand::{Asked, Hand};
use super::settings::{Brief, overflow, restart, shutdown};
use super::subject::Subject;

impl Hand {
    pub(super) fn build_pool(&mut self) {
        // Its workers' starts may fail.
        drop(self.pool_for_tree().spawn());
    }

    /// A pool that can be sent to already.
    pub(super) fn pool_for_tree(&mut self) -> Spec<Front<Subject>> {
        let number = self.world.next_number();
        let name = format!("pool-{number}");
        let account = Arc::new(Account::new(&name));
        let (world, of_workers) = (Arc::clone(&self.world), Arc::clone(&account));
        let spec = world.system.clone().pool::<Subject>(move |index| {
            Brief::new(&world, &of_workers, (number << 20) + index as u64, None)
        });
        let overflow = overflow(&mut self.rng);
        let spec = self.pool_options(spec.name(name)).overflow(overflow);
        let restart = restart(&mut self.rng);
        let mut spec = spec.into_spec().restart(restart);
        let pool = Arc::new(Pool::of(&mut spec));
        let target = self.world.add(pool.handle(), account, overflow, true);
        let mut pools = self.world.pools.write().expect("nobody panics with it");
        pools.push((target, pool));
        spec
    }

    fn pool_options(&mut self, mut spec: PoolSpec<Subject>) -> PoolSpec<Subject> {
        let rng = &mut self.rng;
        let least = rng.usize(0..3);
        spec = spec
            .sizes(least, least + rng.usize(1..4))
            .grace(Duration::from_millis(rng.u64(0..200)))
            .shutdown(shutdown(rng))
            .queue(rng.usize(1..300));
        if rng.bool() {
            spec = spec.idle_timeout(Duration::from_millis(rng.u64(1..50)));
        }
        if rng.u32(0..4) == 0 {
            spec = spec.order(Order::Lifo);
        }
        if rng.u32(0..4) == 0 {
            spec = spec.recycle_after(rng.u64(1..50));
        }
        if rng.u32(0..4) == 0 {
            spec = spec.unbounded();
        }
        if rng.bool() {
            let limit = rng.usize(0..40);
            spec = spec.intensity(limit, Duration::from_secs(1));
        }
        spec
    }

    /// A task with options, mostly.
    pub(super) fn use_pool(&mut self) {
        let Some((target, pool)) = self.world.pick_pool(&mut self.rng) else {
            return;
        };
        if self.inside && target.is_declared() {
            return;
        }
        if !self.inside {
            match self.rng.u32(0..200) {
                0 => return drop(pool.close(self.micros(200_000))),
                // What a worker does not accept is dropped, so it carries no token.
                1 => return drop(pool.broadcast(|worker| worker.look())),
                2..=5 => return drop(pool.stats().to_string()),
                _ => {}
            }
        }
        let deed = Deed::by_chance(&mut self.rng, self.world.wildness);
        let token = self.token(Kind::Task, &target);
        let stub = token.stub();
        let mut task = pool
            .task(|pool| pool.work(token, deed))
            .priority(self.rng.i32(-2..3));
        // Where all that waits is in the line of one worker, nobody sees who else makes room.
        if target.overflow != Overflow::Block && self.chance(30) {
            task = task.key(self.rng.u32(0..4));
        }
        if self.chance(30) {
            task = task.patience(self.micros(10_000));
        }
        if self.chance(30) {
            task = task.timeout(self.micros(10_000));
        }
        if self.chance(40) {
            let longest = self.micros(3_000);
            let backoff = Backoff::new(longest / 4, longest);
            task = task.retries(self.rng.u32(0..4), backoff);
        }
        match self.rng.u32(0..4) {
            0 => self.told(self.world.waiting(&target, || task.tell())),
            1 => {
                let ask = || stub.asking(|| task.ask());
                let answer = self.world.waiting(&target, ask);
                self.settle(&stub, &target, Some(&answer));
            }
            _ => match self.world.waiting(&target, || task.send()) {
                Err(error) => self.told(Err(error)),
                Ok(pending) => {
                    if self.chance(20) {
                        let canceller = pending.canceller().expect("a task can be cancelled");
                        canceller.cancel();
                    }
                    self.asked.push(Asked {
                        pending,
                        stub,
                        target,
                        may_take_long: false,
                    });
                }
            },
        }
    }
}
