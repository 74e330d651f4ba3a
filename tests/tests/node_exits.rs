//! How an actor ends and what is told of it, in which order. A number is that of a behaviour in
//! the guide's page on Node.

use std::panic::catch_unwind;
use std::sync::Arc;
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{MessagePort, RecvError};
use actor_tests::probe::{Fault, Plan, Probe};
use actor_tests::{LONG, Log, everywhere, lines};

/// What it does in a handler, or in `stopping`.
#[derive(Clone, Copy, Debug)]
enum Step {
    Exit(i32),
    Fail(&'static str),
    Panic(&'static str),
    /// Something panics, and it handles that itself.
    Handled,
}

type Steps = &'static [Step];

fn act(ctx: &mut Context<Talker>, steps: Steps) -> Result<(), Failure> {
    for step in steps {
        match step {
            Step::Exit(code) => ctx.exit(*code),
            Step::Fail(text) => Err(*text)?,
            Step::Panic(text) => panic!("{text}"),
            Step::Handled => assert!(catch_unwind(|| panic!("handled")).is_err()),
        }
    }
    Ok(())
}

/// Posts numbers to an observer, ticks, and ends as it is told.
struct Talker {
    args: Args,
}

#[derive(Clone)]
struct Args {
    log: Log,
    port: Arc<MessagePort<u64, u64>>,
    stopping: Steps,
}

#[actor]
impl Talker {
    fn say(&self, n: u64) {
        self.args.port.post(n).expect("somebody listens");
    }
    #[message(fails)]
    fn act(&mut self, ctx: &mut Context<Self>, steps: Steps) -> Result<(), Failure> {
        self.args.log.note("acts");
        act(ctx, steps)
    }
    fn tick(&mut self) {
        self.args.log.note("tick");
    }
    /// Leaves, with a timer that is due and a port that is full behind it.
    fn leave(&mut self, ctx: &mut Context<Self>, full: MessagePort<u64, u64>) {
        self.args.log.note("acts");
        ctx.send_after(Duration::ZERO, TalkerMessage::tick());
        ctx.attach(&full, TalkerMessage::say)
            .expect("nobody else has it");
        ctx.exit(3);
    }
}

impl Actor for Talker {
    type Args = Args;
    fn start(ctx: &mut Context<Self>, args: &Args) -> Result<Self, Failure> {
        ctx.every(Duration::from_millis(1), TalkerMessage::tick);
        Ok(Talker { args: args.clone() })
    }
    fn stopping(&mut self, ctx: &mut Context<Self>, _: &ExitReason) -> Result<(), Failure> {
        self.args.log.note("stopping");
        act(ctx, self.args.stopping)
    }
}

fn talker(system: &SystemRef, log: &Log, stopping: Steps) -> (TalkerHandle, MessagePort<u64, u64>) {
    let MessageChannel { port1, port2 } = MessageChannel::new();
    let args = Args {
        log: log.clone(),
        port: Arc::new(port1),
        stopping,
    };
    let spec = system.spec::<Talker>(args).name("talker");
    (spec.spawn().unwrap(), port2)
}

/// What was posted, to the end.
fn heard(port: &MessagePort<u64, u64>) -> Vec<u64> {
    let heard = std::iter::from_fn(|| port.try_recv().ok()).collect();
    assert_eq!(port.try_recv(), Err(RecvError::Closed));
    heard
}

/// The events that are no dead letters.
fn milestones(events: &mut Events) -> Vec<String> {
    let mut lines = lines(events);
    lines.retain(|line| !line.contains("dead letter"));
    lines
}

const ODD: &str = "it broke:\n\t\"quoted\" {braces} – ünïcode 🙂";

#[test]
fn a1_a_failure_comes_after_all_messages_with_its_text_and_nothing_runs_after_it() {
    let failing: [Steps; 2] = [&[Step::Fail(ODD)], &[Step::Panic(ODD)]];
    for fails in failing {
        everywhere(|system| {
            let log = Log::new();
            let mut events = system.events();
            let (talker, port) = talker(system, &log, &[]);
            for n in 0..3 {
                talker.say(n).tell().unwrap();
            }
            talker.act(fails).tell().unwrap();
            // It may have ended by now.
            let _ = talker.say(99).tell();
            let reason = talker.join();
            match &reason {
                ExitReason::Failed(failure) => assert_eq!(failure.to_string(), ODD),
                ExitReason::Panicked(panic) => assert_eq!(panic.message(), ODD),
                other => panic!("{other}"),
            }
            assert_eq!(reason.code(), 1);
            let expected = [
                "talker 1 started".to_owned(),
                "talker 1 failed".to_owned(),
                format!("talker 1 exited ({reason})"),
            ];
            assert_eq!(milestones(&mut events), expected);
            assert_eq!(heard(&port), [0, 1, 2]);
            let notes = log.notes();
            assert_eq!(notes[notes.len() - 2..], ["acts", "stopping"]);
            let clock = system.spawn::<Probe>(Plan::new(&Log::new(), "clock"));
            let clock = clock.unwrap();
            assert!(clock.sleep(Duration::from_millis(5)).ask().unwrap());
            assert_eq!(log.notes(), notes, "no tick comes any more");
        });
    }
}

#[test]
fn a2_the_exit_code_is_the_first_one_asked_for_unless_something_fails() {
    use Step::{Exit, Fail, Handled, Panic};
    let cases: [(Steps, Steps, i32); 15] = [
        (&[Exit(42)], &[], 42),
        (&[Exit(0)], &[], 0),
        (&[Exit(-1)], &[], -1),
        (&[Exit(99), Exit(42)], &[], 99),
        (&[Exit(99), Exit(0)], &[], 99),
        (&[Exit(0), Exit(99)], &[], 0),
        (&[Exit(42), Fail("late")], &[], 1),
        (&[Exit(42), Panic("late")], &[], 1),
        (&[Exit(42)], &[Exit(98)], 42),
        (&[Exit(0)], &[Exit(98)], 0),
        (&[Fail("broken")], &[Exit(0)], 1),
        (&[Exit(42)], &[Fail("at last")], 1),
        (&[Exit(0)], &[Panic("at last")], 1),
        (&[Handled, Exit(0)], &[], 0),
        (&[Handled, Exit(97)], &[], 97),
    ];
    for (steps, stopping, code) in cases {
        everywhere(|system| {
            let mut events = system.events();
            let (talker, _port) = talker(system, &Log::new(), stopping);
            talker.act(steps).tell().unwrap();
            assert_eq!(talker.join().code(), code, "{steps:?}, {stopping:?}");
            let exited = events.by_ref().find_map(|event| match event.kind {
                EventKind::Exited { code, .. } => Some(code),
                _ => None,
            });
            assert_eq!(exited, Some(code), "{steps:?}, {stopping:?}");
        });
    }
}

#[test]
fn a2_a_stopping_that_fails_after_a_failure_replaces_the_reason() {
    everywhere(|system| {
        let (talker, _port) = talker(system, &Log::new(), &[Step::Fail("the second")]);
        talker.act(&[Step::Fail("the first")]).tell().unwrap();
        assert_eq!(talker.join().to_string(), "failed: the second");
    });
}

#[test]
fn a3_no_hook_turns_a_failure_into_a_code() {
    everywhere(|system| {
        let mut events = system.events();
        let plan = Plan {
            stopping: Fault::Exits(42),
            ..Plan::new(&Log::new(), "a")
        };
        let a = system.spec::<Probe>(plan).name("a").spawn().unwrap();
        a.strike(Fault::Fails).tell().unwrap();
        assert_eq!(a.join().code(), 1);
        let expected = [
            "a 1 started",
            "a 1 failed",
            "a 1 exited (failed: handler fails)",
        ];
        assert_eq!(milestones(&mut events), expected);
    });
}

#[test]
fn a8_after_an_exit_no_timer_and_no_port_runs_either() {
    everywhere(|system| {
        let log = Log::new();
        let (talker, port) = talker(system, &log, &[]);
        let MessageChannel { port1, port2 } = MessageChannel::new();
        for n in 0..3 {
            port1.post(n).unwrap();
        }
        talker.leave(port2).tell().unwrap();
        assert_eq!(talker.join().code(), 3);
        assert_eq!(heard(&port), []);
        // It may have ticked before.
        let notes = log.notes();
        assert_eq!(notes[notes.len() - 2..], ["acts", "stopping"]);
    });
}

#[test]
fn a44_messages_come_before_the_end_however_it_ends() {
    fn acts(talker: &TalkerHandle, steps: Steps) {
        talker.act(steps).tell().unwrap();
    }
    type End = fn(&TalkerHandle);
    let ends: [(&str, End); 7] = [
        ("exited (normal)", |it| acts(it, &[Step::Exit(0)])),
        ("exited (exit code 7)", |it| acts(it, &[Step::Exit(7)])),
        ("exited (failed: broken)", |it| {
            acts(it, &[Step::Fail("broken")])
        }),
        ("exited (panicked: broken", |it| {
            acts(it, &[Step::Panic("broken")])
        }),
        ("exited (terminated)", |it| drop(it.terminate(LONG))),
        ("exited (shutdown)", |it| it.stop()),
        ("exited (shutdown)", |it| it.drain()),
    ];
    for (end, how) in ends {
        everywhere(|system| {
            let mut events = system.events();
            let (talker, port) = talker(system, &Log::new(), &[]);
            for n in 0..5 {
                talker.say(n).ask().unwrap();
            }
            how(&talker);
            let mut seen = Vec::new();
            for event in events.by_ref() {
                seen.push(actor_tests::line(&event));
                if let EventKind::Exited { .. } = event.kind {
                    break;
                }
            }
            // When its exit is told, all that it said is there.
            assert_eq!(heard(&port), [0, 1, 2, 3, 4]);
            talker.join();
            seen.extend(milestones(&mut events));
            seen.retain(|line| !line.contains("dead letter"));
            let fails = end.contains("broken");
            assert_eq!(seen.len(), if fails { 3 } else { 2 }, "{seen:?}");
            assert_eq!(seen[0], "talker 1 started");
            assert_eq!(seen[1] == "talker 1 failed", fails);
            assert!(seen.last().unwrap().contains(end), "{seen:?}");
        });
    }
}
