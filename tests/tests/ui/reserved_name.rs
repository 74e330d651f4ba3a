#![allow(unused)]

use actor_core::prelude::*;

struct Echo;

#[actor]
impl Echo {
    fn id(&self) {}
    fn name(&self) {}
    fn stop(&self) {}
    fn drain(&self) {}
    fn terminate(&self) {}
    fn join(&self) {}
    fn join_timeout(&self) {}
    fn is_alive(&self) {}
    fn snapshot(&self) {}
    fn monitor(&self) {}
    fn port(&self) {}
    fn clone(&self) {}
}

impl Actor for Echo {
    type Args = ();
    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Ok(Echo)
    }
}

fn main() {}
