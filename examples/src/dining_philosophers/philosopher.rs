//! A philosopher, who needs two forks to dine.

use actor_core::prelude::*;

use super::fork::ForkHandle;

/// The forks in the order in which they are taken.
pub(super) struct Philosopher {
    first: ForkHandle,
    second: ForkHandle,
}

#[actor]
impl Philosopher {
    /// Takes both forks, dines, and puts them back; so often.
    #[message(fails)]
    pub(super) fn dine(&mut self, meals: u32) -> Result<u32, Failure> {
        for _ in 0..meals {
            self.first.take().ask()?;
            self.second.take().ask()?;
            self.first.put().tell()?;
            self.second.put().tell()?;
        }
        Ok(meals)
    }
}

impl Actor for Philosopher {
    type Args = [ForkHandle; 2];

    fn start(_: &mut Context<Self>, [first, second]: &Self::Args) -> Result<Self, Failure> {
        Ok(Philosopher {
            first: first.clone(),
            second: second.clone(),
        })
    }
}
