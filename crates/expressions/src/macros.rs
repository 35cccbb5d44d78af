//! What macros are made into, and what of it their writer wrote.

use cel::common::ast::{
    CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue,
    operators::{ADD, CONDITIONAL, LOGICAL_AND, LOGICAL_OR},
};

/// The parts of a comprehension that its writer wrote, told by what each macro is made into.
pub(crate) struct Macro<'a> {
    /// What must be true or false of each member.
    pub(crate) condition: Option<&'a IdedExpr>,
    /// What is made of each member.
    pub(crate) each: Option<&'a IdedExpr>,
    /// Whether it gives a list; else true or false.
    pub(crate) gives_list: bool,
}

impl<'a> Macro<'a> {
    /// Returns the parts; `None` for a form that no known macro is made into.
    pub(crate) fn of(made: &'a ComprehensionExpr) -> Option<Self> {
        if made.iter_var2.is_some() {
            return None;
        }
        let step = call(&made.loop_step)?;
        match (&made.accu_init.expr, step.func_name.as_str(), step.args.as_slice()) {
            // `exists` and `all`: @result || condition, @result && condition.
            (Expr::Literal(LiteralValue::Boolean(_)), LOGICAL_OR | LOGICAL_AND, [_, condition])
            // `exists_one`: condition ? @result + 1 : @result.
            | (Expr::Literal(LiteralValue::Int(_)), CONDITIONAL, [condition, _, _]) => Some(Self {
                condition: Some(condition),
                each: None,
                gives_list: false,
            }),
            // `map`: @result + [each].
            (Expr::List(_), ADD, [_, each]) => Some(Self {
                condition: None,
                each: Some(single(each)?),
                gives_list: true,
            }),
            // `filter`, and `map` with a condition: condition ? @result + [each] : @result.
            (Expr::List(_), CONDITIONAL, [condition, sum, _]) => Some(Self {
                condition: Some(condition),
                each: Some(single(call(sum)?.args.get(1)?)?),
                gives_list: true,
            }),
            _ => None,
        }
    }
}

fn call(it: &IdedExpr) -> Option<&CallExpr> {
    if let Expr::Call(call) = &it.expr {
        Some(call)
    } else {
        None
    }
}

fn single(list: &IdedExpr) -> Option<&IdedExpr> {
    if let Expr::List(list) = &list.expr {
        list.elements.first()
    } else {
        None
    }
}
