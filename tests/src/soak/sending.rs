//! Sending messages in every way there is, and gathering what comes of them.

use std::future::{Future, IntoFuture};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use actor_core::{AskError, Overflow, Request};

use super::account::Kind;
use super::deed::{Answerer, Deed};
use super::hand::{Asked, Hand};
use super::options::Sabotage;
use super::subject::SubjectMessage;
use super::target::{Target, take_back};
use super::token::{Stub, Token};

type Question<'a> = Request<'a, SubjectMessage, u64>;

const WAYS: [Kind; 6] = [
    Kind::Tell,
    Kind::TryTell,
    Kind::Send,
    Kind::Ask,
    Kind::Await,
    Kind::Outlet,
];

impl Hand {
    pub(super) fn token(&self, kind: Kind, target: &Target) -> Token {
        Token::new(&self.world.books, kind, &target.account)
    }

    /// One message, in one of the ways.
    pub(super) fn send(&mut self) {
        let Some(target) = self.world.pick(&mut self.rng) else {
            return;
        };
        let kind = WAYS[self.rng.usize(0..WAYS.len())];
        let deed = Deed::by_chance(&mut self.rng, self.world.wildness);
        let token = self.token(kind, &target);
        let stub = token.stub();
        if kind == Kind::Outlet {
            return self.post_to(&target, token, deed);
        }
        let answerer = self.chance(10).then(|| Answerer::by_chance(&mut self.rng));
        let question = match answerer {
            Some(answerer) => target.handle.defer(token, answerer),
            None if self.chance(4) => match self.parcel() {
                Some(parcel) => target.handle.hold(token, parcel),
                None => target.handle.work(token, deed),
            },
            None => target.handle.work(token, deed),
        };
        // Nobody sees in the graph of waits what these wait for.
        let unseen = self.inside && (answerer.is_some() || target.is_declared());
        let may_take_long = answerer == Some(Answerer::End) || unseen;
        let question = match may_take_long || self.chance(60) {
            true => question.timeout(self.micros(20_000)),
            false => question,
        };
        match kind {
            Kind::Tell => self.told(self.world.waiting(&target, || question.tell())),
            Kind::TryTell => self.told(question.try_tell()),
            Kind::Send => match self.world.waiting(&target, || question.send()) {
                Ok(pending) => self.asked.push(Asked {
                    pending,
                    stub,
                    target: Arc::clone(&target),
                    may_take_long,
                }),
                Err(error) => self.told(Err(error)),
            },
            Kind::Await => {
                let polls = self.rng.u32(1..100);
                let answer = stub.asking(|| poll(question, polls));
                self.settle(&stub, &target, answer.as_ref());
            }
            _ => {
                let ask = || stub.asking(|| question.ask());
                let answer = self.world.waiting(&target, ask);
                self.settle(&stub, &target, Some(&answer));
            }
        }
    }

    pub(super) fn told(&self, sent: Result<(), actor_core::SendError<SubjectMessage>>) {
        let Err(error) = sent else {
            return;
        };
        if self.world.books.sabotages(Sabotage::Lose) {
            return drop(error);
        }
        take_back(error.into_message());
    }

    fn post_to(&mut self, target: &Target, token: Token, deed: Deed) {
        let outlet = target
            .handle
            .port(move |token| SubjectMessage::work(token, deed));
        let posted = match self.rng.u32(0..3) {
            0 if !(self.inside && target.is_declared()) => {
                self.world.waiting(target, || outlet.post(token))
            }
            1 => outlet.try_post(token),
            _ => outlet.post_timeout(token, self.micros(5_000)),
        };
        if let Err(error) = posted {
            error.into_value().come_back();
        }
    }

    /// Notes whether a question was delivered that was asked, or awaited for a while.
    pub(super) fn settle(
        &self,
        stub: &Stub,
        target: &Target,
        answer: Option<&Result<u64, AskError>>,
    ) {
        let delivered = match answer {
            Some(Ok(answer)) => {
                self.check(stub, *answer);
                true
            }
            // It is taken out again, by whoever closes the circle.
            Some(Err(AskError::Deadlock { cycle })) => {
                if !self.inside {
                    let told = format!("a plain thread was told of a deadlock: {cycle}");
                    self.world.books.fault(told);
                }
                false
            }
            // It came just after the mailbox was closed, and its sender swept it.
            Some(Err(AskError::Stopped {
                reason: Some(_), ..
            })) => true,
            Some(Err(AskError::Full { .. })) if target.drops() => true,
            Some(Err(AskError::Stopped { reason: None, .. })) if target.never_ran() => {
                target.account.is_unclear();
                true
            }
            _ => !stub.was_dropped_here(),
        };
        if !delivered {
            stub.not_delivered();
        }
    }

    pub(super) fn check(&self, stub: &Stub, answer: u64) {
        if answer != stub.number() {
            let told = format!("token {} got the answer to {answer}", stub.number());
            self.world.books.fault(told);
        }
    }

    /// Looks at a question under way, or waits for its answer, or does not care any more.
    pub(super) fn gather(&mut self) {
        if self.asked.is_empty() {
            return;
        }
        let place = self.rng.usize(0..self.asked.len());
        let mut one = self.asked.swap_remove(place);
        match self.rng.u32(0..10) {
            0 => one.pending.cancel(),
            1 => drop(one),
            2 => match one.pending.try_wait() {
                Ok(Some(answer)) => self.check(&one.stub, answer),
                Ok(None) => self.asked.push(one),
                Err(error) => self.refused(&one, &error),
            },
            3..=5 if !one.may_take_long => {
                match self.world.waiting(&one.target, || one.pending.wait()) {
                    Ok(answer) => self.check(&one.stub, answer),
                    Err(AskError::Deadlock { cycle }) if !self.inside => {
                        let told = format!("a plain thread was told of a deadlock: {cycle}");
                        self.world.books.fault(told);
                    }
                    Err(_) => {}
                }
            }
            _ => {
                let patience = self.micros(5_000);
                match one.pending.wait_timeout(patience) {
                    Ok(Some(answer)) => self.check(&one.stub, answer),
                    Ok(None) => {}
                    Err(error) => self.refused(&one, &error),
                }
            }
        }
    }

    fn refused(&self, one: &Asked, error: &AskError) {
        if matches!(error, AskError::Full { .. })
            && one.target.overflow == Overflow::Block
            && !one.target.is_pool
        {
            let told = format!("{} blocks, and said: {error}", one.target.account.name());
            self.world.books.fault(told);
        }
    }

    /// After the end of the system every question has an answer.
    pub(super) fn gather_the_rest(&mut self, left_behind: bool) {
        for mut one in self.asked.drain(..) {
            match one.pending.wait_timeout(Duration::from_secs(5)) {
                Ok(Some(answer)) if answer != one.stub.number() => {
                    let told = format!("token {} got the answer to {answer}", one.stub.number());
                    self.world.books.fault(told);
                }
                // A life that was left behind may keep it, until it comes back.
                Ok(None) if !left_behind => {
                    let name = one.target.account.name();
                    let told = format!("token {} to {name} was never answered", one.stub.number());
                    self.world.books.fault(told);
                }
                _ => {}
            }
        }
    }
}

/// Polls a question so often, and drops it then.
#[expect(clippy::disallowed_methods, reason = "it stands in for an executor")]
fn poll(question: Question<'_>, times: u32) -> Option<Result<u64, AskError>> {
    let mut future = pin!(question.into_future());
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..times {
        if let Poll::Ready(answer) = future.as_mut().poll(&mut context) {
            return Some(answer);
        }
        std::thread::yield_now();
    }
    None
}
