//! The expansion as text, for whoever wants to look at it.

use proc_macro2::{Ident, TokenStream};

/// Prints the items to stderr if `ACTOR_EXPAND` is `1` or names the actor.
pub(crate) fn if_asked(actor: &Ident, items: &[TokenStream]) {
    let Ok(wanted) = std::env::var("ACTOR_EXPAND") else {
        return;
    };
    if wanted != "1" && *actor != wanted {
        return;
    }
    eprintln!("// #[actor] impl {actor}");
    for item in items {
        eprintln!("{item}\n");
    }
}
