//! Links and monitors, as in OTP.

use actor_core::prelude::*;
use actor_core::{Monitor, SupervisorHandle};
use actor_tests::{LONG, Log, everywhere, everywhere_leaving};

/// Notes what it is told of others.
struct Node {
    log: Log,
    monitors: Vec<Monitor>,
}

#[derive(Clone)]
struct Plan {
    log: Log,
    traps: bool,
    /// Whom it links itself with in `start`, which fails then.
    fails_linked_with: Option<NodeHandle>,
}

#[derive(Clone, Debug)]
enum End {
    Code(i32),
    Shutdown,
    Fails,
    Panics,
}

#[actor]
impl Node {
    fn link(&mut self, ctx: &mut Context<Self>, other: NodeHandle) {
        ctx.link(&other);
    }
    fn unlink(&mut self, ctx: &mut Context<Self>, other: NodeHandle) {
        ctx.unlink(&other);
    }
    fn watch(&mut self, ctx: &mut Context<Self>, other: NodeHandle) {
        let monitor = ctx.monitor(&other);
        self.monitors.push(monitor);
    }
    fn watch_supervisor(&mut self, ctx: &mut Context<Self>, other: SupervisorHandle) {
        ctx.link(&other);
    }
    fn trap(&mut self, ctx: &mut Context<Self>, traps: bool) {
        ctx.trap_exit(traps);
    }
    #[message(fails)]
    fn end(&mut self, ctx: &mut Context<Self>, end: End) -> Result<(), Failure> {
        match end {
            End::Code(code) => ctx.exit(code),
            End::Shutdown => ctx.exit_with(ExitReason::Shutdown(Some("done".into()))),
            End::Fails => Err("broken")?,
            End::Panics => panic!("broken"),
        }
        Ok(())
    }
    /// Lets `other` end meanwhile, then lets go of it: what is under way is not told any more.
    fn outlast(&mut self, ctx: &mut Context<Self>, other: NodeHandle) -> Vec<bool> {
        other.end(End::Fails).tell().unwrap();
        other.join();
        ctx.unlink(&other);
        let monitors = std::mem::take(&mut self.monitors);
        monitors.into_iter().map(|it| ctx.demonitor(it)).collect()
    }
    fn sync(&self) {}
}

impl Actor for Node {
    type Args = Plan;

    fn start(ctx: &mut Context<Self>, plan: &Plan) -> Result<Self, Failure> {
        ctx.trap_exit(plan.traps);
        if let Some(other) = &plan.fails_linked_with {
            ctx.link(other);
            other.watch(ctx.handle()).ask()?;
            Err("no start")?;
        }
        Ok(Node {
            log: plan.log.clone(),
            monitors: Vec::new(),
        })
    }
    fn stopping(&mut self, ctx: &mut Context<Self>, reason: &ExitReason) -> Result<(), Failure> {
        self.log.note(format!("{} stopping ({reason})", ctx.name()));
        Ok(())
    }
    fn down(&mut self, ctx: &mut Context<Self>, down: Down) -> Result<(), Failure> {
        let free = ctx
            .system()
            .lookup::<NodeMessage>(down.actor.name())
            .is_err();
        let free = if free { "" } else { ", which is taken" };
        self.log.note(format!(
            "down {} ({}){free}",
            down.actor.name(),
            down.reason
        ));
        Ok(())
    }
    fn linked_exit(&mut self, _: &mut Context<Self>, exit: LinkedExit) -> Result<(), Failure> {
        self.log
            .note(format!("exit {} ({})", exit.actor.name(), exit.reason));
        Ok(())
    }
}

fn plan(log: &Log, traps: bool) -> Plan {
    Plan {
        log: log.clone(),
        traps,
        fails_linked_with: None,
    }
}

fn node(system: &SystemRef, log: &Log, name: &str, traps: bool) -> NodeHandle {
    let spec = system.spec::<Node>(plan(log, traps)).register(name);
    spec.spawn().unwrap()
}

#[test]
fn an_abnormal_end_ends_the_peer_with_the_same_reason() {
    for (end, reason) in [
        (End::Code(3), "exit code 3"),
        (End::Shutdown, "shutdown: done"),
        (End::Fails, "failed: broken"),
        (End::Panics, "panicked: broken"),
    ] {
        for linked_by_the_other in [false, true] {
            everywhere(|system| {
                let log = Log::new();
                let (a, b) = (
                    node(system, &log, "a", false),
                    node(system, &log, "b", false),
                );
                match linked_by_the_other {
                    true => b.link(a.clone()).ask().unwrap(),
                    false => a.link(b.clone()).ask().unwrap(),
                }
                let _ = a.end(end.clone()).ask();
                let ended = b.join().to_string();
                assert!(ended.starts_with(reason), "{ended}");
                assert_eq!(log.notes()[1], format!("b stopping ({ended})"));
            });
        }
    }
}

#[test]
fn a_normal_end_ends_nobody_else() {
    everywhere(|system| {
        let log = Log::new();
        let (a, b) = (
            node(system, &log, "a", false),
            node(system, &log, "b", false),
        );
        a.link(b.clone()).ask().unwrap();
        b.end(End::Code(0)).ask().unwrap();
        b.join();
        a.sync().ask().unwrap();
        assert_eq!(log.notes(), ["b stopping (normal)"]);
    });
}

#[test]
fn who_traps_is_told_instead_of_normal_ends_too() {
    everywhere(|system| {
        let log = Log::new();
        let a = node(system, &log, "a", true);
        for (name, end, reason) in [
            ("b", End::Code(0), "normal"),
            ("c", End::Shutdown, "shutdown: done"),
            ("d", End::Fails, "failed: broken"),
        ] {
            let other = node(system, &Log::new(), name, false);
            a.link(other.clone()).ask().unwrap();
            let _ = other.end(end).ask();
            other.join();
            a.sync().ask().unwrap();
            let notes = log.notes();
            assert_eq!(notes.last().unwrap(), &format!("exit {name} ({reason})"));
        }
        assert_eq!(log.notes().len(), 3);
    });
}

#[test]
fn a_forced_end_goes_on_as_a_reason_and_not_as_a_forced_end() {
    everywhere_leaving(|system| {
        let log = Log::new();
        let (a, b, c) = (
            node(system, &log, "a", false),
            node(system, &log, "b", false),
            node(system, &log, "c", true),
        );
        a.link(b.clone()).ask().unwrap();
        b.link(c.clone()).ask().unwrap();
        a.terminate(LONG);
        assert!(matches!(b.join(), ExitReason::Terminated));
        c.sync().ask().unwrap();
        assert_eq!(
            log.notes(),
            ["b stopping (terminated)", "exit b (terminated)"]
        );
    });
}

#[test]
fn links_and_monitors_of_what_is_gone_tell_noproc() {
    everywhere(|system| {
        let log = Log::new();
        let gone = node(system, &Log::new(), "gone", false);
        gone.stop();
        gone.join();
        let a = node(system, &log, "a", true);
        a.watch(gone.clone()).ask().unwrap();
        a.link(gone.clone()).ask().unwrap();
        a.sync().ask().unwrap();
        assert_eq!(log.notes(), ["down gone (noproc)", "exit gone (noproc)"]);
        a.trap(false).ask().unwrap();
        a.link(gone.clone()).ask().unwrap();
        assert!(matches!(a.join(), ExitReason::NoProc));
    });
}

#[test]
fn links_are_one_for_each_pair_and_monitors_stack() {
    everywhere(|system| {
        let log = Log::new();
        let (a, b) = (
            node(system, &log, "a", true),
            node(system, &Log::new(), "b", true),
        );
        for _ in 0..2 {
            a.link(b.clone()).ask().unwrap();
            b.link(a.clone()).ask().unwrap();
            a.watch(b.clone()).ask().unwrap();
        }
        a.link(a.clone()).ask().unwrap();
        b.stop();
        b.join();
        a.sync().ask().unwrap();
        let mut notes = log.notes();
        notes.sort();
        assert_eq!(
            notes,
            [
                "down b (shutdown)",
                "down b (shutdown)",
                "exit b (shutdown)"
            ]
        );
        a.unlink(b).ask().unwrap();
    });
}

#[test]
fn what_was_let_go_of_leaves_no_late_signal() {
    everywhere(|system| {
        let log = Log::new();
        let (a, b) = (
            node(system, &log, "a", false),
            node(system, &Log::new(), "b", false),
        );
        a.link(b.clone()).ask().unwrap();
        a.watch(b.clone()).ask().unwrap();
        a.watch(b.clone()).ask().unwrap();
        assert_eq!(a.outlast(b).ask().unwrap(), [true, true]);
        a.sync().ask().unwrap();
        assert!(log.notes().is_empty());
        assert!(a.is_alive());
    });
}

#[test]
fn an_unlinked_peer_is_not_told_either() {
    everywhere(|system| {
        let (a, b) = (
            node(system, &Log::new(), "a", false),
            node(system, &Log::new(), "b", false),
        );
        a.link(b.clone()).ask().unwrap();
        a.unlink(b.clone()).ask().unwrap();
        let _ = a.end(End::Fails).ask();
        a.join();
        b.sync().ask().unwrap();
    });
}

#[test]
fn a_failing_start_is_told_to_links_and_monitors() {
    everywhere(|system| {
        let log = Log::new();
        let a = node(system, &log, "a", true);
        let fails = Plan {
            fails_linked_with: Some(a.clone()),
            ..plan(&Log::new(), false)
        };
        assert!(system.spec::<Node>(fails).register("b").spawn().is_err());
        a.sync().ask().unwrap();
        let mut notes = log.notes();
        notes.sort();
        assert_eq!(
            notes,
            ["down b (failed: no start)", "exit b (failed: no start)"]
        );
    });
}

#[test]
fn links_and_monitors_bind_lives() {
    everywhere(|system| {
        let log = Log::new();
        let a = node(system, &log, "a", true);
        let mut spec = system.spec::<Node>(plan(&Log::new(), false)).name("b");
        let b = spec.handle();
        system
            .spawn::<Supervisor>(Supervisor::one_for_one().intensity(9, LONG).child(spec))
            .unwrap();
        a.link(b.clone()).ask().unwrap();
        a.watch(b.clone()).ask().unwrap();
        for _ in 0..2 {
            assert!(b.end(End::Fails).ask().is_err());
            b.sync().ask().unwrap();
        }
        // It has ended twice, and was bound once.
        a.sync().ask().unwrap();
        let mut notes = log.notes();
        notes.sort();
        assert_eq!(
            notes,
            ["down b (failed: broken)", "exit b (failed: broken)"]
        );
    });
}

#[test]
fn a_supervisor_is_not_ended_by_links() {
    everywhere(|system| {
        let a = node(system, &Log::new(), "a", false);
        let supervisor = system
            .spawn::<Supervisor>(Supervisor::one_for_one())
            .unwrap();
        a.watch_supervisor(supervisor.clone()).ask().unwrap();
        let _ = a.end(End::Fails).ask();
        a.join();
        assert_eq!(supervisor.count_children().ask().unwrap().specs, 0);
        let b = node(system, &Log::new(), "b", false);
        b.watch_supervisor(supervisor.clone()).ask().unwrap();
        supervisor.stop();
        assert!(
            matches!(b.join(), ExitReason::Shutdown(None)),
            "but it ends others"
        );
    });
}

#[test]
fn a_long_handler_sees_that_its_life_will_end_by_a_link() {
    struct Busy;
    #[actor]
    impl Busy {
        fn link(&mut self, ctx: &mut Context<Self>, other: NodeHandle) {
            ctx.link(&other);
        }
        fn work(&mut self, ctx: &mut Context<Self>) -> bool {
            ctx.sleep(LONG)
        }
    }
    impl Actor for Busy {
        type Args = ();
        fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
            Ok(Busy)
        }
    }
    everywhere(|system| {
        let a = node(system, &Log::new(), "a", false);
        let busy = system.spawn::<Busy>(()).unwrap();
        busy.link(a.clone()).ask().unwrap();
        let work = busy.work().send().unwrap();
        while busy.snapshot().mailbox > 0 {
            a.sync().ask().unwrap();
        }
        assert!(a.end(End::Panics).ask().is_err());
        assert!(!work.wait().unwrap());
        assert!(matches!(busy.join(), ExitReason::Panicked(_)));
    });
}
