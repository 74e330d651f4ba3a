//! Restarts of groups whose members ask each other: nobody waits for what waits for it to stop.

use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{Events, SupervisorHandle};
use actor_tests::probe::{Fault, Plan, Probe, ProbeHandle};
use actor_tests::{LONG, Log, everywhere, line, quiet_panics};

/// Asks the probe whatever it is asked.
struct Front(ProbeHandle);

#[actor]
impl Front {
    fn through(&mut self, n: u64) -> Result<u64, AskError> {
        self.0.echo(n).ask()
    }
    fn break_it(&mut self) -> Option<u64> {
        // The first goes wrong, the second finds nobody.
        let _ = self.0.strike(Fault::Fails).ask();
        self.0.echo(1).ask().ok()
    }
}

impl Actor for Front {
    type Args = ProbeHandle;
    fn start(_: &mut Context<Self>, back: &ProbeHandle) -> Result<Self, Failure> {
        Ok(Front(back.clone()))
    }
}

fn group(system: &SystemRef, plan: Supervision) -> (SupervisorHandle, ProbeHandle, FrontHandle) {
    let mut back = system
        .spec::<Probe>(Plan::new(&Log::new(), "back"))
        .name("back");
    let back_handle = back.handle();
    let mut front = system.spec::<Front>(back.handle()).name("front");
    let front_handle = front.handle();
    let plan = plan.intensity(1_000_000, LONG).child(back).child(front);
    let supervisor = system.spec::<Supervisor>(plan).name("sup").spawn().unwrap();
    (supervisor, back_handle, front_handle)
}

fn nobody_was_left_behind(events: &mut Events) {
    while let Some(event) = events.try_next() {
        assert!(!line(&event).contains("abandoned"), "{}", line(&event));
    }
}

#[test]
fn who_asks_the_child_that_waits_for_it_to_stop_is_told() {
    for plan in [Supervisor::rest_for_one, Supervisor::one_for_all] {
        everywhere(|system| {
            let mut events = system.events();
            let (_supervisor, back, front) = group(system, plan());
            for _ in 0..5 {
                // Its second question waits for the back, which waits for the front to stop.
                let _ = front.break_it().ask();
                assert_eq!(back.echo(7).ask().unwrap(), 7);
            }
            nobody_was_left_behind(&mut events);
        });
    }
}

#[test]
fn the_same_where_the_supervisor_gives_up_and_is_restarted() {
    everywhere(|system| {
        let mut events = system.events();
        let mut back = system
            .spec::<Probe>(Plan::new(&Log::new(), "back"))
            .name("back");
        let back_handle = back.handle();
        let mut front = system.spec::<Front>(back.handle()).name("front");
        let front_handle = front.handle();
        let inner = Supervisor::one_for_one()
            .intensity(0, LONG)
            .child(back)
            .child(front);
        let inner = system.spec::<Supervisor>(inner).name("inner");
        let outer = Supervisor::one_for_one()
            .intensity(1_000, LONG)
            .child(inner);
        let _outer = system.spawn::<Supervisor>(outer).unwrap();
        for _ in 0..3 {
            let _ = front_handle.break_it().ask();
            assert_eq!(back_handle.echo(7).ask().unwrap(), 7);
        }
        nobody_was_left_behind(&mut events);
    });
}

#[test]
fn many_crashes_under_many_questions_leave_nobody_behind() {
    quiet_panics();
    let system = System::new("crashes").unwrap();
    let mut events = system.events();
    let (_supervisor, back, front) = group(&system, Supervisor::one_for_all());
    let answers = std::thread::scope(|scope| {
        let askers: Vec<_> = (0..3)
            .map(|_| {
                let front = &front;
                scope.spawn(move || {
                    let answers = (0..300).map(|n| front.through(n).ask());
                    answers.filter(|answer| matches!(answer, Ok(Ok(_)))).count()
                })
            })
            .collect();
        for _ in 0..100 {
            let _ = back.strike(Fault::Panics).timeout(LONG).ask();
        }
        askers
            .into_iter()
            .map(|asker| asker.join().unwrap())
            .sum::<usize>()
    });
    assert!(answers > 0);
    nobody_was_left_behind(&mut events);
    assert_eq!(
        front
            .through(1)
            .timeout(Duration::from_secs(4))
            .ask()
            .unwrap()
            .unwrap(),
        1
    );
}
