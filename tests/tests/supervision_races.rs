//! Calls of several actors at a time, crashes, slow and failing starts, in any order: every call is
//! answered, nobody is left behind, and in the end the table is what the children are.

use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{ActorState, ChildState, SupervisorHandle};
use actor_tests::{line, on_threads, quiet_panics, under, under_faults};
use proptest::prelude::*;

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// What one caller does, and to which child.
#[derive(Clone, Copy, Debug)]
enum Call {
    Start { name: usize, child: ChildPlan },
    Terminate(usize),
    Restart(usize),
    Delete(usize),
    Crash(usize),
    Stop(usize),
    Drain(usize),
    Ask(usize),
    Read,
}

/// How long the starts of a child take, and how many of them fail after the first.
#[derive(Clone, Copy, Debug)]
struct ChildPlan {
    slow: u64,
    failing: u64,
    restart: Restart,
}

struct Child(ChildPlan);

#[actor]
impl Child {
    fn echo(&self, n: u64) -> u64 {
        n
    }
    #[message(fails)]
    fn crash(&mut self) -> Result<(), Failure> {
        Err("broken")?
    }
}

impl Actor for Child {
    type Args = ChildPlan;
    fn start(ctx: &mut Context<Self>, plan: &ChildPlan) -> Result<Self, Failure> {
        ctx.sleep(Duration::from_millis(plan.slow));
        let life = ctx.life();
        if life > 1 && life <= 1 + plan.failing {
            Err("not yet")?
        }
        Ok(Child(*plan))
    }
    fn stopping(&mut self, ctx: &mut Context<Self>, _: &ExitReason) -> Result<(), Failure> {
        ctx.sleep(Duration::from_millis(self.0.slow));
        Ok(())
    }
}

/// Makes calls, one after another.
struct Caller;

#[actor]
impl Caller {
    fn make(&mut self, ctx: &mut Context<Self>, to: SupervisorHandle, calls: Vec<Call>) -> usize {
        let mut answered = 0;
        for call in calls {
            let child = |name: usize| to.child::<Child>(NAMES[name]).ask().ok()?.ok();
            let done = match call {
                Call::Start { name, child } => {
                    let spec = ctx.system().spec::<Child>(child).name(NAMES[name]);
                    to.start_child(spec.restart(child.restart)).ask().is_ok()
                }
                Call::Terminate(name) => to.terminate_child(NAMES[name]).ask().is_ok(),
                Call::Restart(name) => to.restart_child(NAMES[name]).ask().is_ok(),
                Call::Delete(name) => to.delete_child(NAMES[name]).ask().is_ok(),
                Call::Read => to.which_children().ask().is_ok(),
                Call::Crash(name) => child(name).is_none_or(|it| it.crash().ask().is_err()),
                Call::Ask(name) => {
                    // It may have ended, but the answer is never another's.
                    child(name).is_none_or(|it| it.echo(7).ask().map_or(true, |n| n == 7))
                }
                Call::Stop(name) => {
                    child(name).into_iter().for_each(|it| it.stop());
                    true
                }
                Call::Drain(name) => {
                    child(name).into_iter().for_each(|it| it.drain());
                    true
                }
            };
            answered += usize::from(done);
        }
        answered
    }
}

impl Actor for Caller {
    type Args = ();
    fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
        Ok(Caller)
    }
}

fn child_plan() -> impl Strategy<Value = ChildPlan> {
    let restart = prop_oneof![
        Just(Restart::Permanent),
        Just(Restart::Transient),
        Just(Restart::Temporary)
    ];
    (0..4_u64, 0..3_u64, restart).prop_map(|(slow, failing, restart)| ChildPlan {
        slow,
        failing,
        restart,
    })
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let name = 0..NAMES.len();
    let call = prop_oneof![
        3 => (name.clone(), child_plan()).prop_map(|(name, child)| Call::Start { name, child }),
        2 => name.clone().prop_map(Call::Terminate),
        2 => name.clone().prop_map(Call::Restart),
        1 => name.clone().prop_map(Call::Delete),
        3 => name.clone().prop_map(Call::Crash),
        1 => name.clone().prop_map(Call::Stop),
        1 => name.clone().prop_map(Call::Drain),
        2 => name.prop_map(Call::Ask),
        1 => Just(Call::Read),
    ];
    prop::collection::vec(call, 0..12)
}

fn check(system: &SystemRef, strategy: u8, callers: &[Vec<Call>]) {
    let mut events = system.events();
    let plan = match strategy {
        0 => Supervisor::one_for_one(),
        1 => Supervisor::one_for_all(),
        _ => Supervisor::rest_for_one(),
    };
    let plan = plan.intensity(usize::MAX, Duration::MAX);
    let supervisor = system.spawn::<Supervisor>(plan).unwrap();
    let answers: Vec<_> = callers
        .iter()
        .map(|calls| {
            let caller = system.spawn::<Caller>(()).unwrap();
            caller
                .make(supervisor.clone(), calls.clone())
                .send()
                .unwrap()
        })
        .collect();
    for (calls, answered) in callers.iter().zip(answers) {
        assert_eq!(answered.wait().unwrap(), calls.len());
    }
    // What the handles were told may still be under way.
    let children = loop {
        let children = supervisor.which_children().ask().unwrap();
        let snapshot = supervisor.snapshot();
        let is = |child: &actor_core::ChildInfo| {
            let found = snapshot.children.iter().find(|it| it.actor == child.actor);
            match (child.state, found) {
                (ChildState::Running(life), Some(found)) => {
                    found.state == ActorState::Running && found.life == life
                }
                (ChildState::Stopped, Some(found)) => found.state == ActorState::Ended,
                _ => false,
            }
        };
        // A stop that was told overtakes the question.
        let answers = |child: &actor_core::ChildInfo| {
            let handle = supervisor.child::<Child>(child.actor.name()).ask().unwrap();
            let runs = matches!(child.state, ChildState::Running(_));
            handle.is_ok_and(|handle| handle.echo(1).ask().is_ok() == runs)
        };
        if children.iter().all(|child| is(child) && answers(child)) {
            break children;
        }
        // So that time passes, in a simulation too.
        assert!(supervisor.join_timeout(Duration::from_millis(1)).is_none());
    };
    let mut names: Vec<_> = children.iter().map(|child| child.actor.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), children.len(), "an id is there twice");
    supervisor.stop();
    supervisor.join();
    while let Some(event) = events.try_next() {
        assert!(!line(&event).contains("abandoned"), "{}", line(&event));
    }
}

fn cases(default: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|it| it.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(default),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn any_calls_in_any_schedule(
        seed in any::<u64>(),
        strategy in 0..3_u8,
        callers in prop::collection::vec(calls(), 1..4),
    ) {
        quiet_panics();
        under(seed).run(|system| check(system, strategy, &callers));
        under_faults(seed, &NAMES).run(|system| check(system, strategy, &callers));
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn any_calls_on_real_threads(
        strategy in 0..3_u8,
        callers in prop::collection::vec(calls(), 1..4),
    ) {
        on_threads(|system| check(system, strategy, &callers));
    }
}
