//! Ports: made, given away, posted to, received from, closed and dropped.

use actor_core::RecvError;
use actor_core::prelude::*;

use super::account::Kind;
use super::hand::Hand;
use super::subject::Parcel;
use super::token::Token;
use super::world::Port;

/// So many ports in one hand.
const MANY: usize = 12;

impl Hand {
    /// One end of a new channel; the other is somewhere else.
    pub(super) fn new_port(&mut self) -> Port {
        let MessageChannel { port1, port2 } = match self.rng.u32(0..4) {
            0 => MessageChannel::unbounded(),
            1 => MessageChannel::new(),
            _ => MessageChannel::bounded(self.rng.usize(1..9)),
        };
        match self.rng.bool() {
            true => self.ports.push(port1),
            false => self.world.put_port(port1),
        }
        port2
    }

    /// A port to be given away.
    pub(super) fn parcel(&mut self) -> Option<Parcel<Port>> {
        let port = match self.rng.u32(0..4) {
            0 => Some(self.new_port()),
            1 => self.world.take_port(&mut self.rng),
            _ => self.take_port(),
        };
        port.map(Parcel::new)
    }

    fn take_port(&mut self) -> Option<Port> {
        let place = (!self.ports.is_empty()).then(|| self.rng.usize(0..self.ports.len()))?;
        Some(self.ports.swap_remove(place))
    }

    /// Takes some port, uses it for a while, and does something with it.
    pub(super) fn use_port(&mut self) {
        let port = match self.rng.u32(0..6) {
            0 => Some(self.new_port()),
            1..=2 => self.world.take_port(&mut self.rng),
            _ => self.take_port(),
        };
        let Some(port) = port else {
            return;
        };
        for _ in 0..self.rng.u32(1..6) {
            match self.rng.bool() {
                true => self.post(&port),
                false => self.receive(&port),
            }
        }
        if port.is_closed() && port.is_empty() {
            return;
        }
        match self.rng.u32(0..20) {
            0 => drop(port),
            1 => {
                port.close();
                self.ports.push(port);
            }
            2..=8 => self.world.put_port(port),
            _ => self.ports.push(port),
        }
        if self.ports.len() > MANY {
            drop(self.take_port());
        }
    }

    fn post(&mut self, port: &Port) {
        let world = &self.world;
        let token = Token::new(&world.books, Kind::Port, &world.ports_account);
        let posted = match self.rng.bool() {
            true => port.try_post(token),
            false => port.post_timeout(token, self.micros(3_000)),
        };
        if let Err(error) = posted {
            error.into_value().come_back();
        }
    }

    fn receive(&mut self, port: &Port) {
        let received = match self.rng.bool() {
            true => port.try_recv(),
            false => port.recv_timeout(self.micros(1_000)),
        };
        match received {
            Ok(token) => token.receive(&self.world.ports_account),
            Err(RecvError::Closed) if !port.is_closed() => {
                let told = "a port that is open said that it is closed";
                self.world.books.fault(told);
            }
            Err(_) => {}
        }
    }
}
