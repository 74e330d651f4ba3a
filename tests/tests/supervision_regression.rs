//! Faults that supervision had, one test each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::simulation::Exploration;
use actor_core::{ActorState, Backoff, ChildState, Spec, SupervisorHandle};
use actor_tests::probe::{Gate, GateHandle};
use actor_tests::{Counted, LONG, Log, everywhere, everywhere_leaving, line, mixed, simulated};

type Hook = Arc<dyn Fn(&mut Context<Worker>, u64) -> Result<(), Failure> + Send + Sync>;

/// Does in `start` and `stopping` what a test says.
struct Worker(Plan);

#[derive(Clone)]
struct Plan {
    start: Hook,
    stopping: Hook,
}

#[actor]
impl Worker {
    fn echo(&self, n: u64) -> u64 {
        n
    }
    fn life(&self, ctx: &mut Context<Self>) -> u64 {
        ctx.life()
    }
    #[message(fails)]
    fn fail(&mut self) -> Result<(), Failure> {
        Err("broken")?
    }
    fn ask(&mut self, other: WorkerHandle) -> Option<u64> {
        other.echo(7).ask().ok()
    }
    fn link_and_unlink(&mut self, ctx: &mut Context<Self>, other: WorkerHandle) -> bool {
        ctx.link(&other);
        let _ = other.fail().ask();
        other.join();
        while !ctx.cancelled() {}
        ctx.unlink(&other);
        ctx.cancelled()
    }
    fn sleep(&mut self, ctx: &mut Context<Self>, duration: Duration) -> bool {
        ctx.sleep(duration)
    }
}

impl Actor for Worker {
    type Args = Plan;
    fn start(ctx: &mut Context<Self>, plan: &Plan) -> Result<Self, Failure> {
        let life = ctx.life();
        (plan.start)(ctx, life)?;
        Ok(Worker(plan.clone()))
    }
    fn stopping(&mut self, ctx: &mut Context<Self>, _: &ExitReason) -> Result<(), Failure> {
        let life = ctx.life();
        (Arc::clone(&self.0.stopping))(ctx, life)
    }
}

fn nothing() -> Plan {
    Plan {
        start: Arc::new(|_, _| Ok(())),
        stopping: Arc::new(|_, _| Ok(())),
    }
}

fn starts(
    start: impl Fn(&mut Context<Worker>, u64) -> Result<(), Failure> + Send + Sync + 'static,
) -> Plan {
    Plan {
        start: Arc::new(start),
        ..nothing()
    }
}

fn spec(system: &SystemRef, name: &str, plan: Plan) -> (Spec<Worker>, WorkerHandle) {
    let mut spec = system.spec::<Worker>(plan).name(name);
    let handle = spec.handle();
    (spec, handle)
}

fn sup(system: &SystemRef, name: &str, plan: Supervision) -> (Spec<Supervisor>, SupervisorHandle) {
    let mut spec = system.spec::<Supervisor>(plan).name(name);
    let handle = spec.handle();
    (spec, handle)
}

fn bears(plan: Supervision) -> Supervision {
    plan.intensity(1_000_000, LONG)
}

fn names(supervisor: &SupervisorHandle) -> Vec<String> {
    let children = supervisor.which_children().ask().unwrap();
    children
        .iter()
        .map(|child| child.actor.name().to_owned())
        .collect()
}

fn passes(gate: &GateHandle) -> Hook {
    let gate = gate.clone();
    Arc::new(move |_, _| Ok(gate.pass().ask()?))
}

#[test]
fn a_supervisor_that_is_left_behind_while_a_child_stops_takes_it_along() {
    everywhere_leaving(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let plan = Plan {
            stopping: passes(&gate),
            ..nothing()
        };
        let patience = Shutdown::Timeout(Duration::from_millis(200));
        let mut w = system.spec::<Worker>(plan).name("w").shutdown(patience);
        let w_handle = w.handle();
        let (inner, inner_handle) = sup(
            system,
            "inner",
            bears(Supervisor::one_for_one())
                .child(spec(system, "v", nothing()).0)
                .child(w),
        );
        let outer = bears(Supervisor::one_for_one()).child(inner);
        let _outer = system.spawn::<Supervisor>(outer).unwrap();
        inner_handle.terminate(Duration::from_millis(20));
        assert_eq!(w_handle.life().ask().unwrap(), 2);
        assert_eq!(names(&inner_handle), ["v", "w"]);
        gate.open().tell().unwrap();
    });
}

#[test]
fn a_supervisor_that_is_stopped_before_its_start_keeps_its_plan() {
    everywhere(|system| {
        let (c, c_handle) = spec(system, "c", nothing());
        let plan = bears(Supervisor::one_for_one()).child(c);
        let (inner, inner_handle) = sup(system, "inner", plan);
        inner_handle.stop();
        let outer = bears(Supervisor::one_for_one()).child(inner);
        let outer = system.spawn::<Supervisor>(outer).unwrap();
        outer.restart_child("inner").ask().unwrap().unwrap();
        assert_eq!(names(&inner_handle), ["c"]);
        assert_eq!(c_handle.echo(1).ask().unwrap(), 1);
    });
}

#[test]
fn a_retry_is_not_lost_behind_a_signal_of_somebody_else() {
    everywhere(|system| {
        let (later, inner_handle) = {
            let gate = Arc::new(std::sync::OnceLock::<SupervisorHandle>::new());
            (Arc::clone(&gate), gate)
        };
        let plan = starts(move |ctx, life| {
            if let Some(supervisor) = later.get() {
                ctx.link(supervisor);
            }
            if life == 2 {
                Err("not yet")?
            }
            Ok(())
        });
        let (c, c_handle) = spec(system, "c", plan);
        let plan = bears(Supervisor::one_for_one()).child(c);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        inner_handle.set(supervisor).unwrap();
        assert!(c_handle.fail().ask().is_err());
        assert_eq!(c_handle.life().ask().unwrap(), 3);
    });
}

#[test]
fn after_a_failed_start_of_a_supervisor_nobody_waits_for_the_child_that_failed() {
    everywhere(|system| {
        let mut events = system.events();
        let (b, b_handle) = spec(
            system,
            "b",
            starts(|_, life| if life == 2 { Err("no")? } else { Ok(()) }),
        );
        let asks = b_handle.clone();
        let plan = starts(move |ctx, life| {
            if life == 2 {
                ctx.handle().ask(asks.clone()).tell()?;
            }
            Ok(())
        });
        let (a, _) = spec(system, "a", plan);
        let plan = Supervisor::one_for_one()
            .intensity(0, LONG)
            .child(a)
            .child(b);
        let outer = bears(Supervisor::one_for_one()).child(sup(system, "inner", plan).0);
        let _outer = system.spawn::<Supervisor>(outer).unwrap();
        assert!(b_handle.fail().ask().is_err());
        assert_eq!(b_handle.echo(1).ask().unwrap(), 1);
        while let Some(event) = events.try_next() {
            assert!(!line(&event).contains("abandoned"), "{}", line(&event));
        }
    });
}

#[test]
fn a_start_that_asks_a_sibling_which_has_died_is_told() {
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let log = Log::new();
        let (a, a_handle) = spec(system, "a", nothing());
        let (asks, opens, notes) = (a_handle.clone(), gate.clone(), log.clone());
        let plan = starts(move |_, life| {
            if life == 2 {
                opens.pass().ask()?;
                match asks.echo(1).ask() {
                    Ok(_) => notes.note("answered"),
                    Err(error) => notes.note(error.to_string()),
                }
            }
            Ok(())
        });
        let (b, b_handle) = spec(system, "b", plan);
        let plan = bears(Supervisor::one_for_one()).child(a).child(b);
        let _supervisor = system.spawn::<Supervisor>(plan).unwrap();
        assert!(b_handle.fail().ask().is_err());
        gate.somebody_waits().ask().unwrap();
        assert!(a_handle.fail().ask().is_err());
        while a_handle.snapshot().state != ActorState::Down {
            gate.somebody_waits().ask().unwrap();
        }
        gate.open().tell().unwrap();
        assert_eq!(b_handle.echo(1).ask().unwrap(), 1);
        assert!(log.notes()[0].contains("deadlock"), "{:?}", log.notes());
        assert_eq!(a_handle.life().ask().unwrap(), 2);
    });
}

#[test]
fn arguments_that_panic_when_dropped_hurt_nobody() {
    struct Bad(Counted);
    impl Drop for Bad {
        fn drop(&mut self) {
            let _ = &self.0;
            panic!("arguments are dropped");
        }
    }
    struct Holds;
    #[actor]
    impl Holds {
        fn nothing(&self) {}
    }
    impl Actor for Holds {
        type Args = Bad;
        fn start(_: &mut Context<Self>, _: &Bad) -> Result<Self, Failure> {
            Ok(Holds)
        }
    }
    everywhere(|system| {
        let alive = Arc::new(AtomicUsize::new(0));
        let holds = |name: &str| system.spec::<Holds>(Bad(Counted::new(&alive))).name(name);
        let plan = Supervisor::one_for_one()
            .child(holds("a"))
            .child(holds("b"))
            .child(holds("c"));
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        supervisor.stop();
        supervisor.join();
        assert_eq!(alive.load(Ordering::SeqCst), 0);
    });
}

#[test]
fn draining_a_child_that_waits_for_its_restart_ends_it() {
    simulated(|system| {
        let backoff = Backoff::new(Duration::from_secs(3600), Duration::from_secs(3600));
        let (c, c_handle) = spec(system, "c", nothing());
        drop(c);
        let mut c = system.spec::<Worker>(nothing()).name("c").backoff(backoff);
        let handle = c.handle();
        drop(c_handle);
        let plan = bears(Supervisor::one_for_one()).child(c);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        assert!(handle.fail().ask().is_err());
        while supervisor.which_children().ask().unwrap()[0].state != ChildState::Restarting {}
        let queued = handle.echo(1).send().unwrap();
        handle.drain();
        assert!(queued.wait().is_err());
        assert!(handle.join_timeout(Duration::from_secs(1)).is_some());
    });
}

#[test]
fn stopping_a_child_whose_supervisor_is_down_ends_it() {
    simulated(|system| {
        let hour = Duration::from_secs(3600);
        let (c, c_handle) = spec(system, "c", nothing());
        let plan = Supervisor::one_for_one().intensity(0, LONG).child(c);
        let mut inner = system
            .spec::<Supervisor>(plan)
            .name("inner")
            .backoff(Backoff::new(hour, hour));
        let inner_handle = inner.handle();
        let outer = system
            .spawn::<Supervisor>(bears(Supervisor::one_for_one()).child(inner))
            .unwrap();
        assert!(c_handle.fail().ask().is_err());
        while inner_handle.snapshot().state != ActorState::Down {
            outer.count_children().ask().unwrap();
        }
        let queued = c_handle.echo(1).send().unwrap();
        c_handle.stop();
        assert!(queued.wait().is_err());
        assert!(c_handle.join_timeout(Duration::from_secs(1)).is_some());
    });
}

#[test]
fn a_supervisor_answers_while_a_brutal_child_takes_its_own_children_along() {
    everywhere_leaving(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let plan = Plan {
            stopping: passes(&gate),
            ..nothing()
        };
        let c = system.spec::<Worker>(plan).shutdown(Shutdown::Infinity);
        let inner = bears(Supervisor::one_for_one()).child(c);
        let inner = system
            .spec::<Supervisor>(inner)
            .name("inner")
            .shutdown(Shutdown::Brutal);
        let outer = bears(Supervisor::one_for_one()).child(inner);
        let outer = system.spawn::<Supervisor>(outer).unwrap();
        let terminated = outer.terminate_child("inner").send().unwrap();
        gate.somebody_waits().ask().unwrap();
        assert_eq!(outer.count_children().ask().unwrap().specs, 1);
        gate.open().tell().unwrap();
        terminated.wait().unwrap().unwrap();
    });
}

#[test]
fn an_exit_that_was_unlinked_cancels_nothing() {
    everywhere(|system| {
        let a = system.spawn::<Worker>(nothing()).unwrap();
        let b = system.spawn::<Worker>(nothing()).unwrap();
        assert!(!a.link_and_unlink(b).ask().unwrap());
        assert!(a.sleep(Duration::from_millis(1)).ask().unwrap());
    });
}

#[test]
fn mistakes_in_plans_below_are_told_before_anything_starts() {
    everywhere(|system| {
        let log = Log::new();
        let notes = log.clone();
        let noting = starts(move |_, _| {
            notes.note("started");
            Ok(())
        });
        let twice = || spec(system, "d", nothing()).0;
        let inner = Supervisor::one_for_one().child(twice()).child(twice());
        let outer = Supervisor::one_for_one()
            .child(spec(system, "a", noting).0)
            .child(sup(system, "inner", inner).0);
        let error = system.spawn::<Supervisor>(outer).unwrap_err().to_string();
        assert!(error.contains("in inner#"), "{error}");
        assert!(
            error.contains("has the id of another child, \"d\""),
            "{error}"
        );
        assert!(log.notes().is_empty());
    });
}

#[test]
fn a_chain_of_supervisors_that_give_up_tells_the_first_cause() {
    everywhere(|system| {
        let (c, c_handle) = spec(system, "c", nothing());
        let level = |plan: Supervision| plan.intensity(0, LONG);
        let inner = level(Supervisor::one_for_one()).child(c);
        let middle = level(Supervisor::one_for_one()).child(sup(system, "inner", inner).0);
        let top = level(Supervisor::one_for_one()).child(sup(system, "middle", middle).0);
        let top = system.spawn::<Supervisor>(top).unwrap();
        assert!(c_handle.fail().ask().is_err());
        let reason = top.join().to_string();
        let at = |text: &str| {
            reason
                .find(text)
                .unwrap_or_else(|| panic!("{text}: {reason}"))
        };
        assert!(at("gave up on middle") < at("gave up on inner"));
        assert!(at("gave up on inner") < at("gave up on c#"));
        assert!(at("gave up on c#") < at("broken"));
    });
}

#[test]
fn a_stop_that_was_heeded_does_not_close_the_mailbox_of_a_later_life() {
    // A child that was told to stop between two lives starts again when its group does. What told
    // the supervisor of that order may come only then.
    Exploration::new(1_000).each(mixed).run(|system| {
        let (first, one) = spec(system, "first", nothing());
        let (second, two) = spec(system, "second", nothing());
        let plan = Supervisor::rest_for_one().intensity(usize::MAX, Duration::MAX);
        let supervisor = system
            .spawn::<Supervisor>(plan.child(first).child(second))
            .unwrap();
        one.fail().tell().unwrap();
        one.fail().tell().unwrap();
        two.stop();
        one.fail().tell().unwrap();
        let is_settled = || {
            let children = supervisor.which_children().ask().unwrap();
            let states = [&one, &two].map(|it| {
                let child = children.iter().find(|child| child.actor.id() == it.id());
                child.unwrap().state
            });
            let answer = |of: &WorkerHandle| of.echo(1).ask().is_ok();
            // It runs and answers, or it was stopped and does not.
            let runs = |state| matches!(state, ChildState::Running(_));
            runs(states[0]) && answer(&one) && runs(states[1]) == answer(&two)
        };
        let settled = (0..100).any(|_| {
            assert!(supervisor.join_timeout(Duration::from_millis(1)).is_none());
            is_settled()
        });
        assert!(settled, "{}", supervisor.snapshot());
    });
}
