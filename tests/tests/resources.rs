//! What actors cost, and that they give it back. Each test looks at the whole process, so each
//! runs in a process of its own.
#![cfg(target_os = "linux")]
#![expect(
    clippy::disallowed_methods,
    reason = "it measures real threads over real time"
)]

use std::time::Duration;

use actor_core::prelude::*;
use actor_core::simulation::Simulation;
use actor_core::{IdleStrategy, SpawnErrorKind};
use actor_tests::probe::{Plan, Probe};
use actor_tests::process::{alone, file_descriptors, status};
use actor_tests::{LONG, Log, on_threads};

/// Clock ticks that the whole process has used.
fn cpu_ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The name in brackets may hold spaces; user and system time are the 12th and 13th after it.
    let fields: Vec<_> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[test]
fn a37_three_hundred_rounds_of_spawn_and_exit_leave_nothing() {
    if !alone("a37_three_hundred_rounds_of_spawn_and_exit_leave_nothing") {
        return;
    }
    let system = System::new("rounds").unwrap();
    let rounds = |number: usize| {
        for round in 0..number {
            let a = system.spawn::<Probe>(Plan::new(&Log::new(), "a")).unwrap();
            assert_eq!(a.echo(1).ask().unwrap(), 1);
            match round % 3 {
                0 => a.stop(),
                1 => a.drain(),
                _ => drop(a.strike(actor_tests::probe::Fault::Exits(3)).tell()),
            }
            a.join();
        }
        // Round the root thread, which lets go of the last one.
        while !system.snapshot().actors.is_empty() {
            std::thread::yield_now();
        }
    };
    rounds(100);
    let before = (status("Threads"), file_descriptors(), status("VmRSS"));
    rounds(300);
    assert_eq!(
        (status("Threads"), file_descriptors()),
        (before.0, before.1)
    );
    let grown = status("VmRSS").saturating_sub(before.2);
    assert!(grown <= 1024, "resident memory grew by {grown} KiB");
}

#[test]
fn an_idle_system_uses_no_cpu() {
    if !alone("an_idle_system_uses_no_cpu") {
        return;
    }
    let system = System::builder("idle")
        .idle(IdleStrategy::Adaptive)
        .build()
        .unwrap();
    let actors: Vec<_> = (0..100)
        .map(|_| system.spawn::<Probe>(Plan::new(&Log::new(), "a")).unwrap())
        .collect();
    actors
        .iter()
        .for_each(|actor| assert_eq!(actor.echo(1).ask().unwrap(), 1));
    // All they had to do is done when everybody sleeps; then no time may be used.
    while !all_others_sleep() {
        std::thread::yield_now();
    }
    let before = cpu_ticks();
    // The length of the measurement, not a wait for anything.
    std::thread::sleep(Duration::from_secs(1));
    let used = cpu_ticks() - before;
    assert!(used <= 1, "{used} ticks of 10 ms in one second");
    assert!(all_others_sleep());
}

/// Whether every thread of the process but the calling one sleeps.
fn all_others_sleep() -> bool {
    let running = std::fs::read_dir("/proc/self/task")
        .unwrap()
        .filter(|task| {
            let stat = std::fs::read_to_string(task.as_ref().unwrap().path().join("stat"));
            stat.is_ok_and(|stat| stat.rsplit(')').next().unwrap().trim().starts_with('R'))
        });
    running.count() <= 1
}

#[test]
fn an_idle_system_keeps_no_timer() {
    actor_tests::quiet_panics();
    let run = std::panic::catch_unwind(|| {
        Simulation::new(0).run(|system| {
            let actors: Vec<_> = (0..10)
                .map(|_| system.spawn::<Probe>(Plan::new(&Log::new(), "a")).unwrap())
                .collect();
            // Nobody will stop them. A poll somewhere would let the clock go on for ever; without
            // one, the simulation sees at once that nothing is going to happen.
            actors[0].join();
        })
    });
    let payload = run.unwrap_err();
    let text = payload.downcast_ref::<String>().unwrap();
    assert!(
        text.contains("everybody waits, and no timer is left"),
        "{text}"
    );
    assert!(text.contains("main waits for the end of Probe#1"), "{text}");
}

#[test]
fn a_hundred_timers_take_no_thread() {
    struct Patient;
    #[actor]
    impl Patient {
        fn wait(&mut self, ctx: &mut Context<Self>, delay: Duration) {
            ctx.send_after(delay, PatientMessage::wait(delay));
            ctx.every(delay, move || PatientMessage::wait(delay));
        }
    }
    impl Actor for Patient {
        type Args = ();
        fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
            Ok(Patient)
        }
    }
    if !alone("a_hundred_timers_take_no_thread") {
        return;
    }
    on_threads(|system| {
        let patient = system.spawn::<Patient>(()).unwrap();
        let before = status("Threads");
        for _ in 0..50 {
            patient.wait(LONG).ask().unwrap();
        }
        assert_eq!(status("Threads"), before);
    });
}

#[test]
fn a_thread_that_cannot_be_made_is_an_error() {
    on_threads(|system| {
        for bytes in [usize::MAX, 1 << 62, 1 << 46] {
            let spec = system
                .spec::<Probe>(Plan::new(&Log::new(), "huge"))
                .stack_size(bytes);
            let error = spec.spawn().unwrap_err();
            assert!(matches!(error.kind(), SpawnErrorKind::Thread(_)), "{error}");
            assert!(
                error.to_string().contains("no thread could be made"),
                "{error}"
            );
        }
        assert!(system.snapshot().actors.is_empty());
        let next = system
            .spawn::<Probe>(Plan::new(&Log::new(), "next"))
            .unwrap();
        assert_eq!(next.echo(1).ask().unwrap(), 1);
    });
}

#[test]
fn dynamic_children_come_and_go_in_flat_memory() {
    /// Is watched, and watches, for as long as it lives.
    struct Guest;
    #[actor]
    impl Guest {
        fn leave(&mut self, ctx: &mut Context<Self>, code: i32) {
            ctx.exit(code);
        }
    }
    impl Actor for Guest {
        type Args = HostHandle;
        fn start(ctx: &mut Context<Self>, host: &HostHandle) -> Result<Self, Failure> {
            ctx.monitor(host);
            ctx.trap_exit(true);
            ctx.link(host);
            Ok(Guest)
        }
    }
    struct Host(u64);
    #[actor]
    impl Host {
        fn watch(&mut self, ctx: &mut Context<Self>, guest: GuestHandle) {
            ctx.monitor(&guest);
        }
        fn gone(&self) -> u64 {
            self.0
        }
    }
    impl Actor for Host {
        type Args = ();
        fn start(ctx: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
            ctx.trap_exit(true);
            Ok(Host(0))
        }
        fn down(&mut self, _: &mut Context<Self>, _: Down) -> Result<(), Failure> {
            self.0 += 1;
            Ok(())
        }
    }
    if !alone("dynamic_children_come_and_go_in_flat_memory") {
        return;
    }
    // 100,000 with GUESTS=100000.
    let guests = std::env::var("GUESTS")
        .ok()
        .and_then(|text| text.parse().ok());
    let guests: u64 = guests.unwrap_or(5_000);
    on_threads(|system| {
        let host = system.spawn::<Host>(()).unwrap();
        let plan = Supervisor::simple_one_for_one().intensity(0, Duration::from_secs(1));
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        let visits = |number: u64| {
            for guest in 0..number {
                let spec = system.spec::<Guest>(host.clone()).register("guest");
                let spec = spec.restart(match guest % 2 {
                    0 => Restart::Temporary,
                    _ => Restart::Transient,
                });
                let handle = supervisor.start_child(spec).ask().unwrap().unwrap();
                host.watch(handle.clone()).ask().unwrap();
                match guest % 4 {
                    0 => handle.leave(1).tell().unwrap(),
                    1 => handle.leave(0).tell().unwrap(),
                    2 => supervisor
                        .terminate_child(handle.id())
                        .ask()
                        .unwrap()
                        .unwrap(),
                    _ => handle.stop(),
                }
                handle.join();
            }
        };
        visits(1_000);
        let (memory, threads) = (status("VmRSS:"), status("Threads:"));
        visits(guests);
        assert_eq!(supervisor.count_children().ask().unwrap().active, 0);
        assert_eq!(host.gone().ask().unwrap(), 1_000 + guests);
        assert_eq!(status("Threads:"), threads);
        let grown = status("VmRSS:").saturating_sub(memory);
        assert!(grown < 2_048, "{guests} guests left {grown} KiB");
        eprintln!("{guests} guests left {grown} KiB");
    });
}
