//! Timers in the actor's own loop, names, guards.

use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{SpawnErrorKind, Timer};
use actor_tests::probe::{Fault, Plan, Probe, ProbeMessage};
use actor_tests::{LONG, Log, everywhere, simulated};

const TICK: Duration = Duration::from_millis(10);

/// Ticks, and tells itself messages for ever if it is asked to.
struct Clock {
    log: Log,
    ticks: u32,
    rounds: u32,
    timer: Option<Timer>,
    /// Where the stack was at the first round.
    stack: Option<usize>,
}

#[actor]
impl Clock {
    fn tick(&mut self) {
        self.ticks += 1;
        self.log.note("tick");
    }
    fn ticks(&self) -> u32 {
        self.ticks
    }
    fn after(&mut self, ctx: &mut Context<Self>, delay: Duration) {
        self.timer = Some(ctx.send_after(delay, ClockMessage::tick()));
    }
    fn every(&mut self, ctx: &mut Context<Self>, period: Duration) {
        self.timer = Some(ctx.every(period, ClockMessage::tick));
    }
    fn cancel(&mut self, ctx: &mut Context<Self>) -> bool {
        self.timer.take().is_some_and(|timer| ctx.cancel(timer))
    }
    fn work(&mut self, ctx: &mut Context<Self>, duration: Duration) {
        ctx.sleep(duration);
    }
    fn feed_itself(&mut self, ctx: &mut Context<Self>) -> bool {
        self.rounds += 1;
        let local = 0_u8;
        let here = std::ptr::from_ref(&local) as usize;
        assert_eq!(*self.stack.get_or_insert(here), here, "the stack grows");
        if self.ticks == 0 && self.rounds < 10_000 {
            ctx.handle().feed_itself().tell().is_ok()
        } else {
            self.log.note(format!("fed {}", self.rounds));
            false
        }
    }
}

impl Actor for Clock {
    type Args = Log;
    fn start(_ctx: &mut Context<Self>, log: &Log) -> Result<Self, Failure> {
        Ok(Clock {
            log: log.clone(),
            ticks: 0,
            rounds: 0,
            timer: None,
            stack: None,
        })
    }
}

fn clock(system: &SystemRef) -> (ClockHandle, Log) {
    let log = Log::new();
    (system.spawn::<Clock>(log.clone()).unwrap(), log)
}

#[test]
fn a_timer_fires_once_and_can_be_cancelled() {
    everywhere(|system| {
        let (clock, _) = clock(system);
        clock.after(TICK).ask().unwrap();
        clock.work(TICK * 3).ask().unwrap();
        // The timer is due, and it is its turn before the next message but one at the latest.
        let _ = clock.ticks().ask().unwrap();
        assert_eq!(clock.ticks().ask().unwrap(), 1);
        assert!(!clock.cancel().ask().unwrap(), "it has fired");
        clock.after(LONG).ask().unwrap();
        assert!(clock.cancel().ask().unwrap());
        assert!(!clock.cancel().ask().unwrap());
        assert_eq!(clock.ticks().ask().unwrap(), 1);
    });
}

#[test]
fn missed_ticks_do_not_burst() {
    simulated(|system| {
        let (clock, _) = clock(system);
        clock.every(TICK).ask().unwrap();
        clock.work(TICK * 10 + TICK / 2).ask().unwrap();
        let _ = clock.ticks().ask().unwrap();
        assert_eq!(clock.ticks().ask().unwrap(), 1, "ten were due, one comes");
        clock.work(TICK).ask().unwrap();
        let _ = clock.ticks().ask().unwrap();
        assert_eq!(clock.ticks().ask().unwrap(), 2, "and the beat is kept");
        assert!(clock.cancel().ask().unwrap());
    });
}

#[test]
fn an_idle_clock_ticks_in_virtual_time() {
    let run = actor_core::simulation::Simulation::new(1).run(|system| {
        let (clock, log) = clock(system);
        clock.every(Duration::from_secs(60)).ask().unwrap();
        let other = system
            .spawn::<Probe>(Plan::new(&Log::new(), "other"))
            .unwrap();
        assert!(other.sleep(Duration::from_secs(3630)).ask().unwrap());
        assert_eq!(log.notes().len(), 60);
    });
    assert!(run.elapsed >= Duration::from_secs(3630));
}

#[test]
fn a31_a_mailbox_that_feeds_itself_starves_neither_timers_nor_signals() {
    actor_tests::on_threads(|system| {
        let (clock, log) = clock(system);
        clock.after(Duration::ZERO).tell().unwrap();
        clock.feed_itself().tell().unwrap();
        while !log.notes().iter().any(|note| note.starts_with("fed")) {
            clock.ticks().ask().unwrap();
        }
        let fed = log
            .notes()
            .into_iter()
            .find_map(|note| note.strip_prefix("fed ").map(str::to_owned));
        assert!(fed.unwrap().parse::<u32>().unwrap() < 10_000);
        clock.stop();
        assert!(clock.join().is_normal());
    });
}

#[test]
fn timers_end_with_the_life() {
    everywhere(|system| {
        let (clock, log) = clock(system);
        clock.after(TICK).ask().unwrap();
        clock.stop();
        clock.join();
        assert!(log.notes().is_empty());
    });
}

#[test]
fn a_name_is_unique_and_freed_at_the_end() {
    everywhere(|system| {
        let spec = || {
            system
                .spec::<Probe>(Plan::new(&Log::new(), "a"))
                .register("one")
        };
        let first = spec().spawn().unwrap();
        let error = spec().spawn().unwrap_err();
        assert!(
            matches!(error.kind(), SpawnErrorKind::NameTaken(other) if other.id() == first.id())
        );
        assert_eq!(
            system.lookup::<ProbeMessage>("one").unwrap().id(),
            first.id()
        );
        let other = system.lookup::<ClockMessage>("one").unwrap_err();
        assert_eq!(other.actor().unwrap().id(), first.id());
        first.stop();
        first.join();
        assert!(system.lookup::<ProbeMessage>("one").is_err());
        let second = spec().spawn().unwrap();
        assert_eq!(
            system.lookup::<ProbeMessage>("one").unwrap().id(),
            second.id()
        );
    });
}

#[test]
fn a_name_lasts_over_restarts_and_goes_with_a_failed_start() {
    everywhere(|system| {
        let spec = system
            .spec::<Probe>(Plan::new(&Log::new(), "a"))
            .register("kept");
        let plan = Supervisor::one_for_one().child(spec);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        let a = system.lookup::<ProbeMessage>("kept").unwrap();
        assert!(a.strike(Fault::Panics).ask().is_err());
        let again = system.lookup::<ProbeMessage>("kept").unwrap();
        assert_eq!(again.life().ask().unwrap(), 2);
        supervisor.stop();
        supervisor.join();
        assert!(system.lookup::<ProbeMessage>("kept").is_err());
        let plan = Plan {
            start: Fault::Fails,
            ..Plan::new(&Log::new(), "b")
        };
        assert!(
            system
                .spec::<Probe>(plan)
                .register("failed")
                .spawn()
                .is_err()
        );
        assert!(system.lookup::<ProbeMessage>("failed").is_err());
    });
}

#[test]
fn a21_a_guard_terminates_at_the_end_of_its_scope() {
    everywhere(|system| {
        let a = system.spawn::<Probe>(Plan::new(&Log::new(), "a")).unwrap();
        {
            let scoped = a.terminate_on_drop(LONG);
            assert_eq!(scoped.echo(1).ask().unwrap(), 1);
            scoped.sleep(Duration::from_secs(3600)).tell().unwrap();
        }
        assert!(matches!(a.join(), ExitReason::Terminated));
    });
}
