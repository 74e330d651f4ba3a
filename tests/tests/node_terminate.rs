//! Terminating: those who are busy for ever, those who are gone, those whom nobody holds. A number
//! is that of a behaviour in the guide's page on Node.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actor_core::MessagePort;
use actor_core::prelude::*;
use actor_core::simulation::Simulation;
use actor_tests::probe::{Fault, Plan, Probe, ProbeMessage};
use actor_tests::{Counted, LONG, Log, everywhere};

thread_local! {
    /// Goes when the thread does, after everything else of an actor.
    static THREAD: RefCell<Option<Counted>> = const { RefCell::new(None) };
}

/// Has always something to do.
struct Busy {
    log: Log,
    rounds: Arc<MessagePort<(), ()>>,
}

#[actor]
impl Busy {
    /// Tells itself the next round.
    fn feed(&mut self, ctx: &mut Context<Self>) {
        self.round();
        ctx.handle().feed().tell().expect("it is alive");
    }
    /// Is due again as soon as it was there.
    fn every_microsecond(&mut self, ctx: &mut Context<Self>) {
        ctx.every(Duration::from_micros(1), BusyMessage::round);
    }
    fn round(&mut self) {
        // Nobody need have seen the one before.
        let _ = self.rounds.try_post(());
    }
}

impl Actor for Busy {
    type Args = (Log, Arc<AtomicUsize>, Arc<MessagePort<(), ()>>);

    fn start(_ctx: &mut Context<Self>, args: &Self::Args) -> Result<Self, Failure> {
        let (log, threads, rounds) = args.clone();
        let counted = Counted::new(&threads);
        THREAD.with_borrow_mut(|thread| *thread = Some(counted));
        Ok(Busy { log, rounds })
    }
    fn stopping(&mut self, _: &mut Context<Self>, _: &ExitReason) -> Result<(), Failure> {
        self.log.note("stopping");
        Ok(())
    }
}

#[test]
fn a15_who_feeds_itself_for_ever_is_terminated_and_its_thread_is_gone() {
    for timers in [false, true] {
        everywhere(|system| {
            let (log, threads) = (Log::new(), Arc::new(AtomicUsize::new(0)));
            let MessageChannel { port1, port2 } = MessageChannel::bounded(1);
            let args = (log.clone(), Arc::clone(&threads), Arc::new(port1));
            let busy = system.spawn::<Busy>(args).unwrap();
            match timers {
                true => busy.every_microsecond().tell().unwrap(),
                false => busy.feed().tell().unwrap(),
            }
            for _ in 0..10 {
                port2.recv().unwrap();
            }
            assert_eq!(threads.load(Ordering::SeqCst), 1);
            let reason = busy.terminate(LONG);
            assert_eq!(threads.load(Ordering::SeqCst), 0);
            assert!(matches!(reason, ExitReason::Terminated), "{reason}");
            assert_eq!((reason.code(), log.notes()), (1, vec![]));
        });
    }
}

#[test]
fn a17_terminating_what_has_exited_returns_at_once_how_it_ended() {
    let gone = |system: &System| {
        let a = system.spawn::<Probe>(Plan::new(&Log::new(), "a")).unwrap();
        a.strike(Fault::Exits(42)).tell().unwrap();
        a.join();
        let mut events = system.events();
        for _ in 0..3 {
            assert!(matches!(a.terminate(LONG), ExitReason::Code(42)));
        }
        assert!(events.try_next().is_none(), "nothing has happened");
    };
    everywhere(gone);
    assert_eq!(Simulation::new(17).run(gone).elapsed, Duration::ZERO);
}

#[test]
fn a18_terminating_an_actor_whose_handles_are_dropped_waits_for_its_end() {
    everywhere(|system| {
        let log = Log::new();
        let spec = system.spec::<Probe>(Plan::new(&log, "a")).register("alone");
        let a = spec.spawn().unwrap();
        a.sleep(Duration::from_secs(3600)).tell().unwrap();
        drop(a);
        let found = system.lookup::<ProbeMessage>("alone").unwrap();
        assert!(matches!(found.terminate(LONG), ExitReason::Terminated));
        assert_eq!(log.notes(), ["a start", "a drop"]);
        assert!(system.lookup::<ProbeMessage>("alone").is_err());
    });
}
