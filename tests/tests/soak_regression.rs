//! One test for each fault that the soak found.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::simulation::Exploration;
use actor_core::{Pool, RecvError, SupervisorHandle};
use actor_tests::{LONG, everywhere, mixed};

type Answers = Arc<Mutex<Vec<String>>>;

/// Asks whoever stops it, once it is told to stop.
struct Last(Answers);

#[actor]
impl Last {
    fn ask_above(
        &mut self,
        ctx: &mut Context<Self>,
        above: SupervisorHandle,
        begun: Arc<MessagePort<(), ()>>,
    ) {
        begun.post(()).unwrap();
        ctx.sleep(10 * LONG);
        self.note(above.which_children().ask().map(drop));
    }
    fn ask_pool(
        &mut self,
        ctx: &mut Context<Self>,
        pool: LastHandle,
        begun: Arc<MessagePort<(), ()>>,
    ) {
        begun.post(()).unwrap();
        ctx.sleep(10 * LONG);
        self.note(pool.idle().ask());
    }
    fn send_above(&mut self, above: ParentHandle, begun: Arc<MessagePort<(), ()>>) {
        let pending = above.count().send().unwrap();
        begun.post(()).unwrap();
        self.note(pending.wait());
    }
    fn idle(&self) {}
}

impl Last {
    fn note(&self, answer: Result<(), AskError>) {
        let noted = match answer {
            Err(AskError::Deadlock { cycle }) => cycle.to_string(),
            other => format!("{other:?}"),
        };
        self.0.lock().unwrap().push(noted);
    }
}

impl Actor for Last {
    type Args = Answers;
    fn start(_ctx: &mut Context<Self>, answers: &Answers) -> Result<Self, Failure> {
        Ok(Last(Arc::clone(answers)))
    }
}

/// Answers are waited for so long before it counts as a hang.
fn until(answers: &Answers, number: usize, supervisor: &SupervisorHandle) -> Vec<String> {
    for _ in 0..1_000 {
        let mut noted = answers.lock().unwrap().clone();
        if noted.len() == number {
            noted.sort_by_key(|answer| answer.contains("b#4"));
            return noted;
        }
        assert!(supervisor.join_timeout(Duration::from_millis(5)).is_none());
    }
    panic!("they wait for each other");
}

/// Children of a supervisor that is restarted ask it when they are told to stop.
fn ask_above(strategy: fn() -> Supervision, grace: Duration) {
    everywhere(|system| {
        let answers = Answers::default();
        let mut spec = system.spec::<Supervisor>(strategy()).name("above");
        let above = spec.handle();
        let top = system
            .spawn::<Supervisor>(Supervisor::one_for_one().child(spec))
            .unwrap();
        let MessageChannel { port1, port2 } = MessageChannel::<(), ()>::new();
        let begun = Arc::new(port1);
        for name in ["a", "b"] {
            let spec = system.spec::<Last>(Arc::clone(&answers)).name(name);
            let spec = spec.shutdown(Shutdown::Timeout(2 * LONG));
            let child = above.start_child(spec).ask().unwrap().unwrap();
            let asks = child.ask_above(above.clone(), Arc::clone(&begun));
            asks.tell().unwrap();
            port2.recv().unwrap();
        }
        // It is restarted, so its mailbox stays open for the next life.
        let _ = above.terminate(grace);
        // Who waits last closes the circle, and is named first.
        for (answer, child) in until(&answers, 2, &top).iter().zip(["a#3", "b#4"]) {
            let asked = answer.contains(&format!("{child} →(which_children) above#1"));
            assert!(
                asked && answer.contains(&format!("above#1 →(stop) {child}")),
                "{answer}"
            );
        }
    });
}

#[test]
fn children_that_stop_together_are_told_that_they_wait_for_who_stops_them() {
    ask_above(Supervisor::simple_one_for_one, LONG);
}

#[test]
fn children_of_who_was_left_behind_are_told_that_they_wait_for_it() {
    ask_above(Supervisor::one_for_one, Duration::ZERO);
    ask_above(Supervisor::simple_one_for_one, Duration::ZERO);
}

#[test]
fn workers_of_a_pool_that_stops_are_told_that_they_wait_for_it() {
    everywhere(|system| {
        let answers = Answers::default();
        let noted = Arc::clone(&answers);
        let spec = system.pool::<Last>(move |_| Arc::clone(&noted)).size(1);
        let mut spec = spec
            .name("pool")
            .shutdown(Shutdown::Timeout(2 * LONG))
            .into_spec();
        let pool = Pool::of(&mut spec);
        let top = system
            .spawn::<Supervisor>(Supervisor::one_for_one().child(spec))
            .unwrap();
        let MessageChannel { port1, port2 } = MessageChannel::<(), ()>::new();
        pool.ask_pool(pool.handle(), Arc::new(port1))
            .tell()
            .unwrap();
        port2.recv().unwrap();
        pool.terminate(LONG);
        let expected = ["pool-0#3 →(idle) pool#1 →(stop) pool-0#3"];
        assert_eq!(until(&answers, 1, &top), expected);
        pool.idle().ask().unwrap();
    });
}

#[test]
fn who_is_told_that_a_port_is_closed_can_post_nothing_more() {
    let (give, ports) = std::sync::mpsc::channel::<MessagePort<u32, u32>>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for (number, port) in ports.iter().enumerate() {
                if number % 2 == 0 {
                    port.close();
                }
            }
        });
        for _ in 0..50_000 {
            let MessageChannel { port1, port2 } = MessageChannel::bounded(1);
            give.send(port2).unwrap();
            while port1.try_recv() == Err(RecvError::Empty) {
                std::hint::spin_loop();
            }
            assert!(port1.is_closed());
            assert!(port1.try_post(1).is_err());
        }
        drop(give);
    });
}

/// Starts a child that waits for an answer, and fails.
struct Parent(Arc<Mutex<u32>>);

#[actor]
impl Parent {
    #[message(fails)]
    fn fail(&mut self, ctx: &mut Context<Self>, answers: Answers) -> Result<(), Failure> {
        let me = ctx.handle();
        let spec = ctx.spec::<Last>(answers).shutdown(Shutdown::Infinity);
        let MessageChannel { port1, port2 } = MessageChannel::<(), ()>::new();
        spec.spawn()?.send_above(me, Arc::new(port1)).tell()?;
        port2.recv()?;
        Err("a planned failure")?
    }
    fn count(&mut self) {
        *self.0.lock().unwrap() += 1;
    }
}

impl Actor for Parent {
    type Args = Arc<Mutex<u32>>;
    fn start(_ctx: &mut Context<Self>, counted: &Self::Args) -> Result<Self, Failure> {
        Ok(Parent(Arc::clone(counted)))
    }
}

#[test]
fn a_message_stays_delivered_when_the_wait_for_its_answer_is_refused() {
    everywhere(|system| {
        let (answers, counted) = (Answers::default(), Arc::default());
        let mut spec = system.spec::<Parent>(Arc::clone(&counted)).name("parent");
        let parent = spec.handle();
        let plan = Supervisor::one_for_one().intensity(5, LONG).child(spec);
        let top = system.spawn::<Supervisor>(plan).unwrap();
        parent.fail(Arc::clone(&answers)).ask().unwrap_err();
        let cycle = until(&answers, 1, &top).remove(0);
        assert!(cycle.contains("→(stop)"), "{cycle}");
        // Behind it, in the next life.
        parent.count().ask().unwrap();
        assert_eq!(*counted.lock().unwrap(), 2);
        let end = parent.snapshot();
        assert_eq!((end.handled, end.dead_letters.len()), (2, 1), "{end}");
    });
}

/// Asks its pool when it starts again.
struct Returning;

#[actor]
impl Returning {
    #[message(fails)]
    fn fail(&self) -> Result<(), Failure> {
        Err("a planned failure")?
    }
    fn idle(&self) {}
}

impl Actor for Returning {
    type Args = Arc<(OnceLock<ReturningHandle>, Answers)>;
    fn start(ctx: &mut Context<Self>, args: &Self::Args) -> Result<Self, Failure> {
        if let Some(pool) = args.0.get().filter(|_| ctx.life() == 2) {
            let error = pool.idle().ask().unwrap_err();
            args.1.lock().unwrap().push(error.to_string());
        }
        Ok(Returning)
    }
}

#[test]
fn a_worker_that_starts_again_is_told_that_it_waits_for_itself() {
    everywhere(|system| {
        let args = Arc::<(OnceLock<ReturningHandle>, Answers)>::default();
        let lent = Arc::clone(&args);
        let spec = system.pool::<Returning>(move |_| Arc::clone(&lent)).size(1);
        let pool: Pool<Returning> = spec.name("pool").spawn().unwrap();
        args.0.set(pool.handle()).ok().unwrap();
        pool.fail().ask().unwrap_err();
        pool.idle().timeout(LONG).ask().unwrap();
        let told = args.1.lock().unwrap().clone();
        assert_eq!(told.len(), 1);
        assert!(told[0].ends_with(": pool-0#2 →(idle) pool-0#2"), "{told:?}");
    });
}

/// Asks somebody when it starts.
struct Curious;

#[actor]
impl Curious {
    fn idle(&self) {}
}

impl Actor for Curious {
    type Args = PatronHandle;
    fn start(_ctx: &mut Context<Self>, patron: &PatronHandle) -> Result<Self, Failure> {
        // Where it is told that it would wait for itself, it goes on without an answer.
        let _ = patron.idle().ask();
        Ok(Curious)
    }
}

struct Patron;

#[actor]
impl Patron {
    fn ask_pool(&self, pool: CuriousHandle) -> Result<(), AskError> {
        pool.idle().ask()
    }
    fn idle(&self) {}
}

impl Actor for Patron {
    type Args = ();
    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Patron)
    }
}

#[test]
fn a_pool_that_grows_for_who_is_asked_by_the_new_worker_tells_one_of_them() {
    everywhere(|system| {
        let patron = system.spawn::<Patron>(()).unwrap();
        let lent = patron.clone();
        let spec = system.pool::<Curious>(move |_| lent.clone()).sizes(0, 2);
        let pool = spec.spawn().unwrap();
        let answer = patron.ask_pool(pool.handle()).timeout(LONG).ask().unwrap();
        assert!(
            matches!(answer, Ok(()) | Err(AskError::Deadlock { .. })),
            "{answer:?}"
        );
        pool.idle().timeout(LONG).ask().unwrap();
    });
}

#[test]
fn workers_that_start_with_their_pool_and_ask_a_sibling_after_it_are_told() {
    Exploration::new(200).run(|system| {
        let mut patron = system.spec::<Patron>(());
        let lent = patron.handle();
        let pool = system.pool::<Curious>(move |_| lent.clone()).size(2);
        let family = Supervisor::one_for_one().child(pool.into_spec());
        system
            .spawn::<Supervisor>(family.child(patron))
            .expect("workers without an answer go on");
    });
}

/// Asks its sibling whenever it starts again.
struct Needy;

#[actor]
impl Needy {
    #[message(fails)]
    fn fail(&self) -> Result<(), Failure> {
        Err("a planned failure")?
    }
    fn idle(&self) {}
}

impl Actor for Needy {
    type Args = Option<NeedyHandle>;
    fn start(ctx: &mut Context<Self>, sibling: &Self::Args) -> Result<Self, Failure> {
        if let Some(sibling) = sibling.as_ref().filter(|_| ctx.life() > 1) {
            // Where it is told that it would wait for itself, it goes on without an answer.
            let _ = sibling.idle().ask();
        }
        Ok(Needy)
    }
}

#[test]
fn who_asks_when_it_starts_is_told_that_the_asked_waits_for_the_same_supervisor() {
    Exploration::new(200).run(|system| {
        let mut asked = system.spec::<Needy>(None).name("asked");
        let mut asking = system.spec::<Needy>(Some(asked.handle())).name("asking");
        let both = [asked.handle(), asking.handle()];
        let family = Supervisor::one_for_one().intensity(10, LONG);
        system
            .spawn::<Supervisor>(family.child(asked).child(asking))
            .unwrap();
        for one in &both {
            one.fail().tell().unwrap();
        }
        for one in &both {
            one.idle().ask().unwrap();
        }
    });
}

#[test]
fn a_front_that_was_left_behind_does_not_stop_the_growth_of_the_next_life() {
    Exploration::new(400).each(mixed).run(|system| {
        let mut front = system.pool::<Needy>(|_| None).sizes(0, 1).into_spec();
        let pool = Pool::of(&mut front);
        let family = Supervisor::one_for_one().intensity(10, LONG);
        system.spawn::<Supervisor>(family.child(front)).unwrap();
        pool.terminate(Duration::ZERO);
        pool.idle().ask().unwrap();
    });
}
