//! What can be asked of the pool, and how it is written.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// What is calculated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A Fibonacci number: the numbers 0 and 1 of them are 0 and 1.
    Fibonacci,
    /// The product of all numbers from 1 on.
    Factorial,
    /// A prime: the number 1 of them is 2.
    Prime,
}

impl Kind {
    pub(super) const ALL: [Kind; 3] = [Kind::Fibonacci, Kind::Factorial, Kind::Prime];

    fn name(self) -> &'static str {
        match self {
            Kind::Fibonacci => "fibonacci",
            Kind::Factorial => "factorial",
            Kind::Prime => "prime",
        }
    }
}

/// One of the pool's tasks, written as `fibonacci:10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// What is calculated.
    pub kind: Kind,
    /// Which of them. Whether there is one with this number is for the worker to say.
    pub number: u64,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.number)
    }
}

impl FromStr for Task {
    type Err = TaskError;

    fn from_str(written: &str) -> Result<Task, TaskError> {
        let (kind, number) = match written.split_once(':') {
            Some((kind, number)) => (kind, Some(number)),
            None => (written, None),
        };
        let known = Kind::ALL.into_iter().find(|known| known.name() == kind);
        let kind = known.ok_or(TaskError::Unknown)?;
        let number = number.and_then(|number| number.parse().ok());
        let number = number.ok_or(TaskError::Number { kind })?;
        Ok(Task { kind, number })
    }
}

/// Why a text is no task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// It is not known how to do it.
    #[error("such a task is not known; known are {}", Kind::ALL.map(Kind::name).join(", "))]
    Unknown,
    /// It is known, and does not say for which number.
    #[error("a whole number is to follow, up to {}, as in {kind}:10", u64::MAX)]
    Number {
        /// What is known.
        kind: Kind,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_read_as_it_is_written() {
        for written in ["fibonacci:0", "factorial:20", "prime:18446744073709551615"] {
            let task: Task = written.parse().unwrap();
            assert_eq!(task.to_string(), written);
        }
    }

    #[test]
    fn what_is_not_known_is_answered_with_what_is() {
        for written in ["", ":", "5", "sum:5", "Prime:5", " prime:5", "fibonacci 5"] {
            let error = written.parse::<Task>().unwrap_err();
            assert_eq!(error, TaskError::Unknown, "{written:?}");
        }
        let told = TaskError::Unknown.to_string();
        assert!(told.ends_with("known are fibonacci, factorial, prime"));
    }

    #[test]
    fn a_task_without_a_whole_number_is_refused() {
        let numbers = [
            "",
            ":",
            ":-1",
            ":1.5",
            ":ten",
            ":1:2",
            ":18446744073709551616",
        ];
        for number in numbers {
            let error = format!("prime{number}").parse::<Task>().unwrap_err();
            assert_eq!(error, TaskError::Number { kind: Kind::Prime }, "{number:?}");
        }
        let told = TaskError::Number { kind: Kind::Prime }.to_string();
        assert!(told.ends_with("as in prime:10"), "{told}");
    }
}
