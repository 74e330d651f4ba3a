//! What a simulation finds by itself, what it injects, and how a failure is had again.

#![expect(
    clippy::disallowed_methods,
    reason = "the test's own threads, outside any system"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::simulation::{Exploration, Failed, Fault, Finding, Simulation, Strategy};
use actor_core::{MessageChannel, MessagePort, SharedArray, Waited};
use actor_tests::under;

const SECOND: Duration = Duration::from_secs(1);

/// Does what the tests need.
struct Doer {
    answers: Vec<ReplyTo<u32>>,
    cell: Arc<AtomicU64>,
}

#[actor]
impl Doer {
    /// Answers with the next number.
    fn echo(&mut self, n: u32) -> u32 {
        n + 1
    }

    /// Never answers.
    #[message(later)]
    fn never(&mut self, ctx: &mut Context<Self>) -> Later<u32> {
        let (later, reply) = ctx.later();
        self.answers.push(reply);
        later
    }

    /// Answers later, and does so at once.
    #[message(later)]
    fn at_once(&mut self, ctx: &mut Context<Self>) -> Later<u32> {
        let (later, reply) = ctx.later();
        reply.send(7);
        later
    }

    /// Tells another when the thread leaves.
    fn say_farewell(&mut self, to: DoerHandle) {
        FAREWELL.set(Some(Farewell(to)));
    }

    /// Panics.
    fn crash(&mut self) {
        panic!("a mistake");
    }

    /// Asks another, which may ask another.
    fn ask(&mut self, other: DoerHandle) -> Result<u32, AskError> {
        other.never().ask()
    }

    /// Tells itself the same for ever.
    fn run_on(&mut self, myself: DoerHandle) {
        let _ = myself.run_on(myself.clone()).tell();
    }

    /// Works until it is told to stop, and counts how often it looked.
    fn work(&mut self, ctx: &mut Context<Self>) -> u32 {
        let mut looked = 0;
        while !ctx.cancelled() {
            looked += 1;
        }
        looked
    }

    /// Reads, and writes what it has read and one, with a step between the two.
    fn increment(&mut self, step: DoerHandle) {
        let read = self.cell.load(Ordering::Relaxed);
        let _ = step.echo(0).ask();
        self.cell.store(read + 1, Ordering::Relaxed);
    }

    /// Does not come back until the test lets it.
    fn block(&mut self, until: std::sync::mpsc::Receiver<()>) {
        let _ = until.into_iter().next();
    }

    /// Waits at a port.
    fn receive(&mut self, port: MessagePort<(), u32>) -> Option<u32> {
        port.recv().ok()
    }

    /// Waits in a loop, as the pages say one should.
    fn wait_for(&mut self, array: SharedArray<u32>) -> u32 {
        while array.load(0) == 0 {
            array.wait(0, 0);
        }
        array.load(0)
    }
}

impl Actor for Doer {
    type Args = Arc<AtomicU64>;
    fn start(_: &mut Context<Self>, cell: &Self::Args) -> Result<Self, Failure> {
        Ok(Doer {
            answers: Vec::new(),
            cell: Arc::clone(cell),
        })
    }
}

fn doer(system: &System, name: &str) -> DoerHandle {
    let spec = system.spec::<Doer>(Arc::default()).name(name);
    spec.spawn().expect("it starts")
}

fn found(seed: u64, body: impl FnOnce(&System)) -> Failed {
    *Simulation::new(seed)
        .max_steps(20_000)
        .try_run(body)
        .expect_err("it fails")
}

#[test]
fn a_panic_of_an_actor_fails_the_run_though_nobody_looks() {
    let failed = found(1, |system| doer(system, "doer").crash().tell().unwrap());
    let Finding::Panic {
        thread,
        message,
        location,
    } = failed.finding()
    else {
        panic!("{failed}");
    };
    assert_eq!((&**thread, &**message), ("doer#1", "a mistake"));
    assert!(location.as_ref().unwrap().contains("simulation.rs"));
    let text = failed.to_string();
    assert!(text.contains("main    tells doer#1 to crash"), "{text}");
    assert!(text.contains("doer#1  handles crash"), "{text}");
    assert!(text.contains("ACTOR_SIM_SEED='1' cargo test"), "{text}");
}

#[test]
fn a_trace_says_who_posts_what_to_whom_and_long_names_stand_apart() {
    let run = Simulation::new(1).run(|system| {
        let doer = doer(system, "a-doer-with-a-long-name");
        let outlet = doer.port(DoerMessage::echo);
        outlet.try_post(1).unwrap();
        outlet.post(2).unwrap();
        doer.echo(3).ask().unwrap();
    });
    let text = run.trace.to_string();
    let posts = text.matches("main                       tells a-doer-with-a-long-name#1 to echo");
    assert_eq!(posts.count(), 2, "{text}");
    let handles = text.matches("  a-doer-with-a-long-name#1  handles echo");
    assert_eq!(handles.count(), 3, "{text}");
}

#[test]
fn a_panic_that_is_expected_fails_nothing() {
    let run = Simulation::new(1).expect_panics(|message| message == "a mistake");
    let reason = run.run(|system| {
        let doer = doer(system, "doer");
        doer.crash().tell().unwrap();
        doer.join()
    });
    assert!(matches!(reason.value, ExitReason::Panicked(_)));
}

#[test]
fn a_panic_of_the_test_itself_is_what_failed() {
    let failed = found(1, |system| {
        doer(system, "doer");
        assert_eq!(1 + 1, 3, "it does not add up");
    });
    let Finding::Panic {
        thread, message, ..
    } = failed.finding()
    else {
        panic!("{failed}");
    };
    assert!(thread == "main" && message.contains("it does not add up"));
}

#[test]
fn a_deadlock_names_who_waits_for_what() {
    let failed = found(3, |system| {
        let (one, two) = (doer(system, "one"), doer(system, "two"));
        let _ = one.ask(two).ask();
    });
    let text = failed.finding().to_string();
    assert!(text.starts_with("deadlock"), "{text}");
    for line in [
        "main waits for one#1's answer to ask",
        "one#1 waits for two#2's answer to never",
        "two#2 waits for a message",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
}

#[test]
fn every_kind_of_wait_has_its_name() {
    type Case = (&'static str, fn(&System));
    let cases: [Case; 6] = [
        ("main waits for the end of doer#1", |system| {
            doer(system, "doer").join();
        }),
        ("doer#1 waits for a u32 at a port", |system| {
            let ports = MessageChannel::<u32, ()>::new();
            let doer = doer(system, "doer");
            let _ = doer.receive(ports.port2).ask();
            drop(ports.port1);
        }),
        (
            "doer#1 waits for place 0 of a shared array to be notified",
            |system| {
                let _ = doer(system, "doer").wait_for(SharedArray::new(1)).ask();
            },
        ),
        ("main waits for the lock \"ledger\"", |system| {
            let _held = system.lock("ledger").acquire().unwrap();
            let _ = system.lock("ledger").acquire();
        }),
        (
            "main waits for room for echo in the mailbox of doer#1",
            |system| {
                let mut spec = system.spec::<Doer>(Arc::default()).name("doer").mailbox(1);
                let doer = spec.handle();
                doer.echo(1).tell().unwrap();
                doer.echo(1).tell().unwrap();
            },
        ),
        ("main waits for an event", |system| {
            system.events().next();
        }),
    ];
    for (line, body) in cases {
        let text = found(5, body).finding().to_string();
        assert!(text.contains(line), "{line} in\n{text}");
    }
}

#[test]
fn a_run_without_an_end_is_a_livelock() {
    let failed = found(1, |system| {
        let doer = doer(system, "doer");
        doer.run_on(doer.clone()).tell().unwrap();
        doer.join();
    });
    let Finding::Livelock { threads, .. } = failed.finding() else {
        panic!("{failed}");
    };
    assert_eq!(threads, &["doer#1"]);
}

#[test]
fn who_runs_for_long_does_not_starve_a_timer() {
    let run = Simulation::new(1).run(|system| {
        let doer = doer(system, "doer");
        doer.run_on(doer.clone()).tell().unwrap();
        assert!(doer.join_timeout(SECOND).is_none());
    });
    assert_eq!(run.elapsed, SECOND);
}

#[test]
fn a_thread_that_blocks_outside_the_library_is_found_by_the_real_clock() {
    let (let_go, until) = std::sync::mpsc::channel();
    let run = Simulation::new(1).watchdog(Duration::from_millis(50));
    let failed = run.try_run(|system| doer(system, "doer").block(until).ask().unwrap());
    let failed = failed.unwrap_err();
    assert!(
        matches!(failed.finding(), Finding::Stuck { thread, .. } if thread == "doer#1"),
        "{failed}"
    );
    drop(let_go);
}

#[test]
fn a_failed_run_takes_loops_that_wait_with_it() {
    // A loop around a wait would spin if the wait returned; all threads have left instead.
    let array = SharedArray::<u32>::new(1);
    let there = array.clone();
    let failed = found(1, move |system| {
        let doer = doer(system, "doer");
        let waiting = doer.wait_for(there).send().unwrap();
        doer_that_crashes(system);
        let _ = waiting.wait();
    });
    assert!(
        matches!(failed.finding(), Finding::Panic { .. }),
        "{failed}"
    );
    // The life that waited held the other clone.
    assert_eq!(array.wait(0, 1), Waited::NotEqual);
}

fn doer_that_crashes(system: &System) {
    doer(system, "other").crash().tell().unwrap();
}

#[test]
fn a_loop_that_looks_lets_the_clock_go_on() {
    let run = Simulation::new(1).run(|system| {
        let doer = doer(system, "doer");
        let looked = doer.work().send().unwrap();
        assert!(doer.join_timeout(SECOND).is_none());
        doer.stop();
        looked.wait().unwrap()
    });
    assert!(
        run.elapsed >= SECOND && run.elapsed < 2 * SECOND,
        "{:?}",
        run.elapsed
    );
    assert!(
        run.value > 900,
        "each look takes a millisecond: {}",
        run.value
    );
}

/// Two lives read a number and write it, one larger: one of the two is lost if they overlap.
fn lost_update(system: &System) {
    let cell = Arc::new(AtomicU64::new(0));
    let writer = |name| {
        let spec = system.spec::<Doer>(Arc::clone(&cell)).name(name);
        spec.spawn().unwrap()
    };
    let (one, two, step) = (writer("one"), writer("two"), doer(system, "step"));
    let both = [&one, &two].map(|each| each.increment(step.clone()).send().unwrap());
    for each in both {
        each.wait().unwrap();
    }
    assert_eq!(cell.load(Ordering::Relaxed), 2, "an update is lost");
}

#[test]
fn both_strategies_find_a_race_and_make_it_short() {
    for strategy in [Strategy::RandomWalk, Strategy::Pct { changes: 2 }] {
        let exploration = Exploration::new(1_000).each(move |run| run.strategy(strategy));
        let failed = exploration.search(lost_update).unwrap_err();
        let text = failed.to_string();
        assert!(text.contains("an update is lost"), "{text}");
        let turns = failed.seed().to_string();
        let turns = turns.split_once('@').unwrap().1.split(',').count();
        assert!(turns <= 3, "{strategy:?}: {text}");
        // What it says replays it.
        let seed = failed.seed().to_string().parse().unwrap();
        let again = Simulation::replay(&seed).try_run(lost_update).unwrap_err();
        assert_eq!(again.trace(), failed.trace());
        assert_eq!(again.finding(), failed.finding());
    }
}

#[test]
fn an_exploration_that_finds_nothing_says_how_much_it_tried() {
    let explored = Simulation::explore(20..30, |system| {
        doer(system, "doer").echo(1).ask().unwrap();
    });
    assert!(explored.runs == 10 && explored.steps > 100, "{explored:?}");
}

/// What becomes of one ask under a fault.
fn ask_under(fault: Fault) -> Result<u32, AskError> {
    let run = Simulation::new(11).fault(fault).run(|system| {
        let doer = doer(system, "doer");
        doer.echo(1).timeout(60 * SECOND).ask()
    });
    assert_eq!(run.struck, [1], "it struck");
    run.value
}

#[test]
fn a_crash_before_or_after_a_handler_fails_the_asker() {
    for fault in [Fault::crash_before("doer"), Fault::crash_after("doer")] {
        let error = ask_under(fault.at("echo")).unwrap_err();
        assert!(
            error.to_string().contains("injected by the simulation"),
            "{error}"
        );
    }
}

#[test]
fn a_crash_after_a_handler_comes_after_what_it_did() {
    for (fault, expected) in [
        (Fault::crash_before("doer"), 0),
        (Fault::crash_after("doer"), 1),
    ] {
        let cell = Arc::new(AtomicU64::new(0));
        Simulation::new(1).fault(fault).run(|system| {
            let spec = system.spec::<Doer>(Arc::clone(&cell)).name("doer");
            let doer = spec.spawn().unwrap();
            assert!(doer.increment(self::doer(system, "step")).ask().is_err());
        });
        assert_eq!(cell.load(Ordering::Relaxed), expected);
    }
}

#[test]
fn an_answer_can_be_lost_or_late() {
    let lost = ask_under(Fault::drop_answer("doer"));
    assert!(matches!(lost, Err(AskError::NoReply { .. })), "{lost:?}");
    assert_eq!(ask_under(Fault::delay_answer("doer", SECOND)).unwrap(), 2);
    let late = ask_under(Fault::delay_answer("doer", 61 * SECOND));
    assert!(matches!(late, Err(AskError::Timeout { .. })), "{late:?}");
}

#[test]
fn a_start_can_fail_some_times() {
    let fault = Fault::fail_start("doer").times(2);
    let run = Simulation::new(1).fault(fault).run(|system| {
        let start = || system.spec::<Doer>(Arc::default()).name("doer").spawn();
        [start().is_ok(), start().is_ok(), start().is_ok()]
    });
    assert_eq!((run.value, run.struck), ([false, false, true], vec![2]));
}

#[test]
fn a_handler_that_never_returns_is_left_behind_and_comes_back_late() {
    let fault = Fault::hang("doer").at("echo");
    let run = Simulation::new(1).fault(fault).run(|system| {
        let doer = doer(system, "doer");
        let asked = doer.echo(1).send().unwrap();
        // Before it has the message, there would be nothing to be stuck in.
        while doer.snapshot().mailbox > 0 {}
        let reason = doer.terminate(SECOND);
        (reason.to_string(), asked.wait())
    });
    let (reason, answer) = run.value;
    assert!(reason.contains("abandoned"), "{reason}");
    assert!(matches!(answer, Err(AskError::Failed { .. })), "{answer:?}");
}

#[test]
fn a_handler_that_never_returns_and_that_nobody_ends_is_a_deadlock() {
    let run = Simulation::new(1).fault(Fault::hang("doer"));
    let failed = run.try_run(|system| doer(system, "doer").echo(1).ask());
    let text = failed.unwrap_err().to_string();
    assert!(
        text.contains(
            "doer#1 waits for the end of an injected fault: no end of any message of doer"
        ),
        "{text}"
    );
}

#[test]
fn a_mailbox_can_be_full() {
    for (overflow, is_sent, lost, waits) in [
        (Overflow::Block, true, 0, true),
        (Overflow::Reject, false, 0, false),
        (Overflow::DropNewest, true, 1, false),
        (Overflow::DropOldest, true, 1, false),
    ] {
        let fault = Fault::full_mailbox("doer").at("echo");
        // Where the oldest is to make room, there must be one first.
        let fault = fault.after(u64::from(overflow != Overflow::DropOldest));
        let run = Simulation::new(1).fault(fault).run(|system| {
            let spec = system.spec::<Doer>(Arc::default()).name("doer");
            let mut spec = spec.overflow(overflow);
            let doer = spec.handle();
            doer.echo(1).tell().unwrap();
            let is_sent = doer.echo(2).tell().is_ok();
            let lost: u64 = doer.snapshot().dead_letters.values().sum();
            (is_sent, lost)
        });
        let expected = ((is_sent, lost), vec![1]);
        assert_eq!((run.value, run.struck), expected, "{overflow:?}");
        assert_eq!(run.elapsed > Duration::ZERO, waits, "{overflow:?}");
    }
}

#[test]
fn a_mailbox_without_a_bound_is_never_full() {
    let fault = Fault::full_mailbox("doer").times(100);
    let run = Simulation::new(1).fault(fault).run(|system| {
        let spec = system.spec::<Doer>(Arc::default()).name("doer").unbounded();
        spec.spawn().unwrap().echo(1).ask().unwrap()
    });
    assert_eq!((run.value, run.struck), (2, vec![0]));
}

#[test]
fn an_answer_that_comes_later_can_be_lost_or_late_too() {
    let ask = |fault| {
        let run = Simulation::new(1).fault(fault).run(|system| {
            let doer = doer(system, "doer");
            doer.at_once().timeout(60 * SECOND).ask()
        });
        assert_eq!(run.struck, [1]);
        (run.value, run.elapsed)
    };
    let (lost, _) = ask(Fault::drop_answer("doer"));
    assert!(matches!(lost, Err(AskError::NoReply { .. })), "{lost:?}");
    let (late, elapsed) = ask(Fault::delay_answer("doer", SECOND));
    assert_eq!((late.unwrap(), elapsed), (7, SECOND));
}

#[test]
fn a_system_that_is_made_inside_is_a_part_of_it() {
    let run = Simulation::new(1).run(|_| {
        let system = System::builder("inner").build().unwrap();
        let doer = doer(&system, "doer");
        assert!(doer.join_timeout(3_600 * SECOND).is_none());
        system.shutdown().unwrap();
    });
    assert_eq!(run.elapsed, 3_600 * SECOND);
    assert!(run.trace.to_string().contains("doer#1"), "{}", run.trace);
}

#[test]
fn a_plain_thread_that_uses_the_system_fails_the_run() {
    let failed = found(1, |system| {
        let doer = doer(system, "doer");
        let plain = std::thread::Builder::new().name("plain".to_owned());
        let asks = plain.spawn(move || doer.echo(1).ask()).unwrap();
        asks.join().unwrap_err();
    });
    let text = failed.finding().to_string();
    assert!(
        text.starts_with("plain panicked: it does not belong to this simulation"),
        "{text}"
    );
}

/// Tells an actor when its thread leaves.
struct Farewell(DoerHandle);

impl Drop for Farewell {
    fn drop(&mut self) {
        let _ = self.0.echo(1).tell();
    }
}

thread_local! {
    static FAREWELL: std::cell::RefCell<Option<Farewell>> = const { std::cell::RefCell::new(None) };
}

#[test]
fn a_thread_local_may_send_when_its_thread_leaves() {
    Simulation::new(1).run(|system| {
        let (one, two) = (doer(system, "one"), doer(system, "two"));
        one.say_farewell(two).ask().unwrap();
        one.stop();
        one.join();
    });
}

#[test]
fn a_failure_is_made_short_only_as_the_same_failure() {
    // Both are found at one place, and the second in fewer turns.
    #[track_caller]
    fn check(holds: bool, what: &str) {
        assert!(holds, "{what}");
    }
    let body = |system: &System| {
        let cell = Arc::new(AtomicU64::new(0));
        let order = Arc::clone(&cell);
        let writer = |name| {
            let spec = system.spec::<Doer>(Arc::clone(&order)).name(name);
            spec.spawn().unwrap()
        };
        let (one, two, step) = (writer("one"), writer("two"), doer(system, "step"));
        let both = [&one, &two].map(|each| each.increment(step.clone()).send().unwrap());
        for each in both {
            each.wait().unwrap();
        }
        check(cell.load(Ordering::Relaxed) == 2, "an update is lost");
        check(false, "this is so in any case");
    };
    for seed in 0..20 {
        let alone = Simulation::new(seed).try_run(body).unwrap_err();
        let explored = Exploration::new(seed..=seed).search(body).unwrap_err();
        let message = |failed: &Failed| match failed.finding() {
            Finding::Panic { message, .. } => message.clone(),
            other => panic!("{other}"),
        };
        assert_eq!(message(&explored), message(&alone), "seed {seed}");
    }
}

#[test]
fn what_the_seed_does_not_decide_is_said_to_be_so() {
    let runs = AtomicU64::new(0);
    let failed = Exploration::new(10).search(|system| {
        doer(system, "doer").echo(1).ask().unwrap();
        assert!(runs.fetch_add(1, Ordering::Relaxed) != 3, "only once");
    });
    let text = failed.unwrap_err().to_string();
    assert!(text.contains("it did not come again"), "{text}");
}

#[test]
fn a_livelock_names_who_waits_beside_it() {
    let failed = found(1, |system| {
        let (busy, other) = (doer(system, "busy"), doer(system, "other"));
        busy.run_on(busy.clone()).tell().unwrap();
        let _ = other.never().ask();
    });
    let text = failed.finding().to_string();
    assert!(
        text.contains("main waits for other#2's answer to never"),
        "{text}"
    );
}

#[test]
fn a_panicking_expectation_is_no_expectation() {
    let run = Simulation::new(1).expect_panics(|_| panic!("in the expectation"));
    let failed = run.try_run(|system| doer(system, "doer").crash().tell().unwrap());
    let finding = failed.unwrap_err().finding().to_string();
    assert!(finding.contains("a mistake"), "{finding}");
}

#[test]
#[should_panic(expected = "there are no seeds to explore")]
fn no_seeds_are_no_test() {
    #[expect(clippy::reversed_empty_ranges, reason = "a mistake that users make")]
    Simulation::explore(9..3, |_| {});
}

#[test]
fn seeds_may_be_many_and_end_where_numbers_do() {
    let last = Simulation::explore(u64::MAX..=u64::MAX, |_| {});
    assert_eq!(last.runs, 1);
    let failed = Exploration::new(0..u64::MAX).search(|_| panic!("at once"));
    assert_eq!(failed.unwrap_err().seeds_tried(), 1);
}

#[test]
fn chance_and_count_decide_when_a_fault_strikes() {
    let fault = Fault::drop_answer("doer").at("echo").after(2).times(3);
    let run = Simulation::new(1).fault(fault).run(|system| {
        let doer = doer(system, "doer");
        let asks = (0..8).map(|n| doer.echo(n).ask().is_ok());
        asks.collect::<Vec<_>>()
    });
    let expected = [true, true, false, false, false, true, true, true];
    assert_eq!(run.value, expected);

    let struck = |seed| {
        let fault = Fault::drop_answer("doer").times(1_000).one_in(4);
        let run = Simulation::new(seed).fault(fault).run(|system| {
            let doer = doer(system, "doer");
            for n in 0..200 {
                let _ = doer.echo(n).ask();
            }
        });
        run.struck[0]
    };
    assert!((25..80).contains(&struck(1)), "{}", struck(1));
    assert_eq!(struck(1), struck(1));
}

#[test]
#[should_panic(expected = "the loss of the answer to dore's echo: it struck in none of 5 runs")]
fn a_fault_whose_names_match_nothing_is_an_error() {
    Exploration::new(5)
        .each(|run| run.fault(Fault::drop_answer("dore").at("echo")))
        .run(|system| {
            doer(system, "doer").echo(1).ask().unwrap();
        });
}

/// Something of everything: asks, restarts, timeouts, ports, arrays, locks.
fn everything(system: &System) {
    let mut child = system.spec::<Doer>(Arc::default()).name("worker");
    let worker = child.handle();
    let plan = Supervisor::one_for_one().child(child);
    system.spawn::<Supervisor>(plan).unwrap();
    let (one, two) = (doer(system, "one"), doer(system, "two"));
    let ports = MessageChannel::<u32, ()>::bounded(1);
    let array = SharedArray::<u32>::new(1);
    let received = one.receive(ports.port2).send().unwrap();
    let waited = two.wait_for(array.clone()).send().unwrap();
    let asks: Vec<_> = (0..3).map(|n| worker.echo(n).send().unwrap()).collect();
    ports.port1.post(7).unwrap();
    let guard = system.lock("ledger").acquire().unwrap();
    array.store(0, 7);
    array.notify(0, 1);
    drop(guard);
    for ask in asks {
        let _ = ask.wait();
    }
    assert_eq!(received.wait().unwrap(), Some(7));
    assert_eq!(waited.wait().unwrap(), 7);
    let _ = worker.never().timeout(SECOND).ask();
}

#[test]
fn one_seed_gives_one_trace_on_two_cores_and_on_one() {
    let traces = || -> Vec<_> {
        let trace = |seed| {
            let run = under(seed).fault(Fault::crash_before("worker").one_in(2));
            run.run(everything).trace
        };
        (0..1_000).map(trace).collect()
    };
    let on_all = traces();
    let on_one = std::thread::spawn(move || {
        let core = core_affinity::get_core_ids().unwrap()[0];
        assert!(
            core_affinity::set_for_current(core),
            "one core is to be had"
        );
        // Threads inherit it.
        traces()
    });
    let on_one = on_one.join().unwrap();
    for (seed, (all, one)) in on_all.iter().zip(&on_one).enumerate() {
        assert_same(seed, &all.to_string(), &one.to_string());
        assert_eq!(all, one, "seed {seed}: the same events, another schedule");
    }
    let distinct: std::collections::BTreeSet<_> = on_all.iter().map(ToString::to_string).collect();
    assert!(distinct.len() > 500, "only {} are distinct", distinct.len());
}

fn assert_same(seed: usize, one: &str, other: &str) {
    if one != other {
        let diff = similar::TextDiff::from_lines(one, other);
        panic!("seed {seed}:\n{}", diff.unified_diff());
    }
}
