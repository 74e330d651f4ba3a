//! What the members have to tell at the end.

use crate::image_pipeline::table;

/// What one listener heard and missed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tally {
    /// How many announcements it heard.
    pub(super) heard: u32,
    /// How many it missed while it was a member, because it was full.
    pub(super) lost: u64,
    /// Whether each came after those with a smaller number.
    pub(super) in_order: bool,
}

/// The tallies of all listeners, each with how many announcements there were while it was a member.
#[derive(Debug, Default)]
pub(super) struct Tallies(Vec<(String, Tally, u32)>);

impl Tallies {
    pub(super) fn add(&mut self, name: &str, tally: Tally, announced: u32) {
        self.0.push((name.to_owned(), tally, announced));
    }

    /// Whether each announcement was heard or counted as lost, here and by the announcer.
    pub(super) fn check(&self, lost: u64) -> Result<(), Unaccounted> {
        for (name, tally, announced) in &self.0 {
            let accounted = u64::from(tally.heard) + tally.lost;
            if accounted != u64::from(*announced) || !tally.in_order {
                return Err(Unaccounted::Listener {
                    name: name.clone(),
                    tally: *tally,
                    announced: *announced,
                });
            }
        }
        match self.0.iter().map(|(_, tally, _)| tally.lost).sum() {
            found if found == lost => Ok(()),
            found => Err(Unaccounted::Lost { found, lost }),
        }
    }

    pub(super) fn table(&self) -> String {
        let row = |(name, tally, _): &(String, Tally, u32)| {
            [
                name.clone(),
                tally.heard.to_string(),
                tally.lost.to_string(),
            ]
        };
        let rows: Vec<_> = self.0.iter().map(row).collect();
        table(["member", "heard", "lost"], &rows)
    }
}

/// Announcements that nobody can account for.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unaccounted {
    #[error("{name} has {tally:?}, but there were {announced} announcements for it")]
    Listener {
        name: String,
        tally: Tally,
        announced: u32,
    },
    #[error("the listeners have lost {found} announcements, the announcer knows of {lost}")]
    Lost { found: u64, lost: u64 },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(heard: u32, lost: u64, in_order: bool) -> Result<(), Unaccounted> {
        let mut tallies = Tallies::default();
        let tally = Tally {
            heard,
            lost,
            in_order,
        };
        tallies.add("listener", tally, 5);
        tallies.check(2)
    }

    #[test]
    fn what_was_neither_heard_nor_lost_is_missed() {
        assert!(check(3, 2, true).is_ok());
        assert!(check(2, 2, true).is_err());
        assert!(check(3, 2, false).is_err());
        let told = check(4, 1, true).unwrap_err().to_string();
        let expected = "the listeners have lost 1 announcements, the announcer knows of 2";
        assert_eq!(told, expected);
    }
}
