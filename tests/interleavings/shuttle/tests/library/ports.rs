//! Message ports: lanes with waiters at both ends, and leases of lives.

use std::sync::Arc;
use std::thread;

use actor_core::prelude::*;
use actor_core::{PostErrorKind, RecvError, SharedArray};

use super::{explore, explore_system};

#[test]
fn what_is_posted_arrives_and_the_end_of_it_too() {
    explore(|| {
        let MessageChannel { port1, port2 } = MessageChannel::<u32, ()>::bounded(1);
        let poster = thread::spawn(move || (1..=3).for_each(|n| port1.post(n).unwrap()));
        assert_eq!(port2.iter().collect::<Vec<_>>(), [1, 2, 3]);
        poster.join().unwrap();
    });
}

/// Two wait for room, two for values: nobody is forgotten.
#[test]
fn nobody_who_waits_at_a_port_is_forgotten() {
    explore(|| {
        let MessageChannel { port1, port2 } = MessageChannel::<u32, ()>::bounded(1);
        let (port1, port2) = (Arc::new(port1), Arc::new(port2));
        let posters = [1, 2].map(|number| {
            let port1 = port1.clone();
            thread::spawn(move || [port1.post(number), port1.post(number)].map(Result::unwrap))
        });
        let takers = [0, 1].map(|_| {
            let port2 = port2.clone();
            thread::spawn(move || port2.recv().unwrap() + port2.recv().unwrap())
        });
        for poster in posters {
            poster.join().unwrap();
        }
        assert_eq!(
            takers
                .map(|taker| taker.join().unwrap())
                .iter()
                .sum::<u32>(),
            6
        );
    });
}

#[test]
fn who_waits_at_a_port_hears_that_it_closes() {
    explore(|| {
        let MessageChannel { port1, port2 } = MessageChannel::<u32, ()>::bounded(1);
        let poster = thread::spawn(move || {
            let posted = port1.post(1).and_then(|()| port1.post(2));
            posted.map_err(|error| error.kind())
        });
        let taken = port2.recv();
        port2.close();
        assert_eq!(taken, Ok(1));
        let posted = poster.join().unwrap();
        assert!(matches!(posted, Ok(()) | Err(PostErrorKind::Closed)));
        assert!(matches!(port2.recv(), Ok(2) | Err(RecvError::Closed)));
    });
}

#[test]
fn all_who_wait_at_a_port_hear_that_it_closes() {
    explore(|| {
        let MessageChannel { port1, port2 } = MessageChannel::<u32, ()>::bounded(1);
        let port2 = Arc::new(port2);
        let takers = [0, 1].map(|_| {
            let port2 = Arc::clone(&port2);
            thread::spawn(move || port2.recv())
        });
        port1.close();
        for taker in takers {
            assert_eq!(taker.join().unwrap(), Err(RecvError::Closed));
        }
    });
}

/// Takes from a port that is attached, and tells how much.
struct Holder(SharedArray<u32>);

#[actor]
impl Holder {
    fn value(&mut self, value: u32) {
        assert_eq!(self.0.add(0, 1) + 1, value);
        self.0.notify(0, usize::MAX);
    }
}

impl Actor for Holder {
    type Args = (Arc<MessagePort<(), u32>>, SharedArray<u32>);
    fn start(ctx: &mut Context<Self>, (port, taken): &Self::Args) -> Result<Self, Failure> {
        ctx.attach(&**port, HolderMessage::value)?;
        Ok(Holder(taken.clone()))
    }
}

/// The ringer: what is posted wakes the life that holds the port.
#[test]
fn a_life_wakes_up_for_its_ports() {
    explore_system(|system| {
        let MessageChannel { port1, port2 } = MessageChannel::<u32, ()>::bounded(1);
        let taken = SharedArray::new(1);
        let holder = system.spawn::<Holder>((Arc::new(port2), taken.clone()));
        let holder = holder.unwrap();
        let poster = thread::spawn(move || (1..=3).for_each(|n| port1.post(n).unwrap()));
        loop {
            match taken.load(0) {
                3 => break,
                before => {
                    taken.wait(0, before);
                }
            }
        }
        poster.join().unwrap();
        holder.stop();
        assert!(holder.join().is_normal());
    });
}

/// With the spinning and yielding of a real wait.
#[test]
fn a_change_of_a_shared_array_that_is_notified_is_not_missed() {
    explore(|| {
        let array = SharedArray::<u32>::new(1);
        let waiters = [0, 1].map(|_| {
            let array = array.clone();
            thread::spawn(move || {
                while array.load(0) == 0 {
                    array.wait(0, 0);
                }
            })
        });
        array.store(0, 1);
        array.notify(0, usize::MAX);
        for waiter in waiters {
            waiter.join().unwrap();
        }
    });
}
