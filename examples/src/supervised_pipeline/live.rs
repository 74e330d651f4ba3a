//! Shows the tree while it lives.

use std::io::{IsTerminal, Stdout, Write, stdout};

use super::branch::Condition;
use crate::image_pipeline::table;
use crate::output::{Unwritable, write};
use crate::word_count::Stage;

/// Writes what changes: on a terminal the tree, over the one before; elsewhere a line.
pub(super) struct Live<W> {
    out: W,
    is_terminal: bool,
    /// What was written last.
    last: String,
}

impl Live<Stdout> {
    /// On stdout.
    pub(super) fn on_stdout() -> Live<Stdout> {
        let out = stdout();
        // A dumb terminal would print the commands that move the cursor.
        let is_dumb = std::env::var_os("TERM").is_some_and(|kind| kind == "dumb");
        Live {
            is_terminal: out.is_terminal() && !is_dumb,
            out,
            last: String::new(),
        }
    }
}

impl<W: Write> Live<W> {
    /// Shows how far things are, if that has changed.
    pub(super) fn show(
        &mut self,
        counted: usize,
        lines: usize,
        tree: &Condition,
    ) -> Result<(), Unwritable> {
        let progress = format!("{counted} of {lines} lines counted");
        let now = match self.is_terminal {
            true => format!("{}{progress}\n", drawn(tree)),
            false => format!("{progress}; restarts: {}\n", restarts(tree)),
        };
        if now == self.last {
            return Ok(());
        }
        let written = match self.is_terminal {
            true => self.over_the_last(&now),
            false => now.clone(),
        };
        self.last = now;
        write(&mut self.out, &written)
    }

    /// Ends with this, in place of the tree that was shown last.
    pub(super) fn end(&mut self, report: &str) -> Result<(), Unwritable> {
        let written = match self.is_terminal {
            true => self.over_the_last(report),
            false => report.to_owned(),
        };
        self.last.clear();
        write(&mut self.out, &written)
    }

    /// The text, with what the terminal needs to put it where the last one stands. Lines are not
    /// wrapped meanwhile: each takes one row, however narrow the window is.
    fn over_the_last(&self, text: &str) -> String {
        let up = match self.last.lines().count() {
            0 => String::new(),
            rows => format!("\x1b[{rows}A\x1b[J"),
        };
        format!("\x1b[?7l{up}{text}\x1b[?7h")
    }
}

/// The tree as a table.
pub(super) fn drawn(tree: &Condition) -> String {
    table(["actor", "state", "lives", "handled"], &tree.rows())
}

fn restarts(tree: &Condition) -> String {
    let of = |stage| tree.restarts(&|one: &Condition| one.strategy.is_none() && one.stage == stage);
    let stages = Stage::ALL.map(|stage| format!("{} {}", stage.name(), of(Some(stage))));
    let supervisors = tree.restarts(&|one: &Condition| one.strategy.is_some());
    format!("{}, supervisors {supervisors}", stages.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::branch::tests::condition;
    use super::*;

    fn live(is_terminal: bool) -> Live<Vec<u8>> {
        Live {
            out: Vec::new(),
            is_terminal,
            last: String::new(),
        }
    }

    fn told(live: Live<Vec<u8>>) -> String {
        String::from_utf8(live.out).unwrap()
    }

    #[test]
    fn a_pipe_gets_a_line_for_each_change_and_no_commands() {
        let mut live = live(false);
        for counted in [3, 3, 4] {
            live.show(counted, 9, &condition()).unwrap();
        }
        live.end("the end\n").unwrap();
        let restarts = "restarts: ingest 2, parse 0, aggregate 4, supervisors 2";
        assert_eq!(
            told(live),
            format!(
                "3 of 9 lines counted; {restarts}\n4 of 9 lines counted; {restarts}\nthe end\n"
            )
        );
    }

    #[test]
    fn a_terminal_gets_the_tree_in_one_place() {
        let mut live = live(true);
        for counted in [3, 3, 4] {
            live.show(counted, 9, &condition()).unwrap();
        }
        live.end("the end\n").unwrap();
        let told = told(live);
        // Head, rule, four actors, progress.
        assert_eq!(told.matches("\x1b[7A\x1b[J").count(), 2, "{told:?}");
        assert!(told.starts_with("\x1b[?7lactor"), "{told:?}");
        assert!(told.ends_with("\x1b[7A\x1b[Jthe end\n\x1b[?7h"), "{told:?}");
        assert_eq!(told.matches("9 lines counted").count(), 2);
    }
}
