//! Telling, asking, answering later; order, bounds and deadlines.

use std::time::Duration;

use actor_core::SendErrorKind;
use actor_core::prelude::*;
use actor_tests::probe::{Fault, Gate, GateHandle, Plan, Probe, ProbeHandle};
use actor_tests::{Log, everywhere, on_threads, simulated};

const SHORT: Duration = Duration::from_millis(20);

fn probe(system: &SystemRef, log: &Log) -> ProbeHandle {
    system.spec::<Probe>(Plan::new(log, "a")).spawn().unwrap()
}

/// An actor whose handler stands at a gate, its mailbox empty.
fn held(system: &SystemRef, capacity: usize, overflow: Overflow) -> (ProbeHandle, GateHandle) {
    let gate = system.spawn::<Gate>(()).unwrap();
    let plan = Plan::new(&Log::new(), "held");
    let spec = system
        .spec::<Probe>(plan)
        .mailbox(capacity)
        .overflow(overflow);
    let held = spec.spawn().unwrap();
    held.pass(gate.clone()).tell().unwrap();
    gate.somebody_waits().ask().unwrap();
    (held, gate)
}

#[test]
fn messages_of_one_sender_arrive_in_order() {
    everywhere(|system| {
        let log = Log::new();
        let target = probe(system, &log);
        let senders: Vec<_> = (0..3).map(|_| probe(system, &Log::new())).collect();
        let mut sent = Vec::new();
        for n in 0..20 {
            for (s, sender) in senders.iter().enumerate() {
                sent.push(
                    sender
                        .forward(target.clone(), format!("{s} {n}"))
                        .send()
                        .unwrap(),
                );
            }
        }
        sent.into_iter()
            .for_each(|sent| sent.wait().unwrap().unwrap());
        target.echo(0).ask().unwrap();
        for s in 0..3 {
            let of_sender = log
                .notes()
                .into_iter()
                .filter(|note| note.starts_with(&format!("{s} ")));
            let expected: Vec<_> = (0..20).map(|n| format!("{s} {n}")).collect();
            assert_eq!(of_sender.collect::<Vec<_>>(), expected);
        }
    });
}

#[test]
fn a_full_mailbox_rejects_and_hands_the_message_back() {
    everywhere(|system| {
        let (held, gate) = held(system, 3, Overflow::Reject);
        for n in 0..3 {
            held.echo(n).tell().unwrap();
        }
        assert_eq!(held.snapshot().mailbox, 3);
        let error = held.note("kept".into()).tell().unwrap_err();
        assert_eq!(error.kind(), SendErrorKind::Full);
        assert!(error.to_string().contains("mailbox is full"), "{error}");
        assert!(matches!(
            error.into_message(),
            actor_tests::probe::ProbeMessage::Note { what } if what == "kept"
        ));
        assert!(matches!(held.echo(1).ask(), Err(AskError::Full { .. })));
        gate.open().tell().unwrap();
        // Three were accepted; once they are begun there is room again.
        while held.snapshot().mailbox > 0 {
            let _ = held.echo(0).timeout(SHORT).ask();
        }
        assert_eq!(held.echo(7).ask().unwrap(), 7);
    });
}

#[test]
fn try_tell_never_waits() {
    everywhere(|system| {
        let (held, gate) = held(system, 1, Overflow::Block);
        held.echo(1).try_tell().unwrap();
        assert_eq!(
            held.echo(2).try_tell().unwrap_err().kind(),
            SendErrorKind::Full
        );
        gate.open().tell().unwrap();
    });
}

#[test]
fn a_full_mailbox_blocks_until_there_is_room() {
    everywhere(|system| {
        let (held, gate) = held(system, 1, Overflow::Block);
        let log = Log::new();
        let sender = probe(system, &log);
        held.echo(1).tell().unwrap();
        let blocked = sender.forward(held.clone(), "late".into()).send().unwrap();
        gate.open().tell().unwrap();
        blocked.wait().unwrap().unwrap();
        assert_eq!(held.echo(2).ask().unwrap(), 2);
        assert_eq!(held.snapshot().handled, 4);
    });
}

#[test]
fn a_blocked_sender_gives_up_at_its_deadline_and_when_the_actor_ends() {
    everywhere(|system| {
        let (held, gate) = held(system, 1, Overflow::Block);
        held.echo(1).tell().unwrap();
        let error = held.echo(2).timeout(SHORT).tell().unwrap_err();
        assert_eq!(error.kind(), SendErrorKind::Timeout);
        let sender = probe(system, &Log::new());
        let blocked = sender.forward(held.clone(), "never".into()).send().unwrap();
        held.stop();
        gate.open().tell().unwrap();
        held.join();
        // Either it came into the mailbox and was swept, or it was handed back.
        if let Err(error) = blocked.wait().unwrap() {
            assert!(error.contains("has ended or is draining"), "{error}");
        }
    });
}

#[test]
fn signals_overtake_a_full_mailbox() {
    everywhere(|system| {
        let (held, gate) = held(system, 100, Overflow::Block);
        for n in 0..100 {
            held.echo(n).tell().unwrap();
        }
        held.stop();
        gate.open().tell().unwrap();
        held.join();
        assert_eq!(held.snapshot().handled, 1, "only what was in hand");
    });
}

#[test]
fn an_ask_that_runs_out_of_time_leaves_the_next_answer_alone() {
    everywhere(|system| {
        let (held, gate) = held(system, 10, Overflow::Block);
        let error = held.echo(1).timeout(SHORT).ask().unwrap_err();
        assert!(matches!(
            error,
            AskError::Timeout {
                message: "echo",
                ..
            }
        ));
        gate.open().tell().unwrap();
        assert_eq!(held.echo(2).ask().unwrap(), 2);
    });
}

#[test]
fn deadlines_take_virtual_time_only() {
    simulated(|system| {
        let (held, gate) = held(system, 10, Overflow::Block);
        let day = Duration::from_secs(24 * 60 * 60);
        assert!(held.echo(1).timeout(day).ask().is_err());
        gate.open().tell().unwrap();
    });
}

#[test]
fn pending_answers_can_be_polled_gathered_and_dropped() {
    everywhere(|system| {
        let (held, gate) = held(system, 10, Overflow::Block);
        let mut first = held.echo(1).send().unwrap();
        let second = held.echo(2).send().unwrap();
        held.echo(3).send().unwrap().cancel();
        assert_eq!(first.try_wait().unwrap(), None);
        assert_eq!(first.wait_timeout(SHORT).unwrap(), None);
        gate.open().tell().unwrap();
        assert_eq!(second.wait().unwrap(), 2);
        assert_eq!(first.try_wait().unwrap(), Some(1));
        assert_eq!(first.try_wait().unwrap(), None, "an answer is given once");
    });
}

#[test]
fn later_answers_in_every_order() {
    struct Desk {
        kept: Vec<ReplyTo<u32>>,
    }
    #[actor]
    impl Desk {
        #[message(later)]
        fn before(&mut self, ctx: &mut Context<Self>) -> Later<u32> {
            let (later, reply) = ctx.later();
            reply.send(1);
            later
        }
        #[message(later)]
        fn after(&mut self, ctx: &mut Context<Self>) -> Later<u32> {
            let (later, reply) = ctx.later();
            self.kept.push(reply);
            later
        }
        #[message(later)]
        fn dropped(&mut self, ctx: &mut Context<Self>) -> Later<u32> {
            ctx.later().0
        }
        #[message(later)]
        fn panics(&mut self, ctx: &mut Context<Self>) -> Later<u32> {
            let (_later, reply) = ctx.later::<u32>();
            self.kept.push(reply);
            panic!("before it returned its promise");
        }
        fn settle(&mut self) {
            self.kept.drain(..).for_each(|reply| reply.send(2));
        }
    }
    impl Actor for Desk {
        type Args = ();
        fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
            Ok(Desk { kept: Vec::new() })
        }
    }
    everywhere(|system| {
        let desk = system.spawn::<Desk>(()).unwrap();
        assert_eq!(desk.before().ask().unwrap(), 1);
        desk.before().tell().unwrap();
        assert!(matches!(
            desk.dropped().ask(),
            Err(AskError::NoReply {
                message: "dropped",
                ..
            })
        ));
        let pending = desk.after().send().unwrap();
        desk.after().tell().unwrap();
        desk.settle().tell().unwrap();
        assert_eq!(pending.wait().unwrap(), 2);
        let kept = desk.after().send().unwrap();
        desk.stop();
        desk.join();
        let error = kept.wait().unwrap_err();
        assert!(
            matches!(error, AskError::NoReply { .. } | AskError::Stopped { .. }),
            "{error}"
        );
        let desk = system.spawn::<Desk>(()).unwrap();
        assert!(matches!(desk.panics().ask(), Err(AskError::Failed { .. })));
    });
}

#[test]
fn an_error_as_a_reply_is_no_failure() {
    struct Till(u32);
    #[actor]
    impl Till {
        fn take(&mut self, n: u32) -> Result<u32, String> {
            self.0 = self.0.checked_sub(n).ok_or("overdrawn")?;
            Ok(self.0)
        }
    }
    impl Actor for Till {
        type Args = u32;
        fn start(_ctx: &mut Context<Self>, cash: &u32) -> Result<Self, Failure> {
            Ok(Till(*cash))
        }
    }
    everywhere(|system| {
        let till = system.spawn::<Till>(5).unwrap();
        assert_eq!(till.take(3).ask().unwrap(), Ok(2));
        assert_eq!(till.take(3).ask().unwrap(), Err("overdrawn".to_owned()));
        till.take(9).tell().unwrap();
        assert_eq!(till.take(2).ask().unwrap(), Ok(0), "it is still alive");
    });
}

#[test]
fn every_message_around_a_stop_is_accounted_for() {
    // On real threads, where sends and the sweep truly overlap.
    on_threads(|system| {
        for round in 0..1000 {
            let a = probe(system, &Log::new());
            let send = |n: u64| match n % 2 {
                0 => a.note(String::new()).tell().is_ok(),
                _ => match a.echo(n).send() {
                    // Answered at once, whatever became of it.
                    Ok(answer) => match answer.wait() {
                        Ok(same) => same == n,
                        Err(error) => matches!(error, AskError::Stopped { .. }),
                    },
                    Err(error) => error.kind() != SendErrorKind::Closed,
                },
            };
            let sender = || (0..6).filter(|n| send(*n)).count() as u64;
            let accepted: u64 = std::thread::scope(|scope| {
                let senders: Vec<_> = (0..4).map(|_| scope.spawn(sender)).collect();
                if round % 3 == 0 {
                    a.drain()
                } else {
                    a.stop()
                }
                senders
                    .into_iter()
                    .map(|sender| sender.join().unwrap())
                    .sum()
            });
            a.join();
            let end = a.snapshot();
            let dead: u64 = end.dead_letters.values().sum();
            assert_eq!(accepted, end.handled + dead, "{end}");
        }
    });
}

#[test]
fn later_answers_from_another_thread_over_a_crash_and_after_an_abandonment() {
    /// Gives its way back to whoever asked for it.
    struct Giver;
    #[actor(derive(Clone))]
    impl Giver {
        #[message(later)]
        fn promise(
            &mut self,
            ctx: &mut Context<Self>,
            to: Probing,
            gate: Option<GateHandle>,
        ) -> Later<u8> {
            let (later, reply) = ctx.later();
            to.lock().unwrap().push(reply);
            if let Some(gate) = gate {
                // Held up before it has returned its promise.
                let _ = gate.pass().ask();
            }
            later
        }
        fn crash(&mut self) {
            panic!("planned");
        }
    }
    type Probing = std::sync::Arc<std::sync::Mutex<Vec<ReplyTo<u8>>>>;
    impl Actor for Giver {
        type Args = ();
        fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
            Ok(Giver)
        }
    }
    actor_tests::everywhere_leaving(|system| {
        let mut spec = system.spec::<Giver>(()).redeliver(1);
        let giver = spec.handle();
        let plan = Supervisor::one_for_one()
            .intensity(9, Duration::from_secs(5))
            .child(spec);
        system.spawn::<Supervisor>(plan).unwrap();
        let replies = Probing::default();
        // Promised, then the actor crashes: the promise stands, and is kept from this thread.
        let asked = giver.promise(replies.clone(), None).send().unwrap();
        giver.crash().tell().unwrap();
        let again = giver.promise(replies.clone(), None).send().unwrap();
        giver.crash().ask().unwrap_err();
        let mut kept = std::mem::take(&mut *replies.lock().unwrap());
        kept.pop().unwrap().send(2);
        kept.pop().unwrap().send(1);
        assert_eq!((asked.wait().unwrap(), again.wait().unwrap()), (1, 2));
        // Left behind before it has returned its promise: the asker is told, and what was given
        // away answers nobody.
        let gate = system.spawn::<Gate>(()).unwrap();
        let asked = giver
            .promise(replies.clone(), Some(gate.clone()))
            .send()
            .unwrap();
        gate.somebody_waits().ask().unwrap();
        giver.terminate(Duration::ZERO);
        let error = asked.wait().unwrap_err();
        assert!(
            matches!(
                error,
                AskError::Failed {
                    reason: ExitReason::Abandoned,
                    ..
                }
            ),
            "{error}"
        );
        let mut kept = std::mem::take(&mut *replies.lock().unwrap());
        kept.remove(0).send(3);
        gate.open().tell().unwrap();
    });
}

#[test]
fn an_actor_that_waits_for_itself_to_be_asked_can_be_stopped_by_its_deadline() {
    everywhere(|system| {
        let a = probe(system, &Log::new());
        assert!(a.sleep(SHORT).ask().unwrap(), "nobody cancelled it");
        let sleeping = a.sleep(Duration::from_secs(3600)).send().unwrap();
        a.stop();
        // Begun or swept, it ends soon.
        assert!(!matches!(sleeping.wait(), Ok(true)));
        a.join();
        assert!(a.strike(Fault::None).tell().is_err());
    });
}
