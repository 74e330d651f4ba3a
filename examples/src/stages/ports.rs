//! The ends of the ports between the stages.

use std::sync::Arc;
use std::time::Duration;

use actor_core::{MessageChannel, MessagePort, PostErrorKind};

/// The end that a stage receives from. It lies in the stage's arguments, so what is queued in it
/// outlasts the stage's lives.
pub(super) type Incoming<T> = MessagePort<(), T>;

/// How long to wait at one port before looking at the others, and whether to go on at all.
const LOOK: Duration = Duration::from_millis(2);

/// The ends that a stage posts to: it knows what it sends, and not to whom. Clones share them.
///
/// No wait for room is longer than a look. Without that, a stage that is to stop could wait for
/// ever, at the port of another one that has crashed and that a supervisor which has given up does
/// not bring back.
#[derive(Debug)]
pub(super) struct Onward<T> {
    ports: Arc<[MessagePort<T, ()>]>,
    /// Whose turn it is.
    turn: usize,
}

impl<T> Onward<T> {
    /// A way to one receiver, at whose port as many values may wait as the bound says.
    pub(super) fn to_one(bound: usize) -> (Onward<T>, Incoming<T>) {
        let MessageChannel { port1, port2 } = MessageChannel::bounded(bound);
        (Onward::new([port1]), port2)
    }

    /// The same to several receivers. Each value goes to one of them.
    pub(super) fn to_several(receivers: usize, bound: usize) -> (Onward<T>, Vec<Incoming<T>>) {
        let ends = |channel: MessageChannel<T, ()>| (channel.port1, channel.port2);
        let channels = (0..receivers).map(|_| ends(MessageChannel::bounded(bound)));
        let (ports, incoming): (Vec<_>, Vec<_>) = channels.unzip();
        (Onward::new(ports), incoming)
    }

    fn new(ports: impl Into<Arc<[MessagePort<T, ()>]>>) -> Onward<T> {
        Onward {
            ports: ports.into(),
            turn: 0,
        }
    }

    /// Posts to the next receiver that has room; while none has, waits for as long as it is
    /// `wanted`. False if it is not any more, or the other end is closed: then the run is over, and
    /// the value of no use.
    pub(super) fn pass_on(&mut self, mut value: T, wanted: impl Fn() -> bool) -> bool {
        loop {
            for _ in 0..self.ports.len() {
                match self.next().try_post(value) {
                    Ok(()) => return true,
                    Err(error) if error.kind() == PostErrorKind::Full => value = error.into_value(),
                    Err(_) => return false,
                }
            }
            if !wanted() {
                return false;
            }
            match self.next().post_timeout(value, LOOK) {
                Ok(()) => return true,
                Err(error) if error.kind() == PostErrorKind::Timeout => value = error.into_value(),
                Err(_) => return false,
            }
        }
    }

    fn next(&mut self) -> &MessagePort<T, ()> {
        self.turn = (self.turn + 1) % self.ports.len();
        &self.ports[self.turn]
    }
}

impl<T> Clone for Onward<T> {
    fn clone(&self) -> Self {
        Onward {
            ports: Arc::clone(&self.ports),
            turn: self.turn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(ports: &[Incoming<u32>]) -> Vec<Vec<u32>> {
        let all = |port: &Incoming<u32>| std::iter::from_fn(|| port.try_recv().ok()).collect();
        ports.iter().map(all).collect()
    }

    #[test]
    fn each_gets_its_turn_and_no_more_than_its_bound() {
        let (mut onward, ports) = Onward::to_several(2, 2);
        for value in 0..4 {
            assert!(onward.pass_on(value, || unreachable!("there is room")));
        }
        assert!(!onward.pass_on(4, || false), "there is no room");
        assert_eq!(waiting(&ports), [[1, 3], [0, 2]]);
    }

    #[test]
    fn whoever_is_full_is_passed_over() {
        let (mut onward, ports) = Onward::to_several(2, 1);
        let mut passed_on = Vec::new();
        assert!(onward.pass_on(0, || true));
        for value in 1..5 {
            assert!(onward.pass_on(value, || true));
            passed_on.extend(ports[0].try_recv());
        }
        assert_eq!(passed_on, [1, 2, 3, 4]);
        assert_eq!(waiting(&ports), [vec![], vec![0]]);
    }

    #[test]
    fn while_all_are_full_it_waits_for_any_of_them() {
        let (mut onward, ports) = Onward::to_several(2, 1);
        assert!(onward.pass_on(0, || true) && onward.pass_on(1, || true));
        // The wait for the one port ends although only the other gets room.
        for first in [0, 1] {
            let make_room = || {
                let _ = ports[first].try_recv();
                true
            };
            assert!(onward.pass_on(2, make_room));
        }
    }

    #[test]
    fn nobody_waits_at_a_closed_port() {
        let (mut onward, port) = Onward::to_one(1);
        assert!(onward.pass_on(0, || true));
        drop(port);
        assert!(!onward.pass_on(1, || true));
    }
}
