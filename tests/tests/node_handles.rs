//! Handles: that they keep nobody alive and end nobody, and what they do after the end. A number
//! is that of a behaviour in the guide's page on Node.

use std::sync::Arc;
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{ActorState, DeadLetterCause, MessagePort, PostErrorKind, SendErrorKind};
use actor_tests::probe::{Fault, Gate, Plan, Probe, ProbeMessage};
use actor_tests::{LONG, Log, everywhere, lines};

/// Works for whoever has the other end of its port.
struct Servant {
    served: u64,
}

#[actor]
impl Servant {
    fn serve(&mut self, n: u64) {
        self.served += n;
    }
    fn served(&self) -> u64 {
        self.served
    }
    /// Nobody is left to work for.
    fn leave(&mut self, ctx: &mut Context<Self>) {
        ctx.exit(0);
    }
}

impl Actor for Servant {
    /// Its port, and whether it leaves when that is closed.
    type Args = (Arc<MessagePort<u64, u64>>, bool);

    fn start(ctx: &mut Context<Self>, (port, leaves): &Self::Args) -> Result<Self, Failure> {
        let attachment = ctx.attach(&**port, ServantMessage::serve)?;
        if *leaves {
            ctx.on_close(attachment, ServantMessage::leave());
        }
        Ok(Servant { served: 0 })
    }
}

#[test]
fn a24_who_is_found_again_by_name_answers_and_ends_in_order() {
    everywhere(|system| {
        let mut events = system.events();
        let spec = system.spec::<Probe>(Plan::new(&Log::new(), "a"));
        drop(spec.register("kept").spawn().unwrap());
        let again = system.lookup::<ProbeMessage>("kept").unwrap();
        let answer = again.echo(7).send().unwrap();
        again.strike(Fault::Exits(2)).tell().unwrap();
        assert_eq!(answer.wait().unwrap(), 7);
        assert_eq!(again.join().code(), 2);
        let expected = ["kept 1 started", "kept 1 exited (exit code 2)"];
        assert_eq!(lines(&mut events), expected);
    });
}

#[test]
fn a25_who_has_nothing_left_to_do_ends_if_it_says_so() {
    everywhere(|system| {
        for leaves in [false, true] {
            let MessageChannel { port1, port2 } = MessageChannel::new();
            let args = (Arc::new(port2), leaves);
            let servant = system.spawn::<Servant>(args).unwrap();
            for n in 1..=3 {
                port1.post(n).unwrap();
            }
            drop(port1);
            if leaves {
                assert!(matches!(servant.join(), ExitReason::Normal));
                assert_eq!(servant.snapshot().handled, 4, "all it got, and the close");
            } else {
                while servant.served().ask().unwrap() < 6 {}
                assert!(servant.is_alive());
                servant.stop();
                servant.join();
            }
        }
    });
}

#[test]
fn a26_all_that_a_handle_can_do_can_be_done_after_the_end() {
    everywhere(|system| {
        let spec = system.spec::<Probe>(Plan::new(&Log::new(), "a"));
        let a = spec.name("ended").spawn().unwrap();
        let (id, outlet) = (a.id(), a.port(ProbeMessage::note));
        assert_eq!(a.echo(1).ask().unwrap(), 1);
        a.strike(Fault::Exits(9)).tell().unwrap();
        a.join();

        assert_eq!((a.id(), a.name(), a.is_alive()), (id, "ended", false));
        let snapshot = a.snapshot();
        assert_eq!(snapshot.state, ActorState::Ended);
        assert_eq!((snapshot.mailbox, snapshot.handled), (0, 2));
        let closed = [
            a.echo(1).tell().unwrap_err(),
            a.echo(1).try_tell().unwrap_err(),
            a.echo(1).timeout(LONG).tell().unwrap_err(),
            a.echo(1).send().unwrap_err(),
        ];
        for error in closed {
            assert_eq!(error.kind(), SendErrorKind::Closed);
            assert!(matches!(error.into_message(), ProbeMessage::Echo { n: 1 }));
        }
        assert!(matches!(a.echo(1).ask(), Err(AskError::Stopped { .. })));
        let refused = outlet.post("kept".into()).unwrap_err();
        assert_eq!(refused.kind(), PostErrorKind::Closed);
        assert_eq!(refused.into_value(), "kept");
        a.stop();
        a.drain();
        assert_eq!(a.terminate(LONG).code(), 9);
        assert_eq!(a.join_timeout(Duration::ZERO).unwrap().code(), 9);
        assert_eq!(a.join().code(), 9);
    });
}

#[test]
fn a46_what_is_sent_around_the_end_comes_back_or_is_reported() {
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let spec = system.spec::<Probe>(Plan::new(&Log::new(), "a"));
        let a = spec.name("a").spawn().unwrap();
        a.pass(gate.clone()).tell().unwrap();
        gate.somebody_waits().ask().unwrap();
        a.strike(Fault::Exits(3)).tell().unwrap();
        a.note("told".into()).tell().unwrap();
        let asked = a.echo(1).send().unwrap();
        let mut events = system.events();
        gate.open().tell().unwrap();
        let error = asked.wait().unwrap_err();
        assert!(
            matches!(&error, AskError::Stopped { reason: Some(reason), .. } if reason.code() == 3)
        );
        assert_eq!(a.terminate(LONG).code(), 3);
        assert_eq!(a.terminate(LONG).code(), 3, "once more is harmless");
        let expected = [
            "a 1 dead letter note Stopped",
            "a 1 dead letter echo Stopped",
            "a 1 exited (exit code 3)",
        ];
        assert_eq!(lines(&mut events), expected);
        assert_eq!(a.snapshot().dead_letters[&DeadLetterCause::Stopped], 2);
    });
}
