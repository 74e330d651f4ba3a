//! Lives that do not come to an end: left behind, named, fenced.
#![expect(
    clippy::disallowed_methods,
    reason = "one test blocks outside the library, as a device does"
)]

use std::sync::mpsc;
use std::time::Duration;

use actor_core::ActorState;
use actor_core::prelude::*;
use actor_tests::probe::{Gate, GateHandle, Plan, Probe, ProbeHandle};
use actor_tests::{Log, everywhere, everywhere_leaving, lines, simulated};

const GRACE: Duration = Duration::from_millis(20);

fn stuck(system: &SystemRef, plan: Plan, shutdown: Shutdown) -> (ProbeHandle, GateHandle) {
    let gate = system.spawn::<Gate>(()).unwrap();
    let spec = system.spec::<Probe>(plan).name("stuck").shutdown(shutdown);
    let stuck = spec.spawn().unwrap();
    stuck.pass(gate.clone()).tell().unwrap();
    gate.somebody_waits().ask().unwrap();
    (stuck, gate)
}

#[test]
fn a15_a_stuck_handler_is_left_behind_and_its_return_changes_nothing() {
    everywhere_leaving(|system| {
        let log = Log::new();
        let mut events = system.events();
        let plan = Plan {
            children: vec![Plan::new(&log, "child")],
            ..Plan::new(&log, "stuck")
        };
        let (stuck, gate) = stuck(system, plan, Shutdown::default());
        let queued = stuck.echo(1).send().unwrap();
        assert!(matches!(stuck.terminate(GRACE), ExitReason::Abandoned));
        assert!(matches!(stuck.join(), ExitReason::Abandoned));
        assert!(matches!(
            queued.wait(),
            Err(AskError::Stopped {
                reason: Some(ExitReason::Abandoned),
                ..
            })
        ));
        let expected = [
            "stuck 1 abandoned",
            "stuck 1 dead letter pass Abandoned",
            "child 1 exited (shutdown)",
            "stuck 1 dead letter echo Stopped",
            "stuck 1 exited (abandoned)",
        ];
        let of_end = lines(&mut events);
        assert_eq!(of_end[of_end.len() - 5..], expected);
        let before = stuck.snapshot();
        assert_eq!(before.state, ActorState::Ended);
        // Now it comes back: it may finish its handler, and nothing else.
        gate.open().ask().unwrap();
        gate.stop();
        gate.join();
        system.shutdown().ok();
        assert!(
            !log.notes()
                .iter()
                .any(|note| note.starts_with("stuck stopping"))
        );
        assert!(
            lines(&mut events)
                .iter()
                .all(|line| !line.starts_with("stuck"))
        );
        assert_eq!(stuck.snapshot().handled, before.handled);
    });
}

#[test]
fn an_asker_in_hand_is_answered_at_once_when_the_life_is_left_behind() {
    everywhere_leaving(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let stuck = system
            .spawn::<Probe>(Plan::new(&Log::new(), "stuck"))
            .unwrap();
        let asked = stuck.pass(gate.clone()).send().unwrap();
        gate.somebody_waits().ask().unwrap();
        stuck.terminate(GRACE);
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
        gate.open().tell().unwrap();
    });
}

#[test]
fn a15_terminate_ends_a_cooperating_handler_without_stopping() {
    everywhere(|system| {
        let log = Log::new();
        let a = system.spawn::<Probe>(Plan::new(&log, "a")).unwrap();
        let sleeping = a.sleep(Duration::from_secs(3600)).send().unwrap();
        while a.snapshot().mailbox > 0 {
            let _ = sleeping_a_little(system);
        }
        assert!(matches!(
            a.terminate(Duration::from_secs(10)),
            ExitReason::Terminated
        ));
        assert!(!sleeping.wait().unwrap(), "the handler saw it and returned");
        assert!(matches!(a.join(), ExitReason::Terminated));
        assert_eq!(log.notes(), ["a start", "a drop"]);
        assert!(
            matches!(a.terminate(GRACE), ExitReason::Terminated),
            "once more is harmless"
        );
    });
}

/// Lets others go on.
fn sleeping_a_little(system: &SystemRef) -> bool {
    let other = system
        .spawn::<Probe>(Plan::new(&Log::new(), "other"))
        .unwrap();
    let slept = other.sleep(Duration::from_millis(1)).ask().unwrap();
    other.stop();
    slept
}

#[test]
fn a_shutdown_names_whom_it_left_behind() {
    everywhere_leaving(|system| {
        let (stuck, gate) = stuck(
            system,
            Plan::new(&Log::new(), "stuck"),
            Shutdown::Timeout(GRACE),
        );
        let error = system.shutdown().unwrap_err();
        assert_eq!(error.report().abandoned().len(), 1);
        let abandoned = &error.report().abandoned()[0];
        assert_eq!(abandoned.actor().id(), stuck.id());
        assert_eq!((abandoned.life(), abandoned.message()), (1, Some("pass")));
        assert!(
            error
                .to_string()
                .contains("stuck#2 (in `pass`, told to end"),
            "{error}"
        );
        // Its gate was stopped after it, so it is free to leave by now.
        drop(gate);
        assert!(error.report().is_finished());
    });
}

#[test]
fn a_shutdown_is_bounded_in_all() {
    simulated(|system| {
        for _ in 0..3 {
            let _ = stuck(system, Plan::new(&Log::new(), "stuck"), Shutdown::Infinity);
        }
        let error = system.shutdown().unwrap_err();
        let bound = Duration::from_secs(10) + Duration::from_millis(500);
        assert!(error.report().elapsed() <= bound, "{:?}", error.report());
    });
}

#[test]
fn a_start_that_never_returns_is_left_behind() {
    struct Sleeper;
    #[actor]
    impl Sleeper {}
    impl Actor for Sleeper {
        type Args = GateHandle;
        fn start(_ctx: &mut Context<Self>, gate: &GateHandle) -> Result<Self, Failure> {
            gate.pass().ask()?;
            Ok(Sleeper)
        }
    }
    struct Starter;
    #[actor]
    impl Starter {
        fn start_it(&mut self, ctx: &mut Context<Self>, gate: GateHandle) -> String {
            let started = ctx.spec::<Sleeper>(gate).name("sleeper").spawn();
            started.map_or_else(|error| error.to_string(), |_| "started".to_owned())
        }
    }
    impl Actor for Starter {
        type Args = ();
        fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
            Ok(Starter)
        }
    }
    everywhere_leaving(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let starter = system.spawn::<Starter>(()).unwrap();
        let started = starter.start_it(gate.clone()).send().unwrap();
        gate.somebody_waits().ask().unwrap();
        assert!(matches!(starter.terminate(GRACE), ExitReason::Abandoned));
        assert!(matches!(started.wait(), Err(AskError::Failed { .. })));
        gate.open().tell().unwrap();
    });
}

#[test]
fn a_thread_that_blocks_outside_the_library_is_left_behind_too() {
    struct Reader;
    #[actor]
    impl Reader {
        fn read(&mut self, from: mpsc::Receiver<()>, done: mpsc::Sender<()>) {
            // Blocks as a read from a device does.
            let _ = from.recv();
            let _ = done.send(());
        }
    }
    impl Actor for Reader {
        type Args = ();
        fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
            Ok(Reader)
        }
    }
    let system = System::new("devices").unwrap();
    let reader = system
        .spec::<Reader>(())
        .shutdown(Shutdown::Brutal)
        .spawn()
        .unwrap();
    let (release, from) = mpsc::channel();
    let (done, finished) = mpsc::channel();
    reader.read(from, done).tell().unwrap();
    while reader.snapshot().mailbox > 0 {
        std::thread::yield_now();
    }
    let error = system.shutdown().unwrap_err();
    assert_eq!(error.report().abandoned()[0].message(), Some("read"));
    drop(release);
    finished.recv().unwrap();
    assert!(matches!(reader.join(), ExitReason::Abandoned));
}

#[test]
fn a_brutal_stop_is_an_abandonment_whose_thread_leaves() {
    everywhere_leaving(|system| {
        let log = Log::new();
        let spec = system
            .spec::<Probe>(Plan::new(&log, "idle"))
            .shutdown(Shutdown::Brutal);
        let idle = spec.spawn().unwrap();
        let report = system.shutdown().unwrap();
        assert!(report.abandoned().is_empty(), "it has left by now");
        assert!(matches!(idle.join(), ExitReason::Abandoned));
        assert!(!log.notes().iter().any(|note| note.contains("stopping")));
        // The simulation finds threads that would never leave.
    });
}

#[test]
fn a_stuck_drop_is_left_behind() {
    struct Sticky(GateHandle);
    #[actor]
    impl Sticky {}
    impl Drop for Sticky {
        fn drop(&mut self) {
            let _ = self.0.pass().ask();
        }
    }
    impl Actor for Sticky {
        type Args = GateHandle;
        fn start(_ctx: &mut Context<Self>, gate: &GateHandle) -> Result<Self, Failure> {
            Ok(Sticky(gate.clone()))
        }
    }
    everywhere_leaving(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let sticky = system
            .spec::<Sticky>(gate.clone())
            .name("sticky")
            .spawn()
            .unwrap();
        sticky.stop();
        gate.somebody_waits().ask().unwrap();
        assert!(sticky.join_timeout(GRACE).is_none());
        let mut events = system.events();
        assert!(matches!(sticky.terminate(GRACE), ExitReason::Abandoned));
        assert_eq!(
            lines(&mut events),
            ["sticky 1 abandoned", "sticky 1 exited (abandoned)"]
        );
        gate.open().tell().unwrap();
    });
}

#[test]
fn a_handler_that_looks_at_the_flag_leaves_in_time() {
    struct Busy;
    #[actor]
    impl Busy {
        fn compute(&mut self, ctx: &mut Context<Self>) -> u64 {
            let mut rounds = 0;
            while !ctx.cancelled() {
                rounds += 1;
            }
            rounds
        }
    }
    impl Actor for Busy {
        type Args = ();
        fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
            Ok(Busy)
        }
    }
    everywhere(|system| {
        for stops in [false, true] {
            let busy = system.spawn::<Busy>(()).unwrap();
            let computing = busy.compute().send().unwrap();
            if stops {
                busy.stop()
            } else {
                drop(busy.terminate(actor_tests::LONG))
            }
            // Begun or not, it is settled, and the actor has ended.
            let _ = computing.wait();
            assert!(!matches!(busy.join(), ExitReason::Abandoned));
        }
    });
}

#[test]
fn a_late_failure_of_a_life_that_was_left_behind_runs_no_stopping() {
    struct Late(Log);
    #[actor]
    impl Late {
        fn fail_late(&mut self, ctx: &mut Context<Self>, gate: GateHandle, panics: bool) {
            let _ = gate.pass().ask();
            ctx.exit(1);
            assert!(!panics, "late");
        }
    }
    impl Actor for Late {
        type Args = Log;
        fn start(_ctx: &mut Context<Self>, log: &Log) -> Result<Self, Failure> {
            Ok(Late(log.clone()))
        }
        fn stopping(&mut self, _: &mut Context<Self>, _: &ExitReason) -> Result<(), Failure> {
            self.0.note("stopping");
            Ok(())
        }
    }
    impl Drop for Late {
        fn drop(&mut self) {
            self.0.note("drop");
        }
    }
    for panics in [false, true] {
        everywhere_leaving(|system| {
            let log = Log::new();
            let gate = system.spawn::<Gate>(()).unwrap();
            let late = system.spawn::<Late>(log.clone()).unwrap();
            late.fail_late(gate.clone(), panics).tell().unwrap();
            gate.somebody_waits().ask().unwrap();
            assert!(matches!(late.terminate(GRACE), ExitReason::Abandoned));
            gate.open().ask().unwrap();
            let other = system
                .spawn::<Probe>(Plan::new(&Log::new(), "other"))
                .unwrap();
            while log.notes().is_empty() {
                other.sleep(Duration::from_millis(1)).ask().unwrap();
            }
            assert_eq!(log.notes(), ["drop"]);
        });
    }
}
