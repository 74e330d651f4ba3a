//! Named locks: who holds them, who waits, and what ends that.

use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{LockErrorKind, LockGuard, LockOwner};
use actor_tests::probe::{Gate, GateHandle};
use actor_tests::{LONG, everywhere, everywhere_leaving, on_threads};

const GRACE: Duration = Duration::from_millis(20);

/// Takes locks, and keeps them.
struct Client {
    held: Vec<LockGuard>,
    /// What it takes in its `stopping`.
    last: Option<&'static str>,
}

type Taken = Result<(), LockErrorKind>;

#[actor]
impl Client {
    fn take(&mut self, ctx: &mut Context<Self>, name: &'static str, shared: bool) -> Taken {
        let request = ctx.system().lock(name);
        let request = match shared {
            true => request.shared(),
            false => request,
        };
        self.keep(request.acquire())
    }
    fn take_within(
        &mut self,
        ctx: &mut Context<Self>,
        name: &'static str,
        time: Duration,
    ) -> Taken {
        let acquired = ctx.system().lock(name).timeout(time).acquire();
        self.keep(acquired)
    }
    fn take_if_free(&mut self, ctx: &mut Context<Self>, name: &'static str) -> Taken {
        let acquired = ctx.system().lock(name).try_acquire();
        self.keep(acquired)
    }
    fn steal(&mut self, ctx: &mut Context<Self>, name: &'static str) -> Taken {
        let acquired = ctx.system().lock(name).steal();
        self.keep(acquired)
    }
    /// Steals until it is told to end; how often that failed.
    fn steal_on(&mut self, ctx: &mut Context<Self>, name: &'static str, gate: GateHandle) -> usize {
        let _ = gate.pass().ask();
        let mut failed = 0;
        while !ctx.cancelled() {
            failed += usize::from(ctx.system().lock(name).steal().is_err());
        }
        failed
    }
    /// Whether it holds all that it took.
    fn holds(&self) -> bool {
        self.held.iter().all(LockGuard::is_held)
    }
    fn release(&mut self) -> Taken {
        let held = self.held.drain(..).map(LockGuard::release);
        held.collect::<Result<(), _>>()
            .map_err(|error| error.kind())
    }
    fn hand_over(&mut self) -> Vec<LockGuard> {
        std::mem::take(&mut self.held)
    }
    fn pass(&self, gate: GateHandle) {
        let _ = gate.pass().ask();
    }
    fn ask(&self, other: ClientHandle) -> Result<bool, AskError> {
        other.holds().ask()
    }
    /// Waits for a lock, in a child.
    fn spawn_waiting(&self, ctx: &mut Context<Self>, name: &'static str) -> ClientHandle {
        let child = ctx.spec::<Client>(None).name("child").spawn().unwrap();
        child.take(name, false).tell().unwrap();
        child
    }
    #[message(fails)]
    fn fail(&self) -> Result<(), Failure> {
        Err("it fails")?
    }
    fn panic(&self) {
        panic!("it panics")
    }
}

impl Client {
    fn keep(&mut self, acquired: Result<LockGuard, actor_core::LockError>) -> Taken {
        self.held.push(acquired.map_err(|error| error.kind())?);
        Ok(())
    }
}

impl Actor for Client {
    type Args = Option<&'static str>;
    fn start(_ctx: &mut Context<Self>, last: &Self::Args) -> Result<Self, Failure> {
        let held = Vec::new();
        Ok(Client { held, last: *last })
    }
    fn stopping(&mut self, ctx: &mut Context<Self>, _reason: &ExitReason) -> Result<(), Failure> {
        if let Some(name) = self.last {
            self.held.push(ctx.system().lock(name).acquire()?);
        }
        Ok(())
    }
}

fn client(system: &SystemRef, name: &str) -> ClientHandle {
    system.spec::<Client>(None).name(name).spawn().unwrap()
}

fn held(system: &SystemRef) -> Vec<String> {
    owners(&system.locks().held)
}

fn pending(system: &SystemRef) -> Vec<String> {
    owners(&system.locks().pending)
}

fn owners(locks: &[actor_core::LockInfo]) -> Vec<String> {
    let line = |info: &actor_core::LockInfo| match &info.owner {
        LockOwner::Life(actor) => format!("{} {}", actor.name(), info.name),
        other => format!("{other} {}", info.name),
    };
    locks.iter().map(line).collect()
}

/// Waits until these are who wait; `other` is an actor that does not end meanwhile.
fn until_pending(system: &SystemRef, other: &ClientHandle, expected: &[&str]) {
    for _ in 0..20_000 {
        if pending(system) == expected {
            return;
        }
        assert!(other.join_timeout(Duration::from_millis(1)).is_none());
    }
    panic!("{:?} wait, not {expected:?}", pending(system));
}

#[test]
fn a40_a_lock_has_one_holder_and_who_waits_gets_it_in_order() {
    everywhere(|system| {
        let [a, b, c] = ["a", "b", "c"].map(|name| client(system, name));
        assert_eq!(a.take("x", false).ask().unwrap(), Ok(()));
        let b_takes = b.take("x", false).send().unwrap();
        until_pending(system, &a, &["b x"]);
        let c_takes = c.take("x", false).send().unwrap();
        until_pending(system, &a, &["b x", "c x"]);
        assert_eq!(held(system), ["a x"]);
        assert_eq!(a.release().ask().unwrap(), Ok(()));
        assert_eq!(b_takes.wait().unwrap(), Ok(()));
        assert_eq!(
            (held(system), pending(system)),
            (vec!["b x".into()], vec!["c x".into()])
        );
        assert_eq!(b.release().ask().unwrap(), Ok(()));
        assert_eq!(c_takes.wait().unwrap(), Ok(()));
        assert_eq!(c.release().ask().unwrap(), Ok(()));
        assert!(system.locks().held.is_empty() && system.locks().pending.is_empty());
    });
}

#[test]
fn a40_a_lock_may_be_shared_and_nobody_overtakes_who_would_not_share_it() {
    everywhere(|system| {
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| client(system, name));
        assert_eq!(a.take("x", true).ask().unwrap(), Ok(()));
        assert_eq!(b.take("x", true).ask().unwrap(), Ok(()));
        let c_takes = c.take("x", false).send().unwrap();
        until_pending(system, &a, &["c x"]);
        let d_takes = d.take("x", true).send().unwrap();
        until_pending(system, &a, &["c x", "d x"]);
        a.release().ask().unwrap().unwrap();
        assert_eq!(held(system), ["b x"]);
        b.release().ask().unwrap().unwrap();
        assert_eq!(c_takes.wait().unwrap(), Ok(()));
        assert_eq!(held(system), ["c x"]);
        c.release().ask().unwrap().unwrap();
        assert_eq!(d_takes.wait().unwrap(), Ok(()));
    });
}

#[test]
fn a40_a_lock_is_taken_only_if_it_is_free() {
    everywhere(|system| {
        let [a, b, c] = ["a", "b", "c"].map(|name| client(system, name));
        assert_eq!(a.take_if_free("x").ask().unwrap(), Ok(()));
        assert_eq!(b.take_if_free("x").ask().unwrap(), Err(LockErrorKind::Held));
        assert_eq!(b.take_if_free("y").ask().unwrap(), Ok(()));
        // It is not free for those who come after one that waits.
        a.release().ask().unwrap().unwrap();
        a.take("x", true).ask().unwrap().unwrap();
        b.take("x", false).tell().unwrap();
        until_pending(system, &a, &["b x"]);
        let error = system.lock("x").shared().try_acquire().unwrap_err();
        assert_eq!(error.kind(), LockErrorKind::Held);
        assert_eq!(c.take_if_free("x").ask().unwrap(), Err(LockErrorKind::Held));
        a.release().ask().unwrap().unwrap();
    });
}

#[test]
fn a40_a_lock_can_be_stolen_and_its_holder_learns_of_it() {
    everywhere(|system| {
        let [a, b, c] = ["a", "b", "c"].map(|name| client(system, name));
        a.take("x", false).ask().unwrap().unwrap();
        let b_takes = b.take("x", false).send().unwrap();
        until_pending(system, &a, &["b x"]);
        c.steal("x").ask().unwrap().unwrap();
        assert_eq!(
            (held(system), pending(system)),
            (vec!["c x".into()], vec!["b x".into()])
        );
        assert!(!a.holds().ask().unwrap() && c.holds().ask().unwrap());
        // The one who lost it cannot let it go for another.
        assert_eq!(a.release().ask().unwrap(), Err(LockErrorKind::Stolen));
        assert_eq!(held(system), ["c x"]);
        c.release().ask().unwrap().unwrap();
        assert_eq!(b_takes.wait().unwrap(), Ok(()));
    });
}

#[test]
fn a40_a_wait_ends_at_its_deadline_and_names_the_holder() {
    everywhere(|system| {
        let [a, b] = ["a", "b"].map(|name| client(system, name));
        a.take("x", false).ask().unwrap().unwrap();
        assert_eq!(
            b.take_within("x", GRACE).ask().unwrap(),
            Err(LockErrorKind::Timeout)
        );
        assert!(pending(system).is_empty());
        let error = system.lock("x").timeout(GRACE).acquire().unwrap_err();
        let expected = format!(
            "the lock \"x\" was not free in time: it is held by {}",
            a.snapshot().actor
        );
        assert_eq!(error.to_string(), expected);
        let b_takes = b.take_within("x", LONG).send().unwrap();
        until_pending(system, &a, &["b x"]);
        a.release().ask().unwrap().unwrap();
        assert_eq!(b_takes.wait().unwrap(), Ok(()));
    });
}

#[test]
fn a40_a_lock_is_freed_when_its_holder_ends_however_that_comes() {
    type End = fn(&ClientHandle);
    let ends: [End; 5] = [
        |holder| holder.stop(),
        |holder| holder.drain(),
        |holder| drop(holder.fail().ask()),
        |holder| drop(holder.panic().ask()),
        |holder| drop(holder.terminate(LONG)),
    ];
    everywhere(|system| {
        for end in ends {
            let [holder, other] = ["holder", "other"].map(|name| client(system, name));
            holder.take("x", false).ask().unwrap().unwrap();
            let other_takes = other.take("x", false).send().unwrap();
            end(&holder);
            assert_eq!(other_takes.wait().unwrap(), Ok(()));
            other.stop();
            other.join();
            holder.join();
        }
        assert!(held(system).is_empty());
    });
}

#[test]
fn a40_a_lock_is_freed_when_its_holder_is_left_behind() {
    everywhere_leaving(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let [holder, other] = ["holder", "other"].map(|name| client(system, name));
        holder.take("x", false).ask().unwrap().unwrap();
        holder.pass(gate.clone()).tell().unwrap();
        gate.somebody_waits().ask().unwrap();
        let other_takes = other.take("x", false).send().unwrap();
        assert!(matches!(holder.terminate(GRACE), ExitReason::Abandoned));
        assert_eq!(other_takes.wait().unwrap(), Ok(()));
        // What the stuck thread drops when it comes back is not the other's hold.
        gate.open().ask().unwrap();
        gate.stop();
        gate.join();
        assert!(other.holds().ask().unwrap());
    });
}

#[test]
fn a40_who_waits_and_ends_leaves_the_line() {
    everywhere(|system| {
        let [holder, waiter, next] = ["holder", "waiter", "next"].map(|name| client(system, name));
        holder.take("x", false).ask().unwrap().unwrap();
        waiter.take("x", false).tell().unwrap();
        until_pending(system, &holder, &["waiter x"]);
        let next_takes = next.take("x", false).send().unwrap();
        until_pending(system, &holder, &["waiter x", "next x"]);
        // Its handler waits for the lock, and is told.
        assert!(matches!(waiter.terminate(LONG), ExitReason::Terminated));
        assert_eq!(pending(system), ["next x"]);
        holder.release().ask().unwrap().unwrap();
        assert_eq!(next_takes.wait().unwrap(), Ok(()));
    });
}

#[test]
fn a_lock_is_freed_before_the_next_life_begins() {
    everywhere(|system| {
        let mut spec = system.spec::<Client>(None).name("holder");
        let holder = spec.handle();
        let plan = Supervisor::one_for_one().child(spec);
        system.spawn::<Supervisor>(plan).unwrap();
        holder.take("x", false).ask().unwrap().unwrap();
        holder.fail().ask().unwrap_err();
        assert_eq!(holder.take_if_free("x").ask().unwrap(), Ok(()));
        assert_eq!(held(system), ["holder x"]);
    });
}

#[test]
fn a_wait_is_over_when_the_life_is_told_to_stop() {
    everywhere(|system| {
        let [holder, waiter] = ["holder", "waiter"].map(|name| client(system, name));
        holder.take("x", false).ask().unwrap().unwrap();
        let waits = waiter.take("x", false).send().unwrap();
        until_pending(system, &holder, &["waiter x"]);
        waiter.stop();
        assert_eq!(waits.wait().unwrap(), Err(LockErrorKind::Cancelled));
        assert!(waiter.join().is_normal());
        assert!(pending(system).is_empty());
    });
}

#[test]
fn stealing_waits_for_nobody_and_is_not_interrupted() {
    on_threads(|system| {
        for _ in 0..500 {
            let thief = client(system, "thief");
            let gate = system.spawn::<Gate>(()).unwrap();
            let failed = thief.steal_on("x", gate.clone()).send().unwrap();
            gate.somebody_waits().ask().unwrap();
            gate.open().ask().unwrap();
            thief.stop();
            assert_eq!(failed.wait().unwrap(), 0);
        }
    });
}

#[test]
fn what_is_told_to_stop_waits_for_no_further_lock_but_in_its_stopping() {
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let holder = client(system, "holder");
        let spec = system.spec::<Client>(Some("x")).name("waiter");
        let waiter = spec.spawn().unwrap();
        holder.take("x", false).ask().unwrap().unwrap();
        waiter.pass(gate.clone()).tell().unwrap();
        gate.somebody_waits().ask().unwrap();
        waiter.stop();
        gate.open().ask().unwrap();
        until_pending(system, &holder, &["waiter x"]);
        waiter.stop(); // says nothing new
        assert!(waiter.join_timeout(GRACE).is_none());
        holder.release().ask().unwrap().unwrap();
        assert!(waiter.join().is_normal());
        assert!(held(system).is_empty());
    });
}

#[test]
fn a_guard_that_moves_to_another_actor_belongs_to_the_life_that_acquired_it() {
    everywhere(|system| {
        let a = client(system, "a");
        a.take("x", false).ask().unwrap().unwrap();
        let guards = a.hand_over().ask().unwrap();
        assert_eq!(held(system), ["a x"]);
        a.stop();
        a.join();
        assert!(held(system).is_empty() && !guards[0].is_held());
    });
}

#[test]
fn two_that_take_two_locks_in_opposite_order_do_not_wait_for_ever() {
    everywhere(|system| {
        let [a, b] = ["a", "b"].map(|name| client(system, name));
        a.take("x", false).ask().unwrap().unwrap();
        b.take("y", false).ask().unwrap().unwrap();
        let a_takes = a.take("y", false).send().unwrap();
        let b_takes = b.take("x", false).send().unwrap();
        // One of them is told, and lets the other go on when it ends.
        let mut both = [(a_takes, &a), (b_takes, &b)];
        let told = loop {
            let answers = both.each_mut().map(|(takes, ..)| {
                let answer = takes.wait_timeout(Duration::from_millis(1));
                answer.unwrap()
            });
            if let Some(told) = answers.iter().position(Option::is_some) {
                assert_eq!(answers[told], Some(Err(LockErrorKind::Deadlock)));
                break told;
            }
        };
        both[told].1.stop();
        let [first, second] = both;
        let (other_takes, ..) = if told == 0 { second } else { first };
        assert_eq!(other_takes.wait().unwrap(), Ok(()));
    });
}

#[test]
fn a_holder_that_asks_who_waits_for_it_is_refused_and_so_is_who_takes_what_it_holds() {
    everywhere(|system| {
        let [a, b, c] = ["a", "b", "c"].map(|name| client(system, name));
        a.take("x", true).ask().unwrap().unwrap();
        b.take("x", true).ask().unwrap().unwrap();
        c.take("x", false).tell().unwrap();
        until_pending(system, &a, &["c x"]);
        for holder in [&a, &b] {
            let asked = holder.ask(c.clone()).ask().unwrap();
            let Err(AskError::Deadlock { cycle }) = asked else {
                panic!("{asked:?}");
            };
            let [me, other] = [holder, &c].map(|client| client.snapshot().actor);
            assert_eq!(
                cycle.to_string(),
                format!("{me} →(holds) {other} →(lock x) {me}")
            );
        }
        assert_eq!(
            a.take("x", true).ask().unwrap(),
            Err(LockErrorKind::Deadlock)
        );
        a.release().ask().unwrap().unwrap();
        b.release().ask().unwrap().unwrap();
    });
}

#[test]
fn a_parent_that_holds_a_lock_can_stop_while_its_child_waits_for_it() {
    everywhere(|system| {
        let parent = client(system, "parent");
        parent.take("x", false).ask().unwrap().unwrap();
        parent.spawn_waiting("x").ask().unwrap();
        until_pending(system, &parent, &["child x"]);
        parent.stop();
        assert!(parent.join().is_normal());
        assert!(held(system).is_empty() && pending(system).is_empty());
    });
}

#[test]
fn plain_threads_hold_locks_until_they_drop_them() {
    everywhere(|system| {
        let a = client(system, "a");
        let guard = system.lock("x").acquire().unwrap();
        assert_eq!(
            a.take_within("x", GRACE).ask().unwrap(),
            Err(LockErrorKind::Timeout)
        );
        let a_takes = a.take("x", false).send().unwrap();
        until_pending(system, &a, &["a x"]);
        drop(guard);
        assert_eq!(a_takes.wait().unwrap(), Ok(()));
    });
}
