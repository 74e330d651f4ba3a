//! Which parameters of the block a piece of syntax mentions.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenTree};
use syn::visit::{self, Visit};
use syn::{
    GenericParam, Generics, Macro, Path, Type, TypeParam, TypeParamBound, TypePath, WherePredicate,
};

use crate::types::ungrouped;

/// Collects the parameters that a piece of syntax mentions.
pub(super) struct Mentions<'a> {
    all: &'a Generics,
    /// The parameters.
    pub(super) found: BTreeSet<Ident>,
    /// The parameters `T` of which there is a `T::Item`.
    projected: BTreeSet<Ident>,
    /// Whether it mentions `Self`.
    pub(super) actor: bool,
}

impl<'a> Mentions<'a> {
    /// Nothing yet.
    pub(super) fn of(all: &'a Generics) -> Self {
        Self {
            all,
            found: BTreeSet::new(),
            projected: BTreeSet::new(),
            actor: false,
        }
    }

    /// The parameters found, and those in the bounds of a `T` of which there is a `T::Item`:
    /// without its bounds, nobody knows what the item is.
    pub(super) fn with_projections(mut self) -> BTreeSet<Ident> {
        let mut done = BTreeSet::new();
        while let Some(name) = self.projected.difference(&done).next().cloned() {
            for bound in bounds_of(self.all, &name) {
                self.visit_type_param_bound(bound);
            }
            done.insert(name);
        }
        self.found
    }
}

impl<'ast> Visit<'ast> for Mentions<'_> {
    fn visit_path(&mut self, path: &'ast Path) {
        if let Some(first) = path.segments.first() {
            self.actor |= first.ident == "Self";
            if path.leading_colon.is_none() && is_parameter(self.all, &first.ident) {
                self.found.insert(first.ident.clone());
                if path.segments.len() > 1 {
                    self.projected.insert(first.ident.clone());
                }
            }
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let mut rest: Vec<TokenTree> = call.tokens.clone().into_iter().collect();
        while let Some(token) = rest.pop() {
            match token {
                TokenTree::Group(group) => rest.extend(group.stream()),
                TokenTree::Ident(name) if is_parameter(self.all, &name) => {
                    self.found.insert(name);
                }
                _ => {}
            }
        }
    }
}

/// Collects the bare type parameters of a type, and the types projected from parameters.
pub(super) struct Leaves<'a> {
    all: &'a Generics,
    /// Those types, as often as they occur.
    pub(super) found: Vec<Type>,
}

impl<'a> Leaves<'a> {
    /// Nothing yet.
    pub(super) fn of(all: &'a Generics) -> Self {
        Self {
            all,
            found: Vec::new(),
        }
    }
}

impl<'ast> Visit<'ast> for Leaves<'_> {
    fn visit_type_path(&mut self, ty: &'ast TypePath) {
        let mut mentions = Mentions::of(self.all);
        mentions.visit_type_path(ty);
        let is_leaf = match &ty.qself {
            Some(_) => !mentions.found.is_empty(),
            None => ty.path.segments.first().is_some_and(|first| {
                ty.path.leading_colon.is_none()
                    && self
                        .all
                        .type_params()
                        .any(|known| known.ident == first.ident)
            }),
        };
        if is_leaf {
            self.found.push(Type::Path(ty.clone()));
        } else {
            visit::visit_type_path(self, ty);
        }
    }
}

fn bounds_of<'a>(all: &'a Generics, name: &'a Ident) -> impl Iterator<Item = &'a TypeParamBound> {
    let inline = all
        .type_params()
        .filter(move |parameter| parameter.ident == *name)
        .flat_map(|TypeParam { bounds, .. }| bounds);
    let clause = all
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates)
        .filter_map(move |predicate| match predicate {
            WherePredicate::Type(predicate) => match ungrouped(&predicate.bounded_ty) {
                Type::Path(path) if path.path.is_ident(name) => Some(&predicate.bounds),
                _ => None,
            },
            _ => None,
        })
        .flatten();
    inline.chain(clause)
}

fn is_parameter(all: &Generics, name: &Ident) -> bool {
    all.params
        .iter()
        .any(|parameter| name_of(parameter) == name)
}

/// What a parameter is called.
pub(super) fn name_of(parameter: &GenericParam) -> &Ident {
    match parameter {
        GenericParam::Type(parameter) => &parameter.ident,
        GenericParam::Const(parameter) => &parameter.ident,
        GenericParam::Lifetime(parameter) => &parameter.lifetime.ident,
    }
}
