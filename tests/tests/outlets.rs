//! Outlets: one way into a mailbox, and what is not accepted comes back as it was.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{Outlet, PostErrorKind, Spec};
use actor_tests::probe::{Gate, GateHandle};
use actor_tests::{LONG, Log, everywhere, quiet_panics};

/// Notes numbers.
struct Notes(Log);

#[actor]
impl Notes {
    fn number(&mut self, n: u64) {
        self.0.note(n.to_string());
    }
    fn pass(&mut self, gate: GateHandle) {
        let _ = gate.pass().ask();
    }
    fn post_to(&mut self, other: Outlet<u64>, n: u64) -> Option<PostErrorKind> {
        let error = (0..n).try_for_each(|n| other.post(n)).err()?;
        Some(error.kind())
    }
    fn pass_and_ask(&mut self, gate: GateHandle, other: NotesHandle) -> bool {
        let _ = gate.pass().ask();
        other.sync().ask().is_ok()
    }
    fn sync(&self) {}
    #[message(fails)]
    fn fail(&mut self) -> Result<(), Failure> {
        Err("broken")?
    }
}

impl Actor for Notes {
    type Args = Log;
    fn start(_: &mut Context<Self>, log: &Log) -> Result<Self, Failure> {
        Ok(Notes(log.clone()))
    }
}

fn declared(system: &SystemRef, log: &Log, overflow: Overflow) -> (Spec<Notes>, NotesHandle) {
    let mut spec = system
        .spec::<Notes>(log.clone())
        .mailbox(2)
        .overflow(overflow);
    let handle = spec.handle();
    (spec, handle)
}

#[test]
fn values_arrive_in_order_and_over_restarts() {
    everywhere(|system| {
        let log = Log::new();
        let (spec, handle) = declared(system, &log, Overflow::Block);
        let plan = Supervisor::one_for_one().intensity(99, LONG).child(spec);
        let _supervisor = system.spawn::<Supervisor>(plan).unwrap();
        let outlet = handle.port(NotesMessage::number);
        for n in 0..20 {
            outlet.clone().post(n).unwrap();
            if n % 7 == 3 {
                assert!(handle.fail().ask().is_err());
            }
        }
        handle.sync().ask().unwrap();
        let expected: Vec<_> = (0..20).map(|n| n.to_string()).collect();
        assert_eq!(log.notes(), expected);
        assert_eq!(outlet.actor().name(), "Notes");
    });
}

#[test]
fn what_is_not_accepted_comes_back() {
    everywhere(|system| {
        let log = Log::new();
        let (spec, handle) = declared(system, &log, Overflow::Block);
        let outlet = handle.port(NotesMessage::number);
        outlet.post(0).unwrap();
        outlet.try_post(1).unwrap();
        let error = outlet.try_post(2).unwrap_err();
        assert_eq!((error.kind(), error.into_value()), (PostErrorKind::Full, 2));
        let error = outlet
            .post_timeout(3, Duration::from_millis(5))
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.into_value()),
            (PostErrorKind::Timeout, 3)
        );
        assert!(!outlet.is_closed());
        drop(spec);
        assert!(outlet.is_closed());
        let error = outlet.post(4).unwrap_err();
        let text = format!(
            "the value was not posted to {}: it has ended, or drains",
            outlet.actor()
        );
        assert_eq!(error.to_string(), text);
        assert_eq!(
            (error.kind(), error.into_value()),
            (PostErrorKind::Closed, 4)
        );
        assert_eq!(handle.snapshot().dead_letters.values().sum::<u64>(), 2);
    });
}

#[test]
fn the_mailbox_has_its_policy() {
    everywhere(|system| {
        for (overflow, kept, lost) in [
            (Overflow::DropOldest, ["1", "2"], 1),
            (Overflow::DropNewest, ["0", "1"], 1),
        ] {
            let log = Log::new();
            let (spec, handle) = declared(system, &log, overflow);
            let outlet = handle.port(NotesMessage::number);
            for n in 0..3 {
                outlet.try_post(n).unwrap();
            }
            spec.spawn().unwrap();
            handle.drain();
            handle.join();
            assert_eq!(log.notes(), kept);
            assert_eq!(handle.snapshot().dead_letters.values().sum::<u64>(), lost);
        }
        let (_spec, handle) = declared(system, &Log::new(), Overflow::Reject);
        let outlet = handle.port(NotesMessage::number);
        outlet.post(0).unwrap();
        outlet.post(1).unwrap();
        assert_eq!(outlet.post(2).unwrap_err().kind(), PostErrorKind::Full);
    });
}

#[test]
fn who_waits_for_room_goes_on_when_there_is_some() {
    everywhere(|system| {
        let log = Log::new();
        let gate = system.spawn::<Gate>(()).unwrap();
        let (spec, handle) = declared(system, &log, Overflow::Block);
        spec.spawn().unwrap();
        handle.pass(gate.clone()).tell().unwrap();
        gate.somebody_waits().ask().unwrap();
        let poster = system.spawn::<Notes>(Log::new()).unwrap();
        let posted = poster
            .post_to(handle.port(NotesMessage::number), 5)
            .send()
            .unwrap();
        gate.open().tell().unwrap();
        assert_eq!(posted.wait().unwrap(), None);
        handle.sync().ask().unwrap();
        assert_eq!(log.notes(), ["0", "1", "2", "3", "4"]);
    });
}

#[test]
fn a_post_that_waits_for_the_poster_is_a_deadlock() {
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let (spec, handle) = declared(system, &Log::new(), Overflow::Block);
        spec.spawn().unwrap();
        let poster = system.spawn::<Notes>(Log::new()).unwrap();
        let answered = handle
            .pass_and_ask(gate.clone(), poster.clone())
            .send()
            .unwrap();
        gate.somebody_waits().ask().unwrap();
        let told = poster
            .post_to(handle.port(NotesMessage::number), 4)
            .send()
            .unwrap();
        while poster.snapshot().mailbox > 0 {
            system.spawn::<Gate>(()).unwrap().stop();
        }
        gate.open().tell().unwrap();
        let (answered, told) = (answered.wait().unwrap(), told.wait().unwrap());
        // Whoever closed the cycle was told, and the other went on.
        assert_ne!(answered, told.is_none());
        assert!(told.is_none_or(|kind| kind == PostErrorKind::Deadlock));
    });
}

#[test]
fn a_conversion_that_panics_takes_no_room() {
    quiet_panics();
    everywhere(|system| {
        let (spec, handle) = declared(system, &Log::new(), Overflow::Block);
        let outlet = handle.port(|_: u64| panic!("no message can be made"));
        for n in 0..5 {
            assert!(catch_unwind(AssertUnwindSafe(|| outlet.post(n))).is_err());
        }
        assert_eq!(handle.snapshot().mailbox, 0);
        spec.spawn().unwrap();
        handle.sync().ask().unwrap();
    });
}
