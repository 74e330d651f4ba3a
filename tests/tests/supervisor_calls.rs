//! Calls to a supervisor: what they change, what they wait for, and who waits for whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{
    ActorState, AutoShutdown, ChildError, ChildState, SpawnErrorKind, Spec, SupervisorHandle,
};
use actor_tests::probe::{Fault, Gate, GateHandle, GateMessage, Plan, Probe, ProbeHandle};
use actor_tests::{Counted, LONG, Log, everywhere, everywhere_leaving};

fn probe(system: &SystemRef, name: &'static str) -> (Spec<Probe>, ProbeHandle) {
    let mut spec = system
        .spec::<Probe>(Plan::new(&Log::new(), name))
        .name(name);
    let handle = spec.handle();
    (spec, handle)
}

/// Waits in `start` until the gate is open, and asks whoever it is told to.
struct Slow;

#[derive(Clone, Default)]
struct SlowPlan {
    gate: Option<GateHandle>,
    calls: Option<SupervisorHandle>,
    asks: Option<BossHandle>,
    /// Not in the first life.
    asks_sibling: Option<ProbeHandle>,
    log: Log,
}

#[actor]
impl Slow {
    #[message(fails)]
    fn fail(&mut self) -> Result<(), Failure> {
        Err("broken")?
    }
}

impl Actor for Slow {
    type Args = SlowPlan;

    fn start(ctx: &mut Context<Self>, plan: &SlowPlan) -> Result<Self, Failure> {
        if let Some(gate) = &plan.gate {
            gate.pass().ask()?;
        }
        if let Some(supervisor) = &plan.calls {
            let spec = ctx.system().spec::<Gate>(());
            if let Err(error) = supervisor.start_child(spec).ask() {
                plan.log.note(error.to_string());
            }
            plan.log.note(format!(
                "{} children",
                supervisor.count_children().ask()?.specs
            ));
        }
        if let Some(boss) = &plan.asks {
            boss.sync().ask()?;
        }
        if let Some(sibling) = &plan.asks_sibling
            && ctx.life() > 1
            && let Err(error) = sibling.echo(1).ask()
        {
            plan.log.note(error.to_string());
        }
        Ok(Slow)
    }
}

/// Has children started for it.
struct Boss(SupervisorHandle);

#[actor]
impl Boss {
    fn sync(&self) {}
    fn hire(&mut self, ctx: &mut Context<Self>, plan: SlowPlan) -> String {
        let plan = SlowPlan {
            asks: Some(ctx.handle()),
            ..plan
        };
        let spec = ctx.system().spec::<Slow>(plan).name("hired");
        match self.0.start_child(spec).ask() {
            Ok(Ok(_)) => "hired".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        }
    }
}

impl Actor for Boss {
    type Args = SupervisorHandle;
    fn start(_: &mut Context<Self>, supervisor: &SupervisorHandle) -> Result<Self, Failure> {
        Ok(Boss(supervisor.clone()))
    }
}

fn states(supervisor: &SupervisorHandle) -> Vec<ChildState> {
    let children = supervisor.which_children().ask().unwrap();
    children.into_iter().map(|child| child.state).collect()
}

#[test]
fn while_a_child_starts_reads_are_answered_and_calls_wait() {
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let plan = Supervisor::one_for_one().child(probe(system, "a").0);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        let slow = SlowPlan {
            gate: Some(gate.clone()),
            ..SlowPlan::default()
        };
        let slow = supervisor.start_child(system.spec::<Slow>(slow).name("slow"));
        let slow = slow.send().unwrap();
        gate.somebody_waits().ask().unwrap();
        let mut stopped = supervisor.terminate_child("a").send().unwrap();
        let mut deleted = supervisor.delete_child("a").send().unwrap();
        assert_eq!(
            states(&supervisor),
            [ChildState::Running(1), ChildState::Restarting]
        );
        assert!(supervisor.child::<Probe>("a").ask().unwrap().is_ok());
        assert!(stopped.try_wait().unwrap().is_none());
        gate.open().tell().unwrap();
        slow.wait().unwrap().unwrap();
        stopped.wait_timeout(LONG).unwrap().unwrap().unwrap();
        deleted.wait_timeout(LONG).unwrap().unwrap().unwrap();
        assert_eq!(states(&supervisor), [ChildState::Running(1)]);
    });
}

#[test]
fn while_a_child_stops_reads_are_answered() {
    struct Polite(GateHandle);
    #[actor]
    impl Polite {
        fn nothing(&self) {}
    }
    impl Actor for Polite {
        type Args = GateHandle;
        fn start(_: &mut Context<Self>, gate: &GateHandle) -> Result<Self, Failure> {
            Ok(Polite(gate.clone()))
        }
        fn stopping(&mut self, _: &mut Context<Self>, _: &ExitReason) -> Result<(), Failure> {
            self.0.pass().ask()?;
            Ok(())
        }
    }
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let spec = system.spec::<Polite>(gate.clone()).name("polite");
        let plan = Supervisor::one_for_one().child(spec);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        let stopped = supervisor.terminate_child("polite").send().unwrap();
        gate.somebody_waits().ask().unwrap();
        assert_eq!(supervisor.count_children().ask().unwrap().specs, 1);
        gate.open().tell().unwrap();
        stopped.wait().unwrap().unwrap();
        assert_eq!(states(&supervisor), [ChildState::Stopped]);
    });
}

#[test]
fn a_child_that_calls_its_supervisor_from_its_start_is_told_and_may_read() {
    everywhere(|system| {
        let supervisor = system
            .spawn::<Supervisor>(Supervisor::one_for_one())
            .unwrap();
        let plan = SlowPlan {
            calls: Some(supervisor.clone()),
            ..SlowPlan::default()
        };
        let spec = system.spec::<Slow>(plan.clone()).name("slow");
        supervisor.start_child(spec).ask().unwrap().unwrap();
        let notes = plan.log.notes();
        assert!(
            notes[0].contains("deadlock") && notes[0].contains("→(start_child)"),
            "{notes:?}"
        );
        assert_eq!(notes[1], "1 children", "and nothing was started");
    });
}

#[test]
fn a_cycle_through_a_call_is_found() {
    everywhere(|system| {
        let supervisor = system
            .spawn::<Supervisor>(Supervisor::one_for_one())
            .unwrap();
        let boss = system.spawn::<Boss>(supervisor.clone()).unwrap();
        // The start of whom the boss hires asks the boss.
        let error = boss.hire(SlowPlan::default()).ask().unwrap();
        assert!(error.contains("deadlock"), "{error}");
        assert_eq!(supervisor.count_children().ask().unwrap().specs, 0);
        // The same for a call that has to wait for another's start.
        let gate = system.spawn::<Gate>(()).unwrap();
        let slow = SlowPlan {
            gate: Some(gate.clone()),
            asks: Some(boss.clone()),
            ..SlowPlan::default()
        };
        let slow = system.spec::<Slow>(slow).name("slow");
        let slow = supervisor.start_child(slow).send().unwrap();
        gate.somebody_waits().ask().unwrap();
        let hired = boss.hire(SlowPlan::default()).send().unwrap();
        while supervisor.snapshot().mailbox > 0 || boss.snapshot().mailbox > 0 {
            supervisor.count_children().ask().unwrap();
        }
        gate.open().tell().unwrap();
        // One of the two is told, whoever closed the cycle; the other goes on.
        let slow = slow.wait().unwrap().err().map(|error| error.to_string());
        let hired = hired.wait().unwrap();
        let told = [slow.unwrap_or_default(), hired]
            .iter()
            .filter(|it| it.contains("deadlock"))
            .count();
        assert!(told >= 1);
        boss.sync().ask().unwrap();
    });
}

#[test]
fn a_start_that_asks_a_later_sibling_is_a_cycle() {
    everywhere(|system| {
        let (second, second_handle) = probe(system, "second");
        struct First;
        #[actor]
        impl First {
            fn nothing(&self) {}
        }
        impl Actor for First {
            type Args = ProbeHandle;
            fn start(_: &mut Context<Self>, second: &ProbeHandle) -> Result<Self, Failure> {
                second.echo(1).ask()?;
                Ok(First)
            }
        }
        let first = system.spec::<First>(second_handle).name("first");
        let plan = Supervisor::one_for_one().child(first).child(second);
        let error = system.spawn::<Supervisor>(plan).unwrap_err().to_string();
        let cycle = "first#2 →(echo) second#1 →(start) Supervisor#3 →(start) first#2";
        assert!(error.contains(cycle), "{error}");
    });
}

#[test]
fn a_restart_that_asks_a_later_sibling_is_a_cycle() {
    everywhere(|system| {
        let (second, second_handle) = probe(system, "second");
        let plan = SlowPlan {
            asks_sibling: Some(second_handle.clone()),
            ..SlowPlan::default()
        };
        let mut first = system.spec::<Slow>(plan.clone()).name("first");
        let first_handle = first.handle();
        let all = Supervisor::one_for_all().intensity(9, LONG);
        system
            .spawn::<Supervisor>(all.child(first).child(second))
            .unwrap();
        assert!(first_handle.fail().ask().is_err());
        // It may be told before it is stopped.
        while second_handle.life().ask().unwrap() < 2 {}
        let notes = plan.log.notes();
        assert!(notes[0].contains("deadlock"), "{notes:?}");
    });
}

#[test]
fn a_child_that_stops_with_its_supervisor_gets_no_answer_and_does_not_wait_for_one() {
    struct Chatty(SupervisorHandle, Log);
    #[actor]
    impl Chatty {
        fn nothing(&self) {}
    }
    impl Actor for Chatty {
        type Args = (SupervisorHandle, Log);
        fn start(_: &mut Context<Self>, args: &Self::Args) -> Result<Self, Failure> {
            Ok(Chatty(args.0.clone(), args.1.clone()))
        }
        fn stopping(&mut self, _: &mut Context<Self>, _: &ExitReason) -> Result<(), Failure> {
            let answer = self.0.count_children().ask();
            self.1.note(format!("{:?}", answer.is_ok()));
            Ok(())
        }
    }
    everywhere(|system| {
        let log = Log::new();
        let supervisor = system
            .spawn::<Supervisor>(Supervisor::one_for_one())
            .unwrap();
        let spec = system.spec::<Chatty>((supervisor.clone(), log.clone()));
        let spec = spec.shutdown(Shutdown::Infinity);
        supervisor.start_child(spec).ask().unwrap().unwrap();
        supervisor.stop();
        assert!(supervisor.join().is_normal());
        assert_eq!(log.notes(), ["false"]);
    });
}

#[test]
fn callers_of_a_supervisor_that_ends_are_told() {
    everywhere_leaving(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let supervisor = system
            .spawn::<Supervisor>(Supervisor::one_for_one())
            .unwrap();
        let slow = SlowPlan {
            gate: Some(gate.clone()),
            ..SlowPlan::default()
        };
        let slow = system
            .spec::<Slow>(slow)
            .name("slow")
            .shutdown(Shutdown::Brutal);
        let started = supervisor.start_child(slow).send().unwrap();
        gate.somebody_waits().ask().unwrap();
        let queued = supervisor.terminate_child("slow").send().unwrap();
        supervisor.stop();
        assert!(matches!(started.wait(), Err(AskError::Stopped { .. })));
        assert!(matches!(queued.wait(), Err(AskError::Stopped { .. })));
        supervisor.join();
        gate.open().tell().unwrap();
    });
}

#[test]
fn all_mistakes_of_a_plan_are_told_at_once_and_nothing_starts() {
    everywhere(|system| {
        let log = Log::new();
        let named = |name: &'static str| system.spec::<Probe>(Plan::new(&log, name)).name(name);
        let plan = Supervisor::one_for_one()
            .intensity(1, Duration::ZERO)
            .child(named("a"))
            .child(named("a"))
            .child(named("b").significant())
            .child(named("c").restart(Restart::Temporary).significant());
        let error = system.spawn::<Supervisor>(plan).unwrap_err();
        assert!(matches!(error.kind(), SpawnErrorKind::Start(_)));
        let text = error.to_string();
        for mistake in [
            "4 mistakes",
            "the period of its intensity is zero",
            "a#2 has the id of another child, \"a\"",
            "b#3 cannot be significant",
            "c#4 cannot be significant",
        ] {
            assert!(text.contains(mistake), "{text}");
        }
        let plan = Supervisor::simple_one_for_one()
            .auto_shutdown(AutoShutdown::AnySignificant)
            .child(named("d").significant());
        let text = system.spawn::<Supervisor>(plan).unwrap_err().to_string();
        assert!(text.contains("start them with start_child"), "{text}");
        assert!(
            text.contains("simple_one_for_one has no automatic shutdown"),
            "{text}"
        );
        assert!(text.contains("it is permanent"), "{text}");
        assert!(log.notes().is_empty());
    });
}

#[test]
fn what_a_call_gets_wrong_it_is_told() {
    everywhere(|system| {
        let plan = Supervisor::one_for_one().child(probe(system, "a").0);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        let add = |spec| supervisor.start_child(spec).ask().unwrap().unwrap_err();
        assert!(matches!(
            add(probe(system, "a").0),
            ChildError::AlreadyStarted { .. }
        ));
        let (unfit, handle) = probe(system, "b");
        drop(unfit);
        assert!(!handle.is_alive());
        let permanent = system
            .spec::<Probe>(Plan::new(&Log::new(), "c"))
            .name("c")
            .significant();
        assert!(matches!(add(permanent), ChildError::BadCombination(_)));
        let other = System::new("other").unwrap();
        assert!(matches!(
            add(probe(&other, "d").0),
            ChildError::ForeignSystem(_)
        ));
        let failing = Plan {
            start: Fault::Panics,
            ..Plan::new(&Log::new(), "e")
        };
        let mut failing = system.spec::<Probe>(failing).name("e");
        let handle = failing.handle();
        let error = add(failing).to_string();
        assert!(
            error.contains("its start panicked: start panics"),
            "{error}"
        );
        assert!(
            handle.echo(1).ask().is_err(),
            "nobody waits for what will not come"
        );
        supervisor.terminate_child("a").ask().unwrap().unwrap();
        assert!(matches!(
            add(probe(system, "a").0),
            ChildError::AlreadyPresent { .. }
        ));
        assert!(matches!(
            supervisor.child::<Gate>("a").ask().unwrap(),
            Err(ChildError::OtherMessages { .. })
        ));
        assert!(matches!(
            supervisor.delete_child("z").ask().unwrap(),
            Err(ChildError::NotFound { .. })
        ));
    });
}

#[test]
fn an_added_child_is_gone_with_the_life_of_its_supervisor() {
    everywhere(|system| {
        let alive = Arc::new(AtomicUsize::new(0));
        let (crasher, crash) = probe(system, "crasher");
        let inner = Supervisor::one_for_one().intensity(0, LONG).child(crasher);
        let mut inner = system.spec::<Supervisor>(inner).name("inner");
        let inner_handle = inner.handle();
        let outer = Supervisor::one_for_one().intensity(9, LONG).child(inner);
        system.spawn::<Supervisor>(outer).unwrap();
        let plan = Plan {
            counted: Some(Counted::new(&alive)),
            ..Plan::new(&Log::new(), "added")
        };
        let added = system.spec::<Probe>(plan).name("added");
        let added = inner_handle.start_child(added).ask().unwrap().unwrap();
        inner_handle
            .terminate_child("crasher")
            .ask()
            .unwrap()
            .unwrap();
        inner_handle.delete_child("crasher").ask().unwrap().unwrap();
        assert!(crash.echo(1).ask().is_err());
        assert!(added.strike(Fault::Panics).ask().is_err());
        added.join();
        // Deleted ones are back, added ones are gone, and so is all that was theirs.
        while crash.echo(1).ask().is_err() || inner_handle.snapshot().life < 2 {}
        assert_eq!(states(&inner_handle), [ChildState::Running(2)]);
        assert!(matches!(added.echo(1).ask(), Err(AskError::Stopped { .. })));
        assert_eq!(added.snapshot().state, ActorState::Ended);
        assert_eq!(alive.load(Ordering::SeqCst), 0);
    });
}

#[test]
fn mailboxes_last_over_a_restart_of_the_supervisor_itself() {
    everywhere(|system| {
        let (a, a_handle) = probe(system, "a");
        let (b, b_handle) = probe(system, "b");
        let inner = Supervisor::one_for_all()
            .intensity(0, LONG)
            .child(a)
            .child(b);
        let inner = system.spec::<Supervisor>(inner).name("inner");
        let outer = Supervisor::one_for_one().intensity(9, LONG).child(inner);
        system.spawn::<Supervisor>(outer).unwrap();
        // It sleeps until it is told to stop; what waits behind is there for the next life.
        b_handle.sleep(LONG).tell().unwrap();
        let waiting = b_handle.life().send().unwrap();
        assert!(a_handle.strike(Fault::Fails).ask().is_err());
        assert_eq!(waiting.wait().unwrap(), 2);
        assert_eq!(a_handle.life().ask().unwrap(), 2);
    });
}

#[test]
fn where_the_supervisor_is_not_restarted_its_childrens_askers_are_told() {
    everywhere(|system| {
        let (a, a_handle) = probe(system, "a");
        let (b, b_handle) = probe(system, "b");
        let inner = Supervisor::one_for_all()
            .intensity(0, LONG)
            .child(a)
            .child(b);
        let inner = system
            .spec::<Supervisor>(inner)
            .name("inner")
            .restart(Restart::Transient);
        let outer = system
            .spawn::<Supervisor>(Supervisor::one_for_one().child(inner))
            .unwrap();
        b_handle.sleep(LONG).tell().unwrap();
        let waiting = b_handle.life().send().unwrap();
        assert!(a_handle.strike(Fault::Fails).ask().is_err());
        assert!(matches!(waiting.wait(), Err(AskError::Stopped { .. })));
        b_handle.join();
        assert_eq!(states(&outer), [ChildState::Stopped]);
        outer.restart_child("inner").ask().unwrap().unwrap();
        assert_eq!(b_handle.life().ask().unwrap(), 2);
    });
}

#[test]
fn a_stop_before_the_first_start_holds() {
    everywhere(|system| {
        let (a, a_handle) = probe(system, "a");
        let (b, b_handle) = probe(system, "b");
        a_handle.stop();
        let plan = Supervisor::one_for_one().child(a).child(b);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        assert_eq!(
            states(&supervisor),
            [ChildState::Stopped, ChildState::Running(1)]
        );
        assert!(a_handle.echo(1).ask().is_err());
        b_handle.echo(1).ask().unwrap();
        supervisor.restart_child("a").ask().unwrap().unwrap();
        a_handle.echo(1).ask().unwrap();
    });
}

#[test]
fn children_of_a_simple_supervisor_stop_together() {
    /// Comes to its end once the other one does.
    struct Waits(Arc<AtomicUsize>);
    #[actor]
    impl Waits {
        fn nothing(&self) {}
    }
    impl Actor for Waits {
        type Args = Arc<AtomicUsize>;
        fn start(_: &mut Context<Self>, stopping: &Self::Args) -> Result<Self, Failure> {
            Ok(Waits(Arc::clone(stopping)))
        }
        fn stopping(&mut self, ctx: &mut Context<Self>, _: &ExitReason) -> Result<(), Failure> {
            self.0.fetch_add(1, Ordering::SeqCst);
            let gate = ctx.system().lookup::<GateMessage>("gate")?;
            while self.0.load(Ordering::SeqCst) < 3 {
                let _ = gate
                    .somebody_waits()
                    .timeout(Duration::from_millis(1))
                    .ask();
            }
            Ok(())
        }
    }
    everywhere(|system| {
        let _gate = system.spec::<Gate>(()).register("gate").spawn().unwrap();
        let supervisor = Supervisor::simple_one_for_one();
        let supervisor = system.spawn::<Supervisor>(supervisor).unwrap();
        let stopping = Arc::new(AtomicUsize::new(0));
        for _ in 0..3 {
            let spec = system
                .spec::<Waits>(Arc::clone(&stopping))
                .shutdown(Shutdown::Infinity);
            supervisor.start_child(spec).ask().unwrap().unwrap();
        }
        supervisor.stop();
        assert!(supervisor.join().is_normal());
    });
}

#[test]
fn calls_from_several_threads_are_all_answered_and_leave_a_whole_table() {
    const THREADS: usize = 4;
    const ROUNDS: usize = 60;
    let system = System::new("calls").unwrap();
    let supervisor =
        system.spawn::<Supervisor>(Supervisor::rest_for_one().intensity(usize::MAX, LONG));
    let supervisor = supervisor.unwrap();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (system, supervisor) = (&system, &supervisor);
            scope.spawn(move || {
                let mut random = thread as u64 + 1;
                for _ in 0..ROUNDS {
                    random ^= random << 13;
                    random ^= random >> 7;
                    random ^= random << 17;
                    let name = ["a", "b", "c", "d"][random as usize % 4];
                    match random / 4 % 6 {
                        0 | 1 => {
                            let spec = probe(system, name).0;
                            let _ = supervisor.start_child(spec).ask().unwrap();
                        }
                        2 => drop(supervisor.terminate_child(name).ask().unwrap()),
                        3 => drop(supervisor.restart_child(name).ask().unwrap()),
                        4 => drop(supervisor.delete_child(name).ask().unwrap()),
                        _ => {
                            if let Ok(child) = supervisor.child::<Probe>(name).ask().unwrap() {
                                let _ = child.strike(Fault::Fails).ask();
                            }
                        }
                    }
                }
            });
        }
    });
    // Nothing is left under way, no id is there twice, and what is said to run does.
    let mut children = supervisor.which_children().ask().unwrap();
    while children
        .iter()
        .any(|child| child.state == ChildState::Restarting)
    {
        children = supervisor.which_children().ask().unwrap();
    }
    let mut names: Vec<_> = children.iter().map(|child| child.actor.name()).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
    for child in &children {
        let handle = supervisor
            .child::<Probe>(child.actor.name())
            .ask()
            .unwrap()
            .unwrap();
        let runs = matches!(child.state, ChildState::Running(_));
        assert_eq!(handle.echo(7).ask().is_ok(), runs, "{child:?}");
    }
    assert!(system.shutdown().is_ok());
}
