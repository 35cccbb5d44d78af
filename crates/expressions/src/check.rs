//! Checks an expression against its subject: names, types, and which facts it reads.

use std::collections::BTreeSet;

use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr, ListExpr, LiteralValue, SourceInfo};
use model::Dataset;

use crate::{
    Mistake, SubjectKind, limits, macros::Macro, mistake::advice, needs::Needs, operators,
    types::Type,
};

/// What a checked expression reads.
pub(crate) struct Read {
    pub(crate) needs: Needs,
    pub(crate) datasets: BTreeSet<Dataset>,
}

/// Checks an expression.
///
/// # Errors
///
/// Returns what is wrong with it.
pub(crate) fn check(
    expression: &IdedExpr,
    source: &SourceInfo,
    kind: SubjectKind,
) -> Result<Read, Vec<Mistake>> {
    let mut checker = Checker {
        source,
        kind,
        scopes: vec![(
            kind.variable().to_owned(),
            Type::Object(kind.object(), Vec::new()),
        )],
        read: Read {
            needs: Needs::default(),
            datasets: BTreeSet::new(),
        },
        mistakes: Vec::new(),
        depth: 0,
        macros: 0,
    };
    if let Some(it) = checker.check(expression)
        && !matches!(it, Type::Bool)
    {
        let what = format!("the expression is {it}: it must be true or false");
        checker.mistake(expression, what);
    }
    if checker.mistakes.is_empty() {
        Ok(checker.read)
    } else {
        Err(checker.mistakes)
    }
}

/// Walks a syntax tree.
pub(crate) struct Checker<'a> {
    source: &'a SourceInfo,
    kind: SubjectKind,
    /// The names in scope, the innermost last.
    scopes: Vec<(String, Type)>,
    read: Read,
    mistakes: Vec<Mistake>,
    depth: usize,
    macros: usize,
}

impl Checker<'_> {
    /// Returns the type of an expression; `None` if it is wrong, which is told.
    pub(crate) fn check(&mut self, it: &IdedExpr) -> Option<Type> {
        if self.depth == limits::DEPTH {
            let what = format!(
                "the expression is nested more than {} deep: make several rules of it",
                limits::DEPTH
            );
            return self.mistake(it, what);
        }
        self.depth += 1;
        let found = self.check_shallow(it);
        self.depth -= 1;
        found
    }

    fn check_shallow(&mut self, it: &IdedExpr) -> Option<Type> {
        match &it.expr {
            Expr::Literal(literal) => self.literal(it, literal),
            Expr::Ident(name) => self.name(it, name),
            Expr::Select(select) if select.test => {
                let what = "`has()` cannot be used: a fact that was not seen gives no verdict, whatever the expression \
                            says of it";
                self.mistake(it, what)
            }
            Expr::Select(select) => {
                let of = self.check(&select.operand)?;
                self.field(it, &of, &select.field)
            }
            Expr::List(list) => self.list(it, list),
            Expr::Call(call) => operators::check(self, it, call),
            Expr::Comprehension(comprehension) => self.comprehension(it, comprehension),
            Expr::Map(_) | Expr::Struct(_) => {
                self.mistake(it, "maps and structures cannot be written here")
            }
            Expr::Unspecified => self.mistake(it, "this is no expression"),
        }
    }

    /// Says what is wrong at a place.
    pub(crate) fn mistake(&mut self, at: &IdedExpr, what: impl Into<String>) -> Option<Type> {
        let at = self.place(at.id);
        let mistake = Mistake::new(at, what);
        if !self.mistakes.contains(&mistake) {
            self.mistakes.push(mistake);
        }
        None
    }

    /// Returns a place, in bytes as the parser counts them.
    fn place(&self, id: u64) -> usize {
        let start = self.source.offset_for(id).map(|(start, _)| start);
        let start = start.and_then(|it| usize::try_from(it).ok());
        start.unwrap_or_default()
    }

    fn literal(&mut self, it: &IdedExpr, literal: &LiteralValue) -> Option<Type> {
        match literal {
            LiteralValue::Boolean(_) => Some(Type::Bool),
            LiteralValue::String(_) => Some(Type::Text),
            LiteralValue::Int(number) => Some(Type::Number(i128::from(*number.inner()).abs())),
            LiteralValue::UInt(_) | LiteralValue::Double(_) => {
                self.mistake(it, "numbers are whole and have no letter behind them: 90")
            }
            LiteralValue::Bytes(_) => {
                self.mistake(it, "bytes cannot be written here: write a text")
            }
            LiteralValue::Null => self.mistake(
                it,
                "there is no `null`: a fact is known, or the rule gives no verdict",
            ),
        }
    }

    fn name(&mut self, it: &IdedExpr, name: &str) -> Option<Type> {
        if let Some((_, found)) = self.scopes.iter().rev().find(|(known, _)| known == name) {
            return Some(found.clone());
        }
        let subject = self.kind.variable();
        let is_other = |it: SubjectKind| it.variable() == name;
        let advice = if SubjectKind::ALL.into_iter().any(is_other) {
            format!("the rule's subject is `{subject}`")
        } else if self.kind.object().field(name).is_some() {
            format!("did you mean `{subject}.{name}`?")
        } else {
            advice(name, self.scopes.iter().map(|(known, _)| known.as_str()))
        };
        self.mistake(it, format!("unknown name `{name}`: {advice}"))
    }

    fn field(&mut self, it: &IdedExpr, of: &Type, name: &str) -> Option<Type> {
        let Type::Object(object, path) = of else {
            let advice = if matches!(of, Type::List(_)) {
                ": ask its members, as in LIST.exists(it, it.NAME)"
            } else {
                ""
            };
            return self.mistake(it, format!("`{name}` is asked of {of}{advice}"));
        };
        let Some(field) = object.field(name) else {
            let known = object.fields.iter().map(|it| it.name);
            let what = format!("unknown field `{name}`: {}", advice(name, known));
            return self.mistake(it, what);
        };
        let mut path = path.clone();
        path.push(field.name);
        self.read.needs.add(&path);
        self.read.datasets.extend(field.dataset);
        Some(Type::of(field.kind, path))
    }

    fn list(&mut self, it: &IdedExpr, list: &ListExpr) -> Option<Type> {
        let types: Vec<_> = list.elements.iter().map(|it| self.check(it)).collect();
        let mut member = Type::Nothing;
        for found in types {
            let Some(both) = member.either(&found?) else {
                return self.mistake(it, "the members of a list must be of one type");
            };
            member = both;
        }
        Some(Type::List(Box::new(member)))
    }

    /// Checks what a macro was made into. The parts that the macro itself adds need no check.
    fn comprehension(&mut self, it: &IdedExpr, made: &ComprehensionExpr) -> Option<Type> {
        if self.macros == limits::MACROS {
            let what = format!(
                "`all`, `exists`, `filter` and `map` are nested more than {} deep: make several rules of it",
                limits::MACROS
            );
            return self.mistake(it, what);
        }
        let Some(parts) = Macro::of(made) else {
            return self.mistake(it, "this macro cannot be used here");
        };
        let range = self.check(&made.iter_range)?;
        let Type::List(member) = &range else {
            let what = format!(
                "`all`, `exists`, `filter` and `map` ask the members of a list, not {range}"
            );
            return self.mistake(&made.iter_range, what);
        };
        self.scopes
            .push((made.iter_var.clone(), (**member).clone()));
        self.macros += 1;
        let condition = parts.condition.map(|it| (it, self.check(it)));
        let each = parts.each.map(|it| self.check(it));
        self.macros -= 1;
        self.scopes.pop();
        if let Some((at, found)) = condition {
            let found = found?;
            if !matches!(found, Type::Bool) {
                return self.mistake(
                    at,
                    format!("what is asked of each member is {found}: it must be true or false"),
                );
            }
        }
        Some(match (parts.gives_list, each) {
            (false, _) => Type::Bool,
            (true, None) => range.clone(),
            (true, Some(each)) => Type::List(Box::new(each?)),
        })
    }
}
