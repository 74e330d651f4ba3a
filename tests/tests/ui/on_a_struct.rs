#![allow(unused)]

use actor_core::prelude::*;

#[actor]
struct Echo;

fn main() {}
