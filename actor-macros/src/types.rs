//! Questions about a type as it is written, and `Self` replaced by what it stands for.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, Generics, Lifetime, ParenthesizedGenericArguments, Path, QSelf, TraitBound, Type,
    TypeFnPtr, TypeImplTrait, TypePath, TypeReference,
};

/// The type without the invisible groups that `macro_rules!` puts around it, and without parentheses.
pub(crate) fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        ty => ty,
    }
}

/// Whether this is `&mut T`: such an argument is the context, whatever `T` is named.
pub(crate) fn is_mutable_reference(ty: &Type) -> bool {
    matches!(ungrouped(ty), Type::Reference(reference) if reference.mutability.is_some())
}

/// The first part of the type that borrows from somewhere, if there is one.
pub(crate) fn borrowed_part(ty: &Type) -> Option<TokenStream> {
    let mut search = Borrowed(None);
    search.visit_type(ty);
    search.0
}

/// Looks for references and lifetimes other than `'static`, but not inside of `fn(&T)`,
/// `Fn(&T)` and `for<'a> ..`, which borrow only while they are called.
struct Borrowed(Option<TokenStream>);

impl Borrowed {
    fn found(&mut self, part: impl ToTokens) {
        self.0.get_or_insert_with(|| part.into_token_stream());
    }
}

impl<'ast> Visit<'ast> for Borrowed {
    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        match &reference.lifetime {
            Some(lifetime) if lifetime.ident == "static" => {
                visit::visit_type(self, &reference.elem);
            }
            _ => self.found(reference),
        }
    }
    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        if lifetime.ident != "static" {
            self.found(lifetime);
        }
    }
    fn visit_type_fn_ptr(&mut self, _: &'ast TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments(&mut self, _: &'ast ParenthesizedGenericArguments) {}
    fn visit_trait_bound(&mut self, bound: &'ast TraitBound) {
        if bound.lifetimes.is_none() {
            visit::visit_trait_bound(self, bound);
        }
    }
}

/// The first `impl Trait` in the type, if there is one.
pub(crate) fn impl_trait_part(ty: &Type) -> Option<&TypeImplTrait> {
    struct Search<'ast>(Option<&'ast TypeImplTrait>);
    impl<'ast> Visit<'ast> for Search<'ast> {
        fn visit_type_impl_trait(&mut self, part: &'ast TypeImplTrait) {
            self.0.get_or_insert(part);
        }
    }
    let mut search = Search(None);
    search.visit_type(ty);
    search.0
}

/// Writes the actor's type for `Self`, which means something else in a generated enum.
pub(crate) struct SelfIs<'a>(pub(crate) &'a Type);

impl SelfIs<'_> {
    /// The same type, true outside of the block too.
    pub(crate) fn in_type(&self, ty: &Type) -> Type {
        let mut ty = ty.clone();
        Self(self.0).visit_type_mut(&mut ty);
        ty
    }

    /// The same parameters, with bounds that are true outside of the block too.
    pub(crate) fn in_generics(&self, generics: &Generics) -> Generics {
        let mut generics = generics.clone();
        Self(self.0).visit_generics_mut(&mut generics);
        generics
    }

    /// `Self::Rest` becomes `<Actor>::Rest`.
    fn qualify(&self, qself: &mut Option<QSelf>, path: &mut Path) {
        if !starts_with_self(qself.as_ref(), path) || path.segments.len() == 1 {
            return;
        }
        *qself = Some(QSelf {
            lt_token: Default::default(),
            ty: Box::new(self.0.clone()),
            position: 0,
            as_token: None,
            gt_token: Default::default(),
        });
        path.leading_colon = Some(Default::default());
        path.segments = std::mem::take(&mut path.segments)
            .into_iter()
            .skip(1)
            .collect();
    }
}

impl VisitMut for SelfIs<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        match ty {
            Type::Path(TypePath { qself, path, .. })
                if starts_with_self(qself.as_ref(), path) && path.segments.len() == 1 =>
            {
                *ty = self.0.clone();
            }
            Type::Path(TypePath { qself, path, .. }) => {
                self.qualify(qself, path);
                visit_mut::visit_type_mut(self, ty);
            }
            ty => visit_mut::visit_type_mut(self, ty),
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Path(path) = expr {
            self.qualify(&mut path.qself, &mut path.path);
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

fn starts_with_self(qself: Option<&QSelf>, path: &Path) -> bool {
    qself.is_none()
        && path.leading_colon.is_none()
        && path
            .segments
            .first()
            .is_some_and(|first| first.ident == "Self")
}
