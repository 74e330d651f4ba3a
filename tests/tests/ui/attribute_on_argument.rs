#![allow(unused)]

use actor_core::prelude::*;

struct Echo;

#[actor]
impl Echo {
    fn echo(&self, #[cfg(all())] value: u8, #[allow(unused)] other: u8) {}
}

impl Actor for Echo {
    type Args = ();
    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Ok(Echo)
    }
}

fn main() {}
