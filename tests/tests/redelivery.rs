//! Messages that a life failed with, overflow policies, and the count of what was lost.

use std::time::Duration;

use actor_core::DeadLetterCause;
use actor_core::prelude::*;
use actor_tests::probe::{Gate, GateHandle};
use actor_tests::{Log, everywhere, everywhere_leaving, lines};

const PERIOD: Duration = Duration::from_secs(5);

/// Fails with a message as often as it says, counted over lives.
struct Worker {
    log: Log,
}

#[actor(derive(Clone))]
impl Worker {
    fn work(&mut self, name: String, failures: usize) -> usize {
        self.log.note(name.clone());
        let tried = self
            .log
            .notes()
            .iter()
            .filter(|note| **note == name)
            .count();
        assert!(tried > failures, "attempt {tried} at {name}");
        tried
    }
    fn wait(&mut self, gate: GateHandle) {
        let _ = gate.pass().ask();
    }
    #[message(later)]
    fn promise(&mut self, ctx: &mut Context<Self>, keep: bool) -> Later<u8> {
        let (later, reply) = ctx.later();
        self.log.note("promise");
        assert!(!keep, "it fails before it has returned its promise");
        drop(reply);
        later
    }
}

impl Actor for Worker {
    type Args = Log;
    fn start(_ctx: &mut Context<Self>, log: &Log) -> Result<Self, Failure> {
        Ok(Worker { log: log.clone() })
    }
}

fn supervised(system: &SystemRef, log: &Log, times: u32) -> WorkerHandle {
    let mut spec = system
        .spec::<Worker>(log.clone())
        .name("w")
        .redeliver(times);
    let handle = spec.handle();
    let plan = Supervisor::one_for_one().intensity(20, PERIOD).child(spec);
    system.spawn::<Supervisor>(plan).unwrap();
    handle
}

#[test]
fn the_next_life_gets_the_message_again_first_and_its_asker_waits() {
    everywhere(|system| {
        let log = Log::new();
        let worker = supervised(system, &log, 2);
        let first = worker.work("a".into(), 2).send().unwrap();
        let second = worker.work("b".into(), 0).send().unwrap();
        assert_eq!((first.wait().unwrap(), second.wait().unwrap()), (3, 1));
        assert_eq!(log.notes(), ["a", "a", "a", "b"]);
        assert!(worker.snapshot().dead_letters.is_empty());
        assert_eq!(worker.snapshot().handled, 2);
    });
}

#[test]
fn used_up_it_is_a_dead_letter_and_its_asker_is_told() {
    everywhere(|system| {
        let log = Log::new();
        let worker = supervised(system, &log, 2);
        let mut events = system.events();
        let error = worker.work("a".into(), 9).ask().unwrap_err();
        assert!(matches!(error, AskError::Failed { life: 3, .. }), "{error}");
        assert_eq!(worker.work("b".into(), 0).ask().unwrap(), 1);
        let cause = DeadLetterCause::RedeliveryUsedUp;
        assert_eq!(worker.snapshot().dead_letters[&cause], 1);
        let letters = lines(&mut events);
        let letters = letters
            .iter()
            .filter(|line| line.contains("dead letter") || line.contains("redelivered"));
        assert_eq!(
            letters.collect::<Vec<_>>(),
            [
                "w 1 redelivered work 1",
                "w 2 redelivered work 2",
                "w 3 dead letter work RedeliveryUsedUp",
            ]
        );
    });
}

#[test]
fn without_a_restart_nothing_is_redelivered() {
    everywhere(|system| {
        let log = Log::new();
        let spec = system.spec::<Worker>(log.clone()).redeliver(5);
        let worker = spec.spawn().unwrap();
        assert!(worker.work("a".into(), 1).ask().is_err());
        worker.join();
        assert_eq!(log.notes(), ["a"]);
        assert_eq!(worker.snapshot().dead_letters[&DeadLetterCause::Failed], 1);
    });
}

#[test]
fn a_temporary_child_redelivers_nothing() {
    everywhere(|system| {
        let log = Log::new();
        let mut spec = system
            .spec::<Worker>(log.clone())
            .redeliver(5)
            .restart(Restart::Temporary);
        let worker = spec.handle();
        system
            .spawn::<Supervisor>(Supervisor::one_for_one().child(spec))
            .unwrap();
        let error = worker.work("a".into(), 9).ask().unwrap_err();
        assert!(matches!(error, AskError::Failed { .. }), "{error}");
        worker.join();
        assert_eq!(log.notes(), ["a"]);
    });
}

#[test]
fn a_supervisor_that_gives_up_answers_who_waits_for_redelivery() {
    everywhere(|system| {
        let log = Log::new();
        let mut spec = system.spec::<Worker>(log.clone()).redeliver(5);
        let worker = spec.handle();
        let plan = Supervisor::one_for_one().intensity(1, PERIOD).child(spec);
        system.spawn::<Supervisor>(plan).unwrap();
        let error = worker.work("a".into(), 9).ask().unwrap_err();
        assert!(
            matches!(
                error,
                AskError::Stopped {
                    reason: Some(ExitReason::Panicked(_)),
                    ..
                }
            ),
            "{error}"
        );
        assert_eq!(log.notes(), ["a", "a"]);
        worker.join();
        assert_eq!(worker.snapshot().dead_letters[&DeadLetterCause::Stopped], 1);
    });
}

#[test]
fn a_stuck_message_goes_to_the_next_life_too() {
    everywhere_leaving(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let worker = supervised(system, &Log::new(), 1);
        let waiting = worker.wait(gate.clone()).send().unwrap();
        gate.somebody_waits().ask().unwrap();
        assert!(matches!(
            worker.terminate(Duration::ZERO),
            ExitReason::Abandoned
        ));
        gate.open().tell().unwrap();
        waiting.wait().unwrap();
        assert_eq!(
            worker.snapshot().handled,
            1,
            "the life that was left behind counts nothing"
        );
    });
}

#[test]
fn a_message_whose_way_back_was_taken_is_not_redelivered() {
    everywhere(|system| {
        let log = Log::new();
        let worker = supervised(system, &log, 1);
        let error = worker.promise(true).ask().unwrap_err();
        assert!(matches!(error, AskError::Failed { .. }), "{error}");
        assert_eq!(log.notes(), ["promise"]);
        assert_eq!(worker.snapshot().dead_letters[&DeadLetterCause::Failed], 1);
        assert!(matches!(
            worker.promise(false).ask(),
            Err(AskError::NoReply { .. })
        ));
    });
}

#[test]
fn drop_oldest_and_drop_newest_answer_whom_they_evict() {
    everywhere(|system| {
        for (overflow, kept) in [
            (Overflow::DropOldest, ["c", "d"]),
            (Overflow::DropNewest, ["a", "b"]),
        ] {
            let gate = system.spawn::<Gate>(()).unwrap();
            let log = Log::new();
            let spec = system
                .spec::<Worker>(log.clone())
                .mailbox(2)
                .overflow(overflow);
            let worker = spec.spawn().unwrap();
            worker.wait(gate.clone()).tell().unwrap();
            gate.somebody_waits().ask().unwrap();
            let asks: Vec<_> = ["a", "b", "c", "d"]
                .map(|name| worker.work(name.into(), 0).send().unwrap())
                .into();
            gate.open().tell().unwrap();
            let answers: Vec<_> = asks.into_iter().map(|ask| ask.wait().is_ok()).collect();
            assert_eq!(answers.iter().filter(|ok| **ok).count(), 2);
            assert_eq!(log.notes(), kept);
            assert_eq!(
                worker.snapshot().dead_letters[&DeadLetterCause::Overflow],
                2
            );
            assert_eq!(worker.snapshot().mailbox, 0);
        }
    });
}
