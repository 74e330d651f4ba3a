//! Actors that would wait for each other for ever.

use std::borrow::Cow;
use std::fmt;

use crate::id::Identity;

/// A cycle of actors, each waiting for the next and the last for the first. It prints as
/// `a#1 →(work) b#2 →(check) a#1`, with the messages that they wait with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Cycle {
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub(super) struct Step {
    pub(super) actor: Identity,
    pub(super) message: Cow<'static, str>,
}

impl Cycle {
    /// The actors, each waiting for the next, and the messages that they wait with.
    pub fn steps(&self) -> impl Iterator<Item = (&Identity, &str)> {
        let steps = self.steps.iter();
        steps.map(|step| (&step.actor, &*step.message))
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Step { actor, message } in &self.steps {
            write!(f, "{actor} →({message}) ")?;
        }
        match self.steps.first() {
            Some(first) => write!(f, "{}", first.actor),
            None => Ok(()),
        }
    }
}
