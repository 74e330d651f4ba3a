//! From the options to the exit code.

use std::ops::RangeInclusive;
use std::process::ExitCode;

use actor_core::prelude::*;
use actor_core::{BroadcastChannel, SpawnError};

use super::listener::{Listener, ListenerHandle, NEWS};
use super::options::Options;
use super::tally::Tallies;
use crate::ending::exit_code;
use crate::output::print;

/// How many announcements are under way at most before the listeners that keep pace are waited
/// for. A member has room for twice as many.
const PACE: u32 = 512;

/// Announces, and says what the process is to end with.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    exit_code("broadcast", announce_all(options))
}

fn announce_all(options: &Options) -> Result<ExitCode, Failure> {
    let system = System::new("broadcast")?;
    let news = system.broadcast(NEWS)?;
    let last = options.announcements;
    let half = last / 2;
    let listener = |number| join(&system, &format!("listener-{number}"), None);
    let listeners = (1..=options.listeners).map(listener);
    let mut attentive = listeners.collect::<Result<Vec<_>, _>>()?;
    let leaver = join(&system, "leaver", Some(half))?;
    let busy = join(&system, "busy", None)?;

    let MessageChannel { port1, port2 } = MessageChannel::new();
    busy.be_busy(port2).tell()?;
    port1.recv()?;
    attentive.push(leaver.clone());
    let mut lost = announce(&news, 1..=half, &attentive)?;
    attentive.pop();
    lost += announce(&news, half + 1..=last - 1, &attentive)?;
    port1.close();
    let reached = news.post(last);

    let mut tallies = Tallies::default();
    let heard_half = [(&leaver, half)];
    let heard_all = attentive.iter().chain([&busy]).map(|one| (one, last));
    for (member, announced) in heard_all.chain(heard_half) {
        let tally = member.once_heard(announced).ask()?;
        tallies.add(member.name(), tally, announced);
    }
    print(&format!(
        "announcements 1 to {}, without waiting: {lost} times a member was full and lost one\n\
         announcement {last}, waiting for room: {reached} members get it\n{}",
        last - 1,
        tallies.table()
    ))?;
    tallies.check(lost)?;
    Ok(ExitCode::SUCCESS)
}

fn join(
    system: &System,
    name: &str,
    leaves_after: Option<u32>,
) -> Result<ListenerHandle, SpawnError> {
    let spec = system.spec::<Listener>(leaves_after);
    spec.name(name).spawn()
}

/// Announces these without waiting for who is full, and returns how many were lost by that. The
/// attentive have heard all of them then.
fn announce(
    news: &BroadcastChannel<u32>,
    numbers: RangeInclusive<u32>,
    attentive: &[ListenerHandle],
) -> Result<u64, Failure> {
    let end = *numbers.end();
    let mut lost = 0;
    for number in numbers {
        lost += news.post_lossy(number).lost as u64;
        if number.is_multiple_of(PACE) || number == end {
            for listener in attentive {
                listener.once_heard(number).ask()?;
            }
        }
    }
    Ok(lost)
}
