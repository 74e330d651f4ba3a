#![allow(unused)]

use actor_core::prelude::*;

struct Echo<'a>(&'a str);

#[actor]
impl Echo<'_> {
    fn echo(&self) {}
}

impl Actor for Echo<'static> {
    type Args = ();
    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Ok(Echo(""))
    }
}

fn main() {}
