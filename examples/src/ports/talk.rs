//! What the two say to each other.

use actor_core::MessagePort;

/// The asker says this.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) number: u32,
}

/// The answerer says these: to each question any number of divisors, and one end.
#[derive(Debug)]
pub(super) enum Answer {
    Divisor(u32),
    ThatIsAll,
}

/// The end that asks.
pub(super) type AskerPort = MessagePort<Question, Answer>;
/// The end that answers.
pub(super) type AnswererPort = MessagePort<Answer, Question>;
