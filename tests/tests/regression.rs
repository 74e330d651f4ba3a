//! One test for each fault that was found after the fact, named after what holds since.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests race the library from threads of their own"
)]

use std::fmt;
use std::future::IntoFuture;
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::{Wake, Waker};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{
    ActorRef, DeadLetterCause, Event, HandleOf, Handled, Handler, Protocol, Request, Spec,
};
use actor_tests::probe::{Gate, GateHandle};
use actor_tests::{LONG, everywhere, everywhere_leaving, on_threads, quiet_panics, simulated};

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
        let supervisor = system.spawn::<Supervisor>(supervision.child(spec)).unwrap();
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
            assert_eq!(
                (told.wait().unwrap(), asked.wait().unwrap()),
                (Ok(()), Ok(()))
            );
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
        let asked = full
            .drain_and_ask(gate.clone(), teller.clone())
            .send()
            .unwrap();
        gate.somebody_waits().ask().unwrap();
        full.ping().tell().unwrap();
        let told = teller.tell(full).send().unwrap();
        gate.open().tell().unwrap();
        assert_eq!(asked.wait().unwrap(), Ok(()));
        let error = told.wait().unwrap().unwrap_err();
        assert!(error.ends_with("it has ended or is draining"), "{error}");
    });
}

/// A value, or an error, that does something when it is dropped.
struct Dropped<F: Fn()>(F);

impl<F: Fn()> Drop for Dropped<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

impl<F: Fn()> fmt::Debug for Dropped<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error with a destructor")
    }
}

impl<F: Fn()> fmt::Display for Dropped<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl<F: Fn()> std::error::Error for Dropped<F> {}

/// Fails with errors that do something when they are dropped.
struct Failing {
    twice: bool,
}

#[actor]
impl Failing {
    fn one(&mut self) -> u32 {
        1
    }
    #[message(fails)]
    fn fail(&mut self, dropped: Box<dyn Fn() + Send + Sync>) -> Result<(), Failure> {
        Err(Dropped(dropped))?
    }
}

impl Actor for Failing {
    type Args = bool;
    fn start(_: &mut Context<Self>, twice: &bool) -> Result<Self, Failure> {
        Ok(Failing { twice: *twice })
    }
    fn stopping(&mut self, _: &mut Context<Self>, reason: &ExitReason) -> Result<(), Failure> {
        match reason {
            ExitReason::Failed(_) if self.twice => Err("another error takes its place")?,
            _ => Ok(()),
        }
    }
}

fn supervised<A: Actor>(system: &SystemRef, mut spec: Spec<A>) -> HandleOf<A> {
    let handle = spec.handle();
    let supervision = Supervisor::one_for_one().intensity(50, Duration::from_secs(3600));
    system.spawn::<Supervisor>(supervision.child(spec)).unwrap();
    handle
}

fn failing_thrice(system: &SystemRef, twice: bool) {
    let failing = supervised(system, system.spec::<Failing>(twice));
    for _ in 0..3 {
        let (actor, reference) = (failing.clone(), system.clone());
        let look = move || {
            actor.is_alive();
            reference.events();
            panic!("the destructor of an error panics");
        };
        failing.fail(Box::new(look)).tell().unwrap();
        assert_eq!(failing.one().ask().unwrap(), 1);
    }
}

#[test]
fn an_error_of_the_life_before_is_dropped_outside_the_locks_and_contained() {
    everywhere(|system| failing_thrice(system, false));
}

#[test]
fn an_error_that_stopping_replaces_is_dropped_contained() {
    everywhere(|system| failing_thrice(system, true));
}

#[test]
fn an_event_that_a_reader_misses_is_dropped_outside_the_locks() {
    on_threads(|system| {
        let events = system.events();
        let failing = supervised(system, system.spec::<Failing>(false));
        for _ in 0..2 {
            let reference = system.reference();
            let look = move || drop(reference.events());
            failing.fail(Box::new(look)).tell().unwrap();
        }
        assert_eq!(failing.one().ask().unwrap(), 1);
        let mut never_started = system.spec::<Idler>(()).unbounded();
        for _ in 0..5_000 {
            never_started.handle().one().tell().unwrap();
        }
        drop(never_started);
        assert!(events.missed() > 0);
    });
}

/// What panics when it is copied, and when it is dropped.
struct Untouchable;

impl Clone for Untouchable {
    fn clone(&self) -> Self {
        panic!("a copy panics");
    }
}

impl Drop for Untouchable {
    fn drop(&mut self) {
        panic!("a destructor panics");
    }
}

/// Takes what panics.
struct Taker;

#[actor(derive(Clone))]
impl Taker {
    fn take(&mut self, what: Untouchable) {
        std::mem::forget(what);
    }
    fn one(&mut self) -> u32 {
        1
    }
}

impl Actor for Taker {
    type Args = ();
    fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
        Ok(Taker)
    }
}

#[test]
fn a_message_whose_copy_panics_is_dropped_contained() {
    everywhere(|system| {
        let taker = supervised(system, system.spec::<Taker>(()).redeliver(1));
        let error = taker.take(Untouchable).ask().unwrap_err();
        assert!(error.to_string().contains("a copy panics"), "{error}");
        assert_eq!(taker.one().ask().unwrap(), 1);
    });
}

#[test]
fn a_value_that_is_replaced_is_dropped_outside_the_locks_and_contained() {
    everywhere(|system| {
        let value = || {
            let system = system.reference();
            Dropped(move || {
                system.env::<u32>("other");
                panic!("the destructor of a value panics");
            })
        };
        system.set_env("key", value());
        system.set_env("key", value());
        system.remove_env("key");
        assert!(system.env::<u32>("key").is_none());
    });
}

/// A waker that panics.
struct Broken;

impl Wake for Broken {
    fn wake(self: Arc<Self>) {
        panic!("a waker panics");
    }
}

#[test]
fn a_waker_that_panics_harms_no_actor() {
    everywhere(|system| {
        let waker = Waker::from(Arc::new(Broken));
        let mut context = std::task::Context::from_waker(&waker);
        let mut spec = system.spec::<Idler>(()).mailbox(1);
        let idler = spec.handle();
        let mut answered = pin!(idler.one().into_future());
        let mut with_room = pin!(idler.one().into_future());
        assert!(answered.as_mut().poll(&mut context).is_pending());
        assert!(with_room.as_mut().poll(&mut context).is_pending());
        spec.spawn().unwrap();
        assert_eq!(idler.one().ask().unwrap(), 1);
        assert_eq!(idler.snapshot().life, 1);
    });
}

/// Promises answers that never come.
struct Forgetful;

/// None is what it forgets to answer.
struct Ask(Option<AskerHandle>);

#[derive(Clone)]
struct ForgetfulHandle(ActorRef<Ask>);

impl Protocol for Ask {
    type Reply = Result<(), String>;
    type Handle = ForgetfulHandle;
    fn name(&self) -> &'static str {
        "ask"
    }
}

impl From<ActorRef<Ask>> for ForgetfulHandle {
    fn from(actor: ActorRef<Ask>) -> Self {
        ForgetfulHandle(actor)
    }
}

impl ForgetfulHandle {
    fn request(&self, other: Option<AskerHandle>) -> Request<'_, Ask, Result<(), String>> {
        Request::new(&self.0, Ask(other), Some)
    }
}

impl Handler for Forgetful {
    type Message = Ask;
    fn handle(&mut self, _: &mut Context<Self>, ask: Ask) -> Handled<Result<(), String>> {
        match ask.0 {
            None => Handled::Later,
            Some(asker) => Handled::Reply(asker.ping().ask().map_err(|error| error.to_string())),
        }
    }
}

impl Actor for Forgetful {
    type Args = ();
    fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
        Ok(Forgetful)
    }
}

/// Asks what is not answered.
struct Asker;

#[actor]
impl Asker {
    fn ask(&mut self, forgetful: ForgetfulHandle) -> bool {
        let answer = forgetful.request(None).ask();
        matches!(answer, Err(AskError::NoReply { .. }))
    }
    fn ping(&mut self) {}
}

impl Actor for Asker {
    type Args = ();
    fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
        Ok(Asker)
    }
}

#[test]
fn an_ask_that_is_dropped_unanswered_leaves_no_edge() {
    everywhere(|system| {
        let asker = system.spawn::<Asker>(()).unwrap();
        let forgetful = system.spawn::<Forgetful>(()).unwrap();
        assert!(asker.ask(forgetful.clone()).ask().unwrap());
        assert_eq!(forgetful.request(Some(asker)).ask().unwrap(), Ok(()));
    });
}

const GRACE: Duration = Duration::from_millis(20);

/// Gets stuck, and ends others.
struct Stuck;

#[actor]
impl Stuck {
    fn spawn(&mut self, ctx: &mut Context<Self>, shutdown: Shutdown) -> StuckHandle {
        let spec = ctx.spec::<Stuck>(()).name("child").shutdown(shutdown);
        spec.spawn().unwrap()
    }
    fn stick(&mut self, gate: GateHandle) {
        let _ = gate.pass().ask();
    }
    fn end(&mut self, other: StuckHandle) -> ExitReason {
        other.terminate(GRACE)
    }
}

impl Actor for Stuck {
    type Args = ();
    fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
        Ok(Stuck)
    }
}

fn stick(gate: GateHandle, stuck: &StuckHandle) {
    stuck.stick(gate.clone()).tell().unwrap();
    gate.somebody_waits().ask().unwrap();
}

/// An actor and its child, both stuck; somebody leaves the first behind and waits for the second.
fn being_left_behind(system: &SystemRef, shutdown: Shutdown) -> (StuckHandle, StuckHandle) {
    // Older than those who wait there, so that a shutdown stops them later.
    let gates = [(); 2].map(|()| system.spawn::<Gate>(()).unwrap());
    let top = system.spawn::<Stuck>(()).unwrap();
    let child = top.spawn(shutdown).ask().unwrap();
    for (gate, stuck) in gates.into_iter().zip([&child, &top]) {
        stick(gate, stuck);
    }
    let mut events = system.events();
    let killer = system.spawn::<Stuck>(()).unwrap();
    killer.end(top.clone()).tell().unwrap();
    let left = |event: Event| matches!(event.kind, EventKind::Abandoned { .. });
    assert!(events.any(left));
    (top, child)
}

#[test]
fn a_second_terminate_waits_until_the_actor_has_ended() {
    everywhere_leaving(|system| {
        let shutdown = Shutdown::Timeout(Duration::from_millis(200));
        let (top, child) = being_left_behind(system, shutdown);
        assert!(matches!(top.terminate(GRACE), ExitReason::Abandoned));
        assert!(!top.is_alive());
        assert!(!child.is_alive());
    });
}

#[test]
fn a_shutdown_names_the_children_of_whom_somebody_else_leaves_behind() {
    let test = |system: &SystemRef| {
        let (top, child) = being_left_behind(system, Shutdown::Infinity);
        let error = system.shutdown().unwrap_err();
        let mut named = error.report().abandoned().iter();
        assert!(named.any(|one| one.actor().name() == "child"), "{error}");
        assert!(!top.is_alive());
        assert!(!child.is_alive());
    };
    let timeout = Duration::from_millis(200);
    let system = System::builder("short").shutdown_timeout(timeout);
    test(&system.build().unwrap());
    simulated(|system| test(system));
}

#[test]
fn a_descendant_that_terminates_its_stuck_ancestor_does_not_wait_for_itself() {
    everywhere_leaving(|system| {
        let top = system.spawn::<Stuck>(()).unwrap();
        let child = top.spawn(Shutdown::Infinity).ask().unwrap();
        let grandchild = child.spawn(Shutdown::Infinity).ask().unwrap();
        stick(system.spawn::<Gate>(()).unwrap(), &top);
        grandchild.end(top.clone()).ask().unwrap();
        assert!(matches!(top.join(), ExitReason::Abandoned));
        assert!(matches!(child.join(), ExitReason::Shutdown(None)));
        assert!(matches!(grandchild.join(), ExitReason::Shutdown(None)));
    });
}

#[test]
fn deadlines_of_awaited_requests_are_kept_during_a_shutdown() {
    quiet_panics();
    let builder = System::builder("slow").shutdown_timeout(Duration::from_secs(5));
    let system = builder.build().unwrap();
    let gate = system.spawn::<Gate>(()).unwrap();
    let spec = system.spec::<Stuck>(()).shutdown(Shutdown::Infinity);
    let stuck = spec.spawn().unwrap();
    stick(gate.clone(), &stuck);
    let reference = system.reference();
    std::thread::scope(|scope| {
        let shutdown = scope.spawn(|| reference.shutdown());
        while reference.spawn::<Idler>(()).is_ok() {}
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.build().unwrap();
        let answer = runtime.block_on(async {
            stuck
                .stick(gate.clone())
                .timeout(Duration::from_millis(50))
                .await
        });
        assert!(
            matches!(answer, Err(AskError::Timeout { .. })),
            "{answer:?}"
        );
        assert!(!shutdown.is_finished());
        gate.open().tell().unwrap();
        assert!(shutdown.join().unwrap().is_ok());
    });
}

/// Sets timers that are never due.
struct Patient;

#[actor]
impl Patient {
    fn tick(&mut self) {}
    fn cancel_never(&mut self, ctx: &mut Context<Self>) -> [bool; 4] {
        let once = ctx.send_after(Duration::MAX, PatientMessage::tick());
        let every = ctx.every(Duration::MAX, PatientMessage::tick);
        [once, once, every, every].map(|timer| ctx.cancel(timer))
    }
}

impl Actor for Patient {
    type Args = ();
    fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
        Ok(Patient)
    }
}

#[test]
fn a_timer_that_is_never_due_can_be_cancelled_once() {
    everywhere(|system| {
        let patient = system.spawn::<Patient>(()).unwrap();
        let cancelled = patient.cancel_never().ask().unwrap();
        assert_eq!(cancelled, [true, false, true, false]);
    });
}

fn panic_of(code: impl FnOnce()) -> String {
    let payload = std::panic::catch_unwind(std::panic::AssertUnwindSafe(code)).unwrap_err();
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => (*payload.downcast_ref::<&str>().unwrap()).to_owned(),
    }
}

#[test]
fn a_spec_refuses_an_empty_name_and_a_second_one() {
    on_threads(|system| {
        let spec = || system.spec::<Idler>(());
        let text = panic_of(|| drop(spec().name("")));
        assert!(
            text.starts_with("Spec::name was called with an empty name"),
            "{text}"
        );
        let text = panic_of(|| drop(spec().register("")));
        assert!(
            text.starts_with("Spec::register was called with an empty name"),
            "{text}"
        );
        let text = panic_of(|| drop(spec().register("a").name("b")));
        assert!(
            text.starts_with("Spec::name was called after Spec::register"),
            "{text}"
        );
    });
}

#[test]
fn a_shutdown_does_not_name_a_brutal_child_that_has_left() {
    everywhere(|system| {
        let spec = system.spec::<Idler>(()).shutdown(Shutdown::Brutal);
        let _idle = spec.spawn().unwrap();
        let report = system.shutdown();
        assert!(report.is_ok(), "{report:?}");
    });
}

/// Fails, and from the second life on is told to stop meanwhile.
struct Retried;

#[actor(derive(Clone))]
impl Retried {
    #[message(fails)]
    fn work(&mut self, ctx: &mut Context<Self>) -> Result<(), Failure> {
        if ctx.redelivered() > 0 {
            ctx.handle().stop();
        }
        Err("it never works")?
    }
}

impl Actor for Retried {
    type Args = ();
    fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
        Ok(Retried)
    }
}

#[test]
fn redelivery_is_used_up_only_at_its_limit() {
    everywhere(|system| {
        let retried = supervised(system, system.spec::<Retried>(()).redeliver(3));
        assert!(retried.work().ask().is_err());
        retried.join();
        let causes: Vec<_> = retried.snapshot().dead_letters.into_iter().collect();
        assert_eq!(causes, [(DeadLetterCause::Failed, 1)]);
    });
}

#[test]
fn an_actor_that_is_told_to_stop_while_its_life_ends_has_ended() {
    on_threads(|system| {
        for round in 0..1_000_u32 {
            let retried = supervised(system, system.spec::<Failing>(false));
            retried.fail(Box::new(|| {})).tell().unwrap();
            for _ in 0..round % 100 * 20 {
                std::hint::spin_loop();
            }
            retried.stop();
            let ended = retried.join_timeout(LONG);
            assert!(ended.is_some(), "round {round}: {}", retried.snapshot());
        }
    });
}

#[test]
fn a_life_that_is_left_behind_as_it_starts_is_followed_by_the_next() {
    actor_tests::quiet_panics();
    let system = System::new("test").unwrap();
    let mut spec = system.spec::<Idler>(());
    let idler = spec.handle();
    let supervision = Supervisor::one_for_one().intensity(usize::MAX, Duration::from_millis(1));
    let supervisor = system.spawn::<Supervisor>(supervision.child(spec)).unwrap();
    let (done, is_done) = mpsc::channel();
    let racing = idler.clone();
    std::thread::spawn(move || {
        while racing.snapshot().life < 3_000 {
            racing.terminate(Duration::ZERO);
            std::thread::yield_now();
        }
        done.send(()).unwrap();
    });
    let done = is_done.recv_timeout(LONG);
    assert!(done.is_ok(), "no further life: {}", idler.snapshot());
    supervisor.stop();
    supervisor.join();
    // A thread that was left behind may not have run since, and a shutdown would name it.
    drop(system);
}
