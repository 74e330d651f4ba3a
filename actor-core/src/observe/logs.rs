//! One log file for each actor.
//!
//! A life's file lies in the extensions of its span, and is closed with it: so no table of actors is
//! needed, none share a lock, and nothing is left open. The thread knows its life too, for a filter
//! may hide the span from the layer.

mod file;
mod line;
mod name;

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::sync::Arc;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::current;
use crate::unwind::contain;

use file::{Folder, LogFile};
use name::file_name;

/// How many files stay open, if nothing else is said: what a process may have open is often 1024.
const KEEP_OPEN: usize = 256;

/// Where events come to that no actor has logged. No actor's file is called so: those end in a
/// number.
const OUTSIDE: &str = "outside-actors.log";

/// A layer of `tracing-subscriber` that writes what each actor logs to a file of its own,
/// `<directory>/<name>-<id>.log`, and to stderr what the disk refuses. Needs the feature `logs`.
///
/// ```
/// use actor_core::ActorLogs;
/// use actor_core::prelude::*;
/// use tracing_subscriber::filter::LevelFilter;
/// use tracing_subscriber::prelude::*;
///
/// struct Clerk;
///
/// #[actor]
/// impl Clerk {
///     /// Files something.
///     pub fn file(&mut self, page: u32) { tracing::info!(page, "filed"); }
/// }
/// # impl Actor for Clerk { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Clerk) } }
///
/// # let directory = std::env::temp_dir().join(format!("actor-logs-{}", std::process::id()));
/// let logs = ActorLogs::new(&directory); // "logs", for instance
/// tracing_subscriber::registry().with(logs.with_filter(LevelFilter::INFO)).init();
///
/// let system = System::new("office")?;
/// let clerk = system.spec::<Clerk>(()).name("clerk").spawn()?;
/// clerk.file(7).ask()?;
/// let log = std::fs::read_to_string(directory.join("clerk-1.log"))?;
/// // 2026-11-30T20:14:51.123456Z  INFO life=1 office::clerk: filed page=7
/// assert!(log.contains(" INFO life=1 ") && log.ends_with(": filed page=7\n"));
/// # drop(system);
/// # std::fs::remove_dir_all(directory)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is written
///
/// A line has the time (UTC, RFC 3339), the level, the number of the actor's life, the target, the
/// message and the fields. An event is one line: a line break in it is written as `\n`, and other
/// control characters as escapes too. A field that cannot be printed, because that fails or panics,
/// is replaced by words that say so.
///
/// An event belongs to the innermost actor's span around it, also on another thread that has entered
/// such a span, or else to the actor whose thread it comes from. What is told *about* an actor by
/// others (that a life was left behind, that a child is restarted) is in the file of who tells it.
/// Events that come from no actor go to `outside-actors.log`, or nowhere with
/// [`actors_only`](Self::actors_only).
///
/// # Which file
///
/// Files are made when there is something to write, and so is the directory. They are appended to,
/// never truncated: the next life goes on in the same file, and the next run of the program too, for
/// what it was started again after is often what one wants to read. Nothing is rotated or deleted.
///
/// In a file's name, what is neither a letter nor a digit of any script nor `-` or `_` becomes `_`;
/// long names are cut. The id keeps apart actors whose names are the same then, also where the disk
/// does not tell capitals from small letters. It is unique within one system only, and the name of
/// the system is not in it: two systems of one process with actors of the same name and id write to
/// one file, whole lines each. Give their actors different names.
///
/// # When something breaks
///
/// A line is handed to the operating system before the event is over: a crash of the process loses
/// nothing that was logged, a power failure may. When a file cannot be opened or written to, stderr
/// gets the reason, and then the lines of that life; its next life tries the file again. The program
/// is not disturbed: nothing here panics or logs. An event that comes from the printing of another
/// one's field is not written, for that might go on for ever.
#[derive(Debug)]
pub struct ActorLogs {
    folder: Arc<Folder>,
    outside: Option<LogFile>,
}

impl ActorLogs {
    /// Writes to files in `directory`, which need not exist yet.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        let folder = Arc::new(Folder::new(directory.into(), KEEP_OPEN));
        let outside = LogFile::new(Arc::clone(&folder), OUTSIDE.to_owned(), None);
        ActorLogs {
            folder,
            outside: Some(outside),
        }
    }

    /// Leaves out what comes from no actor.
    pub fn actors_only(mut self) -> Self {
        self.outside = None;
        self
    }

    /// How many files stay open at the same time, 256 unless this is called. A file is closed when
    /// its life ends; those of more lives than this are opened anew for each line, which takes
    /// longer, and leaves the program the file descriptors that it needs.
    pub fn keep_open(self, files: usize) -> Self {
        self.folder.keep_open(files);
        self
    }

    /// The file of the innermost life around an event.
    fn of_scope<S>(&self, event: &Event<'_>, ctx: &Context<'_, S>) -> Option<Arc<LogFile>>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        ctx.event_scope(event)?.find_map(|span| {
            if !is_of_life(span.metadata()) {
                return None;
            }
            let extensions = span.extensions();
            extensions.get::<Files>()?.of(&self.folder)
        })
    }

    /// The file of the life that the calling thread is.
    fn of_thread(&self) -> Option<Arc<LogFile>> {
        let find = |files: &RefCell<Files>| {
            let mut files = files.try_borrow_mut().ok()?;
            files.of(&self.folder).or_else(|| {
                let life = current::life()?;
                let (name, id) = (life.identity.name(), life.identity.id().get());
                let name = file_name(name, id);
                let file = LogFile::new(Arc::clone(&self.folder), name, Some(life.life));
                Some(files.add(file))
            })
        };
        OF_THREAD.try_with(find).ok()?
    }
}

impl<S> Layer<S> for ActorLogs
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        if !is_of_life(attributes.metadata()) {
            return;
        }
        let mut life = Life::default();
        attributes.record(&mut life);
        let (Some(span), Life { name, id, number }) = (ctx.span(id), life) else {
            return;
        };
        let name = file_name(&name, id);
        let file = LogFile::new(Arc::clone(&self.folder), name, Some(number));
        let mut extensions = span.extensions_mut();
        match extensions.get_mut::<Files>() {
            Some(files) => drop(files.add(file)),
            None => extensions.insert(Files(vec![Arc::new(file)])),
        }
    }

    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        let Some(_printing) = Printing::begin() else {
            return;
        };
        // A span's extensions panic if another layer has panicked with them.
        let of_scope = contain(|| self.of_scope(event, &ctx)).ok().flatten();
        let of_life = of_scope.or_else(|| self.of_thread());
        if let Some(file) = of_life.as_deref().or(self.outside.as_ref()) {
            file.write(&line::of(event, file.life()));
        }
    }
}

/// Whether it describes the span of a life, which the runner makes.
fn is_of_life(span: &Metadata<'_>) -> bool {
    span.is_span() && span.name() == "actor" && span.target() == "actor_core::runner"
}

/// Files of one life, one for each layer of this kind.
#[derive(Default)]
struct Files(Vec<Arc<LogFile>>);

impl Files {
    fn of(&self, folder: &Arc<Folder>) -> Option<Arc<LogFile>> {
        self.0.iter().find(|file| file.is_in(folder)).cloned()
    }

    fn add(&mut self, file: LogFile) -> Arc<LogFile> {
        let file = Arc::new(file);
        self.0.push(Arc::clone(&file));
        file
    }
}

/// What the span of a life says.
#[derive(Default)]
struct Life {
    name: String,
    id: u64,
    number: u64,
}

impl Visit for Life {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "name" {
            value.clone_into(&mut self.name);
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "id" => self.id = value,
            "life" => self.number = value,
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

thread_local! {
    /// Closed when the thread ends, and with it the life.
    static OF_THREAD: RefCell<Files> = const { RefCell::new(Files(Vec::new())) };
    static PRINTING: Cell<bool> = const { Cell::new(false) };
}

/// While it lives, this thread prints an event.
struct Printing;

impl Printing {
    /// None if it does already.
    fn begin() -> Option<Self> {
        (!PRINTING.replace(true)).then_some(Printing)
    }
}

impl Drop for Printing {
    fn drop(&mut self) {
        PRINTING.set(false);
    }
}
