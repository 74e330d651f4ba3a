//! Where tokens seem to stand in the source: there the compiler points when it complains of them.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// The places of the first and the last token.
pub(crate) fn ends(tokens: &impl ToTokens) -> (Span, Span) {
    let mut spans = tokens
        .to_token_stream()
        .into_iter()
        .map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}

/// The same tokens at another place.
pub(crate) fn at(tokens: &TokenStream, place: Span) -> TokenStream {
    let moved = tokens.clone().into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let mut moved = Group::new(group.delimiter(), at(&group.stream(), place));
            moved.set_span(place);
            moved.into()
        }
        mut token => {
            token.set_span(place);
            token
        }
    });
    moved.collect()
}
