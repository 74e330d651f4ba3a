//! An event as one line of text.

use std::error::Error;
use std::fmt::{self, Debug, Write};

use tracing::Event;
use tracing::field::{Field, Visit};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};

use crate::unwind::contain;

/// The line of an event, with the number of the life that it comes from, and its end.
pub(super) fn of(event: &Event<'_>, life: Option<u64>) -> String {
    let mut text = Text::default();
    event.record(&mut text);
    let Text { message, fields } = text;
    let (level, target) = (event.metadata().level(), event.metadata().target());
    let mut line = String::new();
    // Writing to a string fails only if what is written does.
    let _ = SystemTime.format_time(&mut Writer::new(&mut line));
    let _ = write!(line, " {level:>5}");
    if let Some(life) = life {
        let _ = write!(line, " life={life}");
    }
    let _ = write!(Escaping(&mut line), " {target}:");
    if !message.is_empty() {
        line.push(' ');
    }
    line.extend([&message, &fields, "\n"]);
    line
}

/// What an event says.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Text {
    /// Adds a field. To print it is user code, so it may fail in any way, and takes no other with it.
    fn add(&mut self, field: &Field, print: impl Fn(&mut Escaping<'_>) -> fmt::Result) {
        let into = match field.name() {
            "message" => &mut self.message,
            name => {
                let name = name.strip_prefix("r#").unwrap_or(name);
                self.fields.extend([" ", name, "="]);
                &mut self.fields
            }
        };
        let before = into.len();
        let why = match contain(|| print(&mut Escaping(into))) {
            Ok(Ok(())) => return,
            Ok(Err(_)) => "its formatting failed".to_owned(),
            Err(panic) => panic.to_string(),
        };
        into.truncate(before);
        let _ = write!(Escaping(into), "<cannot be printed: {why}>");
    }
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => self.add(field, |out| out.write_str(value)),
            _ => self.record_debug(field, &value),
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.add(field, |out| {
            write!(out, "{value}")?;
            let mut source = value.source();
            while let Some(error) = source {
                write!(out, ", because: {error}")?;
                source = error.source();
            }
            Ok(())
        });
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, |out| write!(out, "{value:?}"));
    }
}

/// Writes control characters as escapes: what somebody logs must not look like another line, nor
/// change a terminal that shows it.
struct Escaping<'a>(&'a mut String);

impl Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for piece in text.split_inclusive(char::is_control) {
            let last = piece.chars().next_back();
            match last.filter(|last| last.is_control()) {
                Some(control) => {
                    self.0.push_str(&piece[..piece.len() - control.len_utf8()]);
                    self.0.extend(control.escape_default());
                }
                None => self.0.push_str(piece),
            }
        }
        Ok(())
    }
}
