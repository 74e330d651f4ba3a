//! One test for each fault that was found after the fact, named after what holds since.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests race the library from threads of their own"
)]

use std::sync::mpsc;
use std::time::Duration;

use actor_core::prelude::*;
use actor_tests::probe::{Gate, GateHandle};
use actor_tests::{LONG, everywhere, on_threads};

/// Does next to nothing.
struct Idler;

#[actor]
impl Idler {
    fn one(&mut self) -> u32 {
        1
    }
}

impl Actor for Idler {
    type Args = ();
    fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
        Ok(Idler)
    }
}

#[test]
fn a_drain_is_seen_by_an_actor_that_is_about_to_sleep() {
    on_threads(|system| {
        for round in 0..20_000_u32 {
            let idler = system.spawn::<Idler>(()).unwrap();
            for _ in 0..4 {
                idler.one().tell().unwrap();
            }
            for _ in 0..round * 61 % 100 {
                std::hint::spin_loop();
            }
            idler.drain();
            let ended = idler.join_timeout(LONG);
            assert!(ended.is_some(), "round {round}: {}", idler.snapshot());
        }
    });
}

#[test]
fn terminate_waits_for_the_thread_of_the_life_it_ended_and_for_no_later_one() {
    on_threads(|system| {
        let mut spec = system.spec::<Idler>(());
        let idler = spec.handle();
        let supervision = Supervisor::one_for_one().intensity(usize::MAX, Duration::from_millis(1));
        let supervisor = system
            .spawn::<Supervisor>(supervision.child(spec))
            .unwrap();
        let (done, is_done) = mpsc::channel();
        for _ in 0..4 {
            let (idler, done) = (idler.clone(), done.clone());
            std::thread::spawn(move || {
                while idler.snapshot().life < 3_000 {
                    idler.terminate(Duration::from_millis(200));
                    // Otherwise the next life would be terminated too, whoever waits for it.
                    std::thread::sleep(Duration::from_micros(200));
                }
                done.send(()).unwrap();
            });
        }
        for _ in 0..4 {
            let done = is_done.recv_timeout(LONG);
            assert!(done.is_ok(), "terminate hangs: {}", idler.snapshot());
        }
        supervisor.stop();
        supervisor.join();
    });
}

/// Sends to others, and is asked by them.
struct Peer;

#[actor]
impl Peer {
    fn ping(&mut self) {}
    fn tell(&mut self, other: PeerHandle) -> Result<(), String> {
        other.ping().tell().map_err(|error| error.to_string())
    }
    fn ask(&mut self, other: PeerHandle) -> Result<(), String> {
        other.ping().ask().map_err(|error| error.to_string())
    }
    fn drain_and_ask(
        &mut self,
        ctx: &mut Context<Self>,
        gate: GateHandle,
        other: PeerHandle,
    ) -> Result<(), String> {
        gate.pass().ask().map_err(|error| error.to_string())?;
        ctx.handle().drain();
        self.ask(other)
    }
}

impl Actor for Peer {
    type Args = ();
    fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
        Ok(Peer)
    }
}

#[test]
fn a_blocked_tell_for_which_room_is_made_is_no_deadlock() {
    everywhere(|system| {
        for _ in 0..20 {
            let teller = system.spawn::<Peer>(()).unwrap();
            let mut spec = system.spec::<Peer>(()).mailbox(1);
            let full = spec.handle();
            let asked = full.ask(teller.clone()).send().unwrap();
            let told = teller.tell(full).send().unwrap();
            let _full = spec.spawn().unwrap();
            assert_eq!((told.wait().unwrap(), asked.wait().unwrap()), (Ok(()), Ok(())));
        }
    });
}

#[test]
fn a_drain_tells_those_who_wait_for_room() {
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let teller = system.spawn::<Peer>(()).unwrap();
        let spec = system.spec::<Peer>(()).name("full").mailbox(1);
        let full = spec.spawn().unwrap();
        let asked = full.drain_and_ask(gate.clone(), teller.clone()).send().unwrap();
        gate.somebody_waits().ask().unwrap();
        full.ping().tell().unwrap();
        let told = teller.tell(full).send().unwrap();
        gate.open().tell().unwrap();
        assert_eq!(asked.wait().unwrap(), Ok(()));
        let error = told.wait().unwrap().unwrap_err();
        assert!(error.ends_with("it has ended or is draining"), "{error}");
    });
}
