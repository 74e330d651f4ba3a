#![allow(unused)]

use actor_core::prelude::*;

struct Echo;

#[actor]
impl Echo {
    #[message(fails, later)]
    fn echo(&self) -> Result<(), Failure> {
        Ok(())
    }
}

impl Actor for Echo {
    type Args = ();
    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Ok(Echo)
    }
}

fn main() {}
