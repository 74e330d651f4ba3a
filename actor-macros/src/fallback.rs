//! What is emitted beside errors: as much as can be made, so that a mistake in one method does not
//! turn every use of the actor into an error of its own.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Error, GenericParam, ItemImpl, Lifetime};

/// What to say about an item that could not be read as an impl block. `error` is what the parser
/// says, which helps only if it was meant to be one.
pub(crate) fn unreadable(item: &TokenStream, error: Error) -> Error {
    let without_attributes = |input: syn::parse::ParseStream<'_>| {
        Attribute::parse_outer(input)?;
        input.parse::<TokenStream>()
    };
    let Ok(item) = syn::parse::Parser::parse2(without_attributes, item.clone()) else {
        return error;
    };
    let head = item
        .clone()
        .into_iter()
        .take_while(|token| !matches!(token, TokenTree::Group(_)));
    let mut words = head.filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    if words.any(|word| word == "impl") {
        return error;
    }
    Error::new_spanned(
        item.into_iter().next().into_token_stream(),
        "`#[actor]` goes on the impl block whose methods are the messages: \
         `#[actor] impl YourActor { .. }`",
    )
}

/// The head of the block without its lifetime parameters, which are a mistake: `'static` stands
/// in for them.
pub(crate) fn without_lifetimes(head: &ItemImpl) -> ItemImpl {
    struct Static<'a>(Vec<&'a Lifetime>);
    impl VisitMut for Static<'_> {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if lifetime.ident == "_" || self.0.contains(&&*lifetime) {
                *lifetime = Lifetime::new("'static", lifetime.span());
            }
        }
    }
    let mut lasting = head.clone();
    let kept = head.generics.params.iter();
    lasting.generics.params = kept
        .filter(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
        .cloned()
        .collect();
    let mut declared = Static(
        head.generics
            .lifetimes()
            .map(|parameter| &parameter.lifetime)
            .collect(),
    );
    declared.visit_generics_mut(&mut lasting.generics);
    declared.visit_type_mut(&mut lasting.self_ty);
    lasting
}

/// What `#[message]` has to say where no `#[actor]` has read it.
pub(crate) fn message_alone() -> Error {
    Error::new(
        Span::call_site(),
        "`#[message]` describes a method of an `#[actor]` block: \
         put `#[actor]` on the impl block, or remove this attribute",
    )
}
