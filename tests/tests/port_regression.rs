//! One test for each past fault of ports, broadcasts, and whoever waits at them.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests race the library from threads of their own"
)]

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context as TaskContext, Wake, Waker};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{Attachment, BroadcastChannel, LockFuture, MessageChannel, MessagePort};
use actor_tests::probe::{Gate, GateHandle};
use actor_tests::{Counted, LONG, Log, everywhere, lines, quiet_panics};

type Port = Arc<MessagePort<u64, ()>>;
type Inlet = Arc<MessagePort<(), u64>>;

#[derive(Clone, Default)]
struct Plan {
    log: Log,
    /// Attached without redelivery.
    plain: Option<Inlet>,
    /// Attached with it.
    redelivering: Option<Inlet>,
    /// The conversion of this number panics.
    panics_on: Option<u64>,
    fails_on: Option<u64>,
    /// On this number it detaches the port.
    detaches: Option<(u64, Detach)>,
    outlet: Option<Port>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Detach {
    ItsOwn,
    TheOther,
}

struct Node {
    plan: Plan,
    plain: Option<Attachment>,
    redelivering: Option<Attachment>,
}

#[actor]
impl Node {
    #[message(fails)]
    fn number(&mut self, ctx: &mut Context<Self>, n: u64) -> Result<(), Failure> {
        self.plan.log.note(format!("{n} {}", ctx.redelivered()));
        let detach = self.plan.detaches.filter(|(on, _)| *on == n);
        let attachment = match detach.map(|(_, which)| which) {
            Some(Detach::ItsOwn) => self.redelivering.take(),
            Some(Detach::TheOther) => self.plain.take(),
            None => None,
        };
        if let Some(attachment) = attachment {
            assert!(ctx.detach(attachment));
            assert!(!ctx.detach(attachment), "twice");
        }
        match self.plan.fails_on == Some(n) {
            true => Err("a planned failure")?,
            false => Ok(()),
        }
    }
    fn sync(&self) {}
    fn pass(&self, gate: GateHandle) {
        let _ = gate.pass().ask();
    }
    fn post(&self, n: u64) {
        let posted = self.plan.outlet.as_ref().unwrap().post(n);
        self.plan
            .log
            .note(format!("{:?}", posted.map_err(|error| error.kind())));
    }
    fn spawn(&self, ctx: &mut Context<Self>, plan: Plan) -> NodeHandle {
        ctx.spec::<Node>(plan).name("child").spawn().unwrap()
    }
}

impl Actor for Node {
    type Args = Plan;
    fn start(ctx: &mut Context<Self>, plan: &Plan) -> Result<Self, Failure> {
        let panics_on = plan.panics_on;
        let make = move |n| {
            assert!(panics_on != Some(n), "a conversion that panics");
            NodeMessage::number(n)
        };
        let plain = plan.plain.as_ref().map(|port| ctx.attach(&**port, make));
        let port = plan.redelivering.as_ref();
        let redelivering = port.map(|port| ctx.attach_redelivering(&**port, 1, make));
        Ok(Node {
            plan: plan.clone(),
            plain: plain.transpose()?,
            redelivering: redelivering.transpose()?,
        })
    }
}

fn bounded(capacity: usize) -> (MessagePort<u64, ()>, Inlet) {
    let MessageChannel { port1, port2 } = MessageChannel::bounded(capacity);
    (port1, Arc::new(port2))
}

/// Waits until the actor has noted something, and has handled it.
fn noted(node: &NodeHandle, log: &Log) -> Vec<String> {
    while log.notes().is_empty() {
        node.sync().ask().unwrap();
    }
    node.sync().ask().unwrap();
    log.notes()
}

fn dead_letters(seen: &[String]) -> usize {
    let letters = seen.iter().filter(|line| line.contains("dead letter"));
    letters.count()
}

/// The handled value was still in the port, and came again.
#[test]
fn a_handler_that_detaches_does_not_put_its_value_back() {
    everywhere(|system| {
        for which in [Detach::ItsOwn, Detach::TheOther] {
            let (port, inlet) = bounded(4);
            let plan = Plan {
                plain: Some(bounded(4).1),
                redelivering: Some(Arc::clone(&inlet)),
                detaches: Some((1, which)),
                ..Plan::default()
            };
            let node = system.spawn::<Node>(plan.clone()).unwrap();
            port.post(1).unwrap();
            assert_eq!(noted(&node, &plan.log), ["1 0"]);
            assert!(inlet.is_empty());
            node.stop();
            node.join();
            assert!(inlet.is_empty(), "it was kept until the end of the life");
        }
    });
}

#[test]
fn a_handler_that_detaches_and_fails_puts_its_value_back() {
    everywhere(|system| {
        let mut events = system.events();
        let (port, inlet) = bounded(4);
        let plan = Plan {
            redelivering: Some(Arc::clone(&inlet)),
            detaches: Some((1, Detach::ItsOwn)),
            fails_on: Some(1),
            ..Plan::default()
        };
        let node = system.spawn::<Node>(plan).unwrap();
        port.post(1).unwrap();
        port.post(2).unwrap();
        node.join();
        assert_eq!([inlet.recv(), inlet.recv()], [Ok(1), Ok(2)]);
        assert_eq!(dead_letters(&lines(&mut events)), 0);
    });
}

/// The value was lost, and nobody told.
#[test]
fn a_value_that_no_message_can_be_made_of_is_accounted_for() {
    everywhere(|system| {
        for redelivers in [false, true] {
            let mut events = system.events();
            let (port, inlet) = bounded(4);
            let attached = Some(Arc::clone(&inlet));
            let (plain, redelivering) = match redelivers {
                false => (attached, None),
                true => (None, attached),
            };
            let plan = Plan {
                plain,
                redelivering,
                panics_on: Some(1),
                ..Plan::default()
            };
            let first = system.spawn::<Node>(plan.clone()).unwrap();
            port.post(1).unwrap();
            assert!(matches!(first.join(), ExitReason::Panicked(_)));
            if redelivers {
                let seen = lines(&mut events);
                assert!(
                    seen.contains(&"Node 1 redelivered value 1".to_owned()),
                    "{seen:?}"
                );
                assert_eq!(inlet.len(), 1);
                system.spawn::<Node>(plan).unwrap().join();
            }
            assert_eq!(inlet.len(), 0);
            let seen = lines(&mut events);
            let letter = "Node 1 dead letter value Failed".to_owned();
            assert!(seen.contains(&letter), "{seen:?}");
        }
    });
}

/// Its conversion does not return in time.
struct Stuck;

#[actor]
impl Stuck {
    fn value(&self, _n: u64) {}
}

impl Actor for Stuck {
    type Args = (Inlet, Mutex<Option<(Gates, Receiver<()>)>>);
    fn start(ctx: &mut Context<Self>, (port, gate): &Self::Args) -> Result<Self, Failure> {
        let mut gate = gate.lock().unwrap().take();
        ctx.attach_redelivering(&**port, 1, move |n| {
            if let Some((reached, open)) = gate.take() {
                reached.send(()).unwrap();
                let _ = open.recv();
            }
            StuckMessage::value(n)
        })?;
        Ok(Stuck)
    }
}

type Gates = std::sync::mpsc::Sender<()>;

/// The value was a dead letter, and came again as well.
#[test]
fn a_life_that_is_left_behind_in_a_conversion_loses_and_doubles_nothing() {
    quiet_panics();
    let system = System::new("test").unwrap();
    let mut events = system.events();
    let (port, inlet) = bounded(4);
    let ((reached, is_reached), (open, gate)) = (channel(), channel());
    let args = (Arc::clone(&inlet), Mutex::new(Some((reached, gate))));
    let stuck = system.spawn::<Stuck>(args).unwrap();
    port.post(1).unwrap();
    is_reached.recv().unwrap();
    stuck.terminate(Duration::from_millis(1));
    open.send(()).unwrap();
    // It is named as long as its thread has not come back.
    let mut seen = Vec::new();
    while !seen.iter().any(|line: &String| line.contains("value")) {
        seen.extend(lines(&mut events));
        std::thread::yield_now();
    }
    assert_eq!((dead_letters(&seen), inlet.len()), (0, 1), "{seen:?}");
    assert!(
        seen.contains(&"Stuck 1 redelivered value 1".to_owned()),
        "{seen:?}"
    );
}

/// The child was left behind, after all of its patience.
#[test]
fn a_parent_that_stops_refuses_the_post_of_a_child_that_waits_for_it() {
    everywhere(|system| {
        let (port, inlet) = bounded(1);
        let parent = Plan {
            plain: Some(inlet),
            ..Plan::default()
        };
        let parent = system.spawn::<Node>(parent).unwrap();
        let gate = system.spawn::<Gate>(()).unwrap();
        let plan = Plan {
            outlet: Some(Arc::new(port)),
            ..Plan::default()
        };
        let child = parent.spawn(plan.clone()).ask().unwrap();
        parent.pass(gate.clone()).tell().unwrap();
        gate.somebody_waits().ask().unwrap();
        child.post(1).ask().unwrap();
        child.post(2).tell().unwrap();
        // It has begun to post, and most often waits: both orders are to end well.
        while child.snapshot().mailbox > 0 {
            gate.somebody_waits().ask().unwrap();
        }
        parent.stop();
        gate.open().tell().unwrap();
        assert!(parent.join().is_normal());
        assert_eq!(plan.log.notes(), ["Ok(())", "Err(Deadlock)"]);
    });
}

struct Member(BroadcastChannel<u64>);

#[actor]
impl Member {
    fn heard(&self, _n: u64) {}
    fn lost(&self) -> u64 {
        self.0.lost()
    }
    fn ask(&self, other: MemberHandle) -> u64 {
        other.lost().ask().unwrap()
    }
    /// Posts so many when the gate is open.
    fn post(&self, gate: GateHandle, number: u64) -> usize {
        let _ = gate.pass().ask();
        (0..number).map(|n| self.0.post(n)).sum()
    }
}

impl Actor for Member {
    type Args = ();
    fn start(ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        let member = ctx.system().broadcast("news")?;
        ctx.attach(&member, MemberMessage::heard)?;
        Ok(Member(member))
    }
}

/// Nobody counted it.
#[test]
fn a_member_that_cannot_be_waited_for_has_lost() {
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let [asker, poster] = [(), ()].map(|()| system.spawn::<Member>(()).unwrap());
        let delivered = poster.post(gate.clone(), 1_030).send().unwrap();
        gate.somebody_waits().ask().unwrap();
        let asked = asker.ask(poster.clone()).send().unwrap();
        while asker.snapshot().mailbox > 0 || poster.snapshot().mailbox == 0 {
            gate.somebody_waits().ask().unwrap();
        }
        gate.open().tell().unwrap();
        assert_eq!(delivered.wait().unwrap(), 1_024);
        asked.wait().unwrap();
        assert_eq!(asker.lost().ask().unwrap(), 6);
    });
}

/// A task that has been polled, and what it keeps.
struct Task<T>(T);

impl<T: Send + Sync + 'static> Wake for Task<T> {
    fn wake(self: Arc<Self>) {}
}

fn is_pending(future: Pin<&mut impl Future>, waker: &Waker) -> bool {
    future
        .poll(&mut TaskContext::from_waker(waker))
        .is_pending()
}

/// Each left its waker, and so its task, until the next value came.
#[test]
fn futures_that_are_dropped_leave_nothing_behind() {
    let alive = Arc::new(AtomicUsize::new(0));
    let (port, other) = bounded(1);
    port.post(1).unwrap();
    for _ in 0..100 {
        let task = Waker::from(Arc::new(Task(Counted::new(&alive))));
        assert!(is_pending(Box::pin(port.post_async(2)).as_mut(), &task));
        assert!(is_pending(Box::pin(port.recv_async()).as_mut(), &task));
    }
    assert_eq!(alive.load(Ordering::SeqCst), 0);
    drop(other);
}

#[test]
fn the_end_of_one_future_does_not_take_the_wake_up_of_another_in_its_task() {
    struct Wakes(AtomicUsize);
    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let task = Arc::new(Wakes(AtomicUsize::new(0)));
    let waker = Waker::from(Arc::clone(&task));
    let (port, other) = bounded(1);

    let mut futures = [(), ()].map(|()| Box::pin(other.recv_async()));
    futures
        .iter_mut()
        .for_each(|it| assert!(is_pending(it.as_mut(), &waker)));
    let [first, mut second] = futures;
    drop(first);
    port.post(1).unwrap();
    assert_eq!(task.0.swap(0, Ordering::SeqCst), 1);
    assert!(!is_pending(second.as_mut(), &waker));

    port.post(2).unwrap();
    let mut futures = [3, 4].map(|n| Box::pin(port.post_async(n)));
    futures
        .iter_mut()
        .for_each(|it| assert!(is_pending(it.as_mut(), &waker)));
    let [first, mut second] = futures;
    drop(first);
    assert_eq!(other.recv(), Ok(2));
    assert_eq!(task.0.swap(0, Ordering::SeqCst), 1);
    assert!(!is_pending(second.as_mut(), &waker));
    assert_eq!(other.recv(), Ok(4));
}

/// The waker was the last to keep a task, which was dropped under the lock that its futures take.
#[test]
fn a_waker_that_is_replaced_may_take_a_task_with_it() {
    let (done, is_done) = channel();
    std::thread::spawn(move || {
        let system = System::new("test").unwrap();
        let _held = system.lock("x").acquire().unwrap();
        let wait = || Box::pin(system.lock("x").timeout(LONG).into_future());
        let (mut mine, mut of_task): (_, Pin<Box<LockFuture>>) = (wait(), wait());
        assert!(is_pending(of_task.as_mut(), Waker::noop()));
        let task = Waker::from(Arc::new(Task(Mutex::new(of_task))));
        assert!(is_pending(mine.as_mut(), &task));
        drop(task);
        assert!(is_pending(mine.as_mut(), Waker::noop()));
        assert_eq!(system.locks().pending.len(), 1);
        done.send(()).unwrap();
    });
    is_done.recv_timeout(LONG).expect("it hangs");
}
