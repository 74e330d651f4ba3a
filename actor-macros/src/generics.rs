//! Which of the block's generic parameters a generated item takes, and what it demands of them.

mod mentions;

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::visit::Visit as _;
use syn::{GenericParam, Generics, Token, Type, TypeParamBound, WherePredicate, parse_quote};

use crate::place::at;
use mentions::{Leaves, Mentions, name_of};

/// The parameters that some types mention, out of all the parameters of the block.
pub(crate) struct Parameters<'a> {
    all: &'a Generics,
    taken: BTreeSet<Ident>,
    unused: BTreeSet<Ident>,
}

/// A type that a generated item holds, and whether it does so under every `#[cfg]`.
pub(crate) type Held<'t> = (&'t Type, bool);

impl<'a> Parameters<'a> {
    /// What an item takes that holds these types, and `more` that it has to take for other reasons.
    pub(crate) fn new<'t>(
        all: &'a Generics,
        types: impl IntoIterator<Item = Held<'t>>,
        more: Option<&Self>,
    ) -> Self {
        let mut used = Mentions::of(all);
        let mut taken = Mentions::of(all);
        for (ty, always) in types {
            if always {
                used.visit_type(ty);
            }
            taken.visit_type(ty);
        }
        let mut taken = taken.with_projections();
        taken.extend(more.into_iter().flat_map(|more| more.taken.iter().cloned()));
        let unused = all
            .type_params()
            .map(|parameter| &parameter.ident)
            .filter(|name| taken.contains(name) && !used.found.contains(name))
            .cloned()
            .collect();
        Self { all, taken, unused }
    }

    /// The type parameters among these.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Ident> {
        self.all
            .type_params()
            .map(|parameter| &parameter.ident)
            .filter(|name| self.taken.contains(name))
    }

    /// Type parameters that must be taken but stand in no field.
    pub(crate) fn unused(&self) -> impl Iterator<Item = &Ident> {
        self.types().filter(|name| self.unused.contains(name))
    }

    /// `<T: Bound, const N: usize>`, for a declaration. Bounds that mention parameters beyond
    /// these are left out.
    pub(crate) fn declared(&self) -> TokenStream {
        let parameters = self.each().map(|parameter| match parameter {
            GenericParam::Type(parameter) => {
                let name = &parameter.ident;
                let bounds = self.bounds(&parameter.bounds);
                quote!(#name: #bounds)
            }
            GenericParam::Const(parameter) => {
                let (name, ty) = (&parameter.ident, &parameter.ty);
                quote!(const #name: #ty)
            }
            GenericParam::Lifetime(parameter) => parameter.to_token_stream(),
        });
        in_brackets(parameters)
    }

    /// `<T, N>`, for a use.
    pub(crate) fn named(&self) -> TokenStream {
        in_brackets(self.each().map(name_of))
    }

    /// The block's predicates on these parameters, and only these.
    pub(crate) fn predicates(&self) -> Vec<WherePredicate> {
        let clause = self.all.where_clause.iter();
        clause
            .flat_map(|clause| &clause.predicates)
            .filter_map(|predicate| match predicate {
                WherePredicate::Type(predicate) => {
                    let mut mentions = Mentions::of(self.all);
                    mentions.visit_type(&predicate.bounded_ty);
                    if mentions.found.is_empty() || !self.covers(&mentions) {
                        return None;
                    }
                    let mut kept = predicate.clone();
                    kept.bounds = self.bounds(&predicate.bounds);
                    (!kept.bounds.is_empty()).then_some(WherePredicate::Type(kept))
                }
                _ => None,
            })
            .collect()
    }

    fn each(&self) -> impl Iterator<Item = &GenericParam> {
        self.all
            .params
            .iter()
            .filter(|parameter| self.taken.contains(name_of(parameter)))
    }

    fn bounds(
        &self,
        bounds: &Punctuated<TypeParamBound, Token![+]>,
    ) -> Punctuated<TypeParamBound, Token![+]> {
        let kept = bounds.iter().filter(|bound| {
            let mut mentions = Mentions::of(self.all);
            mentions.visit_type_param_bound(bound);
            self.covers(&mentions)
        });
        kept.cloned().collect()
    }

    fn covers(&self, mentions: &Mentions<'_>) -> bool {
        !mentions.actor && mentions.found.is_subset(&self.taken)
    }
}

/// What lets the types that messages hold travel: each parameter in them, and each type that
/// they project from a parameter (`T::Item`), is `Send + 'static`. A parameter of which they hold
/// projections only need not be `Send`, but nothing in `lasting` may borrow.
pub(crate) fn requirements<'t>(
    all: &Generics,
    types: impl IntoIterator<Item = &'t Type>,
    lasting: impl IntoIterator<Item = &'t Ident>,
    private: &TokenStream,
) -> Vec<WherePredicate> {
    let mut leaves = Leaves::of(all);
    for ty in types {
        leaves.visit_type(ty);
    }
    let mut known = BTreeSet::new();
    let mut predicates = Vec::new();
    // The macro's own tokens, so that lints do not take the predicate for the user's.
    for leaf in leaves.found {
        if known.insert(leaf.to_token_stream().to_string()) {
            let leaf = at(&leaf.to_token_stream(), Span::mixed_site());
            predicates.push(parse_quote!(#leaf: #private::Send + 'static));
        }
    }
    for name in lasting {
        if known.insert(name.to_string()) {
            let name = at(&name.to_token_stream(), Span::mixed_site());
            predicates.push(parse_quote!(#name: 'static));
        }
    }
    predicates
}

/// `where ..`, or nothing.
pub(crate) fn where_clause(predicates: &[WherePredicate]) -> TokenStream {
    if predicates.is_empty() {
        return TokenStream::new();
    }
    quote!(where #(#predicates),*)
}

fn in_brackets(parameters: impl Iterator<Item = impl ToTokens>) -> TokenStream {
    let parameters: Vec<_> = parameters.collect();
    if parameters.is_empty() {
        return TokenStream::new();
    }
    quote!(<#(#parameters),*>)
}
