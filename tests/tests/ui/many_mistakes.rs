//! All are reported at once, and whatever is right works as if there were none.

#![allow(unused)]

use actor_core::prelude::*;

struct Echo;

#[actor(mailbox = 0, loud)]
impl Echo {
    pub fn new() -> Self {
        Echo
    }
    pub fn say(&self, text: String) -> String {
        text
    }
    pub fn shout(&self, text: &str, louder: &str) -> String {
        text.to_uppercase() + louder
    }
    pub async fn stop(self) {}
    #[message(fails, sometimes)]
    pub fn try_say(&self) -> Result<(), Failure> {
        Ok(())
    }
    pub fn hear<T>(&self, ear: T, #[cfg(all())] other: impl Fn()) {}
    const SOUND: u8 = 1;
}

impl Actor for Echo {
    type Args = ();
    fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
        Ok(Echo::new())
    }
}

fn main() {
    let system = System::new("echo").unwrap();
    let echo: EchoHandle = system.spawn::<Echo>(()).unwrap();
    let _text: String = echo.say("text".into()).ask().unwrap();
    let _message = EchoMessage::Say {
        text: String::new(),
    };
    let _length = Echo.shout("text", "er").len() + usize::from(Echo::SOUND);
}
