//! What is told at the end: a table for people, or JSON for programs.

use std::io::{self, ErrorKind, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::error::one_line;
use super::filter::Filter;
use super::picture::Size;
use super::table::table;

/// How the report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One table, at the end.
    Table,
    /// One JSON object a line for each picture, as soon as it is done.
    Json,
}

/// What is told about one picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureReport {
    /// The file that was read.
    pub input: PathBuf,
    /// The file that was written.
    pub output: PathBuf,
    /// What was done to it.
    pub filter: Filter,
    /// Its size.
    pub size: Size,
    /// How many strips it was cut into.
    pub strips: usize,
    /// From the start of reading to the end of writing.
    pub time: Duration,
    /// How many times a worker was restarted meanwhile.
    pub restarts: u64,
}

impl PictureReport {
    /// Millions of pixels in a second.
    #[must_use]
    pub fn speed(&self) -> f64 {
        // A clock too coarse to see the time pass must not make the speed infinite, which JSON
        // cannot even say.
        self.size.pixels() as f64 / 1e6 / self.time.max(Duration::from_nanos(1)).as_secs_f64()
    }

    fn cells(&self) -> [String; 6] {
        let name = self.input.file_name().unwrap_or(self.input.as_os_str());
        [
            one_line(&name.display()),
            self.size.to_string(),
            self.strips.to_string(),
            format!("{:.1} ms", self.time.as_secs_f64() * 1e3),
            format!("{:.1} MP/s", self.speed()),
            self.restarts.to_string(),
        ]
    }

    fn json(&self) -> JsonLine {
        JsonLine {
            input: self.input.display().to_string(),
            output: self.output.display().to_string(),
            filter: self.filter,
            width: self.size.width(),
            height: self.size.height(),
            strips: self.strips,
            seconds: self.time.as_secs_f64(),
            megapixels_per_second: self.speed(),
            restarts: self.restarts,
        }
    }
}

/// Its fields' names and order are what `--json` promises.
#[derive(Serialize)]
struct JsonLine {
    input: String,
    output: String,
    filter: Filter,
    width: u32,
    height: u32,
    strips: usize,
    seconds: f64,
    megapixels_per_second: f64,
    restarts: u64,
}

const HEADS: [&str; 6] = ["picture", "size", "strips", "time", "speed", "restarts"];

/// Writes the report, to stdout as a rule.
///
/// Each step says whether to go on: [`ControlFlow::Break`] means that the other end was closed, as
/// `head` does it, and that the run is to end cleanly and with exit code 0. That is no error:
/// nobody is listening any longer.
#[derive(Debug)]
pub struct Report<W> {
    format: Format,
    out: W,
    rows: Vec<[String; 6]>,
}

impl<W: Write> Report<W> {
    /// A report with nothing in it yet.
    #[must_use]
    pub fn new(format: Format, out: W) -> Report<W> {
        Report {
            format,
            out,
            rows: Vec::new(),
        }
    }

    /// Adds a picture that is done.
    ///
    /// # Errors
    ///
    /// When it cannot be written for any other reason than that nobody reads it.
    pub fn add(&mut self, picture: &PictureReport) -> io::Result<ControlFlow<()>> {
        match self.format {
            Format::Table => {
                self.rows.push(picture.cells());
                Ok(ControlFlow::Continue(()))
            }
            Format::Json => {
                let mut line = serde_json::to_string(&picture.json())?;
                line.push('\n');
                self.write(&line)
            }
        }
    }

    /// Ends the report. A table of no pictures is not written at all.
    ///
    /// # Errors
    ///
    /// When it cannot be written for any other reason than that nobody reads it.
    pub fn finish(&mut self) -> io::Result<ControlFlow<()>> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        self.write(&table(HEADS, &rows))
    }

    fn write(&mut self, text: &str) -> io::Result<ControlFlow<()>> {
        // Flushed, or a closed pipe would be noticed when it is too late to call off the rest.
        match self
            .out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush())
        {
            Ok(()) => Ok(ControlFlow::Continue(())),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cat() -> PictureReport {
        PictureReport {
            input: "pictures/cat.jpg".into(),
            output: "out/cat-blur.png".into(),
            filter: Filter::Blur,
            size: Size::new(1000, 500).unwrap(),
            strips: 32,
            time: Duration::from_millis(20),
            restarts: 4,
        }
    }

    /// Fails every write with this kind.
    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn told(format: Format, pictures: &[PictureReport]) -> String {
        let mut out = Vec::new();
        let mut report = Report::new(format, &mut out);
        for picture in pictures {
            assert!(report.add(picture).unwrap().is_continue());
        }
        assert!(report.finish().unwrap().is_continue());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_table_lines_up() {
        let dog = PictureReport {
            input: "a dog\n.png".into(),
            size: Size::new(7, 5).unwrap(),
            restarts: 0,
            ..cat()
        };
        assert_eq!(
            told(Format::Table, &[cat(), dog]),
            "\
picture            size  strips     time      speed  restarts
───────────  ──────────  ──────  ───────  ─────────  ────────
cat.jpg      1000 × 500      32  20.0 ms  25.0 MP/s         4
a dog\\n.png       7 × 5      32  20.0 ms   0.0 MP/s         0
"
        );
    }

    #[test]
    fn a_table_of_nothing_is_nothing() {
        assert_eq!(told(Format::Table, &[]), "");
        assert_eq!(told(Format::Json, &[]), "");
    }

    #[test]
    fn json_is_one_object_a_line() {
        let name = "strange \"name\"\n.png";
        let text = told(
            Format::Json,
            &[
                cat(),
                PictureReport {
                    input: name.into(),
                    ..cat()
                },
            ],
        );
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 2);
        let expected = serde_json::json!({
            "input": "pictures/cat.jpg", "output": "out/cat-blur.png", "filter": "blur", "width": 1000, "height": 500,
            "strips": 32, "seconds": 0.02, "megapixels_per_second": 25.0, "restarts": 4,
        });
        assert_eq!(lines[0], expected);
        assert_eq!(lines[1]["input"], name);
    }

    #[test]
    fn no_time_at_all_is_still_a_number() {
        let report = PictureReport {
            time: Duration::ZERO,
            ..cat()
        };
        assert!(report.speed().is_finite());
    }

    #[test]
    fn a_closed_pipe_is_a_clean_end() {
        let mut json = Report::new(Format::Json, Failing(ErrorKind::BrokenPipe));
        assert!(json.add(&cat()).unwrap().is_break());

        let mut table = Report::new(Format::Table, Failing(ErrorKind::BrokenPipe));
        assert!(table.add(&cat()).unwrap().is_continue());
        assert!(table.finish().unwrap().is_break());
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let mut json = Report::new(Format::Json, Failing(ErrorKind::StorageFull));
        assert_eq!(json.add(&cat()).unwrap_err().kind(), ErrorKind::StorageFull);
    }
}
