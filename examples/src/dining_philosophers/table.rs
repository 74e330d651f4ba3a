//! The table: who sits where, and how they come to an end.

use actor_core::prelude::*;

use super::fork::Fork;
use super::options::Options;
use super::philosopher::Philosopher;

/// Lets all dine at once, and gives how many meals there were.
pub(super) fn dine(system: &System, options: &Options) -> Result<u32, Failure> {
    let numbers = 0..options.philosophers;
    let forks = numbers.clone().map(|number| {
        let fork = system.spec::<Fork>(()).name(format!("fork-{number}"));
        fork.spawn()
    });
    let forks = forks.collect::<Result<Vec<_>, _>>()?;
    let mut dinners = Vec::new();
    for (number, left) in numbers.zip(&forks) {
        let right = forks.get(number as usize + 1).unwrap_or(&forks[0]);
        let (mut first, mut second) = (left, right);
        // Where all keep to one order of the forks, whoever has the highest fork needs no other.
        if !options.naive && second.id() < first.id() {
            (first, second) = (second, first);
        }
        let spec = system.spec::<Philosopher>([first.clone(), second.clone()]);
        let philosopher = spec.name(format!("philosopher-{number}")).spawn()?;
        dinners.push(philosopher.dine(options.meals).send()?);
    }
    let meals = dinners.into_iter().map(|dinner| dinner.wait());
    Ok(meals.sum::<Result<u32, _>>()?)
}
