//! An expression that was checked, and what it comes to.

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

use cel::{Context, Env, ParseErrors, Program, Value};
use model::{Dataset, GapId};

use crate::{
    Facts, Given, Mistake, Step, Subject, SubjectKind,
    check::{self, Read},
    limits, read,
};

/// An expression that was checked.
#[derive(Debug)]
pub struct Expression {
    text: String,
    program: Program,
    kind: SubjectKind,
    needs: crate::needs::Needs,
    datasets: BTreeSet<Dataset>,
}

/// The functions of the language, made once.
static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

impl Expression {
    /// Reads an expression about a kind of subject.
    ///
    /// # Errors
    ///
    /// Returns every mistake that was found, in the order of the text.
    pub fn read(text: &str, kind: SubjectKind) -> Result<Self, Vec<Mistake>> {
        if let Some(mistake) = limits::exceeded(text) {
            return Err(vec![mistake]);
        }
        let (program, read) = on_a_large_stack(|| compile(text, kind))?;
        let Read { needs, datasets } = read;
        Ok(Self {
            // Of several lines, one.
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
            program,
            kind,
            needs,
            datasets,
        })
    }

    /// Returns the text, on one line.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the datasets of the facts it reads.
    pub const fn datasets(&self) -> &BTreeSet<Dataset> {
        &self.datasets
    }

    /// Tells whether it holds of a subject. What was read is added to `steps`.
    ///
    /// # Errors
    ///
    /// Returns the gap if any fact it names was not seen, whatever operator it stands behind.
    pub fn holds(
        &self,
        subject: Subject<'_>,
        facts: &Facts<'_>,
        steps: &mut Vec<Step>,
    ) -> Result<bool, GapId> {
        let value = read::read(subject, facts, &self.needs, self.kind, steps)?;
        self.compute(value)
            .ok_or_else(|| GapId::uncomputed(self.kind.dataset()))
    }

    /// Tells whether it holds of an example's subject; `None` if the example leaves out a fact that it names.
    pub fn holds_of(&self, given: &Given) -> Option<bool> {
        self.compute(given.value(self.kind.object(), &self.needs)?)
    }

    /// Nothing that passed the check fails; if it did all the same, there would be no verdict.
    fn compute(&self, subject: Value) -> Option<bool> {
        let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
        context.add_variable_from_value(self.kind.variable(), subject);
        match self.program.execute(&context) {
            Ok(Value::Bool(holds)) => Some(holds),
            Ok(_) | Err(_) => None,
        }
    }
}

/// How much stack the parser may use. It takes up to a third of a megabyte for each bracket, where nothing is optimized.
const STACK: usize = 64 << 20;

/// Runs the parser where it has room. If it panicked, which it is not known to do, that would be a mistake like others.
fn on_a_large_stack<T: Send>(
    work: impl FnOnce() -> Result<T, Vec<Mistake>> + Send,
) -> Result<T, Vec<Mistake>> {
    let beyond = || vec![Mistake::new(0, "not understood: write it more simply")];
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, work);
        let thread = thread.map_err(|error| vec![Mistake::new(0, error.to_string())])?;
        thread.join().unwrap_or_else(|_| Err(beyond()))
    })
}

fn compile(text: &str, kind: SubjectKind) -> Result<(Program, Read), Vec<Mistake>> {
    let program = Program::compile(text).map_err(|errors| unparsed(text, &errors))?;
    let checked = check::check(program.expression(), program.source_info(), kind);
    let read = checked.map_err(|mut mistakes| {
        mistakes.sort_by_key(|it| it.at);
        mistakes
    })?;
    Ok((program, read))
}

/// Tells whether a text is a regular expression, by the library that will use it.
pub(crate) fn is_pattern(pattern: &str) -> bool {
    let Ok(program) = Program::compile("''.matches(pattern)") else {
        return false;
    };
    let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
    context.add_variable_from_value("pattern", pattern.to_owned());
    program.execute(&context).is_ok()
}

/// Returns what the parser could not read.
fn unparsed(text: &str, errors: &ParseErrors) -> Vec<Mistake> {
    let mistakes = errors.errors.iter().map(|error| {
        let (line, column) = error.pos;
        let said = error.msg.trim_start_matches("Syntax error: ");
        Mistake::new(place(text, line, column), format!("not understood: {said}"))
    });
    let mut mistakes: Vec<_> = mistakes.collect();
    mistakes.sort_by_key(|it| it.at);
    // What follows the first is a consequence of it, as often as not.
    mistakes.truncate(1);
    mistakes
}

/// Returns the place of a line and a column, both from 1, in bytes.
fn place(text: &str, line: isize, column: isize) -> usize {
    let back = |it: isize| usize::try_from(it - 1).unwrap_or_default();
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let before: usize = lines.iter().take(back(line)).map(|it| it.len()).sum();
    let within = lines.get(back(line)).copied().unwrap_or_default();
    let at = within.char_indices().nth(back(column));
    before + at.map_or(within.len(), |(at, _)| at)
}
