//! Starting a child and waiting for its start.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::error::{SpawnError, SpawnErrorKind};
use crate::kernel::Kernel;
use crate::oneshot;
use crate::tree::{Child, Kept, OnStarted, Parent};

/// Starts `child` under `parent` and waits for its start. Where it fails nothing is left.
pub(crate) fn start_child(
    kernel: &Arc<Kernel>,
    parent: &Arc<dyn Parent>,
    child: &Arc<dyn Child>,
) -> Result<(), SpawnError> {
    let started = parent
        .adopt(Arc::clone(child))
        .and_then(|()| launch_and_wait(kernel, parent, child, Kept::No, |_| Poll::Pending));
    started.map_err(|kind| {
        child.join_thread();
        drop(parent.forget(child.identity().id()));
        child.finish();
        SpawnError::new(child.identity(), kind)
    })
}

/// Launches an adopted child and waits for its start, or until `interrupted` is ready.
///
/// An actor that waits here has an edge to the child, which the child's start clears when it is
/// over: a start that asks its parent is a cycle. The edge stands before the child runs, or a
/// question of its start could close the cycle first.
pub(crate) fn launch_and_wait(
    kernel: &Arc<Kernel>,
    parent: &Arc<dyn Parent>,
    child: &Arc<dyn Child>,
    kept: Kept,
    mut interrupted: impl FnMut(&Context<'_>) -> Poll<()>,
) -> Result<(), SpawnErrorKind> {
    let waiter = kernel.current_waiter();
    let id = child.identity().id();
    let ticket = waiter.map(|waiter| kernel.graph.wait_to_start(&waiter, &[id]));
    let (sender, mut receiver) = oneshot::channel();
    let on_started: OnStarted = {
        let kernel = Arc::clone(kernel);
        Box::new(move |_, started| {
            ticket
                .into_iter()
                .for_each(|ticket| kernel.graph.settle(ticket));
            // Nobody receives it where the wait was interrupted.
            drop(sender.send(started));
        })
    };
    let launched = Arc::clone(child).launch(Arc::clone(parent), kept, on_started);
    let awaited = || format!("the start of {}", child.identity());
    let started = launched.map(|_| {
        kernel.rt.awaits(awaited);
        kernel.rt.wait(kernel.idle, None, |context| {
            match Pin::new(&mut receiver).poll(context) {
                Poll::Ready(started) => Poll::Ready(started),
                Poll::Pending => interrupted(context).map(|()| None),
            }
        })
    });
    ticket
        .into_iter()
        .for_each(|ticket| kernel.graph.settle(ticket));
    started?
        .flatten()
        .unwrap_or(Err(SpawnErrorKind::ParentStopping))
}
