#![allow(unused)]

use actor_core::prelude::*;

#[actor]
fn echo() -> impl Sized {}

fn main() {
    let _ = echo();
}
