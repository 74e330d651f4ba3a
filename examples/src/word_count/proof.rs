//! Whether each line was counted exactly once.

use std::fmt;

use serde::Serialize;

use super::books::Books;
use super::text::Text;
use super::words::WordCounts;

/// The books, compared with a count of the text in one go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// Lines of the text.
    pub lines_in: usize,
    /// Lines in the books, each once, however often it is there.
    pub lines_counted: usize,
    /// The lines that the books lack, counted from 1.
    pub lost: Vec<usize>,
    /// The lines that are in the books more than once, counted from 1.
    pub twice: Vec<usize>,
    /// How many lines came once more and were turned away.
    pub turned_away: u64,
    /// Words of the text.
    pub words_in: u64,
    /// Words in the books.
    pub words_counted: u64,
    /// Different words in the books.
    pub different_words: usize,
    /// Whether the books have each word as often as the text.
    pub totals_equal: bool,
}

impl Proof {
    /// Compares them.
    #[must_use]
    pub fn of(text: &Text, books: &Books) -> Proof {
        let alone = WordCounts::of(text);
        let from_1 = |numbers: Vec<usize>| numbers.into_iter().map(|number| number + 1).collect();
        Proof {
            lines_in: text.len(),
            lines_counted: books.counted().len(),
            lost: from_1(books.missing()),
            twice: from_1(books.twice()),
            turned_away: books.turned_away(),
            words_in: alone.total(),
            words_counted: books.counts().total(),
            different_words: books.counts().different(),
            totals_equal: alone == *books.counts(),
        }
    }

    /// Whether nothing was lost and nothing was counted twice.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.lost.is_empty() && self.twice.is_empty() && self.totals_equal
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Proof {
            lines_in,
            lines_counted,
            turned_away,
            words_in,
            words_counted,
            different_words,
            ..
        } = self;
        writeln!(f, "lines: {lines_in} in, {lines_counted} counted")?;
        writeln!(f, "lost: {}", list(&self.lost))?;
        writeln!(
            f,
            "twice: {} ({turned_away} came once more and were turned away)",
            list(&self.twice)
        )?;
        writeln!(
            f,
            "words: {words_in} by one thread, {words_counted} here ({different_words} different), {}",
            match self.totals_equal {
                true => "each equally often",
                false => "not equally often",
            }
        )?;
        f.write_str(match self.holds() {
            true => "verdict: each line was counted exactly once",
            false => "verdict: WRONG, not each line was counted exactly once",
        })
    }
}

fn list(lines: &[usize]) -> String {
    const SHOWN: usize = 10;
    if lines.is_empty() {
        return "none".to_owned();
    }
    let shown: Vec<String> = lines.iter().take(SHOWN).map(usize::to_string).collect();
    let more = match lines.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{} (line {}{more})", lines.len(), shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::books::Page;
    use super::super::words::words;
    use super::*;

    const TEXT: &str = "we the people\nof the union\n";

    fn page(text: &Text, number: usize) -> Page {
        let mut page = Page::default();
        page.lines.push(number);
        for word in words(&text.line(number).unwrap().text) {
            page.counts.add(word);
        }
        page
    }

    fn proof(committed: &[usize]) -> Proof {
        let text = Text::from(TEXT);
        let mut books = Books::new(text.len());
        for &number in committed {
            books.commit(page(&text, number));
        }
        Proof::of(&text, &books)
    }

    #[test]
    fn each_line_once_is_right() {
        let proof = proof(&[1, 0]);
        assert!(proof.holds());
        assert_eq!(
            proof.to_string(),
            "\
lines: 2 in, 2 counted
lost: none
twice: none (0 came once more and were turned away)
words: 6 by one thread, 6 here (5 different), each equally often
verdict: each line was counted exactly once"
        );
    }

    #[test]
    fn a_line_that_is_lost_or_there_twice_shows() {
        let proof = proof(&[1, 1]);
        assert!(!proof.holds());
        let told = proof.to_string();
        assert!(
            told.contains("lost: 1 (line 1)\ntwice: 1 (line 2)"),
            "{told}"
        );
        assert!(told.contains("not equally often"), "{told}");
        assert!(told.contains("WRONG"), "{told}");
    }

    #[test]
    fn counts_that_are_off_show_although_each_line_is_there() {
        let text = Text::from(TEXT);
        let mut books = Books::new(text.len());
        books.commit(page(&text, 0));
        books.commit(Page {
            lines: vec![1],
            ..page(&text, 0)
        });
        let proof = Proof::of(&text, &books);
        assert_eq!((proof.words_in, proof.words_counted), (6, 6));
        assert!(proof.lost.is_empty() && proof.twice.is_empty() && !proof.holds());
    }

    #[test]
    fn long_lists_are_cut() {
        let told = list(&(1..=12).collect::<Vec<_>>());
        assert_eq!(told, "12 (line 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more)");
    }
}
