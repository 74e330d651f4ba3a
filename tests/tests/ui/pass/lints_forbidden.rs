//! A crate that forbids lints cannot allow them again, not even in what a macro makes.

#![forbid(unsafe_code, missing_docs, unused, unreachable_pub, nonstandard_style)]

use actor_core::prelude::*;

struct Echo;

#[actor]
impl Echo {
    fn echo(&self, text: String) -> String {
        text
    }
}

impl Actor for Echo {
    type Args = ();
    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Ok(Echo)
    }
}

fn main() {
    let system = System::new("echo").unwrap();
    let echo = system.spawn::<Echo>(()).unwrap();
    echo.echo(String::new()).tell().unwrap();
}
