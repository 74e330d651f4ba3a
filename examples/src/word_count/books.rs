//! What is counted for good.

use std::collections::BTreeSet;

use super::words::WordCounts;

/// Some lines and the counts of their words, which come into the books together or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The numbers of the lines.
    pub lines: Vec<usize>,
    /// How often each word occurs in them.
    pub counts: WordCounts,
}

/// The pages that were committed. They refuse nothing: a line that is counted twice is to show.
#[derive(Debug, Clone)]
pub struct Books {
    /// How often each line was committed.
    committed: Vec<u32>,
    counts: WordCounts,
    /// How many lines came once more and were turned away.
    turned_away: u64,
}

impl Books {
    /// Empty books for a text of so many lines.
    #[must_use]
    pub fn new(lines: usize) -> Books {
        Books {
            committed: vec![0; lines],
            counts: WordCounts::default(),
            turned_away: 0,
        }
    }

    /// Takes a page in.
    pub fn commit(&mut self, page: Page) {
        for number in page.lines {
            if let Some(times) = self.committed.get_mut(number) {
                *times += 1;
            }
        }
        self.counts.merge(page.counts);
    }

    /// Notes that a line came once more and was not counted again.
    pub fn turn_away(&mut self) {
        self.turned_away += 1;
    }

    /// The lines that were committed, however often.
    #[must_use]
    pub fn counted(&self) -> BTreeSet<usize> {
        self.lines_where(|times| times > 0).collect()
    }

    /// The lines that were not, in order.
    #[must_use]
    pub fn missing(&self) -> Vec<usize> {
        self.lines_where(|times| times == 0).collect()
    }

    /// The lines that were committed more than once, in order.
    #[must_use]
    pub fn twice(&self) -> Vec<usize> {
        self.lines_where(|times| times > 1).collect()
    }

    /// How many lines came once more and were turned away.
    #[must_use]
    pub fn turned_away(&self) -> u64 {
        self.turned_away
    }

    /// How often each word occurs in what was committed.
    #[must_use]
    pub fn counts(&self) -> &WordCounts {
        &self.counts
    }

    fn lines_where(&self, holds: impl Fn(u32) -> bool) -> impl Iterator<Item = usize> {
        let all = self.committed.iter().enumerate();
        all.filter(move |(_, times)| holds(**times))
            .map(|(number, _)| number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(lines: &[usize], word: &str) -> Page {
        let mut counts = WordCounts::default();
        lines.iter().for_each(|_| counts.add(word.to_owned()));
        Page {
            lines: lines.to_vec(),
            counts,
        }
    }

    #[test]
    fn they_know_what_is_missing_and_what_came_twice() {
        let mut books = Books::new(4);
        books.commit(page(&[0, 2], "we"));
        assert_eq!(books.missing(), [1, 3]);
        assert_eq!(books.twice(), [0; 0]);
        books.commit(page(&[2, 3], "the"));
        assert_eq!(books.missing(), [1]);
        assert_eq!(books.twice(), [2]);
        assert_eq!(books.counted(), BTreeSet::from([0, 2, 3]));
        assert_eq!(books.counts().total(), 4);
    }
}
