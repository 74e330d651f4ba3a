//! What becomes of messages around an end, and at a bound.

use std::time::Duration;

use actor_core::prelude::*;
use actor_core::simulation::Fault;
use actor_tests::Log;
use actor_tests::probe::{Fault as Deed, Plan, Probe, ProbeMessage};

use crate::{explore, explore_with, numbers, probe};

#[test]
fn all_that_was_accepted_before_a_drain_is_handled() {
    explore(|system| {
        let log = Log::new();
        let actor = probe(system, &log, "actor");
        let senders = ["one", "two"].map(|name| probe(system, &Log::new(), name));
        let sent: Vec<_> = (0..8_u64)
            .map(|n| {
                let sender = &senders[usize::from(n % 2 == 0)];
                let told = sender.forward(actor.clone(), n.to_string());
                (n, told.send().unwrap())
            })
            .collect();
        actor.drain();
        actor.join();
        let accepted = |(n, told): (u64, Pending<_, Result<(), String>>)| {
            told.wait().unwrap().is_ok().then_some(n)
        };
        let accepted: Vec<_> = sent.into_iter().filter_map(accepted).collect();
        let mut handled = numbers(&log);
        handled.sort_unstable();
        assert_eq!(handled, accepted);
    });
}

#[test]
fn no_message_around_an_end_vanishes() {
    explore(|system| {
        let actor = probe(system, &Log::new(), "actor");
        let looks = actor.clone();
        // Between the room for a message and the message, the sender looks: others may go on.
        let outlet = actor.port(move |what| {
            looks.is_alive();
            ProbeMessage::note(what)
        });
        actor.strike(Deed::Exits(0)).tell().unwrap();
        let mut accepted = 1;
        let mut asked = Vec::new();
        for n in 0..4_u64 {
            accepted += u64::from(outlet.post(n.to_string()).is_ok());
            if let Ok(pending) = actor.echo(n).send() {
                accepted += 1;
                asked.push((n, pending));
            }
        }
        actor.join();
        for (n, pending) in asked {
            match pending.wait() {
                Ok(answer) => assert_eq!(answer, n),
                Err(AskError::Stopped { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
        let end = actor.snapshot();
        let dead: u64 = end.dead_letters.values().sum();
        assert_eq!((end.mailbox, end.handled + dead), (0, accepted), "{end}");
    });
}

#[test]
fn a_stop_overtakes_what_is_queued() {
    explore(|system| {
        let log = Log::new();
        let actor = probe(system, &log, "actor");
        for n in 0..12 {
            actor.note(n.to_string()).tell().unwrap();
        }
        actor.stop();
        let before = numbers(&log).len();
        actor.join();
        let after = numbers(&log).len() - before;
        assert!(after <= 1, "{after} messages were begun after the stop");
    });
}

#[test]
fn who_sends_to_the_dead_is_told_at_once() {
    explore_with([Fault::crash_before("actor").at("echo")], |system| {
        let actor = probe(system, &Log::new(), "actor");
        assert!(matches!(actor.echo(1).ask(), Err(AskError::Failed { .. })));
        assert!(matches!(actor.join(), ExitReason::Panicked(_)));
        let refused = actor.note("late".to_owned()).tell().unwrap_err();
        assert!(matches!(refused.into_message(), ProbeMessage::Note { what } if what == "late"));
        assert!(matches!(actor.echo(2).ask(), Err(AskError::Stopped { .. })));
    });
}

#[test]
fn a_bound_holds_those_who_send() {
    explore(|system| {
        let log = Log::new();
        let spec = system.spec::<Probe>(Plan::new(&log, "actor")).mailbox(2);
        let actor = spec.spawn().unwrap();
        let senders = ["one", "two", "three"].map(|name| probe(system, &Log::new(), name));
        let sent: Vec<_> = (0..9)
            .map(|n| {
                let told = senders[n % 3].forward(actor.clone(), n.to_string());
                told.send().unwrap()
            })
            .collect();
        for told in sent {
            let waiting = actor.snapshot().mailbox;
            assert!(waiting <= 2, "{waiting} messages wait in a mailbox for 2");
            told.wait().unwrap().unwrap();
        }
        assert!(actor.echo(1).ask().is_ok() && numbers(&log).len() == 9);
    });
}

#[test]
fn the_stop_of_an_idle_actor_takes_no_time() {
    explore(|system| {
        let [one, two] = ["one", "two"].map(|name| probe(system, &Log::new(), name));
        one.echo(1).ask().unwrap();
        one.stop();
        // The clock goes on only where everybody waits.
        assert!(one.join_timeout(Duration::from_nanos(1)).is_some());
        assert_eq!(system.shutdown().unwrap().elapsed(), Duration::ZERO);
        assert!(!two.is_alive());
    });
}
