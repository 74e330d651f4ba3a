//! Ending actors, calling supervisors, taking locks, and looking on.

use std::time::Duration;

use super::hand::Hand;

const LOCKS: [&str; 3] = ["ledger", "device", "file"];

impl Hand {
    pub(super) fn end_somebody(&mut self) {
        let Some(target) = self.world.pick(&mut self.rng) else {
            return;
        };
        // In a calm round actors grow old.
        if self.rng.u32(0..5) > self.world.wildness {
            return;
        }
        match self.rng.u32(0..8) {
            0..=1 => target.handle.stop(),
            2 => target.handle.drain(),
            3 => {
                target.handle.stop();
                let _ = target.handle.join_timeout(self.micros(5_000));
            }
            4 => {
                let grace = self.micros(1_000);
                drop(target.handle.terminate(grace));
            }
            _ => drop(target.handle.terminate(Duration::from_secs(2))),
        }
    }

    pub(super) fn call_supervisor(&mut self) {
        let Some(supervisor) = self.world.pick_supervisor(&mut self.rng) else {
            return;
        };
        let patience = Duration::from_millis(self.rng.u64(1..500));
        // What supervisors answer is for other tests; many calls make no sense.
        match self.rng.u32(0..16) {
            0..=5 if self.world.is_crowded() => {}
            0..=5 => {
                let spec = self.lone(false);
                drop(supervisor.start_child(spec).timeout(patience).ask());
            }
            6..=12 => {
                let children = supervisor.which_children().timeout(patience).ask();
                let children = children.unwrap_or_default();
                if children.is_empty() {
                    return;
                }
                let child = children[self.rng.usize(0..children.len())].actor.id();
                let call = match self.rng.u32(0..3) {
                    0 => supervisor.terminate_child(child),
                    1 => supervisor.restart_child(child),
                    _ => supervisor.delete_child(child),
                };
                match self.rng.bool() {
                    true => drop(call.timeout(patience).ask()),
                    false => drop(call.tell()),
                }
            }
            13 => drop(supervisor.count_children().timeout(patience).ask()),
            14 if self.rng.u32(0..8) < self.world.wildness => supervisor.stop(),
            14 => {}
            _ => drop(supervisor.terminate(Duration::from_secs(2))),
        }
    }

    /// Takes a lock and does something with it. Nobody sees that a plain thread waits, so those
    /// wait only for a time, and for nothing else while they hold it.
    pub(super) fn lock(&mut self) {
        let request = self
            .world
            .system
            .lock(LOCKS[self.rng.usize(0..LOCKS.len())]);
        let request = match self.rng.bool() {
            true => request.shared(),
            false => request,
        };
        let taken = match self.rng.u32(0..8) {
            0 => request.try_acquire(),
            1 => request.steal(),
            2..=4 if self.inside => request.acquire(),
            _ => request.timeout(self.micros(3_000)).acquire(),
        };
        if let Ok(guard) = taken {
            if self.inside {
                self.send();
            }
            // It may have been stolen.
            drop(guard.release());
        }
    }

    pub(super) fn look(&mut self) {
        match self.rng.u32(0..12) {
            0 => drop(self.world.system.snapshot().to_string()),
            1 => drop(self.world.system.events().try_next()),
            2 => drop(self.world.system.locks()),
            _ => {
                if let Some(target) = self.world.pick(&mut self.rng) {
                    drop(target.handle.snapshot().to_string());
                }
            }
        }
    }
}
