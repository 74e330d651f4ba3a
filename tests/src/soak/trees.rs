//! Random trees of supervisors.

use std::sync::atomic::Ordering;
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{AutoShutdown, Spec};

use super::hand::Hand;
use super::settings::{Wish, restart, shutdown};
use super::subject::Subject;

impl Hand {
    /// One more tree, pool or lone actor, if there is not too much already.
    pub(super) fn build(&mut self) {
        if self.world.is_crowded() {
            return;
        }
        self.world.built.fetch_add(1, Ordering::Relaxed);
        match self.rng.u32(0..8) {
            0 => {
                let spec = self.lone(false);
                // A start may fail; then nothing is left of it.
                drop(spec.spawn());
            }
            1 => self.build_pool(),
            _ => {
                let depth = self.rng.u32(0..4);
                let mut tree = self.tree(depth);
                self.make_known(&mut tree);
                drop(tree.spawn());
            }
        }
    }

    pub(super) fn lone(&mut self, significant: bool) -> Spec<Subject> {
        let port = match self.chance(30) {
            true => Some(self.new_port()),
            false => None,
        };
        let system = self.world.system.clone();
        let wish = Wish { port, significant };
        self.subject(wish, |brief| system.spec::<Subject>(brief))
    }

    /// A supervisor with children, who have children.
    fn tree(&mut self, depth: u32) -> Spec<Supervisor> {
        let plan = match self.rng.u32(0..7) {
            0..=2 => Supervisor::one_for_one(),
            3..=4 => Supervisor::rest_for_one(),
            5 => Supervisor::one_for_all(),
            _ => return self.name(Supervisor::simple_one_for_one()),
        };
        let auto = match self.rng.u32(0..6) {
            0 => AutoShutdown::AnySignificant,
            1 => AutoShutdown::AllSignificant,
            _ => AutoShutdown::Never,
        };
        let period = Duration::from_millis(self.rng.u64(100..4_000));
        let mut plan = plan
            .intensity(self.rng.usize(0..60), period)
            .auto_shutdown(auto);
        if self.chance(20) {
            plan = plan.max_abandoned(self.rng.usize(0..4));
        }
        for _ in 0..self.rng.u32(1..5) {
            plan = match self.rng.u32(0..10) {
                0..=2 if depth > 0 => {
                    let restart = restart(&mut self.rng);
                    let mut inner = self.tree(depth - 1).restart(restart);
                    self.make_known(&mut inner);
                    plan.child(inner)
                }
                3 => plan.child(self.pool_for_tree()),
                _ => {
                    let significant = auto != AutoShutdown::Never && self.chance(30);
                    plan.child(self.lone(significant))
                }
            };
        }
        self.name(plan)
    }

    fn name(&mut self, plan: Supervision) -> Spec<Supervisor> {
        let number = self.world.next_number();
        let shutdown = match self.chance(80) {
            true => Shutdown::Infinity,
            false => shutdown(&mut self.rng),
        };
        let spec = self.world.system.spec::<Supervisor>(plan);
        spec.name(format!("supervisor-{number}")).shutdown(shutdown)
    }

    fn make_known(&self, spec: &mut Spec<Supervisor>) {
        let mut supervisors = self
            .world
            .supervisors
            .write()
            .expect("nobody panics with it");
        supervisors.push(spec.handle());
    }
}
